"""Where and why: contributions per place, per word, per part, attributes as words, and the sentence."""

from search.explain.explainer import Explainer
from search.explain.patches import PatchAttribution, patch_attribution
from search.explain.request import ExplanationRequest, Neighbour

__all__ = ["Explainer", "ExplanationRequest", "Neighbour", "PatchAttribution", "patch_attribution"]
