"""The weights of the evidence that ship, fitted to shoppers' queries through the whole engine.

    python -m search evaluate --fit-evidence --data assets/catalog ../shared/data/fashion/validation.parquet \\
        --photographs ../shared/data/clothing/validation.parquet ../shared/data/home/validation.parquet --seed 7 \\
        --out search/calibration/prior.json

The photographs are of splits that the model has not learned from: of others it is surer than of a customer's. Queries of
every form are asked of each catalog at the three levels of knowledge (search.lab.benchmark.shopping), and the
weights of search.calibration.evidence are those under which the judgement of their first hits is likeliest.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.calibration import DEPTH, modality
from search.calibration.evidence import EVIDENCE, fit
from search.catalog import Catalog
from search.encoder import load_encoder
from search.engine import SearchEngine
from search.errors import VitrineError
from search.lab.benchmark.base import Bools, Floats
from search.lab.benchmark.datasets import read_photographs
from search.lab.benchmark.shopping import LEVELS, Goods, ShopperQuery, level, shopper_queries
from search.lab.benchmark.shopping.asking import Remembering, answerable
from search.lab.benchmark.shopping.forms import FORMS
from search.lab.benchmark.shopping.photos import of_products, photo_queries
from search.ranking.registry import QUERY_SIGNALS
from search.schema import SearchResult
from search.settings import Settings

#: Weights before anything is measured, of every modality: what the scores say counts half.
START: Mapping[str, float] = {"likeness": 0.5}
#: 1 / variance of the Gaussian prior about those.
PRECISION = 1.0
#: Weights that nothing in the queries can measure, and the most they may be: an unknown word is among no query that has
#: an answer, so that it can only be told to count against a hit.
AT_MOST: Mapping[str, Mapping[str, float]] = {"words": {"unknown": -2.2}}
MOST, MOST_PHOTOS = 20, 100


@dataclass(frozen=True)
class Judged:
    """The first hits of one query: (n, len(EVIDENCE)) what is known of them, (n,) whether each has all that was said.

    in_catalog: where it is False, no hit is worth anything whatever the evidence, and nothing is to be learned.
    """

    asked: ShopperQuery
    level: str
    made: str
    evidence: Floats
    met: Bools
    in_catalog: bool


def evidence_of(engine: SearchEngine, result: SearchResult) -> Floats:
    """(n, len(EVIDENCE)) what the probabilities of a result's hits were made of."""
    understanding, catalog = engine._understanding, engine.catalog
    query, parsed, fused = result.query, result.parsed, result.fused
    if parsed is None or fused is None:
        raise ValueError("the result is none of an engine's")
    rows = np.array([catalog.row(hit.product.id) for hit in result.hits], np.int64)
    asked = understanding.asked(query, parsed, result.vectors, fused, catalog, engine.index)
    where = understanding.where(query, parsed, catalog)
    assessor = understanding.assessor(asked, parsed, where, engine.calibration, engine.thresholds, engine.index)
    likeness = np.array([sum(hit.parts.get(name, 0.0) for name in QUERY_SIGNALS) for hit in result.hits])
    verdicts = tuple(dict(hit.verdicts) for hit in result.hits)
    return assessor.evidence(asked.at(rows, engine.index.vectors(rows.tolist())), likeness, verdicts)


def judged(engine: SearchEngine, queries: Sequence[ShopperQuery], name: str) -> Iterator[Judged]:
    """The hits of each query that weights can be learned from: those that the engine answers and that want something.

    Pieces of titles are left out: who judges by the letters of titles ("red men t-shirt" by "men", not "male") is
    stricter than what was said, and would teach that what is met is not.
    """
    for asked in answerable(queries, name):
        if FORMS[asked.form].measure == "part" or asked.meeting is not None:
            continue
        try:
            result = engine.search(asked.query, DEPTH)
        except VitrineError:
            continue
        if result.hits and result.fused is not None and {"photo", "text"} & result.vectors.keys():
            met = np.array([hit.product.id in asked.met for hit in result.hits], bool)
            evidence = evidence_of(engine, result)
            yield Judged(asked, name, modality(result.fused), evidence, met, result.in_catalog)


def fitted(hits: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Modality -> the weights of its evidence, without those that are 0."""
    weights = {}
    for made in ("photo", "words", "both"):
        own = [each for each in hits if each.made == made and each.in_catalog]
        evidence = np.concatenate([np.zeros((0, len(EVIDENCE))), *(each.evidence for each in own)])
        met = np.concatenate([np.zeros(0, bool), *(each.met for each in own)])
        found = fit(evidence, met, START, PRECISION)
        found |= {name: min(found[name], most) for name, most in AT_MOST.get(made, {}).items()}
        weights[made] = {name: round(weight, 2) for name, weight in found.items() if round(weight, 2)}
    return weights


def ask_all(options: argparse.Namespace) -> list[Judged]:
    """What every query finds in every catalog at every level."""
    encoder = Remembering(load_encoder())
    hits: list[Judged] = []
    photographs = [product for source in options.photographs for product in read_photographs(source)]
    for source in options.data:
        catalog = Catalog.load(source)
        goods = Goods.of(catalog)
        queries = shopper_queries(goods, options.seed, most=options.most)
        queries += photo_queries(goods, of_products(photographs, goods), options.seed, most=options.photos)
        encoder.encode_texts([asked.query.text for asked in queries if asked.query.text])
        for name in LEVELS:
            engine = SearchEngine.build(level(catalog, name), encoder, cache_dir=options.cache_dir)
            hits += judged(engine, queries, name)
            print(f"{source}, {LEVELS[name]}: {len(queries)} queries", file=sys.stderr)
    return hits


def main(argv: Sequence[str]) -> int:
    """0 and what was fitted in the file --out; 2 if something given cannot be used."""
    options = _parser().parse_args(argv)
    try:
        weights = fitted(ask_all(options))
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 2
    options.out.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    print(f"written to {options.out}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m search evaluate --fit-evidence", allow_abbrev=False)
    add = parser.add_argument
    add("--fit-evidence", action="store_true", help="fit the weights of search.calibration.evidence")
    add("--data", nargs="+", required=True, metavar="SOURCE", help="catalogs to ask")
    add("--photographs", nargs="+", default=[], metavar="SOURCE", help="photographs to ask with")
    add("--most", type=int, default=MOST, metavar="N", help="queries of each form (default: %(default)s)")
    add("--photos", type=int, default=MOST_PHOTOS, metavar="N", help="photographs (default: %(default)s)")
    add("--seed", type=int, default=0, help="of the queries (default: 0)")
    add("--cache-dir", type=Path, default=Settings.cache_dir, metavar="FOLDER", help="where embeddings are kept")
    add("--out", type=Path, required=True, metavar="FILE", help="where the weights go")
    return parser
