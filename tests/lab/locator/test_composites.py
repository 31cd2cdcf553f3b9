"""Products cut out and laid on grounds."""

import random

import numpy as np
import pytest
from PIL import Image

from search.lab.locator.composites import VISIBLE, Canvas, Composer, plain, zoomed
from search.lab.locator.sources import Labelled, cut_outs, plain_ground, scenes
from tests.conftest import swatch


def on_white(box: tuple[int, int, int, int], size=(60, 60), colour="red") -> Image.Image:
    picture = Image.new("RGB", size, "white")
    picture.paste(swatch(colour, (box[2] - box[0], box[3] - box[1])), box[:2])
    return picture


def block(box: tuple[int, int, int, int], size=(60, 60)) -> np.ndarray:
    mask = np.zeros((size[1], size[0]), bool)
    mask[box[1] : box[3], box[0] : box[2]] = True
    return mask


def test_what_stands_on_a_plain_ground_is_cut_out():
    np.testing.assert_array_equal(plain_ground(on_white((10, 20, 40, 50))), block((10, 20, 40, 50)))


def test_a_white_print_inside_is_a_part_of_it():
    picture = on_white((10, 10, 50, 50))
    picture.paste("white", (20, 20, 30, 30))
    np.testing.assert_array_equal(plain_ground(picture), block((10, 10, 50, 50)))


@pytest.mark.parametrize(
    "picture",
    [swatch("red", (60, 60)), on_white((0, 0, 60, 25)), on_white((0, 0, 5, 5))],
    ids=("empty", "half a border", "speck"),
)
def test_without_a_plain_ground_nothing_is_cut_out(picture):
    assert plain_ground(picture) is None
    assert cut_outs([picture]) == []


def laid(*boxes: tuple[int, int, int, int]) -> Canvas:
    canvas = Canvas(Image.new("RGB", (100, 100), "white"))
    for left, top, right, bottom in boxes:
        size = (right - left, bottom - top)
        canvas.lay(swatch("red", size), Image.new("L", size, 255), (left, top), random.Random(0))
    return canvas


def test_what_is_laid_over_another_is_taken_from_it():
    first, second = laid((0, 0, 40, 40), (20, 0, 60, 40)).finished(False).masks
    np.testing.assert_array_equal(first, block((0, 0, 20, 40), (100, 100)))
    np.testing.assert_array_equal(second, block((20, 0, 60, 40), (100, 100)))


def test_a_product_that_is_nearly_covered_is_none():
    uncovered = round(40 * VISIBLE) - 1
    (mask,) = laid((0, 0, 40, 40), (uncovered, 0, 60, 40)).finished(False).masks
    np.testing.assert_array_equal(mask, block((uncovered, 0, 60, 40), (100, 100)))


def test_a_part_of_a_scene_keeps_its_masks_on_its_products():
    scene = Labelled(on_white((20, 20, 40, 40)), (block((20, 20, 40, 40)),))
    for seed in range(5):
        canvas = zoomed(scene, random.Random(seed), (120, 90))
        red = np.asarray(canvas.picture)[..., 1] < 100
        assert (canvas.masks[0] == red).mean() > 0.98
        assert red.any()


def test_a_composer_makes_photographs_with_masks_that_do_not_overlap():
    shots = cut_outs([on_white((10, 10, 50, 50), colour=colour) for colour in ("red", "green", "blue")])
    scene = Labelled(on_white((20, 20, 40, 40)), (block((20, 20, 40, 40)),))
    composer = Composer([shots], [scene], [plain(random.Random(0), (80, 60))])
    rng = random.Random(0)
    made = [composer.make(rng) for _ in range(20)]
    assert max(np.sum(sample.masks, 0).max() for sample in made if sample.masks) == 1
    assert {sample.unlabelled for sample in made} == {True, False}
    assert len({len(sample.masks) for sample in made}) > 2
    again = Composer([shots], [scene], [plain(random.Random(0), (80, 60))]).make(random.Random(0))
    assert again.picture.tobytes() == made[0].picture.tobytes()


def test_scenes_are_read_with_the_masks_of_their_names(tmp_path):
    (tmp_path / "masks").mkdir()
    on_white((10, 10, 20, 20)).save(tmp_path / "a.png")
    on_white((10, 10, 20, 20)).save(tmp_path / "a.jpg")
    Image.fromarray(block((10, 10, 20, 20))).save(tmp_path / "masks" / "a--mug.png")
    (scene,) = scenes(tmp_path)
    np.testing.assert_array_equal(scene.masks[0], block((10, 10, 20, 20)))
