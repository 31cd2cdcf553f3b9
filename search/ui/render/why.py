"""Why a product was found, as what templates/why.html shows: maps, words, attributes, the next hit.

Every figure is in per cent of the match (search.explain.shares); the score itself stands behind "Figures". The maps
travel as numbers in `data-why`; assets/ui/js/maps draws them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from search.explain.compare import SURE
from search.explain.narrate import PLACED, Teller, location, named, noun
from search.explain.pieces import Partners
from search.explain.schema import AttributeComparison, AttributionView, Explanation, Heatmap, ViewKey
from search.explain.shares import in_percent, percent
from search.schema import Hit
from search.ui.locale import Words

#: Digits after the point that travel: a hundredth of the smallest share that is ever shown.
_DIGITS = 5
#: Values of places, and of pairs of pieces, are sent as whole numbers, the largest as so many.
_STEPS = 999
#: What js/maps says about the maps, without "why_".
_SCRIPT_WORDS = (
    "low_score", "high_score", "low_sign", "high_sign", "low_next", "high_next", "low_attribute", "high_attribute",
    "low_pair", "high_pair", "partner",
)  # fmt: skip
#: Parts of the score that are the likeness of pictures and words, which places of a picture can account for.
_PICTURED = ("photo", "text", "exclude")
#: Differences to the next hit that are told, the largest first.
_REASONS = 3


@dataclass(frozen=True)
class Why:
    """An explanation and what the page needs beside it.

    `photo` is the address of the query's photo, "" where only the browser has it, None where there is
    none; `total` counts the products that could have been found; `like` is whether the photo is a product's.
    """

    explanation: Explanation
    photo: str | None
    total: int
    like: bool = False


@dataclass(frozen=True)
class _Token:
    """A phrase of the query, its share of the match, its points of the score, and the name of its view."""

    word: str
    share: str
    value: float
    view: str


@dataclass(frozen=True)
class _AttributeRow:
    """What product and photo say to an attribute, in words; `view` is "" without a map."""

    verdict: str
    name: str
    said: str
    view: str
    icon: str


@dataclass(frozen=True)
class _ContrastView:
    """The comparison with the next hit: how far ahead, why, and what the catalog says differently."""

    rank: int
    title: str
    ahead: str
    reasons: Sequence[str]
    differ: Sequence[str]
    mapped: bool


@dataclass(frozen=True)
class WhyView:
    """Everything that templates/why.html shows; `mapped` is whether there is any map."""

    photo: str | None
    photo_name: str
    paired: bool
    mapped: bool
    data: Mapping[str, Any]
    sentence: str
    tokens: Sequence[_Token]
    any_product: str
    words_residual: float
    without_words: str
    attributes: Sequence[_AttributeRow]
    readings: Sequence[tuple[str, str]]
    contrast: _ContrastView | None


def view(words: Words, hit: Hit, why: Why) -> WhyView:
    """What an opened card tells about a hit."""
    explanation = why.explanation
    data = _data(words, hit, explanation)
    shares = in_percent(
        dict(enumerate([*(word.value for word in explanation.words), explanation.words_residual])), explanation.match
    )
    return WhyView(
        photo=why.photo,
        photo_name=words("why_like" if why.like else "why_photo"),
        paired=why.photo is not None,
        mapped=any(sent["photo"] or sent["product"] for sent in data["views"].values()),
        data=data,
        sentence=_teller(words).sentence(explanation.facts),
        tokens=[
            _Token(each.word, percent(shares[at], positive=each.value > 0), each.value, str(ViewKey.token(at)))
            for at, each in enumerate(explanation.words)
        ],
        any_product=_any_product(words, shares[len(explanation.words)]),
        words_residual=explanation.words_residual,
        without_words=_without_words(words, why),
        attributes=[_attribute(words, each, why) for each in explanation.attributes if _is_sure(each)],
        readings=[
            (words.field(each.field), f"{words.value(each.field, each.seen)} ({each.certainty:.0%})")
            for each in explanation.attributes
            if each.certainty is not None
        ],
        contrast=_contrast(words, explanation) if explanation.difference else None,
    )


def _data(words: Words, hit: Hit, explanation: Explanation) -> Mapping[str, Any]:
    """The maps and what js/maps says about them."""
    judged = {key: _in_pictures(key, view, explanation.parts) for key, view in explanation.views.items()}
    views = {
        str(key): {
            "unit": view.unit,
            "value": round(view.value, _DIGITS),
            "shown": words("why_shown", label=_label(words, key, explanation)),
            "photo": _grid(view.photo if _drawn(judged[key].photo) else None),
            "product": _grid(view.product if _drawn(judged[key].product) else None),
            "said": _said(words, key, judged[key], explanation),
        }
        for key, view in explanation.views.items()
    }
    return {
        "score": round(hit.score, _DIGITS),
        "views": views,
        "pairs": _pairs(explanation.partners),
        "say": {name: words(f"why_{name}") for name in _SCRIPT_WORDS},
    }


def _drawn(heat: Heatmap | None) -> Heatmap | None:
    """A map that places enough of its number to be drawn."""
    return None if heat is None or heat.placed < PLACED else heat


def _in_pictures(key: ViewKey, view: AttributionView, parts: Mapping[str, float]) -> AttributionView:
    """A view whose maps are judged by what pictures can show: of the whole score, what the catalog says is in none."""
    if key.kind != "score" or view.product is None or view.product.residual is None:
        return view
    elsewhere = view.value - sum(parts.get(name, 0.0) for name in _PICTURED)
    return replace(view, product=replace(view.product, residual=view.product.residual - elsewhere))


def _said(words: Words, key: ViewKey, view: AttributionView, explanation: Explanation) -> Mapping[str, str]:
    """Where in each picture the number comes from, in words; "" where the picture has no part in it."""
    if explanation.method is None:
        return {"photo": "", "product": ""}
    with_photo = ViewKey.part("photo") in explanation.views and key not in (
        ViewKey.part("text"),
        ViewKey.part("exclude"),
    )

    def said(heat: Heatmap | None) -> str:
        if _drawn(heat) is None:
            return words("why_whole")
        place = location(heat) if heat else None
        return words("why_mostly", place=words(f"why_say_place_{place}")) if place else ""

    photo = with_photo and key.kind != "token"
    return {"photo": said(view.photo) if photo else "", "product": said(view.product)}


def _teller(words: Words) -> Teller:
    """Tells facts in the reader's language."""

    def thing(pairs: Sequence[tuple[str, str]]) -> str:
        if words.lang == "zh":
            return "".join(_value(words, *pair) for pair in pairs)
        return noun(pairs)

    return Teller(
        lambda key: words(f"why_say_{key}"),
        lambda field, value: _value(words, field, value),
        thing,
    )


def _value(words: Words, field: str, value: str) -> str:
    """A catalog's or a query's value inside a sentence, in the reader's language."""
    name = {"kind": "category", "audience": "gender"}.get(field, field)
    return words.value(name, value) if words.lang == "zh" else named(field, value)


def _any_product(words: Words, share: int) -> str:
    """What the query's words add to any product, said once; "" where that is hardly anything."""
    return words("why_any", share=percent(share)) if abs(share) > 0 else ""


def _without_words(words: Words, why: Why) -> str:
    """Where the hit would stand for the photo alone; "" where there is none."""
    if ViewKey.part("photo") not in why.explanation.views:
        return ""
    rank = why.explanation.rank_without_words
    return words("why_without", rank=f"{rank:,}", total=f"{why.total:,}") if rank else words("why_without_far")


def _is_sure(compared: AttributeComparison) -> bool:
    """Whether what the photo shows is more likely than not what it was taken for."""
    return compared.certainty is None or compared.certainty >= SURE


def _attribute(words: Words, compared: AttributeComparison, why: Why) -> _AttributeRow:
    view = ViewKey.attribute(compared.field)
    here, there = (words.value(compared.field, value) for value in (compared.value, compared.seen))
    if words.lang == "en" and compared.field != "brand":
        here, there = here.lower(), there.lower()
    same = compared.verdict == "shared"
    key = "why_both" if same else "why_differ_like" if why.like else "why_differ"
    return _AttributeRow(
        compared.verdict,
        words.field(compared.field),
        words(key, here=here) if same else words(key, here=here, there=there),
        str(view) if view in why.explanation.views else "",
        "check" if same else "cross",
    )


def _contrast(words: Words, explanation: Explanation) -> _ContrastView:
    found = explanation.difference
    assert found is not None
    shares = in_percent(found.parts, explanation.match)
    ahead = sum(shares.values())
    differ = [
        words(
            "why_next_there", field=words.field(field), here=words.value(field, here), there=words.value(field, there)
        )
        for field, here, there in found.attributes
    ]
    title = words.title(found.other.product)
    key = "why_next_ahead" if ahead else "why_next_even"
    return _ContrastView(
        found.other.rank,
        title,
        words(key, share=percent(ahead)) if ahead else words(key),
        list(_reasons(words, shares)),
        differ,
        _drawn(explanation.views[ViewKey("next")].product) is not None,
    )


def _reasons(words: Words, shares: Mapping[str, int]) -> Iterator[str]:
    """Why a hit is ahead of another, or in what behind, in words; the largest differences first."""
    for name in sorted(shares, key=lambda name: -abs(shares[name]))[:_REASONS]:
        if share := shares[name]:
            key = f"why_{'more' if share > 0 else 'less'}_{name}"
            said = words(key) if key in words else words(key.removesuffix(name) + "other", part=words.part(name))
            yield words("why_reason", said=said, share=percent(abs(share)))


def _label(words: Words, key: ViewKey, explanation: Explanation) -> str:
    """What a view is called when it is announced."""
    if key.index is not None:
        share = in_percent({0: explanation.words[key.index].value}, explanation.match)[0]
        return words("why_word", word=explanation.words[key.index].word, share=percent(share))
    if key.kind == "attribute":
        compared = next(each for each in explanation.attributes if each.field == key.field)
        return words.value(compared.field, compared.value)
    if key.kind == "part":
        return words.part(str(key.field))
    return words({"score": "why_match", "next": "why_next_label"}[key.kind])


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
    alike = pairs.alike - float(pairs.alike.min())
    sides = {
        name: {
            "h": labels.shape[0],
            "w": labels.shape[1],
            "window": [round(edge, 4) for edge in window],
            "pieces": labels.ravel().tolist(),
        }
        for name, labels, window in (
            ("photo", pairs.photo, pairs.windows[0]),
            ("product", pairs.product, pairs.windows[1]),
        )
    }
    return {**sides, "alike": np.round(alike / max(float(alike.max()), 1e-12) * _STEPS).astype(int).tolist()}
