"""The README is true: its commands are those that run, its tables those that were measured."""

from __future__ import annotations

import re
from pathlib import Path

from search.lab.report import DOCUMENTS, stale_tables

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_the_test_command_of_the_readme():
    commands = re.findall(r"^(python3 -m venv .*)$", README, re.M)
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_spaces_gradio_is_the_pinned_one():
    version = re.search(r"^sdk_version: (.+)$", README, re.M).group(1)
    assert f"gradio=={version}\n" in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_every_file_that_is_linked_exists():
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[)#]", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), (document.name, target)


def test_the_tables_are_those_of_the_benchmarks():
    assert re.findall("<!-- table:(.*) -->", README) == ["headline"]
    assert stale_tables() == [], "run: python -m search report"


def test_the_five_lines_of_python_run(shop, capsys, monkeypatch):
    code = re.search(r"```python\n(.*?)```", README, re.S).group(1)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("search.SearchEngine.build", lambda *_, **__: shop)
    exec(code, {})
    assert len(capsys.readouterr().out.splitlines()) == 2 * 12, "each hit with its parts, and its verdicts"


def test_no_file_is_too_large_and_nor_is_the_repository():
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    sizes = [(ROOT / name).stat().st_size for name in listed if name and (ROOT / name).is_file()]
    assert sizes
    assert max(sizes) < 45 * 2**20
    assert sum(sizes) < 120 * 2**20
