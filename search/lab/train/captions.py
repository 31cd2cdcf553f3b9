"""Captions: what a product is called, written anew every time it is seen, in English or Chinese.

A caption knows what it says (`Claim`), so that every picture it is true of counts as right, not only the one it
was written for: the multi-positive targets of UniCL (Yang et al. 2022, arXiv 2204.03610).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

import numpy as np

from search.lab.train.glossary import Entry, glossary

#: Sections of the glossary that name kinds.
KINDS = ("fashion kinds", "clothing kinds", "grocery articles", "grocery kinds", "other kinds", "home kinds")
ATTRIBUTES = ("kind", "colour", "gender", "season", "usage", "pattern", "material", "brand")

# How often an attribute that a product has is said in a caption made of attributes. The kind is nearly always
# said, because a colour alone is a rare query; season is a shop's bookkeeping, hardly visible in a picture.
SAID = {
    "kind": 0.96,
    "colour": 0.65,
    "gender": 0.35,
    "season": 0.08,
    "usage": 0.15,
    "pattern": 0.6,
    "material": 0.5,
    "brand": 0.35,
}
# A brand with fewer pictures cannot be told from the products it happens to have.
FEWEST_OF_BRAND = 20

_GENDER_WORD = re.compile(r"\b(men|man|women|woman|unisex|boys?|girls?|kids?|mens|womens|ladies)('s)?\b", re.I)
_MODEL_CODE = re.compile(r"^(?=.*\d)[\w./-]+$")


@dataclass(frozen=True)
class Item:
    """What is known in words about one picture: attribute -> key in the glossary, and the title if it has one.

    title_zh: the title in Chinese, if there is one.
    twin: pictures with the same text here show the same product, as far as a photograph can tell. "" leaves it to
    the attributes: the same kind in the same colour.
    """

    title: str
    attributes: Mapping[str, str]
    twin: str = ""
    title_zh: str = ""


@dataclass(frozen=True)
class Caption:
    """A text and what it claims: attribute -> index of the name used (in `Names`); `titled` if it is the title."""

    text: str
    claim: Mapping[str, int] = field(default_factory=dict)
    titled: bool = False


class Names:
    """All names of all values of one attribute, and which value each name is true of.

    keys: the values, in order. names: the texts, English and Chinese, without repetition.
    true_of: (names, values + 1) bool; the last column stands for "not known" and is always False.
    """

    def __init__(self, entries: Iterable[Entry], extra: Mapping[str, Iterable[Entry]] | None = None) -> None:
        entries = list(entries)
        wider = extra or {}
        self.keys = list(dict.fromkeys(entry.key for entry in entries))
        self.en: dict[str, list[str]] = {key: [] for key in self.keys}
        self.zh: dict[str, list[str]] = {key: [] for key in self.keys}
        self.wide: dict[str, list[Entry]] = {key: list(wider.get(key, ())) for key in self.keys}
        index: dict[str, int] = {}
        pairs: list[tuple[int, int]] = []
        self._value = {key: value for value, key in enumerate(self.keys)}
        for entry in entries:
            self.en[entry.key] += [name for name in entry.en if name not in self.en[entry.key]]
            self.zh[entry.key] += [name for name in entry.zh if name not in self.zh[entry.key]]
        for key in self.keys:
            said = [*self.en[key], *self.zh[key], *(name for wide in self.wide[key] for name in (*wide.en, *wide.zh))]
            pairs += [(index.setdefault(name, len(index)), self._value[key]) for name in said]
        self.names = list(index)
        self._index = index
        self.true_of = np.zeros((len(index), len(self.keys) + 1), dtype=bool)
        if pairs:
            self.true_of[tuple(np.array(pairs).T)] = True

    def value(self, key: str | None) -> int:
        """Index of a key; the index after the last one for None, "" and keys that have no entry."""
        return self._value.get(key or "", len(self.keys))

    def index(self, name: str) -> int:
        """Index of a name. Raises KeyError for a text that names nothing."""
        return self._index[name]

    def pick(self, key: str, rng: Random, plain: float = 0.5, wide: float = 0.06) -> tuple[str, str]:
        """An English and a Chinese name of `key`: the usual ones with probability `plain`, else any synonym."""
        if self.wide[key] and rng.random() < wide:
            entry = rng.choice(self.wide[key])
            return rng.choice(entry.en), rng.choice(entry.zh)
        if rng.random() < plain:
            return self.en[key][0], self.zh[key][0]
        return rng.choice(self.en[key]), rng.choice(self.zh[key])


def all_names(article_groups: Mapping[str, str] | None = None, brands: Iterable[str] = ()) -> dict[str, Names]:
    """Attribute -> Names, from the glossary. A word for a group of kinds is a name of each of its members.

    brands: the brands there are; they have the same name in both languages.
    article_groups: grocery article -> its group ("Granny Smith" -> "Apple"), whose names it then carries too.
    """
    words = glossary()
    groups: dict[str, list[Entry]] = {}
    for article, group in (article_groups or {}).items():
        if article != group:
            groups.setdefault(article, []).append(words["grocery kinds"][group])
    for wide in words["groups"].values():
        for member in wide.also:
            groups.setdefault(member, []).append(wide)
    kinds = [entry for section in KINDS for entry in words[section].values()]
    return {
        "kind": Names(kinds, groups),
        "colour": Names(words["colours"].values()),
        "gender": Names(words["genders"].values()),
        "season": Names(words["seasons"].values()),
        "usage": Names(words["usages"].values()),
        "pattern": Names(words["patterns"].values()),
        "material": Names(words["materials"].values()),
        "brand": Names(Entry(brand, (brand,), (brand,)) for brand in brands),
    }


def found_in_title(title: str, entries: Mapping[str, Entry]) -> str:
    """The key of the first pattern or material whose English name stands in `title`, or ""."""
    padded = f" {re.sub(r'[^a-z]+', ' ', title.lower())} "
    for key, entry in entries.items():
        if any(f" {name} " in padded for name in entry.en):
            return key
    return ""


def brand_of(title: str) -> str:
    """The words before the first word for people: "Lino Perros Women Beige Handbag" -> "Lino Perros", or ""."""
    match = _GENDER_WORD.search(title)
    return title[: match.start()].strip() if match else ""


def plural(name: str) -> str:
    """The plural of an English name, by its last word; a name in -s is taken to be one."""
    if name.endswith(("shelf", "knife")):
        return name.removesuffix("f").removesuffix("fe") + "ves"
    if name.endswith("s") and not name.endswith(("ss", "us")):
        return name
    if name.endswith(("ss", "us", "x", "ch", "sh")):
        return name + "es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    return name + "s"


def misspelled(text: str, rng: Random, chance: float = 0.04) -> str:
    """`text`, with probability `chance` with one slip of the finger: a letter left out, or two exchanged."""
    places = [match.start() for match in re.finditer(r"(?<=[A-Za-z])[a-z](?=[a-z])", text)]
    if rng.random() >= chance or not places:
        return text
    at = rng.choice(places)
    letters = "" if rng.random() < 0.5 else text[at + 1] + text[at]
    return text[:at] + letters + text[at + (2 if letters else 1) :]


class Writer:
    """Writes captions. Deterministic: the same item and the same state of `rng` give the same caption."""

    def __init__(
        self, titles: Iterable[str] = (), article_groups: Mapping[str, str] | None = None, rare: int = 3
    ) -> None:
        titles = list(titles)
        brands = Counter(brand_of(title).lower() for title in titles)
        brands.pop("", None)
        self.names = all_names(article_groups, sorted(b for b, count in brands.items() if count >= FEWEST_OF_BRAND))
        counts = Counter(word for title in titles for word in set(title.lower().split()))
        self._rare = {word for word, count in counts.items() if count < rare}

    def write(self, item: Item, rng: Random, chinese: float = 0.4, titled: float = 0.85) -> tuple[Caption, Caption]:
        """Two captions: what the shop calls the item (its title with probability `titled`), and what is true of it.

        Either is Chinese with probability `chinese`, the first where there is such a title. The second is most of the
        time as short as a query: the kind, with its colour, or with its brand.
        """
        if item.title and rng.random() < titled:
            english = not item.title_zh or rng.random() >= chinese
            said = misspelled(self.shorten(item.title, rng), rng) if english else item.title_zh
            first = Caption(said, titled=True)
        else:
            first = self.pair(item, rng)[rng.random() < 0.3]
        short = rng.random()
        only = (
            ("kind",)
            if short < 0.2
            else ("kind", "colour")
            if short < 0.45
            else ("brand", "kind")
            if short < 0.6
            else None
        )
        return first, self.pair(item, rng, only)[rng.random() < chinese]

    def shorten(self, title: str, rng: Random) -> str:
        """The title as somebody might say it: sometimes without brand, model codes, rare words, or any one word.

        A 60x80 picture shows no brand; a model that must explain "Nike" from it learns pictures by heart.
        """
        words = title.split()
        brand = len(brand_of(title).split())
        if brand and rng.random() < 0.25:
            words = words[brand:]
        if rng.random() < 0.5:
            words = [w for w in words if not _MODEL_CODE.match(w)] or words
        if rng.random() < 0.4:
            words = [w for w in words if w.lower() not in self._rare] or words
        if rng.random() < 0.3:
            words = [w for w in words if rng.random() > 0.15] or words
        return " ".join(words)

    def pair(self, item: Item, rng: Random, said_only: Iterable[str] | None = None) -> tuple[Caption, Caption]:
        """An English and a Chinese caption that say the same about `item`: `said_only` of it, or by chance (SAID)."""
        has = {
            name: key
            for name, key in item.attributes.items()
            if self.names[name].value(key) < len(self.names[name].keys)
        }
        if said_only is None:
            said = {name: key for name, key in has.items() if rng.random() < SAID[name]}
        else:
            said = {name: has[name] for name in said_only if name in has}
        if not {"kind", "colour", "pattern", "material"} & set(said):
            said = {name: key for name, key in has.items() if name == "kind"} or has
        if not said:
            raise ValueError(f"nothing is known about item {item.title!r}: attributes {dict(item.attributes)}")
        picked = {name: self.names[name].pick(key, rng) for name, key in said.items()}
        english = {name: words[0] for name, words in picked.items()}
        chinese = {name: words[1] for name, words in picked.items()}
        spoken = dict(english)
        if "kind" in spoken and rng.random() < 0.25:
            spoken["kind"] = plural(spoken["kind"])
        return (
            Caption(misspelled(_english(spoken, rng), rng), self._claim(english)),
            Caption(_chinese(chinese, rng), self._claim(chinese)),
        )

    def _claim(self, said: Mapping[str, str]) -> dict[str, int]:
        return {name: self.names[name].index(text) for name, text in said.items()}


def _english(said: Mapping[str, str], rng: Random) -> str:
    kind = said.get("kind", rng.choice(("product", "item", "something", "")) if len(said) < 2 else "")
    brand = [said["brand"]] if "brand" in said else []
    before = [said[name] for name in ("pattern", "material") if name in said]
    rng.shuffle(before)
    colour, gender, usage, season = (said.get(name, "") for name in ("colour", "gender", "usage", "season"))
    extras = [word for word in (usage, season) if word]
    after_gender = gender.startswith("for ")
    after_extras = [word for word in extras if word.startswith("for ")]
    extras = [word for word in extras if not word.startswith("for ")]
    style = rng.random()
    if style < 0.45:
        words = [
            *brand,
            *extras,
            "" if after_gender else gender,
            colour,
            *before,
            kind,
            gender if after_gender else "",
            *after_extras,
        ]
    elif style < 0.65:
        words = [*extras, *before, "" if after_gender else gender, kind]
        words += [f"in {colour}" if colour else "", gender if after_gender else "", *after_extras]
        words += [f"by {name}" for name in brand]
    elif style < 0.8:
        words = [*brand, colour, *before, kind, gender, *extras, *after_extras]
    else:  # keywords in any order, as people type them
        words = [*brand, colour, *before, kind, gender, *extras, *after_extras]
        rng.shuffle(words)
    text = " ".join(word for word in words if word)
    if rng.random() < 0.12:
        text = rng.choice(("a photo of {}", "a {}", "picture of {}", "{} on a white background", "show me {}")).format(
            text
        )
    return text


def _chinese(said: Mapping[str, str], rng: Random) -> str:
    kind = said.get("kind", "")
    order = [said[name] for name in ("gender", "season", "usage", "colour", "pattern", "material") if name in said]
    style = rng.random()
    if style < 0.5:
        text = "".join(order) + kind
    elif style < 0.7:
        text = "".join(order) + ("的" + kind if kind and order else kind)
    elif style < 0.85:
        rng.shuffle(order)
        text = " ".join([kind, *order] if kind else order)
    else:
        rng.shuffle(order)
        text = " ".join([*order, kind] if kind else order)
    if rng.random() < 0.1:
        text = rng.choice(("一张{}的照片", "一件{}", "{}图片", "我想要{}")).format(text)
    if "brand" in said:
        text = f"{said['brand']} {text}" if rng.random() < 0.8 else f"{text} {said['brand']}"
    return text
