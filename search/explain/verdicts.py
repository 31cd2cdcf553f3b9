"""What a product says to each thing that was asked for, as the clauses of one sentence: "a striped scarf by Nordvik, but
navy, not red". A clause is a fact (search.explain.schema.Fact); search.explain.narrate has its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from search.explain.schema import Fact
from search.lexicon import lexicon
from search.lexicon.tokens import listed
from search.schema import Aspect, Verdict

#: Aspects that a product is: the noun last, the others are adjectives before it.
_IS = ("colour", "material", "pattern", "kind")
#: How the other aspects are said, and whether they may be said to be missing in the same way.
_CLAUSES = {"brand": "by", "words": "says", "size": "size"} | dict.fromkeys(
    ("audience", "season", "usage", "room"), "for"
)
#: Aspects of which "not x" is said where they are excluded, and not "without x".
_BARE = ("kind", "colour")
#: What a typed label begins with that cannot stand before a noun: "with stripes", "made of leather".
_PREPOSITIONS = frozenset(listed("with in of made"))
#: More than so many clauses are counted, not said: each stands below the sentence anyway.
MOST = 4


def head(verdicts: Iterable[Verdict]) -> list[Fact]:
    """The facts with which a sentence begins: what is met, what is missed; of what nobody knows only where that is all."""
    verdicts = sorted(verdicts, key=lambda verdict: verdict.aspect.name != "kind")
    met = [verdict for verdict in verdicts if verdict.state == "met"]
    missed = [verdict for verdict in verdicts if verdict.state in ("nearly", "not met")]
    counts = {"met": len(met), "count": len(verdicts)}
    if len(met) > MOST:
        said = {**counts, "missed": [_missed(each) for each in missed[:MOST]]}
        return [("many_but", said) if missed else ("many", counts) if len(met) < len(verdicts) else ("all", counts)]
    if met or missed:
        return [("head", {"met": _met(met), "missed": [_missed(each) for each in missed[:MOST]]})]
    return [("unknown", {"asked": [(each.aspect.name, each.aspect.text) for each in verdicts]})] if verdicts else []


def _met(verdicts: Sequence[Verdict]) -> list[Fact]:
    """What the product is in one noun, then everything else; what only the picture says in a noun of its own."""
    said: list[Fact] = []
    things = [verdict for verdict in verdicts if verdict.aspect.name in _IS and not verdict.aspect.excluded]
    for key, seen in (("thing", False), ("thing_seen", True)):
        group = [verdict for verdict in things if (verdict.source == "model") is seen]
        group.sort(key=lambda verdict: _IS.index(verdict.aspect.name))
        if group:
            photo = all(verdict.aspect.source == "photo" for verdict in group)
            said.append((f"{key}_photo" if photo else key, {"thing": [_named(verdict) for verdict in group]}))
    for verdict in verdicts:
        if verdict not in things:
            name = verdict.aspect.name
            excluded = "is_no" if name in _BARE else "without"
            key = excluded if verdict.aspect.excluded else _CLAUSES.get(name, "with")
            # A name is spelt as the catalog spells it.
            text = verdict.found if name == "brand" and verdict.found and key == "by" else verdict.aspect.text
            said.append(_by(verdict, key, {"asked": [(name, text)]}))
    return said


def _missed(verdict: Verdict) -> Fact:
    """What it is instead."""
    aspect = verdict.aspect
    if aspect.excluded:
        has = [(aspect.name, aspect.text)]
        return _by(verdict, "thing", {"thing": has}) if aspect.name in _BARE else _by(verdict, "has", {"asked": has})
    values: dict[str, Any] = {"asked": [(aspect.name, _plain(aspect))]}
    clause = "is" if aspect.name in _IS else _CLAUSES.get(aspect.name, "with")
    if clause == "says":
        return _by(verdict, "says_not", values)
    if not verdict.found:
        return _by(verdict, f"{clause}_no", values)
    values["found"] = [(aspect.name, verdict.found)]
    return _by(verdict, "is_nearly" if clause == "is" and verdict.state == "nearly" else f"{clause}_not", values)


def _by(verdict: Verdict, key: str, values: dict[str, Any]) -> Fact:
    """The clause, and whether only the picture says so."""
    return (f"{key}_seen" if verdict.source == "model" else key, values)


def _named(verdict: Verdict) -> tuple[str, str]:
    """What a product is, as the query called it; of alternatives ("red / blue") the one that it is."""
    aspect = verdict.aspect
    return aspect.name, verdict.found if "/" in aspect.text and verdict.found else _plain(aspect)


def _plain(aspect: Aspect) -> str:
    """What was asked for as it stands before a noun: "striped" of "with stripes"."""
    phrase = aspect.name == "pattern" or aspect.text.split(" ")[0].casefold() in _PREPOSITIONS
    return lexicon().label(aspect.concepts[0], "en") if aspect.concepts and phrase else aspect.text
