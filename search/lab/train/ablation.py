"""What each technique of the recipe is worth, measured: short runs of equal length that differ in one thing.

python -m search.lab.train.ablation --data ../shared/data --out assets/model/ablation.json --steps 250
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from search.encoder import load_encoder
from search.lab.benchmark.watch import watch
from search.lab.train import data
from search.lab.train.embedded import OTHERS, PX, prepare, write_model
from search.lab.train.loop import Recipe

log = logging.getLogger(__name__)

_PLAIN: dict[str, Any] = {
    "shared": False,
    "soft": 0.0,
    "varied": False,
    "bridge": 0.0,
    "twins": 0.0,
    "kinds": 0.0,
    "brands": 0.0,
}
VARIANTS: dict[str, dict[str, Any]] = {
    "plain: each title belongs to its own picture": _PLAIN,
    "1 alone: multi-positive and soft targets": _PLAIN | {"shared": True, "soft": 0.2},
    "2 alone: captions written anew, in both languages": _PLAIN | {"varied": True},
    "1 and 2": _PLAIN | {"shared": True, "soft": 0.2, "varied": True},
    "1, 2 and the sentence teacher's bridge": {"twins": 0.0, "kinds": 0.0, "brands": 0.0},
    "1, 2, the bridge and pictures of one product": {"kinds": 0.0, "brands": 0.0},
    "the same, and the names of all kinds at once": {"brands": 0.0},
    "the whole recipe: and the names of all brands": {},
}


def measure(
    folder: Path, cache: Path, recipe: Recipe, renders: Path | None = None, variants: Iterable[str] = tuple(VARIANTS)
) -> list[dict]:
    """One row a variant: its name, the steps, and the figures of the validation splits (`benchmark.watch`)."""
    dataset = data.load(folder, cache, PX, renders)
    rows = []
    for name in variants:
        training, configuration = prepare(dataset, replace(recipe, **VARIANTS[name]), cache)
        for _ in training.run():
            pass
        with tempfile.TemporaryDirectory() as out:
            write_model(training, configuration, Path(out))
            figures = watch(load_encoder(f"local-dir:{out}"), folder, others=OTHERS)
        minutes = round(training.elapsed / 60, 1)
        rows.append({"variant": name, "steps": training.step, "batch": recipe.batch, "minutes": minutes, **figures})
        log.info("%s: %s", name, figures)
        del training  # its kept views are gigabytes
    return rows


def main(argv: Iterable[str] | None = None) -> int:
    """Measure all variants and write them as JSON; returns the exit status."""
    parser = argparse.ArgumentParser(prog="ablation", description="What each technique of the recipe is worth.")
    parser.add_argument("--data", type=Path, required=True, help="folder with fashion/, clothing/ and grocery/")
    parser.add_argument("--renders", type=Path, help="folder of catalogs rendered by assets/studio with another seed")
    parser.add_argument("--out", type=Path, required=True, help="JSON file")
    parser.add_argument(
        "--cache", type=Path, default=Path.home() / ".cache" / "vitrine", help="decoded pictures, views"
    )
    parser.add_argument("--steps", type=int, default=250, help="length of each run")
    parser.add_argument("--batch", type=int, default=128)
    args = parser.parse_args(None if argv is None else list(argv))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    # A third of so short a run for the text tower to begin to speak; the last size is left out to save time.
    recipe = Recipe(steps=args.steps, batch=args.batch, heads_share=0.35, finish_share=0.0, average=0.98, views=3)
    rows = measure(args.data, args.cache, recipe, args.renders)
    args.out.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
