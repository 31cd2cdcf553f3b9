"""Speed: python -m search bench. `timing` says how, `searching`, `index` and `start` what, `run` is the command."""

from search.lab.bench.run import main

__all__ = ["main"]
