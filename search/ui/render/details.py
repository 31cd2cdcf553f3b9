"""An opened card: the pictures large, why it was found, and all that the catalog says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.explain.schema import ViewKey
from search.explain.shares import apportioned
from search.schema import Hit, Product
from search.ui.locale import Words
from search.ui.render import why
from search.ui.render.aspects import AspectWords
from search.ui.render.colours import Colour
from search.ui.render.templates import draw, signed
from search.ui.render.why import Why

#: The order in which facts stand; whatever else the catalog says follows.
_FIRST = ("department", "category", "brand", "colour", "secondary_colour", "material", "pattern", "gender")
#: Attributes that are shown elsewhere on the panel, or that only a program needs.
_HIDDEN = frozenset(
    {"title_zh", "title_en", "description_zh", "description_en", "currency", "image", "image_id", "mask", "split"}
)
#: The score is shown in thousandths.
_UNIT = 0.001
#: Longer than this and it is a paragraph or a program's data, not a fact.
_LONGEST_FACT = 120


@dataclass(frozen=True)
class _ScoreLine:
    """A line of the waterfall: where its bar stands, in per cent, and the view that it shows, or ""."""

    key: str
    kind: str
    left: str
    width: str
    figure: str
    view: str = ""

    @property
    def pressed(self) -> bool:
        return self.view == "score"


def details(
    words: Words,
    product: Product,
    picture: str | None,
    link: str,
    hit: Hit | None = None,
    reason: Why | str | None = None,
    angles: Sequence[tuple[str, str]] = (),
    values: Mapping[str, Sequence[str]] | None = None,
    colours: Sequence[Colour] = (),
) -> str:
    """The panel; without a hit (in the storefront) it has no score.

    Args:
        picture: the address of the product's picture, or None where it is broken.
        reason: why it was found, or a sentence that says why that cannot be told.
        values: the catalog's own values by facet, as it spells them.
        colours: in which the catalog has products of this kind, see search.ui.render.colours.
        angles: the small and the large address of each of its pictures, the first one's first.
    """
    told = reason if isinstance(reason, Why) and hit and picture else None
    return draw(
        "details.html",
        words=words,
        product=product,
        title=words.title(product),
        picture=picture,
        link=link,
        hit=hit,
        said=AspectWords(words, values or {}).verdicts(hit) if hit else [],
        why=why.view(words, hit, told) if told and hit else None,
        problem=reason if isinstance(reason, str) else "",
        angles=angles,
        lines=_score_lines(hit, told) if hit else (),
        facts=list(_facts(words, product)),
        colours=colours,
    )


def _score_lines(hit: Hit, told: Why | None = None) -> list[_ScoreLine]:
    """A waterfall: every part starts where the one before ended, and the last line is the sum."""
    counted = {name: value for name, value in hit.parts.items() if value}
    parts = {name: units * _UNIT for name, units in apportioned(counted, _UNIT).items()}
    total = sum(parts.values())
    edges, at = [0.0], 0.0
    for value in parts.values():
        at += value
        edges.append(at)
    low, high = min(*edges, total, 0.0), max(*edges, total, 0.0)
    width = (high - low) or 1.0
    views = told.explanation.views if told else {}

    def line(key: str, value: float, start: float, kind: str) -> _ScoreLine:
        left = (min(start, start + value) - low) / width * 100
        figure = f"{value:.3f}" if key == "total" else signed(value)
        view = ViewKey("score") if key == "total" else ViewKey.part(key)
        mapped = view in views and views[view].product
        return _ScoreLine(
            key, kind, f"{left:.2f}%", f"{abs(value) / width * 100:.2f}%", figure, str(view) if mapped else ""
        )

    lines = [
        line(key, value, start, "minus" if value < 0 else "plus")
        for (key, value), start in zip(parts.items(), edges, strict=False)
    ]
    return [*lines, line("total", total, 0.0, "total")]


def _facts(words: Words, product: Product) -> Iterator[tuple[str, str]]:
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
