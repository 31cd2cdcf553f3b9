"""Where a search for words stops, and whether words or pictures stop it.

A gallery of more pictures of the same shop is needed: what is added to the data under test is what the probes are
fitted on, and what the titles are to be found among.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search import metrics
from search.lab.benchmark.base import Benchmark, Floats, Metrics, Strings, TooSmall, same_titles, task
from search.lab.train.captions import FEWEST_OF_BRAND, brand_of

#: Added to the diagonal of the covariance, as a share of its mean: chosen on fashion/validation among 0.01 to 3.
SHRINKAGE = 0.3


@task("limits", order=160, on_request=True)
def probing(benchmark: Benchmark) -> Metrics:
    """Titles, when only pictures compete that share what is named with the product the title is of
    (its kind, its colour, its brand: what stands in the title before the word for people, or else
    its first word): recall@10, by distinct title. What recall gains is what the search does not know of that
    attribute. And kinds, colours and brands by linear discriminant analysis (Hastie, Tibshirani and
    Friedman 2009, 4.3, with a shrunken covariance), fitted on the labels of the pictures that only
    stand in the gallery, beside the same by words: P@10 and accuracy among the products asked for
    alone. What the probe is better by is what the pictures show and the words do not ask for; what
    it lacks is not in the embedding, or not in the label."""
    if len(benchmark.vectors) < 2 * benchmark.tested:
        raise TooSmall("The gallery holds too few other pictures to learn anything from.")
    if (benchmark.titles == "").any():
        raise TooSmall("These products have no titles.")
    brands = np.array([(brand_of(title) or title.split()[0]).lower() for title in benchmark.titles])
    return {**_titles(benchmark, brands), **_probes(benchmark, brands)}


def _titles(benchmark: Benchmark, brands: Strings) -> Metrics:
    codes = same_titles(benchmark.titles)
    asked, first = np.unique(codes[: benchmark.tested], return_index=True)
    queries, relevant = benchmark.texts(benchmark.titles[first].tolist()), asked[:, None] == codes
    figures = {}
    for name, label, shared in (
        ("all", "all pictures", ()),
        ("kind", "those of its kind", (benchmark.kinds,)),
        ("colour", "those of its colour", (benchmark.colours,)),
        ("kind_colour", "those of its kind and colour", (benchmark.kinds, benchmark.colours)),
        ("brand", "those of its brand", (brands,)),
    ):
        competing = np.full_like(relevant, True)
        for column in shared:
            competing &= column[first, None] == column
        competing |= relevant
        found = metrics.hit_at_k(benchmark.ranked(queries, relevant, among=competing), 10)
        counts = zip(relevant.sum(axis=1), competing.sum(axis=1), strict=True)
        chance = [metrics.chance_hit_at_k([r], int(n), 10)[0] for r, n in counts]
        figures[f"title_{name}"] = benchmark.metric(f"title, recall@10 among {label}", found, chance)
    return figures


def _probes(benchmark: Benchmark, brands: Strings) -> Metrics:
    figures = {}
    for name, column in (("kind", benchmark.kinds), ("colour", benchmark.colours), ("brand", brands)):
        here, there = column[: benchmark.tested], column[benchmark.tested :]
        values, counts = np.unique(there, return_counts=True)
        values = values[(counts >= FEWEST_OF_BRAND) & (values != "")]
        if not len(values):
            continue
        known = np.flatnonzero(np.isin(here, values))
        vectors = benchmark.vectors[: benchmark.tested]
        by_words = vectors @ benchmark.texts([value.lower() for value in values]).T
        learned = np.isin(there, values)
        probe = discriminant(
            benchmark.vectors[benchmark.tested :][learned], np.searchsorted(values, there[learned]), vectors
        )
        relevant = here[known, None] == values
        of_value = values[:, None] == here
        enough = of_value.sum(axis=1) >= benchmark.min_relevant
        for how, label, scores in (("words", "by its word", by_words), ("probe", "by a probe", probe)):
            accuracy = metrics.hit_at_k(metrics.ranked(scores[known], relevant), 1)
            chance = metrics.chance_hit_at_k(np.ones(len(known)), len(values), 1)
            figures[f"{name}_accuracy_{how}"] = benchmark.metric(f"{name} {label}, accuracy", accuracy, chance)
            if enough.any():
                found = metrics.ranked(scores.T[enough], of_value[enough])
                chance = metrics.chance_precision(of_value[enough].sum(axis=1), benchmark.tested)
                figures[f"{name}_p10_{how}"] = benchmark.metric(
                    f"{name} {label}, P@10", metrics.precision_at_k(found, 10), chance
                )
    return figures


def discriminant(train: Floats, classes: NDArray[np.int64], asked: Floats) -> NDArray[np.float64]:
    """(n, k) log posteriors of `asked` under linear discriminant analysis.

    Args:
        train: (m, d). classes: (m,) numbers from 0 to k - 1, each at least once. asked: (n, d).
    """
    train, counts = train.astype(np.float64), np.bincount(classes)
    means = np.zeros((len(counts), train.shape[1]))
    np.add.at(means, classes, train)
    means /= counts[:, None]
    centred = train - means[classes]
    covariance = centred.T @ centred / len(train)
    # Where the pictures of a class are all the same, there is no spread to shrink towards.
    covariance += (SHRINKAGE * np.trace(covariance) / len(covariance) + 1e-6) * np.eye(len(covariance))
    directions = np.linalg.solve(covariance, means.T).T
    scores = asked @ directions.T - (directions * means).sum(axis=1) / 2 + np.log(counts / len(train))
    top = scores.max(axis=1, keepdims=True)
    return scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
