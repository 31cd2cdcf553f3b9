"""The command: times a search, words on many products, an index, an encoder, an opened card and a start, each beside a named baseline.

    python -m search bench                        # writes assets/benchmarks/bench.json
    python -m search bench --only index start     # some of it; written only where --out says

No test asserts a time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from search.catalog import Catalog
from search.encoder import load_encoder
from search.engine import SearchEngine
from search.errors import VitrineError
from search.lab import results
from search.lab.bench.index import index
from search.lab.bench.searching import K, encode, explain, search
from search.lab.bench.start import start
from search.lab.bench.timing import Row
from search.lab.bench.words import words
from search.lab.benchmark.datasets import describe
from search.settings import ASSETS, Settings

#: The start comes first, because an app that does not start should be known before the long part.
SECTIONS = ("start", "search", "words", "index", "encode", "explain")
#: A card takes as long as fifty searches, so fewer are timed.
CARDS = 5


def run(engine: SearchEngine, sections: Sequence[str], *, repeats: int, seed: int) -> list[Row]:
    """The rows of the sections, in their order."""
    makers: Mapping[str, Callable[[], Iterator[Row]]] = {
        "search": lambda: search(engine, repeats),
        "words": lambda: words(engine, repeats, seed),
        "index": lambda: index(engine.encoder.dim, repeats, seed),
        "encode": lambda: encode(engine, repeats),
        "explain": lambda: explain(engine, max(repeats // CARDS, 1)),
        "start": start,
    }
    rows = []
    for section in sections:
        for row in makers[section]():
            print(line(row), file=sys.stderr)
            rows.append(row)
    return rows


def line(row: Row) -> str:
    """A row for the eye."""
    return f"{row['label']:64}{row['p50_ms']:10.2f} ms {row['p95_ms']:10.2f} {row['ratio']:8.2f} x {row['baseline']}"


def main(argv: Sequence[str] | None = None) -> int:
    """0; 2 if something given cannot be used."""
    argv = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(prog="python -m search bench", description="Measure speed.", allow_abbrev=False)
    add = parser.add_argument
    add("--catalog", default=str(ASSETS / "catalog"), metavar="SOURCE", help="to search in (default: embedded)")
    add("--model", metavar="NAME", help="any name that load_encoder takes (default: embedded)")
    add("--only", nargs="+", choices=SECTIONS, metavar="SECTION", help=f"some of {', '.join(SECTIONS)}")
    add("--repeats", type=int, default=50, metavar="N", help="timed calls of each (default: %(default)s)")
    add("--seed", type=int, default=0, help="of the random vectors (default: 0)")
    add("--cache-dir", type=Path, default=Settings.cache_dir, metavar="FOLDER", help="where embeddings are kept")
    add("--out", type=Path, metavar="FILE", help="where the JSON goes (default: assets/benchmarks/bench.json)")
    options = parser.parse_args(argv)
    try:
        catalog = Catalog.load(options.catalog)
        engine = SearchEngine.build(catalog, load_encoder(options.model), cache_dir=options.cache_dir)
        head = results.provenance("bench", argv, seed=options.seed)
        rows = run(engine, options.only or SECTIONS, repeats=options.repeats, seed=options.seed)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 2
    encoder = engine.encoder
    result = {
        "kind": "bench",
        "name": "bench",
        **head,
        "model": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dim": encoder.dim},
        "data": describe(options.catalog, catalog),
        "k": K,
        "rows": rows,
    }
    print(results.dumps(result), end="")
    out = options.out or (None if options.only else results.BENCHMARKS / "bench.json")
    if out:
        results.write(result, out)
        print(f"written to {out}", file=sys.stderr)
    return 0
