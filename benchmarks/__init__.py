"""Figures next to their references, measured in one run: `python -m benchmarks`."""
