"""The command: read data and model, run the tasks, print and keep the result.

    python -m search evaluate                                   # the embedded catalog
    python -m search evaluate --data ../shared/data/fashion --split test
    python -m search evaluate --data ../shared/data/fashion --split test --task title \\
        --gallery ../shared/data/fashion/train.parquet ../shared/data/fashion/validation.parquet
    python -m search evaluate --data ../shared/data/clothing --split validation
    python -m search evaluate --data ../shared/data/grocery     # photographs, among the packshots beside them
    python -m search evaluate --data ../shared/data/fashion --split test --baseline imagenet
    python -m search evaluate --data ../shared/data/fashion --split validation --sweep
    python -m search evaluate --task explain                    # where explanations point; minutes, only by name

JSON goes to stdout and, unless --limit makes it a trial, to assets/benchmarks; a table to stderr.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from search import calibration
from search.catalog import Catalog
from search.encoder import load_encoder
from search.engine import SearchEngine
from search.errors import InputError, VitrineError
from search.lab import report
from search.lab.benchmark.baselines import BASELINES, Baseline
from search.lab.benchmark.datasets import describe, locate, packshots_beside, same
from search.lab.benchmark.faithfulness import explain
from search.lab.benchmark.limits import limits
from search.lab.benchmark.tasks import TASKS, Case, Floats, TooSmall, floors, sweep
from search.progress import progress_bar
from search.settings import ASSETS, Settings

CATALOG, SCENES = ASSETS / "catalog", ASSETS / "scenes"

#: Plain P@10 needs ten right answers. A small catalog has few of a colour and kind: there every query counts, and
#: P@10 looks no further than there are right answers.
MIN_RIGHT, MIN_RIGHT_SMALL, SMALL = 10, 1, 1000

#: Tasks that take minutes: asked only by name.
ON_REQUEST: Mapping[str, Callable[[Case], dict[str, Any]]] = {"explain": explain, "limits": limits}


def main(argv: Sequence[str] | None = None) -> int:
    """0; 1 if the data could answer none of the tasks; 2 if something given cannot be used."""
    argv = sys.argv[1:] if argv is None else list(argv)
    options = _parser().parse_args(argv)
    try:
        result = run(options, argv)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 2
    print(report.dumps(result), end="")
    print(summary(result), file=sys.stderr)
    out = options.out or (report.BENCHMARKS / f"{result['name']}.json" if options.limit is None else None)
    if out:
        report.write(result, out)
        print(f"written to {out}", file=sys.stderr)
    answered = result["kind"] == "sweep" or any("figures" in outcome for outcome in result["tasks"].values())
    return 0 if answered else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m search evaluate", description="Measure how well a model finds products.", allow_abbrev=False
    )
    add = parser.add_argument
    add("--data", default=str(CATALOG), metavar="SOURCE", help="a catalog, or a folder of splits (default: embedded)")
    add("--split", metavar="NAME", help="NAME.parquet of the folder --data")
    add("--gallery", nargs="+", default=[], metavar="SOURCE", help="further catalogs to search in, not to ask for")
    add("--task", nargs="+", choices=[*TASKS, *ON_REQUEST], metavar="TASK",
        help=f"some of {', '.join(TASKS)} (default: all of these), {', '.join(ON_REQUEST)}")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--model", metavar="NAME", help="any name that load_encoder takes (default: embedded)")
    which.add_argument("--baseline", choices=list(BASELINES), help="instead of a model; it is asked what it can answer")
    add("--sweep", action="store_true", help="instead of the tasks: P@10 over the fusion's weights; with "
        "--outside also the floors of good matches")  # fmt: skip
    add("--min-right", type=int, metavar="N", help="leave out queries with fewer right answers (default: "
        f"{MIN_RIGHT}; {MIN_RIGHT_SMALL} in a gallery under {SMALL:,})")  # fmt: skip
    add("--limit", type=int, metavar="N", help="a trial on the first N products; written only where --out says")
    add("--seed", type=int, default=0, help="of sampled queries and intervals (default: 0)")
    add(
        "--scenes", type=Path, metavar="FOLDER", help="photographs with scenes.csv (default: with the embedded catalog)"
    )
    add("--packshots", metavar="SOURCE", help="clean pictures of the same articles (default: packshots.parquet beside "
        "the data)")  # fmt: skip
    add("--inside", metavar="SOURCE", help="photographs of the catalog's kinds, which must not be refused")
    add("--outside", metavar="SOURCE", help="photos of what the catalog does not have, which must be refused")
    add("--cache-dir", type=Path, default=Settings.cache_dir, metavar="FOLDER",
        help="where embeddings are kept (default: %(default)s)")  # fmt: skip
    add("--out", type=Path, metavar="FILE", help="where the JSON goes (default: assets/benchmarks)")
    return parser


def run(options: argparse.Namespace, argv: Sequence[str]) -> dict[str, Any]:
    """The result of the tasks, or of the sweep, with its provenance.

    Raises:
        VitrineError: data or model cannot be had, or the data are too few for a sweep.
    """
    if options.sweep and options.baseline:
        raise InputError("A baseline has no weights to sweep.", "Leave out --sweep or --baseline.")
    source = locate(options.data, options.split)
    data = Catalog.load(source, limit=options.limit)
    more = {path: Catalog.load(path) for path in map(locate, options.gallery) if not same(path, source)}
    packshots = options.packshots or packshots_beside(source)
    shots = Catalog.load(packshots) if packshots else None
    encoder: Any
    if options.baseline:
        encoder = BASELINES[options.baseline](options.cache_dir, options.seed)
    else:
        encoder = load_encoder(options.model)
    scenes = options.scenes or (SCENES if same(source, str(CATALOG)) and (SCENES / "scenes.csv").exists() else None)
    case = make_case(
        encoder,
        [data, *more.values()],
        seed=options.seed,
        min_right=options.min_right,
        scenes=scenes,
        packshots=shots,
        inside=Catalog.load(options.inside) if options.inside else None,
        outside=Catalog.load(options.outside) if options.outside else None,
        cache_dir=options.cache_dir,
    )
    head = {
        **report.provenance("evaluate", argv, seed=options.seed),
        "model": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dim": encoder.dim},
        "data": describe(source, data),
        "gallery": {"products": len(case.ids), "also": [describe(*item) for item in more.items()]},
        **({"packshots": describe(packshots, shots)} if packshots and shots else {}),
        "min_right": case.min_right,
    }
    place = _slug(head["data"]["name"])
    suffix = f"--{_slug(encoder.name)}" if options.model or options.baseline else ""
    if options.sweep:
        least = (
            {"floors": {made: floor._asdict() for made, floor in floors(case).items()}}
            if case.outside is not None
            else {}
        )
        return {"kind": "sweep", "name": f"sweep-{place}{suffix}", **head, **sweep(case), **least}
    name = "-".join(["evaluate", place, *(options.task or []), *(["in", str(len(case.ids))] if more else [])])
    tasks = {task: outcome(task, case) for task in options.task or TASKS}
    return {"kind": "evaluate", "name": name + suffix, **head, "tasks": tasks}


def outcome(name: str, case: Case) -> dict[str, Any]:
    """A task's figures, or why the data cannot answer it, or why the baseline cannot be asked."""
    task = {**TASKS, **ON_REQUEST}[name]
    definition = " ".join((task.__doc__ or "").split())
    if isinstance(case.encoder, Baseline) and name not in case.encoder.tasks:
        return {"definition": definition, "not_applicable": case.encoder.cannot}
    try:
        return {"definition": definition, "figures": task(case)}
    except TooSmall as error:
        return {"definition": definition, "skipped": error.problem}


def make_case(
    encoder: Any,
    catalogs: Sequence[Catalog],
    *,
    seed: int = 0,
    min_right: int | None = None,
    scenes: Path | None = None,
    packshots: Catalog | None = None,
    inside: Catalog | None = None,
    outside: Catalog | None = None,
    cache_dir: Path | None = None,
) -> Case:
    """A Case on the first catalog, with the others in the gallery."""
    encoded = [encode(catalog, encoder, cache_dir) for catalog in catalogs]
    products = [product for catalog in catalogs for product in catalog]
    return Case(
        encoder=encoder,
        vectors=np.concatenate([vectors for vectors, _ in encoded]),
        titles=np.array([product.title for product in products]),
        titles_zh=np.array([str(product.attributes.get("title_zh") or "") for product in products]),
        kinds=np.array([product.category or "" for product in products]),
        colours=np.array([product.colour or "" for product in products]),
        ids=np.array([product.id for product in products]),
        asked=len(catalogs[0]),
        min_right=min_right or (MIN_RIGHT_SMALL if len(products) < SMALL else MIN_RIGHT),
        seed=seed,
        scenes=scenes,
        background=encoded[0][1],
        packshots=make_case(encoder, [packshots], cache_dir=cache_dir) if packshots else None,
        inside=encode(inside, encoder, cache_dir)[0] if inside else None,
        outside=encode(outside, encoder, cache_dir)[0] if outside else None,
        images=[product.image for product in products],
        outside_words=sorted({product.category.lower() for product in outside if product.category}) if outside else (),
    )


def encode(
    catalog: Catalog, encoder: Any, cache_dir: Path | None = None
) -> tuple[Floats, calibration.Background | None]:
    """(n, d) unit rows in the catalog's order, and the engine's background of scores.

    Products with a damaged picture leave the catalog. A baseline reads pictures or words, of which an
    engine and its background need both.
    """
    if isinstance(encoder, Baseline):
        return encoder.encode_products(list(catalog)), None
    engine = SearchEngine.build(
        catalog, encoder, cache_dir=cache_dir, progress=progress_bar() if sys.stderr.isatty() else None
    )
    return engine.index.vectors(catalog.rows().tolist()), engine.background


def summary(result: Mapping[str, Any]) -> str:
    """The result as a table for the eye."""
    model, data = result["model"], result["data"]
    lines = [
        f"{model['name']} {model['fingerprint'][:12]} on {data['name']}, gallery {result['gallery']['products']:,}"
    ]
    if result["kind"] == "sweep":
        for curve in result["sweeps"].values():
            lines.append(f"{curve['parameter']}; {curve['label']} (best at {curve['choice']:g}):")
            lines += [f"  {p['weight']:6.3f}  {p['value']:.3f}  {p['low']:.3f}-{p['high']:.3f}" for p in curve["curve"]]
        lines += [
            f"floor of {made}: {floor['cosine']:.3f} among {floor['size']:,}, {floor['growth']:+.3f} for each factor e"
            for made, floor in result.get("floors", {}).items()
        ]
        return "\n".join(lines)
    lines.append(f"{'':72}{'value':>7}   95 % interval {'chance':>8}{'queries':>9}")
    for name, done in result["tasks"].items():
        if "skipped" in done:
            lines.append(f"{name}: left out, {done['skipped']}")
        if "not_applicable" in done:
            lines.append(f"{name}: not applicable, {done['not_applicable']}")
        for figure in done.get("figures", {}).values():
            chance = "" if figure["chance"] is None else f"{figure['chance']:.3f}"
            lines.append(
                f"{figure['label']:72}{figure['value']:7.3f}   {figure['low']:.3f} - {figure['high']:.3f} "
                f"{chance:>8}{figure['n']:9,}"
            )
    return "\n".join(lines)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
