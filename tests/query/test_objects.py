"""The objects of a photo: their vectors, which of them is meant, and what they are called."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from search import Catalog, Query, SearchEngine
from search.calibration import RejectionThreshold
from search.errors import ImageError
from search.query import looks
from search.query.looks import Looker
from tests.conftest import ToyEncoder, swatch, toy_products

GREY = (120, 120, 120)


class Blobs:
    """A locator that finds every plain patch of a strong colour on grey, each colour one object."""

    def __init__(self) -> None:
        self.looked = 0
        self.certainty = 0.9

    def locate(self, picture: Image.Image) -> SimpleNamespace:
        self.looked += 1
        pixels = np.asarray(picture.resize((100, 100), Image.Resampling.NEAREST), np.int32)
        instances = []
        for channel in range(3):
            mask = (pixels[..., channel] > 200) & (pixels.sum(axis=2) < 400)
            if mask.any():
                rows, columns = np.where(mask)
                box = tuple(float(edge) / 100 for edge in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
                instances.append(SimpleNamespace(box=box, mask=mask.astype(np.float32), certainty=self.certainty))
        return SimpleNamespace(instances=tuple(instances), foreground=None)


@pytest.fixture
def locator() -> Blobs:
    return Blobs()


@pytest.fixture
def seeing(locator: Blobs, encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> SearchEngine:
    """The toy catalog, with a locator."""
    monkeypatch.setattr("search.searching.load_locator", lambda _encoder: locator)
    return SearchEngine.build(Catalog(toy_products(), name="toy"), encoder, cache_dir=None)


def room(**patches: tuple[int, int, int]) -> Image.Image:
    """A grey photo of 100 x 100 pixels with a square (left, top, side) of each colour."""
    photo = Image.new("RGB", (100, 100), GREY)
    for colour, (left, top, side) in patches.items():
        photo.paste(colour, (left, top, left + side, top + side))
    return photo


ROOM = {"red": (30, 30, 40), "blue": (80, 5, 15)}
RED, BLUE = (0.3, 0.3, 0.7, 0.7), (0.8, 0.05, 0.95, 0.2)


def test_an_object_is_looked_at_with_its_surroundings_and_alone_on_white():
    mask = np.zeros((10, 10), np.float32)
    mask[2:4, 2:4] = 1
    photo = room(red=(20, 20, 20))
    crop, alone = looks.looks_at(photo, (0.2, 0.2, 0.4, 0.4), mask)
    assert crop.size == alone.size == (26, 26), "20 pixels and 0.15 x 20 = 3 on each side"
    assert crop.getpixel((0, 0)) == GREY
    assert min(alone.getpixel((0, 0))) > 240, "a coarse mask has soft edges"
    assert crop.getpixel((13, 13)) == (255, 0, 0)
    assert alone.getpixel((13, 13)) == pytest.approx((255, 0, 0), abs=12)


def test_the_mask_stays_over_its_object_where_a_crop_is_moved_to_be_a_picture():
    mask = np.zeros((100, 100), np.float32)
    mask[50:51] = 1  # a hair across the photo: the crop is made higher than its box
    photo = Image.new("RGB", (1000, 1000), GREY)
    photo.paste("red", (0, 500, 1000, 510))
    crop, alone = looks.looks_at(photo, (0.0, 0.5, 1.0, 0.51), mask)
    assert crop.height > 13
    red = np.asarray(alone, np.int32)
    red = (red[..., 0] > 200) & (red[..., 1] < 60)
    assert red[:, 500].sum() == pytest.approx(10, abs=4)


def test_a_large_object_is_looked_at_in_its_surroundings_alone():
    mask = np.ones((10, 10), np.float32)
    for side, count in ((0.63, 2), (0.64, 1)):  # 0.397 and 0.41 of the photo
        assert len(looks.looks_at(swatch("red", (100, 100)), (0.0, 0.0, side, side), mask)) == count


def test_an_objects_vector_is_the_sum_of_two_looks_at_length_one():
    whole, encoded = [[0, 0, 1]], [[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0]]
    vectors = looks.combined(np.array(whole + encoded, np.float32), [2, 1, 2])
    assert vectors[0] == pytest.approx(np.array([1, 0.5, 0]) / np.hypot(1, 0.5))
    assert vectors[1] == pytest.approx(np.array([0, 1, 0.5]) / np.hypot(1, 0.5)), "a large one, with the whole photo"
    assert vectors[2] == pytest.approx([1, 0, 0])
    assert looks.combined(np.array(whole, np.float32), []).shape == (0, 3)


def test_every_object_has_its_box_its_mask_and_a_name(seeing: SearchEngine):
    red, blue = seeing.objects(room(**ROOM))
    assert (red.box, blue.box) == (RED, BLUE)
    assert red.mask is not None
    assert red.mask.sum() == 40 * 40
    assert blue.name == "kinds:hat", "only hats are blue"
    assert 0.5 < blue.certainty <= 1
    assert blue.to_dict() == {"box": list(BLUE), "name": "kinds:hat", "certainty": round(blue.certainty, 4)}


def test_what_the_locator_doubts_has_no_name(seeing: SearchEngine, locator: Blobs):
    sure = seeing.objects(room(**ROOM))[1]
    locator.certainty = 0.4
    photo = room(**ROOM)
    photo.putpixel((0, 99), (0, 0, 0))  # another photo
    doubted = seeing.objects(photo)[1]
    assert (sure.name, doubted.name) == ("kinds:hat", "")
    assert doubted.certainty == pytest.approx(sure.certainty * 0.4 / 0.9)


def test_searching_with_an_object_finds_it_and_encodes_nothing_again(seeing: SearchEngine, encoder: ToyEncoder):
    photo = room(**ROOM)
    found = seeing.objects(photo)
    before = encoder.encoded
    results = [seeing.search(Query(image=photo.copy(), region=each.box)) for each in found]
    assert encoder.encoded == before
    assert [result.hits[0].product.colour for result in results] == ["Red", "Blue"]
    for result in results:
        assert sum(result.hits[0].parts.values()) == result.hits[0].score


def test_an_objects_vector_does_not_depend_on_what_was_called_before(seeing: SearchEngine, locator: Blobs):
    photo = room(**ROOM)
    cold = seeing.search(Query(image=photo, region=RED)).vectors["photo"]
    other = SearchEngine.build(Catalog(toy_products()), ToyEncoder(), cache_dir=None)
    other.objects(photo)
    assert (other.search(Query(image=photo, region=RED)).vectors["photo"] == cold).all()
    six_digits = tuple(float(f"{edge:g}") for edge in RED)
    assert (seeing.search(Query(image=photo, region=six_digits)).vectors["photo"] == cold).all()


def test_a_part_that_no_object_has_is_its_own_crop(seeing: SearchEngine, encoder: ToyEncoder):
    part = (0.25, 0.3, 0.7, 0.7)
    vector = seeing.search(Query(image=room(**ROOM), region=part)).vectors["photo"]
    assert vector == pytest.approx(encoder.encode_images([room(**ROOM).crop((25, 30, 70, 70))])[0])


def test_the_first_object_is_searched_with(seeing: SearchEngine):
    assert seeing.focus(room(**ROOM)) == RED


def test_a_photo_of_one_thing_stays_whole(seeing: SearchEngine):
    for side, focus in ((83, (0.05, 0.05, 0.88, 0.88)), (84, None)):  # 0.689 and 0.706 of the photo
        photo = room(red=(5, 5, side))
        assert len(seeing.objects(photo)) == 1
        assert seeing.focus(photo) == focus


def test_a_photo_stays_whole_where_that_is_nearer_to_a_product(seeing: SearchEngine):
    photo = Image.new("RGB", (100, 100), (190, 10, 10))  # a red that the locator does not take for an object
    photo.paste("blue", (40, 40, 60, 60))
    assert [each.box for each in seeing.objects(photo)] == [(0.4, 0.4, 0.6, 0.6)]
    assert seeing.focus(photo) is None


def test_the_larger_the_more_central_and_the_more_like_a_product_comes_first(seeing: SearchEngine):
    def colours(**patches: tuple[int, int, int]) -> list[str]:
        photo = room(**patches)
        return ["red" if each.box[0] < 0.5 else "blue" for each in seeing.objects(photo)]

    assert colours(red=(5, 40, 20), blue=(75, 40, 15)) == ["red", "blue"]
    assert colours(red=(5, 40, 20), blue=(65, 35, 30)) == ["blue", "red"]
    assert colours(red=(30, 40, 20), blue=(80, 80, 20)) == ["red", "blue"]
    assert colours(red=(0, 0, 20), blue=(50, 40, 20)) == ["blue", "red"]
    seeing.remove(["cup-red", "hat-red"])
    assert colours(red=(28, 40, 21), blue=(51, 40, 20)) == ["blue", "red"], "nothing red is sold"


def test_a_photo_without_an_object_stays_whole(seeing: SearchEngine):
    assert seeing.objects(Image.new("RGB", (80, 60), GREY)) == ()
    assert seeing.focus(Image.new("RGB", (80, 60), GREY)) is None


def test_what_the_catalog_has_nothing_like_is_found_without_a_name_and_the_photo_stays_whole(seeing: SearchEngine):
    seeing.thresholds = {"photo": RejectionThreshold(1.1, 4), "words": RejectionThreshold(1.1, 4)}
    found = seeing.objects(room(**ROOM))
    assert [each.name for each in found] == ["", ""]
    assert all(each.certainty > 0 for each in found)
    assert seeing.focus(room(**ROOM)) is None


def test_an_empty_catalog_knows_no_object(seeing: SearchEngine):
    seeing.remove([product.id for product in seeing.catalog])
    assert [each.name for each in seeing.objects(room(**ROOM))] == ["", ""]
    assert seeing.focus(room(**ROOM)) is None


def test_a_change_of_the_catalog_renames_objects_and_looks_at_nothing_again(
    seeing: SearchEngine, encoder: ToyEncoder, locator: Blobs
):
    photo = room(**ROOM)
    assert seeing.objects(photo)[1].name == "kinds:hat"
    before = encoder.encoded
    seeing.remove(["hat-red", "hat-blue"])
    assert seeing.objects(photo)[1].name != "kinds:hat"
    assert (encoder.encoded, locator.looked) == (before, 1)


def test_several_at_once_look_once(seeing: SearchEngine, locator: Blobs):
    photo, answers = room(**ROOM), []
    threads = [threading.Thread(target=lambda: answers.append(seeing.objects(photo.copy()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert locator.looked == 1
    assert all(answer == answers[0] for answer in answers)


def test_only_so_many_photos_are_remembered(encoder: ToyEncoder, locator: Blobs, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(looks, "_PHOTOS", 2)
    looker = Looker(encoder, lambda: locator)
    for side in (10, 20, 30, 30, 10):
        looker.look(room(red=(0, 0, side)))
    assert locator.looked == 4, "the first was forgotten"


def test_of_very_many_objects_the_surest_are_looked_at(encoder: ToyEncoder):
    def locate(_picture: Image.Image) -> SimpleNamespace:
        mask = np.ones((4, 4), np.float32)
        boxes = [(0.0, 0.0, 0.5, 0.5 + n / 100) for n in range(30)]
        broken = [(0.5, 0.5, 0.5, 0.9), (float("nan"), 0.0, 1.0, 1.0)]
        return SimpleNamespace(instances=[SimpleNamespace(box=b, mask=mask, certainty=0.5) for b in broken + boxes])

    found = Looker(encoder, lambda: SimpleNamespace(locate=locate)).look(swatch("red"))
    assert len(found.boxes) == len(found.vectors) == looks.MOST
    assert found.boxes[0] == (0.0, 0.0, 0.5, 0.5)


@pytest.mark.parametrize("find", [lambda engine: engine.objects, lambda engine: engine.focus])
def test_a_photo_that_cannot_be_used_is_refused_as_in_a_search(
    seeing: SearchEngine, engine: SearchEngine, tmp_path, find: Callable
):
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    for bad in (tmp_path / "none.jpg", tmp_path / "torn.jpg", b"", b"<svg/>", 7):
        with pytest.raises(ImageError) as refused:
            seeing.search(Query(image=bad))
        for any_engine in (seeing, engine):
            with pytest.raises(ImageError) as found:
                find(any_engine)(bad)
            assert found.value.code == refused.value.code


def test_small_and_moving_pictures_are_photos_too(seeing: SearchEngine, tmp_path):
    frames = [room(red=(10, 10, 40)), room(blue=(10, 10, 40))]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert [each.box for each in seeing.objects(tmp_path / "moving.gif")] == [(0.1, 0.1, 0.5, 0.5)]
    assert len(seeing.objects(swatch("red", (16, 16)))) == 1
    assert len(seeing.objects(swatch("red", (160, 12)))) == 1


def test_without_a_locator_the_window_nearest_to_a_product_is_the_only_object(engine: SearchEngine):
    photo = room(red=(55, 55, 45))
    (found,) = engine.objects(photo)
    assert found.box == engine.focus(photo) == (0.55, 0.55, 1.0, 1.0)
    assert found.mask is None
    assert engine.objects(swatch("red")) == (), "all of it is one thing"
