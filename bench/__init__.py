"""What is measured, each by a module that can be run: `python -m bench.NAME`. Results are kept in `results/`."""
