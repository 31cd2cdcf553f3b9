"""An ordered pipeline of signals over what an index found; a score is their sum and can be taken apart."""

from search.ranking import signals
from search.ranking.assess import Assessor
from search.ranking.candidates import candidates
from search.ranking.context import Context
from search.ranking.counterfactual import Counterfactual
from search.ranking.groups import Grouping
from search.ranking.pipeline import rank
from search.ranking.registry import SIGNALS, Signal, signal
from search.ranking.verdicts import Judge

__all__ = [
    "SIGNALS",
    "Assessor",
    "Context",
    "Counterfactual",
    "Grouping",
    "Judge",
    "Signal",
    "candidates",
    "rank",
    "signal",
    "signals",
]
