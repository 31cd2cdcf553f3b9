"""Hits in groups that say what they are: all that was asked, then all but one thing, kinds before the rest.

"red mug" gives red mugs, mugs that are not red, and red things that are not mugs; where the catalog has no red armchair,
the first group is empty and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from search.ranking.verdicts import named
from search.schema import Aspect, Hit, HitGroup

if TYPE_CHECKING:
    from search.catalog.aspects import ProductAspects

#: Aspects that a product has or has not. Others ("for winter", "for a party") only order the hits.
HARD = ("kind", "brand", "colour", "material", "pattern", "audience")
#: Hits of a group of near misses.
_NEAR_MISSES = 8

#: (m,) rows, how many -> the best of them as hits, best first.
Best = Callable[[np.ndarray, int], Sequence[Hit]]


def grouped(
    aspects: Sequence[Aspect], says: ProductAspects, passing: np.ndarray, hits: Sequence[Hit], k: int, best: Best
) -> tuple[HitGroup, ...]:
    """The groups of a query that asks for two hard aspects or more; () for others.

    Args:
        passing: (m,) sorted rows that pass the filters.
        hits: the result's, best first.
        k: the most hits of the group that has everything.
    """
    asked = {name: each for name, each in named(aspects).items() if each.name in HARD and not each.excluded}
    if len(asked) < 2:
        return ()
    if not all(says.knows(each.name) for each in asked.values()):
        return _of_hits(tuple(asked), hits)
    allowed = _without_unwanted(aspects, says, passing)
    met = {name: says.agreement(each, allowed) == 1 for name, each in asked.items()}
    groups = [_group(tuple(asked), (), allowed[_all(met)], hits, k, best)]
    for missed in _by_importance(asked):
        others = tuple(name for name in asked if name != missed)
        rows = allowed[_all({name: met[name] for name in others}) & ~met[missed]]
        if len(rows):
            groups.append(_group(others, (missed,), rows, hits, min(k, _NEAR_MISSES), best))
    return _numbered(groups, hits)


def _by_importance(asked: Mapping[str, Aspect]) -> list[str]:
    """The aspects to be missed, in the order of their groups: products of the kind that was asked for come first."""
    return sorted(asked, key=lambda name: (asked[name].name == "kind", list(asked).index(name)))


def _all(met: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.logical_and.reduce(list(met.values()))


def _without_unwanted(aspects: Sequence[Aspect], says: ProductAspects, rows: np.ndarray) -> np.ndarray:
    """The rows without those that have what must not be there."""
    for aspect in aspects:
        if aspect.excluded:
            rows = rows[~(says.agreement(aspect, rows) == 1)]
    return rows


def _group(
    met: tuple[str, ...], missed: tuple[str, ...], rows: np.ndarray, hits: Sequence[Hit], count: int, best: Best
) -> HitGroup:
    found = best(rows, min(count, len(rows))) if len(rows) else ()
    shown = {hit.product.id: hit for hit in hits}
    return HitGroup(met, missed, tuple(shown.get(hit.product.id, hit) for hit in found), len(rows))


def _numbered(groups: Sequence[HitGroup], hits: Sequence[Hit]) -> tuple[HitGroup, ...]:
    """Hits that are not among the result's get the ranks after them, by their score."""
    ids = {hit.product.id for hit in hits}
    further = sorted(
        (hit for group in groups for hit in group.hits if hit.product.id not in ids), key=lambda hit: -hit.score
    )
    numbered = {hit.product.id: replace(hit, rank=rank) for rank, hit in enumerate(further, start=len(hits) + 1)}
    return tuple(
        replace(group, hits=tuple(numbered.get(hit.product.id, hit) for hit in group.hits)) for group in groups
    )


def _of_hits(asked: tuple[str, ...], hits: Sequence[Hit]) -> tuple[HitGroup, ...]:
    """Groups of the hits by their verdicts, where the catalog does not say what its products are; those that meet least
    last."""
    by_missed: dict[tuple[str, ...], list[Hit]] = {(): []}
    for hit in hits:
        missed = tuple(name for name in asked if hit.verdicts[name].state != "met")
        by_missed.setdefault(missed, []).append(hit)
    order = sorted(by_missed, key=lambda missed: (len(missed), "kind" in missed))
    groups = (
        HitGroup(tuple(name for name in asked if name not in missed), missed, tuple(found), len(found))
        for missed in order
        if len(missed) < 2 and ((found := by_missed[missed]) or not missed)
    )
    return tuple(groups)
