"""Build: encode a catalog, index it, and calibrate its scores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from search import images
from search.calibration import ScoreCalibration, calibration_sample, recolour_queries
from search.catalog import Catalog
from search.encoder import EmbeddingCache, Encoder
from search.errors import CatalogError, ImageError
from search.index import DEFAULT, Index, index_class
from search.query.fusion import Weights
from search.schema import Product

if TYPE_CHECKING:
    from PIL import Image

Progress = Callable[[int, int], None]
T = TypeVar("T")

#: Products hashed, looked up and encoded at a time: what an interrupted build loses at most.
_CHUNK = 64


def build(
    catalog: Catalog,
    encoder: Encoder,
    *,
    index: str = DEFAULT,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> Index:
    """The catalog's vectors in an index of the kind registered under `index`.

    Products whose picture turns out to be damaged are dropped from the catalog and named in `catalog.report`.

    Raises:
        CatalogError: not a single picture could be used.
        IndexFileError: there is no such kind of index.
    """
    kind = index_class(index)
    products = list(catalog)
    vectors, problems = embed(products, encoder, cache_dir, progress)
    if len(problems) == len(products):
        problem = next(iter(problems.values()), "It is empty.")
        raise CatalogError(f"No picture of {catalog.name} can be used. {problem}", "Check the pictures.")
    if problems:
        catalog.drop_damaged(problems)
    built = kind(encoder.dim)
    built.add(catalog.rows().tolist(), np.stack([vectors[product.id] for product in catalog]))
    return built


def calibrate(catalog: Catalog, index: Index, encoder: Encoder, weights: Weights) -> ScoreCalibration:
    """The scores of this catalog under this encoder, from queries made of its own products.

    A pair counts as a mismatch when the categories differ, or, in a catalog without categories,
    when the products do; there, what a score is worth cannot be measured and is taken from elsewhere.
    """
    rows = catalog.rows()
    everything = index.vectors(rows.tolist())
    sample = calibration_sample(len(rows))
    products = [catalog.at(int(rows[at])) for at in sample]
    kinds = np.array([catalog.at(int(row)).category or "" for row in rows], object)
    mismatch = kinds[sample][:, None] != kinds[None, :]
    sorted_by_kind = bool(mismatch.any())
    if not sorted_by_kind:
        mismatch = sample[:, None] != np.arange(len(rows))[None, :]
    captions = [f"{p.colour or ''} {p.category or p.title}".strip() for p in products]
    queries = {"photo": everything[sample], "words": encoder.encode_texts(captions)}
    measured = ScoreCalibration.fit(everything, queries, mismatch)
    if not sorted_by_kind:
        return measured
    if recoloured := recolour_queries([p.colour or "" for p in products]):
        texts, of_product = np.unique(recoloured, return_inverse=True)
        queries["recolour"] = encoder.encode_texts(texts.tolist())[of_product]
    return measured.fit_curves(everything, queries, sample, ~mismatch, weights)


def embed(
    products: Sequence[Product], encoder: Encoder, cache_dir: Path | None, progress: Progress | None = None
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """(id -> (d,) vector, id -> what is wrong with its picture).

    A picture that a chunk has twice is encoded once; with a cache, once for ever.

    Args:
        cache_dir: where embeddings are kept; None keeps none.
        progress: called with (products done, products in all) after each chunk.
    """
    vectors: dict[str, np.ndarray] = {}
    problems: dict[str, str] = {}
    cache = _open_cache(cache_dir, encoder)
    try:
        with ThreadPoolExecutor(2) as pool:
            for at in range(0, len(products), _CHUNK):
                chunk = products[at : at + _CHUNK]
                found, wrong = _embed_chunk(chunk, encoder, cache, pool)
                vectors.update(found)
                problems.update(wrong)
                if progress:
                    progress(min(at + _CHUNK, len(products)), len(products))
    finally:
        if cache:
            cache.close()
    return vectors, problems


def embed_all(products: Sequence[Product], encoder: Encoder, cache_dir: Path | None) -> np.ndarray:
    """(n, d) float32 unit rows of products whose pictures can all be used.

    Raises:
        ImageError: one cannot; the message names the product.
    """
    vectors, problems = embed(products, encoder, cache_dir)
    if problems:
        product_id, problem = next(iter(problems.items()))
        raise ImageError(f"Product {product_id!r}: {problem}", "None of the products was added.")
    return np.array([vectors[product.id] for product in products], np.float32).reshape(len(products), encoder.dim)


def _embed_chunk(
    chunk: Sequence[Product], encoder: Encoder, cache: EmbeddingCache | None, pool: ThreadPoolExecutor
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """See `embed`: one chunk, its pictures read in the pool's threads."""
    problems: dict[str, str] = {}

    def attempt(read: Callable[[Product], T]) -> Callable[[Product], T | None]:
        def run(product: Product) -> T | None:
            try:
                return read(product)
            except ImageError as error:
                problems[product.id] = error.problem
                return None

        return run

    def decode(product: Product) -> Image.Image:
        return images.load(product.image, at_least=encoder.image_size)

    hashed = pool.map(attempt(lambda product: images.content_hash(product.image)), chunk)
    hashes = {product.id: digest for product, digest in zip(chunk, hashed, strict=True) if digest}
    known = cache.get(list(hashes.values())) if cache else {}
    first = {digest: product for product in reversed(chunk) if (digest := hashes.get(product.id))}
    fresh = {digest: product for digest, product in first.items() if digest not in known}
    decoded = zip(fresh, pool.map(attempt(decode), fresh.values()), strict=True)
    usable = {digest: picture for digest, picture in decoded if picture is not None}
    if usable:
        encoded = encoder.encode_images(list(usable.values()))
        known.update(zip(usable, encoded, strict=True))
        if cache:
            cache.put(usable, encoded)
    vectors = {}
    for product in chunk:
        digest = hashes.get(product.id)
        if digest in known:
            vectors[product.id] = known[digest]
        elif digest:  # the same damaged picture under another id
            problems[product.id] = problems[first[digest].id]
    return vectors, problems


def _open_cache(folder: Path | None, encoder: Encoder) -> EmbeddingCache | None:
    """The cache, or None where there is none or the disk does not let us: it only saves time."""
    if folder is None:
        return None
    try:
        return EmbeddingCache(folder / "embeddings", encoder.fingerprint, encoder.dim)
    except (OSError, sqlite3.Error):
        return None
