"""Vectors by row, nearest first: the Index protocol, FAISS, and the registry that others are added to."""

from search.index.base import Index
from search.index.faiss_flat import FaissIndex
from search.index.registry import DEFAULT, INDEXES, index, index_class

__all__ = ["DEFAULT", "INDEXES", "FaissIndex", "Index", "index", "index_class"]
