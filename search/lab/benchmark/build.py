"""From catalogs and an encoder to a `Benchmark`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from search.calibration import ScoreCalibration
from search.catalog import Catalog
from search.engine import SearchEngine
from search.lab.benchmark.base import Benchmark, Floats, Photographs
from search.lab.benchmark.baselines import Baseline
from search.lab.benchmark.datasets import is_photograph
from search.progress import progress_bar

#: Plain P@10 needs ten relevant products. A small catalog has few of a colour and kind: there every query counts, and
#: P@10 looks no further than there are relevant products.
MIN_RELEVANT, MIN_RELEVANT_SMALL, SMALL = 10, 1, 1000


def make_benchmark(
    encoder: Any,
    catalogs: Sequence[Catalog],
    *,
    seed: int = 0,
    min_relevant: int | None = None,
    scenes: Path | None = None,
    packshots: Catalog | None = None,
    inside: Catalog | None = None,
    outside: Catalog | None = None,
    photographs: Mapping[str, Catalog] | None = None,
    cache_dir: Path | None = None,
) -> Benchmark:
    """A Benchmark on the first catalog, with the others in the gallery."""
    encoded = [encode(catalog, encoder, cache_dir) for catalog in catalogs]
    products = [product for catalog in catalogs for product in catalog]
    return Benchmark(
        encoder=encoder,
        vectors=np.concatenate([vectors for vectors, _ in encoded]),
        titles=np.array([product.title for product in products]),
        titles_zh=np.array([str(product.attributes.get("title_zh") or "") for product in products]),
        kinds=np.array([product.category or "" for product in products]),
        colours=np.array([product.colour or "" for product in products]),
        ids=np.array([product.id for product in products]),
        photographed=np.array([is_photograph(product) for product in products]),
        tested=len(catalogs[0]),
        min_relevant=min_relevant or (MIN_RELEVANT_SMALL if len(products) < SMALL else MIN_RELEVANT),
        seed=seed,
        scenes=scenes,
        calibration=encoded[0][1],
        packshots=make_benchmark(encoder, [packshots], cache_dir=cache_dir) if packshots else None,
        inside=encode(inside, encoder, cache_dir)[0] if inside else None,
        outside=encode(outside, encoder, cache_dir)[0] if outside else None,
        photographs={
            name: Photographs(
                encode(catalog, encoder, cache_dir)[0], np.array([p.category or "" for p in catalog]), list(catalog)
            )
            for name, catalog in (photographs or {}).items()
        },
        images=[product.image for product in products],
        products=() if isinstance(encoder, Baseline) else products,
        cache_dir=cache_dir,
        outside_words=sorted({product.category.lower() for product in outside if product.category}) if outside else (),
    )


def encode(catalog: Catalog, encoder: Any, cache_dir: Path | None = None) -> tuple[Floats, ScoreCalibration | None]:
    """(n, d) unit rows in the catalog's order, and the engine's calibration of scores.

    Products with a damaged picture leave the catalog. A baseline reads pictures or words, of which an
    engine and its calibration need both.
    """
    if isinstance(encoder, Baseline):
        return encoder.encode_products(list(catalog)), None
    engine = SearchEngine.build(
        catalog, encoder, cache_dir=cache_dir, progress=progress_bar() if sys.stderr.isatty() else None
    )
    return engine.index.vectors(catalog.rows().tolist()), engine.calibration
