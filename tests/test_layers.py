"""The layers of the house: who may import whom, and what may be imported at all."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SEARCH = Path(__file__).resolve().parents[1] / "search"

LAYER = {
    **dict.fromkeys(("cache", "lexicon", "schema", "errors", "settings", "hub", "progress", "timing", "metrics"), 0),
    **dict.fromkeys(("images", "catalog", "encoder", "index", "query", "calibration"), 1),
    **dict.fromkeys(("ranking", "explain", "indexing", "storage"), 2),
    "engine": 3,
    **dict.fromkeys(("adapt", "ui"), 4),
    "lab": 5,
    "__main__": 6,
}
#: Package -> the rooms that may import it.
ONLY_IN = {
    "gradio": {"ui"},
    "faiss": {"index", "lab"},
    "pymilvus": {"index"},
    "torch": {"encoder", "explain", "adapt", "lab"},
    "open_clip": {"encoder", "adapt", "lab"},
    "transformers": {"encoder", "adapt", "lab"},
    "peft": {"adapt"},
    "tensorboard": {"adapt"},
}
#: Must not be imported at the top of a module outside these rooms, so that `import search` stays light.
LAZY = {"torch", "faiss", "open_clip", "transformers", "datasets", "pyarrow"}
FILES = sorted(SEARCH.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(SEARCH).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, bool]]:
    """(dotted name, whether it stands at the top of the module); type checking's do not count."""
    found: list[tuple[str, bool]] = []

    def visit(node: ast.AST, top: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.Import):
                found.extend((alias.name, top) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                module = child.module or ""
                found.extend((f"{module}.{alias.name}" if module == "search" else module, top) for alias in child.names)
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            visit(child, top and not inside)

    visit(ast.parse(path.read_text(encoding="utf-8")), True)
    return found


def test_a_room_imports_only_its_own_layer_and_those_below():
    wrong = []
    for path, here, name, _ in all_imports():
        there = name.split(".")[1] if name.startswith("search.") else ""
        if here == "__init__" or there not in LAYER:
            continue
        if LAYER[there] > LAYER[here]:
            wrong.append(f"{path} (layer {LAYER[here]}) imports {name} (layer {LAYER[there]})")
        if there == "ui" and here not in ("ui", "__main__"):
            wrong.append(f"{path} imports {name}")
    assert wrong == []


def test_heavy_packages_stay_in_their_rooms_and_are_imported_late():
    wrong = []
    for path, here, name, top in all_imports():
        package = name.split(".")[0]
        if here not in ONLY_IN.get(package, {here}):
            wrong.append(f"{path} imports {name}")
        if top and package in LAZY and here not in ("adapt", "lab"):
            wrong.append(f"{path} imports {name} at the top")
    assert wrong == []


def all_imports() -> Iterator[tuple[str, str, str, bool]]:
    """(file, its room, dotted name, whether it is imported at the top) of every import in search/."""
    for path in FILES:
        for name, top in imports(path):
            yield str(path.relative_to(SEARCH)), room(path), name, top


def test_every_room_has_a_layer():
    assert {room(path) for path in FILES} - {"__init__"} <= set(LAYER)


def test_import_search_is_light():
    """torch, gradio and faiss are not imported; the time itself is measured by `bench`."""
    code = (
        "import sys, search; "
        "print([name for name in ('torch', 'gradio', 'faiss', 'open_clip', 'transformers') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=SEARCH.parent, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_public_names_are_these():
    import search

    assert search.__all__ == [
        "Catalog", "Explanation", "Hit", "Product", "Query", "SearchEngine", "SearchResult", "VitrineError",
        "load_encoder",
    ]  # fmt: skip
    assert search.__all__ == sorted(search._HOMES)
    for name in search.__all__:
        assert getattr(search, name) is not None


def test_the_error_tree_is_drawn_in_full():
    from search import errors

    names = {n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, errors.VitrineError)}
    for name in names:
        assert name in (errors.__doc__ or ""), f"{name} is missing from the tree"
