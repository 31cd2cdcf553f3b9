"""A subject and its baseline, timed in turn.

Milliseconds belong to one machine on one day; ratios travel. So every measurement alternates with
its baseline in the same run, after a warm-up of both, and `ratio` is median over median: 0.5 means
half the baseline's time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TypedDict

import numpy as np

#: Calls of subject and baseline before the clock counts.
WARMUP = 2


class Row(TypedDict):
    """A measurement as it is written: milliseconds per item of the subject and of its baseline."""

    label: str
    p50_ms: float
    p95_ms: float
    n: int  # calls that were timed
    baseline: str
    baseline_p50_ms: float
    ratio: float


@dataclass(frozen=True)
class Timed:
    """Something to be timed: `call` gets the number of the repetition and handles `items` items."""

    label: str
    call: Callable[[int], object]
    items: int = 1


def compare(
    subject: Timed, baseline: Timed, *, repeats: int, warmup: int = WARMUP, clock: Callable[[], float] = perf_counter
) -> Row:
    """Time the subject and its baseline in turn, so that what disturbs one disturbs the other.

    Returns:
        A row of the result: milliseconds per item at the median and the 95th percentile, how many
        calls were timed, and the ratio of the medians.
    """
    times: dict[str, list[float]] = {subject.label: [], baseline.label: []}
    for number in range(warmup + repeats):
        for timed in (subject, baseline):
            start = clock()
            timed.call(number)
            if number >= warmup:
                times[timed.label].append((clock() - start) * 1000 / timed.items)
    median, beside = (float(np.median(kept)) for kept in times.values())
    return {
        "label": subject.label,
        "p50_ms": median,
        "p95_ms": float(np.quantile(times[subject.label], 0.95)),
        "n": repeats,
        "baseline": baseline.label,
        "baseline_p50_ms": beside,
        "ratio": median / beside,
    }
