"""Train the locator: one command from the data folder to the file that stands beside the embedded model.

    python -m search train-locator --data ../shared/data --renders renders --work runs/locator --out assets/model

First the trunk's maps of every picture are made and kept in --work (about a megabyte each), then a head is fitted to them,
then it goes on, and asks itself where a photograph shows things that are not labelled, and where garments that nobody cut out
are.
"""

from __future__ import annotations

import argparse
import logging
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from search import load_encoder
from search.encoder.locator.loading import FILE, Configuration, trunk_fingerprint, trunk_of
from search.encoder.locator.net import pixels_of
from search.lab.locator.composites import Sample
from search.lab.locator.features import FeatureStore, extract
from search.lab.locator.fit import Plan, fit
from search.lab.locator.head import Head
from search.lab.locator.material import read, samples
from search.lab.locator.selftraining import found_alone
from search.lab.locator.targets import Truth, truth_of

log = logging.getLogger(__name__)

SIDE, GRID, WIDTH = 384, 48, 64
MAPS, TRUTHS = "maps.npy", "truths.pickle"


def parser() -> argparse.ArgumentParser:
    """The command line of `main`."""
    parser = argparse.ArgumentParser(prog="python -m search train-locator", description="Train the locator.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder with fashion/, clothing/, grocery/ and home/")
    add("--renders", type=Path, required=True, help="folder of SEED/catalog and SEED/scenes from assets/studio")
    add("--work", type=Path, required=True, help="folder for the trunk's maps; those that lie there are used again")
    add("--out", type=Path, required=True, help=f"folder that {FILE} is written to")
    add("--composites", type=int, default=1500, help="photographs to put together")
    add("--each", type=int, default=800, help="pictures to take from each data set")
    add("--epochs", type=int, nargs=2, default=(3, 10), help="of the first head and of the second")
    add("--seconds", type=float, default=460.0, help="at most for each of the two")
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=2)
    return parser


def prepare(args: argparse.Namespace, trunk: torch.nn.Module) -> tuple[FeatureStore, list[Truth]]:
    """Maps and truths of all pictures, in a random order, made or read from --work."""
    if not (args.work / TRUTHS).is_file():
        args.work.mkdir(parents=True, exist_ok=True)
        rng = random.Random(args.seed)
        made = list(samples(read(args.data, args.renders, args.each, rng), args.composites, rng))
        rng.shuffle(made)
        truths: list[Truth] = []
        store = extract(trunk, pixels(made, truths), len(made), GRID, args.work / MAPS)
        (args.work / TRUTHS).write_bytes(pickle.dumps((truths, store.shapes)))
    truths, shapes = pickle.loads((args.work / TRUTHS).read_bytes())
    return FeatureStore(np.load(args.work / MAPS, mmap_mode="r"), shapes), truths


def pixels(made: Sequence[Sample], truths: list[Truth]) -> Iterator[torch.Tensor]:
    """The pixels of every sample in turn; the truth of each goes into `truths`."""
    for sample in made:
        truths.append(replace(truth_of(sample.masks, GRID, sample.unlabelled), alone=sample.alone))
        yield pixels_of(sample.picture, SIDE, (0.5,) * 3, (0.5,) * 3)


def write(head: Head, configuration: Configuration, file: Path) -> None:
    """The head in half precision, with its configuration in the metadata."""
    weights = {name: tensor.half().contiguous() for name, tensor in head.state_dict().items()}
    save_file(weights, file, metadata=configuration.metadata())


def main(argv: Sequence[str] | None = None) -> int:
    """Train and write the locator; returns the exit status. Arguments as in `parser`."""
    args = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(args.threads)
    trunk, _ = trunk_of(load_encoder(device="cpu"))
    store, truths = prepare(args, trunk)
    channels = [shape[0] for shape in store.shapes]
    torch.manual_seed(args.seed)
    first, second = (Plan(epochs=epochs, seconds=args.seconds, seed=args.seed) for epochs in args.epochs)
    rows = np.array([row for row, truth in enumerate(truths) if not truth.alone])
    head = fit(Head(channels, WIDTH), store, truths, rows, first)
    truths = [found_alone(head, store, row) if truth.alone else truth for row, truth in enumerate(truths)]
    rows = np.array([row for row, truth in enumerate(truths) if len(truth.boxes) or not truth.alone])
    head = fit(Head(channels, WIDTH), store, truths, rows, second, head)
    write(head, Configuration(SIDE, GRID, WIDTH, trunk_fingerprint(trunk)), args.out / FILE)
    log.info("wrote %s", args.out / FILE)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
