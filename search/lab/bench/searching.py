"""Searches, opened cards and the encoder, each on an engine."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import partial
from itertools import cycle, islice
from typing import Any

import numpy as np

from search import images
from search.catalog import Catalog
from search.encoder import Encoder
from search.encoder.base import BATCH, unit
from search.engine import SearchEngine
from search.explain import Explainer
from search.lab.bench.timing import WARMUP, Row, Timed, compare
from search.schema import Query
from search.searching import Understanding

#: Results asked for: two screens of the app.
K = 24
#: What a phone sends through a messenger; a catalog picture is smaller, a camera's larger.
PHOTO_SIZE = (1200, 1600)


def search(engine: SearchEngine, repeats: int) -> Iterator[Row]:
    """A search end to end, against the least that gives such a ranking: encode, multiply, sort."""
    vectors = engine.index.vectors(engine.catalog.rows().tolist())
    calls = WARMUP + repeats
    words = [f"{p.colour or ''} {p.category or p.title}".strip().lower() for p in engine.catalog]
    texts = list(islice(cycle(words), calls))
    for label, queries in {
        "photo": [Query(image=photo) for photo in fresh_photos(engine.catalog, calls, b"1")],
        "words": [Query(text=text) for text in texts],
        "photo and words": [
            Query(image=photo, text=text)
            for photo, text in zip(fresh_photos(engine.catalog, calls, b"2"), texts, strict=True)
        ],
    }.items():
        yield compare(
            Timed(f"search by {label}, {len(engine.catalog):,} products", partial(_whole, engine, queries)),
            Timed("encoder and numpy argsort", partial(_bare, engine.encoder, vectors, queries)),
            repeats=repeats,
        )

    photos = fresh_photos(engine.catalog, calls, b"6")
    blind = copy(engine)
    blind._understanding = Understanding(engine.encoder, engine.weights, lambda _encoder: None)
    yield compare(
        Timed("find the objects of a new photo, search with the one that is meant", partial(_meant, engine, photos)),
        Timed("look at 26 windows, search with the nearest to a product", partial(_meant, blind, photos)),
        repeats=repeats,
    )


def _meant(engine: SearchEngine, photos: Sequence[bytes], number: int) -> object:
    photo = photos[number]
    return engine.search(Query(image=photo, region=engine.focus(photo)), K)


def _whole(engine: SearchEngine, queries: Sequence[Query], number: int) -> object:
    return engine.search(queries[number], K)


def _bare(encoder: Encoder, vectors: np.ndarray, queries: Sequence[Query], number: int) -> object:
    query = queries[number]
    parts = [] if query.image is None else [encoder.encode_images([query.image])[0]]
    parts += [encoder.encode_texts([query.text])[0]] if query.text else []
    return np.argsort(-(vectors @ unit(np.sum(parts, axis=0))))[:K]


def explain(engine: SearchEngine, repeats: int) -> Iterator[Row]:
    """An opened card, against a batch of pictures through the encoder: how many batches it costs.

    The photo is new each time and the first hit another product, as far as the catalog has enough;
    "prepared" is what a person meets who has looked at the results for a moment.
    """
    calls = WARMUP + repeats
    batch = [images.load(p.image, at_least=engine.encoder.image_size) for p in islice(engine.catalog, BATCH)]
    baseline = Timed(f"{len(batch)} pictures through the encoder", lambda number: engine.encoder.encode_images(batch))
    words = [f"{p.colour or ''} {p.category or p.title}".strip().lower() for p in engine.catalog]
    asked = {
        "of a new photo, not prepared": [Query(image=photo) for photo in fresh_photos(engine.catalog, calls, b"3")],
        "of a new photo, prepared": [Query(image=photo) for photo in fresh_photos(engine.catalog, calls, b"4")],
        "of words alone": [Query(text=text) for text in islice(cycle(words), calls)],
    }
    for label, queries in asked.items():
        yield compare(
            Timed(f"open the first card {label}", _opened(engine, queries, 0, prefetch="not" not in label)),
            baseline,
            repeats=repeats,
        )
    again = [Query(image=photo) for photo in fresh_photos(engine.catalog, calls, b"5")]
    yield compare(Timed("open the second card", _opened(engine, again, 1, prefetch=True)), baseline, repeats=repeats)


def _opened(engine: SearchEngine, queries: Sequence[Query], at: int, *, prefetch: bool) -> Callable[[int], object]:
    """Opens the hit at place `at` of query n; what comes before the click is done beforehand, unless it is wanted.

    Every query has an engine that remembers no picture.
    """
    results = []
    for query in queries:
        fresh = copy(engine)
        fresh._explainer = Explainer(engine.encoder, engine._understanding.looker)
        result = fresh.search(query, K)
        if prefetch:
            fresh.prefetch_explanation(result)
            fresh._explainer.wait()
        for hit in result.hits[:at]:
            fresh.explain(result, hit)
        results.append((fresh, result))
    return lambda number: results[number][0].explain(results[number][1], results[number][1].hits[at])


def encode(engine: SearchEngine, repeats: int) -> Iterator[Row]:
    """Pictures and words through the encoder, a batch against one at a time; times are for one."""
    encoder = engine.encoder
    pictures = [product.image for product in engine.catalog][:BATCH]
    words = [product.title for product in engine.catalog][:BATCH]
    for label, batch, run in (("picture", pictures, encoder.encode_images), ("title", words, encoder.encode_texts)):
        yield compare(
            Timed(f"encode a {label}, in a batch of {len(batch)}", partial(_all, run, batch), len(batch)),
            Timed("one at a time", partial(_each, run, batch), len(batch)),
            repeats=repeats,
        )


def _all(run: Callable[[list[Any]], object], batch: list[Any], number: int) -> object:
    return run(batch)


def _each(run: Callable[[list[Any]], object], batch: list[Any], number: int) -> object:
    return [run([item]) for item in batch]


def fresh_photos(catalog: Catalog, n: int, salt: bytes) -> list[bytes]:
    """n JPEGs of PHOTO_SIZE, no two with the same bytes, because an engine remembers the photos it has read."""
    made = []
    for product in islice(catalog, n):
        out = io.BytesIO()
        images.load(product.image).resize(PHOTO_SIZE).save(out, "JPEG", quality=90)
        made.append(out.getvalue())
    # Decoders stop at the end-of-image marker; what follows only changes the hash.
    return [photo + salt + b"%d" % number for number, photo in enumerate(islice(cycle(made), n))]
