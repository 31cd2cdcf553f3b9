"""The ranking under all signals is that of a full scan, whichever index finds the products."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Catalog, Product, Query
from search.encoder.base import unit
from search.index import FaissIndex
from search.query.fusion import Weights, fuse
from search.query.parse import parse
from search.query.vocabulary import Vocabulary
from search.ranking import Context, candidates, price
from search.ranking.pipeline import breakdown, rank_order, scores

DIM, WORDS = 4, ("red", "blue", "mug", "sofa", "zephyr", "leather", "striped", "quillon")


class NumpyIndex:
    """The protocol and nothing else."""

    def __init__(self, vectors: np.ndarray):
        self._vectors = vectors

    def vectors(self, rows):
        return self._vectors[list(rows)]

    def search(self, query, k, where=None):
        rows = np.flatnonzero(where.mask) if where else np.arange(len(self._vectors))
        found = self._vectors[rows] @ query
        best = np.argsort(-found, kind="stable")[:k]
        return rows[best], found[best].astype(np.float32)


def shop(titles, seed):
    products = [
        Product(str(n), " ".join(words), b"", colour=words[0] if n % 3 == 0 else None, price=float(n % 5))
        for n, words in enumerate(titles)
    ]
    return Catalog(products), unit(np.random.default_rng(seed).normal(size=(len(titles), DIM)))


def asked(catalog, text, seed, *, photo=False, balance=0.5):
    parsed = parse(text, Vocabulary.of(catalog))
    rng = np.random.default_rng(seed)
    parts = {"text": parsed.text, "exclude": parsed.exclusions, "photo": photo}
    given_ = {name: unit(rng.normal(size=(1, DIM)))[0] for name, there in parts.items() if there}
    query = Query(text=parsed.text, exclude=parsed.exclusions, image=b"x" if photo else None, balance=balance)
    fused = fuse(Weights(), **given_)
    return Context(query, given_, fused, catalog, aspects=parsed.aspects, typed=text, sort=parsed.sort)


def full_scan(ctx, vectors, where, k):
    rows = np.flatnonzero(where.mask)
    totals = scores(ctx.at(rows, vectors[rows]))
    best = rank_order(totals, rows)[:k]
    return rows[best], totals[best]


def ranked(ctx, index, where, k):
    """Without the spare candidates, which would hide that one of the best is missing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("search.ranking.candidates"), "_SPARE", 0)
        rows = candidates(ctx, index, where, k)
    totals = scores(ctx.at(rows, index.vectors(rows.tolist())))
    best = rank_order(totals, rows)[:k]
    return rows[best], totals[best]


@settings(max_examples=150, deadline=None)
@given(
    titles=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=1, max_size=40),
    text=st.lists(st.sampled_from([*WORDS, "without red", "not striped"]), min_size=1, max_size=3).map(" ".join),
    seed=st.integers(0, 1000),
    k=st.integers(1, 6),
    photo=st.booleans(),
)
def test_the_best_are_those_of_a_full_scan(titles, text, seed, k, photo):
    catalog, vectors = shop(titles, seed)
    ctx = asked(catalog, text, seed + 1, photo=photo)
    faiss = FaissIndex(DIM)
    faiss.add(range(len(titles)), vectors)
    for filters in ({}, {"price": (0, 2)}):
        where = catalog.where(filters)
        rows, totals = full_scan(ctx, vectors, where, k)
        for index in (faiss, NumpyIndex(vectors)):
            found, sums = ranked(ctx, index, where, k)
            np.testing.assert_allclose(sums, totals, atol=1e-6)
            if len(np.unique(totals.round(6))) == len(totals):
                assert found[:-1].tolist() == rows[:-1].tolist()


def test_few_vectors_are_read_however_many_products_have_a_word():
    """Of 2,000 products half say "mug"; only those that can be among the best are scored."""
    titles = [["mug", "red"] if n < 5 else ["mug"] if n % 2 else ["sofa"] for n in range(2000)]
    catalog, vectors = shop(titles, 0)
    read = []

    class Counting(NumpyIndex):
        def vectors(self, rows):
            read.append(len(rows))
            return super().vectors(rows)

    ctx = asked(catalog, "red mug", 1)
    index = Counting(vectors * 0.1 + 0.9 * vectors[:1])
    assert set(candidates(ctx, index, catalog.where({}), 3)[:3].tolist()) <= {0, 1, 2, 3, 4}
    assert sum(read) < 100


def test_words_beside_a_photo_count_by_the_balance():
    catalog, vectors = shop([["red", "mug"], ["blue", "sofa"]], 0)
    index = NumpyIndex(vectors)
    for balance in (0.25, 1.0):
        ctx = asked(catalog, "red mug", 1, photo=True, balance=balance)
        plain = asked(catalog, "red mug", 1)
        rows = np.array([0, 1])
        moved, still = (breakdown(c.at(rows, index.vectors(rows))) for c in (ctx, plain))
        for name in ("keywords", "aspects"):
            assert moved[name] == pytest.approx(2 * balance * still[name])


def test_the_cheapest_of_what_meets_the_words_come_first_and_a_cheap_wrong_one_never():
    titles = [["mug"], ["mug"], ["sofa"], ["mug"], ["mug"]]
    products = [
        Product(str(n), titles[n][0], b"", price=price) for n, price in enumerate((30.0, 10.0, 1.0, None, 20.0))
    ]
    catalog, vectors = Catalog(products), unit(np.ones((5, DIM)) + np.eye(5, DIM))
    ctx = asked(catalog, "cheap mug", 1)
    assert ctx.sort == "price"
    rows = candidates(ctx, NumpyIndex(vectors), catalog.where({}), 2)
    at = ctx.at(np.sort(rows), vectors[np.sort(rows)])
    assert at.rows[price.order(at, scores(at))][:2].tolist() == [1, 4]
