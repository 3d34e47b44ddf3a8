"""One running process: composed, watched, logged."""
