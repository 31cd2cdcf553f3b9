"""Which rows come together in a batch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from search.lab.train.dataset import DOMAINS, Data

# Shares of a batch; what is not there is shared out among the others.
SHARES = {"fashion": 0.64, "clothing": 0.09, "grocery": 0.07, "packshots": 0.03, "home": 0.14, "renders": 0.03}
GROUP = 20  # products of one kind, or that are mistaken for each other
SAME_KIND, MISTAKEN = 0.45, 0.35  # shares of fashion in such groups


class Sampler:
    """Draws batches: each domain a fixed share; much of fashion in groups that only the details tell apart.

    Kinds are drawn by the square root of how many things they have, in home/ then a thing, then a picture of it, so that
    sixty views of one bottle weigh no more than one photograph. mistaken: (fashion rows, k) rows that the model, as it
    stood, gave the highest scores for a row's title by mistake; set by the loop.
    """

    def __init__(self, data: Data, batch: int, shares: Mapping[str, float] | None = None) -> None:
        self.batch = batch
        self.shares = dict(shares or SHARES)
        self.rows = {name: data.rows(name) for name in DOMAINS}
        self.mistaken: np.ndarray | None = None
        self._twins = data.twins
        self._of_twin = {
            name: _grouped(self.rows[name], data.twins[self.rows[name]]) for name in ("packshots", "renders")
        }
        self._kinds = {name: _by_kind(data, self.rows[name]) for name in ("fashion", "clothing", "home", "renders")}

    def counts(self) -> dict[str, int]:
        """How many rows of each domain a batch has."""
        there = {name: share for name, share in self.shares.items() if len(self.rows[name])}
        total = sum(there.values())
        counts = {name: int(self.batch * share / total) for name, share in there.items()}
        counts[max(counts, key=lambda name: counts[name])] += self.batch - sum(counts.values())
        return counts

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """(batch,) int64 rows; the first are those of fashion/. Deterministic by the state of `rng`."""
        counts = self.counts()
        drawn = [self._fashion(counts.get("fashion", 0), rng)]
        if counts.get("clothing"):
            drawn.append(self._by_kind("clothing", counts["clothing"], rng))
        if counts.get("grocery"):
            drawn.append(rng.choice(self.rows["grocery"], counts["grocery"]))
            photos = drawn[-1]
            if counts.get("packshots"):
                drawn.append(self._partners(photos[: counts["packshots"]], counts["packshots"], "packshots", rng))
        if counts.get("home"):
            drawn.append(self._by_kind("home", counts["home"], rng))
        if counts.get("renders"):
            first = self._by_kind("renders", counts["renders"] - counts["renders"] // 2, rng)
            drawn += [first, self._partners(first[: counts["renders"] // 2], counts["renders"] // 2, "renders", rng)]
        return np.concatenate(drawn).astype(np.int64)

    def _fashion(self, count: int, rng: np.random.Generator) -> np.ndarray:
        rows, kinds = self.rows["fashion"], self._kinds["fashion"]
        if not count:
            return np.empty(0, np.int64)
        alike = rng.choice(len(kinds[0]), int(SAME_KIND * count) // GROUP, p=kinds[1])
        drawn = [rng.choice(kinds[0][kind], GROUP)[:, 0] for kind in alike]
        if self.mistaken is not None:
            for place in rng.choice(len(rows), int(MISTAKEN * count) // GROUP):
                others = rng.choice(self.mistaken[place], min(GROUP - 1, self.mistaken.shape[1]), replace=False)
                drawn.append(np.array([rows[place], *others]))
        rest = count - sum(map(len, drawn))
        return np.concatenate([*drawn, rng.choice(rows, rest)])

    def _by_kind(self, domain: str, count: int, rng: np.random.Generator) -> np.ndarray:
        things, weights = self._kinds[domain]
        chosen = rng.choice(len(things), count, p=weights)
        drawn = []
        for kind in chosen:
            views = things[kind][rng.integers(len(things[kind]))]
            drawn.append(views[rng.integers(len(views))])
        return np.array(drawn, dtype=np.int64)

    def _partners(self, rows: np.ndarray, count: int, domain: str, rng: np.random.Generator) -> np.ndarray:
        """`count` rows of `domain`, each of the product of one of `rows` where there is one, else any."""
        of_twin, every = self._of_twin[domain], self.rows[domain]
        chosen = [rng.choice(of_twin.get(self._twins[row], every)) for row in rows]
        return np.array([*chosen, *rng.choice(every, count - len(chosen))], dtype=np.int64)


def _grouped(rows: np.ndarray, keys: np.ndarray) -> dict[int, np.ndarray]:
    return {int(key): rows[keys == key] for key in np.unique(keys)}


def _by_kind(data: Data, rows: np.ndarray) -> tuple[list, np.ndarray]:
    """For each kind of `rows` its things, each an array of rows, and the kind's probability.

    A fashion picture is a thing of its own, so there the things of a kind are one (things, 1) array.
    """
    found, sizes = [], []
    kinds = data.values[rows, 0]
    for kind in np.unique(kinds):
        of_kind = rows[kinds == kind]
        objects = data.objects[of_kind]
        alone = len(np.unique(objects)) == len(objects)
        things = of_kind[:, None] if alone else list(_grouped(of_kind, objects).values())
        found.append(things)
        sizes.append(len(things))
    weights = np.sqrt(sizes)
    return found, weights / weights.sum() if len(sizes) else weights
