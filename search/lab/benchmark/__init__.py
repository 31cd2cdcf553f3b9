"""The standing figures: `tasks` says what is asked and how it is judged, `run` is the command."""

from search.lab.benchmark.run import main

__all__ = ["main"]
