"""Products that the index found -> ranked hits, each made once."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from search import calibration
from search.ranking import price
from search.ranking.registry import QUERY_SIGNALS, SIGNALS
from search.schema import Hit

if TYPE_CHECKING:
    from search.calibration import ScoreCalibration, Thresholds
    from search.catalog import Filter
    from search.index import Index
    from search.query.fusion import FusedQuery
    from search.ranking.context import Context

#: Two pictures nearer than this are one picture, saved twice: of 46 such pairs in fashion/test 43 have one title, and
#: all have one kind.
SAME_PICTURE = 0.99


def best_likeness(index: Index, fused: FusedQuery, where: Filter) -> float | None:
    """The score of the best product whatever the filters, which change what is shown, not what it is worth.

    None where the first hit is the best product, or where nothing depends on it.
    """
    if not where.conditions or calibration.modality(fused) != "words":
        return None
    _, scores = index.search(fused.vector.astype(np.float32), 1)
    return float(scores[0]) if len(scores) else None


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
    """Positions from the highest score to the lowest; equal scores keep the catalog's order."""
    return np.lexsort((rows, -scores))


def rank(
    ctx: Context, k: int, scale: ScoreCalibration, thresholds: Thresholds, best: float | None = None
) -> tuple[tuple[Hit, ...], bool]:
    """The k best hits, best first, and whether the catalog has anything like the query.

    A hit's score is the plain sum of its parts, in the order of the signals, which makes the split exact by
    construction. Its probability is that of its likeness to the query alone, without further signals: they say what is
    preferred, not what matches.

    Args:
        best: the likeness of the catalog's best product, where that need not be among the context's.
    """
    parts = breakdown(ctx)
    each = [dict(zip(parts, values, strict=True)) for values in zip(*(p.tolist() for p in parts.values()), strict=True)]
    totals = np.array([sum(values.values()) for values in each], np.float64)
    likeness = np.sum([parts[name] for name in QUERY_SIGNALS if name in parts], axis=0)
    order = (price.order(ctx, totals) if ctx.sort else rank_order(totals, ctx.rows))[:k]
    found = in_catalog(ctx, order, scale, thresholds)
    likely = scale.probabilities(ctx.fused, likeness, best) if found else np.zeros(len(ctx))
    exact = exact_hits(ctx, order) if found else 0
    hits = tuple(
        Hit(
            rank=rank,
            score=float(totals[at]),
            product=ctx.catalog.at(int(ctx.rows[at])),
            parts=MappingProxyType(each[at]),
            band="exact" if rank <= exact else calibration.band(likely[at]),
            probability=float(likely[at]),
        )
        for rank, at in enumerate(order.tolist(), start=1)
    )
    return hits, found


def in_catalog(ctx: Context, order: np.ndarray, scale: ScoreCalibration, thresholds: Thresholds) -> bool:
    """Whether the catalog has anything like the query; a product of the catalog always has its like."""
    if ctx.query.like is not None or not order.size:
        return True
    kinds = {"photo": "photo", "text": "words"}
    closest = {kind: float(ctx.cosine(part)[order].max()) for part, kind in kinds.items() if part in ctx.given}
    return scale.in_catalog(thresholds, closest)


def exact_hits(ctx: Context, order: np.ndarray) -> int:
    """How many of the first hits are exact: the very picture, or the product that the words name where there is no photo.
    Bands stay in order, so the first hit that is neither ends them."""
    named = set(SIGNALS["named"].signal.rows(ctx).tolist())  # type: ignore[attr-defined]
    likeness = ctx.cosine("photo")
    for count, at in enumerate(order.tolist()):
        if likeness[at] < SAME_PICTURE and int(ctx.rows[at]) not in named:
            return count
    return len(order)
