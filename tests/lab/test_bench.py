"""Benchmarks measure what they say; no test here asserts a time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search import SearchEngine
from search.catalog import Catalog
from search.errors import StartError
from search.lab import bench
from search.schema import Product


class Toy:
    """A picture's vector is its mean colour, a text's its number of letters."""

    name, fingerprint, dim, image_size = "toy", "0123456789abcdef", 3, 8

    def encode_images(self, images):
        return bench.unit([np.asarray(bench.images.load(i)).mean(axis=(0, 1)) + 1 for i in images])

    def encode_texts(self, texts):
        return bench.unit([[len(text) + 1, 1, 1] for text in texts])


@pytest.fixture
def engine() -> SearchEngine:
    hues = ("red", "green", "blue")
    products = [Product(h, f"{h} shirt", Image.new("RGB", (9, 9), h), category="Shirts", colour=h) for h in hues]
    return SearchEngine.build(Catalog(products), Toy(), cache_dir=None)


def test_subject_and_baseline_take_turns_and_the_warm_up_does_not_count():
    now, calls = [0.0], []

    def work(name: str, seconds: float):
        def call(number: int) -> None:
            calls.append(f"{name}{number}")
            now[0] += 100 if number == 0 else seconds * number

        return call

    row = bench.compare(
        bench.Timed("a", work("a", 0.002), items=2), bench.Timed("b", work("b", 0.003)),
        repeats=3, warmup=1, clock=lambda: now[0],
    )  # fmt: skip
    assert calls == ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"]
    # a takes 2, 4 and 6 ms for two items, b takes 3, 6 and 9 ms
    assert row["p50_ms"] == pytest.approx(4 / 2)
    assert row["p95_ms"] == pytest.approx((4 + 0.9 * (6 - 4)) / 2)
    assert row["baseline_p50_ms"] == pytest.approx(6)
    assert row["ratio"] == pytest.approx(2 / 6)
    assert (row["label"], row["baseline"], row["n"]) == ("a", "b", 3)


def test_every_search_gets_a_photo_that_the_engine_has_not_seen(engine: SearchEngine):
    photos = bench.fresh_photos(engine.catalog, 7, b"1") + bench.fresh_photos(engine.catalog, 7, b"2")
    assert len(set(photos)) == 14
    assert all(bench.images.load(photo).size == bench.PHOTO_SIZE for photo in photos)


def test_the_bare_search_ranks_as_the_engine_does(engine: SearchEngine):
    (photo,) = bench.fresh_photos(engine.catalog, 1, b"")
    query = bench.Query(image=photo)
    vectors = engine.index.vectors([0, 1, 2])
    order = bench._bare(engine.encoder, vectors, [query], 0)
    assert [hit.product.id for hit in engine.search(query).hits] == [("red", "green", "blue")[row] for row in order]


def test_each_section_names_its_baseline(engine: SearchEngine):
    rows = [*bench.search(engine, 1), *bench.encode(engine, 1), *bench.index(4, 1, seed=0, sizes=(40,))]
    assert [row["label"] for row in rows] == [
        "search by photo, 3 products",
        "search by words, 3 products",
        "search by photo and words, 3 products",
        "choose the part of a new photo to search with",
        "encode a picture, in a batch of 3",
        "encode a title, in a batch of 3",
        "index of 40 x 4, exact",
        "index of 40 x 4, filtered to a tenth",
    ]
    assert all(row["baseline"] and row["ratio"] > 0 and row["p95_ms"] >= row["p50_ms"] for row in rows)


def test_a_card_is_timed_against_a_batch_of_pictures(engine: SearchEngine):
    before = engine._explainer
    rows = list(bench.explain(engine, 1))
    assert [row["label"] for row in rows] == [
        "open the first card of a new photo, not prepared",
        "open the first card of a new photo, prepared",
        "open the first card of words alone",
        "open the second card",
    ]
    assert {row["baseline"] for row in rows} == {"3 pictures through the encoder"}
    assert engine._explainer is before


def test_a_start_is_over_when_the_port_is_open(tmp_path: Path):
    app = tmp_path / "app.py"
    app.write_text(
        "import socket, sys, time\n"
        "server = socket.create_server(('127.0.0.1', int(sys.argv[sys.argv.index('--port') + 1])))\n"
        "time.sleep(60)\n"
    )
    bench._open_and_close(app)


def test_an_app_that_ends_by_itself_is_reported(tmp_path: Path):
    app = tmp_path / "app.py"
    app.write_text("raise SystemExit(7)")
    with pytest.raises(StartError, match="ended with 7"):
        bench._open_and_close(app)


def test_the_command_writes_rows_with_their_provenance(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "catalog").mkdir()
    for product in engine.catalog:
        product.image.save(tmp_path / "catalog" / f"{product.id}.png")
    monkeypatch.setattr(bench, "load_encoder", lambda name: Toy())
    out = tmp_path / "bench.json"
    argv = ["--catalog", str(tmp_path / "catalog"), "--only", "encode", "--repeats", "1", "--out", str(out)]
    assert bench.main([*argv, "--cache-dir", str(tmp_path / "cache")]) == 0
    result = json.loads(out.read_text())
    assert result == json.loads(capsys.readouterr().out)
    assert result["kind"] == "bench"
    assert len(result["rows"]) == 2
    assert result["data"]["products"] == 3


def test_a_catalog_that_is_missing_ends_in_one_sentence(capsys: pytest.CaptureFixture[str]):
    assert bench.main(["--catalog", "/nowhere"]) == 2
    assert "/nowhere" in capsys.readouterr().err
