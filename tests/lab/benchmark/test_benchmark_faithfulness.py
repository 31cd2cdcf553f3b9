"""Faithfulness on pictures of coloured squares, where it is known what every map must show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search import Catalog, Product, images
from search.encoder.base import unit
from search.explain.schema import Heatmap
from search.lab.benchmark import datasets, faithfulness, localisation, main, perturbation, randomisation, saliency
from search.lab.benchmark.base import TASKS, Benchmark, TooSmall
from search.lab.benchmark.build import make_benchmark
from search.metrics import spearman

PIXELS = {"red": (255, 0, 0), "green": (0, 255, 0)}


class Squares:
    """A picture is how much red and how much green it shows; so are words."""

    name = fingerprint = preprocessing = "squares"
    dim, image_size = 3, 64

    def encode_images(self, pictures: Sequence) -> np.ndarray:
        rows = (np.asarray(images.load(picture), np.float32) for picture in pictures)
        amounts = [((r[..., 0] - r[..., 1]).clip(0).mean(), (r[..., 1] - r[..., 0]).clip(0).mean()) for r in rows]
        return unit(np.array([(red, green, 10.0) for red, green in amounts]))

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        return unit(np.array([["red" in text, "green" in text, 0.1] for text in texts], np.float32))


def room(**boxes: tuple[int, int, int, int]) -> Image.Image:
    picture = Image.new("RGB", (96, 64), (128, 128, 128))
    for colour, box in boxes.items():
        picture.paste(PIXELS[colour], box)
    return picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two rooms: a red square alone, and a red beside a green one. The packshots lie beside their masks."""
    for name in ("scenes/masks", "catalog/images", "catalog/masks"):
        (tmp_path / name).mkdir(parents=True)
    boxes = {"one": {"red": (12, 8, 36, 32)}, "two": {"red": (0, 0, 24, 24), "green": (60, 24, 96, 60)}}
    lines = ["id,image,product_ids"]
    for scene, there in boxes.items():
        room(**there).save(tmp_path / "scenes" / f"{scene}.png")
        lines.append(f"{scene},{scene}.png,{'|'.join(there)}")
        for product, box in there.items():
            mask = Image.new("1", (96, 64))
            mask.paste(1, box)
            mask.save(tmp_path / "scenes" / "masks" / f"{scene}--{product}.png")
    (tmp_path / "scenes" / "scenes.csv").write_text("\n".join(lines))
    for colour, pixels in PIXELS.items():
        packshot, mask = Image.new("RGB", (64, 64), "white"), Image.new("1", (64, 64))
        packshot.paste(pixels, (16, 16, 48, 48))
        mask.paste(1, (16, 16, 48, 48))
        packshot.save(tmp_path / "catalog" / "images" / f"{colour}.png")
        mask.save(tmp_path / "catalog" / "masks" / f"{colour}.png")
    return tmp_path


@pytest.fixture
def benchmark(folder: Path) -> Benchmark:
    products = [
        Product(colour, colour, folder / "catalog" / "images" / f"{colour}.png", category="Squares", colour=colour)
        for colour in PIXELS
    ]
    return make_benchmark(Squares(), [Catalog(products)], scenes=folder / "scenes")


def test_maps_that_cannot_be_wrong_get_full_marks(benchmark):
    figures = faithfulness.explain(benchmark)
    assert figures["points_occlusion"]["value"] == figures["points_things"]["value"] == 1
    assert figures["points_occlusion"]["n"] == 3
    assert figures["points_alone_occlusion"]["n"] == 1
    assert figures["points_in_part"]["value"] == 1
    assert figures["energy_in_part"]["value"] > 0.5
    assert figures["energy_things"]["value"] > figures["energy_occlusion"]["value"]
    assert 0 < figures["placed_scenes"]["value"] <= 1
    assert figures["two_occlusion"]["value"] == 1
    assert figures["two_occlusion"]["n"] == 2
    assert figures["energy_occlusion"]["value"] > 0.5
    assert figures["packshot_energy_things"]["value"] > 0.9 > figures["packshot_energy_occlusion"]["value"] > 0.5
    assert figures["packshot_colour_things"]["n"] == 2
    assert not [key for key in figures if "pattern" in key]  # these have none
    assert figures["packshot_energy_occlusion"]["chance"] == pytest.approx(0.25, abs=0.02)
    assert figures["completeness_occlusion"]["value"] < 1e-6
    assert figures["uncover_over_random"]["low"] > 0
    # the towers' own methods need a tower
    assert not [key for key in figures if key.endswith(("contributions", "gradcam", "random_tower"))]


def test_chance_is_the_objects_share_of_the_picture(benchmark):
    figures = faithfulness.explain(benchmark)
    areas = [24 * 24 / (96 * 64)] * 2 + [36 * 36 / (96 * 64)]
    assert figures["points_occlusion"]["chance"] == pytest.approx(np.mean(areas), abs=0.01)
    assert figures["energy_centre_prior"]["chance"] == figures["energy_occlusion"]["chance"]
    assert figures["touches_occlusion"]["chance"] > figures["points_occlusion"]["chance"]


def test_a_product_without_a_mask_is_not_asked_for(benchmark, folder):
    (folder / "scenes" / "masks" / "two--green.png").unlink()
    assert [(item.picture_id, item.product_id) for item in localisation.masked_products(benchmark)] == [
        ("one", "red"),
        ("two", "red"),
    ]
    for mask in (folder / "scenes" / "masks").iterdir():
        mask.unlink()
    with pytest.raises(TooSmall, match="no masks"):
        localisation.masked_products(benchmark)


def test_a_scene_of_a_product_that_is_gone_is_refused(benchmark, folder):
    (folder / "scenes" / "masks" / "two--blue.png").write_bytes(
        (folder / "scenes" / "masks" / "two--red.png").read_bytes()
    )
    table = folder / "scenes" / "scenes.csv"
    table.write_text(table.read_text().replace("red|green", "red|blue"))
    with pytest.raises(datasets.InputError, match=r"blue of two\.png"):
        localisation.masked_products(benchmark)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((0, 0, 1, 1), [[1, 1, 2, 2], [3, 3, 4, 4]]),
        # padded above and below: the picture lies in the middle half of the grid's height
        ((0, -0.5, 1, 1.5), [[1, 1, 2, 2], [3, 3, 4, 4]]),
        # cropped at both sides: what was not seen is nothing
        ((0.25, 0, 0.75, 1), [[0, 1, 2, 0], [0, 3, 4, 0]]),
    ],
)
def test_a_map_lies_where_the_tower_looked(window, expected):
    heat = Heatmap(np.array([[1, 2], [3, 4]], np.float32), 0.0, window)
    assert localisation.rasterise(heat, (2, 4)).tolist() == expected


def test_energy_is_the_share_of_what_speaks_for_it():
    mask = np.array([[True, False, False]])
    assert localisation.energy_inside(np.array([[3.0, 1.0, -5.0]]), mask) == pytest.approx(3 / 4)
    # nothing speaks for it: no better than chance
    assert localisation.energy_inside(np.array([[-3.0, -1.0, -5.0]]), mask) == pytest.approx(1 / 3)


def test_a_peak_beside_the_object_touches_it_but_does_not_point_at_it():
    mask = np.zeros((160, 160), bool)
    mask[100:, 100:] = True
    for cell, expected in (((130, 130), (True, True)), ((95, 130), (False, True)), ((80, 80), (False, False))):
        values = np.zeros((160, 160))
        values[cell] = 1.0
        assert localisation.pointing_game(values, mask) == expected


def test_the_right_order_uncovers_more_than_the_wrong_one(benchmark):
    products = localisation.masked_products(benchmark)[:1]
    right = np.where(products[0].mask, 1.0, 0.0)
    areas = perturbation.insertion_minus_deletion(benchmark.encoder, products, {"right": [right], "wrong": [-right]}, 0)
    # deletion by the map is insertion by its reverse, backwards: the two are each other's negative
    assert areas["right"][0] > 0.03
    assert areas["wrong"][0] == pytest.approx(-areas["right"][0], abs=0.02)


def test_places_average_their_pixels():
    values = np.array([[1.0, 3.0, 10.0], [5.0, 7.0, 20.0]])
    assert perturbation.cell_means(values, (1, 3)).tolist() == [[3.0, 5.0, 15.0]]


def test_rank_correlation():
    assert spearman([1, 2, 3], [10, 20, 1000]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    # ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4
    assert spearman([1, 5, 5, 9], [1, 2, 3, 4]) == pytest.approx(4.5 / np.sqrt(4.5 * 5))
    assert spearman([1, 1, 1], [1, 2, 3]) == 0


def test_a_random_tower_leaves_the_real_one_alone(embedded):
    photo = room(red=(0, 0, 40, 40))
    before = embedded.encode_images([photo])
    first, again, other = (
        randomisation.randomised_encoder(embedded, [photo, room(green=(9, 9, 60, 60))], seed=seed) for seed in (0, 0, 1)
    )
    assert np.array_equal(embedded.encode_images([photo]), before)
    assert np.array_equal(first.encode_images([photo]), again.encode_images([photo]))
    assert abs(float(first.encode_images([photo])[0] @ before[0])) < 0.5
    assert not np.allclose(first.encode_images([photo]), other.encode_images([photo]), atol=0.1)
    assert randomisation.randomised_encoder(Squares(), []) is None


def test_several_random_towers_agree_with_a_map_less_than_each_alone(embedded, benchmark):
    products = localisation.masked_products(benchmark)
    products = [replace(item, target=embedded.encode_images([item.picture])[0]) for item in products[:2]]
    maps = saliency.draw_maps(embedded, products, "occlusion")[0]
    figures = randomisation.randomisation_test(replace(benchmark, encoder=embedded), products, maps, "occlusion")
    # |mean| <= mean of |.|, and the chance level of both is over the same pairs
    assert figures["random_tower"]["value"] <= figures["random_tower_one"]["value"] <= 1
    assert figures["random_tower"]["chance"] <= figures["random_tower_one"]["chance"] <= 1
    assert figures["random_tower"]["n"] == 2
    assert abs(figures["random_tower_signed"]["value"]) <= figures["random_tower"]["value"]


def test_it_is_asked_only_by_name(tmp_path, capsys):
    assert TASKS["explain"].on_request
    (tmp_path / "catalog.csv").write_text("id,title,image\n1,red,1.png\n")
    room(red=(0, 0, 9, 9)).save(tmp_path / "1.png")
    out = tmp_path / "result.json"
    assert main(["--data", str(tmp_path), "--baseline", "histogram", "--task", "explain", "--out", str(out)]) == 1
    assert "explain: not applicable" in capsys.readouterr().err
