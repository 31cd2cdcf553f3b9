"""Pictures and words -> unit vectors in one space."""

from search.encoder.base import Encoder
from search.encoder.cache import EmbeddingCache
from search.encoder.loading import load_encoder

__all__ = ["EmbeddingCache", "Encoder", "load_encoder"]
