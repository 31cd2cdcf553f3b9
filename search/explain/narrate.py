"""One sentence on why a hit stands where it stands: what it is of all that was asked, and what makes up the match.

A sentence is kept as facts, a key and its values each, so that another language says the same with templates of its
own. Values are shares of the match (float: 0.13 is 13 %), counts (int), pairs of an aspect's name and a value, or, of a
sentence's beginning, further facts (search.explain.verdicts).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.explain.schema import Fact, Heatmap
from search.explain.shares import in_percent, percent
from search.explain.verdicts import head
from search.lexicon import lexicon
from search.lexicon.nouns import is_plural, plural, singular, with_article
from search.lexicon.table import language
from search.query.vocabulary import SCHEMES
from search.schema import Hit

#: Parts of the score that a photo, and that words account for; those of words that the catalog's data decides.
PHOTO_PARTS = ("photo", "photo_kind")
DATA_PARTS = ("keywords", "aspects", "named")
WORDS_PARTS = ("text", *DATA_PARTS)
#: A share of the match below this is not worth saying.
WORTH_SAYING = 0.05
#: The part of the places that counts as the strongest.
STRONGEST = 0.2
#: The share of a number that the places must account for before one of them is named.
PLACED = 0.25

#: English; every other language has the same keys and placeholders.
TEMPLATES: Mapping[str, str] = {
    "sentence": "{head}; {tail}.",
    "alone": "{said}.",
    "one": "It is {said}",
    "several": "They are {said}",
    "met_but": "{met}, but {missed}",
    "and": " ",
    "and_not": ", ",
    "all": "It has all {count} things you asked for",
    "many": "It has {met} of the {count} things you asked for",
    "many_but": "It has {met} of the {count} things you asked for, but is {missed}",
    "unknown": "Nobody says whether it is what you asked for: {asked}",
    "thing": "{thing}",
    "thing_photo": "{thing} too",
    "seen": "{clause} by its picture",
    "is_not": "{found}, not {asked}",
    "is_nearly": "{found}, close to {asked}",
    "is_no": "not {asked}",
    "by": "by {asked}",
    "by_not": "by {found}, not {asked}",
    "by_no": "not by {asked}",
    "for": "for {asked}",
    "for_not": "for {found}, not for {asked}",
    "for_no": "not for {asked}",
    "size": "in size {asked}",
    "size_not": "in size {found}, not {asked}",
    "size_no": "not in size {asked}",
    "says": "with “{asked}” in its text",
    "says_not": "without all of “{asked}” in its text",
    "with": "with {asked}",
    "with_not": "with {found}, not {asked}",
    "with_no": "not with {asked}",
    "without": "without {asked}",
    "has": "with {asked}",
    "tail_and": ", and ",
    "nothing": "nothing in the query speaks for it, it is only the best of what is left",
    "photo_then_words": "{source} makes up {photo} of the match, your words {text}",
    "words_then_photo": "your words make up {text} of the match, {source} {photo}",
    "photo_not_words": "{source} makes the match, your words take away {text}",
    "words_not_photo": "your words make the match, {source} takes away {photo}",
    "data_then_looks": "what the catalog says makes up {data} of the match, its picture {looks}",
    "looks_then_data": "its picture makes up {looks} of the match, what the catalog says {data}",
    "kind_then_likeness": "being of the same kind makes up {kind} of the match, looking like {source} {likeness}",
    "likeness_then_kind": "looking like {source} makes up {likeness} of the match, being of the same kind {kind}",
    "photo_only": "it looks like {source}",
    "words_only": "its picture fits your words",
    "named": "you asked for it by its name",
    "excluded": "what you excluded takes away {share}",
    "join": ", ",
    "source_photo": "your photo",
    "source_like": "the product you chose",
    "place_top_left": "at the top left",
    "place_top": "at the top",
    "place_top_right": "at the top right",
    "place_left": "on the left",
    "place_middle": "in the middle",
    "place_right": "on the right",
    "place_bottom_left": "at the bottom left",
    "place_bottom": "at the bottom",
    "place_bottom_right": "at the bottom right",
}


def facts(hit: Hit, match: float, *, like: bool = False) -> list[Fact]:
    """What there is to say: what the product says to each thing that was asked for, then what makes up the match.

    Args:
        match: what speaks for the hit, in points of the score (search.explain.shares).
        like: whether a product of the catalog stands in for the photo.
    """
    said = head(hit.verdicts.values())
    if hit.score <= 0 or match <= 0:
        met = any(verdict.state == "met" for verdict in hit.verdicts.values())
        return said if met else [*said, ("nothing", {})]
    source = {"source": "like" if like else "photo"}
    said += [(key, values | source) for key, values in _makes_up(hit, match, alone=not said)]
    lost = -hit.parts.get("exclude", 0.0) / match
    return [*said, ("excluded", {"share": lost})] if lost > WORTH_SAYING else said


def _makes_up(hit: Hit, match: float, *, alone: bool) -> list[tuple[str, dict[str, Any]]]:
    """What the match is made of. Of one thing only, it is said where nothing else is (`alone`)."""

    def points(names: Sequence[str]) -> float:
        return sum(hit.parts.get(name, 0.0) for name in names)

    photo, text = points(PHOTO_PARTS), points(WORDS_PARTS)
    if photo and text:
        first, second = ("photo", "words") if photo >= text else ("words", "photo")
        key = f"{first}_{'then' if min(photo, text) >= 0 else 'not'}_{second}"
        shares = _shares({"photo": photo, "text": text}, match)
        return [(key, {name: abs(share) for name, share in shares.items()})]
    if hit.parts.get("named", 0.0) > 0:
        return [("named", {})]
    data, kind = points(DATA_PARTS), points(("photo_kind",))
    if text and min(data, text - data) > 0:
        key = "data_then_looks" if 2 * data >= text else "looks_then_data"
        return [(key, _shares({"data": data, "looks": text - data}, match))]
    if photo and min(kind, photo - kind) > 0:
        key = "kind_then_likeness" if 2 * kind >= photo else "likeness_then_kind"
        return [(key, _shares({"kind": kind, "likeness": photo - kind}, match))]
    return [("photo_only" if photo else "words_only", {})] if alone else []


def _shares(points: Mapping[str, float], match: float) -> dict[str, float]:
    return {name: share / 100 for name, share in in_percent(points, match).items()}


def named(field: str, value: str) -> str:
    """A catalog's or a query's value inside an English sentence: a kind has an article, names keep their capitals."""
    if field in ("brand", "words", "size"):
        return value
    value = in_english(field, value)
    if field == "audience":
        return value.removeprefix("for ").removesuffix("'s").removesuffix("'")
    if field in ("season", "usage", "room"):
        return value.lower().removeprefix("for ")
    return with_article(value) if field == "kind" else value.lower()


def in_english(field: str, value: str) -> str:
    """The English word for a Chinese value of an aspect; what the lexicon does not know stays as it is."""
    if language(value) == "en":
        return value
    schemes: list[str | None] = [scheme for scheme, name in SCHEMES.items() if name == field] or [None]
    found = next((concepts for scheme in schemes if (concepts := lexicon().find(value, scheme))), ())
    # Families come first: of those that prefer the word, the narrowest says most.
    named = [concept for concept in found if concept.label("zh") == value] or list(found[:1])
    return named[-1].label("en") if named else value


def noun(values: Sequence[tuple[str, str]]) -> str:
    """What a product is, in English, the kind last: "a red striped scarf", "red sneakers", "red"."""
    kinds = [singular(in_english(field, value)) for field, value in values if field == "kind"]
    adjectives = [in_english(field, value).lower() for field, value in values if field != "kind"]
    phrase = " ".join([*adjectives, " and ".join(kinds)]).strip()
    if not kinds or is_plural(kinds[-1]) or plural(kinds[-1]) == kinds[-1]:
        return phrase
    return f"{'an' if phrase[:1] in 'aeiou' else 'a'} {phrase}"


@dataclass(frozen=True)
class Teller:
    """How facts are told in a language.

    `template` gives its template by key, `value` its word for a value of an aspect, and `thing` what a product is, of
    several values.
    """

    template: Callable[[str], str] = TEMPLATES.__getitem__
    value: Callable[[str, str], str] = named
    thing: Callable[[Sequence[tuple[str, str]]], str] = noun

    def sentence(self, said: Sequence[Fact]) -> str:
        """Facts as one sentence."""
        heads = [self._head(*fact) for fact in said if fact[0] in _HEADS]
        tails = [self._clause(key, values) for key, values in said if key not in _HEADS]
        tail = self.template("tail_and").join(tails)
        if heads and tail:
            return self.template("sentence").format(head=heads[0], tail=tail)
        whole = heads[0] if heads else tail
        return self.template("alone").format(said=whole[:1].upper() + whole[1:])

    def _head(self, key: str, values: Mapping[str, Any]) -> str:
        if key != "head":
            return self._clause(key, values)
        met, missed = self._clauses(values["met"]), self._clauses(values["missed"], "and_not")
        both = self.template("met_but").format(met=met, missed=missed) if met and missed else met or missed
        kinds = [self.value(*pair) for fact in values["met"] + values["missed"] for pair in _is(fact[1])]
        lead = "several" if kinds and is_plural(singular(kinds[0])) else "one"
        return self.template(lead).format(said=both)

    def _clauses(self, said: Sequence[Fact], joined: str = "and") -> str:
        return self.template(joined).join(self._clause(*fact) for fact in said)

    def _clause(self, key: str, values: Mapping[str, Any]) -> str:
        kept, photo = key.removesuffix("_photo"), key.endswith("_photo")
        plain = kept.removesuffix("_seen")
        template = self.template(f"{plain}_photo" if photo else plain)
        clause = template.format(**{name: self._text(name, value) for name, value in values.items()})
        return self.template("seen").format(clause=clause) if kept != plain else clause

    def _text(self, name: str, content: Any) -> str:
        if isinstance(content, float):
            return percent(round(100 * content))
        if name == "thing":
            return self.thing(content)
        if name == "source":
            return self.template(f"source_{content}")
        if name == "missed":
            return self._clauses(content, "and_not")
        if isinstance(content, list):
            return self.template("join").join(self.value(*pair) for pair in content)
        return str(content)


#: Facts with which a sentence begins.
_HEADS = ("head", "all", "many", "many_but", "unknown")


def _is(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The kinds that a clause says a product is."""
    return [pair for pair in values.get("thing", values.get("found", ())) if pair[0] == "kind"]


def location(heat: Heatmap) -> str | None:
    """The part of the picture in which the strongest places lie; None where they lie apart, and where nearly all of the
    number comes from no place.

    Rows and columns in thirds: "top_left", "middle", ...
    """
    h, w = heat.grid.shape
    if heat.placed < PLACED:
        return None
    flat = heat.grid.ravel()
    strongest = flat.argsort()[-max(round(STRONGEST * flat.size), 1) :]
    if flat[strongest[-1]] <= 0:
        return None
    weight = np.maximum(flat[strongest], 0)
    left, top, right, bottom = heat.window
    x = left + (strongest % w + 0.5) / w * (right - left)
    y = top + (strongest // w + 0.5) / h * (bottom - top)
    middle = np.array([np.average(x, weights=weight), np.average(y, weights=weight)])
    spread = np.sqrt(np.average((x - middle[0]) ** 2 + (y - middle[1]) ** 2, weights=weight))
    # Evenly spread over the whole picture the distance is 0.41; half of that is one part of it.
    if spread > 0.3:
        return None
    row = "top" if middle[1] < 1 / 3 else "bottom" if middle[1] > 2 / 3 else ""
    column = "left" if middle[0] < 1 / 3 else "right" if middle[0] > 2 / 3 else ""
    return "_".join(part for part in (row, column) if part) or "middle"
