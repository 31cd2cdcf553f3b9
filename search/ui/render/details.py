"""An opened card: the pictures large, why it was found, and all that the catalog says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from search.schema import Hit, Product
from search.ui.render import angles as pictures
from search.ui.render import cards, why
from search.ui.render.markup import esc, icon
from search.ui.render.why import Why
from search.ui.words import Words

#: The order in which facts stand; whatever else the catalog says follows.
_FIRST = ("department", "category", "brand", "colour", "secondary_colour", "material", "pattern", "gender")
#: Attributes that are shown elsewhere on the panel, or that only a program needs.
_HIDDEN = frozenset(
    {"title_zh", "title_en", "description_zh", "description_en", "currency", "image", "image_id", "mask", "split"}
)
#: Longer than this and it is a paragraph or a program's data, not a fact.
_LONGEST_FACT = 120


def details(
    words: Words,
    product: Product,
    picture: str | None,
    link: str,
    hit: Hit | None = None,
    reason: Why | str | None = None,
    angles: Sequence[tuple[str, str]] = (),
) -> str:
    """The panel; without a hit (in the shop) it has no score.

    Args:
        picture: the address of the product's picture, or None where it is broken.
        reason: why it was found, or a sentence that says why that cannot be told.
        angles: the small and the large address of each of its pictures, the first one's first.
    """
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
        f"{cards.band(words, hit.band)}{cards.likely(words, hit)}</p>"
        if hit
        else ""
    )
    told = reason if isinstance(reason, Why) and hit and picture else None
    if told and hit and picture:
        shown = why.stage(words, product, picture, told, angles)
        told_first = why.sentence(words, told)
        told_later = why.spoken(words, told) + why.shared(words, told) + why.contrast(words, told)
        attributes = f' data-why="{why.data(words, hit, told)}"'
    else:
        shown, told_first, told_later, attributes = _picture(words, title, image, angles), "", "", ""
        if isinstance(reason, str):
            told_first = f'<p class="notice">{icon("info")}<span>{esc(reason)}</span></p>'
    paired = told is not None and told.photo is not None
    return (
        f'<article class="detail{" detail--pair" if paired else ""}" data-detail="{esc(product.id)}" '
        f'data-link="{esc(link)}"{attributes}>{shown}<div class="detail__body">{standing}'
        f'<h2 class="detail__title" id="detail-title">{esc(title)}</h2>'
        f'<p class="detail__price">{esc(price)}</p>'
        f"{f'<p class=detail__description>{esc(description)}</p>' if description else ''}{told_first}"
        f'<div class="detail__actions"><button type="button" class="button button--primary" '
        f'data-like="{esc(product.id)}">{icon("similar")}{esc(words("more_like"))}</button>'
        f'<button type="button" class="button" data-copy>{icon("link")}{esc(words("copy_link"))}</button></div>'
        f"{_score(words, hit, told) if hit else ''}{told_later}{_facts(words, product)}</div></article>"
    )


def _picture(words: Words, title: str, image: str, angles: Sequence[tuple[str, str]]) -> str:
    return (
        f'<div class="detail__pictures"><div class="detail__picture" data-angle-frame>{image}</div>'
        f"{pictures.strip(words, title, angles)}</div>"
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


def _score(words: Words, hit: Hit, told: Why | None = None) -> str:
    """A waterfall: every part starts where the one before ended, and the last line is the sum. A part
    that has a map is a button that shows it."""
    parts, total = rounded({name: value for name, value in hit.parts.items() if value}, hit.score)
    edges, at = [0.0], 0.0
    for value in parts.values():
        at += value
        edges.append(at)
    low, high = min(*edges, total, 0.0), max(*edges, total, 0.0)
    width = (high - low) or 1.0

    def name(key: str) -> str:
        view, text = "score" if key == "total" else key, esc(words(f"part_{key}"))
        if told is None or view not in told.explanation.views or not told.explanation.views[view].product:
            return text
        pressed = "true" if view == "score" else "false"
        return f'<button type="button" class="link-button" data-view="{view}" aria-pressed="{pressed}">{text}</button>'

    def line(key: str, value: float, start: float, kind: str) -> str:
        left = (min(start, start + value) - low) / width * 100
        # A true minus is as wide as the plus, so the figures stay in line.
        figure = f"{value:.3f}" if key == "total" else f"{value:+.3f}".replace("-", "\u2212")
        return (
            f'<div class="part-line part-line--{kind}" title="{esc(words(f"part_{key}_tip"))}">'
            f'<dt>{name(key)}</dt><dd><span class="part-line__track">'
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
