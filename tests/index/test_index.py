"""One contract for every Index."""

import numpy as np
import pytest

from search.encoder.base import unit
from search.errors import DamagedIndexError
from search.index import FaissIndex

BACKENDS = [FaissIndex]


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__)
def backend(request):
    return request.param


@pytest.fixture
def vectors():
    return unit(np.random.default_rng(0).normal(size=(200, 16)))


@pytest.fixture
def index(backend, vectors):
    made = backend(16)
    made.add(range(200), vectors)
    return made


def naive(vectors, query, k, rows):
    scores = vectors[rows] @ query
    best = np.argsort(-scores, kind="stable")[:k]
    return np.asarray(rows)[best], scores[best]


def test_it_finds_what_a_full_scan_finds(index, vectors):
    for query in vectors[:20]:
        rows, scores = index.search(query, 10)
        expected, expected_scores = naive(vectors, query, 10, np.arange(200))
        assert rows.tolist() == expected.tolist()
        np.testing.assert_allclose(scores, expected_scores, atol=1e-6)


@pytest.mark.parametrize("share", [0.5, 0.02])
def test_a_filter_never_starves_the_result(index, vectors, share):
    allowed = np.random.default_rng(1).random(200) < share
    allowed[17] = True
    rows, _ = index.search(vectors[0], 10, allowed)
    expected, _ = naive(vectors, vectors[0], 10, np.flatnonzero(allowed))
    assert rows.tolist() == expected.tolist()


def test_nothing_allowed_gives_nothing(index, vectors):
    rows, scores = index.search(vectors[0], 5, np.zeros(200, bool))
    assert len(rows) == len(scores) == 0


def test_asking_for_more_than_there_is_gives_all(index, vectors):
    assert len(index.search(vectors[0], 1000)[0]) == 200


def test_an_empty_index_answers(backend):
    assert len(backend(16).search(np.ones(16, np.float32), 5)[0]) == 0


def test_removed_rows_are_gone_and_new_rows_found(index, vectors):
    index.remove([0, 5])
    assert len(index) == 198
    assert 0 not in index.search(vectors[0], 200)[0]
    index.add([200], vectors[:1])
    assert index.search(vectors[0], 1)[0].tolist() == [200]
    with pytest.raises(KeyError):
        index.vectors([5])


def test_vectors_come_back_as_stored(index, vectors):
    np.testing.assert_array_equal(index.vectors([3, 199]), vectors[[3, 199]])
    assert index.vectors([]).shape == (0, 16)


def test_vectors_of_another_length_are_refused(index):
    with pytest.raises(ValueError, match="expected"):
        index.add([300], np.ones((1, 8), np.float32))


def test_saved_and_loaded_it_answers_the_same(index, backend, vectors, tmp_path):
    index.remove([7])
    index.save(tmp_path / "index")
    loaded = backend.load(tmp_path / "index")
    for query in vectors[:10]:
        assert loaded.search(query, 5)[0].tolist() == index.search(query, 5)[0].tolist()


def test_a_truncated_file_is_refused(index, backend, tmp_path):
    index.save(tmp_path / "index")
    (tmp_path / "index").write_bytes((tmp_path / "index").read_bytes()[:100])
    with pytest.raises(DamagedIndexError):
        backend.load(tmp_path / "index")


def test_searching_leaves_torch_its_threads(index, vectors):
    import torch

    before = torch.get_num_threads()
    index.search(vectors[0], 5)
    assert torch.get_num_threads() == before
