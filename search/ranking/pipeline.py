"""Products that the index found -> ranked hits, each made once."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from search import calibration
from search.query.photo import SAME_PICTURE
from search.ranking import price
from search.ranking.registry import QUERY_SIGNALS, SIGNALS
from search.ranking.signals.named import named_rows
from search.schema import Hit

if TYPE_CHECKING:
    from search.ranking.assess import Assessor
    from search.ranking.context import Context

#: Scores are compared by so many decimals: sums of the same numbers differ beyond them.
_DECIMALS = 9


def breakdown(ctx: Context) -> dict[str, np.ndarray]:
    """The name of every signal -> what it adds to the score of each product, (n,) float64.

    Raises:
        ValueError: a signal gives something else than n finite numbers.
    """
    parts = {}
    for name, (signal, weight) in SIGNALS.items():
        values = np.asarray(signal.score(ctx), np.float64)
        if values.shape != (len(ctx),) or not np.isfinite(values).all():
            raise ValueError(f"the signal {name!r} gave {values.shape} values, expected {len(ctx)} finite numbers")
        parts[name] = weight * values
    return parts


def scores(ctx: Context) -> np.ndarray:
    """(n,) float64, the sum of the parts in the order of the signals."""
    return np.sum(list(breakdown(ctx).values()), axis=0)


def rank_order(scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Positions from the highest score to the lowest; scores that are equal but for rounding keep the catalog's order."""
    return np.lexsort((rows, -np.round(scores, _DECIMALS)))


def rank(ctx: Context, k: int, assessor: Assessor) -> tuple[Hit, ...]:
    """The k best hits, best first.

    A hit's score is the plain sum of its parts, in the order of the signals, which makes the split exact by
    construction. Its probability is not the score's, which says what is preferred: it is that of everything that was
    asked (search.ranking.assess).
    """
    parts = breakdown(ctx)
    each = [dict(zip(parts, values, strict=True)) for values in zip(*(p.tolist() for p in parts.values()), strict=True)]
    totals = np.array([sum(values.values()) for values in each], np.float64)
    likeness = np.sum([parts[name] for name in QUERY_SIGNALS if name in parts], axis=0)
    assessor.note_best(ctx, likeness)
    order = (price.order(ctx, np.round(totals, _DECIMALS)) if ctx.sort else rank_order(totals, ctx.rows))[:k]
    shown = ctx.at(ctx.rows[order], ctx.products[order])
    verdicts = assessor.verdicts(shown)
    likely = assessor.probabilities(shown, likeness[order], verdicts)
    exact = exact_hits(shown) if assessor.in_catalog(ctx) else 0
    return tuple(
        Hit(
            rank=place + 1,
            score=float(totals[at]),
            product=ctx.catalog.at(int(ctx.rows[at])),
            parts=MappingProxyType(each[at]),
            band="exact" if place < exact else calibration.band(likely[place]),
            probability=float(likely[place]),
            verdicts=MappingProxyType(verdicts[place]),
        )
        for place, at in enumerate(order.tolist())
    )


def exact_hits(ctx: Context) -> int:
    """How many of the context's products, which are in the order of the hits, are exact: the very picture, or the product
    that the words name where there is no photo. Bands stay in order, so the first hit that is neither ends them."""
    named = set(named_rows(ctx).tolist())
    exact = [
        cosine >= SAME_PICTURE or row in named
        for cosine, row in zip(ctx.cosine("photo"), ctx.rows.tolist(), strict=True)
    ]
    return exact.index(False) if False in exact else len(exact)
