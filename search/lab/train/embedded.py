"""Train the embedded model (`assets/model`): one command from the data folder to weights that open_clip loads.

python -m search train --data DIR --out assets/model --minutes 50
"""

from __future__ import annotations

import argparse
import copy
import json
import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from timm.data import ImageNetInfo
from tokenizers import Tokenizer

from search.encoder import load_encoder
from search.lab.benchmark.watch import watch
from search.lab.train import data, dictionary, network, teacher, views
from search.lab.train.captions import Item, Writer
from search.lab.train.data import DOMAINS
from search.lab.train.glossary import glossary
from search.lab.train.loop import Original, Recipe, Sentences, Training, description, short_description
from search.lab.train.tokenizer import encode, save_tokenizer, train_tokenizer

log = logging.getLogger(__name__)

PX = 128
CONTEXT = 24  # tokens: the longest title of the training data has 27, one in a thousand is cut
PAIRS = 8_000  # text-only pairs of kinds with pictures in the data, as many of kinds without, and of everyday words
REPORT_SECONDS, CHECKPOINT_SECONDS, WATCH_SECONDS = 20.0, 150.0, 600.0
# What is other in a run that goes on from trained weights: no stage for new heads, half the rates, no kept views, and
# the model knows well enough what it mistakes for what.
AGAIN: dict[str, Any] = {
    "heads_share": 0.0,
    "finish_share": 0.25,
    "views": 0,
    "tune_rate": 4e-4,
    "trunk_rate": 1.5e-4,
    "mistaken": 32,
}
# How much of the weights that such a run started from stays in those that ship (WiSE-FT, Wortsman et al. 2022, arXiv
# 2109.01903). By validation: at 0.75 and at 0.5 as many titles are found, at 0.75 more is refused that the catalog does not
# have; the fifth version had kept 0.5.
KEPT = 0.75
WEIGHTS = "open_clip_model.safetensors"
OTHERS = 8_000  # training pictures among which a validation title is looked for while training


def imagenet_classes() -> dict[str, list[int]]:
    """Key of a kind without pictures -> its ImageNet-1k classes. Raises ValueError for a class that is none."""
    info = ImageNetInfo()
    numbers: dict[str, int] = {}
    for number in range(1000):
        numbers.setdefault(info.index_to_description(number).split(",")[0], number)
    kinds = glossary()["other kinds"]
    unknown = sorted({name for kind in kinds.values() for name in kind.also} - set(numbers))
    if unknown:
        raise ValueError(f"the glossary names ImageNet classes that do not exist: {unknown}")
    return {key: [numbers[name] for name in kind.also] for key, kind in kinds.items()}


def other_items(count: int, rng: Random) -> list[Item]:
    """Items of kinds without pictures, with a colour and a material drawn at random."""
    words = glossary()
    kinds = list(words["other kinds"])
    colours, materials, patterns = (list(words[name]) for name in ("colours", "materials", "patterns"))
    return [
        Item(
            "",
            {"kind": rng.choice(kinds), "colour": rng.choice(colours), "material": rng.choice(materials)}
            | ({"pattern": rng.choice(patterns)} if rng.random() < 0.3 else {}),
        )
        for _ in range(count)
    ]


def corpus(dataset: data.Dataset, everyday: list[tuple[str, str]], rng: Random) -> list[str]:
    """The lines the tokenizer is trained on: titles, a pair of captions per item and per other kind, everyday words.

    Renders are left out: they come and go between runs, and a checkpoint needs the tokenizer it was trained with.
    """
    real = [item for item, domain in zip(dataset.items, dataset.domains, strict=True) if DOMAINS[domain] != "renders"]
    lines = sorted({item.title for item in real if item.title})
    for item in [*real, *other_items(PAIRS // 2, rng)]:
        lines += [caption.text for caption in dataset.writer.pair(item, rng)]
    return [*lines, *(text for word in everyday for text in word)]


def sentences(
    dataset: data.Dataset,
    tokenizer: Tokenizer,
    context: int,
    count: int,
    everyday: list[tuple[str, str]],
    cache: Path,
    rng: Random,
) -> Sentences:
    """Text pairs without pictures, `count` of the data's kinds, `count` of others and the everyday words, read by the
    teacher."""
    writer: Writer = dataset.writer
    classes = imagenet_classes()
    items = [*rng.choices(dataset.items, k=count), *other_items(count, rng)]
    pairs = [writer.pair(item, rng) for item in items]
    en, zh = ([*(pair[side].text for pair in pairs), *(word[side] for word in everyday)] for side in (0, 1))
    # A caption that does not name its kind cannot be matched with a picture of the kind.
    named = [
        "kind" in pair[0].claim and bool(classes.get(item.attributes["kind"]))
        for item, pair in zip(items, pairs, strict=True)
    ]
    named[:count] = [False] * count
    stand_ins = [
        rng.choice(classes[item.attributes["kind"]]) if ok else -1 for item, ok in zip(items, named, strict=True)
    ]
    kinds = [writer.names["kind"].value(item.attributes["kind"]) for item in items]
    none = [-1] * len(everyday)
    return Sentences(
        torch.tensor(encode(tokenizer, en, context)),
        torch.tensor(encode(tokenizer, zh, context)),
        torch.from_numpy(teacher.read(en, cache)),
        np.array(kinds + none),
        np.array(stand_ins + none),
        np.repeat([0, 1, 2], [count, count, len(everyday)]),
    )


def prepare(
    dataset: data.Dataset, recipe: Recipe, cache: Path, pairs: int = PAIRS, start: Path | None = None
) -> tuple[Training, dict]:
    """A Training at its start, and the open_clip configuration of its model.

    start: the folder of an embedded model to go on from, with its tokenizer, instead of ImageNet's weights.
    """
    rng = Random(recipe.seed)
    everyday = dictionary.words(pairs // 2, cache)
    if start:
        tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    else:
        tokenizer = train_tokenizer(corpus(dataset, everyday, rng))
    configuration = network.config(dataset.pictures.shape[1], tokenizer.get_vocab_size(), CONTEXT)
    torch.manual_seed(recipe.seed)
    model = network.create(configuration["model_cfg"])
    weights, classifier = network.imagenet_weights()
    model.visual.trunk.load_state_dict(weights)
    original = Original(copy.deepcopy(model.visual.trunk), classifier)
    model.logit_scale.data.fill_(math.log(20.0))
    if start:
        model.load_state_dict(load_file(start / WEIGHTS))
    log.info("the teacher reads")
    spoken = sentences(dataset, tokenizer, CONTEXT, pairs, everyday, cache, rng)
    lines = [description(item, rng, dataset.writer) for item in dataset.items]
    short = [short_description(item, dataset.writer) for item in dataset.items]
    vectors, short_vectors = (torch.from_numpy(teacher.read(texts, cache)) for texts in (lines, short))
    kept = views.build(dataset, original.trunk, recipe.views, recipe.tune_px, recipe.pasted, recipe.seed, cache)
    training = Training(model, dataset, tokenizer, spoken, vectors, short_vectors, original, recipe, kept)
    if start:
        training.settle()
        if recipe.mistaken:
            training.draw_mistakes()
    return training, configuration


def fit(training: Training, checkpoint: Path, watch: Callable[[], dict[str, float]] | None = None) -> None:
    """Run to the end of the budget, writing `checkpoint` every few minutes and at the end.

    Beside it, `curves.jsonl` gets a line every twenty seconds, with the mean losses since the last, and one every ten
    minutes with what `watch` measured. The time it takes is not counted as training.
    """
    saved = reported = watched = time.monotonic()
    values: list[dict[str, float]] = []
    curves = checkpoint.with_name("curves.jsonl")
    checkpoint.parent.mkdir(parents=True, exist_ok=True)

    def note(figures: dict[str, float]) -> None:
        where = {"step": training.step, "minutes": round(training.elapsed / 60, 2), "stage": training.stage()[0]}
        with curves.open("a", encoding="utf-8") as file:
            file.write(json.dumps(where | {name: round(float(value), 4) for name, value in figures.items()}) + "\n")
        log.info("%s", "  ".join(f"{name} {value:.4g}" for name, value in (where | figures).items() if name != "stage"))

    for values_of_step in training.run():
        values.append(values_of_step)
        now = time.monotonic()
        if now - reported > REPORT_SECONDS:
            means = {name: float(np.mean([v[name] for v in values if name in v])) for name in values_of_step}
            note(means | {"steps/min": 60 * len(values) / (now - reported)})
            reported, values = now, []
        if now - saved > CHECKPOINT_SECONDS:
            training.save(checkpoint)
            saved = now
        if watch and now - watched > WATCH_SECONDS:
            note(watch())
            watched = reported = time.monotonic()
    training.save(checkpoint)


def write_model(training: Training, configuration: dict, out: Path, start: Path | None = None) -> None:
    """Write the model's folder: configuration, averaged weights in fp16, tokenizer.

    start: the folder the run went on from; what is written keeps KEPT of its weights.
    """
    state = training.averaged_state()
    if start:
        before = load_file(start / WEIGHTS)
        state = {
            name: tensor.lerp(before[name].to(tensor.dtype), KEPT) if tensor.is_floating_point() else tensor
            for name, tensor in state.items()
        }
    network.export(state, configuration, out)
    save_tokenizer(training.tokenizer, out, training.context)


def parser() -> argparse.ArgumentParser:
    """The command line of `main`."""
    parser = argparse.ArgumentParser(prog="train", description="Train the embedded model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with fashion/, clothing/ and grocery/")
    parser.add_argument("--renders", type=Path, help="folder of catalogs rendered by assets/studio with another seed")
    parser.add_argument("--out", type=Path, required=True, help="folder the model is written to")
    parser.add_argument("--minutes", type=float, default=50.0, help="time to train, without preparation")
    parser.add_argument("--steps", type=int, help="train so many steps instead of a time; repeatable")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"), help="folder of checkpoints")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "vitrine", help="decoded pictures")
    parser.add_argument(
        "--start",
        type=Path,
        help="folder of an embedded model to train on, at half the rates, on pictures varied anew at their full size and in "
        "batches of products it mistakes for each other; what is written keeps three quarters of it "
        "(without it, training starts from ImageNet's weights)",
    )
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint, if there is one")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def main(argv: Iterable[str] | None = None) -> int:
    """Train and write the model; returns the exit status. Arguments as in `parser`."""
    options = parser()
    args = options.parse_args(None if argv is None else list(argv))
    if args.start and args.start.resolve() == args.out.resolve():
        options.error("--out must be another folder than --start, whose weights are needed until the end")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    recipe = Recipe(seconds=args.minutes * 60, steps=args.steps, seed=args.seed)
    if args.start:
        recipe = replace(recipe, **AGAIN)
    dataset = data.load(args.data, args.cache, PX, args.renders)
    training, configuration = prepare(dataset, recipe, args.cache, start=args.start)
    checkpoint = args.checkpoints / f"embedded-{args.seed}.pt"
    if args.resume and checkpoint.exists():
        training.resume(checkpoint)
        log.info("continuing at step %d", training.step)

    def figures() -> dict[str, float]:
        write_model(training, configuration, args.out, args.start)
        return watch(load_encoder(f"local-dir:{args.out}"), args.data, others=OTHERS)

    fit(training, checkpoint, figures)
    write_model(training, configuration, args.out, args.start)
    log.info("wrote %s after %d steps", args.out, training.step)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
