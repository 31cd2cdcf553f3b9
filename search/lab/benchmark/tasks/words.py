"""Words -> pictures: titles, kinds and colours, brands, and words that no caption has."""

from __future__ import annotations

import numpy as np

from search import metrics
from search.lab.benchmark.base import Benchmark, Metrics, TooSmall, same_titles, task
from search.lab.benchmark.datasets import in_chinese, in_english, read_synonyms
from search.lab.train.captions import brand_of

#: Relevant products that each of the listed synonyms has in the splits it was listed for: with fewer, one odd label decides.
FEWEST_OF_SYNONYM = 5


@task("title", order=10)
def title(benchmark: Benchmark) -> Metrics:
    """Title -> picture. Each distinct title (case and spaces aside) is asked once; every picture
    with that title is relevant, recall@k is 1 if one of them is among the first k. "each product"
    asks once per product instead, so that a title with five pictures counts five times. Where the
    data have Chinese titles (title_zh), these are asked in the same way. Titles that only repeat
    the kind are not asked."""
    figures = {}
    for suffix, label, titles in (("", "title", benchmark.titles), ("_zh", "Chinese title", benchmark.titles_zh)):
        asked_titles = titles[: benchmark.tested]
        if (asked_titles == "").any() or (asked_titles == benchmark.kinds[: benchmark.tested]).all():
            continue
        codes = same_titles(titles)
        asked, first, counts = np.unique(codes[: benchmark.tested], return_index=True, return_counts=True)
        relevant = asked[:, None] == codes
        ranked = benchmark.ranked(benchmark.texts(titles[first].tolist()), relevant)
        n, n_relevant = len(codes), relevant.sum(axis=1)
        measures = {
            "recall@1": (metrics.hit_at_k(ranked, 1), metrics.chance_hit_at_k(n_relevant, n, 1)),
            "recall@10": (metrics.hit_at_k(ranked, 10), metrics.chance_hit_at_k(n_relevant, n, 10)),
            "MRR": (metrics.reciprocal_rank(ranked), metrics.chance_reciprocal_rank(n_relevant, n)),
        }
        for name, (values, chance) in measures.items():
            figures[name.lower() + suffix] = benchmark.metric(f"{label} to picture, {name}", values, chance)
        values, chance = (np.repeat(column, counts) for column in measures["recall@10"])
        figures["recall@10_each_product" + suffix] = benchmark.metric(
            f"{label} to picture, recall@10, each product", values, chance, np.repeat(asked, counts).astype(str)
        )
    if not figures:
        raise TooSmall("These products have no titles of their own.")
    return figures


@task("attributes", order=20)
def attributes(benchmark: Benchmark) -> Metrics:
    """Words -> pictures, P@10. One query for each kind ("shirts") and each colour and kind ("red
    shirts") of the data, in the catalog's own words in lower case; and in Chinese by the first
    names in the glossary of search/lab/train, where queries with a word that it lacks are left out."""
    kinds = [("", kind) for (kind,) in benchmark.frequent(benchmark.kinds)]
    pairs = benchmark.frequent(benchmark.colours, benchmark.kinds)
    figures = {}
    for name, label, wanted, phrase in (
        ("kind_en", "kind, words", kinds, in_english),
        ("colour_kind_en", "colour and kind, words", pairs, in_english),
        ("kind_zh", "kind, Chinese words", kinds, in_chinese),
        ("colour_kind_zh", "colour and kind, Chinese words", pairs, in_chinese),
    ):
        asked = [(said, colour, kind) for colour, kind in wanted if (said := phrase(colour, kind))]
        if asked:
            words, colours, names = (np.array(column)[:, None] for column in zip(*asked, strict=True))
            relevant = (benchmark.kinds == names) & ((benchmark.colours == colours) | (colours == ""))
            precision = metrics.precision_at_k(benchmark.ranked(benchmark.texts(words.ravel().tolist()), relevant), 10)
            chance = metrics.chance_precision(relevant.sum(axis=1), len(benchmark.kinds))
            figures[name] = benchmark.metric(f"{label}, P@10", precision, chance)
    if not figures:
        raise TooSmall(f"No kind has {benchmark.min_relevant} products in this gallery.")
    return figures


@task("brands", order=30)
def brands(benchmark: Benchmark) -> Metrics:
    """Brand -> pictures, P@10. One query for each brand of the data: what stands in a title before the
    word for people ("Puma" of "Puma Men Running Shoes"), in lower case."""
    named = np.array([brand_of(title).lower() for title in benchmark.titles])
    asked = [brand for (brand,) in benchmark.frequent(named)]
    if not asked:
        raise TooSmall(f"No brand stands in {benchmark.min_relevant} titles of this gallery.")
    relevant = np.array(asked)[:, None] == named
    precision = metrics.precision_at_k(benchmark.ranked(benchmark.texts(asked), relevant), 10)
    chance = metrics.chance_precision(relevant.sum(axis=1), len(named))
    return {"brand": benchmark.metric("brand, words, P@10", precision, chance)}


@task("synonyms", order=40)
def synonyms(benchmark: Benchmark) -> Metrics:
    """Everyday words that stand in no caption of a training picture ("spectacles", 眼镜) -> pictures,
    P@10: the words of search/lab/benchmark/synonyms.psv with at least five relevant pictures in the
    gallery, each as it is listed, against the kinds listed for it. With fewer than ten relevant
    pictures P@10 looks no further than there are. The interval draws whole sets of kinds, whose
    words are not independent."""
    listed = read_synonyms()
    relevant = np.stack([np.isin(benchmark.kinds, synonym.kinds) for synonym in listed])
    enough = relevant.sum(axis=1) >= min(benchmark.min_relevant, FEWEST_OF_SYNONYM)
    # Other shops have kinds that the list does not know of, which would be judged wrong.
    if enough.mean() < 0.5:
        raise TooSmall("The words are listed for the kinds of fashion/, of which this gallery has few.")
    relevant, asked = relevant[enough], [synonym for synonym, keep in zip(listed, enough, strict=True) if keep]
    precision = metrics.precision_at_k(
        benchmark.ranked(benchmark.texts([synonym.word for synonym in asked]), relevant), 10
    )
    chance = metrics.chance_precision(relevant.sum(axis=1), len(benchmark.kinds))
    languages, groups = (np.array(c) for c in zip(*((s.language, "; ".join(s.kinds)) for s in asked), strict=True))
    return {
        name: benchmark.metric(f"{label}, P@10", precision[chosen], chance[chosen], groups[chosen])
        for name, label, chosen in (
            ("all", "words of no caption", np.full(len(asked), True)),
            ("en", "words of no caption, English", languages == "en"),
            ("zh", "words of no caption, Chinese", languages == "zh"),
            ("unread", "words of no caption and no dictionary", np.array([not s.in_dictionary for s in asked])),
        )
    }
