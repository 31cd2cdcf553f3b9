"""Where and why: contributions per place, per word, per part, attributes as words, and the sentence."""

from search.explain.hit import Explainer, Neighbour, Question
from search.explain.places import Places, places

__all__ = ["Explainer", "Neighbour", "Places", "Question", "places"]
