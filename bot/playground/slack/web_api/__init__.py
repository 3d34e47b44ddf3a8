"""The Web API: one module per family of methods, one table, one way in."""
