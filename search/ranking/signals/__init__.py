"""Signals, one file each. The three parts of the query vector come first, in the order in which a score is added up and
shown; every other file of this folder follows by name and registers itself when it is imported."""

import pkgutil
from importlib import import_module

from search.ranking.registry import QUERY_SIGNALS

for _name in (*QUERY_SIGNALS, *sorted(module.name for module in pkgutil.iter_modules(__path__))):
    import_module(f"{__name__}.{_name}")
