"""The studio itself: its plan needs no Blender; one slow test takes a real picture."""

import csv
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

STUDIO = Path(__file__).resolve().parents[2] / "assets" / "studio"
NO_BPY = "Blender's Python module is not installed: pip install -r assets/studio/requirements.txt (Python 3.11)"


@pytest.mark.slow
@pytest.mark.skipif(find_spec("bpy") is None, reason=NO_BPY)
def test_render_takes_a_tiny_picture_and_resumes(tmp_path):
    command = [
        sys.executable,
        str(STUDIO / "render.py"),
        "--out",
        str(tmp_path),
        "--seed",
        "7",
        "--kinds",
        "mug",
        "--limit",
        "1",
        "--size",
        "64",
        "--samples",
        "4",
    ]
    first = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "mug-7-001" in first.stdout
    with (tmp_path / "catalog" / "products.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    with Image.open(tmp_path / "catalog" / row["image"]) as picture:
        assert picture.size == (64, 64)
    with Image.open(tmp_path / "catalog" / "masks" / f"{row['id']}.png") as mask:
        assert 0.05 < np.asarray(mask).mean() < 0.9
    again = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "mug-7-001" not in again.stdout, "a picture that exists was rendered again"
