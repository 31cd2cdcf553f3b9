"""Pictures -> pictures: a product's own picture, a photograph taken in a shop, a photograph of a room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search import metrics
from search.encoder.locator.instances import box_of
from search.errors import InputError
from search.lab.benchmark.base import Benchmark, Bools, Floats, Metrics, TooSmall, task
from search.lab.benchmark.choosing import Chooser
from search.lab.benchmark.datasets import read_scenes
from search.lab.benchmark.localisation import masked_products


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
    of the same kind (the group of articles). Asked is the whole photo, and what `SearchEngine.focus` chooses of it.
    The interval draws whole articles, whose photos are not independent."""
    shots = benchmark.packshots
    if shots is None:
        raise TooSmall("There are no packshots (packshots.parquet) beside these pictures.")
    whole = benchmark.vectors[: benchmark.tested]
    figures = _to_packshots(benchmark, shots, whole, "", "photo")
    chosen = Chooser(shots).chosen(benchmark.images[: benchmark.tested])
    return figures | _to_packshots(benchmark, shots, chosen, "focused_", "a part of the photo")


def _to_packshots(benchmark: Benchmark, shots: Benchmark, queries: Floats, key: str, what: str) -> Metrics:
    articles, figures = benchmark.titles[: benchmark.tested], {}
    scores = queries @ shots.vectors.T
    for suffix, label, own, theirs in (
        ("", f"{what} to packshot", articles, shots.titles),
        ("_group", f"{what} to a packshot of its group", benchmark.kinds[: benchmark.tested], shots.kinds),
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
            figures[f"{key}recall@{k}{suffix}"] = benchmark.metric(
                f"{label}, recall@{k}", metrics.hit_at_k(ranked, k), chance, articles
            )
    return figures


@task("scene", order=70)
def scene(benchmark: Benchmark) -> Metrics:
    """Photograph of a room -> the very product: recall@k is 1 if one of the products in the
    photograph is among the first k of the catalog. Asked is the whole photograph, uncropped; and what
    `SearchEngine.focus` chooses, as the app does, also of photographs of one product alone. Of photographs of several
    each product is asked by its own object: that whose box overlaps the product's best, with an IoU of at least .5; a
    product that no object is found of is not found."""
    if benchmark.scenes is None:
        raise TooSmall("There are no photographs (scenes.csv) of these products.")
    pictures, products = read_scenes(benchmark.scenes)
    relevant = np.array([np.isin(benchmark.ids, wanted) for wanted in products])
    if not relevant.any(axis=1).all():
        lost = [pictures[row].name for row in np.flatnonzero(~relevant.any(axis=1))]
        raise InputError(f"The catalog lacks the products of {', '.join(lost[:5])}.", "Render the scenes again.")
    chooser = Chooser(benchmark)
    whole, chosen = chooser.whole(pictures), chooser.chosen(pictures)
    figures = {
        **_very_product(benchmark, "", "scene", whole, relevant),
        **_very_product(benchmark, "focused_", "a part of the scene", chosen, relevant),
    }
    one = np.array([len(wanted) == 1 for wanted in products])
    if one.any() and not one.all():
        label = "a part of the scene, one product in it,"
        figures |= _very_product(benchmark, "focused_one_", label, chosen[one], relevant[one])
    return figures | _of_several(benchmark, chooser)


def _of_several(benchmark: Benchmark, chooser: Chooser) -> Metrics:
    """Each product of the scenes that have masks of several, by its own object."""
    try:
        products = masked_products(benchmark)
    except TooSmall:
        return {}
    names = [item.picture_id for item in products]
    several = [item for item in products if names.count(item.picture_id) > 1]
    if not several:
        return {}
    vectors = np.stack([chooser.own_object(item.picture, box_of(item.mask)) for item in several])
    relevant = np.array([benchmark.ids == item.product_id for item in several])
    label, scenes = "several in a scene, each by its object,", [item.picture_id for item in several]
    return _very_product(benchmark, "several_", label, vectors, relevant, scenes)


def _very_product(
    benchmark: Benchmark, key: str, label: str, queries: Floats, relevant: Bools, scenes: Sequence[str] | None = None
) -> Metrics:
    """recall@1 and @5 of (n, d) queries for their (n, gallery) relevant products; a query of zeros finds nothing."""
    ranked, n_relevant = benchmark.ranked(queries, relevant), relevant.sum(axis=1)
    asked = np.any(queries != 0, axis=1)
    return {
        f"{key}recall@{k}": benchmark.metric(
            f"{label} to the very product, recall@{k}",
            metrics.hit_at_k(ranked, k) * asked,
            metrics.chance_hit_at_k(n_relevant, len(benchmark.ids), k),
            scenes,
        )
        for k in (1, 5)
    }
