"""What every encoder promises, as checks that any can be put to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search.encoder import Encoder
from search.errors import ImageError
from tests.conftest import swatch

Check = Callable[[Encoder, Path], None]
PICTURES = [Image.fromarray(np.random.default_rng(n).integers(0, 255, (40, 30, 3), np.uint8)) for n in range(3)]


def pictures_become_unit_rows(encoder: Encoder, _: Path) -> None:
    rows = encoder.encode_images(PICTURES)
    assert (rows.shape, rows.dtype) == ((3, encoder.dim), np.float32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def words_become_unit_rows_whatever_their_length(encoder: Encoder, _: Path) -> None:
    rows = encoder.encode_texts(["a red shoe", "红色的鞋", "x" * 3000, ""])
    assert (rows.shape, rows.dtype) == ((4, encoder.dim), np.float32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def a_picture_alone_is_what_it_is_among_others(encoder: Encoder, _: Path) -> None:
    np.testing.assert_allclose(encoder.encode_images(PICTURES[1:2])[0], encoder.encode_images(PICTURES)[1], atol=2e-3)


def order_is_kept_over_batches(encoder: Encoder, _: Path) -> None:
    pictures = [swatch((n * 6, 255 - n * 6, 90), (20, 20)) for n in range(40)]
    alone = np.concatenate([encoder.encode_images([picture]) for picture in pictures[::13]])
    np.testing.assert_allclose(encoder.encode_images(pictures)[::13], alone, atol=1e-4)


def paths_bytes_and_pictures_are_the_same_picture(encoder: Encoder, folder: Path) -> None:
    file = folder / "a.png"
    swatch("red", (50, 40)).save(file)
    rows = encoder.encode_images([file, str(file), file.read_bytes(), Image.open(file)])
    np.testing.assert_allclose(rows, rows[:1].repeat(4, axis=0), atol=1e-5)


def nothing_becomes_no_rows(encoder: Encoder, _: Path) -> None:
    assert encoder.encode_images([]).shape == encoder.encode_texts([]).shape == (0, encoder.dim)


def a_picture_that_cannot_be_used_is_refused(encoder: Encoder, _: Path) -> None:
    with pytest.raises(ImageError):
        encoder.encode_images([b"no picture"])


def it_says_what_an_index_must_know_of_it(encoder: Encoder, _: Path) -> None:
    assert int(encoder.fingerprint, 16) >= 0
    assert encoder.name
    assert encoder.image_size > 0
    assert json.dumps(encoder.preprocessing, default=str)


CHECKS: list[Check] = [
    pictures_become_unit_rows,
    words_become_unit_rows_whatever_their_length,
    a_picture_alone_is_what_it_is_among_others,
    order_is_kept_over_batches,
    paths_bytes_and_pictures_are_the_same_picture,
    nothing_becomes_no_rows,
    a_picture_that_cannot_be_used_is_refused,
    it_says_what_an_index_must_know_of_it,
]


def name_of(check: Check) -> str:
    return check.__name__


def check(encoder: Encoder) -> None:
    """The part that any tower with random weights can be put to, whatever it makes of an empty text."""
    pictures_become_unit_rows(encoder, Path())
    a_picture_alone_is_what_it_is_among_others(encoder, Path())
    nothing_becomes_no_rows(encoder, Path())
    rows = encoder.encode_texts(["a red shoe", "红色的鞋", "x" * 3000, ""])
    assert rows.shape == (4, encoder.dim)
    assert np.isfinite(rows).all()
