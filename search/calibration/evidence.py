"""The probability that a hit answers everything that was asked: logistic regression on few, named pieces of evidence.

    p = 1 / (1 + exp(-sum_i w_i x_i))

The evidence x (`EVIDENCE`) is what the scores say (`likeness`, the log-odds of Platt scaling, which is fitted to each
catalog), what the catalog says to each aspect, and what the model sees where the catalog is silent. The weights w differ
by what a query is made of: a photo, words, or both. They are fitted by Newton's method on the cross-entropy with a
Gaussian prior (MacKay 1992, "The evidence framework applied to classification networks", section 2) whose mean ships
with this module (search.calibration.prior).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.lexicon import lexicon
from search.schema import Verdict

#: What a weight stands for, each about -4 to 4:
#:   bias          1
#:   likeness      log-odds of a good match by the scores alone, where the catalog does not say that all is met
#:   likeness_met  the same where it does
#:   below         by how much the best product of the catalog stands above it, in log-odds by the scores alone, where the
#:                 catalog does not say that all is met and there is no photo
#:   met           1 where the catalog says that every aspect of the words is met, and no word that its texts know is lacking
#:   narrower      how many of the colours among them are a narrower one than what was asked ("navy" for "blue")
#:   by_text       share of those that only a title, description or tag says
#:   second        how many of the colours a title only names as its second
#:   checked       the sum of the model's log-odds for those, between -6 and 6
#:   denied        how many aspects of the words the catalog says are not met, at most 2
#:   nearly        how many it says are nearly met, at most 2
#:   nearly_kind   1 where the kind is one of them: a broader one
#:   refined       the sum of the model's log-odds for kinds nearly met, between -6 and 6
#:   seen          the sum of the model's log-odds for those that the catalog does not answer, between -6 and 6
#:   open          how many the catalog does not answer
#:   unseen        how many of those the model cannot see either (a brand)
#:   had           1 where there are further words and the product's texts have them all
#:   lacking       share of the further words that the product's texts do not have
#:   unknown       1 where a word is known to nobody
#:   unasked       1 where the words name no aspect at all
#:   kind          log-odds that the product has the photo's kind, where the catalog says what it has
#:   kind_met      the same where it also says that all that the words ask is met
#:   kind_seen     the same where only the model does
#:   kind_open     1 there
#:   corrected     1 where a typing error was corrected
#:   named         1 where the words are the product's id or title
#:   unnamed       1 where they are another's
EVIDENCE = (
    "bias", "likeness", "likeness_met", "below", "met", "narrower", "by_text", "second", "checked", "denied", "nearly",
    "nearly_kind", "refined",
    "seen", "open", "unseen", "had", "lacking", "unknown", "unasked",
    "kind", "kind_met", "kind_seen", "kind_open", "corrected", "named", "unnamed",
)  # fmt: skip
#: What never speaks against a hit: that the model sees what was asked. Where a fit says so, it counts nothing.
FOR = ("likeness", "likeness_met", "checked", "refined", "seen")
_MOST = 4.0
_STEPS = 30
#: The probability of an aspect's being met by what is only near it: a broader kind, another colour of the family.
CHANCE_NEARLY = 0.25

Verdicts = Mapping[str, Verdict]
Weights = Mapping[str, float]


def chance_met(verdict: Verdict) -> float:
    """The probability in [0, 1] that a verdict of the model gives to the aspect's being met."""
    if verdict.state == "not met":
        return 1 - verdict.certainty
    return CHANCE_NEARLY if verdict.state == "nearly" else verdict.certainty


def log_odds(probabilities: np.ndarray, most: float = _MOST) -> np.ndarray:
    """(n,) log(p / (1 - p)), between -most and most."""
    p = np.clip(np.asarray(probabilities, np.float64), 1e-6, 1 - 1e-6)
    return np.clip(np.log(p / (1 - p)), -most, most)


@dataclass(frozen=True)
class Found:
    """What is known of the n hits of one query besides their verdicts.

    likeness: (n,) probabilities by the scores alone; best: that of the catalog's best product, None with a photo. shares:
    (n,) share of the further words that each has, 1 where there are none. checked, refined, second, named: (n,) see
    EVIDENCE. naming: whether the words name any product. kind: (n,) probability that each is of the photo's kind, and
    kind_open: (n,) bool, where the catalog does not say of what kind it is; None without a photo. unknown: how many words
    nobody knows. corrected: whether a typing error was corrected. further: whether there are further words. worded: whether
    there are words at all.
    """

    likeness: np.ndarray
    shares: np.ndarray
    checked: np.ndarray
    refined: np.ndarray
    second: np.ndarray
    named: np.ndarray
    naming: bool = False
    best: float | None = None
    kind: np.ndarray | None = None
    kind_open: np.ndarray | None = None
    unknown: int = 0
    corrected: bool = False
    further: bool = False
    worded: bool = True


def gathered(found: Found, verdicts: Sequence[Verdicts]) -> np.ndarray:
    """(n, len(EVIDENCE)) for n hits of one query and what each of them says."""
    size = len(found.likeness)
    kind = np.full(size, 0.5) if found.kind is None else found.kind
    silent = np.zeros(size, bool) if found.kind_open is None else found.kind_open
    values: dict[str, np.ndarray | float] = {
        "bias": 1.0,
        "likeness": log_odds(found.likeness, 6),
        "checked": found.checked,
        "refined": found.refined,
        "second": found.second,
        "had": (found.shares >= 1) * float(found.further),
        "lacking": 1 - found.shares,
        "unknown": float(found.unknown > 0),
        "kind": np.where(silent, 0, log_odds(kind)),
        "kind_seen": np.where(silent, log_odds(kind), 0),
        "kind_open": silent.astype(np.float64),
        "corrected": float(found.corrected),
        "named": found.named.astype(np.float64),
        "unnamed": (found.naming & ~found.named).astype(np.float64),
    }
    said = [_said(each, found.worded) for each in verdicts]
    values |= {name: np.array([each[name] for each in said]) for name in said[0]} if said else {}
    if "met" in values:
        values["met"] = values["met"] * (found.shares >= 1)
        values["likeness_met"], values["kind_met"] = values["likeness"] * values["met"], values["kind"] * values["met"]
        values["below"] = _below(found) * (1 - values["met"])
        values["likeness"] = values["likeness"] * (1 - values["met"])
    rows = np.zeros((size, len(EVIDENCE)))
    for at, name in enumerate(EVIDENCE):
        rows[:, at] = values.get(name, 0.0)
    return rows


def _below(found: Found) -> np.ndarray:
    """(n,) how far each likeness is below the best, in log-odds."""
    if found.best is None:
        return np.zeros(len(found.likeness))
    return np.maximum(log_odds(np.array([found.best]), 6) - log_odds(found.likeness, 6), 0.0)


def _said(verdicts: Verdicts, worded: bool) -> dict[str, float]:
    """What the verdicts on the words' aspects come to."""
    asked = [each for each in verdicts.values() if each.aspect.source == "words" and each.aspect.name != "words"]
    answered = [each for each in asked if each.source in ("catalog", "text")]
    met = [each for each in answered if each.state == "met"]
    seen = [each for each in asked if each.source == "model"]
    return {
        "met": float(bool(met) and len(met) == len(asked)),
        "narrower": float(sum(_narrower(each) for each in met)),
        "by_text": sum(each.source == "text" for each in met) / max(len(asked), 1),
        "denied": min(sum(each.state == "not met" for each in answered), 2),
        "nearly": min(sum(each.state == "nearly" for each in answered), 2),
        "nearly_kind": float(any(each.state == "nearly" and each.aspect.name == "kind" for each in answered)),
        "seen": float(np.clip(sum(log_odds(np.array([chance_met(each) for each in seen]))), -6, 6)) if seen else 0.0,
        "open": len(asked) - len(answered),
        "unseen": sum(each.source == "" for each in asked),
        "unasked": float(worded and not verdicts),
    }


def _narrower(verdict: Verdict) -> bool:
    """Whether a colour is met by a narrower one: another value of the column, or in a text another colour's name."""
    aspect = verdict.aspect
    if aspect.name != "colour" or aspect.excluded:
        return False
    if verdict.source == "text":
        said = {concept.id for concept in lexicon().find(verdict.found, "colours")}
        return bool(said and aspect.concepts) and said.isdisjoint(aspect.concepts)
    return verdict.source == "catalog" and bool(aspect.values) and verdict.found.casefold() not in aspect.values


def probabilities(evidence: np.ndarray, weights: Weights) -> np.ndarray:
    """(n,) in [0, 1] for (n, len(EVIDENCE)) evidence; what has no weight counts nothing."""
    return 1 / (1 + np.exp(-np.clip(evidence @ as_vector(weights), -30, 30)))


def as_vector(weights: Weights) -> np.ndarray:
    """(len(EVIDENCE),) of weights by name."""
    return np.array([weights.get(name, 0.0) for name in EVIDENCE])


def fit(evidence: np.ndarray, right: np.ndarray, prior: Weights, precision: float = 1.0) -> dict[str, float]:
    """The weights under which `right` is likeliest, near the prior's, those of FOR not below 0.

    Args:
        evidence: (n, len(EVIDENCE)).
        right: (n,) bool.
        precision: 1 / variance of the Gaussian prior about each weight.
    """
    x, y, mean = np.array(evidence, np.float64), np.asarray(right, np.float64), as_vector(prior)
    never = [EVIDENCE.index(name) for name in FOR]
    weights = _newton(x, y, mean, precision)
    while against := [at for at in never if weights[at] < 0]:
        x[:, against], mean[against] = 0.0, 0.0
        weights = _newton(x, y, mean, precision)
    return dict(zip(EVIDENCE, weights.round(4).tolist(), strict=True))


def _newton(x: np.ndarray, y: np.ndarray, mean: np.ndarray, precision: float) -> np.ndarray:
    weights = mean.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (p - y) + precision * (weights - mean)
        hessian = (x.T * (p * (1 - p))) @ x + precision * np.eye(len(mean))
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step / max(1.0, float(np.abs(step).max()))
    return weights
