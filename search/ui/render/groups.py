"""Ranked hits as the shelves that a page shows: by what they meet of a query, or by band where there is nothing to tell
apart; what is weak stands folded at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from search.lexicon.nouns import plural
from search.ranking.verdicts import numbered
from search.schema import BANDS, Aspect, Hit, HitGroup, SearchResult
from search.ui.render.aspects import AspectWords
from search.ui.render.sentence import price_text, without

#: Where an aspect stands in a heading: before the noun, after it, or as the noun; others follow in quotation marks.
_BEFORE = ("colour", "material", "pattern")
_AFTER = ("brand", "audience", "size", "season", "usage", "room")
#: Shelves before what is left is folded: of four things asked there are up to sixteen groups.
_MOST = 5
#: Hits that stand open where all of them are weak.
_ROW = 8


@dataclass(frozen=True)
class Shelf:
    """Hits under a heading; `count` is how many the catalog has of them, None where that is not known. A shelf without
    hits says in its heading that there are none. `more` is the state's change that asks for all of them."""

    heading: str
    hits: Sequence[Hit]
    count: int | None = None
    blurb: str = ""
    more: dict[str, Any] | None = None


def shelves(speech: AspectWords, result: SearchResult, currency: str | None = None) -> tuple[list[Shelf], list[Hit]]:
    """(the shelves in their order, the weaker hits that come after them)."""
    if result.groups:
        return _by_group(speech, result, currency)
    sort = result.parsed.sort if result.parsed else ""
    return _by_band(speech, result.hits, sort)


def _by_group(speech: AspectWords, result: SearchResult, currency: str | None) -> tuple[list[Shelf], list[Hit]]:
    """A group that meets nothing of what was asked is weak, but for hits that are close all the same."""
    aspects = numbered(result.aspects)
    shown: list[Shelf] = []
    weaker: list[Hit] = []
    for group in result.groups:
        if not group.hits:
            if not group.missed:
                limited = limits(speech, result, currency)
                shown.append(Shelf(nothing_of(speech, group, aspects, limited), ()))
            continue
        full = len(shown) >= _MOST
        close = [hit for hit in group.hits if (group.met and not full) or hit.band != "weak"]
        weaker += [hit for hit in group.hits if hit not in close]
        if close:
            count = group.total if len(close) == len(group.hits) else None
            more = _all_of(speech, result, group, aspects) if count and count > len(close) else None
            shown.append(Shelf(heading(speech, group, aspects), close, count, more=more))
    grouped = {hit.product.id for group in result.groups for hit in group.hits}
    weaker += [hit for hit in result.hits if hit.product.id not in grouped]
    weaker.sort(key=lambda hit: hit.rank)
    if weaker and not any(shelf.hits for shelf in shown):
        last = shown.pop() if shown else Shelf(speech.words("group_rest"), ())
        shown.append(replace(last, hits=weaker[:_ROW]))
        weaker = weaker[_ROW:]
    return shown, weaker


def _all_of(
    speech: AspectWords, result: SearchResult, group: HitGroup, aspects: Mapping[str, Aspect]
) -> dict[str, Any] | None:
    """The state's change that asks for a group which misses one thing: without its words, and without the thing."""
    missed = [aspects[name] for name in group.missed if name in aspects]
    if len(missed) != 1 or missed[0].span is None or missed[0].excluded or result.parsed is None:
        return None
    unwanted = [phrase for phrase in result.query.exclusions if phrase not in result.parsed.exclusions]
    left = without(result.parsed.original, *missed[0].span)
    thing = speech.before_noun(missed[0]).removeprefix("for ")
    return {"text": left, "exclude": [*unwanted, thing]} if left else None


def limits(speech: AspectWords, result: SearchResult, currency: str | None) -> tuple[str, ...]:
    """What narrows a search beside its aspects: a price, what must not be there, as they stand beside a noun."""
    price, words = result.query.filters.get("price"), speech.words
    unwanted = [_after(speech, each) for each in result.aspects if each.excluded]
    return (*([price_text(words, price, currency)] if price else []), *unwanted)


def _by_band(speech: AspectWords, hits: Sequence[Hit], sort: str) -> tuple[list[Shelf], list[Hit]]:
    """A shelf for each band, or one where the order is another (by price, say). Weak hits are folded only where there
    are better ones."""
    words = speech.words
    close = [hit for hit in hits if hit.band != "weak"]
    weaker = [hit for hit in hits if hit.band == "weak"] if close else []
    runs = [(name, list(run)) for name, run in groupby(close or hits, key=lambda hit: hit.band)]
    if sort or [name for name, _ in runs] != sorted({name for name, _ in runs}, key=BANDS.index):
        said = words("results") if not sort else words("say_sort_up" if sort == "price" else "say_sort_down")
        return [Shelf(said[:1].upper() + said[1:], close or list(hits))], weaker
    return [Shelf(words(f"band_{name}"), run, None, words(f"band_{name}_blurb")) for name, run in runs], weaker


def heading(speech: AspectWords, group: HitGroup, aspects: Mapping[str, Aspect]) -> str:
    """What a group's products are: "Red mugs", "Mugs in other colours", "Red, but not mugs"; 红色马克杯."""
    met, missed = _those(group.met, aspects), _those(group.missed, aspects)
    if not met:
        return speech.words("group_rest")
    return _chinese(speech, met, missed) if speech.words.lang == "zh" else _english(speech, met, missed)


def nothing_of(speech: AspectWords, group: HitGroup, aspects: Mapping[str, Aspect], limited: Sequence[str] = ()) -> str:
    """ "No red armchairs here. The nearest:"; `limited` is what else narrows the search, see `limits`."""
    return f"{_none(speech, group, aspects, limited)}{speech.words('group_nearest')}"


def absent(speech: AspectWords, result: SearchResult, currency: str | None = None) -> str:
    """ "No toasters here.", where words ask for what no hit is; "" otherwise, and where groups say it."""
    if result.groups or any(hit.band != "weak" for hit in result.hits):
        return ""
    wanted = {
        name: each for name, each in numbered(result.aspects).items() if each.source == "words" and not each.excluded
    }
    if not wanted or any(all(_met(hit, name) for name in wanted) for hit in result.hits):
        return ""
    return _none(speech, HitGroup(tuple(wanted), (), (), 0), wanted, limits(speech, result, currency))


def _met(hit: Hit, name: str) -> bool:
    return name not in hit.verdicts or hit.verdicts[name].state in ("met", "unknown")


def _none(speech: AspectWords, group: HitGroup, aspects: Mapping[str, Aspect], limited: Sequence[str] = ()) -> str:
    """ "No red mugs up to €10 without stripes here."; an exclusion that is an aspect of the group is said once."""
    group = replace(group, met=tuple(name for name in group.met if not (name in aspects and aspects[name].excluded)))
    thing = heading(speech, group, aspects)
    thing = thing if thing[1:2].isupper() else thing[:1].lower() + thing[1:]
    if limited and speech.words.lang == "zh":
        thing = "、".join(each.replace(" ", "") for each in limited) + "的" + thing
    elif limited:
        thing = " ".join([thing, *limited])
    return speech.words("group_none", thing=thing)


def _those(names: Iterable[str], aspects: Mapping[str, Aspect]) -> list[Aspect]:
    return [aspects[name] for name in names if name in aspects]


def _english(speech: AspectWords, met: Sequence[Aspect], missed: Sequence[Aspect]) -> str:
    """ "Red leather boots by Puma for men", with what they miss behind."""
    kinds = _distinct(plural(speech.noun(each)) for each in met if each.name == "kind" and not each.excluded)
    lost_kinds = _distinct(plural(speech.noun(each)) for each in missed if each.name == "kind" and not each.excluded)
    before = [
        " and ".join(_distinct(speech.before_noun(each) for each in met if each.name == name and not each.excluded))
        for name in _BEFORE
    ]
    before = [each for each in before if each]
    after = [_after(speech, each) for each in met if each.name not in (*_BEFORE, "kind") or each.excluded]
    # "Red, but not mugs" needs no noun; "Red products" does.
    noun = (
        [" and ".join(kinds)] if kinds else [] if lost_kinds and (before or after) else [speech.words("group_things")]
    )
    text = " ".join([*before, *noun, *after])
    lost = [speech.words("group_but_not", thing=" or ".join(lost_kinds))] if lost_kinds else []
    lost += [_other(speech, each) for each in missed if each.name != "kind" or each.excluded]
    if lost:
        joint = ", " if lost_kinds else " "
        text = text + joint + ", ".join(lost)
    return _capital(text)


def _distinct(texts: Iterable[str]) -> list[str]:
    """Each text once, whatever its capitals: "shoes" of "red shoes or blue Shoes"."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(text.casefold(), text)
    return list(found.values())


def _capital(text: str) -> str:
    """With a capital at its beginning, but for names that have their own: "iPhones"."""
    named = any(each.isupper() for each in text.split(" ")[0][1:])
    return text if named else text[:1].upper() + text[1:]


def _chinese(speech: AspectWords, met: Sequence[Aspect], missed: Sequence[Aspect]) -> str:
    """What describes stands before the noun: 其他颜色的马克杯; what is missing of the noun, behind: 红色，但不是马克杯."""
    words = speech.words
    kinds = _distinct(speech.asked(each) for each in met if each.name == "kind" and not each.excluded)
    lost_kinds = _distinct(speech.asked(each) for each in missed if each.name == "kind" and not each.excluded)
    others = [_other(speech, each) for each in missed if each.name != "kind" or each.excluded]
    marks = [_after(speech, each) for each in met if each.name not in (*_BEFORE, "kind") or each.excluded]
    marks += others
    plain = "".join(speech.asked(each) for each in met if each.name in _BEFORE and not each.excluded)
    noun = "、".join(kinds) or ("" if lost_kinds and (plain or marks) else words("group_things"))
    text = "、".join(marks) + ("的" if marks and (plain or noun) else "") + plain + noun
    return text + (words("group_but_not", thing="、".join(lost_kinds)) if lost_kinds else "")


def _after(speech: AspectWords, aspect: Aspect) -> str:
    """What stands behind an English noun: "by Puma", "for men", "without stripes"."""
    key = "without" if aspect.excluded else aspect.name if aspect.name in _AFTER else "with"
    # "for men" and "men's" were typed, and "for" stands in the heading already.
    thing = speech.asked(aspect).removeprefix("for ").removesuffix("'s").removesuffix("'")
    if aspect.name == "audience":
        thing = thing.lower()
    return speech.words(f"group_{key}", thing=thing)


def _other(speech: AspectWords, aspect: Aspect) -> str:
    """ "in other colours", "by other brands", "with stripes"."""
    if aspect.excluded:
        return speech.words("group_has", thing=speech.asked(aspect))
    key = f"group_other_{aspect.name}"
    return speech.words(key) if key in speech.words else speech.words("group_lacks", thing=speech.asked(aspect))
