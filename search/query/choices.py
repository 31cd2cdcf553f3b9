"""The values that an aspect may have in a catalog, and what the model reads among them in a picture.

Zero-shot classification (Radford et al. 2021, arXiv 2103.00020, section 3.1): a softmax over the cosines between a
picture and a text for each value. A value's text vector is the mean of those of its name in the catalog and of its
preferred labels in both languages (prompt ensembling, ibid. section 3.1.4); of its English one where the catalog says
nothing, and there are over a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from search.catalog.statements import ASPECTS
from search.lexicon import Concept, above, lexicon
from search.schema import Aspect

if TYPE_CHECKING:
    from search.catalog import Catalog
    from search.catalog.aspects import ProductAspects

#: Texts -> (n, d) unit rows; whoever gives it remembers them, because the same texts come with every query.
Encode = Callable[[tuple[str, ...]], np.ndarray]

#: Aspect -> (the catalog's field, the lexicon's scheme). Of these the model was taught to see something; the audience
#: only of what is worn, see search.ranking.verdicts.
SEEN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {name: (ASPECTS[name][1], ASPECTS[name][0][0]) for name in ("kind", "colour", "material", "pattern", "audience")}
)
#: Temperatures of the softmax under which its probabilities come true, by log-loss on fashion/validation, the embedded
#: catalog and clothing/validation: kinds are told apart more surely than colours and the like.
_KIND_TEMPERATURE, _TEMPERATURE = 0.02, 0.03


@dataclass(frozen=True)
class Choices:
    """Values of one aspect in a catalog of one revision.

    options: each value as an Aspect that asks for it; texts: what names it; own: (height,) which option each row of the
    catalog has, the most particular of several, -1 where it says none.
    """

    name: str
    options: tuple[Aspect, ...]
    texts: tuple[tuple[str, ...], ...]
    own: np.ndarray
    _vectors: list[np.ndarray] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, catalog: Catalog, says: ProductAspects, name: str) -> Choices:
        """What the catalog's column has; without a column what its titles say; else all that the lexicon has."""
        column, scheme = SEEN[name]
        spelt = catalog.facet_values().get(column, ())
        if len(spelt) > 1:
            options, texts = _of_values(name, scheme, spelt)
            return cls(name, options, texts, _own(options, says, catalog.height))
        if not says.knows(name):
            options, texts = _of_concepts(name, _general(scheme))
            return cls(name, options, tuple(several[:1] for several in texts), np.full(catalog.height, -1))
        ids = [concept.id for concept in lexicon().scheme(scheme)]
        met = says.concepts(name)
        named = [id for id in ids if id in met]
        own = _own(_of_concepts(name, named)[0], says, catalog.height)
        said, own[own >= 0] = np.unique(own[own >= 0], return_inverse=True)
        kept = [named[at] for at in said.tolist()]
        if len(kept) == 1:  # one value tells nothing apart: it is read among all that there are
            own[own >= 0] = ids.index(kept[0])
        options, texts = _of_concepts(name, kept if len(kept) > 1 else ids)
        return cls(name, options, texts, own)

    def __len__(self) -> int:
        return len(self.options)

    def with_asked(self, aspect: Aspect, encode: Encode) -> Choices:
        """The same and what is asked, where no option is it: the model may only deny what it could have chosen."""
        if not aspect.concepts or (self.meet(aspect) == 1).any():
            return self
        options, texts = _of_concepts(self.name, aspect.concepts)
        vectors = np.concatenate([self.vectors(encode), _mean_vectors(texts, encode)])
        return replace(self, options=self.options + options, texts=self.texts + texts, _vectors=[vectors])

    def remembering(self, vectors: list[np.ndarray]) -> Choices:
        """The same under one encoder; what `vectors` works out is left in this list, and not worked out where it is there."""
        return replace(self, _vectors=vectors)

    def vectors(self, encode: Encode) -> np.ndarray:
        """(n, d) unit rows: what each value looks like to the model; worked out once."""
        if not self._vectors:
            self._vectors.append(_mean_vectors(self.texts, encode))
        return self._vectors[0]

    def read(self, pictures: np.ndarray, encode: Encode) -> np.ndarray:
        """(m, n) probabilities of the values for (m, d) unit rows of pictures."""
        logits = np.asarray(pictures, np.float64) @ self.vectors(encode).T
        logits /= _KIND_TEMPERATURE if self.name == "kind" else _TEMPERATURE
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        return likely / likely.sum(axis=1, keepdims=True)

    def meet(self, aspect: Aspect) -> np.ndarray:
        """(n,) 1 where a value is what is asked (the same or narrower), 0.5 where it is broader or has the same broader
        concept (another colour of the family), else 0."""
        return np.array([_agreement(option, aspect) for option in self.options])


def _mean_vectors(texts: Sequence[Sequence[str]], encode: Encode) -> np.ndarray:
    """(n, d) unit rows: the mean of the texts of each value."""
    found = encode(tuple(text for several in texts for text in several))
    starts = np.cumsum([0, *(len(several) for several in texts[:-1])])
    sums = np.add.reduceat(np.asarray(found, np.float64), starts, axis=0)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)


def _agreement(option: Aspect, asked: Aspect) -> float:
    if set(option.values) & set(asked.values):
        return 1.0
    best = 0.0
    for own in option.concepts:
        for wanted in asked.concepts:
            if own == wanted or wanted in above(own):
                return 1.0
            if own in above(wanted) or (asked.name == "colour" and above(wanted) & above(own)):
                best = 0.5
    return best


def _of_values(name: str, scheme: str, spelt: Sequence[str]) -> tuple[tuple[Aspect, ...], tuple[tuple[str, ...], ...]]:
    """(options, texts) for the values of a column."""
    options, texts = [], []
    for value in spelt:
        found = lexicon().find(value, scheme)[:1]
        options.append(Aspect(name, value, tuple(concept.id for concept in found), (value.casefold(),)))
        labels = (label for concept in found for label in (concept.label("en"), concept.label("zh")))
        texts.append((value.casefold(), *labels))
    return tuple(options), tuple(texts)


def _of_concepts(name: str, ids: Sequence[str]) -> tuple[tuple[Aspect, ...], tuple[tuple[str, ...], ...]]:
    """(options, texts) for concepts of the lexicon."""
    labels = tuple((lexicon().label(id, "en"), lexicon().label(id, "zh")) for id in ids)
    return tuple(Aspect(name, label[0], (id,)) for id, label in zip(ids, labels, strict=True)), labels


def _general(scheme: str) -> list[str]:
    """Ids of concepts at most two steps below a department: a text is encoded for each, and "sofa" stands for its kinds."""
    found = []
    for concept in lexicon().scheme(scheme):
        broader = lexicon().broader(concept)
        if not broader or any(up.id.startswith("departments:") or not _below_kinds(up) for up in broader):
            found.append(concept.id)
    return found


def _below_kinds(concept: Concept) -> bool:
    return any(up.scheme == "kinds" for up in lexicon().broader(concept))


def _own(options: Sequence[Aspect], says: ProductAspects, height: int) -> np.ndarray:
    """(height,) see Choices.own: of the options that a product meets, the one that the fewest products meet; of those
    that as many meet the narrowest, a mug rather than a cup."""
    met = []
    for option in options:
        rows = says.rows(option)
        met.append(rows[says.agreement(option, rows) == 1] if len(rows) else rows)

    def particular(at: int) -> tuple[int, int]:
        return -len(met[at]), max((len(above(id)) for id in options[at].concepts), default=0)

    own = np.full(height, -1)
    for at in sorted(range(len(options)), key=particular):
        own[met[at]] = at
    return own
