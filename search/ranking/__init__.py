"""An ordered pipeline of signals over what an index found; a score is their sum and can be taken apart."""

from search.ranking import signals
from search.ranking.candidates import candidates
from search.ranking.context import Context
from search.ranking.counterfactual import Counterfactual
from search.ranking.pipeline import best_likeness, rank
from search.ranking.registry import SIGNALS, Signal, signal

__all__ = ["SIGNALS", "Context", "Counterfactual", "Signal", "best_likeness", "candidates", "rank", "signal", "signals"]
