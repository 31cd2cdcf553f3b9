"""Points of a score as per cent of the match, the one scale of an opened card."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)

#: A true minus is as wide as a plus; a thin space stands before the sign of per cent.
_MINUS, _THIN = "\u2212", "\u2009"


def match_of(parts: Mapping[str, float], words: Sequence[float]) -> float:
    """The match, in points of the score: all that speaks for a hit. What speaks against it is told as a share of this,
    too, so that no share is above 100 %; 0 where nothing speaks for the hit.

    Args:
        parts: those of the hit's score.
        words: what each phrase adds and what they add to any product, together the part "text". Where phrases speak
            against each other the larger side counts.
    """
    return max(sum(max(value, 0.0) for value in each) for each in (parts.values(), words))


def in_percent(points: Mapping[Name, float], match: float) -> dict[Name, int]:
    """Whole per cent of the match, which add up to the rounded per cent of their sum; zeros where there is no match."""
    return apportioned(points, match / 100) if match > 0 else dict.fromkeys(points, 0)


def apportioned(values: Mapping[Name, float], unit: float) -> dict[Name, int]:
    """Values in whole units, which add up to the rounded sum.

    Largest remainder: each is rounded down, and what is then missing goes to those that lost most. None is off by 1.
    """
    exact = {name: value / unit for name, value in values.items()}
    floors = {name: int(value // 1) for name, value in exact.items()}
    missing = round(sum(exact.values())) - sum(floors.values())
    for name in sorted(exact, key=lambda name: floors[name] - exact[name])[:missing]:
        floors[name] += 1
    return floors


def percent(share: int, *, positive: bool = True) -> str:
    """A share as the page writes it: "13 %", "−3 %"; of one that rounds to nothing "<1 %"."""
    if share == 0:
        return f"{'' if positive else _MINUS}<1{_THIN}%"
    return f"{_MINUS if share < 0 else ''}{abs(share)}{_THIN}%"
