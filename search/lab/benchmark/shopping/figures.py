"""Measures of judged answers, by form of query."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search import metrics
from search.lab.benchmark.base import Benchmark, Metric, Metrics
from search.lab.benchmark.shopping.asking import Answer
from search.lab.benchmark.shopping.forms import FORMS

#: Places that a shopper sees first.
FIRST = 5
#: Bands that promise a good match.
CLOSE = ("exact", "very_close")
_BINS, _DRAWS = 15, 500


def found(benchmark: Benchmark, answers: Sequence[Answer], key: str, label: str) -> Metrics:
    """P@5 or MRR of each form, as "KEY.FORM.p5"."""
    figures = {}
    for form, own in by_form(answers).items():
        measure = FORMS[form].measure
        if measure != "absent":
            short, value, chance = (
                ("mrr", reciprocal, chance_reciprocal) if measure == "mrr" else ("p5", precision, share)
            )
            figures[f"{key}.{form}.{short}"] = benchmark.metric(
                f"{FORMS[form].label}, {label}, {'MRR' if short == 'mrr' else 'P@5'}",
                [value(answer) for answer in own], [chance(answer) for answer in own], targets(own),
            )  # fmt: skip
    return figures


def promised(benchmark: Benchmark, answers: Sequence[Answer], key: str, label: str) -> Metrics:
    """What bands, probabilities and refusals promise and keep, for each form and for all: "KEY.FORM.top" and the like.

    Judged by everything that was said: three words of a title are met by every product whose title has them.
    """
    figures: Metrics = {}
    forms = by_form([answer for answer in answers if FORMS[answer.asked.form].measure != "part"])
    kept = [answer for form, own in forms.items() if FORMS[form].measure != "absent" for answer in own]
    for form, own in [*forms.items(), ("all", kept)]:
        name, at = f"{FORMS[form].label if form in FORMS else 'all forms'}, {label}", f"{key}.{form}"
        if form in FORMS and FORMS[form].measure == "absent":
            figures |= _absent(benchmark, own, at, name)
        elif own:
            figures |= _kept(benchmark, own, at, name)
    return figures


def _kept(benchmark: Benchmark, own: Sequence[Answer], at: str, name: str) -> Metrics:
    figures = {}
    close = [[band in CLOSE for band in answer.bands] for answer in own]
    hits = [(right, answer) for answer, those in zip(own, close, strict=True) for right in answer.met[those]]
    if hits:
        right, whose = zip(*hits, strict=True)
        figures[f"{at}.top"] = benchmark.metric(
            f"{name}, hits called very close or exact, right", right, [a.chance_met for a in whose], targets(whose)
        )
    if any(len(answer.right) for answer in own):
        figures[f"{at}.ece"] = error(benchmark, own, f"{name}, calibration error (less is better)")
    figures[f"{at}.denied"] = benchmark.metric(
        f"{name}, first hit right but denied (less is better)", [denied(answer) for answer in own], None, targets(own)
    )
    return figures


def _absent(benchmark: Benchmark, own: Sequence[Answer], at: str, name: str) -> Metrics:
    measures = {
        "close": ("a hit called very close or exact (less is better)", CLOSE),
        "related": ("a hit called related or better (less is better)", (*CLOSE, "related")),
    }
    figures = {
        f"{at}.{short}": benchmark.metric(f"{name}, {what}", [bool({*a.bands} & {*bands}) for a in own], None)
        for short, (what, bands) in measures.items()
    }
    refused = [not answer.in_catalog for answer in own]
    return figures | {f"{at}.refused": benchmark.metric(f"{name}, answered with no good match", refused, None)}


def by_form(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """The answers of each form, in the order of FORMS."""
    grouped: dict[str, list[Answer]] = {form: [] for form in FORMS}
    for answer in answers:
        grouped[answer.asked.form].append(answer)
    return {form: own for form, own in grouped.items() if own}


def targets(answers: Sequence[Answer]) -> list[str]:
    """(q,) what each asks for, by which the bootstrap draws."""
    return [f"{answer.asked.form}|{answer.asked.target}" for answer in answers]


def precision(answer: Answer) -> float:
    """Share of the first five that is right; where the catalog has only R < 5 right products, of the first R."""
    length = min(FIRST, len(answer.asked.right))
    return float(answer.right[:length].sum() / length)


def reciprocal(answer: Answer) -> float:
    """1 / rank of the first right hit, 0 where there is none among the hits asked for."""
    return 1.0 / (int(answer.right.argmax()) + 1) if answer.right.any() else 0.0


def share(answer: Answer) -> float:
    """What a random order would reach: the share of the catalog that is right."""
    return answer.chance


def chance_reciprocal(answer: Answer) -> float:
    """The reciprocal rank that a random order would reach."""
    return float(metrics.chance_reciprocal_rank([len(answer.asked.right)], answer.size)[0])


def denied(answer: Answer) -> bool:
    """Whether the first hit is right and the shopper is told that it is not."""
    return bool(len(answer.right) and answer.right[0] and (not answer.in_catalog or answer.bands[0] == "weak"))


def error(benchmark: Benchmark, answers: Sequence[Answer], label: str) -> Metric:
    """Expected calibration error over all hits; the interval draws whole queries.

    As chance stands the error of a probability that is always the share of right products in the catalog.
    """
    probabilities = np.concatenate([answer.probabilities for answer in answers])
    right = np.concatenate([answer.met for answer in answers])
    plain = np.concatenate([np.full(len(answer.right), answer.chance_met) for answer in answers])
    gaps = np.zeros((len(answers), _BINS))  # of each query, what its hits add to the gap of each bin
    for at, answer in enumerate(answers):
        bins = np.minimum((answer.probabilities * _BINS).astype(np.int64), _BINS - 1)
        np.add.at(gaps[at], bins, answer.probabilities - answer.met)
    hits = np.array([len(answer.right) for answer in answers])
    rng = np.random.default_rng(benchmark.seed)
    drawn = [rng.integers(len(answers), size=len(answers)) for _ in range(_DRAWS)]
    errors = [np.abs(gaps[d].sum(axis=0)).sum() / max(int(hits[d].sum()), 1) for d in drawn]
    low, high = np.quantile(errors, (0.025, 0.975))
    return Metric(
        label=label, value=metrics.calibration_error(probabilities, right), low=float(low), high=float(high),
        n=len(right), chance=metrics.calibration_error(plain, right),
    )  # fmt: skip
