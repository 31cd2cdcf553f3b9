"""A saved index is whole and fitting, or refused with the command that rebuilds it."""

import json

import pytest

from search import Catalog, Product, Query, SearchEngine
from search.errors import DamagedIndexError, IndexFileError, StaleIndexError
from tests.conftest import ToyEncoder, swatch


@pytest.fixture
def saved(engine, tmp_path):
    engine.save(tmp_path / "index")
    return tmp_path / "index"


def test_loaded_it_answers_the_same(engine, saved, encoder):
    engine.remove(["cup-green"])
    engine.add([Product("new", "New", swatch("green"), tags=("a", "b"), attributes={"title_zh": "新", "n": 3})])
    engine.save(saved)  # over the old one
    loaded = SearchEngine.load(saved, encoder)
    query = Query(image=swatch("red"), text="green", exclude="blue")
    before = [(hit.product.id, hit.score, hit.band) for hit in engine.search(query).hits]
    assert [(hit.product.id, hit.score, hit.band) for hit in loaded.search(query).hits] == before
    again = loaded.catalog.get("new")
    assert (again.tags, dict(again.attributes)) == (("a", "b"), {"title_zh": "新", "n": 3})
    assert not list(saved.parent.glob(".index*"))


def test_further_pictures_are_kept_and_a_missing_one_is_no_reason_to_refuse(tmp_path, encoder):
    swatch("red").save(tmp_path / "angle.png")
    more = (tmp_path / "angle.png", b"the bytes of a file", "https://x/detail.jpg")
    product = Product("a", "A", swatch("red"), more_images=more)
    SearchEngine.build(Catalog([product]), encoder, cache_dir=None).save(tmp_path / "index")
    (tmp_path / "angle.png").unlink()
    loaded = SearchEngine.load(tmp_path / "index", encoder).catalog.get("a")
    assert loaded.more_images == (str(tmp_path / "angle.png"), *more[1:])


def test_the_manifest_says_what_it_was_built_from(saved):
    manifest = json.loads((saved / "manifest.json").read_text())
    assert manifest["model"] == {
        "name": "toy", "fingerprint": "70f", "dim": 3, "preprocessing": "mean colour"
    }  # fmt: skip
    assert manifest["catalog"]["products"] == 4
    assert set(manifest["calibration"]["spread"]) == {"photo", "words"}
    assert set(manifest["files"]) == {"products.parquet", "vectors.index"}


def test_the_calibration_comes_back_as_it_was_measured(engine, saved, encoder):
    loaded = SearchEngine.load(saved, encoder).calibration
    assert loaded.to_dict() == engine.calibration.to_dict()
    assert loaded.size == 4
    assert loaded.centre == pytest.approx(engine.calibration.centre, abs=1e-7)


@pytest.mark.parametrize("damaged", [{}, {"spread": {"photo": 1}}, None, {"spread": {"photo": "x", "words": 1}}])
def test_a_damaged_calibration_is_noticed(saved, encoder, damaged):
    manifest = json.loads((saved / "manifest.json").read_text())
    (saved / "manifest.json").write_text(json.dumps(manifest | {"calibration": damaged}))
    with pytest.raises(DamagedIndexError, match=r"The manifest of the index .* is damaged"):
        SearchEngine.load(saved, encoder)


@pytest.mark.parametrize("name", ["products.parquet", "vectors.index"])
def test_one_flipped_bit_is_noticed(saved, encoder, name):
    data = bytearray((saved / name).read_bytes())
    data[len(data) // 2] ^= 1
    (saved / name).write_bytes(data)
    with pytest.raises(DamagedIndexError, match=r"damaged.*python -m search index --catalog toy --model toy --out"):
        SearchEngine.load(saved, encoder)


def test_a_missing_file_is_noticed(saved, encoder):
    (saved / "vectors.index").unlink()
    with pytest.raises(DamagedIndexError, match=r"vectors\.index .* missing"):
        SearchEngine.load(saved, encoder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}'])
def test_a_damaged_manifest_is_noticed(saved, encoder, text):
    (saved / "manifest.json").write_text(text)
    with pytest.raises(DamagedIndexError):
        SearchEngine.load(saved, encoder)


def test_another_format_is_stale(saved, encoder):
    manifest = json.loads((saved / "manifest.json").read_text())
    (saved / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(StaleIndexError, match="format 99"):
        SearchEngine.load(saved, encoder)


def test_other_weights_make_it_stale(saved):
    other = ToyEncoder()
    other.fingerprint = "beef"
    with pytest.raises(StaleIndexError, match=r"built with toy \(70f\), not with toy \(beef\)"):
        SearchEngine.load(saved, other)


def test_pictures_that_changed_or_went_make_it_stale(tmp_path, encoder):
    for n in range(2):
        swatch((n, 0, 0)).save(tmp_path / f"{n}.png")
    products = [Product(str(n), str(n), tmp_path / f"{n}.png") for n in range(2)]
    SearchEngine.build(Catalog(products), encoder, cache_dir=None).save(tmp_path / "index")
    SearchEngine.load(tmp_path / "index", encoder)
    original = (tmp_path / "1.png").read_bytes()
    for changed in (original + b"more", original[:-1]):
        (tmp_path / "1.png").write_bytes(changed)
        with pytest.raises(StaleIndexError, match=r"1 pictures of the index .* are gone or changed .*1\.png"):
            SearchEngine.load(tmp_path / "index", encoder)
    (tmp_path / "1.png").write_bytes(original)
    SearchEngine.load(tmp_path / "index", encoder)
    (tmp_path / "1.png").unlink()
    with pytest.raises(StaleIndexError, match="1 pictures of the index"):
        SearchEngine.load(tmp_path / "index", encoder)


def test_where_there_is_no_index_the_command_is_named(tmp_path, encoder):
    with pytest.raises(IndexFileError, match="python -m search index"):
        SearchEngine.load(tmp_path / "nowhere", encoder)


def test_a_folder_with_other_things_is_never_overwritten(engine, tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(IndexFileError):
        engine.save(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_a_write_that_fails_leaves_the_old_index(saved, engine, encoder, monkeypatch):
    from search.index import FaissIndex

    def fail(self, path):
        raise OSError("disk full")

    monkeypatch.setattr(FaissIndex, "save", fail)
    with pytest.raises(IndexFileError, match="disk full"):
        engine.save(saved)
    assert len(SearchEngine.load(saved, encoder).catalog) == 4
    assert not list(saved.parent.glob(".index*"))


def test_an_index_that_was_emptied_and_filled_again_ranks_as_before(engine, encoder, tmp_path):
    products = list(engine.catalog)
    engine.remove([product.id for product in products])
    engine.save(tmp_path / "empty")
    again = SearchEngine.load(tmp_path / "empty", encoder, cache_dir=None)
    again.add(products)
    assert again.calibration.centre == pytest.approx(again.index.vectors([0, 1, 2, 3]).mean(axis=0))
    assert all(0 < hit.probability < 1 for hit in again.search(Query(text="red")).hits)
