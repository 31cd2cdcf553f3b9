"""Linter, formatter, type checker and the layers' contracts have nothing to say; no module outgrows its limit."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Lines of a module, and of a function with its docstring, at most.
MODULE, FUNCTION = 400, 50


def silent(*command: str) -> None:
    run = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=lambda command: command[0])
def test_ruff_is_silent(command):
    silent("ruff", *command, "-q", "app.py", "search", "tests", "assets/studio")


@pytest.mark.slow
def test_mypy_is_silent():
    silent("mypy")


def test_the_contracts_of_the_layers_are_kept():
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_module_and_no_function_is_too_long():
    long = []
    for path in sorted([*(ROOT / "search").rglob("*.py"), ROOT / "app.py"]):
        text = path.read_text(encoding="utf-8")
        if (lines := len(text.splitlines())) > MODULE:
            long.append(f"{path.relative_to(ROOT)}: {lines} lines")
        long += [
            f"{path.relative_to(ROOT)}: {node.name} has {length} lines"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION
        ]
    assert long == []
