"""Markdown tables of the results in assets/benchmarks.

Names of tables: a file of the folder without its suffix; that and a task (evaluate-fashion-test/composed) for the
task's rows alone; and "headline", one row for each of `HEADLINES`. Files called NAME--something.json (the same data with
another model) become further columns of NAME.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from search.lab import shopper_tables
from search.lab.results import BENCHMARKS, Result


class Headline(NamedTuple):
    """A row of the table of headline figures: what it is called, and where it is found.

    beside: name -> figure of baselines that were measured in the same task.
    """

    label: str
    result: str
    task: str
    figure: str
    beside: Mapping[str, str] = MappingProxyType({})


def _shopper(label: str, form: str, measure: str = "p5") -> Headline:
    """What the engine finds on fashion/test, beside BM25 and vectors alone."""
    beside = {"BM25": f"bm25-whole.{form}.{measure}", "vectors": f"vectors.{form}.{measure}"}
    return Headline(label, "evaluate-fashion-test-shopper", "shopper", f"whole.{form}.{measure}", beside)


HEADLINES = (
    _shopper("“puma” → its products, P@5", "brand"),
    _shopper("“black puma shoes” → colour, brand and kind right, P@5", "colour_brand_kind"),
    _shopper("“shose” → the kind meant, P@5", "typing_error"),
    _shopper("three words of a title → its product, MRR", "known_item", "mrr"),
    _shopper("another shop photo + “in red” → kind and colour right, P@5", "photo_colour"),
    Headline("hits called very close or exact: everything asked is right", "evaluate-fashion-test-shopper", "shopper", "whole.all.top"),
    Headline("title → picture among 2,085 real products, recall@10", "evaluate-fashion-test", "title", "recall@10"),
    Headline(
        "the same among 33,076, recall@10, each product",
        "evaluate-fashion-test-title-in-33076", "title", "recall@10_each_product",
    ),
    Headline("“shirts” → pictures of the kind, P@10", "evaluate-fashion-test", "attributes", "kind_en"),
    Headline("“red shirts” → pictures, P@10", "evaluate-fashion-test", "attributes", "colour_kind_en"),
    Headline("“红色衬衫” → pictures, P@10", "evaluate-fashion-test", "attributes", "colour_kind_zh"),
    Headline("photo → the same kind and colour, P@10", "evaluate-fashion-test", "photo", "same_kind_colour"),
    Headline("photo + “in red” → the kind in red, P@10", "evaluate-fashion-test", "composed", "composed"),
    Headline("photograph of clothes → its kind by words", "evaluate-clothing-validation", "zero_shot", "en"),
    Headline("photograph of home goods → its kind by words", "evaluate-home-validation", "home_zero_shot", "en"),
    Headline("phone photograph → its article of 81, recall@1", "evaluate-grocery-validation", "packshot", "recall@1"),
    Headline(
        "photograph of home goods → the first product of the catalog, right kind",
        "evaluate-catalog-photograph_kind", "photograph_kind", "home/validation",
    ),
    Headline("photograph of a room → the very product, recall@5", "evaluate-catalog", "scene", "focused_recall@5"),
    Headline("things from elsewhere answered with “no good match”", "evaluate-fashion-test", "refusal", "outside"),
)  # fmt: skip


def read_results(folder: Path = BENCHMARKS) -> dict[str, list[Result]]:
    """Name -> its results: the one of the embedded model first, then those of other models, by their file names."""
    results: dict[str, list[Result]] = {}
    for path in sorted(folder.glob("*.json"), key=lambda path: path.stem):
        name = path.stem.partition("--")[0]
        results.setdefault(name, []).append(json.loads(path.read_text(encoding="utf-8")))
    return results


def tables(folder: Path = BENCHMARKS) -> dict[str, str]:
    """Table name -> Markdown, for every result in the folder, for every task of an evaluation, and the headlines."""
    results = read_results(folder)
    contents = {name: _RENDERERS[found[0]["kind"]](found) for name, found in results.items()}
    for name, found in results.items():
        for task in _tasks(found):
            if task != "shopper":  # it stands in a result of its own
                contents[f"{name}/{task}"] = _evaluation(found, only=task)
    if headlines := _headlines(results):
        contents["headline"] = headlines
    return contents


def _headlines(results: Mapping[str, Sequence[Result]]) -> str:
    """A row for each headline figure that has been measured: the embedded model, the best baseline, chance."""
    rows = []
    for label, name, task, key, beside in HEADLINES:
        found = [
            (result["model"]["name"], figure)
            for result in results.get(name, ())
            if (figure := result["tasks"].get(task, {}).get("figures", {}).get(key))
        ]
        own = [figure for model, figure in found if model == "embedded"]
        others = [(figure["value"], model) for model, figure in found if model != "embedded"]
        others += _beside(results.get(name, ()), task, beside)
        if own:
            best = "{1} {0:.3f}".format(*max(others)) if others else "–"
            rows.append([label, _interval(own[0]), best, _number(own[0]["chance"]), str(own[0]["n"])])
    return _table(["", "embedded model", "best baseline", "chance", "queries"], rows) if rows else ""


def _beside(results: Sequence[Result], task: str, beside: Mapping[str, str]) -> list[tuple[float, str]]:
    """(value, name) of the baselines that a task of the embedded model measured itself."""
    figures = results[0]["tasks"].get(task, {}).get("figures", {}) if results else {}
    return [(figures[figure]["value"], name) for name, figure in beside.items() if figure in figures]


def _evaluation(results: Sequence[Result], only: str | None = None) -> str:
    """Rows are figures (of one task alone, if named), columns are models; the first is the one without a suffix in its file name.

    Of the task `shopper` rows are forms of queries, see shopper_tables.
    """
    if list(results[0]["tasks"]) == ["shopper"]:
        figures = results[0]["tasks"]["shopper"].get("figures", {})
        return shopper_tables.tables(figures, _interval, _table) + "\n" + "  \n".join(_notes(results[:1])) + "\n"
    rows: dict[tuple[str, str], list[str]] = {}
    for task in _tasks(results):
        if only not in (None, task):
            continue
        for column, result in enumerate(results):
            for key, figure in result["tasks"].get(task, {}).get("figures", {}).items():
                empty = [_empty(other["tasks"].get(task, {})) for other in results]
                row = rows.setdefault(
                    (task, key), [figure["label"], str(figure["n"]), _number(figure["chance"]), *empty]
                )
                row[3 + column] = _interval(figure)
    head = ["", "queries", "chance", *(result["model"]["name"] for result in results)]
    return _table(head, rows.values()) + "\n" + "  \n".join(_notes(results)) + "\n"


def _notes(results: Sequence[Result]) -> list[str]:
    """What was measured on, and for each model its hash, date and command."""
    first = results[0]
    where = f"{first['data']['name']} ({first['data']['products']:,} products)"
    if first["gallery"]["products"] != first["data"]["products"]:
        where += f" in a gallery of {first['gallery']['products']:,}"
    notes = [f"On {where}; in brackets the 95 % bootstrap interval."]
    for result in results:
        model = result["model"]
        cannot = {task["not_applicable"]: None for task in result["tasks"].values() if "not_applicable" in task}
        why = f" (n/a: {', '.join(cannot)})" if cannot else ""
        notes.append(
            f"{model['name']} `{model['fingerprint'][:12]}`, {result['date'][:10]}: `{result['command']}`{why}"
        )
    return notes


def _tasks(results: Sequence[Result]) -> list[str]:
    """Names of the tasks of all results, each once, in the order of the first result that has them."""
    return list(dict.fromkeys(task for result in results for task in result.get("tasks", ())))


def _empty(outcome: Mapping[str, Any]) -> str:
    """A cell without a figure: "n/a" where the model cannot be asked, a dash where it was not measured."""
    return "n/a" if "not_applicable" in outcome else "–"


def _sweep(results: Sequence[Result]) -> str:
    """The curve of each swept weight, best value in bold."""
    (result,) = results
    lines = []
    for sweep in result["sweeps"].values():
        best = sweep["choice"]
        head = [sweep["parameter"], *(f"{point['weight']:g}" for point in sweep["curve"])]
        cells = [
            f"**{_number(point['value'])}**" if point["weight"] == best else _number(point["value"])
            for point in sweep["curve"]
        ]
        lines.append(_table(head, [[sweep["label"], *cells]]))
    model = result["model"]
    note = f"{model['name']} `{model['fingerprint'][:12]}` on {result['data']['name']}, {result['date'][:10]}: "
    return "\n".join(lines) + "\n" + note + f"`{result['command']}`\n"


def _bench(results: Sequence[Result]) -> str:
    """One row per measurement: milliseconds, and the ratio to the baseline that ran beside it."""
    (result,) = results
    rows = [
        [row["label"], _time(row["p50_ms"]), _time(row["p95_ms"]), row["baseline"] or "–", _ratio(row["ratio"])]
        for row in result["rows"]
    ]
    machine_ = result["machine"]
    note = (
        f"{machine_['processor']}, {machine_['cores']} cores, load {machine_['load_1min']:.1f}, {result['date'][:10]}"
    )
    head = ["", "median ms", "p95 ms", "baseline in the same run", "time relative to it"]
    return _table(head, rows) + f"\n{note}: `{result['command']}`\n"


_RENDERERS = {"evaluate": _evaluation, "sweep": _sweep, "bench": _bench}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _interval(figure: Mapping[str, Any]) -> str:
    return f"{_number(figure['value'])} ({_number(figure['low'])}–{_number(figure['high'])})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _time(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} x"
