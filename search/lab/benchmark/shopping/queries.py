"""The queries of every form of words that a catalog's columns can judge, drawn by seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from random import Random

import numpy as np

from search.catalog import Catalog
from search.lab.benchmark.shopping import writers, writers_zh
from search.lab.benchmark.shopping.forms import WRITERS, ShopperQuery
from search.lab.benchmark.shopping.goods import Goods, folded
from search.schema import Query

#: Queries of a form at most, and in a gallery of more than LARGE products, where a search takes longer.
MOST, MOST_OF_LARGE, LARGE = 80, 30, 10_000
#: Modules that register their writers when they are imported.
REGISTERING = (writers, writers_zh)
#: Words that only join others.
_JOINING = frozenset(("&", "a", "and", "for", "in", "of", "on", "or", "the", "with"))


def shopper_queries(
    catalog: Catalog | Goods, seed: int = 0, *, most: int | None = None, forms: Sequence[str] | None = None
) -> list[ShopperQuery]:
    """Queries in words, by form, as far as the catalog's columns can judge them.

    The queries of one form do not depend on which other forms are asked for.

    Args:
        catalog: whose columns judge; a Goods says besides which of its products are asked for.
        most: queries of each form at most; 80 when not given, 30 in a large gallery.
        forms: of FORMS; all when not given. Those of photos are made by `photos.photo_queries`.
    """
    goods = catalog if isinstance(catalog, Goods) else Goods.of(catalog)
    most = most or (MOST_OF_LARGE if len(goods) > LARGE else MOST)
    asked = []
    for form, writer in WRITERS.items():
        if forms is None or form in forms:
            written = islice(writer(goods, Random(f"{seed} {form}")), most)
            for text, right, target in written:
                meeting = _MEETING[form](goods, text) if form in _MEETING else None
                asked.append(ShopperQuery(form, Query(text=text), goods.those(right), target, meeting))
    return asked


def _with_words(goods: Goods, text: str) -> frozenset[str]:
    """The ids of products whose title has every word of a text, in the singular or the plural, hyphen or not.

    Words that join others ask for nothing: nobody who types "plastic and in" wants an "and".
    """
    words = {_plain(word) for word in folded(text).split() if word not in _JOINING}
    return goods.those(np.array([words <= {_plain(word) for word in title.split()} for title in goods.titles.tolist()]))


def _plain(word: str) -> str:
    """A word without hyphens and the s of its plural."""
    return word.replace("-", "").removesuffix("s")


def _with_pieces(goods: Goods, text: str) -> frozenset[str]:
    """The ids of products whose Chinese title has every piece of a text."""
    pieces = text.split()
    return goods.those(np.array([all(piece in title for piece in pieces) for title in goods.titles_zh.tolist()]))


#: Form -> what has everything that was said, where that is not what is to be found.
_MEETING: dict[str, Callable[[Goods, str], frozenset[str]]] = {
    "known_item": _with_words,
    "known_item_zh": _with_pieces,
}
