"""What the hits of a query are worth: their verdicts, the probability of everything asked, and whether it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.calibration import ScoreCalibration, Thresholds, modality
from search.calibration import evidence as evidences
from search.calibration.evidence import Verdicts
from search.lexicon import lexicon
from search.ranking import presence
from search.ranking.signals.named import named_rows
from search.ranking.verdicts import Judge, numbered
from search.schema import Verdict

if TYPE_CHECKING:
    from search.index import Index
    from search.ranking.context import Context


#: The probability that an aspect is met, where no model is asked.
_SAID = {"met": 1.0, "nearly": evidences.CHANCE_NEARLY, "not met": 0.0, "unknown": 0.5}
#: The least probability of a product that the words name.
NAMED = 0.99
#: The greatest of one whose kind neither the catalog nor the model can tell: less than what is very close. And of one that
#: is said to be of a broader kind: a chair is hardly an office chair more often than not.
OPEN_KIND, BROADER_KIND = 0.79, 0.5


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

    def note_best(self, ctx: Context, likeness: np.ndarray) -> None:
        """Note the best likeness, of (n,) candidates: without filters the best of all products is among them."""
        if not self.filtered and len(likeness):
            ctx.once("best likeness", lambda: float(likeness.max()))

    def verdicts(self, ctx: Context) -> tuple[dict[str, Verdict], ...]:
        """Of each of the context's products, see Hit.verdicts."""
        return self.judge.verdicts(ctx.aspects, ctx.rows, ctx.products)

    def evidence(self, ctx: Context, likeness: np.ndarray, verdicts: tuple[dict[str, Verdict], ...]) -> np.ndarray:
        """(n, len(EVIDENCE)) of the context's products; likeness: (n,) what photo, words and exclusions add to each score."""
        kind, silent = self._photo_kind(ctx)
        names = named_rows(ctx)
        best = self._best(ctx)
        found = evidences.Found(
            likeness=self.scale.probabilities(ctx.fused, likeness, best),
            best=None if best is None else float(self.scale.probabilities(ctx.fused, np.array([best]), best)[0]),
            shares=self._shares(ctx),
            checked=self._looked_at(ctx, verdicts, _only_in_texts),
            refined=self._looked_at(ctx, verdicts, _broader_kind),
            second=_second_colours(ctx, verdicts),
            named=self._named(ctx),
            naming=len(names) > 0,
            kind=kind,
            kind_open=silent,
            unknown=self.unknown,
            corrected=self.corrected,
            further=any(aspect.name == "words" for aspect in ctx.wanted),
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
        likely = evidences.probabilities(self.evidence(ctx, likeness, verdicts), weights)
        return bounded(likely, self._named(ctx), verdicts)

    def _named(self, ctx: Context) -> np.ndarray:
        """(n,) bool, the products that the words name."""
        return np.isin(ctx.rows, named_rows(ctx))

    def _best(self, ctx: Context) -> float | None:
        """The likeness of the best product of the whole catalog to words, whatever the filters, which change what is
        shown, not what it is worth. None beside a photo, whose very product would put all others in the shade."""
        if modality(ctx.fused) != "words":
            return None

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

    def _looked_at(
        self, ctx: Context, verdicts: tuple[dict[str, Verdict], ...], doubtful: Callable[[Verdict], bool]
    ) -> np.ndarray:
        """(n,) the sum of the model's log-odds for the aspects whose verdict is doubtful, between -6 and 6."""
        total = np.zeros(len(ctx))
        for name, aspect in numbered(ctx.wanted).items():
            at = [at for at, said in enumerate(verdicts) if doubtful(said[name])]
            if at and (seen := self.judge.chances(aspect, ctx.products[at])) is not None:
                total[at] += evidences.log_odds(seen)
        return np.clip(total, -6, 6)

    def _photo_kind(self, ctx: Context) -> tuple[np.ndarray | None, np.ndarray | None]:
        """(the probability that each product is of the photo's kind, where the catalog does not say its kind); where the
        model reads both, the Bhattacharyya coefficient of its two readings."""
        reading = ctx.photo_kind
        if reading is None:
            return None, None
        likely, silent = ctx.photo.agreement("kind", ctx.rows), reading.choices.own[ctx.rows] < 0
        if silent.any():
            read = reading.choices.read(ctx.products[silent], self.judge.encode)
            likely[silent] = np.sqrt(read) @ np.sqrt(reading.probabilities)
        return likely, silent


def bounded(likely: np.ndarray, named: np.ndarray, verdicts: Sequence[Verdicts]) -> np.ndarray:
    """(n,) probabilities of everything asked, within what is known for sure.

    A product that the words name is what was asked for, whatever else is said of it; and everything is met at most as
    probably as the kind is (Frechet), so that what is said to be of another kind is never called close. Where the model
    cannot tell the kind, or only a broader one is said, nothing is called very close.
    """
    most = np.array([min([1.0, *map(_most, said.values())]) for said in verdicts])
    return np.where(named, np.maximum(likely, NAMED), np.minimum(likely, most))


def _most(verdict: Verdict) -> float:
    """The greatest probability of everything asked that a verdict on a kind which the words ask for, or ask not to be,
    leaves; of other verdicts 1."""
    if verdict.aspect.name != "kind" or verdict.aspect.source != "words":
        return 1.0
    if verdict.state == "not met":
        return evidences.chance_met(verdict)
    if verdict.state == "nearly":
        return BROADER_KIND
    return OPEN_KIND if (verdict.state, verdict.source) == ("unknown", "model") else 1.0


def _only_in_texts(verdict: Verdict) -> bool:
    """Whether an aspect is met by a title, a description or a tag alone."""
    return verdict.source == "text" and verdict.state == "met"


def _broader_kind(verdict: Verdict) -> bool:
    """Whether the catalog says of the kind only a broader one ("Skirts" for "pencil skirt")."""
    return verdict.aspect.name == "kind" and verdict.state == "nearly" and verdict.source in ("catalog", "text")


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
