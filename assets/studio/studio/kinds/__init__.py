"""Every kind of product. A module of this folder registers its kinds when imported."""

from importlib import import_module
from pkgutil import iter_modules

from ..kind import KINDS

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["KINDS"]
