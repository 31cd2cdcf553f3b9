"""Why a product was found: two pictures with maps, the score taken apart, words, attributes, the next hit.

The maps travel as numbers in `data-why`; assets/ui/explain.js draws them. Everything that can be asked
of the maps is a button with `data-view`, the name of a view of the Explanation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.explain.sentence import say
from search.schema import Contrast, Explanation, Heatmap, Hit, Product, Trait
from search.ui.render.angles import strip
from search.ui.render.markup import esc, esc_json, icon
from search.ui.words import Words

#: Digits after the point that travel: a hundredth of the smallest share that is ever shown.
_DIGITS = 5
#: A pair of places is sent as a whole number out of so many.
_PAIR_STEPS = 999


@dataclass(frozen=True)
class Why:
    """An explanation and what the page needs beside it.

    `photo` is the address of the query's photo, "" where only the browser has it, None where there is
    none; `total` counts the products that could have been found.
    """

    explanation: Explanation
    photo: str | None
    total: int


def stage(words: Words, product: Product, picture: str, why: Why, angles: Sequence[tuple[str, str]] = ()) -> str:
    """Both pictures side by side, one scale, and what can be done with them.

    Args:
        angles: see `render.details`.
    """
    title = words.title(product)
    mapped = any(view.product or view.photo for view in why.explanation.views.values())
    others = strip(words, title, angles, mapped=mapped)
    figures = _figure(words, "product", picture, title, words("why_product"), others)
    if why.photo is not None:
        figures = _figure(words, "photo", why.photo, words("photo_yours"), words("why_photo")) + figures
    if not mapped:
        return f'<div class="stage"><div class="stage__pictures">{figures}</div><p class="hint">{esc(words("why_no_map"))}</p></div>'
    hint = words("why_hint_pairs") if why.explanation.pairs is not None else words("why_hint")
    return (
        f'<div class="stage"><div class="stage__pictures">{figures}</div>'
        f'<div class="stage__tools"><p class="legend" data-legend><span class="legend__low" data-legend-low></span>'
        f'<span class="legend__bar" data-legend-bar aria-hidden="true"></span><span data-legend-high></span>'
        f'<span class="legend__unit" data-legend-unit></span></p>'
        f'<label class="stage__opacity"><span>{esc(words("why_opacity"))}</span>'
        f'<input type="range" min="0" max="100" step="5" value="50" data-opacity></label>'
        f'<label class="stage__raw"><input type="checkbox" data-raw><span>{esc(words("why_raw"))}</span></label></div>'
        f'<p class="hint stage__hint" data-stage-said role="status">{esc(hint)}</p></div>'
    )


def data(words: Words, hit: Hit, why: Why) -> str:
    """The maps and what explain.js says about them, as the value of an attribute."""
    views = {
        name: {
            "unit": view.unit,
            "value": round(view.value, _DIGITS),
            "label": _label(words, name, why.explanation),
            "photo": _grid(view.photo),
            "product": _grid(view.product),
        }
        for name, view in why.explanation.views.items()
    }
    texts = {
        key: words(f"why_{key}")
        for key in ("unit_score", "unit_next", "unit_trait", "unit_pair", "rest", "overlap", "low_next", "high_next", "low_trait",
                    "high_trait", "low_pair", "high_pair", "partner", "shown")
    }  # fmt: skip
    return esc_json(
        {"score": round(hit.score, _DIGITS), "views": views, "pairs": _pairs(why.explanation.pairs), "say": texts}
    )


def sentence(words: Words, why: Why) -> str:
    """One or two sentences, from the clauses that were measured."""
    text = say(
        why.explanation.clauses,
        lambda key: words(f"why_say_{key}"),
        lambda field, value: words.value(field, value).lower(),
    )
    return f'<p class="why__sentence">{esc(text)}</p>'


def spoken(words: Words, why: Why) -> str:
    """The query's words as chips with what each adds; each shows its own map."""
    explanation = why.explanation
    if not explanation.words:
        return ""
    chips = "".join(
        f'<button type="button" class="word {"word--minus" if share.value < 0 else ""}" data-view="word {at}" '
        f'aria-pressed="false"><span>{esc(share.word)}</span><b>{_signed(share.value)}</b></button>'
        for at, share in enumerate(explanation.words)
    )
    chips += (
        f'<span class="word word--any" title="{esc(words("why_any_tip"))}"><span>{esc(words("why_any"))}</span>'
        f"<b>{_signed(explanation.words_rest)}</b></span>"
    )
    without = ""
    if "photo" in explanation.views:
        rank = explanation.rank_without_words
        text = words("why_without", rank=f"{rank:,}", total=f"{why.total:,}") if rank else words("why_without_far")
        without = f'<p class="why__note">{esc(text)}</p>'
    return (
        f'<section class="detail__section"><h3>{esc(words("why_words"))}</h3>'
        f'<div class="word-line">{chips}</div>{without}</section>'
    )


def shared(words: Words, why: Why) -> str:
    """Attributes of the product beside what the photo shows, each with how certain that is."""
    rows = "".join(_trait(words, trait, why.explanation) for trait in why.explanation.traits)
    if not rows:
        return ""
    return (
        f'<section class="detail__section"><h3>{esc(words("why_traits"))}</h3>'
        f'<table class="traits"><thead><tr><td></td><th scope="col">{esc(words("why_product"))}</th>'
        f'<th scope="col">{esc(words("why_photo"))}</th></tr></thead><tbody>{rows}</tbody></table></section>'
    )


def contrast(words: Words, why: Why) -> str:
    """Why this one and not the next: what the parts and words add here more than there, and what differs."""
    found = why.explanation.contrast
    if found is None:
        return ""
    title = words.title(found.other.product)
    gap = sum(found.parts.values())
    lines = "".join(
        f'<div class="{kind}"><dt>{esc(name)}</dt><dd>{_signed(value)}</dd></div>'
        for name, value, kind in _differences(words, found)
    )
    differ = "".join(
        f"<div><dt>{esc(words.field(field))}</dt><dd>{esc(words.value(field, here))}"
        f'<span class="contrast__there">{esc(words("why_next_there", value=words.value(field, there)))}</span></dd></div>'
        for field, here, there in found.differ
    )
    same = "" if differ else f'<p class="why__note">{esc(words("why_next_same"))}</p>'
    where = (
        f'<button type="button" class="button button--small" data-view="next" aria-pressed="false">'
        f"{esc(words('why_next_where'))}</button>"
        if why.explanation.views["next"].product
        else ""
    )
    return (
        f'<section class="detail__section"><details class="contrast"><summary>'
        f"<span>{esc(words('why_next', rank=found.other.rank, title=title))}</span>{icon('chevron')}</summary>"
        f'<p class="why__note">{esc(words("why_next_gap", gap=_signed(gap)))}</p>'
        f'<dl class="facts contrast__lines">{lines}{differ}</dl>{same}{where}</details></section>'
    )


def _figure(words: Words, name: str, picture: str, alt: str, caption: str, below: str = "") -> str:
    source = f' src="{esc(picture)}"' if picture else " data-upload"
    return (
        f'<figure class="place" data-place="{name}"><div class="place__frame"{" data-angle-frame" if below else ""}><img{source} alt="{esc(alt)}">'
        f'<canvas aria-hidden="true"></canvas><button type="button" class="place__pick" data-pick="{name}" '
        f'aria-label="{esc(words("why_pick", picture=caption))}"></button></div>'
        f"<figcaption><strong>{esc(caption)}</strong><span data-rest></span></figcaption>{below}</figure>"
    )


def _trait(words: Words, trait: Trait, explanation: Explanation) -> str:
    name = words.field(trait.field)
    view = f"trait {trait.field}"
    head = (
        f'<button type="button" class="link-button" data-view="{esc(view)}" aria-pressed="false">{esc(name)}</button>'
        if view in explanation.views
        else esc(name)
    )
    seen = words.value(trait.field, trait.seen)
    if trait.certainty is None:
        said = seen
    else:
        key = "why_unsure" if trait.verdict == "unsure" else "why_read"
        said = words(key, value=seen, certainty=f"{trait.certainty:.0%}")
    marks = {"shared": ("check", words("why_shared")), "different": ("cross", words("why_different"))}
    mark = ""
    if trait.verdict in marks:
        symbol, label = marks[trait.verdict]
        mark = f'<span class="traits__mark" title="{esc(label)}">{icon(symbol)}<span class="visually-hidden">{esc(label)}</span></span>'
    return (
        f'<tr class="traits--{esc(trait.verdict)}"><th scope="row">{head}</th>'
        f"<td>{esc(words.value(trait.field, trait.value))}</td><td>{esc(said)}{mark}</td></tr>"
    )


def _differences(words: Words, found: Contrast) -> list[tuple[str, float, str]]:
    """(name, what it adds here more than there, class); words follow the part that they make up."""
    lines: list[tuple[str, float, str]] = []
    for name, value in found.parts.items():
        if value:
            lines.append((words(f"part_{name}"), value, ""))
        if name == "text" and len(found.words) > 1:
            lines += [(words("why_word", word=share.word), share.value, "contrast__word") for share in found.words]
    return lines


def _label(words: Words, name: str, explanation: Explanation) -> str:
    """What a view is called when it is announced."""
    kind, _, rest = name.partition(" ")
    if kind == "word":
        return words("why_word", word=explanation.words[int(rest)].word)
    if kind == "trait":
        trait = next(trait for trait in explanation.traits if trait.field == rest)
        return words.value(rest, trait.value)
    return words("why_next_label") if kind == "next" else words("part_total" if kind == "score" else f"part_{kind}")


def _grid(heat: Heatmap | None) -> Mapping[str, Any] | None:
    if heat is None:
        return None
    h, w = heat.grid.shape
    return {
        "h": h,
        "w": w,
        "values": np.round(heat.grid.ravel().astype(np.float64), _DIGITS).tolist(),
        "window": [round(edge, 4) for edge in heat.window],
        "rest": None if heat.rest is None else round(heat.rest, _DIGITS),
    }


def _pairs(pairs: np.ndarray | None) -> list[list[int]] | None:
    """What each two places have in common, as whole numbers; only their order and ratio are used."""
    if pairs is None:
        return None
    most = max(float(np.abs(pairs).max()), 1e-12)
    return np.round(pairs / most * _PAIR_STEPS).astype(int).tolist()


def _signed(value: float) -> str:
    """With a true minus, which is as wide as the plus."""
    return f"{value:+.3f}".replace("-", "\u2212")
