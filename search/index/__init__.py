"""Vectors by row, nearest first: the Index protocol and FAISS."""

from search.index.base import Index
from search.index.faiss_flat import FaissIndex

__all__ = ["FaissIndex", "Index"]
