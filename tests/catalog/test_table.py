"""Products survive a table: what a saved index, an import and an export share."""

import pyarrow.parquet as pq
import pytest

from search import Product
from search.catalog.table import changed_pictures, from_table, to_table
from tests.conftest import swatch


def test_every_field_comes_back_as_it_was(tmp_path):
    swatch("red").save(tmp_path / "a.png")
    product = Product(
        "a", "Red cup", str(tmp_path / "a.png"), "Cups", "Maker", "Red", "Clay", "Plain", "Unisex", 9.5, "A cup.",
        ("new", "gift"), {"title_zh": "红杯", "n": 3}, (b"bytes", "https://x.example/b.jpg", str(tmp_path / "c.png")),
    )  # fmt: skip
    pq.write_table(to_table([product]), tmp_path / "t.parquet")
    ((again, size),) = from_table(pq.read_table(tmp_path / "t.parquet"))
    assert {**again.__dict__, "attributes": dict(again.attributes)} == product.__dict__
    assert size == (tmp_path / "a.png").stat().st_size


def test_a_bare_product_has_nothing_more_afterwards():
    ((again, size),) = from_table(to_table([Product("a", "A", b"picture")]))
    assert again == Product("a", "A", b"picture")
    assert size is None


def test_a_picture_that_is_gone_or_of_another_size_has_changed(tmp_path):
    for name in "abc":
        swatch("red").save(tmp_path / f"{name}.png")
    stored = from_table(to_table([Product(name, name, tmp_path / f"{name}.png") for name in "abc"]))
    assert changed_pictures(stored) == []
    (tmp_path / "a.png").unlink()
    (tmp_path / "b.png").write_bytes(b"of another size")
    assert [product.id for product in changed_pictures(stored)] == ["a", "b"]


def test_a_picture_that_is_not_there_cannot_be_referred_to(tmp_path):
    with pytest.raises(OSError, match=r"gone\.png"):
        to_table([Product("a", "A", tmp_path / "gone.png")])
