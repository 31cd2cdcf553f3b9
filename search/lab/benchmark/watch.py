"""The benchmarks' figures in brief, for a model that is being trained: values without intervals, of a few tasks.

    python -m search.lab.benchmark.watch assets/model ../shared/data

The tasks, their queries and their judgements are those of `python -m search evaluate`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from search.catalog import Catalog
from search.encoder import load_encoder
from search.lab.benchmark import tasks
from search.lab.benchmark.base import TASKS, Benchmark, TooSmall
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.datasets import packshots_beside

#: Modules that register their tasks when they are imported.
REGISTERING = (tasks,)

#: Data set -> what is asked of a split of it.
WATCHED: Mapping[str, Sequence[str]] = {
    "fashion": ("title", "attributes", "brands", "photo"),
    "clothing": ("zero_shot",),
    "grocery": ("packshot",),
    "home": ("home_zero_shot",),
}


def watch(encoder: Any, folder: Path, *, split: str = "validation", others: int = 0) -> dict[str, float]:
    """Figures of an encoder on the splits that training does not read, by "data set, task, figure".

    Args:
        folder: with a folder for each data set; a data set without this split is left out.
        others: so many training pictures of fashion/ stand in a second gallery, among which titles are looked for.
    """
    found: dict[str, float] = {}
    for name, asked in WATCHED.items():
        file = folder / name / f"{split}.parquet"
        if file.exists():
            shots = packshots_beside(str(file))
            packshots = Catalog.load(shots) if shots else None
            found |= _values(name, make_benchmark(encoder, [Catalog.load(file)], packshots=packshots), asked)
    if others:
        fashion = folder / "fashion"
        catalogs = [Catalog.load(fashion / f"{split}.parquet"), Catalog.load(fashion / "train.parquet", limit=others)]
        among = make_benchmark(encoder, catalogs)
        found |= _values(f"fashion among {len(among.ids)},", among, ["title"])
    return found


def _values(prefix: str, benchmark: Benchmark, asked: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in asked:
        try:
            figures = TASKS[name].run(benchmark)
        except TooSmall:
            continue
        found |= {f"{prefix} {name} {key}": round(metric["value"], 4) for key, metric in figures.items()}
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of a model's folder as JSON; returns the exit status."""
    parser = argparse.ArgumentParser(prog="watch", description="Figures of a model folder in brief.")
    parser.add_argument("model", help="folder of the model")
    parser.add_argument("data", type=Path, help="folder with fashion/, clothing/, grocery/ and home/")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    options = parser.parse_args(argv)
    encoder = load_encoder(f"local-dir:{options.model}")
    print(json.dumps(watch(encoder, options.data, split=options.split), indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
