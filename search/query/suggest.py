"""What could be meant while it is typed: kinds, colours, brands and titles that this catalog has, typing errors mended.

The last words of what was typed are completed; what stands before them is read as a query is, and only what products
have together with it is offered, so that nothing is suggested that finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from search.cache import Cache
from search.catalog.aspects import ProductAspects
from search.catalog.texts import texts_of
from search.lexicon import lexicon
from search.lexicon.table import fold, language
from search.query.parse import parse
from search.query.prefixes import Prefixes, Titles, one_edit_away
from search.query.vocabulary import Vocabulary
from search.schema import Aspect

if TYPE_CHECKING:
    from search.catalog import Catalog
    from search.schema import Product

#: Characters of a text that is completed, and words (or Chinese characters) at the end that one name may have.
_MOST_TYPED, _MOST_WORDS, _MOST_CHARACTERS = 80, 4, 6
#: Titles that are offered beside other suggestions, and names that the first suggestion is combined with.
_TITLES, _COMBINED = 3, 4
#: Aspects whose names are completed, by their columns and the lexicon.
_NAMED = ("kind", "colour", "material", "pattern")
#: So few letters may begin anything, and a kind is meant rather than a colour.
_SHORT = 3
#: Letters that a mistyped word has at least; shorter ones are near to everything.
_SHORTEST_ERROR = 3
_KEPT = 64


@dataclass(frozen=True)
class Suggestion:
    """A text to search for.

    kind: "kind", "colour", "material", "pattern" or "brand" for the name of one, "pair" for several of them, "title" for
    a product's, "correction" where a typing error was mended. count: how many products have everything it names.
    """

    text: str
    kind: str
    count: int


@dataclass(frozen=True)
class _Name:
    """A name that products answer to: its text, the aspect it is of, what tells it from others, (m,) int64 sorted rows.

    place: of the thing's names in this language, 0 for the preferred one. own: products are said to be this itself, not
    only something narrower.
    """

    text: str
    aspect: str
    key: str
    rows: np.ndarray
    place: int = 0
    own: bool = True


class _Seen:
    """What suggestions are made of, all of one revision; it takes no time to see, and they some to make."""

    def __init__(self, catalog: Catalog):
        self.says = ProductAspects.of(catalog)
        self.vocabulary = Vocabulary.of(catalog)
        self.alive = catalog.alive()
        self.prices = catalog.price_span() is not None
        self.products = [catalog.find(row) for row in range(catalog.height)]
        self.made: Cache[Suggester] = Cache(1)


class Suggester:
    """The suggestions of a catalog as it is now. Get it with `of`."""

    def __init__(self, seen: _Seen):
        self._says, self._vocabulary, self._alive = seen.says, seen.vocabulary, seen.alive
        self._prices = seen.prices
        names = [*_concepts(self._says), *_values(seen.products)]
        self._by_label: dict[str, list[_Name]] = {}
        for name in names:
            self._by_label.setdefault(fold(name.text), []).append(name)
        self._labels = Prefixes(self._by_label)
        titles = [text for product in seen.products if product is not None for text in texts_of(product, "title")]
        self._titles = Titles(titles)
        self._words = Prefixes(word for label in self._labels.texts for word in label.split() if word.isascii())
        self._heads: Cache[tuple[np.ndarray, frozenset[str]] | None] = Cache(_KEPT)

    @classmethod
    def of(cls, catalog: Catalog) -> Suggester:
        """That of a catalog; remembered until products are added or removed."""
        seen: _Seen = catalog.grown("suggester", lambda _before: _Seen(catalog))
        # Nobody who searches meanwhile waits for it, as who holds the catalog would make them.
        return seen.made.get_or_make("suggester", lambda: cls(seen))

    def suggest(self, prefix: str, lang: str = "en", k: int = 8) -> tuple[Suggestion, ...]:
        """At most k suggestions for what was typed so far, best first, in the language that it is typed in; none for
        a longer text than anybody wants completed.

        Args:
            lang: "en" or "zh", for what is in neither.
        """
        typed = prefix.lstrip()
        if not typed.strip() or len(typed) > _MOST_TYPED or k < 1:
            return ()
        k = min(k, len(self._alive) + len(self._by_label))  # there are no more to be had
        if any(character.isalpha() for character in typed):
            lang = language(typed)
        return tuple(self._offers(typed, lang, k) or self._corrected(typed, lang, k))

    def _offers(self, typed: str, lang: str, k: int) -> list[Suggestion]:
        """Names first, then names combined, with room kept for titles."""
        called = {title.casefold(): title for title in self._titles.starting(typed, k)}
        named: dict[str, Suggestion] = {}
        for suggestion in self._completed(typed, lang, k):
            text = suggestion.text.casefold()
            if text not in called or suggestion.kind != "pair":
                named.setdefault(text, suggestion)
        titles = [
            Suggestion(title, "title", self._titles.counts[title])
            for text, title in called.items()
            if text not in named
        ]
        kept = max(k - min(len(titles), _TITLES), 1)
        names = list(named.values())[:kept]
        return names + titles[: k - len(names)]

    def _completed(self, typed: str, lang: str, k: int) -> Iterator[Suggestion]:
        """What was typed with its last words completed, as one name where that can be."""
        for head, begun in _splits(typed, lang):
            read = self._read(head)
            if read is None:
                continue
            having, taken = read
            names = [name for name in self._beginning(begun, lang) if name.aspect not in taken]
            counted = _counted(names, having)
            if len(begun.strip()) <= _SHORT:
                counted.sort(key=lambda pair: pair[0].aspect != "kind" or pair[0].place > 0)
            for name, count in counted[:k]:
                yield Suggestion(_joined(head, name.text), name.aspect if not head else "pair", count)
            if counted:
                yield from self._combined(head, counted[0][0], having, taken, lang)

    def _beginning(self, begun: str, lang: str) -> list[_Name]:
        """The names that begin so, preferred ones first; where nothing is begun the kinds that products are."""
        folded = fold(begun)
        first, last = self._labels.span(folded)
        names = [name for label in self._labels.texts[first:last] for name in self._by_label[label]]
        names.sort(key=lambda name: name.place)
        if not folded:
            names = [name for name in names if name.own and not name.place and name.aspect == "kind"]
        return [name for name in names if name.aspect == "brand" or language(name.text) == lang]

    def _combined(
        self, head: str, name: _Name, having: np.ndarray, taken: frozenset[str], lang: str
    ) -> Iterator[Suggestion]:
        """The first name with kinds, or a kind by itself with colours: "red mug"."""
        kind = name.aspect == "kind"
        if (kind and head) or "kind" in taken:
            return
        wanted = "colour" if kind else "kind"
        mask = np.zeros_like(having)
        mask[name.rows] = having[name.rows]
        others = [
            other
            for label in self._labels.texts
            for other in self._by_label[label]
            if other.own and not other.place and other.aspect == wanted and language(other.text) == lang
        ]
        for other, count in _counted(others, mask)[:_COMBINED]:
            said = _joined(other.text, name.text) if kind else _joined(_joined(head, name.text), other.text)
            yield Suggestion(said, "pair", count)

    def _read(self, head: str) -> tuple[np.ndarray, frozenset[str]] | None:
        """((height,) bool: the rows that have all that is said, the aspects said); None where it is not understood."""

        def read() -> tuple[np.ndarray, frozenset[str]] | None:
            parsed = parse(head, self._vocabulary, prices=self._prices, correct=False)
            if parsed.unknown:
                return None
            having = self._alive.copy()
            rows = np.arange(len(having))
            for aspect in parsed.aspects:
                meets = self._meets(aspect, rows)
                having &= ~meets if aspect.excluded else meets
            return (having, frozenset(a.name for a in parsed.aspects)) if having.any() else None

        return self._heads.get_or_make(head.strip().casefold(), read)

    def _meets(self, aspect: Aspect, rows: np.ndarray) -> np.ndarray:
        """(n,) bool: which rows meet an aspect; a brand where its column has it, which takes no reading of titles."""
        if aspect.name != "brand":
            return np.nan_to_num(self._says.agreement(aspect, rows)) >= 1
        brands = (name for value in aspect.values for name in self._by_label.get(fold(value), ()))
        return np.isin(rows, np.concatenate([np.zeros(0, np.int64), *(b.rows for b in brands if b.aspect == "brand")]))

    def _corrected(self, typed: str, lang: str, k: int) -> list[Suggestion]:
        """Suggestions for what was typed with one word mended, the likeliest mending that leads anywhere."""
        words = typed.split()
        if lang != "en" or not words:
            return []
        for at, word in enumerate(words):
            last = at == len(words) - 1
            if self._known(word.casefold(), begun=last):
                continue
            for mended in self._mended(word.casefold(), begun=last):
                offers = self._offers(" ".join([*words[:at], mended, *words[at + 1 :]]), lang, k)
                if offers:
                    return [replace(offer, kind="correction") for offer in offers]
        return []

    def _known(self, word: str, *, begun: bool) -> bool:
        """Whether a name or title has the word; with begun=True, one that begins so."""
        return any(words.begins(word) if begun else word in words for words in (self._words, self._titles.words))

    def _mended(self, word: str, *, begun: bool) -> list[str]:
        """Known words one typing error away, those of names before those of titles, whole words before begun ones."""
        if len(word) < _SHORTEST_ERROR or not (word.isascii() and word.isalpha()):
            return []
        near = list(dict.fromkeys(one_edit_away(word)))
        whole = [each for each in near if each in self._words]
        rest = [each for each in near if each in self._titles.words and each not in whole]
        whole += sorted(rest, key=self._titles.frequency, reverse=True)
        opening = [each for each in near if begun and len(each) >= len(word) and self._known(each, begun=True)]
        return list(dict.fromkeys([*whole, *opening]))[:6]


def _concepts(says: ProductAspects) -> Iterator[_Name]:
    """The labels of all concepts that products meet, each in both languages."""
    for aspect in _NAMED:
        for id, (rows, own) in says.concepts(aspect).items():
            concept = lexicon().concept(id)
            for said in (concept.en, concept.zh):
                for place, label in enumerate(said):
                    yield _Name(label, aspect, id, rows, place, own and not id.startswith("departments:"))


def _values(products: Sequence[Product | None]) -> Iterator[_Name]:
    """The brands of products by row, and the categories that the lexicon does not know."""
    for field, aspect in (("brand", "brand"), ("category", "kind")):
        rows: dict[str, list[int]] = {}
        spelled: dict[str, str] = {}
        for row, product in enumerate(products):
            if product is not None and (value := product.value(field)):
                rows.setdefault(value.casefold(), []).append(row)
                spelled[value.casefold()] = value
        for value, having in rows.items():
            if field == "brand" or not lexicon().find(value, "kinds"):
                yield _Name(spelled[value], aspect, f"{field} {value}", np.array(having, np.int64))


def _counted(names: Iterable[_Name], having: np.ndarray) -> list[tuple[_Name, int]]:
    """One name of each thing that some of the rows are, and how many, the most frequent first."""
    counted: dict[tuple[str, str], tuple[_Name, int]] = {}
    for name in names:
        if (name.aspect, name.key) not in counted:
            count = int(having[name.rows].sum())
            if count:
                counted[name.aspect, name.key] = name, count
    return sorted(counted.values(), key=lambda pair: (-pair[1], pair[0].text))


def _splits(typed: str, lang: str) -> Iterator[tuple[str, str]]:
    """(what stands before, the beginning of a name) for each way to take a text apart, the longest beginning first."""
    if lang == "zh":
        lowest = max(0, len(typed) - _MOST_CHARACTERS)
        yield from ((typed[:at], typed[at:]) for at in range(lowest, len(typed)) if typed[at].strip())
        yield typed, ""
        return
    words = typed.split()
    lowest = max(0, len(words) - _MOST_WORDS)
    if not typed.endswith(" "):
        yield from ((" ".join(words[:at]), " ".join(words[at:])) for at in range(lowest, len(words)))
    else:
        yield from ((" ".join(words[:at]), " ".join(words[at:]) + " ") for at in range(lowest, len(words)))
        yield " ".join(words), ""


def _joined(head: str, text: str) -> str:
    """Two texts as one; Chinese has no space between words."""
    head = head.rstrip()
    if not head or (language(head[-1]) == "zh" and language(text[0]) == "zh"):
        return head + text
    return f"{head} {text}"
