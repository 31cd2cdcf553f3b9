"""A probability in a word."""

#: Probabilities from which a hit is in a band. `python -m search evaluate --task shopper` measures what share of the hits
#: called very close, or exact, are everything that was asked for.
#: Weak is what probably is not it: what is right with one in three is worth a look, and of things that no catalog with
#: titles has none came so far.
VERY_CLOSE = 0.8
RELATED = 0.35


def band(probability: float) -> str:
    """very_close, related or weak."""
    return "very_close" if probability >= VERY_CLOSE else "related" if probability >= RELATED else "weak"
