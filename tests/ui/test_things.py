"""The objects of a photo as the page shows them: dots, names, and what is said of the one that is searched with."""

from __future__ import annotations

import numpy as np
import pytest

from search.images import WHOLE
from search.query.objects import Object
from search.ui.locale import Words
from search.ui.render.things import called, chosen, places, said_photo, things
from search.ui.state import State

EN, ZH = Words("en"), Words("zh")


def found(box, name="", mask=None) -> Object:
    return Object(box, mask, name, 0.9)


def painted(*boxes: tuple[int, int, int, int], side: int = 12) -> np.ndarray:
    """A mask of (side, side) with 1 in boxes of (left, top, right, bottom) places, and 0 where a later one is cut out."""
    mask = np.zeros((side, side), np.float32)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = 1 - mask[top, left]
    return mask


def test_a_dot_stands_deepest_inside_its_object():
    """An L: a bar of 2 x 10 places and a block of 6 x 6, whose middle lies at 7 / 12 and 8 / 12."""
    shape = painted((1, 1, 3, 11))
    shape[5:11, 4:10] = 1
    assert places([found((1 / 12, 1 / 12, 10 / 12, 11 / 12), mask=shape)]) == [
        (pytest.approx(7 / 12, abs=0.05), pytest.approx(8 / 12, abs=0.05))
    ]


def test_the_dot_of_a_sofa_makes_room_for_the_cushion_on_it():
    sofa, cushion = (0.1, 0.3, 0.9, 0.7), (0.45, 0.45, 0.55, 0.55)
    mask = painted((1, 3, 11, 9))
    with_hole = mask.copy()
    with_hole[5:7, 5:7] = 0
    for dots in (
        places([found(sofa), found(cushion)]),
        places([found(sofa, mask=mask), found(cushion)]),
        places([found(sofa, mask=with_hole), found(cushion)]),
    ):
        apart = np.hypot(dots[0][0] - dots[1][0], dots[0][1] - dots[1][1])
        assert apart >= 0.13
        for (x, y), (left, top, right, bottom) in zip(dots, (sofa, cushion), strict=True):
            assert left <= x <= right
            assert top <= y <= bottom


def test_an_object_thinner_than_the_grid_has_a_dot_too():
    x, y = places([found((0.501, 0.1, 0.505, 0.9))])[0]
    assert abs(x - 0.503) < 0.05
    assert abs(y - 0.5) < 0.05


def test_objects_are_numbered_from_left_to_right_and_stay_in_the_order_of_their_meaning():
    shown = things(
        EN,
        [
            found((0.6, 0.2, 0.9, 0.8), "kinds:armchair"),
            found((0.0, 0.2, 0.2, 0.8)),
            found((0.3, 0.2, 0.5, 0.8), "Mugs"),
        ],
    )
    assert [each.label for each in shown] == ["3 of 3: armchair", "1 of 3: object", "2 of 3: mug"]
    assert [each.title for each in shown] == ["Armchair", "Object 1", "Mug"]


def test_a_name_is_a_concept_or_a_word_of_the_catalog_in_the_readers_language():
    assert (called(EN, "kinds:armchair"), called(ZH, "kinds:armchair")) == ("armchair", "扶手椅")
    assert (called(EN, "Mugs"), called(ZH, "Mugs")) == ("mug", "马克杯")
    assert (called(EN, "Widgets"), called(ZH, "Widgets")) == ("widgets", "Widgets")
    assert (called(EN, ""), called(ZH, "")) == ("", "")


def test_a_box_is_as_the_browser_will_send_it_back():
    shown = things(EN, [found((0.12345, 0.2, 0.66666, 0.9))])
    state = State.from_message({"upload": "a", "region": shown[0].to_dict()["box"]})
    assert chosen(shown, state) is shown[0]
    assert chosen(shown, State(upload="a", region=(0.123, 0.2, 0.667, 0.901))) is None


@pytest.mark.parametrize(
    ("state", "english", "chinese"),
    [
        (State(upload="a"), "like this photo", "与这张图片相似"),
        (State(upload="a", region=WHOLE), "like this photo", "与这张图片相似"),
        (State(upload="a", region=(0.6, 0.2, 0.9, 0.8)), "like the armchair in this photo", "与图中的扶手椅相似"),
        (State(upload="a", region=(0.0, 0.2, 0.2, 0.8)), "like one object in this photo", "与图中的一件物品相似"),
        (State(upload="a", region=(0.0, 0.0, 0.2, 0.8)), "like a part of this photo", "与图片的局部相似"),
        (State(upload="a", room=True), "like each of the 2 objects in this photo", "与图中的 2 件物品分别相似"),
    ],
)
def test_what_of_the_photo_is_searched_with_is_said(state, english, chinese):
    objects = [found((0.6, 0.2, 0.9, 0.8), "kinds:armchair"), found((0.0, 0.2, 0.2, 0.8))]
    assert said_photo(EN, state, things(EN, objects)) == english
    assert said_photo(ZH, state, things(ZH, objects)) == chinese
