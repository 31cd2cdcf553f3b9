"""Every registered index keeps the contract, and one more is a class of a few lines."""

import json
from pathlib import Path

import numpy as np
import pytest

from search import Catalog, Query, SearchEngine
from search.errors import DamagedIndexError, IndexFileError
from search.index import INDEXES, index, index_class
from tests.conftest import swatch, toy_products
from tests.index.contract import CHECKS, name_of


class NumpyIndex:
    """Eighteen lines: a dict of rows, and a product of matrices."""

    def __init__(self, dim):
        self.dim, self.stored = dim, {}

    def __len__(self):
        return len(self.stored)

    def add(self, rows, vectors):
        if vectors.shape != (len(rows), self.dim):
            raise ValueError(f"vectors are {vectors.shape}, expected {(len(rows), self.dim)}")
        self.stored.update(zip(rows, np.array(vectors, np.float32), strict=True))

    def remove(self, rows):
        for row in rows:
            self.stored.pop(row, None)

    def vectors(self, rows):
        return np.array([self.stored[row] for row in rows], np.float32).reshape(len(rows), self.dim)

    def search(self, query, k, where=None):
        rows = np.array([row for row in self.stored if not where or where.mask[row]], np.int64)
        scores = self.vectors(rows.tolist()) @ query
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best], scores[best].astype(np.float32)

    def save(self, path):
        with path.open("wb") as file:
            np.savez(file, rows=list(self.stored), vectors=self.vectors(list(self.stored)), dim=self.dim)

    @classmethod
    def load(cls, path):
        try:
            with np.load(path) as file:
                made = cls(int(file["dim"]))
                made.add(file["rows"].tolist(), file["vectors"])
        except Exception as error:
            raise DamagedIndexError(f"{path} cannot be read.", "Build it again.") from error
        return made


@pytest.fixture
def numpy_index():
    yield index("numpy")(NumpyIndex)
    del INDEXES["numpy"]


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
@pytest.mark.parametrize("backend", [*INDEXES.values(), NumpyIndex], ids=lambda backend: backend.__name__)
def test_an_index_keeps_the_contract(check, backend, tmp_path):
    check(backend, tmp_path)


@pytest.mark.usefixtures("numpy_index")
def test_an_index_is_chosen_by_name_in_build_save_and_load(engine, encoder, tmp_path: Path):
    other = SearchEngine.build(Catalog(toy_products(), name="toy"), encoder, index="numpy", cache_dir=None)
    assert isinstance(other.index, NumpyIndex)
    query = Query(image=swatch((90, 120, 40)), text="blue", exclude="green", filters={"price": (None, 25)})
    found = [(hit.product.id, pytest.approx(hit.score)) for hit in engine.search(query).hits]
    assert [(hit.product.id, hit.score) for hit in other.search(query).hits] == found

    other.save(tmp_path / "index")
    assert json.loads((tmp_path / "index" / "manifest.json").read_text())["index"] == "numpy"
    loaded = SearchEngine.load(tmp_path / "index", encoder)
    assert isinstance(loaded.index, NumpyIndex)
    assert [(hit.product.id, hit.score) for hit in loaded.search(query).hits] == found


@pytest.mark.usefixtures("numpy_index")
def test_a_saved_index_of_a_kind_that_is_not_there_names_those_that_are(encoder, tmp_path: Path):
    SearchEngine.build(Catalog(toy_products()), encoder, index="numpy", cache_dir=None).save(tmp_path / "index")
    kind = INDEXES.pop("numpy")
    with pytest.raises(IndexFileError, match=r"no index 'numpy'.*Choose one of: faiss"):
        SearchEngine.load(tmp_path / "index", encoder)
    INDEXES["numpy"] = kind


def test_an_unknown_index_is_refused_before_anything_is_encoded(encoder):
    with pytest.raises(IndexFileError, match="no index 'fais'"):
        SearchEngine.build(Catalog(toy_products()), encoder, index="fais", cache_dir=None)
    assert encoder.encoded == 0
    assert index_class("faiss").name == "faiss"


@pytest.mark.usefixtures("numpy_index")
def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match="there is an index 'numpy' already: NumpyIndex"):
        index("numpy")(NumpyIndex)
