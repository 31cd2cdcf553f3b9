"""The nouns of an explanation: Explanation and what it consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from search.explain.pieces import Partners
from search.explain.shares import match_of
from search.schema import Hit


@dataclass(frozen=True)
class TokenAttribution:
    """What one phrase of the query adds to a score, more than it adds to the average product of the
    catalog (see search.explain.tokens). `word` is what the phrase is called."""

    word: str
    value: float


@dataclass(frozen=True)
class Heatmap:
    """What each place of a picture adds to a number, say the score.

    `grid` is (h, w) float32, signed, over the `window` (left, top, right, bottom) of the upright
    picture, in fractions; a window may reach beyond the picture (it was padded) or cover a part of
    it (it was cropped). `residual` is what no place accounts for: grid.sum() + residual is the
    number. It is None for a map that only orders places.
    """

    grid: np.ndarray = field(hash=False)
    residual: float | None
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)

    @property
    def placed(self) -> float:
        """How much of what is said the places say, 0 to 1: sum |grid| / (sum |grid| + |residual|)."""
        places = float(np.abs(self.grid).sum(dtype=np.float64))
        return places / max(places + abs(self.residual or 0.0), 1e-12)


#: What an AttributionView can take apart, see ViewKey.
VIEW_KINDS = ("score", "part", "token", "next", "attribute")


@dataclass(frozen=True)
class ViewKey:
    """Which number an AttributionView takes apart, and its name in a page (`str(key)`).

    kind         number                                     name
    score        the hit's score                            "score"
    part         the part of the score called `field`       "photo", "text", ...
    token        the value of word `index` of the query     "token 0", ...
    next         the difference to the next hit             "next"
    attribute    how much more the model reads the value    "attribute colour", ...
                 of `field` than the average of the others

    Raises:
        ValueError: the kind is not one of VIEW_KINDS, or lacks its index or field.
    """

    kind: str
    index: int | None = None
    field: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in VIEW_KINDS:
            raise ValueError(f"There is no view of kind {self.kind!r}; use one of {', '.join(VIEW_KINDS)}.")
        if (self.index is not None) != (self.kind == "token"):
            raise ValueError(f"A view of kind {self.kind!r} has the index {self.index}; a token has one, others none.")
        if (self.field is not None) != (self.kind in ("part", "attribute")):
            raise ValueError(
                f"A view of kind {self.kind!r} has the field {self.field!r}; parts and attributes have one."
            )

    @classmethod
    def part(cls, name: str) -> ViewKey:
        return cls("part", field=name)

    @classmethod
    def token(cls, index: int) -> ViewKey:
        return cls("token", index=index)

    @classmethod
    def attribute(cls, name: str) -> ViewKey:
        return cls("attribute", field=name)

    def __str__(self) -> str:
        if self.kind == "part":
            return str(self.field)
        detail = self.index if self.kind == "token" else self.field
        return self.kind if detail is None else f"{self.kind} {detail}"


@dataclass(frozen=True)
class AttributionView:
    """One number and where in both pictures it comes from.

    `value` is the number, `unit` what it is a part of: "score" (the hit's score), "next" (the
    difference to the next hit), or "attribute" (how much more the model reads one value of an
    attribute than the average of the others). A picture that has no part in the number is None.
    """

    value: float
    unit: str = "score"
    photo: Heatmap | None = None
    product: Heatmap | None = None


@dataclass(frozen=True)
class AttributeComparison:
    """One attribute of a matched product beside what the query shows.

    `value` is the catalog's. `seen` is what the photo shows, with its `certainty`: a probability
    over the values that the catalog knows, as the model reads them; None where the catalog itself
    says it ("more like this"). `verdict` is "shared", "different" or "unsure".
    """

    field: str
    value: str
    seen: str
    certainty: float | None
    verdict: str


@dataclass(frozen=True)
class PairwiseDifference:
    """Why a hit stands before `other`: `parts` and `words` here minus there, and the `attributes` in
    which the two differ, as (field, value here, value there)."""

    other: Hit
    parts: Mapping[str, float] = field(hash=False)
    words: tuple[TokenAttribution, ...]
    attributes: tuple[tuple[str, str, str], ...]


#: A clause about a hit: a key of search.explain.narrate.TEMPLATES and the values it names.
Fact = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Explanation:
    """Where and why a product matched.

    `photo_map` and `product_map` are (h, w) float32, in shares of the score, signed, laid over the
    upright picture as a whole; None where the query has no photo or the model cannot say.
    `photo_residual` and `product_residual` are what no place accounts for: map.sum() + residual is
    the photo part of the score and the whole score respectively. `words` has one entry per phrase;
    with `words_residual`, what the words add to any product, they sum to the text part.

    `views` are the same maps and more, as they are (over their windows). `patch_similarity` is
    (places of the photo, places of the product) float32: what each two places have in common; `partners` says which pieces
    of the things in both are each other's.
    `method` says how the maps were made (search.explain.patches). `attributes` compares the product
    with the photo, `difference` with the next hit. `facts` are what the sentence says, for
    other languages. `rank_without_words` is None where there is nothing to leave out, or where
    the product is far down.
    """

    parts: Mapping[str, float] = field(hash=False)
    words: tuple[TokenAttribution, ...]
    photo_map: np.ndarray | None = field(hash=False)
    photo_residual: float
    product_map: np.ndarray | None = field(hash=False)
    product_residual: float
    sentence: str
    words_residual: float = 0.0
    views: Mapping[ViewKey, AttributionView] = field(default_factory=dict, hash=False)
    patch_similarity: np.ndarray | None = field(default=None, hash=False)
    partners: Partners | None = field(default=None, hash=False)
    method: str | None = None
    attributes: tuple[AttributeComparison, ...] = ()
    difference: PairwiseDifference | None = None
    rank_without_words: int | None = None
    facts: tuple[Fact, ...] = field(default=(), hash=False)

    @property
    def match(self) -> float:
        """What speaks for the hit, in points of the score: what shares are shares of (search.explain.shares)."""
        return match_of(self.parts, [*(word.value for word in self.words), self.words_residual])
