"""Pictures and words -> unit vectors in one space.

Every file of this folder is imported, so a loader that stands in one is there by its prefix.
"""

import pkgutil
from importlib import import_module

from search.encoder.base import Encoder, unit
from search.encoder.cache import EmbeddingCache
from search.encoder.loading import encoder, load_encoder

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["EmbeddingCache", "Encoder", "encoder", "load_encoder", "unit"]
