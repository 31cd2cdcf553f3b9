"""The command: data in, one result out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search.catalog import Catalog
from search.lab.benchmark import baselines, main
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.tasks import photos, words
from tests.lab.benchmark.toy import product


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog on disk: 3 red and 3 blue shirts, as a CSV with PNGs."""
    lines = ["id,title,image,category,colour"]
    for number, colour in enumerate(["red", "blue"] * 3):
        item = product(number, colour, "shirts")
        item.image.save(tmp_path / f"{number}.png")
        lines.append(f"{number},{item.title},{number}.png,{item.category},{item.colour}")
    (tmp_path / "catalog.csv").write_text("\n".join(lines))
    return tmp_path


def test_the_command_prints_and_writes_one_result(folder: Path, capsys: pytest.CaptureFixture[str]):
    out = folder / "out" / "result.json"
    assert main(["--data", str(folder), "--baseline", "histogram", "--min-relevant", "1", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert result == json.loads(out.read_text())
    assert list(result)[:6] == ["kind", "name", "command", "date", "seed", "machine"]
    assert result["model"]["name"] == "colour-histogram"
    assert result["data"]["products"] == 6
    assert len(result["data"]["sha256"]) == 16
    # the two others of its colour come first
    assert result["tasks"]["photo"]["figures"]["same_kind_colour"]["value"] == 1
    assert "skipped" in result["tasks"]["scene"]
    assert result["tasks"]["title"]["not_applicable"] == "it reads no words"
    assert "photo to the same kind and colour" in printed.err


def test_data_that_can_answer_nothing_say_so(folder: Path, capsys: pytest.CaptureFixture[str]):
    argv = ["--data", str(folder), "--baseline", "histogram", "--min-relevant", "50", "--limit", "4"]
    assert main(argv) == 1
    assert "50 others" in capsys.readouterr().err


def test_photographs_of_a_shop_are_compared_with_the_packshots_beside_them(shared: Path, tmp_path: Path):
    out = tmp_path / "result.json"
    argv = ["--data", str(shared / "grocery"), "--baseline", "random", "--out", str(out)]
    assert main([*argv, "--task", "packshot", "zero_shot", "shopper"]) == 0
    result = json.loads(out.read_text())
    assert result["data"]["name"] == "grocery/validation"
    assert result["packshots"]["name"] == "grocery/packshots"
    assert result["packshots"]["products"] == 81
    figures = result["tasks"]["packshot"]["figures"]
    assert figures["recall@1"]["n"] == 296
    assert figures["recall@5"]["chance"] == pytest.approx(5 / 81, abs=1e-4)
    assert result["tasks"]["zero_shot"]["figures"]["zh"]["chance"] == pytest.approx(1 / 43, abs=1e-4)
    assert result["tasks"]["shopper"]["not_applicable"] == "chance has no band"


def test_a_baseline_has_no_weights_to_sweep(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--data", str(folder), "--baseline", "random", "--sweep"]) == 2
    assert "Leave out --sweep or --baseline." in capsys.readouterr().err


def test_data_that_are_missing_end_in_one_sentence(capsys: pytest.CaptureFixture[str]):
    assert main(["--data", "/nowhere", "--baseline", "histogram"]) == 2
    error = capsys.readouterr().err
    assert "/nowhere" in error
    assert "Traceback" not in error


def test_vectors_that_know_nothing_score_at_chance_on_real_products(shared: Path):
    found = make_benchmark(baselines.Random(), [Catalog.load(shared / "fashion" / "test.parquet")])
    assert found.tested == 2085
    assert found.min_relevant == 10
    said, likeness = words.attributes(found), photos.photo(found)
    # 47 colours and kinds have ten products, and the glossary translates each of them
    assert said["colour_kind_en"]["n"] == said["colour_kind_zh"]["n"] == 47
    unheard = words.synonyms(found)["all"]
    for figure in (
        said["kind_en"],
        said["colour_kind_en"],
        likeness["same_kind"],
        words.title(found)["mrr"],
        unheard,
    ):
        assert figure["low"] - 0.01 <= figure["chance"] <= figure["high"] + 0.01, figure["label"]
