"""The command line, as a person types it."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from search import encoder as encoders
from search.__main__ import main
from tests.conftest import ToyEncoder, swatch


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setattr("search.engine.load_encoder", lambda name=None: ToyEncoder())
    monkeypatch.setattr(encoders, "load_encoder", lambda name=None: ToyEncoder())
    monkeypatch.setattr("search.load_encoder", lambda name=None: ToyEncoder(), raising=False)
    (tmp_path / "shop").mkdir()
    for colour in ("red", "green", "blue"):
        swatch(colour).save(tmp_path / "shop" / f"{colour}.png")
    return tmp_path / "shop"


def test_index_then_search(shop, tmp_path, capsys):
    options = ["--catalog", str(shop), "--cache-dir", str(tmp_path / "cache")]
    assert main(["index", *options, "--out", str(tmp_path / "index")]) == 0
    assert "Index of 3 products" in capsys.readouterr().out
    assert main(["search", "green", "--index", str(tmp_path / "index"), "-k", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["hits"][0]["id"] == "green"
    assert found["total"] == 3


def test_search_prints_one_line_a_hit(shop, tmp_path, capsys):
    photo = tmp_path / "photo.png"
    swatch("blue").save(photo)
    options = ["--catalog", str(shop), "--cache-dir", str(tmp_path / "cache")]
    assert main(["search", "--image", str(photo), "--not", "red", *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2, "the red one must not be there"
    assert "Blue" in lines[0]


def test_a_photo_counts_by_its_part_or_whole(shop, tmp_path, capsys):
    photo = swatch((120, 120, 120), (100, 100))
    photo.paste("blue", (0, 0, 45, 45))
    photo.save(tmp_path / "room.png")
    options = ["--image", str(tmp_path / "room.png"), "--json", "--catalog", str(shop), "--cache-dir", str(tmp_path)]
    for more, region in (([], [0.0, 0.0, 0.45, 0.45]), (["--whole"], None)):
        assert main(["search", *options, *more]) == 0
        assert json.loads(capsys.readouterr().out)["query"]["region"] == region


def test_what_a_photo_is_searched_with_is_said_and_what_else_is_in_it(shop, tmp_path, capsys, monkeypatch):
    boxes = [(0.0, 0.0, 0.5, 0.5), (0.5, 0.5, 0.75, 0.75)]
    mask = np.ones((4, 4), np.float32)
    located = SimpleNamespace(instances=[SimpleNamespace(box=box, mask=mask, certainty=0.9) for box in boxes])
    locator = SimpleNamespace(locate=lambda _picture: located)
    monkeypatch.setattr("search.searching.load_locator", lambda _encoder: locator)
    swatch("blue", (100, 100)).save(tmp_path / "room.png")
    options = ["--image", str(tmp_path / "room.png"), "--catalog", str(shop), "--cache-dir", str(tmp_path)]
    assert main(["search", *options]) == 0
    said = capsys.readouterr().err
    assert "searched with unnamed (0, 0, 0.5, 0.5) · in it: unnamed (0.5, 0.5, 0.75, 0.75)\n" in said
    assert main(["search", *options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["query"]["region"] == found["objects"][0]["box"] == list(boxes[0])
    assert len(found["objects"]) == 2
    assert main(["search", *options, "--whole"]) == 0
    assert "searched with the whole photo\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["search", "red", "--catalog", "/no/such/place"], "There is no catalog at /no/such/place"),
        (["search", "red", "--index", "/no/such/index"], "There is no index"),
        (["search"], "neither a photo nor words"),
        (["search", "red", "--filter", "colour"], "has no '='"),
        (["search", "--image", "/no/photo.jpg"], "no picture at"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_status_2(shop, tmp_path, argv, says, capsys):
    if "--catalog" not in argv and "--index" not in argv:
        argv = [*argv, "--catalog", str(shop), "--cache-dir", str(tmp_path / "cache")]
    assert main(argv) == 2
    error = capsys.readouterr().err
    assert says in error
    assert "Traceback" not in error


def test_interrupting_says_that_nothing_is_lost(shop, tmp_path, monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("search.indexing.embed", interrupt)
    assert main(["index", "--catalog", str(shop), "--out", str(tmp_path / "index")]) == 130
    assert "goes on from there" in capsys.readouterr().err
