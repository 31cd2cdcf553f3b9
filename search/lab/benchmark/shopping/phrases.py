"""How people type: templates in two languages, singular and plural, upper and lower case, slips of the finger."""

from __future__ import annotations

from random import Random

from search.lab.train.captions import plural
from search.lexicon.tokens import listed

#: By form of query, the first as people type most of the time. {kind} is drawn as singular or plural, {one} is singular.
ENGLISH = {
    "kind": ("{kind}", "{kind}", "a {one}", "looking for {kind}", "show me {kind}", "I need a {one}", "do you have {kind}?"),
    "brand": ("{brand}", "{brand}", "anything by {brand}", "{brand} products", "something from {brand}"),
    "brand_kind": ("{brand} {kind}", "{brand} {kind}", "{kind} by {brand}", "{kind} {brand}", "a {one} from {brand}"),
    "colour_kind": (
        "{colour} {kind}", "{colour} {kind}", "{kind} in {colour}", "{kind} {colour}", "a {colour} {one}",
        "show me {kind} in {colour}",
    ),
    "colour_brand_kind": (
        "{colour} {brand} {kind}", "{brand} {colour} {kind}", "{brand} {kind} in {colour}", "{colour} {kind} by {brand}",
        "{kind} {brand} {colour}",
    ),
    "negation": (
        "{kind} without {what}", "{kind} not {what}", "{kind} but not {what}", "{kind}, no {what}", "{kind} except {what}",
    ),
    "negation_only": ("not {what}", "no {what}", "without {what}", "nothing {what}"),
    "price": ("{kind} under {high}", "{kind} below {high}", "{kind} up to {high}", "{kind} for less than {high}"),
    "price_range": ("{kind} between {low} and {high}", "{kind} from {low} to {high}", "{kind} {low}-{high}"),
    "audience": ("{kind} for {people}", "{people} {kind}", "{of_people} {kind}", "{kind} {people}"),
    "photo_colour": ("in {colour}", "in {colour}", "{colour}", "the same in {colour}", "but {colour}"),
}  # fmt: skip
CHINESE = {
    "kind_zh": ("{kind}", "{kind}", "我想买{kind}", "有没有{kind}", "找{kind}"),
    "colour_kind_zh": ("{colour}{kind}", "{colour}{kind}", "{colour}的{kind}", "{kind} {colour}", "我想要{colour}的{kind}"),
    "price_zh": ("{high}以下的{kind}", "{kind} {high}以内", "不超过{high}的{kind}"),
    "negation_zh": ("{kind}不要{colour}", "不要{colour}的{kind}", "{kind} 除了{colour}"),
}  # fmt: skip
#: Pairs are plural in English; the last word of a kind decides.
_PAIRS = frozenset(
    listed(
        "bottoms boxers briefs capris clothes flats glasses headphones jeans jeggings leggings pants pyjamas shorts "
        "stockings sunglasses tights track trousers"
    )
)
#: -ie words, whose plural does not come from -y.
_IE = frozenset(listed("beanies hoodies ties undies cookies"))
#: A key of an English keyboard, and those beside it.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, key in enumerate(row)}


def singular(kind: str) -> str:
    """The singular of an English plural by its last word; pairs ("trousers") and words without -s stay."""
    *before, last = kind.split() or [""]
    if last in _PAIRS or not last.endswith("s") or last.endswith(("ss", "us")):
        return kind
    if last.endswith("ves"):
        last = last[:-3] + "f"
    elif last.endswith("ies") and last not in _IE:
        last = last[:-3] + "y"
    elif last.endswith(("ches", "shes", "sses", "xes")):
        last = last[:-2]
    else:
        last = last[:-1]
    return " ".join([*before, last])


def phrase(templates: tuple[str, ...], rng: Random, *, kind: str = "", **said: str) -> str:
    """One of the templates with words for kind, colour, brand; in a third of the cases in another case of letters."""
    one = singular(kind)
    many = kind if one != kind or not kind.isascii() else plural(kind)
    text = rng.choice(templates).format(kind=rng.choice((many, many, one)) if kind else "", one=one, **said)
    style = rng.random()
    if style < 0.08:
        return text.upper()
    return text.title() if style < 0.2 else text[:1].upper() + text[1:] if style < 0.33 else text


def mistyped(word: str, rng: Random) -> str:
    """`word` with one slip of the finger after its first letter: a letter left out, doubled, replaced, or two exchanged."""
    places = [at for at in range(1, len(word)) if word[at].isascii() and word[at].isalpha()]
    if not places:
        return word
    at = rng.choice(places)
    here, key = word[at], word[at].lower()
    slip = rng.choice(("swap", "drop", "double", "replace", "neighbour"))
    if slip == "swap" and at + 1 < len(word) and word[at + 1].isalpha():
        return word[:at] + word[at + 1] + here + word[at + 2 :]
    if slip == "drop":
        return word[:at] + word[at + 1 :]
    if slip == "double":
        return word[:at] + here + word[at:]
    other = rng.choice(_BESIDE.get(key) or "e") if slip == "neighbour" else rng.choice("abcdefghijklmnopqrstuvwxyz")
    return word[:at] + other + word[at + 1 :]
