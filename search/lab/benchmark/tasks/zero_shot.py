"""Kinds of pictures by words alone, and by the products that look like them."""

from __future__ import annotations

import numpy as np

from search import metrics
from search.lab.benchmark.base import Benchmark, Metrics, TooSmall, task
from search.lab.benchmark.choosing import Chooser
from search.lab.benchmark.datasets import names_of, read_photographed


@task("zero_shot", order=100)
def zero_shot(benchmark: Benchmark) -> Metrics:
    """Photo -> its kind by words alone, accuracy. Each picture is given the kind whose words are
    nearest; a kind's vector is the mean of those of its names in one language (the ensemble in the
    space of embeddings of Radford et al. 2021, 3.1.4). Kinds and names are those of the section of
    search/lab/train/glossary.psv that has every kind of the data; chance is a guess among them. In English also what
    `SearchEngine.focus` chooses of each picture, in a catalog of the other pictures."""
    kinds = benchmark.kinds[: benchmark.tested]
    names = names_of(kinds[kinds != ""].tolist())
    if not names or not (kinds != "").any():
        raise TooSmall("No section of the glossary names all kinds of these products.")
    known = np.flatnonzero(kinds != "")
    relevant = kinds[known, None] == np.array(list(names))
    chance = metrics.chance_hit_at_k(np.ones(len(known)), len(names), 1)
    asked = {
        "en": ("photo to its kind by words", benchmark.vectors[known]),
        "zh": ("photo to its kind by Chinese words", benchmark.vectors[known]),
    }
    if benchmark.images:
        chosen = Chooser(benchmark).chosen([benchmark.images[row] for row in known.tolist()], own=known.tolist())
        asked["focused_en"] = ("a part of the photo to its kind by words", chosen)
    figures = {}
    for name, (label, queries) in asked.items():
        language = name.removeprefix("focused_")
        means = np.stack([benchmark.texts(getattr(entry, language)).mean(axis=0) for entry in names.values()])
        scores = queries @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T
        accuracy = metrics.hit_at_k(metrics.ranked(scores, relevant), 1)
        figures[name] = benchmark.metric(f"{label}, zero-shot accuracy", accuracy, chance)
    return figures


@task("home_zero_shot", order=110)
def home_zero_shot(benchmark: Benchmark) -> Metrics:
    """Photograph -> its kind by the words "a {kind}", accuracy, among the kinds that the data have
    photographs of. For data that name the source of each picture (home/): its renders are neither asked,
    nor do kinds compete that it has renders of only."""
    asked = benchmark.photographed & (np.arange(len(benchmark.kinds)) < benchmark.tested) & (benchmark.kinds != "")
    if not asked.any():
        raise TooSmall("No picture of these data is known to be a photograph.")
    names, own = np.unique(benchmark.kinds[asked], return_inverse=True)
    scores = benchmark.vectors[asked] @ benchmark.texts([f"a {name}" for name in names]).T
    relevant = own[:, None] == np.arange(len(names))
    chance = metrics.chance_hit_at_k(np.ones(len(own)), len(names), 1)
    accuracy = metrics.hit_at_k(metrics.ranked(scores, relevant), 1)
    label = f"photograph to its kind among {len(names)} by words, zero-shot accuracy"
    return {"en": benchmark.metric(label, accuracy, chance)}


@task("photograph_kind", order=120)
def photograph_kind(benchmark: Benchmark) -> Metrics:
    """Photograph (--photographs) -> the first product of the catalog, accuracy: whether it is of the
    photograph's kind. Asked are photographs of kinds that the catalog has, by the table
    search/lab/benchmark/photographed.psv; where it lists several kinds ("Shoes"), each of them is right.
    Searched with is the whole photograph, by its vector alone, and what `SearchEngine.focus` chooses of it."""
    table = read_photographed()
    asked = [
        (name, vector, product.image, np.isin(benchmark.kinds, table[kind]))
        for name, photographs in benchmark.photographs.items()
        for vector, kind, product in zip(
            photographs.vectors, photographs.kinds.tolist(), photographs.products, strict=True
        )
        if kind in table
    ]
    asked = [item for item in asked if item[3].any()]
    if not asked:
        raise TooSmall("There are no photographs (--photographs) of kinds that this catalog has.")
    source = np.array([name for name, *_ in asked])
    whole, relevant = np.stack([item[1] for item in asked]), np.stack([item[3] for item in asked])
    chosen = Chooser(benchmark).chosen([item[2] for item in asked])
    chance = metrics.chance_hit_at_k(relevant.sum(axis=1), relevant.shape[1], 1)
    figures = {}
    for key, what, queries in (("", "photograph", whole), ("focused_", "a part of the photograph", chosen)):
        accuracy = metrics.hit_at_k(benchmark.ranked(queries, relevant), 1)
        label = f"{what} to the first product, right kind"
        figures[f"{key}all"] = benchmark.metric(label, accuracy, chance)
        for name in benchmark.photographs:
            own = source == name
            if own.any():
                figures[f"{key}{name}"] = benchmark.metric(f"{label}, {name}", accuracy[own], chance[own])
    return figures
