"""Why a product was found, as what templates/why.html shows: maps, words, attributes, the next hit.

The maps travel as numbers in `data-why`; assets/ui/js/maps draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.explain.narrate import named, to_text
from search.explain.pieces import Partners
from search.explain.schema import AttributeComparison, Explanation, Heatmap, PairwiseDifference, ViewKey
from search.lexicon import lexicon
from search.lexicon.table import language
from search.schema import Hit
from search.ui.locale import SCHEMES, Words

#: Digits after the point that travel: a hundredth of the smallest share that is ever shown.
_DIGITS = 5
#: Values of places, and of pairs of pieces, are sent as whole numbers, the largest as so many.
_STEPS = 999
#: What js/maps says about the maps, without "why_".
_SCRIPT_WORDS = (
    "unit_score", "unit_next", "unit_attribute", "unit_pair", "rest", "overlap", "low_next", "high_next", "low_attribute",
    "high_attribute", "low_pair", "high_pair", "partner", "shown",
)  # fmt: skip


@dataclass(frozen=True)
class Why:
    """An explanation and what the page needs beside it.

    `photo` is the address of the query's photo, "" where only the browser has it, None where there is
    none; `total` counts the products that could have been found.
    """

    explanation: Explanation
    photo: str | None
    total: int


@dataclass(frozen=True)
class _Token:
    """A word of the query, what it adds, and the name of its view."""

    word: str
    value: float
    view: str


@dataclass(frozen=True)
class _AttributeRow:
    """An attribute of the product beside what the photo shows; `mark` is (icon, label), `view` "" without a map."""

    verdict: str
    name: str
    value: str
    said: str
    view: str
    mark: tuple[str, str] | None


@dataclass(frozen=True)
class _Line:
    """What a part or a word adds here more than there; `kind` is a class."""

    name: str
    value: float
    kind: str = ""


@dataclass(frozen=True)
class _ContrastView:
    """The comparison with the next hit."""

    rank: int
    title: str
    gap: float
    lines: Sequence[_Line]
    differ: Sequence[tuple[str, str, str]]
    mapped: bool


@dataclass(frozen=True)
class WhyView:
    """Everything that templates/why.html shows; `mapped` is whether there is any map."""

    photo: str | None
    paired: bool
    mapped: bool
    data: Mapping[str, Any]
    sentence: str
    tokens: Sequence[_Token]
    words_residual: float
    without_words: str
    attributes: Sequence[_AttributeRow]
    contrast: _ContrastView | None


def view(words: Words, hit: Hit, why: Why) -> WhyView:
    """What an opened card tells about a hit."""
    explanation = why.explanation
    return WhyView(
        photo=why.photo,
        paired=why.photo is not None,
        mapped=any(view.product or view.photo for view in explanation.views.values()),
        data=_data(words, hit, explanation),
        sentence=_sentence(words, explanation),
        tokens=[_Token(share.word, share.value, str(ViewKey.token(at))) for at, share in enumerate(explanation.words)],
        words_residual=explanation.words_residual,
        without_words=_without_words(words, why),
        attributes=[_attribute(words, each, explanation) for each in explanation.attributes],
        contrast=_contrast(words, explanation) if explanation.difference else None,
    )


def _data(words: Words, hit: Hit, explanation: Explanation) -> Mapping[str, Any]:
    """The maps and what js/maps says about them."""
    views = {
        str(key): {
            "unit": view.unit,
            "value": round(view.value, _DIGITS),
            "label": _label(words, key, explanation),
            "photo": _grid(view.photo),
            "product": _grid(view.product),
        }
        for key, view in explanation.views.items()
    }
    texts = {name: words(f"why_{name}") for name in _SCRIPT_WORDS}
    return {
        "score": round(hit.score, _DIGITS),
        "views": views,
        "pairs": _pairs(explanation.partners),
        "say": texts,
    }


def _sentence(words: Words, explanation: Explanation) -> str:
    """One or two sentences, from the facts that were measured."""
    return to_text(
        explanation.facts,
        lambda key: words(f"why_say_{key}"),
        lambda field, value: _value(words, field, value),
    )


def _value(words: Words, field: str, value: str) -> str:
    """A catalog's or a query's value inside a sentence, in the reader's language."""
    name = {"kind": "category", "audience": "gender"}.get(field, field)
    if words.lang == "zh":
        return words.value(name, value)
    if language(value) == "zh":
        known = lexicon().find(value, SCHEMES.get(name))
        value = known[0].label("en") if known else value
    return named(field, value)


def _without_words(words: Words, why: Why) -> str:
    """Where the hit would stand for the photo alone; "" where there is none."""
    if ViewKey.part("photo") not in why.explanation.views:
        return ""
    rank = why.explanation.rank_without_words
    return words("why_without", rank=f"{rank:,}", total=f"{why.total:,}") if rank else words("why_without_far")


def _attribute(words: Words, compared: AttributeComparison, explanation: Explanation) -> _AttributeRow:
    view = ViewKey.attribute(compared.field)
    said = words.value(compared.field, compared.seen)
    if compared.certainty is not None:
        key = "why_unsure" if compared.verdict == "unsure" else "why_read"
        said = words(key, value=said, certainty=f"{compared.certainty:.0%}")
    marks = {"shared": ("check", words("why_shared")), "different": ("cross", words("why_different"))}
    return _AttributeRow(
        compared.verdict,
        words.field(compared.field),
        words.value(compared.field, compared.value),
        said,
        str(view) if view in explanation.views else "",
        marks.get(compared.verdict),
    )


def _contrast(words: Words, explanation: Explanation) -> _ContrastView:
    found = explanation.difference
    assert found is not None
    differ = [
        (words.field(field), words.value(field, here), words.value(field, there))
        for field, here, there in found.attributes
    ]
    return _ContrastView(
        found.other.rank,
        words.title(found.other.product),
        sum(found.parts.values()),
        list(_differences(words, found)),
        differ,
        explanation.views[ViewKey("next")].product is not None,
    )


def _differences(words: Words, found: PairwiseDifference) -> list[_Line]:
    """What each part adds here more than there; words follow the part that they make up."""
    lines: list[_Line] = []
    for name, value in found.parts.items():
        if value:
            lines.append(_Line(words.part(name), value))
        if name == "text" and len(found.words) > 1:
            lines += [_Line(words("why_word", word=share.word), share.value, "contrast__word") for share in found.words]
    return lines


def _label(words: Words, key: ViewKey, explanation: Explanation) -> str:
    """What a view is called when it is announced."""
    if key.index is not None:
        return words("why_word", word=explanation.words[key.index].word)
    if key.kind == "attribute":
        compared = next(each for each in explanation.attributes if each.field == key.field)
        return words.value(compared.field, compared.value)
    if key.kind == "part":
        return words.part(str(key.field))
    return words({"score": "part_total", "next": "why_next_label"}[key.kind])


def _grid(heat: Heatmap | None) -> Mapping[str, Any] | None:
    """A map as js/maps reads it: `at` are the cells that have a value, None for all; the values are in units of `step`."""
    if heat is None:
        return None
    h, w = heat.grid.shape
    values = heat.grid.ravel().astype(np.float64)
    step = max(float(np.abs(values).max()), 10.0**-_DIGITS) / _STEPS
    whole = np.round(values / step).astype(int)
    at = np.flatnonzero(whole)
    return {
        "h": h,
        "w": w,
        "at": None if len(at) == len(whole) else at.tolist(),
        "values": whole[at].tolist(),
        "step": step,
        "window": [round(edge, 4) for edge in heat.window],
        "rest": None if heat.residual is None else round(heat.residual, _DIGITS),
    }


def _pairs(pairs: Partners | None) -> Mapping[str, Any] | None:
    """Which piece each place belongs to, and what each two pieces have in common, as whole numbers: only their order and
    ratio are used, and the least of all is 0."""
    if pairs is None:
        return None
    alike = pairs.alike - min(float(pairs.alike.min()), 0.0)
    return {
        "photo": pairs.photo.ravel().tolist(),
        "product": pairs.product.ravel().tolist(),
        "alike": np.round(alike / max(float(alike.max()), 1e-12) * _STEPS).astype(int).tolist(),
    }
