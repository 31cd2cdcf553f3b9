"""What every index promises, as checks that any class can be put to.

@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_it_keeps_the_contract(check, tmp_path):
    check(MyIndex, tmp_path)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.catalog import Catalog
from search.encoder.base import unit
from search.errors import DamagedIndexError
from search.index import Index
from search.schema import Product

DIM, SIZE = 16, 200
VECTORS = unit(np.random.default_rng(0).normal(size=(SIZE, DIM)))
Check = Callable[[type[Index], Path], None]


def filled(backend: type[Index]) -> Index:
    index = backend(DIM)
    index.add(range(SIZE), VECTORS)
    return index


def shop(share: float) -> tuple[Catalog, np.ndarray]:
    """A catalog with a row for each vector, and the rows that are red: about that share of them, 17 always."""
    red = np.random.default_rng(1).random(SIZE) < share
    red[17] = True
    products = [Product(str(n), str(n), b"", colour="Red" if red[n] else "Blue") for n in range(SIZE)]
    return Catalog(products), np.flatnonzero(red)


def full_scan(query: np.ndarray, k: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scores = VECTORS[rows] @ query
    best = np.argsort(-scores, kind="stable")[:k]
    return rows[best], scores[best]


def it_finds_what_a_full_scan_finds(backend: type[Index], _: Path) -> None:
    index = filled(backend)
    for query in VECTORS[:20]:
        rows, scores = index.search(query, 10)
        expected, expected_scores = full_scan(query, 10, np.arange(SIZE))
        assert rows.tolist() == expected.tolist()
        assert (rows.dtype, scores.dtype) == (np.int64, np.float32)
        np.testing.assert_allclose(scores, expected_scores, atol=1e-6)


def a_filter_never_starves_the_result(backend: type[Index], _: Path) -> None:
    index = filled(backend)
    for share in (0.5, 0.02):
        catalog, red = shop(share)
        rows, _scores = index.search(VECTORS[0], 10, catalog.where({"colour": ["red"]}))
        assert rows.tolist() == full_scan(VECTORS[0], 10, red)[0].tolist()


def a_product_that_is_left_out_is_not_found(backend: type[Index], _: Path) -> None:
    catalog, _red = shop(0.5)
    rows, _scores = filled(backend).search(VECTORS[5], SIZE, catalog.where({}, without=["5"]))
    assert set(rows.tolist()) == set(range(SIZE)) - {5}


def a_filter_that_leaves_nothing_out_changes_nothing(backend: type[Index], _: Path) -> None:
    index, (catalog, _red) = filled(backend), shop(0.5)
    assert index.search(VECTORS[3], 9, catalog.where({}))[0].tolist() == index.search(VECTORS[3], 9)[0].tolist()


def nothing_allowed_gives_nothing(backend: type[Index], _: Path) -> None:
    catalog, _red = shop(0.5)
    rows, scores = filled(backend).search(VECTORS[0], 5, catalog.where({"colour": ["mauve"]}))
    assert len(rows) == len(scores) == 0


def asking_for_more_than_there_is_gives_all(backend: type[Index], _: Path) -> None:
    assert len(filled(backend).search(VECTORS[0], 1000)[0]) == SIZE


def an_empty_index_answers(backend: type[Index], _: Path) -> None:
    assert len(backend(DIM).search(np.ones(DIM, np.float32), 5)[0]) == 0


def where_all_rows_are_scored_it_is_by_the_inner_product(backend: type[Index], _: Path) -> None:
    index = filled(backend)
    index.remove([0, 7])
    scored = index.scores(VECTORS[3]) if hasattr(index, "scores") else None
    if scored is not None:
        expected = VECTORS @ VECTORS[3]
        expected[[0, 7]] = 0
        np.testing.assert_allclose(scored, expected, atol=1e-5)


def removed_rows_are_gone_and_new_rows_found(backend: type[Index], _: Path) -> None:
    index = filled(backend)
    index.remove([0, 5])
    index.remove([5])  # gone already
    assert len(index) == SIZE - 2
    assert 0 not in index.search(VECTORS[0], SIZE)[0]
    index.add([SIZE], VECTORS[:1])
    assert index.search(VECTORS[0], 1)[0].tolist() == [SIZE]
    with pytest.raises(KeyError):
        index.vectors([5])


def vectors_come_back_as_stored(backend: type[Index], _: Path) -> None:
    index = filled(backend)
    np.testing.assert_array_equal(index.vectors([3, 199]), VECTORS[[3, 199]])
    assert index.vectors([]).shape == (0, DIM)


def adding_nothing_is_no_mistake(backend: type[Index], _: Path) -> None:
    index = filled(backend)
    index.add([], np.zeros((0, DIM), np.float32))
    assert len(index) == SIZE


def vectors_of_another_length_are_refused(backend: type[Index], _: Path) -> None:
    with pytest.raises(ValueError, match="expected"):
        filled(backend).add([300], np.ones((1, 8), np.float32))


def saved_and_loaded_it_answers_the_same(backend: type[Index], folder: Path) -> None:
    index = filled(backend)
    index.remove([7])
    index.save(folder / "index")
    loaded = backend.load(folder / "index")
    assert (len(loaded), loaded.dim) == (SIZE - 1, DIM)
    for query in VECTORS[:10]:
        assert loaded.search(query, 5)[0].tolist() == index.search(query, 5)[0].tolist()


def a_truncated_file_is_refused(backend: type[Index], folder: Path) -> None:
    filled(backend).save(folder / "index")
    (folder / "index").write_bytes((folder / "index").read_bytes()[:100])
    with pytest.raises(DamagedIndexError):
        backend.load(folder / "index")


def searching_leaves_torch_its_threads(backend: type[Index], _: Path) -> None:
    import torch

    before = torch.get_num_threads()
    filled(backend).search(VECTORS[0], 5)
    assert torch.get_num_threads() == before


CHECKS: list[Check] = [
    it_finds_what_a_full_scan_finds,
    a_filter_never_starves_the_result,
    a_product_that_is_left_out_is_not_found,
    a_filter_that_leaves_nothing_out_changes_nothing,
    nothing_allowed_gives_nothing,
    asking_for_more_than_there_is_gives_all,
    an_empty_index_answers,
    removed_rows_are_gone_and_new_rows_found,
    vectors_come_back_as_stored,
    adding_nothing_is_no_mistake,
    vectors_of_another_length_are_refused,
    where_all_rows_are_scored_it_is_by_the_inner_product,
    saved_and_loaded_it_answers_the_same,
    a_truncated_file_is_refused,
    searching_leaves_torch_its_threads,
]


def name_of(check: Check) -> str:
    return check.__name__
