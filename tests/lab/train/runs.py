"""A toy run: a few dozen pictures of noise, a text tower of one layer."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from search.lab.train import dataset, network, sentences, towers
from search.lab.train.bank import CaptionBank
from search.lab.train.captions import FEWEST_OF_BRAND, Item
from search.lab.train.loop import Training
from search.lab.train.recipe import Recipe
from search.lab.train.tokenizer import train_tokenizer

PX, CONTEXT, CPU = 32, 12, torch.device("cpu")


def toy_data() -> dataset.Data:
    """Shirts and watches in two colours and of two brands, groceries with packshots, and a mug seen thirty times."""
    items: list[Item] = []
    domains: list[int] = []
    objects: list[str] = []

    def add(domain: str, count: int, item: Item, thing: str = "") -> None:
        for number in range(count):
            items.append(item)
            domains.append(dataset.DOMAINS.index(domain))
            objects.append(thing or f"{domain}/{len(items)}/{number}")

    for colour in ("Red", "Blue"):
        for kind, brand, word in (("Shirts", "Nike", "Men {} Shirt"), ("Watches", "Fossil", "Women {} Watch")):
            known = {"kind": kind, "colour": colour, "brand": brand.lower()}
            add("fashion", FEWEST_OF_BRAND // 2, Item(f"{brand} {word.format(colour)}", known))
    add("clothing", 4, Item("", {"kind": "Shirt"}))
    add("grocery", 4, Item("", {"kind": "Banana"}, twin="Banana"))
    add("packshots", 1, Item("", {"kind": "Banana"}, twin="Banana"))
    add("home", 30, Item("", {"kind": "mug"}, twin="home/one"), "home/one")
    add("home", 1, Item("", {"kind": "watch"}, twin="home/two"), "home/two")
    pictures = np.random.default_rng(0).integers(0, 256, (len(items), PX, PX, 3)).astype(np.uint8)
    numbers = np.array(domains)
    return dataset.build(items, pictures, numbers, np.isin(numbers, [1, 2]), objects, {"Banana": "Banana"})


def toy_tokenizer(data: dataset.Data) -> Tokenizer:
    return train_tokenizer([item.title or "a red mug" for item in data.items] * 3, 600)


def toy_configuration(tokenizer: Tokenizer, px: int = PX) -> dict:
    return network.config(px, tokenizer.get_vocab_size(), CONTEXT, layers=1, width=64, dimension=32)


def toy_run(data: dataset.Data | None = None, **changes: Any) -> Training:
    """A run of 2 steps of 32 pictures, unless `changes` of the recipe say otherwise."""
    data = data or toy_data()
    tokenizer = toy_tokenizer(data)
    shape = toy_configuration(tokenizer)["model_cfg"]
    torch.manual_seed(0)
    model = network.create(shape)
    teacher = towers.Teacher(copy.deepcopy(model), PX // 2)
    imagenet = towers.ImageNet(network.create(shape).visual.trunk, nn.Linear(network.WIDTH, 1000))
    captions = CaptionBank(data.items, data.writer, tokenizer, CONTEXT, CPU, slots=2)
    captions.refresh()
    pairs = sentences.write(data.items, data.writer, tokenizer, CONTEXT, CPU, 20, [("cup of tea", "一杯茶")] * 4)
    numbers = {"steps": 2, "batch": 32, "pairs": 2, "coloured": 1, "negatives": 4, "mined": (0.0,)} | changes
    return Training(model, teacher, imagenet, data, captions, pairs, tokenizer, Recipe(**numbers), CPU)
