"""Choose between weights on the validation splits: points on the line from the model before to the one trained.

    python -m search.lab.train.soup --data ../shared/data --start assets/model --trained OUT --shares 0.5 0.75 1

WiSE-FT (Wortsman et al. 2022, arXiv 2109.01903): what both know survives in the middle. A line of JSON for each share;
the figures are the benchmarks' (`search.lab.benchmark.watch`).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import load_file

from search.encoder import load_encoder
from search.lab.benchmark.watch import watch
from search.lab.train import network
from search.lab.train.run import write_model
from search.lab.train.towers import interpolated

OTHERS = 8_000  # training pictures among which titles are looked for


def write_between(start: Path, trained: Path, share: float, out: Path) -> None:
    """A model's folder with `share` of the weights of `trained`, the rest of `start`, at the size of `trained`."""
    before, after = (load_file(folder / network.WEIGHTS) for folder in (start, trained))
    configuration = json.loads((trained / network.CONFIG).read_text(encoding="utf-8"))
    write_model(interpolated(before, after, share), configuration, start, out)


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line of figures for each share; returns the exit status."""
    parser = argparse.ArgumentParser(prog="soup", description="Choose between weights on the validation splits.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="folder of the model before")
    parser.add_argument("--trained", type=Path, required=True, help="folder of the model trained from it")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.5, 0.75, 1.0], help="of the model trained")
    args = parser.parse_args(argv)
    for share in args.shares:
        with tempfile.TemporaryDirectory() as folder:
            write_between(args.start, args.trained, share, Path(folder))
            figures = watch(load_encoder(f"local-dir:{folder}"), args.data, others=OTHERS)
        print(json.dumps({"share": share, **figures}), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
