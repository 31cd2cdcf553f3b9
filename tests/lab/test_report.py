"""Results keep their provenance, and the README's tables follow them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from search import load_encoder
from search.errors import InputError
from search.lab import report, results, tables

MODEL = {"name": "embedded", "fingerprint": "abcdef0123456789", "dim": 4}
DATA = {"name": "fashion/test", "products": 2085, "skipped_rows": 0, "sha256": "00"}
MACHINE = {"processor": "A Processor", "cores": 2, "load_1min": 0.5}


def figure(label: str, value: float, chance: float | None = 0.01) -> dict:
    return {"label": label, "value": value, "low": value - 0.1, "high": value + 0.1, "n": 47, "chance": chance}


def evaluation(model: str = "embedded", **figures: float) -> dict:
    return {
        "kind": "evaluate", "command": "python -m search evaluate", "date": "2026-11-23 17:00 UTC", "seed": 0,
        "machine": MACHINE, "model": {**MODEL, "name": model}, "data": DATA, "gallery": {"products": 2085, "also": []},
        "tasks": {"photo": {"figures": {name: figure(f"the {name}", value) for name, value in figures.items()}},
                  "scene": {"skipped": "No scenes."}},
    }  # fmt: skip


@pytest.fixture
def benchmarks(tmp_path: Path) -> Path:
    folder = tmp_path / "benchmarks"
    results.write(evaluation(kind=0.5), folder / "evaluate-fashion-test.json")
    return folder


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text("# Title\n\n<!-- table:evaluate-fashion-test -->\n<!-- /table:evaluate-fashion-test -->\n\nEnd.\n")
    return path


def test_an_empty_table_is_stale_until_it_is_written(readme: Path, benchmarks: Path):
    assert report.stale_tables([readme], benchmarks) == ["README.md: evaluate-fashion-test"]
    assert report.main(["--documents", str(readme), "--benchmarks", str(benchmarks)]) == 0
    assert report.stale_tables([readme], benchmarks) == []
    text = readme.read_text()
    assert text.startswith("# Title\n")
    assert text.endswith("\n\nEnd.\n")
    assert "| the kind | 47 | 0.010 | 0.500 (0.400–0.600) |" in text
    assert "embedded `abcdef012345`" in text


def test_writing_a_table_twice_changes_nothing(readme: Path, benchmarks: Path):
    once = report.fill(readme.read_text(), tables.tables(benchmarks))
    assert report.fill(once, tables.tables(benchmarks)) == once


def test_a_new_figure_makes_the_table_stale(readme: Path, benchmarks: Path):
    report.main(["--documents", str(readme), "--benchmarks", str(benchmarks)])
    results.write(evaluation(kind=0.6), benchmarks / "evaluate-fashion-test.json")
    assert report.main(["--documents", str(readme), "--benchmarks", str(benchmarks), "--check"]) == 1
    assert "0.500" in readme.read_text()


def test_other_models_become_columns_of_the_same_table(benchmarks: Path):
    results.write(evaluation("colour-histogram", kind=0.2, other=0.1), benchmarks / "evaluate-fashion-test--x.json")
    table = tables.tables(benchmarks)["evaluate-fashion-test"]
    assert "|  | queries | chance | embedded | colour-histogram |" in table
    assert "| the kind | 47 | 0.010 | 0.500 (0.400–0.600) | 0.200 (0.100–0.300) |" in table
    assert "| the other | 47 | 0.010 | – | 0.100 (0.000–0.200) |" in table


def test_a_baseline_that_cannot_be_asked_says_so_instead_of_a_figure(benchmarks: Path):
    blind = evaluation("colour-histogram", kind=0.2)
    blind["tasks"]["title"] = {"not_applicable": "it reads no words"}
    results.write(blind, benchmarks / "evaluate-fashion-test--colour-histogram.json")
    words = evaluation("sentences")
    words["tasks"] = {"title": {"figures": {"mrr": figure("the mrr", 0.3)}}, "photo": {"not_applicable": "no pictures"}}
    results.write(words, benchmarks / "evaluate-fashion-test--sentences.json")
    table = tables.tables(benchmarks)["evaluate-fashion-test"]
    assert "| the kind | 47 | 0.010 | 0.500 (0.400–0.600) | 0.200 (0.100–0.300) | n/a |" in table
    # the model has not been asked for titles yet, the histogram cannot be
    assert "| the mrr | 47 | 0.010 | – | n/a | 0.300 (0.200–0.400) |" in table
    assert "(n/a: it reads no words)" in table


def test_a_table_can_be_made_of_baselines_before_the_model_is_measured(benchmarks: Path):
    results.write(evaluation("imagenet", kind=0.4), benchmarks / "evaluate-clothing-validation--imagenet.json")
    contents = tables.tables(benchmarks)
    assert "|  | queries | chance | imagenet |" in contents["evaluate-clothing-validation"]
    assert "| the kind | 47 | 0.010 | 0.400 (0.300–0.500) |" in contents["evaluate-clothing-validation/photo"]


def test_a_task_can_have_a_table_of_its_own(benchmarks: Path):
    result = evaluation(kind=0.5)
    result["tasks"]["title"] = {"figures": {"mrr": figure("the mrr", 0.3)}}
    results.write(result, benchmarks / "evaluate-fashion-test.json")
    contents = tables.tables(benchmarks)
    assert "the kind" in contents["evaluate-fashion-test/photo"]
    assert "the mrr" not in contents["evaluate-fashion-test/photo"]
    assert "the mrr" in contents["evaluate-fashion-test/title"]


def test_a_difference_has_no_chance_level(benchmarks: Path):
    result = evaluation()
    result["tasks"]["photo"]["figures"]["gain"] = figure("the gain", 0.2, chance=None)
    results.write(result, benchmarks / "evaluate-fashion-test.json")
    assert "| the gain | 47 | – | 0.200 (0.100–0.300) |" in tables.tables(benchmarks)["evaluate-fashion-test"]


def test_a_sweep_marks_the_chosen_weight(benchmarks: Path):
    curve = [{"weight": weight, "value": value} for weight, value in ((0.4, 0.5), (0.6, 0.7))]
    sweep = {"parameter": "weight of the words", "label": "composed, P@10", "choice": 0.6, "curve": curve}
    result = {**evaluation(), "kind": "sweep", "sweeps": {"text": sweep}}
    results.write(result, benchmarks / "sweep-fashion-validation.json")
    table = tables.tables(benchmarks)["sweep-fashion-validation"]
    assert "| weight of the words | 0.4 | 0.6 |" in table
    assert "| composed, P@10 | 0.500 | **0.700** |" in table


def test_a_bench_shows_times_beside_their_baseline(benchmarks: Path):
    row = {"label": "index", "p50_ms": 7.04, "p95_ms": 1234.5, "baseline": "numpy", "ratio": 0.5}
    alone = {"label": "start", "p50_ms": 900, "p95_ms": 950, "baseline": None, "ratio": None}
    results.write({**evaluation(), "kind": "bench", "rows": [row, alone]}, benchmarks / "bench.json")
    table = tables.tables(benchmarks)["bench"]
    assert "| index | 7.04 | 1234 | numpy | 0.50 x |" in table
    assert "| start | 900 | 950 | – | – |" in table
    assert "A Processor, 2 cores" in table


def test_a_table_without_a_result_names_what_is_missing(readme: Path, tmp_path: Path):
    with pytest.raises(InputError, match=r"evaluate-fashion-test\.json"):
        report.stale_tables([readme], tmp_path / "nothing")


def test_each_document_has_its_own_tables(readme: Path, benchmarks: Path, tmp_path: Path):
    more = tmp_path / "more.md"
    more.write_text("<!-- table:evaluate-fashion-test/photo -->\n<!-- /table:evaluate-fashion-test/photo -->\n")
    both = [readme, more]
    stale = ["README.md: evaluate-fashion-test", "more.md: evaluate-fashion-test/photo"]
    assert report.stale_tables(both, benchmarks) == stale
    assert report.main(["--documents", str(readme), "--benchmarks", str(benchmarks)]) == 0
    assert report.stale_tables(both, benchmarks) == stale[1:]
    assert report.main(["--documents", *map(str, both), "--benchmarks", str(benchmarks)]) == 0
    assert report.stale_tables(both, benchmarks) == []


def test_a_headline_names_the_best_baseline(benchmarks: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tables, "HEADLINES", (
        tables.Headline("photo", "evaluate-fashion-test", "photo", "kind"),
        tables.Headline("not measured", "evaluate-elsewhere", "photo", "kind"),
    ))  # fmt: skip
    for name, value in (("imagenet", 0.3), ("colour-histogram", 0.2)):
        results.write(evaluation(name, kind=value), benchmarks / f"evaluate-fashion-test--{name}.json")
    headline = tables.tables(benchmarks)["headline"]
    assert "| photo | 0.500 (0.400–0.600) | imagenet 0.300 | 0.010 | 47 |" in headline
    assert "not measured" not in headline


def test_the_commands_that_measured_everything_are_printed(benchmarks: Path, capsys: pytest.CaptureFixture[str]):
    results.write(evaluation("imagenet"), benchmarks / "evaluate-fashion-test--imagenet.json")
    assert report.main(["--commands", "--benchmarks", str(benchmarks)]) == 0
    assert capsys.readouterr().out == "python -m search evaluate\n" * 2


def test_a_marker_without_its_end_is_named(readme: Path, benchmarks: Path):
    readme.write_text("<!-- table:evaluate-fashion-test -->\n")
    with pytest.raises(InputError, match="no end"):
        report.stale_tables([readme], benchmarks)


def test_results_are_rounded_and_plain(tmp_path: Path):
    results.write({"b": np.float64(1 / 3), "a": [np.int64(2), {"c": None}]}, tmp_path / "deep" / "r.json")
    assert json.loads((tmp_path / "deep" / "r.json").read_text()) == {"b": 0.3333, "a": [2, {"c": None}]}
    assert list(tmp_path.glob("deep/*")) == [tmp_path / "deep" / "r.json"]


def test_provenance_repeats_the_command():
    head = results.provenance("evaluate", ["--data", "my catalog"], seed=3)
    assert head["command"] == "python -m search evaluate --data 'my catalog'"
    assert head["seed"] == 3
    assert head["machine"]["cores"] >= 1


def test_a_hash_changes_with_a_folder_s_content_and_names(tmp_path: Path):
    (tmp_path / "a").write_text("1")
    first = results.sha256(tmp_path)
    assert results.sha256(tmp_path) == first
    assert results.sha256(tmp_path / "a") != first
    (tmp_path / "a").rename(tmp_path / "b")
    assert results.sha256(tmp_path) != first


def test_the_figures_belong_to_the_model_that_ships():
    kept = [json.loads(path.read_text()) for path in results.BENCHMARKS.glob("*.json")]
    measured = {
        result["name"]: result["model"]["fingerprint"] for result in kept if result["model"]["name"] == "embedded"
    }
    if not measured:
        pytest.skip("nothing has been measured yet")
    now = load_encoder().fingerprint
    assert {name: known for name, known in measured.items() if known != now} == {}, "run their commands again"


def test_every_result_is_shown_in_the_benchmarks():
    shown = set(re.findall("<!-- table:(.*) -->", (report.ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")))
    assert shown == set(tables.read_results())


def test_every_headline_has_been_measured():
    contents = tables.tables()["headline"]
    assert [row.label for row in tables.HEADLINES if f"| {row.label} |" not in contents] == []


def test_the_shoppers_table_has_a_row_for_each_form_and_a_column_for_each_system(tmp_path: Path):
    result = evaluation()
    asked = {"whole.brand.p5": 0.9, "bm25-whole.brand.p5": 0.95, "titles.known_item.mrr": 0.7, "whole.brand.top": 0.8,
             "whole.all.ece": 0.04, "whole.absent.close": 0.1, "whole.absent.related": 0.2,
             "whole.absent.refused": 0.6}  # fmt: skip
    result["tasks"] = {"shopper": {"figures": {name: figure(name, value) for name, value in asked.items()}}}
    results.write(result, tmp_path / "evaluate-fashion-test-shopper.json")
    written = tables.tables(tmp_path)
    lines = written["evaluate-fashion-test-shopper"].splitlines()
    assert "| brand, P@5 | 47 | 0.010 | 0.900 (0.800–1.000) | – | – | 0.950 (0.850–1.050) | – | – |" in lines
    known = next(line for line in lines if line.startswith("| known item"))
    assert known.split(" | ")[3:5] == ["–", "0.700 (0.600–0.800)"]
    assert "| brand | 0.800 of 47 | – | – | – | – | – | – | – | – |" in lines
    assert "| all forms | – | 0.040 | – | – | – | – | – | – | – |" in lines
    assert any(line.endswith("| 47 | 0.100 | 0.200 | 0.600 |") for line in lines)
    headline = next(line for line in written["headline"].splitlines() if "puma” →" in line)
    assert headline.endswith("| 0.900 (0.800–1.000) | BM25 0.950 | 0.010 | 47 |")
