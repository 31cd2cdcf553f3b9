"""Whether the catalog has anything like what was asked, whatever the filters and however many hits are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.calibration.evidence import chance_met
from search.lexicon import lexicon
from search.ranking.signals.named import named_rows
from search.schema import Aspect

if TYPE_CHECKING:
    from search.calibration import ScoreCalibration, Thresholds
    from search.index import Index
    from search.ranking.context import Context
    from search.ranking.verdicts import Judge

#: The nearest products that are looked at where the catalog does not say what its products are.
_NEAREST = 24
#: The model has seen a kind where it gives one of the nearest products this probability of being of it. In pictures
#: alone 0.2 denies 3 and 5 of 100 kinds of fashion/validation and the embedded catalog and accepts 3 and 5 of 100 things
#: that they do not have (0.3: 15 and 13 against 3 and 4; the cosine alone 0 and 0 against 19 and 79).
_SEEN = 0.2
#: Where fewer of the products than this say of what kind they are, the others are looked at too.
_MOST_SAY = 0.8
#: Products of a broader kind that are looked at.
_BROADER = 5000


def in_catalog(
    ctx: Context,
    index: Index,
    judge: Judge,
    scale: ScoreCalibration,
    thresholds: Thresholds,
    unknown: int,
    open_vocabulary: bool,
) -> bool:
    """Whether any product of the whole catalog is like the query.

    A kind that words name is there if a product is of it, whatever the cosines; so is any other thing that products say.
    Where something is only unwanted, all the rest is there. Words that neither lexicon nor catalog know are not there,
    unless the model may know them. What is left is decided by the cosine of the nearest product
    (search.calibration.rejection).

    Args:
        unknown: how many of the words nobody knows.
        open_vocabulary: whether the model knows words beyond the lexicon.
    """
    if ctx.query.like is not None or not len(ctx.catalog) or not {"photo", "text"} & ctx.given.keys():
        return True
    if len(named_rows(ctx)):
        return True
    kinds = [aspect for aspect in ctx.wanted if aspect.name == "kind"]
    if kinds:
        return all(_has_kind(aspect, ctx, index, judge) for aspect in kinds)
    if "photo" not in ctx.given:
        if any(len(ctx.says.rows(aspect)) for aspect in ctx.wanted):
            return True
        if unknown and not ctx.wanted and not open_vocabulary:
            return False
    if "photo" in ctx.given and scale.in_catalog(thresholds, {"photo": ctx.photo.nearest}):
        return True
    return "text" in ctx.given and scale.in_catalog(thresholds, {"words": _closest(ctx, index)})


def _closest(ctx: Context, index: Index) -> float:
    """The cosine of the nearest product of the whole catalog to the words."""
    _, cosines = index.search(ctx.given["text"].astype(np.float32), 1)
    return float(cosines[0])


def _has_kind(aspect: Aspect, ctx: Context, index: Index, judge: Judge) -> bool:
    """Whether a product is of the kind, is called so or is of the kind just above it, by the catalog; or, where that is
    silent or says no more than a family of kinds, as the model sees it. In a shop of boots there are boots for who asks for
    wellies, and where the category of polo T-shirts is T-shirts there are polo shirts."""
    rows = ctx.catalog.rows()
    agreement = ctx.says.agreement(aspect, rows)
    if (agreement == 1).any() or "text" not in ctx.given or _has_next_kind(aspect, ctx):
        return True
    open_rows = rows[agreement > 0]
    silent = np.isnan(agreement)
    if silent.mean() > 1 - _MOST_SAY:
        nearest, _ = index.search(ctx.given["text"].astype(np.float32), _NEAREST)
        open_rows = np.union1d(open_rows, np.intersect1d(nearest, rows[silent]))
    pictures = index.vectors(open_rows[:_BROADER].tolist())
    nearest = np.argsort(-(pictures @ ctx.given["text"]), kind="stable")[:_NEAREST]
    return any(chance_met(verdict) >= _SEEN for verdict in judge.seen(aspect, pictures[nearest]))


def _has_next_kind(aspect: Aspect, ctx: Context) -> bool:
    """Whether products are called so, or are of a kind one step broader; a family right below a department ("accessories")
    is none."""
    if not ctx.says.mentioned("kind").isdisjoint(aspect.concepts):
        return True
    ups = (up for id in aspect.concepts for up in lexicon().broader(id))
    near = [up.id for up in ups if any(over.scheme == "kinds" for over in lexicon().broader(up))]
    return bool(near) and bool((ctx.says.agreement(Aspect("kind", "", tuple(near)), ctx.catalog.rows()) == 1).any())
