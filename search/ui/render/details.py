"""An opened card: the picture large, what the score is made of, and all that the catalog says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from search.schema import PARTS, Hit, Product
from search.ui.render import cards
from search.ui.render.markup import esc, icon
from search.ui.words import Words

#: The order in which facts stand; whatever else the catalog says follows.
_FIRST = ("department", "category", "brand", "colour", "secondary_colour", "material", "pattern", "gender")
#: Attributes that are shown elsewhere on the panel, or that only a program needs.
_HIDDEN = frozenset(
    {"title_zh", "title_en", "description_zh", "description_en", "currency", "image", "image_id", "mask", "split"}
)
#: Longer than this and it is a paragraph or a program's data, not a fact.
_LONGEST_FACT = 120


def details(words: Words, product: Product, picture: str | None, link: str, hit: Hit | None = None) -> str:
    """The panel; without a hit (in the shop) it has no score."""
    title = words.title(product)
    image = (
        f'<img src="{esc(picture)}" alt="{esc(title)}">'
        if picture
        else f'<span class="card__blank">{icon("image")}<span>{esc(words("no_picture"))}</span></span>'
    )
    price = words.price(product) or words("no_price")
    description = words.description(product)
    standing = (
        f'<p class="card__standing"><span class="rank">{esc(words("rank_of", rank=hit.rank))}</span>'
        f"{cards.band(words, hit.band)}</p>"
        if hit
        else ""
    )
    return (
        f'<article class="detail" data-detail="{esc(product.id)}" data-link="{esc(link)}">'
        f'<div class="detail__picture">{image}</div><div class="detail__body">{standing}'
        f'<h2 class="detail__title" id="detail-title">{esc(title)}</h2>'
        f'<p class="detail__price">{esc(price)}</p>'
        f"{f'<p class=detail__description>{esc(description)}</p>' if description else ''}"
        f'<div class="detail__actions"><button type="button" class="button button--primary" '
        f'data-like="{esc(product.id)}">{icon("similar")}{esc(words("more_like"))}</button>'
        f'<button type="button" class="button" data-copy>{icon("link")}{esc(words("copy_link"))}</button></div>'
        f"{_score(words, hit) if hit else ''}{_facts(words, product)}</div></article>"
    )


def rounded(parts: Mapping[str, float], score: float, digits: int = 3) -> tuple[dict[str, float], float]:
    """Parts and score, rounded so that the rounded parts still add up to the rounded score.

    Largest remainder: every part is rounded down, and the units that are then missing go to the
    parts that lost most. No part is off by a whole unit.
    """
    unit = 10**digits
    floors = {name: int(value * unit // 1) for name, value in parts.items()}
    missing = round(score * unit) - sum(floors.values())
    by_loss = sorted(parts, key=lambda name: parts[name] * unit - floors[name], reverse=True)
    for name in by_loss[: max(missing, 0)]:
        floors[name] += 1
    return {name: value / unit for name, value in floors.items()}, round(score * unit) / unit


def _score(words: Words, hit: Hit) -> str:
    """A waterfall: every part starts where the one before ended, and the last line is the sum."""
    parts, total = rounded({name: hit.parts[name] for name in PARTS if hit.parts.get(name)}, hit.score)
    edges, at = [0.0], 0.0
    for value in parts.values():
        at += value
        edges.append(at)
    low, high = min(*edges, total, 0.0), max(*edges, total, 0.0)
    width = (high - low) or 1.0

    def line(key: str, value: float, start: float, kind: str) -> str:
        left = (min(start, start + value) - low) / width * 100
        # A true minus is as wide as the plus, so the figures stay in line.
        figure = f"{value:.3f}" if key == "total" else f"{value:+.3f}".replace("-", "\u2212")
        return (
            f'<div class="part-line part-line--{kind}" title="{esc(words(f"part_{key}_tip"))}">'
            f'<dt>{esc(words(f"part_{key}"))}</dt><dd><span class="part-line__track">'
            f'<span class="part-line__bar" style="left:{left:.2f}%;width:{abs(value) / width * 100:.2f}%"></span></span>'
            f'<span class="part-line__value">{figure}</span></dd></div>'
        )

    lines = "".join(
        line(key, value, start, "minus" if value < 0 else "plus")
        for (key, value), start in zip(parts.items(), edges, strict=False)
    )
    return (
        f'<section class="detail__section"><h3>{esc(words("score_parts"))}</h3>'
        f'<dl class="part-lines">{lines}{line("total", total, 0.0, "total")}</dl></section>'
    )


def _facts(words: Words, product: Product) -> str:
    rows = "".join(f"<div><dt>{esc(name)}</dt><dd>{esc(value)}</dd></div>" for name, value in _pairs(words, product))
    return f'<section class="detail__section"><h3>{esc(words("facts"))}</h3><dl class="facts">{rows}</dl></section>'


def _pairs(words: Words, product: Product) -> Iterator[tuple[str, str]]:
    """(label, value) of everything worth reading about a product: what shops say first, then the rest."""
    values = {name: product.value(name) for name in _FIRST}
    values |= {name: value for name, value in product.attributes.items() if name not in values}
    for name, value in values.items():
        text = "" if value is None else str(value).strip()
        if name in _HIDDEN or name.startswith("_") or not text or len(text) > _LONGEST_FACT:
            continue
        yield words.field(name), words.value(name, text)
    if product.tags:
        yield words("tags"), words.tags(product)
    yield words("id"), product.id
