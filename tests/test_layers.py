"""What is imported late, what the package exports; who may import whom is checked by import-linter (test_style)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SEARCH = Path(__file__).resolve().parents[1] / "search"

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


def test_heavy_packages_are_imported_late():
    wrong = []
    for path, here, name, top in all_imports():
        if top and name.split(".")[0] in LAZY and here not in ("adapt", "lab"):
            wrong.append(f"{path} imports {name} at the top")
    assert wrong == []


def all_imports() -> Iterator[tuple[str, str, str, bool]]:
    """(file, its room, dotted name, whether it is imported at the top) of every import in search/."""
    for path in FILES:
        for name, top in imports(path):
            yield str(path.relative_to(SEARCH)), room(path), name, top


def test_only_the_command_line_imports_the_lab():
    outside = [(path, name) for path, here, name, _ in all_imports() if here not in ("lab", "__main__")]
    assert [(path, name) for path, name in outside if name.startswith("search.lab")] == []


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
        "Catalog", "Explanation", "Hit", "Object", "Product", "Query", "SearchEngine", "SearchResult", "VitrineError",
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
