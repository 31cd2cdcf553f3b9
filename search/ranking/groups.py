"""Hits in groups that say what they are: all that was asked, then all but one thing, kinds before the rest.

"red mug" gives red mugs, mugs that are not red, and red things that are not mugs; where the catalog has no red armchair,
the first group is empty and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from search.ranking.candidates import candidates
from search.ranking.pipeline import rank
from search.ranking.verdicts import numbered
from search.schema import Aspect, Hit, HitGroup

if TYPE_CHECKING:
    from search.catalog import Filter
    from search.index import Index
    from search.ranking.assess import Assessor
    from search.ranking.context import Context

#: Aspects that a product has or has not. Others ("for winter", "for a party") only order the hits.
HARD = ("kind", "brand", "colour", "material", "pattern", "audience")
#: Hits of a group of near misses: at most, and so many that the catalog is not searched for more.
_NEAR_MISSES, _ENOUGH = 8, 4


@dataclass(frozen=True)
class Grouping:
    """Sorts the hits of one query and looks for what its groups lack.

    ctx: the query, without products. where: what passes the filters.
    """

    ctx: Context
    index: Index
    where: Filter
    assessor: Assessor

    def groups(self, hits: Sequence[Hit], k: int) -> tuple[HitGroup, ...]:
        """The groups of a query that asks for two hard aspects or more; () for others.

        Args:
            hits: the result's, best first.
            k: the most hits of the group that has everything.
        """
        aspects, says = self.ctx.aspects, self.ctx.says
        asked = {name: each for name, each in numbered(aspects).items() if each.name in HARD and not each.excluded}
        if len(asked) < 2:
            return ()
        if not all(says.knows(each.name) for each in asked.values()):
            return of_hits(tuple(asked), hits)
        passing = np.flatnonzero(self.where.mask)
        met = {name: says.agreement(each, passing) == 1 for name, each in asked.items()}
        groups = [self._group(tuple(asked), (), passing[_all(met)], hits, (k, k))]
        for missed in _by_importance(asked):
            others = tuple(name for name in asked if name != missed)
            rows = passing[_all({name: met[name] for name in others}) & ~met[missed]]
            if len(rows):
                groups.append(self._group(others, (missed,), rows, hits, (min(k, _NEAR_MISSES), _ENOUGH)))
        return _numbered(groups, hits)

    def _group(
        self,
        met: tuple[str, ...],
        missed: tuple[str, ...],
        rows: np.ndarray,
        hits: Sequence[Hit],
        counts: tuple[int, int],
    ) -> HitGroup:
        """counts: the most hits, and how many of the result's are enough."""
        most, enough = counts
        inside = set(rows.tolist())
        # The result's hits are the best of all, so that those of the group are the best of the group.
        found = [hit for hit in hits if self.ctx.catalog.row(hit.product.id) in inside][:most]
        if len(found) < min(enough, len(rows)):
            shown = {hit.product.id: hit for hit in hits}
            found = [shown.get(hit.product.id, hit) for hit in self._best(rows, min(most, len(rows)))]
        return HitGroup(met, missed, tuple(found), len(rows))

    def _best(self, rows: np.ndarray, count: int) -> tuple[Hit, ...]:
        """The best of (m,) rows."""
        others = np.setdiff1d(np.flatnonzero(self.where.mask), rows, assume_unique=True)
        found = candidates(self.ctx, self.index, self.where.excluding(others), count)
        return rank(self.ctx.at(found, self.index.vectors(found.tolist())), count, self.assessor)


def _by_importance(asked: Mapping[str, Aspect]) -> list[str]:
    """The aspects to be missed, in the order of their groups: products of the kind that was asked for come first."""
    return sorted(asked, key=lambda name: (asked[name].name == "kind", list(asked).index(name)))


def _all(met: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.logical_and.reduce(list(met.values()))


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


def of_hits(asked: tuple[str, ...], hits: Sequence[Hit]) -> tuple[HitGroup, ...]:
    """Groups of the hits by their verdicts, where the catalog does not say what its products are. Hits that miss more
    than one thing are in none."""
    by_missed: dict[tuple[str, ...], list[Hit]] = {(): []}
    for hit in hits:
        missed = tuple(name for name in asked if hit.verdicts[name].state != "met")
        by_missed.setdefault(missed, []).append(hit)
    order = sorted(by_missed, key=lambda missed: (len(missed), "kind" in missed))
    return tuple(
        HitGroup(tuple(name for name in asked if name not in missed), missed, tuple(found), len(found))
        for missed in order
        if len(missed) < 2 and ((found := by_missed[missed]) or not missed)
    )
