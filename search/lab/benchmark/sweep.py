"""Choosing the fusion's weights: python -m search evaluate --sweep."""

from __future__ import annotations

from typing import Any

from search.lab.benchmark.base import Benchmark
from search.lab.benchmark.tasks.composed import Composed, Excluded, fused
from search.query import fusion

#: What a sweep tries: shares of the words beside the photo, and exclusions as multiples of the words' weight.
WORD_SHARES = tuple(step / 20 for step in range(21))
EXCLUDE_RATIOS = tuple(step / 10 for step in range(21))

Point = dict[str, Any]


def sweep(benchmark: Benchmark) -> dict[str, Any]:
    """P@10 of the composed and the exclude task over the fusion's weights, and the best of each.

    Photo and words share 1 between them (only their ratio changes a ranking). The exclusion is
    swept beside words that have the share just found. Of equal values the most even share and the
    smallest exclusion are chosen.

    Raises:
        TooSmall: see Composed.draw and Excluded.draw.
    """
    shares = _word_shares(benchmark)
    text = max(shares, key=lambda point: (point["value"], -abs(point["weight"] - 0.5)))["weight"]
    exclusions = _exclusions(benchmark, text)
    exclude = max(exclusions, key=lambda point: (point["value"], -point["weight"]))["weight"]
    return {
        "choice": {"photo": 1 - text, "text": text, "exclude": exclude},
        "sweeps": {
            "text": {
                "parameter": "weight of the words, the photo's is the rest", "label": "composed, P@10",
                "choice": text, "curve": shares,
            },
            "exclude": {
                "parameter": f"weight of the exclusion, the words' is {text:g}", "label": "exclude a colour, P@10",
                "choice": exclude, "curve": exclusions,
            },
        },
    }  # fmt: skip


def _word_shares(benchmark: Benchmark) -> list[Point]:
    composed = Composed.draw(benchmark)
    photos, words = benchmark.vectors[composed.rows], benchmark.texts(composed.words)
    curve = []
    for share in WORD_SHARES:
        queries = fused(fusion.Weights(1 - share, share, 0), photo=photos, text=words)
        precision = composed.precision(benchmark, queries)
        curve.append({"weight": share, **benchmark.metric("", precision, None, composed.targets)})
    return curve


def _exclusions(benchmark: Benchmark, text: float) -> list[Point]:
    excluded = Excluded.draw(benchmark)
    kinds, colours = benchmark.texts(excluded.words), benchmark.texts(excluded.unwanted)
    curve = []
    for ratio in EXCLUDE_RATIOS:
        queries = fused(fusion.Weights(1 - text, text, text * ratio), text=kinds, exclude=colours)
        precision = excluded.precision(benchmark, queries)
        curve.append({"weight": text * ratio, **benchmark.metric("", precision, None, list(excluded.kinds))})
    return curve
