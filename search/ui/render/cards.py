"""A product as a card, and rows and grids of cards."""

from __future__ import annotations

from collections.abc import Iterable

from search.schema import Hit, Product
from search.ui.render.markup import esc, icon
from search.ui.words import Words

#: So many pictures are above the fold on a laptop; the browser may fetch the others later.
_EAGER = 8


def card(words: Words, product: Product, picture: str | None, hit: Hit | None = None, *, eager: bool = False) -> str:
    """A product with its picture, title and price; with rank, band and score where it was ranked."""
    title = words.title(product)
    key = esc(product.id)
    price = f'<p class="card__price">{esc(words.price(product))}</p>' if product.price is not None else ""
    image = (
        f'<img src="{esc(picture)}" alt="{esc(title)}" loading="{"eager" if eager else "lazy"}" decoding="async">'
        if picture
        else f'<span class="card__blank">{icon("image")}<span>{esc(words("no_picture"))}</span></span>'
    )
    return (
        f'<article class="card" data-card="{key}">'
        f'<button type="button" class="card__open" data-open="{key}" '
        f'aria-label="{esc(words("details_of", title=title))}">{image}</button>'
        f'<div class="card__actions">'
        f'<button type="button" class="button button--small" data-open="{key}" tabindex="-1" '
        f'aria-hidden="true">{esc(words("details"))}</button>'
        f'<button type="button" class="button button--small" data-like="{key}" '
        f'aria-label="{esc(words("more_like_of", title=title))}">{icon("similar")}<span>{esc(words("more_like"))}</span></button>'
        f"</div>"
        f'<div class="card__text">{_standing(words, hit) if hit else ""}'
        f'<h3 class="card__title" title="{esc(title)}">{esc(title)}</h3>'
        f"{price}</div></article>"
    )


def grid(words: Words, products: Iterable[tuple[Product, str | None, Hit | None]], first: int = 0) -> str:
    """Cards side by side; `first` is how many came before, so that only the top ones load at once."""
    cards = (
        card(words, product, picture, hit, eager=first + at < _EAGER)
        for at, (product, picture, hit) in enumerate(products)
    )
    return f'<div class="grid">{"".join(cards)}</div>'


def band(words: Words, name: str) -> str:
    """A band's name with its mark."""
    return (
        f'<span class="band band--{esc(name)}" title="{esc(words("band_tip"))}">'
        f'<span class="band__mark" aria-hidden="true"></span>{esc(words(f"band_{name}"))}</span>'
    )


def likely(words: Words, hit: Hit) -> str:
    """How likely the hit is a good match, small, with what that means and the exact score."""
    # Nothing measured on a few hundred hits is certain; and rounded down, because 49.6 is not yet related.
    share = min(int(100 * hit.probability), 99)
    text = f"{share}\u2009%" if share else "<1\u2009%"
    tip = words("likely_tip", likely=text, score=f"{hit.score:.3f}")
    return f'<span class="score" title="{esc(tip)}">{esc(text)}</span>'


def _standing(words: Words, hit: Hit) -> str:
    return (
        f'<div class="card__standing"><span class="rank" title="{esc(words("rank_tip", rank=hit.rank))}">'
        f"{hit.rank}</span>{band(words, hit.band)}{likely(words, hit)}</div>"
    )
