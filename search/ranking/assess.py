"""What the hits of a query are worth: their verdicts, the probability of everything asked, and whether it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.calibration import ScoreCalibration, Thresholds, modality
from search.calibration import evidence as evidences
from search.lexicon import lexicon
from search.ranking import presence
from search.ranking.signals.named import named_rows
from search.ranking.verdicts import Judge, named
from search.schema import Verdict

if TYPE_CHECKING:
    from search.index import Index
    from search.ranking.context import Context


#: The probability that an aspect is met, where no model is asked.
_SAID = {"met": 1.0, "nearly": 0.25, "not met": 0.0, "unknown": 0.5}


@dataclass(frozen=True)
class Assessor:
    """Assesses hits of one query of one catalog.

    unknown: how many words of the query nobody knows. corrected: whether a typing error was. open_vocabulary: whether
    the model knows words that the lexicon does not. filtered: whether filters hide products.
    """

    scale: ScoreCalibration
    thresholds: Thresholds
    judge: Judge
    index: Index
    unknown: int
    corrected: bool
    open_vocabulary: bool
    filtered: bool

    def in_catalog(self, ctx: Context) -> bool:
        """See search.ranking.presence; decided once for a query."""
        return ctx.once("in_catalog", lambda: self._in_catalog(ctx))

    def _in_catalog(self, ctx: Context) -> bool:
        return presence.in_catalog(
            ctx, self.index, self.judge, self.scale, self.thresholds, self.unknown, self.open_vocabulary
        )

    def candidates(self, ctx: Context, likeness: np.ndarray) -> None:
        """Be told the likeness, (n,), of the first candidates: without filters the best of all products is among them."""
        if not self.filtered and len(likeness):
            ctx.once("best likeness", lambda: float(likeness.max()))

    def verdicts(self, ctx: Context) -> tuple[dict[str, Verdict], ...]:
        """Of each of the context's products, see Hit.verdicts."""
        return self.judge.verdicts(ctx.aspects, ctx.rows, ctx.products)

    def evidence(self, ctx: Context, likeness: np.ndarray, verdicts: tuple[dict[str, Verdict], ...]) -> np.ndarray:
        """(n, len(EVIDENCE)) of the context's products; likeness: (n,) what photo, words and exclusions add to each score."""
        kind, silent = self._photo_kind(ctx)
        names = named_rows(ctx)
        found = evidences.Found(
            likeness=self.scale.probabilities(ctx.fused, likeness, self._best(ctx)),
            shares=self._shares(ctx),
            checked=self._checked(ctx, verdicts),
            second=_second_colours(ctx, verdicts),
            named=np.isin(ctx.rows, names),
            naming=len(names) > 0,
            kind=kind,
            kind_open=silent,
            unknown=self.unknown,
            corrected=self.corrected,
            meeting=self._meeting(ctx),
            crowded=any(aspect.name == "words" for aspect in ctx.wanted),
            worded="text" in ctx.given,
        )
        return evidences.gathered(found, verdicts)

    def probabilities(self, ctx: Context, likeness: np.ndarray, verdicts: tuple[dict[str, Verdict], ...]) -> np.ndarray:
        """(n,) that each of the context's products answers everything that was asked; 0 where nothing is like it."""
        if not self.in_catalog(ctx):
            return np.zeros(len(ctx))
        if not {"photo", "text"} & ctx.given.keys():  # nothing is wanted, only unwanted
            return np.array([_lack(said) for said in verdicts])
        weights: Mapping[str, float] = self.scale.evidence[modality(ctx.fused)]
        return evidences.probabilities(self.evidence(ctx, likeness, verdicts), weights)

    def _best(self, ctx: Context) -> float:
        """The likeness of the best product of the whole catalog to words, whatever the filters, which change what is
        shown, not what it is worth; of other queries nothing depends on it."""
        if modality(ctx.fused) != "words":
            return 0.0

        def search() -> float:
            _, scores = self.index.search(ctx.fused.vector.astype(np.float32), 1)
            return float(scores[0]) if len(scores) else 0.0

        return ctx.once("best likeness", search)

    def _shares(self, ctx: Context) -> np.ndarray:
        """(n,) the least share of the further words that each product has."""
        shares = np.ones(len(ctx))
        for aspect in ctx.wanted:
            if aspect.name == "words":
                shares = np.minimum(shares, ctx.says.agreement(aspect, ctx.rows))
        return shares

    def _checked(self, ctx: Context, verdicts: tuple[dict[str, Verdict], ...]) -> np.ndarray:
        """(n,) the sum of the model's log-odds for aspects that only a product's texts say are met."""
        total = np.zeros(len(ctx))
        for name, aspect in named(ctx.wanted).items():
            at = [at for at, said in enumerate(verdicts) if said[name].source == "text" and said[name].state == "met"]
            if at and (seen := self.judge.chances(aspect, ctx.products[at])) is not None:
                total[at] += evidences.log_odds(seen)
        return np.clip(total, -6, 6)

    def _photo_kind(self, ctx: Context) -> tuple[np.ndarray | None, np.ndarray | None]:
        """(the probability that each product is of the photo's kind, where the catalog does not say its kind); where the
        model reads both, the Bhattacharyya coefficient of its two readings."""
        reading = ctx.photo.readings.get("kind")
        if reading is None or any(aspect.name == "kind" for aspect in ctx.wanted):
            return None, None
        likely, silent = ctx.photo.agreement("kind", ctx.rows), reading.choices.own[ctx.rows] < 0
        if silent.any():
            read = reading.choices.read(ctx.products[silent], self.judge.encode)
            likely[silent] = np.sqrt(read) @ np.sqrt(reading.probabilities)
        return likely, silent

    def _meeting(self, ctx: Context) -> int:
        """How many products of the catalog may meet all wanted aspects by its own data."""

        def count() -> int:
            rows = ctx.catalog.rows()
            met = np.ones(len(rows), bool)
            for aspect in ctx.wanted:
                if ctx.says.knows(aspect.name):
                    agreement = ctx.says.agreement(aspect, rows)
                    met &= np.isnan(agreement) | (agreement == 1)
            return int(met.sum())

        return ctx.once("meeting", count)


def _lack(verdicts: dict[str, Verdict]) -> float:
    """The probability that a product has nothing of what must not be there."""
    chances = (
        evidences.chance_met(each) if each.source == "model" else _SAID[each.state] for each in verdicts.values()
    )
    return float(np.prod(list(chances)))


def _second_colours(ctx: Context, verdicts: tuple[dict[str, Verdict], ...]) -> np.ndarray:
    """(n,) how many colours each product meets by no more than a colour that its title names after another."""
    found = np.zeros(len(ctx))
    for at, said in enumerate(verdicts):
        for verdict in said.values():
            if verdict.aspect.name == "colour" and (verdict.state, verdict.source) == ("met", "text"):
                title = ctx.catalog.at(int(ctx.rows[at])).title
                first = lexicon().scan(title, ("colours",))[:1]
                found[at] += any(title[each.start : each.end].casefold() != verdict.found.casefold() for each in first)
    return found
