"""Data: only train splits are opened; batches have their shares; which names a label can deny; changes to pictures."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from PIL import Image

from search.lab.train import augment, bank, dataset, kinds, pack, readers, sentences
from search.lab.train.captions import Item
from search.lab.train.glossary import glossary
from search.lab.train.sampler import Sampler
from tests.lab.train.runs import CONTEXT, CPU, toy_data, toy_tokenizer

SHARED = Path(__file__).parents[4] / "shared" / "data"
HOME, FASHION = (dataset.DOMAINS.index(name) for name in ("home", "fashion"))


def test_only_train_splits_are_read(monkeypatch):
    assert all("validation" not in name and "test" not in name for name in dataset.FILES.values())
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here")
    opened: list[str] = []
    original = dataset.pq.read_table
    monkeypatch.setattr(dataset.pq, "read_table", lambda path: opened.append(path) or original(path))
    monkeypatch.setattr(readers, "decode", lambda cells, px, threads: np.zeros((len(cells), 1, 1, 3), np.uint8))
    data = dataset.load(SHARED, 1)
    assert [path.relative_to(SHARED).as_posix() for path in opened] == [
        name for domain, name in dataset.FILES.items() if domain != "renders"
    ]
    assert len(data.rows("fashion", "clothing", "grocery", "packshots")) == 29_842 + 2_767 + 2_640 + 81


def test_every_kind_of_home_is_in_the_glossary_by_its_own_word():
    entries = glossary()["home kinds"]
    assert len(entries) == 142
    assert all(entry.en[0] == key for key, entry in entries.items())
    assert sentences.imagenet_classes("home kinds")["laptop"]
    if SHARED.is_dir():
        table = dataset.pq.read_table(SHARED / "home" / "train.parquet", columns=["kind"])
        assert set(table["kind"].to_pylist()) <= set(entries)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"fashion/train\.parquet"):
        dataset.load(tmp_path, 8)


def test_pictures_and_rows_must_agree():
    with pytest.raises(ValueError, match="one picture and one row"):
        dataset.build([Item("", {})], np.zeros((2, 1, 1, 3), np.uint8), np.zeros(1), np.zeros(1), ["a"], {})


def test_renders_are_packed_without_the_shipped_catalog(tmp_path: Path):
    folder = tmp_path / "31" / "catalog"
    folder.mkdir(parents=True)
    for name in ("x", "x-angle", "x-detail"):
        Image.new("RGB", (8, 8), "red").save(folder / f"{name}.png")
    head = "id,title,title_zh,image,images,colour,pattern,material,gender\n"
    line = "mug-2-001,Glossy red mug,,x.png,x-angle.png|x-detail.png,red,plain,stoneware,\n"
    (folder / "products.csv").write_text(head + line, encoding="utf-8")
    rows = list(pack.rendered_rows(tmp_path))
    assert [row["id"] for row in rows] == ["mug-2-001"] * 2, "the packshot and the second angle"
    table = {name: [row[name] for row in rows] for name in rows[0]}
    items = readers.rendered_items(table)
    assert items[0].twin == items[1].twin == "31/mug-2-001"
    assert dict(items[0].attributes)["material"] == "ceramic"
    (folder / "products.csv").write_text(head + line.replace("mug-2-001", "mug-001"), encoding="utf-8")
    with pytest.raises(ValueError, match="shipped catalog"):
        list(pack.rendered_rows(tmp_path))


def test_pictures_are_packed_at_most_so_large_and_keep_their_shape():
    with Image.open(pack.io.BytesIO(pack.shrunk(Image.new("RGB", (400, 200), "red"), 80))) as small:
        assert small.size == (pack.SIDE, pack.SIDE // 2)
        assert small.format == "WEBP"


def test_batches_are_repeatable_and_have_their_shares_and_things_weigh_the_same():
    data = toy_data()
    sampler = Sampler(data, 200, {"fashion": 0.5, "home": 0.5})
    assert (sampler.draw(np.random.default_rng(7)) == sampler.draw(np.random.default_rng(7))).all()
    rng = np.random.default_rng(0)
    rows = np.concatenate([sampler.draw(rng) for _ in range(5)])
    assert (data.domains[rows] == HOME).mean() == 0.5
    of_kind = {kind: [item.attributes["kind"] == kind for item in data.items] for kind in ("mug", "watch")}
    mugs, watches = (np.isin(rows, np.flatnonzero(of_kind[kind])).sum() for kind in ("mug", "watch"))
    # Thirty views of one mug are drawn about as often as the one picture of a watch.
    assert 0.7 < mugs / watches < 1.4


def test_packshots_come_with_the_photographs_of_their_article_and_mistakes_with_each_other():
    data = toy_data()
    sampler = Sampler(data, 100, {"fashion": 0.8, "grocery": 0.1, "packshots": 0.1})
    rows = sampler.draw(np.random.default_rng(0))
    assert (data.domains[rows] == dataset.DOMAINS.index("packshots")).sum() == 10
    # Row 0 is mistaken for rows 30 and up alone, as is every other.
    sampler.mistaken = np.tile(np.arange(30, 40), (len(data.rows("fashion")), 1))
    drawn = [np.isin(sampler.draw(np.random.default_rng(seed)), np.arange(30, 40)).sum() for seed in range(5)]
    sampler.mistaken = None
    without = [np.isin(sampler.draw(np.random.default_rng(seed)), np.arange(30, 40)).sum() for seed in range(5)]
    assert sum(drawn) > sum(without)


def test_names_of_other_shops_count_only_where_they_can_be_denied():
    data = toy_data()
    present = kinds.kinds_present(data)
    keys = [data.writer.names["kind"].keys[kind] for kind in present]
    table = kinds.comparable_kinds(data, present)
    value = data.writer.names["kind"].value
    assert table[keys.index("Watches"), value("Shirts"), FASHION]
    assert table[keys.index("mug"), value("Shirts"), FASHION]
    assert not table[keys.index("watch"), value("Watches"), FASHION]
    assert not table[keys.index("Watches"), value("watch"), HOME]
    assert table[keys.index("Watches"), value("mug"), HOME]


def test_kinds_of_two_sets_are_one_by_their_usual_name():
    data = toy_data()
    same, differ = kinds.same_kind(data)
    value = data.writer.names["kind"].value
    assert same[value("Watches"), value("watch")]
    assert not differ[value("Watches"), value("watch")]
    assert differ[value("mug"), value("watch")]
    assert not same[-1, -1]


def test_rounds_are_the_same_by_seed_and_claim_what_they_say():
    data = toy_data()
    tokenizer = toy_tokenizer(data)
    one, other = (bank.write_round(data.items, data.writer, tokenizer, CONTEXT, "7") for _ in range(2))
    assert (one[0] == other[0]).all()
    assert one[1].shape == (len(data.items), 2, bank.TITLED + 1)
    titled = one[1][:, 0, bank.TITLED] == 1
    assert titled[:40].any()
    assert not titled[40:].any(), "only fashion has titles"


def test_captions_written_beside_the_training_arrive_and_the_writer_ends():
    data = toy_data()
    captions = bank.CaptionBank(data.items, data.writer, toy_tokenizer(data), CONTEXT, CPU, slots=2, workers=1)
    try:
        captions.refresh(wait=True)
        ids, claims = captions.draw(torch.tensor([0, 3]), torch.Generator().manual_seed(0))
        assert ids.shape == (2, 2, CONTEXT)
        assert (ids[:, :, 0] == 1).all(), "every text begins with [CLS]"
        assert claims.shape == (2, 2, bank.TITLED + 1)
    finally:
        processes = list(captions._processes)
        captions.close()
    processes[0].join(10)
    assert not processes[0].is_alive()


def test_items_without_pictures_are_of_kinds_without_pictures():
    other = set(glossary()["other kinds"])
    assert all(item.attributes["kind"] in other for item in sentences.other_items(50, Random(0)))


STILL = augment.Strength(moved=0, light=0, soft=0, shrunk=0)


def test_another_ground_leaves_the_product():
    picture = torch.full((4, 32, 32, 3), 255, dtype=torch.uint8)
    picture[:, 8:24, 8:24] = torch.tensor([200, 0, 0], dtype=torch.uint8)
    ground = torch.zeros(4, 32, 32, 3, dtype=torch.uint8)
    generator, photos = torch.Generator().manual_seed(0), torch.zeros(4, dtype=torch.bool)
    seen = augment.augmented(picture, photos, torch.ones(4), ground, 32, generator, STILL)
    assert torch.allclose(seen[:, :, 14:18, 14:18], augment.to_tensor(picture)[:, :, 14:18, 14:18], atol=0.02)
    assert (seen[:, :, 1, 1] < 0.99).any()
    plain = augment.augmented(picture, photos, torch.zeros(4), ground, 32, generator, STILL)
    assert torch.allclose(plain[:, :, 1, 1], torch.ones(4, 3), atol=1e-4)


def test_the_ground_is_white_that_reaches_the_border_and_not_white_inside():
    picture = -torch.ones(1, 3, 64, 64)
    picture[:, :, :10] = 1  # sky
    picture[:, :, 30:40, 30:40] = 1  # a white patch in the middle of a dark product
    ground = augment.white_ground(picture)
    assert ground[0, 0, 4, 32] == 1
    assert ground[0, 0, 35, 35] == 0
    assert ground[0, 0, 60, 5] == 0


def test_varied_packshots_keep_their_colour():
    red = torch.tensor([0.6, -0.6, -0.6])[:, None, None].expand(3, 32, 32)[None].repeat(8, 1, 1, 1)
    generator, photos = torch.Generator().manual_seed(0), torch.zeros(8, dtype=torch.bool)
    varied = augment.vary(red, 16, generator, augment.Strength(), photos)
    middle = varied[:, :, 8, 8]
    assert varied.shape == (8, 3, 16, 16)
    assert (middle[:, 0] > middle[:, 1]).all()
    assert torch.allclose(middle[:, 1], middle[:, 2], atol=1e-5)


def test_a_shrunken_picture_is_smaller_whole_and_on_white():
    pictures = torch.ones(8, 3, 32, 32)
    pictures[:, :, 4:28, 4:28] = -1
    small = augment.shrink(pictures, torch.Generator().manual_seed(0))
    dark = (1 - small).mean((1, 2, 3)) / (1 - pictures).mean((1, 2, 3))
    assert (dark > 1 / 2.5**2 - 0.02).all()
    assert (dark < 1).all()
    assert torch.allclose(small[:, :, [0, -1], [0, -1]], torch.ones(1), atol=1e-5)
