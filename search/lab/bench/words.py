"""A words search on many titled products, against the vectors of their pictures alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice

import numpy as np

from search.catalog import Catalog
from search.encoder.base import unit
from search.engine import SearchEngine
from search.index import DEFAULT, index_class
from search.lab.bench.searching import K
from search.lab.bench.timing import WARMUP, Row, Timed, compare
from search.schema import Query

#: As many as one machine is meant for.
SIZE = 100_000
#: Length of what is added to a product's vector for its copies, beside the vector's 1.
_APART = 0.5


def words(engine: SearchEngine, repeats: int, seed: int, size: int = SIZE) -> Iterator[Row]:
    """A search by words over pictures, texts and columns, against what it was before it looked at texts: encode the
    words, search the index.

    The products are those of the engine's catalog many times over, each with a number in its title and another vector
    near its own.
    """
    many = multiplied(engine, size, seed)
    columns = [f"{p.brand or ''} {p.colour or ''} {p.category or p.title}".strip().lower() for p in engine.catalog]
    kinds = [(p.category or p.title).lower() for p in engine.catalog]
    texts = list(islice(cycle(text for pair in zip(columns, kinds, strict=True) for text in pair), WARMUP + repeats))

    def pictures(number: int) -> object:
        vector = many.encoder.encode_texts([texts[number]])[0]
        rows, _ = many.index.search(vector, K)
        return [many.catalog.at(int(row)) for row in rows]

    yield compare(
        Timed(f"search by words, {size:,} titled products", lambda number: many.search(Query(text=texts[number]), K)),
        Timed("encoder and index alone", pictures),
        repeats=repeats,
    )


def multiplied(engine: SearchEngine, size: int, seed: int) -> SearchEngine:
    """An engine over `size` products made of the engine's own."""
    own = list(engine.catalog)
    products = [
        replace(product, id=f"{product.id}-{number}", title=f"{product.title} {number}")
        for number, product in enumerate(islice(cycle(own), size))
    ]
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((size, engine.encoder.dim), dtype=np.float32)
    vectors = engine.index.vectors(engine.catalog.rows().tolist())
    index = index_class(DEFAULT)(engine.encoder.dim)
    index.add(range(size), unit(np.resize(vectors, noise.shape) + _APART * unit(noise)))
    return SearchEngine(Catalog(products), engine.encoder, index, engine.calibration, weights=engine.weights)
