"""A probability in a word."""

#: Probabilities from which a hit is in a band. `python -m search evaluate --task bands` measures what
#: share of the hits in each band are of the right kind. Weak is what probably is not it: what is right with one
#: in three is worth a look, and of things that no catalog has none came so far (search.lab.benchmark.evidence).
VERY_CLOSE = 0.8
RELATED = 0.35


def band(probability: float) -> str:
    """very_close, related or weak."""
    return "very_close" if probability >= VERY_CLOSE else "related" if probability >= RELATED else "weak"
