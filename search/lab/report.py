"""Figures that stay: JSON with its provenance in assets/benchmarks, and the README's tables made from it.

A table stands in the README between `<!-- table:NAME -->` and `<!-- /table:NAME -->`. NAME is a file
of assets/benchmarks without its suffix, or that and a task (evaluate-fashion-test/composed) for the
task's rows alone; files called NAME--something.json (the same data with another model) become
further columns.

    python -m search report            # writes the tables anew
    python -m search report --check    # only says which are stale; exit status 1 if one is
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "assets" / "benchmarks"
README = ROOT / "README.md"

#: Four digits: the bootstrap intervals of our largest test are some hundredths wide.
DIGITS = 4

_MARKED = re.compile(r"<!-- table:(?P<name>[\w./-]+) -->\n(?P<body>.*?)<!-- /table:(?P=name) -->", re.S)
_OPENING = re.compile(r"<!-- table:([\w./-]+) -->")


# ---- writing results


def provenance(program: str, argv: Sequence[str], *, seed: int) -> dict[str, Any]:
    """What a figure needs beside it to be repeated: command, seed, date, machine.

    Args:
        program: "evaluate" or "bench".
    """
    return {
        "command": shlex.join(["python", "-m", "search", program, *argv]),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "seed": seed,
        "machine": machine(),
    }


def machine() -> dict[str, Any]:
    """The processor, what of it this process may use, and how busy it is with other work."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else []
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": cores,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_1min": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def sha256(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files and their names; the first 16 hex digits."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files:
        if file != path:
            digest.update(file.relative_to(path).as_posix().encode() + b"\0")
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:16]


def rounded(value: Any) -> Any:
    """The same structure with floats at DIGITS decimals and plain Python numbers."""
    if isinstance(value, Mapping):
        return {str(key): rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    return round(value, DIGITS) if isinstance(value, float) else value


def dumps(result: Mapping[str, Any]) -> str:
    return json.dumps(rounded(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write(result: Mapping[str, Any], path: Path) -> None:
    """Write a result as JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(dumps(result), encoding="utf-8")
    partial.replace(path)


# ---- tables


def tables(benchmarks: Path = BENCHMARKS) -> dict[str, str]:
    """Table name -> Markdown, for every result in the folder, and for every task of an evaluation."""
    results: dict[str, list[Mapping[str, Any]]] = {}
    for path in sorted(benchmarks.glob("*.json"), key=lambda path: path.stem):
        name = path.stem.partition("--")[0]
        results.setdefault(name, []).append(json.loads(path.read_text(encoding="utf-8")))
    contents = {name: _RENDERERS[found[0]["kind"]](found) for name, found in results.items()}
    for name, found in results.items():
        for task in _tasks(found):
            contents[f"{name}/{task}"] = _evaluation(found, only=task)
    return contents


def _evaluation(results: Sequence[Mapping[str, Any]], only: str | None = None) -> str:
    """Rows are figures (of one task alone, if named), columns are models; the first is the one without a suffix in its file name."""
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
                row[3 + column] = f"{_number(figure['value'])} ({_number(figure['low'])}–{_number(figure['high'])})"
    models = [result["model"]["name"] for result in results]
    head = ["", "queries", "chance", *models]
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
    return _table(head, rows.values()) + "\n" + "  \n".join(notes) + "\n"


def _tasks(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of the tasks of all results, each once, in the order of the first result that has them."""
    return list(dict.fromkeys(task for result in results for task in result.get("tasks", ())))


def _empty(outcome: Mapping[str, Any]) -> str:
    """A cell without a figure: "n/a" where the model cannot be asked, a dash where it was not measured."""
    return "n/a" if "not_applicable" in outcome else "–"


def _sweep(results: Sequence[Mapping[str, Any]]) -> str:
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


def _bench(results: Sequence[Mapping[str, Any]]) -> str:
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


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _time(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} x"


# ---- the README


def fill(text: str, contents: Mapping[str, str]) -> str:
    """The README with every marked table written anew.

    Raises:
        InputError: a marker without its end, or a table without a result.
    """
    marked = {match["name"] for match in _MARKED.finditer(text)}
    for name in _OPENING.findall(text):
        if name not in marked:
            raise InputError(
                f"The table {name!r} has no end in the README.",
                f"Put <!-- /table:{name} --> on a line of its own after <!-- table:{name} -->.",
            )
        if name not in contents:
            raise InputError(
                f"The README asks for the table {name!r}, but there is no {name.partition('/')[0]}.json with it.",
                "Run the command that writes it (python -m search evaluate --help), or remove the marker.",
            )
    return _MARKED.sub(
        lambda match: f"<!-- table:{match['name']} -->\n\n{contents[match['name']]}\n<!-- /table:{match['name']} -->",
        text,
    )


def stale_tables(readme: Path = README, benchmarks: Path = BENCHMARKS) -> list[str]:
    """Names of tables in the README that differ from what the results say, sorted.

    Raises:
        InputError: as `fill` does.
    """
    text = readme.read_text(encoding="utf-8")
    now = {match["name"]: match.group() for match in _MARKED.finditer(text)}
    due = {match["name"]: match.group() for match in _MARKED.finditer(fill(text, tables(benchmarks)))}
    return sorted(name for name in due if now[name] != due[name])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m search report", description="Write the README's tables anew.")
    parser.add_argument("--readme", type=Path, default=README)
    parser.add_argument("--benchmarks", type=Path, default=BENCHMARKS)
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 if a table is stale")
    options = parser.parse_args(argv)
    stale = stale_tables(options.readme, options.benchmarks)
    if stale and not options.check:
        text = options.readme.read_text(encoding="utf-8")
        options.readme.write_text(fill(text, tables(options.benchmarks)), encoding="utf-8")
    verb = "stale" if options.check else "rewritten"
    print(f"{verb}: {', '.join(stale)}" if stale else "every table is up to date", file=sys.stderr)
    return int(bool(stale) and options.check)


if __name__ == "__main__":
    sys.exit(main())
