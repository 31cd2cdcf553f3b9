"""English nouns as a page writes them: their plural, their singular, an article before them.

Rules of spelling and what the lexicon prefers ("trousers" has no singular there); no list of all nouns.
"""

from __future__ import annotations

import re
from functools import cache

from search.lexicon.table import fold, language, lexicon
from search.lexicon.tokens import listed

#: Words for a kind of goods as a whole, which have no plural; so have words that end like _MASS_ENDINGS.
_MASS = frozenset(
    listed(
        "luggage jewellery jewelry furniture clothing lighting seating bedding cutlery stationery equipment decor "
        "audio hosiery lingerie makeup perfume fitness photography food bread rice milk paper music underwear hair "
        "tea coffee water juice beer wine cheese butter meat beef pork fish fruit honey sugar salt flour pasta oil "
        "skincare haircare merchandise bakery dairy produce art wool yarn fabric leather crockery drapery apparel "
        "software hardware chess golf yoga camping travel baggage shampoo sunscreen toothpaste soap tape string"
    )
)
_MASS_ENDINGS = ("wear", "ware")
#: Words that end in "s" and are one thing all the same; so are those that end like _ONE_ENDINGS.
_ONE = frozenset(listed("lens canvas gas atlas christmas"))
_ONE_ENDINGS = ("ss", "us", "is")
#: (ending, its plural), the first that fits.
_ENDINGS = (
    (r"(?<=[lr])f$|(?<=ea)f$", "ves"), (r"(?<=[lnw]i)fe$", "ves"), (r"(?<=[^aeiou])y$", "ies"),
    (r"(s|x|z|ch|sh)$", r"\1es"), (r"$", "s"),
)  # fmt: skip


def is_plural(noun: str) -> bool:
    """Whether its last word is a plural already, by its ending: "trousers", "pool slides", "glasses"."""
    last = fold(noun).rpartition(" ")[2]
    return last.endswith("s") and not last.endswith(_ONE_ENDINGS) and last not in _ONE


def plural(noun: str) -> str:
    """ "mug" -> "mugs", "trousers" -> "trousers", "knitwear" -> "knitwear", "bag for my laptop" -> "bags for my laptop"; what
    is not English stays as it is."""
    if not noun or language(noun) == "zh":
        return noun
    head, joint, purpose = noun.partition(" for ")
    if joint:
        return f"{plural(head)}{joint}{purpose}"
    if is_plural(noun):
        return noun
    last = noun.split()[-1].casefold()
    if last in _MASS or last.endswith(_MASS_ENDINGS):
        return noun
    for ending, instead in _ENDINGS:
        changed, count = re.subn(ending, instead, noun, count=1)
        if count:
            return changed
    return noun


def singular(noun: str) -> str:
    """ "mugs" -> "mug", "T-shirts" -> "t-shirt", where the lexicon has the singular; else the noun, folded."""
    folded, labels = fold(noun), _labels()
    if folded in labels:
        return labels[folded]
    for ending, instead in (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", "")):
        shorter = folded.removesuffix(ending) + instead
        if folded.endswith(ending) and shorter in labels:
            return labels[shorter]
    return folded


def with_article(noun: str) -> str:
    """ "a mug", "an armchair"; "trousers" and "knitwear" have none."""
    one = singular(noun)
    if is_plural(one) or plural(one) == one:
        return one
    return f"{'an' if one[:1] in 'aeiou' else 'a'} {one}"


@cache
def _labels() -> dict[str, str]:
    """Every English label of a kind or department as it is spelled, by the label folded; of spellings the first."""
    concepts = (*lexicon().scheme("kinds"), *lexicon().scheme("departments"))
    spelled = [label.lower() for concept in concepts for label in concept.labels("en")]
    return {fold(label): label for label in reversed(spelled)}
