"""What rows say in words, and that pictures are prepared exactly as when searching."""

import csv
from pathlib import Path

import numpy as np
import open_clip
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image

from search.lab.train import augment, readers

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"


def test_no_title_of_validation_or_test_stands_in_train():
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here")

    def titles(split: str) -> set[str]:
        table = pq.read_table(SHARED / "fashion" / f"{split}.parquet", columns=["title"])
        return {title.strip().lower() for title in table.column("title").to_pylist()}

    train = titles("train")
    for split in ("validation", "test"):
        assert not train & titles(split), split


@pytest.mark.parametrize("size", [(60, 80), (80, 60), (168, 224), (33, 97)])
def test_the_canvas_equals_the_preprocessing_of_the_shipped_model(size):
    _, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{ROOT / 'assets' / 'model'}")
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    picture = Image.fromarray(noise)
    expected = preprocess(picture)
    ours = augment.to_tensor(torch.from_numpy(readers.canvas(picture, expected.shape[-1]).copy())[None])[0]
    assert torch.allclose(ours, expected, atol=1e-6)


def test_products_are_cut_out_of_rendered_scenes_with_more_and_more_around(tmp_path: Path):
    (tmp_path / "masks").mkdir()
    photo, mask = Image.new("RGB", (80, 60), "blue"), Image.new("L", (80, 60))
    for sheet, colour in ((photo, "red"), (mask, 255)):
        sheet.paste(colour, (30, 20, 40, 30))
    photo.save(tmp_path / "scene-1.jpg", quality=100)
    mask.save(tmp_path / "masks" / "scene-1--mug-2-001.png")
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\nscene-1,scene-1.jpg,mug-2-001\n")
    crops = list(readers.scene_crops(tmp_path, 16))
    assert [product for product, _ in crops] == ["mug-2-001"] * 4
    red = [float(((crop[..., 0] > 150) & (crop[..., 1] < 100)).mean()) for _, crop in crops]
    assert red[0] > red[1] > red[2] > red[3] > 0
    assert (crops[3][1] == readers.canvas(Image.open(tmp_path / "scene-1.jpg"), 16)).all(), (
        "at last the whole photograph"
    )
    mask.save(tmp_path / "masks" / "scene-1--lamp-2-001.png")
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\nscene-1,scene-1.jpg,mug-2-001|lamp-2-001\n")
    assert len(list(readers.scene_crops(tmp_path, 16))) == 6, "the whole would show two products"
    assert not list(readers.scene_crops(tmp_path / "nowhere", 16))


def test_renders_are_described_in_the_words_of_the_glossary():
    row = {"id": "sofa-2-001", "colour": "blue", "pattern": "plain", "material": "leather"}
    (item,) = readers.render_items([row])
    assert {name: key for name, key in item.attributes.items() if key} == {
        "kind": "Sofa",
        "colour": "Blue",
        "pattern": "solid",
        "material": "leather",
    }
    (item,) = readers.render_items([row | {"colour": "teal-ish", "material": "wax"}])
    assert (item.attributes["colour"], item.attributes["material"]) == ("", "")


def test_every_kind_that_the_studio_renders_has_a_name():
    """A kind without one would be learned as nothing."""
    with readers.SHIPPED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(item.attributes["kind"] for item in readers.render_items(rows))
    assert {row[column].lower() for row in rows for column in ("title", "title_zh")} == readers.shipped_titles()
    assert not any(item.title or item.title_zh for item in readers.render_items(rows, unseen=readers.shipped_titles()))
