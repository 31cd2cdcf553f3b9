"""Where and why: contributions per place, per word, per part, and the sentence."""

from search.explain.hit import explain_hit
from search.explain.places import Places, places

__all__ = ["Places", "explain_hit", "places"]
