"""Vectors by row, nearest first: the Index protocol, FAISS, and the registry that others are added to.

Every file of this folder is imported, so an index that stands in one is there by its name.
"""

import pkgutil
from importlib import import_module

from search.index.base import Index
from search.index.faiss_flat import FaissIndex
from search.index.registry import DEFAULT, INDEXES, index, index_class

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["DEFAULT", "INDEXES", "FaissIndex", "Index", "index", "index_class"]
