"""Train the embedded model: one command from the data folder to a folder that open_clip loads.

    python -m search train --data DIR --start assets/model --out OUT --seconds 480

OUT gets the model, `curves.jsonl` (a line of mean losses every few seconds, of figures of `validate` at every check),
and while it trains `checkpoint.pt`, from which --resume goes on.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from search.lab.train import dataset, network, sentences, towers
from search.lab.train.bank import CaptionBank
from search.lab.train.loop import Training
from search.lab.train.recipe import Recipe
from search.lab.train.validate import Validation

log = logging.getLogger(__name__)

PX = 192
PAIRS, WORDS = 8_000, 30_000  # sentences of kinds with pictures, as many of kinds without; everyday words
REPORT_SECONDS, CHECKPOINT_SECONDS = 10.0, 60.0
CHECKPOINT, CURVES = "checkpoint.pt", "curves.jsonl"
TOKENIZER = ("tokenizer.json", "tokenizer_config.json")


def parser() -> argparse.ArgumentParser:
    """The command line of `main`."""
    parser = argparse.ArgumentParser(prog="python -m search train", description="Train the embedded model.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder with fashion/, clothing/, grocery/, home/ and renders/")
    add("--start", type=Path, required=True, help="folder of the embedded model to go on from")
    add("--out", type=Path, required=True, help="folder the model is written to")
    add("--renders", type=Path, help="folder of SEED/catalog and SEED/scenes from assets/studio, see `pack`")
    add("--seconds", type=float, default=480.0, help="time to train, from the first step on")
    add("--steps", type=int, help="train so many steps instead of a time; repeatable where --workers is 0")
    add("--resume", action="store_true", help=f"go on from OUT/{CHECKPOINT}, if there is one")
    add("--seed", type=int, default=0)
    add("--device", choices=("cuda", "cpu"), default="cuda" if torch.cuda.is_available() else "cpu")
    add("--batch", type=int, default=1024)
    add("--px", type=int, default=PX, help="side of the pictures")
    add("--workers", type=int, default=0, help="processes that write captions; with 0 every step waits for its own")
    add("--threads", type=int, default=2, help="threads that decode pictures")
    add("--compile", action="store_true", help="compile the trunk")
    add("--limit", type=int, help="a trial on so many pictures of each set")
    add("--coloured", type=int, default=Recipe.coloured, help="kinds of a step that are asked for in all colours")
    add("--pairs", type=int, default=Recipe.pairs, help="text-only pairs of each sort in a step")
    add("--words", type=Path, help="the dictionary (EnWords.csv of the package cedict), where the package is not")
    add("--checks", type=float, nargs="*", default=[0.35, 0.65, 0.85], help="progress at which figures are measured")
    add("--without", nargs="*", default=[], metavar="LOSS", help="losses to leave out, for an ablation")
    add("--set", nargs="*", default=[], metavar="NAME=VALUE", help="another weight of a loss, or rate of a part")
    return parser


def recipe_of(args: argparse.Namespace) -> Recipe:
    """The recipe that the command line asks for. Raises ValueError for an unknown loss or part."""
    recipe = Recipe(
        seconds=args.seconds,
        steps=args.steps,
        seed=args.seed,
        batch=args.batch,
        compiled=args.compile,
        coloured=args.coloured,
        pairs=args.pairs,
    )
    weights, rates = dict(recipe.weights), dict(recipe.rates)
    for name, value in [(name, "0") for name in args.without] + [text.split("=", 1) for text in args.set]:
        table = weights if name in weights else rates
        if name not in table:
            raise ValueError(f"no loss and no part of the model is called {name!r}; there are {[*weights, *rates]}")
        table[name] = float(value)
    return replace(recipe, weights=weights, rates=rates)


def prepare(args: argparse.Namespace) -> tuple[Training, dict, Validation]:
    """A run at its start, the open_clip configuration of its model, and what it is measured on."""
    device, recipe = torch.device(args.device), recipe_of(args)
    data = dataset.load(args.data, args.px, args.threads, args.limit, args.renders)
    tokenizer = Tokenizer.from_file(str(args.start / TOKENIZER[0]))
    context = json.loads((args.start / network.CONFIG).read_text())["model_cfg"]["text_cfg"]["context_length"]
    # The processes begin before anything touches the GPU.
    resumed = last_step(args.out / CURVES) if args.resume else 0
    captions = CaptionBank(
        data.items, data.writer, tokenizer, context, device, workers=args.workers, seed=args.seed, resumed=resumed
    )
    validation = Validation.read(args.data, args.px, args.threads, args.limit)
    imagenet = towers.imagenet()
    model, configuration, teacher = towers.start_from(args.start, args.px, imagenet.trunk)
    count = min(PAIRS, 4 * len(data.items))
    everyday = sentences.everyday(WORDS, args.words)
    pairs = sentences.write(data.items, data.writer, tokenizer, context, device, count, everyday)
    training = Training(model, teacher, imagenet, data, captions, pairs, tokenizer, recipe, device)
    return training, configuration, validation


def measure(training: Training, validation: Validation) -> dict[str, float]:
    """Figures of the averaged weights on the validation splits (`validate`)."""

    def encode_images(pictures: np.ndarray) -> np.ndarray:
        parts = torch.from_numpy(pictures).split(512)
        return torch.cat([training.encode_images(part.to(training.device)).cpu() for part in parts]).numpy()

    def figures() -> dict[str, float]:
        others = training.encode_rows(torch.from_numpy(training.data.rows("fashion")).to(training.device))
        texts = lambda lines: training.encode_texts(lines).cpu().numpy()  # noqa: E731
        return validation.measure(encode_images, texts, others.cpu().numpy())

    return training.with_average(figures)


def write_model(state: dict[str, torch.Tensor], configuration: dict, start: Path, out: Path) -> None:
    """Write a model's folder: weights in half precision, configuration, and the tokenizer of `start`."""
    network.export(state, configuration, out)
    for file in TOKENIZER:
        shutil.copy(start / file, out / file)


def last_step(curves: Path) -> int:
    """The step of the last line of `curves.jsonl`, 0 without one."""
    lines = curves.read_text(encoding="utf-8").splitlines() if curves.is_file() else []
    return json.loads(lines[-1])["step"] if lines else 0


class Curves:
    """Appends lines to `curves.jsonl`: {"step", "seconds", figures}."""

    def __init__(self, file: Path, training: Training) -> None:
        """What a run that is not gone on with wrote after the step where `training` stands is taken out."""
        self.file, self.training = file, training
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() and training.step else []
        kept = [line for line in lines if json.loads(line)["step"] <= training.step]
        file.write_text("".join(line + "\n" for line in kept), encoding="utf-8")

    def add(self, figures: dict[str, Any]) -> None:
        """A line about where the training stands."""
        where = {"step": self.training.step, "seconds": round(self.training.elapsed, 1)}
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(where | figures) + "\n")
        log.info("%s", " ".join(f"{name} {value:.4g}" for name, value in (where | figures).items()))


def mean_losses(values: Sequence[dict[str, torch.Tensor]]) -> dict[str, float]:
    """The mean of each loss over the steps that have it."""
    names = dict.fromkeys(name for losses in values for name in losses)
    return {name: round(float(torch.stack([v[name] for v in values if name in v]).mean()), 4) for name in names}


def fit(training: Training, validation: Validation, checkpoint: Path, checks: Sequence[float]) -> None:
    """Run to the end of the budget, with figures at `checks` (progress) and at the end, and checkpoints."""
    curves = Curves(checkpoint.with_name(CURVES), training)
    left = [share for share in sorted(checks) if share > training.progress]
    reported = saved = time.monotonic()
    values: list[dict[str, torch.Tensor]] = []
    for losses in training.run():
        values.append(losses)
        now = time.monotonic()
        if now - reported > REPORT_SECONDS or training.step == 1:
            speed = round(len(values) * training.recipe.batch / (now - reported))
            curves.add(mean_losses(values) | {"pictures/s": speed})
            reported, values = now, []
        if left and training.progress >= left[0]:
            left = [share for share in left if share > training.progress]
            curves.add(measure(training, validation))
        if now - saved > CHECKPOINT_SECONDS:
            training.save(checkpoint)
            saved = time.monotonic()
    training.save(checkpoint)
    curves.add(measure(training, validation))


def main(argv: Sequence[str] | None = None) -> int:
    """Train and write the model; returns the exit status. Arguments as in `parser`."""
    options = parser()
    args = options.parse_args(argv)
    if args.start.resolve() == args.out.resolve():
        options.error("--out must be another folder than --start, whose weights are needed until the end")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    if args.device == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = False  # to try all algorithms on depthwise convolutions takes minutes
    training, configuration, validation = prepare(args)
    checkpoint = args.out / CHECKPOINT
    try:
        if args.resume and checkpoint.is_file():
            training.resume(checkpoint)
            log.info("going on from step %d", training.step)
        else:
            training.captions.refresh(wait=True)
        fit(training, validation, checkpoint, args.checks)
    finally:
        training.captions.close()
    write_model(training.averaged_state(), configuration, args.start, args.out)
    log.info("wrote %s after %d steps", args.out, training.step)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
