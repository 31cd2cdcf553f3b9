"""Benchmarks measure what they say; no test here asserts a time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search import Query, SearchEngine
from search import images as pictures
from search.catalog import Catalog
from search.encoder.base import unit
from search.errors import StartError
from search.lab.bench import index, run, searching, start, timing, words
from search.schema import Product


class Toy:
    """A picture's vector is its mean colour, a text's its number of letters."""

    name, fingerprint, dim, image_size = "toy", "0123456789abcdef", 3, 8

    def encode_images(self, images):
        return unit([np.asarray(pictures.load(i)).mean(axis=(0, 1)) + 1 for i in images])

    def encode_texts(self, texts):
        return unit([[len(text) + 1, 1, 1] for text in texts])


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

    row = timing.compare(
        timing.Timed("a", work("a", 0.002), items=2), timing.Timed("b", work("b", 0.003)),
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
    photos = searching.fresh_photos(engine.catalog, 7, b"1") + searching.fresh_photos(engine.catalog, 7, b"2")
    assert len(set(photos)) == 14
    assert all(pictures.load(photo).size == searching.PHOTO_SIZE for photo in photos)


def test_the_bare_search_ranks_as_the_engine_does(engine: SearchEngine):
    (photo,) = searching.fresh_photos(engine.catalog, 1, b"")
    query = Query(image=photo)
    vectors = engine.index.vectors([0, 1, 2])
    order = searching._bare(engine.encoder, vectors, [query], 0)
    assert [hit.product.id for hit in engine.search(query).hits] == [("red", "green", "blue")[row] for row in order]


def test_each_section_names_its_baseline(engine: SearchEngine):
    rows = [*searching.search(engine, 1), *searching.encode(engine, 1), *index.index(4, 1, seed=0, sizes=(40,))]
    assert [row["label"] for row in rows] == [
        "search by photo, 3 products",
        "search by words, 3 products",
        "search by photo and words, 3 products",
        "find the objects of a new photo, search with the one that is meant",
        "encode a picture, in a batch of 3",
        "encode a title, in a batch of 3",
        "index of 40 x 4, exact",
        "index of 40 x 4, filtered to a tenth",
    ]
    assert all(row["baseline"] and row["ratio"] > 0 and row["p95_ms"] >= row["p50_ms"] for row in rows)


def test_a_card_is_timed_against_a_batch_of_pictures(engine: SearchEngine):
    before = engine._explainer
    rows = list(searching.explain(engine, 1))
    assert [row["label"] for row in rows] == [
        "open the first card of a new photo, not prepared",
        "open the first card of a new photo, prepared",
        "open the first card of words alone",
        "open the second card",
    ]
    assert {row["baseline"] for row in rows} == {"3 pictures through the encoder"}
    assert engine._explainer is before


#: First it answers an error, then a page; after five requests it says that the page can be used.
APP = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Page(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        Page.asked += 1
        open("asked.txt", "w").write(str(Page.asked))
        if Page.asked == 5:
            print("Vitrine is ready: somewhere", flush=True)
        self.send_response(200 if Page.asked > 2 else 503)
        self.end_headers()
        self.wfile.write(b"<!doctype html><HTML>")

HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Page).serve_forever()
"""


def test_a_start_is_over_when_the_address_answers_with_a_page(tmp_path: Path):
    app = tmp_path / "app.py"
    app.write_text(APP)
    start._start_and_end(app, start._answers)
    assert int((tmp_path / "asked.txt").read_text()) == 3


def test_the_page_is_real_when_the_app_has_said_so_and_it_answers(tmp_path: Path):
    app, asked = tmp_path / "app.py", []
    app.write_text(APP)

    def done(port: int, printed: Path) -> bool:
        start._page(port)
        asked.append(start._is_ready(port, printed))
        return asked[-1]

    start._start_and_end(app, done)
    # the fifth request lets it say so; the sixth is the page
    assert int((tmp_path / "asked.txt").read_text()) == 6
    assert asked.count(True) == 1


def test_an_app_that_ends_by_itself_is_reported(tmp_path: Path):
    app = tmp_path / "app.py"
    app.write_text("raise SystemExit(7)")
    with pytest.raises(StartError, match="ended with 7"):
        start._start_and_end(app, start._answers)


def test_a_start_is_measured_against_the_page_library_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "app.py").touch()
    ran = []
    monkeypatch.setattr(start.subprocess, "run", lambda command, **_: ran.append(command[-1]))
    monkeypatch.setattr(start, "_start_and_end", lambda app, ready, number: ran.append(ready.__name__))
    rows = list(start.start(1, tmp_path / "app.py"))
    assert [(row["label"], row["baseline"]) for row in rows] == [
        ("python -c 'import search'", "python -c pass"),
        ("python app.py until it answers with a page", "python -c 'import gradio'"),
        ("python app.py until the first real page", "python -c 'import gradio'"),
    ]
    # a warm-up and one that counts, in turn
    assert ran[-8:] == ["_answers", "import gradio"] * 2 + ["_is_ready", "import gradio"] * 2


def test_the_command_writes_rows_with_their_provenance(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "catalog").mkdir()
    for product in engine.catalog:
        product.image.save(tmp_path / "catalog" / f"{product.id}.png")
    monkeypatch.setattr(run, "load_encoder", lambda name: Toy())
    out = tmp_path / "bench.json"
    argv = ["--catalog", str(tmp_path / "catalog"), "--only", "encode", "--repeats", "1", "--out", str(out)]
    assert run.main([*argv, "--cache-dir", str(tmp_path / "cache")]) == 0
    result = json.loads(out.read_text())
    assert result == json.loads(capsys.readouterr().out)
    assert result["kind"] == "bench"
    assert len(result["rows"]) == 2
    assert result["data"]["products"] == 3


def test_a_catalog_that_is_missing_ends_in_one_sentence(capsys: pytest.CaptureFixture[str]):
    assert run.main(["--catalog", "/nowhere"]) == 2
    assert "/nowhere" in capsys.readouterr().err


def test_words_are_searched_in_many_titled_products_made_of_the_catalogs_own(engine):
    many = words.multiplied(engine, 10, 0)
    assert [product.title for product in many.catalog][:4] == [
        "red shirt 0", "green shirt 1", "blue shirt 2", "red shirt 3",
    ]  # fmt: skip
    assert len(many.index) == 10
    own = engine.index.vectors([0])[0]
    cosines = many.index.vectors([0, 3]) @ own
    assert (cosines > 0.8).all()
    assert (cosines < 0.999).all()
    row = next(words.words(engine, 1, 0, size=10))
    assert (row["label"], row["baseline"]) == ("search by words, 10 titled products", "encoder and index alone")
