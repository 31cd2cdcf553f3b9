"""Which part of a photo is searched with: windows that cover it, and a choice that prefers the whole."""

import numpy as np
from PIL import Image

from search import Query, SearchEngine
from search.calibration import RejectionThreshold
from search.images import WHOLE
from search.query import windows


def grey_with(colour: str, left: int, top: int, side: int = 45) -> Image.Image:
    """A grey photo of 100 x 100 pixels with a square of a colour in it."""
    photo = Image.new("RGB", (100, 100), (120, 120, 120))
    photo.paste(colour, (left, top, left + side, top + side))
    return photo


def test_windows_begin_with_the_whole_and_cover_every_place_in_each_size():
    assert windows.WINDOWS[0] == WHOLE
    assert len(set(windows.WINDOWS)) == len(windows.WINDOWS) == 26
    for side in (0.66, 0.45):
        covered = np.zeros((100, 100), bool)
        for left, top, right, bottom in windows.WINDOWS:
            assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1  # noqa: PT018
            if abs(right - left - side) < 1e-6:
                covered[round(top * 100) : round(bottom * 100), round(left * 100) : round(right * 100)] = True
        assert covered.all()


def test_a_part_must_come_clearly_nearer_than_the_whole():
    nearest = np.full(len(windows.WINDOWS), 0.5)
    nearest[7] = 0.5 + 0.9 * windows.MARGIN
    assert windows.choose_region(nearest) == 0
    nearest[9] = 0.5 + 1.1 * windows.MARGIN
    assert windows.choose_region(nearest) == 9


def test_the_first_look_is_the_whole_and_each_other_one_its_window(encoder):
    looks = windows.encode_regions(encoder, grey_with("red", 0, 0))
    assert looks.shape == (len(windows.WINDOWS), encoder.dim)
    red = looks[:, 0]
    assert windows.WINDOWS[int(red.argmax())] == (0.0, 0.0, 0.45, 0.45)
    assert red[0] < red.max()


def test_an_encoder_of_large_pictures_looks_at_fewer_windows(encoder, monkeypatch):
    monkeypatch.setattr(encoder, "image_size", 224)
    looks = windows.encode_regions(encoder, grey_with("red", 20, 20, 60))
    assert len(looks) == 10
    assert windows.WINDOWS[windows.choose_region(looks[:, 0])] == (0.17, 0.17, 0.83, 0.83)


def test_a_small_thing_is_found_by_the_part_it_is_in(engine: SearchEngine):
    photo = grey_with("red", 55, 55)
    region = engine.focus(photo)
    assert region == (0.55, 0.55, 1.0, 1.0)
    hits = engine.search(Query(image=photo, region=region)).hits
    assert hits[0].product.id == "cup-red"


def test_a_packshot_and_a_photo_like_nothing_stay_whole(engine: SearchEngine):
    assert engine.focus(Image.new("RGB", (50, 50), "red")) is None
    engine.thresholds = {"photo": RejectionThreshold(0.99, 4), "words": RejectionThreshold(0.99, 4)}
    assert engine.focus(grey_with("red", 55, 55)) is None, "a search with it has to be able to say so"


def test_a_photo_is_looked_at_once_while_the_catalog_stays(engine: SearchEngine):
    photo = grey_with("red", 55, 55)
    engine.focus(photo)
    before = engine.encoder.encoded
    assert engine.focus(photo.copy()) == (0.55, 0.55, 1.0, 1.0)
    assert engine.encoder.encoded == before
    engine.remove(["cup-red", "hat-red"])
    engine.focus(photo)
    assert engine.encoder.encoded > before


def test_an_empty_catalog_has_nothing_to_look_for(engine: SearchEngine):
    engine.remove([product.id for product in engine.catalog])
    assert engine.focus(grey_with("red", 0, 0)) is None
