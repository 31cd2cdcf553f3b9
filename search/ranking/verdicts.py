"""What each hit says to each thing that was asked: by the catalog, or where that is silent as the model sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.query.choices import SEEN, Choices, Encode
from search.schema import Aspect, Verdict

if TYPE_CHECKING:
    from search.catalog.aspects import ProductAspects

#: The model's word counts from even odds on that something is there, and up to here that it is not; between, it is open.
MET, NOT_MET = 0.5, 0.15
#: Only what is worn looks as if it were for somebody: a guitar does not.
_WORN = Aspect("kind", "clothing", ("departments:clothing", "departments:shoes"))


@dataclass(frozen=True)
class Judge:
    """Who is asked: the catalog's data, then the model.

    says: what the products say. choices: the values an aspect may have in this catalog. encode: texts -> (n, d) unit
    rows, remembered.
    """

    says: ProductAspects
    choices: Callable[[str], Choices]
    encode: Encode

    def verdicts(
        self, aspects: Sequence[Aspect], rows: np.ndarray, pictures: np.ndarray
    ) -> tuple[dict[str, Verdict], ...]:
        """For each of n products its verdicts by aspect, see Hit.verdicts.

        Args:
            rows: (n,) of the catalog.
            pictures: (n, d) unit rows, the products' pictures.
        """
        found: tuple[dict[str, Verdict], ...] = tuple({} for _ in rows)
        for name, aspect in numbered(aspects).items():
            said = [self.says.verdict(aspect, int(row)) for row in rows]
            silent = np.array([verdict.state == "unknown" for verdict in said], bool)
            if aspect.name == "audience" and silent.any():
                silent &= self.says.agreement(_WORN, rows) == 1
            if silent.any() and aspect.name in SEEN:
                for at, verdict in zip(np.flatnonzero(silent), self.seen(aspect, pictures[silent]), strict=True):
                    said[at] = verdict
            for of_product, verdict in zip(found, said, strict=True):
                of_product[name] = verdict
        return found

    def chances(self, aspect: Aspect, pictures: np.ndarray) -> np.ndarray | None:
        """(m,) the model's probabilities that (m, d) unit rows of pictures meet an aspect; None where it cannot see it."""
        if aspect.name not in SEEN or not (aspect.concepts or aspect.values):
            return None
        choices = self.choices(aspect.name).with_asked(aspect, self.encode)
        return choices.read(pictures, self.encode) @ (choices.meet(aspect) == 1) if len(choices) > 1 else None

    def seen(self, aspect: Aspect, pictures: np.ndarray) -> list[Verdict]:
        """The verdicts of the model on (m, d) unit rows of pictures."""
        choices = self.choices(aspect.name).with_asked(aspect, self.encode)
        if len(choices) < 2:
            return [Verdict(aspect, "unknown", certainty=0.0) for _ in pictures]
        likely, meets = choices.read(pictures, self.encode), choices.meet(aspect)
        there, near = likely @ (meets == 1), likely @ (meets == 0.5)
        texts = [choices.options[at].text for at in likely.argmax(axis=1)]
        best = likely.max(axis=1)
        return [
            as_verdict(aspect, float(there[at]), float(near[at]), texts[at] if best[at] >= MET else "")
            for at in range(len(pictures))
        ]


def numbered(aspects: Sequence[Aspect]) -> dict[str, Aspect]:
    """Aspects by name; a second one of a name is "colour 2"."""
    found: dict[str, Aspect] = {}
    counts: dict[str, int] = {}
    for aspect in aspects:
        count = counts[aspect.name] = counts.get(aspect.name, 0) + 1
        found[f"{aspect.name} {count}" if count > 1 else aspect.name] = aspect
    return found


def as_verdict(aspect: Aspect, there: float, near: float, found: str) -> Verdict:
    """The verdict for the probabilities that what is asked is there, or something near it; certainty is that of the
    state, and where the state is open the probability of being met."""
    if aspect.excluded:
        state = "not met" if there >= MET else "met" if there <= NOT_MET else "unknown"
        return Verdict(aspect, state, found, "model", there if state == "not met" else 1 - there)
    if there >= MET:
        return Verdict(aspect, "met", found, "model", there)
    if there + near >= MET:
        return Verdict(aspect, "nearly", found, "model", there + near)
    if there + near <= NOT_MET:
        return Verdict(aspect, "not met", found, "model", 1 - there)
    return Verdict(aspect, "unknown", found, "model", there)
