"""What a task works on, what it returns, and where it is registered.

A task is a function from a `Benchmark` to its metrics by name; its docstring becomes the definition in the result:

    @task("brands", order=30)
    def brands(benchmark: Benchmark) -> Metrics:
        ...

Queries are made from the data, answers are judged by its own words (`category` is the kind,
`colour` the colour, compared exactly: "Navy Blue" does not answer "blue"). The gallery is the data
and whatever is added to it; what is added is found but never asked for.

P@10 is the share of relevant products among the first ten. Queries with fewer than `min_relevant` relevant
products in the gallery are left out; where that is less than ten, P@10 of a query with R < 10 relevant
products is that of the first R, see metrics.precision_at_k. Ties count against the model.

Vectors come from the encoder and are fused by search.query.fusion, as in the engine; only the search
itself is one matrix product for all queries instead of one index call each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search import metrics
from search.calibration import ScoreCalibration
from search.errors import InputError
from search.query import fusion
from search.schema import Product

Strings = NDArray[np.str_]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


class Metric(TypedDict):
    """A figure as it is written: a mean over queries, its 95 % interval, and what a random order would reach."""

    label: str
    value: float
    low: float
    high: float
    n: int  # queries, or hits where the task says so
    chance: float | None  # None for a difference


Metrics = dict[str, Metric]
Run = Callable[["Benchmark"], Metrics]


class TooSmall(InputError):
    """The data cannot answer a task's question; the task is left out, and the result says why."""

    code = "too_small"


@dataclass(frozen=True)
class Benchmark:
    """Pictures as vectors, what the catalog says of them, and the encoder that is measured.

    The first `tested` rows are the data under test; the others only stand in the gallery. `packshots`
    are clean pictures of the same articles; `inside` and `outside` are to be found and to be rejected.
    All have the same encoder.
    """

    encoder: Any
    vectors: Floats  # (n, d) unit rows
    titles: Strings  # (n,)
    titles_zh: Strings  # (n,) "" = none
    kinds: Strings  # (n,) "" = unknown
    colours: Strings  # (n,) "" = unknown
    ids: Strings  # (n,)
    photographed: Bools  # (n,) the data say that a camera took the picture
    tested: int
    min_relevant: int
    weights: fusion.Weights = field(default_factory=fusion.Weights)
    seed: int = 0
    scenes: Path | None = None
    calibration: ScoreCalibration | None = None
    packshots: Benchmark | None = None
    inside: Floats | None = None  # (m, d) photographs of the catalog's kinds
    outside: Floats | None = None  # (m, d) photos of things that the catalog does not have
    outside_words: Sequence[str] = ()  # their kinds
    photographs: Mapping[str, Photographs] = field(
        default_factory=dict
    )  # to find products of their kinds with, by data set
    images: Sequence[Any] = ()  # (n,) as the catalog names them, for tasks that look again
    products: Sequence[Product] = ()  # (n,) for tasks that ask the engine; none with a baseline
    cache_dir: Path | None = None  # where their embeddings are kept

    def ranked(
        self, queries: Floats, relevant: Bools, own: NDArray[np.int64] | None = None, among: Bools | None = None
    ) -> Bools:
        """(q, n) judgements in rank order.

        Args:
            queries: (q, d) unit rows.
            relevant: (q, n) which products answer.
            own: (q,) the row of each query's own photo, which then counts as last and not relevant.
            among: (q, n) which products compete; the others come last.
        """
        found = np.empty(relevant.shape, dtype=bool)
        for start in range(0, len(queries), 256):  # 256 x 33,000 scores take 34 MB
            part = slice(start, start + 256)
            scores, judged = queries[part] @ self.vectors.T, relevant[part].copy()
            if among is not None:
                scores[~among[part]] = -np.inf
            if own is not None:
                each = np.arange(len(scores))
                scores[each, own[part]], judged[each, own[part]] = -np.inf, False
            found[part] = metrics.ranked(scores, judged)
        return found

    def subsample(self, rows: NDArray[np.int64]) -> Benchmark:
        """The benchmark of a catalog that has only `rows` of the data under test."""
        of_rows = ("vectors", "titles", "titles_zh", "kinds", "colours", "ids", "photographed")
        return replace(
            self, tested=len(rows), images=(), products=(), **{name: getattr(self, name)[rows] for name in of_rows}
        )

    def texts(self, words: Sequence[str]) -> Floats:
        """(q, d) vectors; each distinct text is encoded once."""
        distinct, where = np.unique(np.asarray(words), return_inverse=True)
        return self.encoder.encode_texts(distinct.tolist())[where]

    def frequent(self, *columns: Strings, at_least: int | None = None) -> list[tuple[str, ...]]:
        """Combinations of known values that the data under test have, and the gallery often enough, sorted.

        Args:
            columns: each (n,), of this benchmark.
            at_least: min_relevant when not given.
        """
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        counts = Counter(rows)
        enough = self.min_relevant if at_least is None else at_least
        return sorted(key for key in set(rows[: self.tested]) if all(key) and counts[key] >= enough)

    def metric(
        self, label: str, values: ArrayLike, chance: ArrayLike | None, groups: Sequence[str] | Strings | None = None
    ) -> Metric:
        """The mean of a value per query, with its bootstrap interval.

        Args:
            values: (q,) one per query.
            chance: (q,) their expectations under a random order; None for a difference.
            groups: (q,) queries with one name are drawn together, see metrics.bootstrap.
        """
        found = metrics.bootstrap(values, groups, seed=self.seed)
        level = None if chance is None else float(np.asarray(chance).mean())
        return Metric(label=label, value=found.value, low=found.low, high=found.high, n=found.n, chance=level)


@dataclass(frozen=True)
class Photographs:
    """Photographs of single things as somebody takes them, of which each one's kind is known."""

    vectors: Floats  # (m, d) unit rows
    kinds: Strings  # (m,)
    products: Sequence[Product] = ()  # (m,) their pictures and what is known of them


@dataclass(frozen=True)
class Task:
    """A question to a model, by its name in results and on the command line."""

    name: str
    run: Run
    order: int  # its place in the tables
    on_request: bool  # asked only by name, because it takes minutes

    @property
    def definition(self) -> str:
        """What is asked and how an answer is judged, as one paragraph."""
        return " ".join((self.run.__doc__ or "").split())


TASKS: dict[str, Task] = {}


def task(name: str, *, order: int, on_request: bool = False) -> Callable[[Run], Run]:
    """Register a function as a task.

    Raises:
        ValueError: the name is taken.
    """

    def register(run: Run) -> Run:
        if name in TASKS:
            raise ValueError(f"There is a task {name!r} already.")
        TASKS[name] = Task(name, run, order, on_request)
        return run

    return register


def task_names(*, on_request: bool) -> list[str]:
    """Names of the tasks that are asked by default, or of those that are asked only by name, in order."""
    return [task.name for task in sorted(TASKS.values(), key=lambda t: t.order) if task.on_request == on_request]


def same_titles(titles: Strings) -> NDArray[np.int64]:
    """(n,) the same number for titles that differ in case and spaces at most."""
    return np.unique([" ".join(title.casefold().split()) for title in titles], return_inverse=True)[1]
