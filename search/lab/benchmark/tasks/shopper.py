"""The whole engine as a merchandiser sees it, asked in every form that the catalog's columns can judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.calibration import DEPTH
from search.catalog import Catalog
from search.engine import SearchEngine
from search.lab.benchmark.base import Benchmark, Floats, Metrics, TooSmall, task
from search.lab.benchmark.shopping import figures, photos, plain
from search.lab.benchmark.shopping.asking import LEVELS, Answer, Remembering, answerable, ask, level, levels_of
from search.lab.benchmark.shopping.forms import FORMS, ShopperQuery
from search.lab.benchmark.shopping.goods import Goods
from search.lab.benchmark.shopping.queries import shopper_queries


@task("shopper", order=170, on_request=True)
def shopper(benchmark: Benchmark) -> Metrics:
    """Queries of every form a merchandiser types, drawn by seed from the data's columns, asked of the
    public engine: of the catalog whole, of titles and pictures alone, of pictures alone (not in a large gallery); always
    judged by all columns, with everything that was asked for (kind, colour and brand exactly as the
    columns have them; where there is no such column, the brand is what stands in the title before
    the word for people; of three words of a title every product whose title has them keeps the promise). P@5 is the share of right products among the first five (among the first R
    where only R are right), MRR that of the product with the title asked for; top the share of right
    hits among those called very close or exact, ECE the calibration error of their probability, over
    the first 24 hits; denied the share of queries whose first hit is right and which are answered
    with "no good match" or a first hit called weak; for things that the shop does not have, the share
    of queries with a hit called close. Beside it BM25 alone over the same texts and vectors alone.
    Photographs are those given (--photographs), the scenes, or else products held out of the catalog.
    Intervals draw whole targets, for ECE whole queries."""
    trial = Trial.of(benchmark)
    encoder = Remembering(benchmark.encoder)
    benchmark = replace(benchmark, encoder=encoder)
    encoder.encode_texts([asked.query.text for asked in trial.queries if asked.query.text])
    metrics: Metrics = {}
    for name, label in levels_of(len(trial.catalog)).items():
        engine = SearchEngine.build(level(trial.catalog, name), encoder, cache_dir=benchmark.cache_dir)
        answers = ask(engine, answerable(trial.queries, name))
        metrics |= figures.found(benchmark, answers, name, label) | figures.promised(benchmark, answers, name, label)
    return metrics | baselines(benchmark, trial)


def baselines(benchmark: Benchmark, trial: Trial) -> Metrics:
    """BM25 over everything known and over titles, and vectors, for the queries that they can be asked."""
    words = [asked for asked in trial.queries if asked.query.image is None]
    found: dict[str, tuple[str, Sequence[Answer]]] = {
        f"bm25-{name}": (
            f"BM25 alone, {LEVELS[name]}",
            plain.by_words(level(trial.catalog, name), answerable(words, name), DEPTH),
        )
        for name in ("whole", "titles")
    }
    asked = [each for each in trial.queries if FORMS[each.form].measure != "absent"]
    found["vectors"] = (
        "vectors alone", plain.by_vectors(benchmark, trial.catalog, asked, trial.vectors, DEPTH),
    )  # fmt: skip
    metrics: Metrics = {}
    for name, (label, answers) in found.items():
        metrics |= figures.found(benchmark, answers, name, label)
    return metrics


@dataclass(frozen=True)
class Trial:
    """A catalog, its (n, d) vectors, and all queries that are asked of it."""

    catalog: Catalog
    vectors: Floats
    queries: Sequence[ShopperQuery]

    @classmethod
    def of(cls, benchmark: Benchmark) -> Trial:
        """
        Raises:
            TooSmall: the benchmark has no products, or no kinds to judge by.
            InputError: two products have the same id.
        """
        if not benchmark.products or not (benchmark.kinds != "").any():
            raise TooSmall("There are no kinds to judge by.")
        catalog, tested = Catalog(benchmark.products), benchmark.tested
        held: list = []
        if not benchmark.photographs and benchmark.scenes is None:
            catalog, held = photos.hold_out(catalog, tested, benchmark.seed)
            tested -= len(held)
        goods = Goods.of(catalog, tested)
        pictures = photos.of_products(held, goods)
        for given in benchmark.photographs.values():
            pictures += photos.of_products(given.products, goods)
        if benchmark.scenes is not None:
            pictures += photos.of_scenes(benchmark.scenes, goods)
        queries = shopper_queries(goods, benchmark.seed) + photos.photo_queries(goods, pictures, benchmark.seed)
        rows = np.isin(benchmark.ids, goods.ids)
        return cls(catalog, benchmark.vectors[rows], queries)
