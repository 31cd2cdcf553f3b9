"""Concepts with their words in English and Chinese."""

from search.lexicon.table import Concept, Lexicon, Match, above, below, lexicon

__all__ = ["Concept", "Lexicon", "Match", "above", "below", "lexicon"]
