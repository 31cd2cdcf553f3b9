"""Speed: what a search, an index, an encoder, an opened card and a start cost, each beside a named baseline.

    python -m search bench                        # writes assets/benchmarks/bench.json
    python -m search bench --only index start     # some of it; written only where --out says

Milliseconds belong to one machine on one day; ratios travel. So every measurement alternates with
its baseline in the same run, after a warm-up of both, and `ratio` is median over median: 0.5 means
half the baseline's time. No test asserts a time.
"""

from __future__ import annotations

import argparse
import io
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np

from search import images
from search.catalog import Catalog, Filter
from search.catalog.filter import Between
from search.encoder import Encoder, load_encoder
from search.encoder.base import BATCH, unit
from search.engine import SearchEngine
from search.errors import StartError, VitrineError
from search.explain import Explainer
from search.index import FaissIndex
from search.lab import report
from search.lab.benchmark.datasets import describe
from search.schema import Query
from search.settings import ASSETS, Settings

Row = dict[str, Any]

#: Sizes of the index alone: at ten thousand a scan should be lost beside the encoder, at a hundred thousand not.
SIZES = (10_000, 100_000)
#: Results asked for: two screens of the app.
K = 24
#: Calls of subject and baseline before the clock counts.
WARMUP = 2
#: A start takes seconds, so it is repeated less often than a search.
STARTS = 5
#: What a phone sends through a messenger; a catalog picture is smaller, a camera's larger.
PHOTO_SIZE = (1200, 1600)
#: An app that has not opened its port by then never will.
START_SECONDS = 120


@dataclass(frozen=True)
class Timed:
    """Something to be timed: `call` gets the number of the repetition and handles `items` items."""

    label: str
    call: Callable[[int], object]
    items: int = 1


def compare(
    subject: Timed, baseline: Timed, *, repeats: int, warmup: int = WARMUP, clock: Callable[[], float] = perf_counter
) -> Row:
    """Time the subject and its baseline in turn, so that what disturbs one disturbs the other.

    Returns:
        A row of the result: milliseconds per item at the median and the 95th percentile, how many
        calls were timed, and the ratio of the medians.
    """
    times: dict[str, list[float]] = {subject.label: [], baseline.label: []}
    for number in range(warmup + repeats):
        for timed in (subject, baseline):
            start = clock()
            timed.call(number)
            if number >= warmup:
                times[timed.label].append((clock() - start) * 1000 / timed.items)
    median, beside = (float(np.median(kept)) for kept in times.values())
    return {
        "label": subject.label,
        "p50_ms": median,
        "p95_ms": float(np.quantile(times[subject.label], 0.95)),
        "n": repeats,
        "baseline": baseline.label,
        "baseline_p50_ms": beside,
        "ratio": median / beside,
    }


# ---- what is timed


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

    again = [Query(image=photo) for photo in fresh_photos(engine.catalog, calls, b"6")]
    yield compare(
        Timed("choose the part of a new photo to search with", lambda number: engine.focus(again[number].image)),
        Timed("search by the whole of it", partial(_whole, engine, again)),
        repeats=repeats,
    )


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
            Timed(f"open the first card {label}", _opened(engine, queries, 0, prepare="not" not in label)),
            baseline,
            repeats=repeats,
        )
    again = [Query(image=photo) for photo in fresh_photos(engine.catalog, calls, b"5")]
    yield compare(Timed("open the second card", _opened(engine, again, 1, prepare=True)), baseline, repeats=repeats)


def _opened(engine: SearchEngine, queries: Sequence[Query], at: int, *, prepare: bool) -> Callable[[int], object]:
    """Opens the hit at place `at` of query n; what comes before the click is done beforehand, unless it is wanted.

    Every query has an engine that remembers no picture.
    """
    results = []
    for query in queries:
        fresh = copy(engine)
        fresh._explainer = Explainer(engine.encoder)
        result = fresh.search(query, K)
        if prepare:
            fresh.prepare(result)
            fresh._explainer.wait()
        for hit in result.hits[:at]:
            fresh.explain(result, hit)
        results.append((fresh, result))
    return lambda number: results[number][0].explain(results[number][1], results[number][1].hits[at])


def index(dim: int, repeats: int, seed: int, sizes: Sequence[int] = SIZES) -> Iterator[Row]:
    """The index alone on random vectors: against numpy, and with a filter pushed down against without.

    Args:
        dim: of the vectors; the model's, because a scan reads n x dim numbers.
    """
    rng = np.random.default_rng(seed)
    queries = unit(rng.standard_normal((WARMUP + repeats, dim)))
    for size in sizes:
        vectors = unit(rng.standard_normal((size, dim), dtype=np.float32))
        faiss = FaissIndex(dim)
        faiss.add(range(size), vectors)
        allowed = np.zeros(size, dtype=bool)
        allowed[: size // 10] = True
        rng.shuffle(allowed)
        tenth = Filter((Between("kept", 1, 1),), columns=_Tenth(allowed))
        flat = Timed(f"index of {size:,} x {dim}, exact", partial(_scan, faiss, queries, None))
        yield compare(
            flat,
            Timed("numpy argsort", partial(_argsort, vectors, queries)),
            repeats=repeats,
        )
        yield compare(
            Timed(f"index of {size:,} x {dim}, filtered to a tenth", partial(_scan, faiss, queries, tenth)),
            Timed("the same, unfiltered", flat.call),
            repeats=repeats,
        )


@dataclass(frozen=True)
class _Tenth:
    """Columns of which one says whether a row is kept."""

    kept: np.ndarray

    def alive(self) -> np.ndarray:
        return np.ones(len(self.kept), bool)

    def column(self, name: str) -> np.ndarray:
        return self.kept.astype(np.float64)


def _scan(flat: FaissIndex, queries: np.ndarray, where: Filter | None, number: int) -> object:
    return flat.search(queries[number], K, where)


def _argsort(vectors: np.ndarray, queries: np.ndarray, number: int) -> object:
    return np.argsort(-(vectors @ queries[number]))[:K]


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


def start(repeats: int = STARTS, app: Path = report.ROOT / "app.py") -> Iterator[Row]:
    """`import search` against an empty Python, and the app until its port is open against its page library."""

    def python(code: str) -> Callable[[int], object]:
        return lambda number: subprocess.run([sys.executable, "-c", code], check=True, cwd=report.ROOT)

    yield compare(
        Timed("python -c 'import search'", python("import search")),
        Timed("python -c pass", python("pass")),
        repeats=4 * repeats,
    )
    if app.exists():
        yield compare(
            Timed("python app.py until the port is open, catalog encoded before", lambda number: _open_and_close(app)),
            Timed("python -c 'import gradio'", python("import gradio")),
            repeats=repeats,
            warmup=1,
        )


def _open_and_close(app: Path) -> None:
    """Start the app on a free port, wait for the port, end it.

    Raises:
        StartError: it ended by itself, or took longer than START_SECONDS.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(app), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=app.parent) as process:
        try:
            for _ in range(100 * START_SECONDS):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        return
                if process.poll() is not None:
                    raise StartError(f"{app.name} ended with {process.returncode}.", f"Run it: {' '.join(command)}")
                sleep(0.01)
            raise StartError(f"{app.name} opened no port in {START_SECONDS} s.", f"Run it: {' '.join(command)}")
        finally:
            process.terminate()


def fresh_photos(catalog: Catalog, n: int, salt: bytes) -> list[bytes]:
    """n JPEGs of PHOTO_SIZE, no two with the same bytes, because an engine remembers the photos it has read."""
    made = []
    for product in islice(catalog, n):
        out = io.BytesIO()
        images.load(product.image).resize(PHOTO_SIZE).save(out, "JPEG", quality=90)
        made.append(out.getvalue())
    # Decoders stop at the end-of-image marker; what follows only changes the hash.
    return [photo + salt + b"%d" % number for number, photo in enumerate(islice(cycle(made), n))]


# ---- the command

#: The start comes first, because an app that does not start should be known before the long part.
SECTIONS = ("start", "search", "index", "encode", "explain")
#: A card takes as long as fifty searches, so fewer are timed.
CARDS = 5


def run(engine: SearchEngine, sections: Sequence[str], *, repeats: int, seed: int) -> list[Row]:
    """The rows of the sections, in their order."""
    makers: Mapping[str, Callable[[], Iterator[Row]]] = {
        "search": lambda: search(engine, repeats),
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
        head = report.provenance("bench", argv, seed=options.seed)
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
    print(report.dumps(result), end="")
    out = options.out or (None if options.only else report.BENCHMARKS / "bench.json")
    if out:
        report.write(result, out)
        print(f"written to {out}", file=sys.stderr)
    return 0
