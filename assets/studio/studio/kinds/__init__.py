"""Every kind of product. A module registers its kinds when imported; add new modules here."""

from ..kind import KINDS
from . import accessories, garments, objects, seating, vessels

__all__ = ["KINDS", "accessories", "garments", "objects", "seating", "vessels"]
