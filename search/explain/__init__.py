"""Where and why: contributions per place, per word, per part, attributes as words, and the sentence."""

from search.explain.hit import Explainer, Neighbour, Question
from search.explain.places import METHODS, Places, heatmap, places

__all__ = ["METHODS", "Explainer", "Neighbour", "Places", "Question", "heatmap", "places"]
