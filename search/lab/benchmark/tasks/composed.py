"""Queries of several parts: a photo and words, words and an exclusion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search import metrics
from search.lab.benchmark.base import Benchmark, Bools, Floats, Metrics, Strings, TooSmall, task
from search.lab.benchmark.datasets import in_english
from search.query import fusion

#: Photos of one (kind, colour, other colour); more would only ask the same question again.
PHOTOS_PER_TRIPLET = 3
#: Composed queries at most, drawn from all: against 33,000 products their judgements take 66 MB.
COMPOSED_QUERIES = 2000


@task("composed", order=80)
def composed(benchmark: Benchmark) -> Metrics:
    """Photo of an item + "in {other colour}" -> items of its kind in the other colour, P@10.
    Queries are drawn by seed: at most three photos for each (kind, colour, other colour) with
    enough relevant products, at most 2,000 in all. Beside it the photo alone, "in {other colour}" alone, and, as a
    reference that is told the kind, the words "{other colour} {kind}". `gain` is the paired
    difference to the better of photo and words alone. The interval draws whole (kind, other
    colour) targets, whose queries are not independent."""
    asked = Composed.draw(benchmark)
    photos, words, reference = (
        benchmark.vectors[asked.rows],
        benchmark.texts(asked.words),
        benchmark.texts(asked.reference),
    )
    found = {
        "composed": ("photo and words", fused(benchmark.weights, photo=photos, text=words)),
        "photo": ("photo alone", photos),
        "words": ("words alone", words),
        "reference": ("reference: words with the kind", reference),
    }
    values = {name: asked.precision(benchmark, queries) for name, (_, queries) in found.items()}
    figures = {
        name: benchmark.metric(f"composed, {label}, P@10", values[name], asked.chance, asked.targets)
        for name, (label, _) in found.items()
    }
    single = max(("photo", "words"), key=lambda name: values[name].mean())
    figures["gain"] = benchmark.metric(
        f"composed, gain over {found[single][0]}", values["composed"] - values[single], None, asked.targets
    )
    return figures


@task("exclude", order=90)
def exclude(benchmark: Benchmark) -> Metrics:
    """Words without a colour, P@10: "{kind}" minus "{colour}" -> items of the kind in any other
    known colour, against the kind's words alone, for each kind and colour of the data with enough
    items of the colour and of others. `left` is the share of the first ten that still has the kind
    and the colour. The interval draws whole kinds."""
    asked = Excluded.draw(benchmark)
    kinds, colours = benchmark.texts(asked.words), benchmark.texts(asked.unwanted)
    figures = {}
    for name, label, queries in (
        ("without", "with the exclusion", fused(benchmark.weights, text=kinds, exclude=colours)),
        ("plain", "words alone", kinds),
    ):
        precision, left = asked.precision(benchmark, queries), asked.left(benchmark, queries)
        chance, groups = asked.chance, list(asked.kinds)
        figures[name] = benchmark.metric(f"exclude a colour, {label}, P@10", precision, chance, groups)
        figures[f"{name}_left"] = benchmark.metric(
            f"exclude a colour, {label}, still that colour (less is better)", left, asked.wrong.mean(axis=1), groups
        )
    return figures


@dataclass(frozen=True)
class Composed:
    """Queries "this, in another colour"; one entry per query in every field."""

    rows: NDArray[np.int64]  # the item in the photo
    kinds: Strings
    others: Strings  # the colour asked for
    relevant: Bools  # (q, n)

    @classmethod
    def draw(cls, benchmark: Benchmark) -> Composed:
        """
        Raises:
            TooSmall: no kind has one colour often enough and an item in another.
        """
        rng = np.random.default_rng(benchmark.seed)
        rows_of: dict[tuple[str, str], list[int]] = {}
        asked = slice(benchmark.tested)
        for row, key in enumerate(zip(benchmark.kinds[asked].tolist(), benchmark.colours[asked].tolist(), strict=True)):
            rows_of.setdefault(key, []).append(row)
        drawn = [
            (row, kind, other)
            for kind, other in benchmark.frequent(benchmark.kinds, benchmark.colours)
            for (same, colour), rows in sorted(rows_of.items())
            if same == kind and colour not in ("", other)
            for row in rng.permutation(rows)[:PHOTOS_PER_TRIPLET]
        ]
        if not drawn:
            raise TooSmall(f"No kind has {benchmark.min_relevant} products in one colour, and one in another.")
        if len(drawn) > COMPOSED_QUERIES:
            drawn = [drawn[at] for at in np.sort(rng.permutation(len(drawn))[:COMPOSED_QUERIES])]
        rows, kinds, others = (np.array(column) for column in zip(*drawn, strict=True))
        relevant = (benchmark.kinds == kinds[:, None]) & (benchmark.colours == others[:, None])
        return cls(rows, kinds, others, relevant)

    @property
    def words(self) -> list[str]:
        return [f"in {other.lower()}" for other in self.others]

    @property
    def reference(self) -> list[str]:
        return [in_english(other, kind) for other, kind in zip(self.others, self.kinds, strict=True)]

    @property
    def targets(self) -> list[str]:
        return [f"{kind}|{other}" for kind, other in zip(self.kinds, self.others, strict=True)]

    @property
    def chance(self) -> NDArray[np.float64]:
        return metrics.chance_precision(self.relevant.sum(axis=1), self.relevant.shape[1] - 1)

    def precision(self, benchmark: Benchmark, queries: Floats) -> NDArray[np.float64]:
        """(q,) P@10 of (q, d) query vectors; the item in the photo cannot be found."""
        return metrics.precision_at_k(benchmark.ranked(queries, self.relevant, self.rows), 10)


@dataclass(frozen=True)
class Excluded:
    """Queries "this kind, but not in that colour"; one entry per query in every field."""

    kinds: Strings
    colours: Strings
    relevant: Bools  # (q, n) the kind in another known colour
    wrong: Bools  # (q, n) the kind in that colour

    @classmethod
    def draw(cls, benchmark: Benchmark) -> Excluded:
        """
        Raises:
            TooSmall: no kind has one colour often enough and others often enough.
        """
        pairs = benchmark.frequent(benchmark.kinds, benchmark.colours)
        columns = np.array(pairs).reshape(-1, 2).T
        same, that = (
            column == wanted[:, None]
            for column, wanted in zip((benchmark.kinds, benchmark.colours), columns, strict=True)
        )
        relevant, wrong = same & ~that & (benchmark.colours != ""), same & that
        keep = relevant.sum(axis=1) >= benchmark.min_relevant
        if not keep.any():
            raise TooSmall(f"No kind has {benchmark.min_relevant} products in a colour and as many in others.")
        return cls(columns[0][keep], columns[1][keep], relevant[keep], wrong[keep])

    @property
    def words(self) -> list[str]:
        return [kind.lower() for kind in self.kinds]

    @property
    def unwanted(self) -> list[str]:
        return [colour.lower() for colour in self.colours]

    @property
    def chance(self) -> NDArray[np.float64]:
        return metrics.chance_precision(self.relevant.sum(axis=1), self.relevant.shape[1])

    def precision(self, benchmark: Benchmark, queries: Floats) -> NDArray[np.float64]:
        """(q,) P@10 of (q, d) query vectors."""
        return metrics.precision_at_k(benchmark.ranked(queries, self.relevant), 10)

    def left(self, benchmark: Benchmark, queries: Floats) -> NDArray[np.float64]:
        """(q,) share of the first ten with the kind and the colour that was not wanted."""
        return benchmark.ranked(queries, self.wrong)[:, :10].mean(axis=1)


def fused(weights: fusion.Weights, **parts: Floats) -> Floats:
    """(q, d) fused queries from parts of (q, d) each, by the formula the engine uses."""
    rows = (dict(zip(parts, row, strict=True)) for row in zip(*parts.values(), strict=True))
    return np.stack([fusion.fuse(weights, **row).vector for row in rows]).astype(np.float32)
