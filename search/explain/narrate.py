"""Two or three short sentences. Every figure and every word in them was measured.

A sentence is kept as facts, a key and its values each, so that another language says the same with
templates of its own. Values are shares of the score (float), words of the query or names of the page
(str), or (field, value) pairs of the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from search.explain.schema import AttributeComparison, AttributionView, Fact, Heatmap, TokenAttribution, ViewKey
from search.schema import Hit

#: A share of the score below this is not worth saying.
WORTH_SAYING = 0.05
#: The part of the places that counts as the strongest.
STRONGEST = 0.2
#: The share of a number that the places must account for before one of them is named.
PLACED = 0.25

#: English; every other language has the same keys and placeholders.
TEMPLATES: Mapping[str, str] = {
    "nothing": "Nothing in the query speaks for this product; it is only the best of what is left.",
    "photo_then_words": "Mostly your photo ({photo} of the score); your words add {text}.",
    "photo_not_words": "Your photo alone ({photo} of the score); your words take away {text}.",
    "words_then_photo": "Mostly your words ({text} of the score); your photo adds {photo}.",
    "words_not_photo": "Your words alone ({text} of the score); your photo takes away {photo}.",
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
    """What there is to say: the parts, the attributes, and whichever is larger, the strongest word or
    what the exclusions cost. Shares are of the hit's score."""
    if hit.score <= 0:
        return [("nothing", {})]
    share = {name: value / hit.score for name, value in hit.parts.items()}
    said: list[Fact] = []
    if share["photo"] and share["text"]:
        first, second = ("photo", "words") if share["photo"] >= share["text"] else ("words", "photo")
        least = min(share["photo"], share["text"])
        key = f"{first}_then_{second}" if least >= 0 else f"{first}_not_{second}"
        said.append((key, {"photo": abs(share["photo"]), "text": abs(share["text"])}))
    else:
        said.append(("photo_only" if share["photo"] else "words_only", {}))
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
    lost = -share["exclude"]
    at = max(range(len(words)), key=lambda at: words[at].value, default=None)
    gained = words[at].value / hit.score if at is not None and len(words) > 1 else 0.0
    if at is not None and gained > max(WORTH_SAYING, lost):
        view = views.get(ViewKey.token(at))
        place = location(view.product) if view and view.product else None
        counted = {"word": words[at].word, "share": gained}
        said.append(("word_place", {**counted, "place": place}) if place else ("word", counted))
    elif lost > WORTH_SAYING:
        said.append(("excluded", {"share": lost}))
    return said


def to_text(
    said: Sequence[Fact],
    template: Callable[[str], str] = TEMPLATES.__getitem__,
    value: Callable[[str, str], str] = lambda field, value: value.lower(),
) -> str:
    """Facts as text: `template` gives a language's template by key, `value` its word for a catalog value."""

    def text(name: str, content: Any) -> str:
        if isinstance(content, float):
            return f"{content:.0%}"
        if name == "place":
            return template(f"place_{content}")
        if isinstance(content, list):
            return template("join").join(each(item) for item in content)
        return str(content)

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
