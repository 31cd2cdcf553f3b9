"""A probability in a word."""

#: Probabilities from which a hit is in a band. `python -m search evaluate --task bands` measures what
#: share of the hits in each band are of the right kind.
VERY_CLOSE = 0.8
RELATED = 0.5


def band(probability: float) -> str:
    """very_close, related or weak."""
    return "very_close" if probability >= VERY_CLOSE else "related" if probability >= RELATED else "weak"
