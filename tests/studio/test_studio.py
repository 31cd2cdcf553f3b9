"""The studio itself: what it plans, and, slowly, that it takes the same picture twice. Both need Blender."""

import csv
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

STUDIO = Path(__file__).resolve().parents[2] / "assets" / "studio"
NO_BPY = "Blender's Python module is not installed: pip install -r assets/studio/requirements.txt (Python 3.11)"
MIN_KINDS, PER_KIND, MIN_SCENES, MIN_PAIRS = 48, 13, 150, 20

needs_blender = pytest.mark.skipif(find_spec("bpy") is None, reason=NO_BPY)

# Blender's module belongs in a process of its own: it takes over signals and never unloads.
PLANS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import bpy
from studio import catalog, kinds, scenes
from studio.kind import KINDS
plans = {}
for seed in (1, 2):
    specs = catalog.all_specs(seed)
    plans[seed] = {
        "products": [(s.id, s.kind.key, s.style.key, s.shape, s.material, s.pattern, s.shade.name) for s in specs],
        "drawn": [s.id for s in specs if any(low < high for low, high in s.style.shape.values())],
        "scenes": [scene.row() for scene in scenes.plan(seed)],
    }
less = {key: KINDS[key] for key in ("mug", "teapot")}
KINDS.clear()
KINDS.update(less)
plans["less"] = [scene.row() for scene in scenes.plan(1)]
print("PLANS" + json.dumps(plans))
"""


@pytest.fixture(scope="module")
def plans():
    command = [sys.executable, "-c", PLANS, str(STUDIO)]
    text = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    return json.loads(text.split("PLANS", 1)[1])


@needs_blender
def test_every_kind_has_thirteen_different_products(plans):
    products = plans["1"]["products"]
    by_kind = {}
    for name, kind, *looks in products:
        by_kind.setdefault(kind, {})[json.dumps(looks)] = name
    assert len(by_kind) >= MIN_KINDS
    assert {len(looks) for looks in by_kind.values()} == {PER_KIND}


@needs_blender
def test_seeds_share_no_product_and_no_id(plans):
    def shapes(seed):
        # A style without a range to draw from (letter blocks) has the same numbers in every catalog.
        drawn = set(plans[seed]["drawn"])
        return {json.dumps([kind, shape]) for name, kind, _, shape, *_ in plans[seed]["products"] if name in drawn}

    def ids(seed):
        return {row[0] for row in plans[seed]["products"]} | {row["id"] for row in plans[seed]["scenes"]}

    assert not shapes("1") & shapes("2")
    assert not ids("1") & ids("2")


@needs_blender
def test_scenes_are_planned_by_the_kinds_in_them_alone(plans):
    rows = {row["id"]: row for row in plans["1"]["scenes"]}
    assert len(rows) == len(plans["1"]["scenes"]) >= MIN_SCENES
    assert sum("|" in row["product_ids"] for row in rows.values()) >= MIN_PAIRS
    assert {row["id"] for row in plans["less"]} >= {"scene-001", "scene-mug-1", "scene-mug-teapot-1"}
    assert all(rows[row["id"]] == row for row in plans["less"])


@needs_blender
def test_scenes_show_products_of_their_own_catalog(plans):
    for seed in ("1", "2"):
        known = {row[0] for row in plans[seed]["products"]}
        shown = {name for row in plans[seed]["scenes"] for name in row["product_ids"].split("|")}
        assert shown <= known
        for row in plans[seed]["scenes"]:
            assert "{" not in row["caption"] + row["caption_zh"]


def render(out: Path, *more: str) -> str:
    command = [sys.executable, str(STUDIO / "render.py"), "--out", str(out), "--seed", "7", "--samples", "4", *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=True).stdout


@pytest.mark.slow
@needs_blender
def test_a_render_is_complete_resumes_and_repeats(tmp_path):
    wanted = ("--kinds", "mug", "dumbbell", "--limit", "1", "--size", "64")
    assert "mug-7-001" in render(tmp_path / "a", *wanted)
    folder = tmp_path / "a" / "catalog"
    with (folder / "products.csv").open(encoding="utf-8", newline="") as stream:
        products = list(csv.DictReader(stream))
    assert [row["id"] for row in products] == ["dumbbell-7-001", "mug-7-001"]
    for row in products:
        images = [row["image"], *row["images"].split("|")]
        assert len(images) == 3
        for name in images:
            with Image.open(folder / name) as picture:
                assert picture.size == (64, 64)
        with Image.open(folder / "masks" / f"{row['id']}.png") as mask:
            assert 0.05 < np.asarray(mask).mean() < 0.9

    detail = folder / "images" / "mug-7-001-detail.webp"
    first = detail.read_bytes()
    detail.unlink()
    again = render(tmp_path / "a", *wanted)
    assert "mug-7-001" in again
    assert "dumbbell-7-001" not in again, "a product that has its pictures was rendered again"
    assert detail.read_bytes() == first, "a resumed run takes another close-up"

    render(tmp_path / "b", *wanted)
    for path in sorted(folder.rglob("*.*")):
        twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert twin.read_bytes() == path.read_bytes(), f"{path.name} differs from one run to the next"


@pytest.mark.slow
@needs_blender
def test_scenes_come_in_any_size_and_their_products_alone(tmp_path):
    render(tmp_path, "--scenes", "--kinds", "racket", "--size", "64")
    with (tmp_path / "scenes" / "scenes.csv").open(encoding="utf-8", newline="") as stream:
        scenes = list(csv.DictReader(stream))
    assert scenes
    for row in scenes:
        with Image.open(tmp_path / "scenes" / row["image"]) as picture:
            assert max(picture.size) == 64
    render(tmp_path, "--pictured", "--size", "64")
    with (tmp_path / "catalog" / "products.csv").open(encoding="utf-8", newline="") as stream:
        products = {row["id"] for row in csv.DictReader(stream)}
    assert products == {name for row in scenes for name in row["product_ids"].split("|")}
