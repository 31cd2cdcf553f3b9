"""Pictures and words -> unit vectors in one space."""

from search.encoder.base import Encoder, unit
from search.encoder.cache import EmbeddingCache
from search.encoder.loading import encoder, load_encoder

__all__ = ["EmbeddingCache", "Encoder", "encoder", "load_encoder", "unit"]
