"""Training data: only train splits are opened, and pictures are prepared exactly as when searching."""

import csv
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image

from search.lab.train import augment, data, views
from search.lab.train.captions import Item

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"


def test_only_train_splits_are_named():
    assert all("validation" not in name and "test" not in name for name in data.TRAIN_FILES)


def test_only_train_splits_are_read(monkeypatch, tmp_path: Path):
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here")
    opened: list[str] = []

    def spy(path):
        opened.append(str(Path(path).relative_to(SHARED)))
        return original(path)

    original = data.pq.read_table
    monkeypatch.setattr(data.pq, "read_table", spy)
    monkeypatch.setattr(data, "_cached", lambda path, cache, px, table: np.zeros((len(table), 1, 1, 3), np.uint8))
    dataset = data.load(SHARED, tmp_path, 1)
    assert tuple(opened) == data.TRAIN_FILES
    assert len(dataset.items) == 29_842 + 2_767 + 2_640 + 81


def test_no_title_of_validation_or_test_stands_in_train():
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here")

    def titles(split: str) -> set[str]:
        table = data.pq.read_table(SHARED / "fashion" / f"{split}.parquet", columns=["title"])
        return {title.strip().lower() for title in table.column("title").to_pylist()}

    train = titles("train")
    for split in ("validation", "test"):
        assert not train & titles(split), split


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"fashion/train\.parquet"):
        data.load(tmp_path, tmp_path, 8)


@pytest.mark.parametrize("size", [(60, 80), (80, 60), (168, 224), (33, 97)])
def test_the_canvas_equals_the_preprocessing_of_the_shipped_model(size):
    _, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{ROOT / 'assets' / 'model'}")
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    picture = Image.fromarray(noise)
    expected = preprocess(picture)
    ours = augment.to_tensor(data.canvas(picture, expected.shape[-1])[None])[0]
    assert torch.allclose(ours, expected, atol=1e-6)


def dataset_of(domains: list[int]) -> data.Dataset:
    items = [Item("", {"kind": "Tshirts"}) for _ in domains]
    return data.build(items, np.zeros((len(domains), 2, 2, 3), np.uint8), np.array(domains), {})


def test_photographs_have_their_share_of_every_batch():
    dataset = dataset_of([0] * 50 + [1] * 5 + [2] * 5)
    rows = data.Sampler(dataset, 100).draw(np.random.default_rng(0))
    assert np.bincount(dataset.domains[rows]).tolist() == [85, 8, 7]


def test_renders_have_their_share_where_there_are_any():
    dataset = dataset_of([0] * 50 + [1] * 5 + [2] * 5 + [3] * 5)
    rows = data.Sampler(dataset, 100).draw(np.random.default_rng(0))
    assert np.bincount(dataset.domains[rows]).tolist() == [70, 8, 7, 15]


def test_what_is_mistaken_for_each_other_comes_in_one_batch():
    dataset = dataset_of([0] * 1000)
    mistaken = {row: np.arange(row // 40 * 40, row // 40 * 40 + 40) for row in range(1000)}
    rows = data.Sampler(dataset, 120, mistaken=mistaken).draw(np.random.default_rng(0))
    groups = np.bincount(rows[60:100] // 40, minlength=25)
    assert len(rows) == 120
    assert sorted(groups)[-2:] == [20, 20], "two thirds of the half that does not share its kind"
    assert len(set(rows[61:80])) == 19, "nobody is drawn twice"


def test_packshots_come_with_the_photographs_of_their_article():
    items = [Item("", {"kind": "Tshirts"})] * 20
    items += [Item("", {"kind": name}, twin=name) for name in ("Granny Smith", "Banana", "Kiwi") * 2]
    domains = np.array([0] * 20 + [2] * 3 + [4] * 3)
    dataset = data.build(items, np.zeros((26, 2, 2, 3), np.uint8), domains, {})
    rows = data.Sampler(dataset, 100).draw(np.random.default_rng(0))
    photos, packshots = (set(dataset.twins[rows[dataset.domains[rows] == domain]]) for domain in (2, 4))
    assert packshots <= photos


def test_pictures_are_twins_by_product_or_by_kind_and_colour():
    red, other = ({"kind": "Tshirts", "colour": colour} for colour in ("Red", "Blue"))
    items = [Item("a", red), Item("b", red), Item("c", other), Item("", red, twin="x/1"), Item("", other, twin="x/1")]
    twins = data.build(items, np.zeros((5, 2, 2, 3), np.uint8), np.array([0, 0, 0, 3, 3]), {}).twins
    assert twins[0] == twins[1] != twins[2]
    assert twins[3] == twins[4] != twins[0]


def test_products_are_cut_out_of_rendered_scenes_with_more_and_more_around(tmp_path: Path):
    (tmp_path / "masks").mkdir()
    photo, mask = Image.new("RGB", (80, 60), "blue"), Image.new("L", (80, 60))
    for sheet, colour in ((photo, "red"), (mask, 255)):
        sheet.paste(colour, (30, 20, 40, 30))
    photo.save(tmp_path / "scene-1.jpg", quality=100)
    mask.save(tmp_path / "masks" / "scene-1--mug-2-001.png")
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\nscene-1,scene-1.jpg,mug-2-001\n")
    crops = list(data.scene_crops(tmp_path, 16))
    assert [product for product, _ in crops] == ["mug-2-001"] * 4
    red = [float(((crop[..., 0] > 150) & (crop[..., 1] < 100)).mean()) for _, crop in crops]
    assert red[0] > red[1] > red[2] > red[3] > 0
    assert (crops[3][1] == data.canvas(Image.open(tmp_path / "scene-1.jpg"), 16)).all(), "at last the whole photograph"
    mask.save(tmp_path / "masks" / "scene-1--lamp-2-001.png")
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\nscene-1,scene-1.jpg,mug-2-001|lamp-2-001\n")
    assert len(list(data.scene_crops(tmp_path, 16))) == 6, "the whole would show two products"
    assert not list(data.scene_crops(tmp_path / "nowhere", 16))


def test_renders_are_described_in_the_words_of_the_glossary():
    row = {"id": "sofa-2-001", "colour": "blue", "pattern": "plain", "material": "leather"}
    (item,) = data.render_items([row])
    assert {name: key for name, key in item.attributes.items() if key} == {
        "kind": "Sofa",
        "colour": "Blue",
        "pattern": "solid",
        "material": "leather",
    }
    (item,) = data.render_items([row | {"colour": "teal-ish", "material": "wax"}])
    assert (item.attributes["colour"], item.attributes["material"]) == ("", "")


def test_the_shipped_catalog_is_refused_as_training_data(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(data, "TRAIN_FILES", ())
    (tmp_path / "a").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "a" / "x.png")
    (tmp_path / "a" / "products.csv").write_text("id,image,colour,pattern,material\nmug-001,x.png,red,plain,\n")
    with pytest.raises(ValueError, match="shipped catalog"):
        data.load(tmp_path, tmp_path, 8, tmp_path)


def test_a_batch_is_full_and_repeatable_whatever_sets_are_present():
    sampler = data.Sampler(dataset_of([0] * 30), 64)
    first, second = (sampler.draw(np.random.default_rng(7)) for _ in range(2))
    assert len(first) == 64
    assert (first == second).all()


def test_pictures_and_rows_must_agree():
    with pytest.raises(ValueError, match="one picture and one row"):
        data.build([Item("", {"kind": "Tshirts"})], np.zeros((2, 1, 1, 3), np.uint8), np.array([0]), {})


def test_the_ground_is_white_that_reaches_the_border_and_not_white_inside():
    picture = -torch.ones(1, 3, 64, 64)
    picture[:, :, :10] = 1  # sky
    picture[:, :, 30:40, 30:40] = 1  # a white patch in the middle of a dark product
    ground = augment.white_ground(picture)
    assert ground[0, 0, 4, 32] == 1
    assert ground[0, 0, 35, 35] == 0
    assert ground[0, 0, 60, 5] == 0


def test_varied_pictures_keep_their_colour():
    red = torch.tensor([0.6, -0.6, -0.6])[:, None, None].expand(3, 32, 32)[None].repeat(8, 1, 1, 1)
    varied = augment.vary(red, 16, np.random.default_rng(0))
    middle = varied[:, :, 8, 8]
    assert varied.shape == (8, 3, 16, 16)
    assert (middle[:, 0] > middle[:, 1]).all()
    assert torch.allclose(middle[:, 1], middle[:, 2])


def test_a_rendered_product_shows_its_second_angle_and_no_title_that_will_be_asked(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(data, "TRAIN_FILES", ())
    monkeypatch.setattr(data, "shipped_titles", lambda: frozenset({"red mug", "红色马克杯"}))
    for name in ("x", "x-angle", "x-detail", "y"):
        Image.new("RGB", (8, 8), "red").save(tmp_path / f"{name}.png")
    (tmp_path / "products.csv").write_text(
        "id,title,title_zh,image,images,colour,pattern,material,gender\n"
        "mug-2-001,Red mug,红色马克杯,x.png,x-angle.png|x-detail.png,red,plain,stoneware,\n"
        "hoodie-2-001,Men's hoodie,男士连帽衫,y.png,,blue,tartan,,men\n",
        encoding="utf-8",
    )
    dataset = data.load(tmp_path, tmp_path, 8, tmp_path)
    assert [item.title for item in dataset.items] == ["", "", "Men's hoodie"]
    assert [item.title_zh for item in dataset.items] == ["", "", "男士连帽衫"]
    assert dataset.twins[0] == dataset.twins[1] != dataset.twins[2]
    assert dict(dataset.items[0].attributes)["material"] == "ceramic"
    assert dict(dataset.items[2].attributes) == {
        "kind": "Hoodie",
        "colour": "Blue",
        "gender": "Men",
        "pattern": "checked",
        "material": "",
    }


def test_every_kind_that_the_studio_renders_has_a_name():
    """A kind without one would be learned as nothing."""
    with data.SHIPPED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(item.attributes["kind"] for item in data.render_items(rows))
    assert {row[column].lower() for row in rows for column in ("title", "title_zh")} == data.shipped_titles()
    assert not any(item.title or item.title_zh for item in data.render_items(rows, unseen=data.shipped_titles()))


def test_a_shrunken_picture_is_smaller_whole_and_on_white():
    pictures = torch.ones(8, 3, 32, 32)
    pictures[:, :, 4:28, 4:28] = -1
    small = augment.shrink(pictures, np.random.default_rng(0))
    dark = (1 - small).mean((1, 2, 3)) / (1 - pictures).mean((1, 2, 3))
    assert (dark > 1 / 2.5**2 - 0.02).all()
    assert (dark < 1).all()
    assert torch.allclose(small[:, :, [0, -1], [0, -1]], torch.ones(1), atol=1e-5)


def test_renders_get_another_ground_and_stand_small_in_it():
    pictures = np.full((40, 32, 32, 3), 255, np.uint8)
    pictures[:, 8:24, 8:24] = (200, 0, 0)
    dataset = data.build([Item("", {"kind": "Mug"})] * 40, pictures, np.array([data.DOMAINS.index("renders")] * 40), {})

    def ground(shrunk: float) -> tuple[torch.Tensor, torch.Tensor]:
        seen = views.varied(dataset, np.arange(40), 32, 0.0, 0.0, np.random.default_rng(2), shrunk)
        red = (seen[:, 0] - seen[:, 1] > 1).float().mean((1, 2))
        return seen[:, :, 0, 0].mean(1), red

    corners, large = ground(0.0)
    assert 0.25 < (corners < 0.97).float().mean() < 0.75  # RENDERS_PASTED of them
    _, small = ground(1.0)
    assert (small < 0.9 * large).float().mean() > 0.25
