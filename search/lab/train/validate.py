"""Figures on the validation splits while training, for its curves alone: on arrays on the device, in seconds.

Nothing that is reported is measured here, but by the benchmarks (`python -m search evaluate`, in brief
`search.lab.benchmark.watch`), whose definitions are more careful: queries, minimum answers and galleries differ.
"score" is the mean of SCORED. Test splits are never opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from search.lab.benchmark.datasets import PHOTOGRAPH_SOURCES
from search.lab.benchmark.thresholds import REJECTED
from search.lab.train.glossary import Entry, glossary
from search.lab.train.readers import decode
from search.metrics import hit_at_k, precision_at_k, ranked
from search.query import fusion

EncodeImages = Callable[[np.ndarray], np.ndarray]  # (n, px, px, 3) uint8 -> (n, d) unit rows
EncodeTexts = Callable[[list[str]], np.ndarray]  # texts -> (n, d) unit rows

FEWEST = 5  # right answers a query needs to be asked
SCORED = (
    "title R@10 among train",
    "kind P@10 en",
    "kind P@10 zh",
    "colour+kind P@5 en",
    "colour+kind P@5 zh",
    "composed P@10",
    "clothing accuracy",
    "clothing macro",
    "home accuracy en",
    "home accuracy zh",
    "grocery packshot R@1",
    "refused elsewhere",
)


@dataclass(frozen=True)
class Split:
    """A split: (n, px, px, 3) uint8 pictures, and its other columns as arrays."""

    pictures: np.ndarray
    columns: dict[str, np.ndarray]

    @classmethod
    def read(cls, file: Path, px: int, threads: int = 2, limit: int | None = None) -> Split:
        """From a parquet file; limit: only the first rows."""
        table = pq.read_table(file)
        table = table.slice(0, limit) if limit else table
        columns = {c: np.array(table.column(c).to_pylist()) for c in table.column_names if c != "image"}
        return cls(decode(table.column("image").to_pylist(), px, threads), columns)

    def where(self, chosen: np.ndarray) -> Split:
        """The rows that are `chosen` (n,) bool."""
        return Split(self.pictures[chosen], {name: column[chosen] for name, column in self.columns.items()})


@dataclass(frozen=True)
class Validation:
    """The validation splits, and the packshots that grocery's photographs are compared with."""

    fashion: Split
    clothing: Split
    grocery: Split
    packshots: Split
    home: Split

    @classmethod
    def read(cls, folder: Path, px: int, threads: int = 2, limit: int | None = None) -> Validation:
        """The validation files under `folder`; of home/ only its photographs."""

        def split(name: str) -> Split:
            return Split.read(folder / f"{name}.parquet", px, threads, limit)

        home = split("home/validation")
        taken = np.isin(home.columns["source"], list(PHOTOGRAPH_SOURCES))
        return cls(
            split("fashion/validation"),
            split("clothing/validation"),
            split("grocery/validation"),
            split("grocery/packshots"),
            home.where(taken),
        )

    def measure(self, encode_images: EncodeImages, encode_texts: EncodeTexts, others: np.ndarray) -> dict[str, float]:
        """All figures, and `score`. others: (m, d) embeddings of training pictures that titles are also looked for among."""
        fashion, clothing, grocery, packshots, home = (
            encode_images(split.pictures)
            for split in (self.fashion, self.clothing, self.grocery, self.packshots, self.home)
        )
        found = (
            self._titles(fashion, encode_texts, others)
            | self._words(fashion, encode_texts)
            | self._composed(fashion, encode_texts)
        )
        found |= self._zero_shot(clothing, home, encode_texts)
        right = self.grocery.columns["article"][:, None] == self.packshots.columns["article"][None, :]
        found["grocery packshot R@1"] = hit_at_k(ranked(grocery @ packshots.T, right), 1).mean()
        found["refused elsewhere"] = _refused(fashion, clothing, grocery)
        found["score"] = float(np.mean([found[name] for name in SCORED]))
        return {name: round(float(value), 4) for name, value in found.items()}

    def _titles(self, vectors: np.ndarray, encode_texts: EncodeTexts, others: np.ndarray) -> dict[str, float]:
        titles = np.array([title.strip().lower() for title in self.fashion.columns["title"]])
        unique = np.unique(titles)
        said, right = encode_texts(unique.tolist()), unique[:, None] == titles[None, :]
        scores = said @ vectors.T
        figures = {"title R@10": hit_at_k(ranked(scores, right), 10).mean()}
        tenth = -np.sort(-(said @ others.T), axis=1)[:, : min(10, len(others))]
        # A picture is among the first ten of all if fewer than ten of either sort score higher.
        best = np.where(right, scores, -2.0).max(1)
        above = (tenth >= best[:, None]).sum(1) + ((scores > best[:, None]) & ~right).sum(1)
        each = above < 10
        number = {title: place for place, title in enumerate(unique.tolist())}
        figures["title R@10 among train"] = each[[number[title] for title in titles]].mean()
        return figures

    def _words(self, vectors: np.ndarray, encode_texts: EncodeTexts) -> dict[str, float]:
        words, columns = glossary(), self.fashion.columns
        kinds, counts = np.unique(columns["article_type"], return_counts=True)
        asked = [kind for kind, n in zip(kinds, counts, strict=True) if n >= FEWEST]
        both = np.array([f"{c}|{k}" for c, k in zip(columns["base_colour"], columns["article_type"], strict=True)])
        pairs, counts = np.unique(both, return_counts=True)
        coloured = [
            p for p, n in zip(pairs, counts, strict=True) if n >= FEWEST and p.split("|")[0] in words["colours"]
        ]
        figures = {}
        for language, join in (("en", "{} {}"), ("zh", "{}{}")):
            usual: Callable[[Entry], str] = lambda entry: getattr(entry, language)[0]  # noqa: B023, E731
            if not asked:
                return dict.fromkeys((name for name in SCORED if " P@" in name), 0.0)
            said = encode_texts([usual(words["fashion kinds"][kind]) for kind in asked])
            right = np.array(asked)[:, None] == columns["article_type"][None, :]
            figures[f"kind P@10 {language}"] = precision_at_k(ranked(said @ vectors.T, right), 10).mean()
            lines = []
            for pair in coloured:
                colour, kind = pair.split("|")
                lines.append(join.format(usual(words["colours"][colour]), usual(words["fashion kinds"][kind])))
            order = (
                ranked(encode_texts(lines) @ vectors.T, np.array(coloured)[:, None] == both[None, :]) if lines else None
            )
            for k in (5, 10):
                figures[f"colour+kind P@{k} {language}"] = 0.0 if order is None else precision_at_k(order, k).mean()
        return figures

    def _composed(self, vectors: np.ndarray, encode_texts: EncodeTexts, most: int = 800) -> dict[str, float]:
        """Photo and "in {other colour}" -> the kind in that colour, fused as the app does."""
        kinds, colours = self.fashion.columns["article_type"], self.fashion.columns["base_colour"]
        both = [f"{k}|{c}" for k, c in zip(kinds, colours, strict=True)]
        targets = [pair for pair, n in zip(*np.unique(both, return_counts=True), strict=True) if n >= FEWEST]
        rng, drawn = np.random.default_rng(0), []
        for pair in targets:
            kind, colour = pair.split("|")
            rows = np.flatnonzero((kinds == kind) & (colours != colour))
            drawn += [(row, kind, colour) for row in rng.permutation(rows)[:8]]
        drawn = [drawn[at] for at in rng.permutation(len(drawn))[:most]]
        if not drawn:
            return {"composed P@10": 0.0}
        weights, names = fusion.Weights(), np.unique(colours)
        said = dict(zip(names, encode_texts([f"in {name.lower()}" for name in names]), strict=True))
        query = np.stack([weights.photo * vectors[row] + weights.text * said[colour] for row, _, colour in drawn])
        scores = query @ vectors.T
        scores[np.arange(len(drawn)), [row for row, _, _ in drawn]] = -np.inf
        right = np.array([(kinds == kind) & (colours == colour) for _, kind, colour in drawn])
        return {"composed P@10": precision_at_k(ranked(scores, right), 10).mean()}

    def _zero_shot(self, clothing: np.ndarray, home: np.ndarray, encode_texts: EncodeTexts) -> dict[str, float]:
        words, labels = glossary(), self.clothing.columns["label"]
        figures = {}
        for language in ("en", "zh"):
            kinds = words["clothing kinds"]
            means = np.stack([encode_texts(list(getattr(entry, language))).mean(0) for entry in kinds.values()])
            means /= np.linalg.norm(means, axis=1, keepdims=True)
            guessed = np.array(list(kinds))[(clothing @ means.T).argmax(1)]
            right = guessed == labels
            if language == "en":
                figures["clothing accuracy"] = right.mean()
                figures["clothing macro"] = np.mean([right[labels == label].mean() for label in np.unique(labels)])
            else:
                figures["clothing accuracy zh"] = right.mean()
            names = np.unique(self.home.columns["kind"])
            lines = [f"a {n}" if language == "en" else words["home kinds"][n].zh[0] for n in names.tolist()]
            guessed = names[(home @ encode_texts(lines).T).argmax(1)]
            figures[f"home accuracy {language}"] = (guessed == self.home.columns["kind"]).mean()
        return figures


def _refused(fashion: np.ndarray, clothing: np.ndarray, grocery: np.ndarray) -> float:
    """Share of grocery's photographs whose best cosine with fashion's pictures is under the floor of a good match.

    The floor turns away REJECTED of fashion's own pictures or of clothing's photographs, whichever is worse served.
    """
    own = fashion @ fashion.T
    np.fill_diagonal(own, -np.inf)
    floor = min(np.quantile(own.max(1), REJECTED), np.quantile((clothing @ fashion.T).max(1), REJECTED))
    return float(((grocery @ fashion.T).max(1) < floor).mean())
