"""Two or three short sentences, the verdict first. Every figure and every word in them was measured.

A sentence is kept as facts, a key and its values each, so that another language says the same with templates of its
own. Values are points of the score (float; `certainty`: a probability), words of the query or names of the page (str),
(field, value) pairs of the catalog, or, of "verdicts", further facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from search.explain.schema import AttributeComparison, AttributionView, Fact, Heatmap, TokenAttribution, ViewKey
from search.explain.verdicts import clauses
from search.lexicon.nouns import with_article
from search.schema import Hit

#: Parts of the score that a photo, and that words account for.
PHOTO_PARTS = ("photo", "photo_kind")
WORDS_PARTS = ("text", "keywords", "aspects", "named")
#: A share of the score below this is not worth saying.
WORTH_SAYING = 0.05
#: The part of the places that counts as the strongest.
STRONGEST = 0.2
#: The share of a number that the places must account for before one of them is named.
PLACED = 0.25

#: English; every other language has the same keys and placeholders.
TEMPLATES: Mapping[str, str] = {
    "verdicts": "{clauses}.",
    "verdict_join": "; ",
    "verdict_seen": "{clause}, as the picture looks",
    "verdict_is": "it is {asked}",
    "verdict_is_nearly": "it is {found}, close to {asked}",
    "verdict_is_not": "it is {found}, not {asked}",
    "verdict_by": "it is by {asked}",
    "verdict_by_not": "it is by {found}, not {asked}",
    "verdict_for": "it is for {asked}",
    "verdict_for_not": "it is for {found}, not for {asked}",
    "verdict_says": "it says “{asked}”",
    "verdict_says_not": "it does not say all of “{asked}”",
    "verdict_other": "{asked}: yes",
    "verdict_other_not": "{asked}: no, {found}",
    "verdict_no": "{asked}: no",
    "verdict_without": "it has no {asked}",
    "verdict_has": "it has {asked}",
    "verdict_unknown": "{asked}: not known",
    "nothing": "Nothing in the query speaks for this product; it is only the best of what is left.",
    "photo_then_words": "Mostly your photo ({photo} of {score}); your words add {text}.",
    "photo_not_words": "Your photo alone ({photo} of {score}); your words take away {text}.",
    "words_then_photo": "Mostly your words ({text} of {score}); your photo adds {photo}.",
    "words_not_photo": "Your words alone ({text} of {score}); your photo takes away {photo}.",
    "photo_only": "It matches your photo.",
    "words_only": "It matches your words.",
    "shared": "Both are {values}.",
    "shared_sure": "Both are {values} (read from your photo, at least {certainty} sure).",
    "differs": "Your photo looks more like {seen} ({certainty}) than {value}.",
    "unsure": "What the photo shows is not certain: perhaps {values}.",
    "word": "“{word}” counts most ({share}).",
    "word_place": "“{word}” counts most ({share}), {place} of the product's picture.",
    "excluded": "It loses {share} for what you excluded.",
    "guess": "{value} at {certainty}",
    "join": ", ",
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


def facts(
    hit: Hit,
    words: Sequence[TokenAttribution],
    compared: Sequence[AttributeComparison],
    views: Mapping[ViewKey, AttributionView],
) -> list[Fact]:
    """What there is to say: what the product says to each thing that was asked for, the parts, the attributes, and
    whichever is larger, the strongest word or what the exclusions cost."""
    said: list[Fact] = [("verdicts", {"clauses": clauses(hit.verdicts.values())})] if hit.verdicts else []
    if hit.score <= 0:
        return [*said, ("nothing", {})]
    said += _balance(hit)
    said += _attributes(compared)
    return said + _strongest(hit, words, views)


def _balance(hit: Hit) -> list[Fact]:
    """What photo and words each add; of one alone only where no verdict says more."""
    photo, text = (sum(hit.parts.get(name, 0.0) for name in names) for names in (PHOTO_PARTS, WORDS_PARTS))
    if photo and text:
        first, second = ("photo", "words") if photo >= text else ("words", "photo")
        key = f"{first}_then_{second}" if min(photo, text) >= 0 else f"{first}_not_{second}"
        return [(key, {"photo": abs(photo), "text": abs(text), "score": hit.score})]
    return [] if hit.verdicts else [("photo_only" if photo else "words_only", {})]


def _attributes(compared: Sequence[AttributeComparison]) -> list[Fact]:
    """What product and photo share, and where the photo looks like another kind."""
    said: list[Fact] = []
    shared = [trait for trait in compared if trait.verdict == "shared"]
    if shared:
        values = [(trait.field, trait.value) for trait in shared]
        sure = [trait.certainty for trait in shared if trait.certainty is not None]
        # The kind is a noun: "red, plain, cups" reads better than "cups, red, plain".
        values.sort(key=lambda pair: pair[0] == "category")
        said.append(
            ("shared_sure", {"values": values, "certainty": min(sure)}) if sure else ("shared", {"values": values})
        )
    kind = next((trait for trait in compared if trait.field == "category" and trait.certainty is not None), None)
    if kind and kind.verdict == "different":
        found = {"seen": [(kind.field, kind.seen)], "value": [(kind.field, kind.value)], "certainty": kind.certainty}
        said.append(("differs", found))
    elif kind and kind.verdict == "unsure":
        said.append(("unsure", {"values": [((kind.field, kind.seen), kind.certainty)]}))
    return said


def _strongest(hit: Hit, words: Sequence[TokenAttribution], views: Mapping[ViewKey, AttributionView]) -> list[Fact]:
    """The word that counts most, or what the exclusions cost, whichever is larger."""
    lost = -hit.parts.get("exclude", 0.0)
    worth = WORTH_SAYING * hit.score
    at = max(range(len(words)), key=lambda at: words[at].value, default=None)
    gained = words[at].value if at is not None and len(words) > 1 else 0.0
    if at is not None and gained > max(worth, lost):
        view = views.get(ViewKey.token(at))
        place = location(view.product) if view and view.product else None
        counted = {"word": words[at].word, "share": gained}
        return [("word_place", {**counted, "place": place}) if place else ("word", counted)]
    return [("excluded", {"share": lost})] if lost > worth else []


def named(field: str, value: str) -> str:
    """A catalog's or a query's value inside an English sentence: a kind has an article, names keep their capitals."""
    if field in ("brand", "words", "size"):
        return value
    if field == "audience":
        return value.removeprefix("for ").removesuffix("'s").removesuffix("'")
    return with_article(value) if field == "kind" else value.lower()


def to_text(
    said: Sequence[Fact],
    template: Callable[[str], str] = TEMPLATES.__getitem__,
    value: Callable[[str, str], str] = named,
) -> str:
    """Facts as text: `template` gives a language's template by key, `value` its word for a catalog value."""

    def text(name: str, content: Any) -> str:
        if isinstance(content, float):
            return f"{content:.0%}" if name == "certainty" else f"{content:.3f}"
        if name == "clauses":
            joined = template("verdict_join").join(clause(key, values) for key, values in content)
            return joined[:1].upper() + joined[1:]
        if name == "place":
            return template(f"place_{content}")
        if isinstance(content, list):
            return template("join").join(each(item) for item in content)
        return str(content)

    def clause(key: str, values: Mapping[str, Any]) -> str:
        seen = key.endswith("_seen")
        filled = template(key.removesuffix("_seen")).format(**{name: text(name, v) for name, v in values.items()})
        return template("verdict_seen").format(clause=filled) if seen else filled

    def each(item: tuple[Any, Any]) -> str:
        if isinstance(item[0], tuple):
            return template("guess").format(value=value(*item[0]), certainty=f"{item[1]:.0%}")
        return value(*item)

    # Chinese sentences end with their own full stop and need no space.
    return "".join(
        sentence if sentence.endswith("。") else f"{sentence} "
        for sentence in (
            template(key).format(**{name: text(name, v) for name, v in values.items()}) for key, values in said
        )
    ).strip()


def location(heat: Heatmap) -> str | None:
    """The part of the picture in which the strongest places lie; None where they lie apart, and where nearly all of the
    number comes from no place.

    Rows and columns in thirds: "top_left", "middle", ...
    """
    h, w = heat.grid.shape
    placed = float(heat.grid.sum())
    if heat.residual is not None and placed < PLACED * (placed + heat.residual):
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
