"""What a product says to each thing that was asked for, as the clauses of one sentence: "It is a mug; it is navy, not
red." A clause is a fact (search.explain.schema.Fact); search.explain.narrate has its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from search.explain.schema import Fact
from search.schema import Verdict

#: Aspects that a product is; what else it says is said with a preposition, see _CLAUSES.
_IS = ("kind", "colour", "material", "pattern")
_CLAUSES = {**dict.fromkeys(_IS, "is"), "brand": "by", "audience": "for", "words": "says"}


def clauses(verdicts: Iterable[Verdict]) -> list[Fact]:
    """One clause for each, the kind first, then in the order of the query. Values are (aspect's name, text) pairs."""
    return [_clause(verdict) for verdict in sorted(verdicts, key=lambda verdict: verdict.aspect.name != "kind")]


def _clause(verdict: Verdict) -> Fact:
    name = verdict.aspect.name
    values: dict[str, Any] = {"asked": [(name, verdict.aspect.text)]}
    key = _key(verdict)
    if key.endswith(("_nearly", "_not")) and not key.endswith("says_not"):
        values["found"] = [(name, verdict.found)]
    return f"{key}_seen" if verdict.source == "model" else key, values


def _key(verdict: Verdict) -> str:
    if verdict.state == "unknown":
        return "verdict_unknown"
    if verdict.aspect.excluded:
        return "verdict_without" if verdict.state == "met" else "verdict_has"
    clause = _CLAUSES.get(verdict.aspect.name, "other")
    if verdict.state == "met":
        return f"verdict_{clause}"
    if clause == "says":
        return "verdict_says_not"
    if not verdict.found:
        return "verdict_no"
    return f"verdict_{clause}_nearly" if clause == "is" and verdict.state == "nearly" else f"verdict_{clause}_not"
