"""What a query asks for and what a product says to it, in the reader's words: for chips, cards and headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search.lexicon import below, lexicon
from search.lexicon.nouns import singular
from search.lexicon.table import language
from search.lexicon.tokens import listed
from search.schema import Aspect, Hit, Verdict
from search.ui.locale import SCHEMES, Words
from search.ui.state import FACETS

#: Aspects whose name is not that of the product's field.
_FIELDS = {"kind": "category", "audience": "gender"}
#: Aspects whose values are names: they keep their capitals.
_NAMES = frozenset({"brand", "words", "size"})
#: What a typed label begins with that cannot stand before a noun: "with stripes", "made of leather".
_PREPOSITIONS = frozenset(listed("with in of made"))
#: What a typed label begins with that says what a thing is for, without its name: "for plants", "something to sit on".
_PURPOSES = frozenset(listed("for to something anything against"))
#: Verdict -> the symbol that shows it.
_ICONS = {"met": "check", "nearly": "half", "not met": "cross", "unknown": "unknown"}


@dataclass(frozen=True)
class VerdictView:
    """What a product says to one aspect: what was asked, the verdict and its symbol, what was found instead ("" = it
    need not be said), all of it as a sentence for a screen reader, whether only the picture says so, and who says it
    ("" = nobody)."""

    asked: str
    state: str
    icon: str
    found: str
    spoken: str
    by_model: bool
    source: str = ""


@dataclass(frozen=True)
class AspectWords:
    """Says aspects and verdicts in a language.

    `values` are the catalog's own values by facet, as it spells them (Catalog.facet_values).
    """

    words: Words
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def asked(self, aspect: Aspect) -> str:
        """The thing itself, without saying whether it is wanted: "red", "Puma", 条纹."""
        name = _field(aspect)
        if name in _NAMES:
            spelt = (value for value in self.values.get(name, ()) if value.casefold() in aspect.values)
            return next(spelt, aspect.text)
        if language(aspect.text) == self.words.lang:
            return singular(aspect.text) if aspect.source == "photo" and self.words.lang == "en" else aspect.text
        if aspect.concepts:
            return lexicon().label(aspect.concepts[0], self.words.lang)
        return self.words.value(name, aspect.text)

    def before_noun(self, aspect: Aspect) -> str:
        """The thing as it stands before a noun: "striped" of "stripes" and "with stripes"."""
        asked = self.asked(aspect)
        phrase = aspect.name == "pattern" or asked.split(" ")[0].casefold() in _PREPOSITIONS
        if self.words.lang == "en" and aspect.concepts and phrase:
            return lexicon().label(aspect.concepts[0], "en")
        return asked

    def noun(self, aspect: Aspect) -> str:
        """A kind as a heading names it: "flowerpot" of "for plants" and of "something for plants"."""
        asked = self.asked(aspect)
        if self.words.lang == "en" and aspect.concepts and asked.split(" ")[0].casefold() in _PURPOSES:
            return lexicon().label(aspect.concepts[0], "en")
        return asked

    def wish(self, aspect: Aspect) -> str:
        """The thing, or that it must not be there: "red", "no stripes"."""
        asked = self.asked(aspect)
        return self.words("verdict_without", thing=asked) if aspect.excluded else asked

    def found(self, verdict: Verdict) -> str:
        """What the product has instead; "" where that is what was asked for, or nobody knows."""
        if verdict.state in ("met", "unknown") or not verdict.found:
            return ""
        return self.value(verdict.aspect, verdict.found)

    def value(self, aspect: Aspect, value: str) -> str:
        """A product's own value of an aspect."""
        name = _field(aspect)
        if self.words.lang == "en" and language(value) == "zh" and name in SCHEMES:  # read in a Chinese title
            found = lexicon().find(value, SCHEMES[name])
            named = [concept for concept in found if concept.label("zh") == value] or found[:1]
            return named[-1].label("en") if named else value  # families come first, see search/lexicon
        if self.words.lang == "en":
            return value if name in _NAMES else value.lower()
        # A product of two colours is "black and white".
        return self.words.value(name, value.replace(" and ", "|") if name == "colour" else value)

    def verdicts(self, hit: Hit) -> list[VerdictView]:
        """What a card says, in the order of the query."""
        return [self._verdict(verdict) for verdict in hit.verdicts.values()]

    def facet_of(self, aspect: Aspect) -> tuple[str, list[str]] | None:
        """(facet, values) by which the catalog can be narrowed to what an aspect asks for; None where it cannot."""
        if aspect.excluded:
            return None
        names = ("category", "department") if aspect.name == "kind" else (_field(aspect),)
        for name in names:
            if name in FACETS and (found := self._matching(aspect, name)):
                return name, found
        return None

    def _matching(self, aspect: Aspect, name: str) -> list[str]:
        wanted = {id for concept in aspect.concepts for id in (concept, *below(concept))}

        def fits(value: str) -> bool:
            if value.casefold() in aspect.values:
                return True
            return name in SCHEMES and any(concept.id in wanted for concept in lexicon().find(value, SCHEMES[name])[:1])

        return [value for value in self.values.get(name, ()) if fits(value)]

    def _verdict(self, verdict: Verdict) -> VerdictView:
        words, asked, found = self.words, self.wish(verdict.aspect), self.found(verdict)
        state = words("verdict_" + verdict.state.replace(" ", "_"))
        key = "verdict_spoken_found" if found else "verdict_spoken"
        spoken = words(key, **{"asked": asked, "state": state} | ({"found": found} if found else {}))
        source = words(f"verdict_by_{verdict.source}") if verdict.source else ""
        return VerdictView(
            asked, verdict.state, _ICONS[verdict.state], found, spoken, verdict.source == "model", source
        )


def _field(aspect: Aspect) -> str:
    return _FIELDS.get(aspect.name, aspect.name)
