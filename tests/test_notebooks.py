"""Every notebook runs from top to bottom as it stands in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
#: Their outputs are figures that take minutes to measure, so they stay.
KEPT = {"02_finetune", "03_train_embedded_model"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.slow
def test_the_notebook_runs(path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    # Raises CellExecutionError with the cell and its traceback if one fails.
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": path.parent}}).execute()


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem not in KEPT], ids=lambda path: path.stem)
def test_the_notebook_carries_no_outputs(path):
    """Outputs hold pictures and figures that go stale unseen."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_kept_outputs_are_of_the_shipped_model_and_show_curves_alone(name, embedded):
    """Photographs that are not ours never stand in the repository, and figures are of the weights that ship."""
    import nbformat

    cells = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells
    outputs = [(cell, output) for cell in cells for output in cell.get("outputs", [])]
    if not outputs:
        pytest.skip(f"not executed yet: jupyter execute --inplace --timeout=900 notebooks/{name}.ipynb")
    pictured = [cell for cell, output in outputs if any(key.startswith("image/") for key in output.get("data", {}))]
    assert all("curves" in cell.metadata.get("tags", []) for cell in pictured)
    assert any(embedded.fingerprint in output.get("text", "") for _, output in outputs), (
        "of another model: run it again"
    )
