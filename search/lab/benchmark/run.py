"""The command: read data and model, run the tasks, print and keep the result.

    python -m search evaluate                                   # the embedded catalog
    python -m search evaluate --data ../shared/data/fashion --split test
    python -m search evaluate --data ../shared/data/fashion --split test --task title \\
        --gallery ../shared/data/fashion/train.parquet ../shared/data/fashion/validation.parquet
    python -m search evaluate --data ../shared/data/clothing --split validation
    python -m search evaluate --data ../shared/data/grocery     # photographs, among the packshots beside them
    python -m search evaluate --data ../shared/data/home --split validation
    python -m search evaluate --task photograph_kind --photographs ../shared/data/home/validation.parquet \\
        ../shared/data/clothing/validation.parquet
    python -m search evaluate --data ../shared/data/fashion --split test --baseline imagenet
    python -m search evaluate --data ../shared/data/fashion --split validation --sweep
    python -m search evaluate --fit-evidence --help             # the weights of the probability, from several catalogs
    python -m search evaluate --task explain                    # where explanations point; minutes, only by name

JSON goes to stdout and, unless --limit makes it a trial, to assets/benchmarks; a table to stderr.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from search.catalog import Catalog
from search.encoder import load_encoder
from search.errors import InputError, VitrineError
from search.lab import results
from search.lab.benchmark import evidence, faithfulness, locating, probing, tasks
from search.lab.benchmark.base import TASKS, Benchmark, TooSmall, task_names
from search.lab.benchmark.baselines import BASELINES, Baseline
from search.lab.benchmark.build import MIN_RELEVANT, MIN_RELEVANT_SMALL, SMALL, make_benchmark
from search.lab.benchmark.datasets import dataset_name, describe, locate, packshots_beside, read_photographs, same
from search.lab.benchmark.sweep import sweep
from search.lab.benchmark.thresholds import thresholds
from search.settings import ASSETS, Settings

CATALOG, SCENES = ASSETS / "catalog", ASSETS / "scenes"

#: Modules that register their tasks when they are imported.
REGISTERING = (tasks, probing, faithfulness, locating)


def main(argv: Sequence[str] | None = None) -> int:
    """0; 1 if the data could answer none of the tasks; 2 if something given cannot be used."""
    argv = sys.argv[1:] if argv is None else list(argv)
    if "--fit-evidence" in argv:
        return evidence.main(argv)
    options = _parser().parse_args(argv)
    try:
        result = run(options, argv)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 2
    print(results.dumps(result), end="")
    print(summary(result), file=sys.stderr)
    out = options.out or (results.BENCHMARKS / f"{result['name']}.json" if options.limit is None else None)
    if out:
        results.write(result, out)
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
    usual, on_request = (task_names(on_request=by_name) for by_name in (False, True))
    add("--task", nargs="+", choices=[*usual, *on_request], metavar="TASK",
        help=f"some of {', '.join(usual)} (default: all of these), {', '.join(on_request)}")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--model", metavar="NAME", help="any name that load_encoder takes (default: embedded)")
    which.add_argument("--baseline", choices=list(BASELINES), help="instead of a model; it is asked what it can answer")
    add("--sweep", action="store_true", help="instead of the tasks: P@10 over the fusion's weights; with "
        "--outside also the thresholds of good matches")  # fmt: skip
    add("--min-relevant", type=int, metavar="N", help="leave out queries with fewer relevant products (default: "
        f"{MIN_RELEVANT}; {MIN_RELEVANT_SMALL} in a gallery under {SMALL:,})")  # fmt: skip
    add("--limit", type=int, metavar="N", help="a trial on the first N products; written only where --out says")
    add("--seed", type=int, default=0, help="of sampled queries and intervals (default: 0)")
    add(
        "--scenes", type=Path, metavar="FOLDER", help="photographs with scenes.csv (default: with the embedded catalog)"
    )
    add("--packshots", metavar="SOURCE", help="clean pictures of the same articles (default: packshots.parquet beside "
        "the data)")  # fmt: skip
    add("--inside", metavar="SOURCE", help="photographs of the catalog's kinds, which must not be refused")
    add(
        "--photographs",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help="photographs to find products of their kinds with",
    )
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
    encoder = _encoder(options)
    benchmark = make_benchmark(
        encoder,
        [data, *more.values()],
        seed=options.seed,
        min_relevant=options.min_relevant,
        scenes=options.scenes or _scenes_of(source),
        packshots=shots,
        inside=Catalog.load(options.inside) if options.inside else None,
        outside=Catalog.load(options.outside) if options.outside else None,
        photographs={dataset_name(path): read_photographs(path) for path in options.photographs},
        cache_dir=options.cache_dir,
    )
    head = {
        **results.provenance("evaluate", argv, seed=options.seed),
        "model": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dim": encoder.dim},
        "data": describe(source, data),
        "gallery": {"products": len(benchmark.ids), "also": [describe(*item) for item in more.items()]},
        **({"packshots": describe(packshots, shots)} if packshots and shots else {}),
        "min_right": benchmark.min_relevant,
    }
    place = _slug(head["data"]["name"])
    suffix = f"--{_slug(encoder.name)}" if options.model or options.baseline else ""
    if options.sweep:
        return {"kind": "sweep", "name": f"sweep-{place}{suffix}", **head, **_swept(benchmark)}
    name = "-".join(["evaluate", place, *(options.task or []), *(["in", str(len(benchmark.ids))] if more else [])])
    outcomes = {task: outcome(task, benchmark) for task in options.task or task_names(on_request=False)}
    return {"kind": "evaluate", "name": name + suffix, **head, "tasks": outcomes}


def _encoder(options: argparse.Namespace) -> Any:
    if options.baseline:
        return BASELINES[options.baseline](options.cache_dir, options.seed)
    return load_encoder(options.model)


def _scenes_of(source: str) -> Path | None:
    """The photographs of the embedded catalog, for nothing else."""
    return SCENES if same(source, str(CATALOG)) and (SCENES / "scenes.csv").exists() else None


def _swept(benchmark: Benchmark) -> dict[str, Any]:
    """The sweep, and where there is something to reject also the thresholds."""
    if benchmark.outside is None:
        return sweep(benchmark)
    least = {modality: threshold._asdict() for modality, threshold in thresholds(benchmark).items()}
    return {**sweep(benchmark), "floors": least}


def outcome(name: str, benchmark: Benchmark) -> dict[str, Any]:
    """A task's figures, or why the data cannot answer it, or why the baseline cannot be asked."""
    task = TASKS[name]
    if isinstance(benchmark.encoder, Baseline) and name not in benchmark.encoder.tasks:
        return {"definition": task.definition, "not_applicable": benchmark.encoder.cannot}
    try:
        return {"definition": task.definition, "figures": task.run(benchmark)}
    except TooSmall as error:
        return {"definition": task.definition, "skipped": error.problem}


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
