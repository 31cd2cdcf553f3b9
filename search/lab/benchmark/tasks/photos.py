"""Pictures -> pictures: a product's own picture, a photograph taken in a shop, a photograph of a room."""

from __future__ import annotations

import numpy as np

from search import metrics
from search.errors import InputError
from search.lab.benchmark.base import Benchmark, Metrics, TooSmall, task
from search.lab.benchmark.datasets import read_scenes
from search.query import windows


@task("photo", order=50)
def photo(benchmark: Benchmark) -> Metrics:
    """Photo -> products, P@10. Each picture of the data is asked for products of its kind, and of
    its kind and colour; itself it cannot find. Other pictures of the same article count as relevant.
    The interval draws whole kinds (and colours), whose pictures are not independent."""
    figures = {}
    for name, label, columns in (
        ("same_kind_colour", "photo to the same kind and colour", (benchmark.kinds, benchmark.colours)),
        ("same_kind", "photo to the same kind", (benchmark.kinds,)),
    ):
        # One more than min_relevant, because a picture is not an answer to itself.
        wanted = set(benchmark.frequent(*columns, at_least=benchmark.min_relevant + 1))
        keys = list(zip(*(column[: benchmark.tested].tolist() for column in columns), strict=True))
        rows = np.array([row for row, key in enumerate(keys) if key in wanted], dtype=np.int64)
        if not len(rows):
            continue
        relevant = np.logical_and.reduce([column[rows, None] == column for column in columns])
        precision = metrics.precision_at_k(benchmark.ranked(benchmark.vectors[rows], relevant, rows), 10)
        chance = metrics.chance_precision(relevant.sum(axis=1) - 1, len(benchmark.kinds) - 1)
        figures[name] = benchmark.metric(f"{label}, P@10", precision, chance, ["|".join(keys[row]) for row in rows])
    if not figures:
        raise TooSmall(f"No picture has {benchmark.min_relevant} others of its kind in this gallery.")
    return figures


@task("packshot", order=60)
def packshot(benchmark: Benchmark) -> Metrics:
    """Photo taken in a shop -> the clean picture of the same article, among all packshots: recall@k
    is 1 if one with the photo's title (the article) is among the first k; and in the same way one
    of the same kind (the group of articles). The interval draws whole articles, whose photos are
    not independent."""
    shots = benchmark.packshots
    if shots is None:
        raise TooSmall("There are no packshots (packshots.parquet) beside these pictures.")
    articles, figures = benchmark.titles[: benchmark.tested], {}
    scores = benchmark.vectors[: benchmark.tested] @ shots.vectors.T
    for suffix, label, own, theirs in (
        ("", "photo to packshot", articles, shots.titles),
        ("_group", "photo to a packshot of its group", benchmark.kinds[: benchmark.tested], shots.kinds),
    ):
        relevant = own[:, None] == theirs
        if not relevant.any(axis=1).all():
            lost = sorted(set(own[~relevant.any(axis=1)].tolist()))
            raise InputError(
                f"There are no packshots of {', '.join(lost[:5])}.", "Name those of these data with --packshots."
            )
        ranked, n_relevant = metrics.ranked(scores, relevant), relevant.sum(axis=1)
        for k in (1, 5):
            chance = metrics.chance_hit_at_k(n_relevant, relevant.shape[1], k)
            figures[f"recall@{k}{suffix}"] = benchmark.metric(
                f"{label}, recall@{k}", metrics.hit_at_k(ranked, k), chance, articles
            )
    return figures


@task("scene", order=70)
def scene(benchmark: Benchmark) -> Metrics:
    """Photograph of a room -> the very product: recall@k is 1 if one of the products in the
    photograph is among the first k of the catalog. Asked is the whole photograph, uncropped; and the part of it
    that `SearchEngine.focus` chooses, as the app does."""
    if benchmark.scenes is None:
        raise TooSmall("There are no photographs (scenes.csv) of these products.")
    pictures, products = read_scenes(benchmark.scenes)
    relevant = np.array([np.isin(benchmark.ids, wanted) for wanted in products])
    if not relevant.any(axis=1).all():
        lost = [pictures[row].name for row in np.flatnonzero(~relevant.any(axis=1))]
        raise InputError(f"The catalog lacks the products of {', '.join(lost[:5])}.", "Render the scenes again.")
    regions = np.stack([windows.encode_regions(benchmark.encoder, picture) for picture in pictures])
    chosen = [windows.choose_region((one @ benchmark.vectors.T).max(axis=1)) for one in regions]
    asked = {"": regions[:, 0], "focused_": regions[np.arange(len(regions)), chosen]}
    n_relevant = relevant.sum(axis=1)
    figures = {}
    for name, queries in asked.items():
        ranked, which = benchmark.ranked(queries, relevant), "a part of the scene" if name else "scene"
        for k in (1, 5):
            figures[f"{name}recall@{k}"] = benchmark.metric(
                f"{which} to the very product, recall@{k}",
                metrics.hit_at_k(ranked, k),
                metrics.chance_hit_at_k(n_relevant, len(benchmark.ids), k),
            )
    return figures
