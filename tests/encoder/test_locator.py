"""Places grouped to products, and the file of weights beside the embedded model."""

import numpy as np
import pytest
from PIL import Image

from search.encoder.loading import EMBEDDED
from search.encoder.locator import load_locator
from search.encoder.locator.instances import MIDDLE_WEIGHT, group, iou
from search.encoder.locator.loading import FILE, Configuration, trunk_fingerprint, trunk_of
from search.errors import ModelError
from tests.conftest import ToyEncoder, swatch

GRID = 12


def outputs(*boxes: tuple[int, int, int, int], sure: float = 0.9) -> np.ndarray:
    """(6, GRID, GRID) of a head that is right about products in these boxes (left, top, right, bottom, in places)."""
    out = np.zeros((6, GRID, GRID), np.float32)
    at = (np.arange(GRID) + 0.5) / GRID
    for left, top, right, bottom in boxes:
        here = np.s_[top:bottom, left:right]
        out[0][here] = sure
        out[1, (top + bottom) // 2, (left + right) // 2] = sure
        sides = (at[None] - left / GRID, at[:, None] - top / GRID, right / GRID - at[None], bottom / GRID - at[:, None])
        for channel, side in enumerate(sides, 2):
            out[channel][here] = np.broadcast_to(side, (GRID, GRID))[here]
    return out


def test_two_products_that_touch_come_apart():
    found = group(outputs((0, 0, 6, 12), (6, 0, 12, 12))).instances
    assert sorted(instance.box for instance in found) == [
        pytest.approx((0, 0, 0.5, 1)),
        pytest.approx((0.5, 0, 1, 1), abs=1e-6),
    ]
    left, right = sorted(found, key=lambda instance: instance.box)
    assert (left.mask[:, :6] == np.float32(0.9)).all()
    assert not left.mask[:, 6:].any()
    assert not (left.mask * right.mask).any()


def test_a_box_is_what_most_places_of_the_product_say():
    out = outputs((2, 2, 10, 10))
    out[4, 2, 2:5] = 0.9  # three of 64 see it reach further right
    out[5, 6, 6] = 0.9  # the middle itself is wrong about the bottom
    (found,) = group(out).instances
    assert found.box == pytest.approx((2 / 12, 2 / 12, 10 / 12, 10 / 12))


def test_the_surest_product_comes_first():
    out = np.maximum(outputs((0, 0, 4, 4), sure=0.7), outputs((6, 6, 12, 12)))
    assert [instance.box[0] for instance in group(out).instances] == [pytest.approx(0.5), pytest.approx(0)]
    # all places agree, so certainty is the middle's to its weight
    expected = [pytest.approx(0.9**MIDDLE_WEIGHT), pytest.approx(0.7**MIDDLE_WEIGHT)]
    assert [instance.certainty for instance in group(out).instances] == expected


def test_a_product_is_as_certain_as_its_places_agree():
    out = outputs((2, 2, 10, 10))
    out[2, 2:10, 6:10] = 0  # half of the places say that it begins where they are
    (found,) = [instance for instance in group(out).instances if instance.box[0] < 0.4]
    assert found.certainty == pytest.approx(0.9**MIDDLE_WEIGHT * 0.5 ** (1 - MIDDLE_WEIGHT), rel=0.1)


def test_what_has_no_middle_is_no_product():
    out = outputs((2, 2, 10, 10))
    out[1] = 0
    located = group(out)
    assert located.instances == ()
    assert located.foreground.max() == np.float32(0.9)


def test_a_second_middle_of_the_same_box_is_the_same_product():
    out = outputs((2, 2, 10, 10))
    out[1, 3, 3] = 0.8
    assert len(group(out).instances) == 1


def test_two_that_would_share_a_product_between_them_are_one():
    whole, half = outputs((0, 0, 12, 12)), outputs((0, 0, 12, 12))
    half[5] -= 6.1 / 12  # its bottom is that much higher: an IoU of .49 with the whole
    out = whole.copy()
    out[:, 1::2] = half[:, 1::2]
    out[1, 3, 6] = out[1, 6, 6] = 0.9
    # The places of both reach from top to bottom, so the boxes would come to lie on each other.
    assert len(group(out).instances) == 1


def test_a_middle_without_places_that_show_a_product_is_none():
    out = outputs((2, 2, 10, 10))
    out[0] = 0.2
    assert group(out).instances == ()


def test_overlap_is_of_areas():
    # 1 x 2 of two boxes of 2 x 2: 2 / (4 + 4 - 2)
    assert iou((0, 0, 2, 2), np.array([1, 0, 3, 2])) == pytest.approx(1 / 3)
    assert iou((0, 0, 1, 1), np.array([2, 2, 3, 3])) == 0


@pytest.fixture(scope="module")
def locator(embedded):
    return load_locator(embedded)


def test_it_shares_the_trunk_it_was_fitted_to(embedded, locator):
    assert locator.trunk is trunk_of(embedded)[0]


def test_beside_another_encoder_stands_the_embedded_trunk(locator):
    other = load_locator(ToyEncoder())
    assert other.trunk is not locator.trunk
    assert other.fingerprint == locator.fingerprint
    photo = Image.open("assets/scenes/scene-001.jpg")
    np.testing.assert_allclose(other.outputs(photo), locator.outputs(photo), atol=1e-5)


def copied(folder, **changes: str):
    """`folder` with the embedded locator, its metadata changed."""
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(EMBEDDED / FILE, framework="pt") as stored:
        weights = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        save_file(weights, folder / FILE, metadata=stored.metadata() | changes)
    return folder


def test_without_its_file_there_is_none(embedded, tmp_path):
    assert load_locator(embedded, tmp_path) is None
    assert load_locator(embedded, copied(tmp_path)) is not None


@pytest.mark.parametrize("changes", [{"format": "0"}, {"trunk": "of another model"}], ids=str)
def test_a_file_of_another_format_or_model_is_not_used(embedded, tmp_path, changes):
    assert load_locator(embedded, copied(tmp_path, **changes)) is None


def test_its_configuration_comes_back_from_the_metadata():
    configuration = Configuration(384, 48, 64, "a1")
    assert Configuration.read(configuration.metadata()) == configuration
    assert Configuration.read({}) is None


def test_the_fingerprint_of_a_trunk_changes_with_its_weights(embedded):
    trunk = trunk_of(embedded)[0]
    before, weight = trunk_fingerprint(trunk), trunk.conv_head.weight
    kept = weight.flatten()[0].item()
    weight.data.view(-1)[0] += 1
    assert trunk_fingerprint(trunk) != before
    weight.data.view(-1)[0] = kept
    assert trunk_fingerprint(trunk) == before


def test_nothing_is_found_on_an_empty_sheet(locator):
    assert locator.locate(swatch((255, 255, 255), (300, 200))).instances == ()


def test_a_mug_on_a_table_is_found_where_it_is(locator):
    with Image.open("assets/scenes/masks/scene-001--mug-004.png") as mask:
        left, top, right, bottom = mask.convert("L").getbbox()
        width, height = mask.size
    located = locator.locate(Image.open("assets/scenes/scene-001.jpg"))
    overlaps = [
        iou((left / width, top / height, right / width, bottom / height), np.array(instance.box))
        for instance in located.instances
    ]
    assert max(overlaps) > 0.7
    assert located.foreground.shape == located.instances[0].mask.shape == (48, 48)
    assert all(
        0 <= low < high <= 1
        for box in (i.box for i in located.instances)
        for low, high in zip(box[:2], box[2:], strict=True)
    )


def test_a_file_that_is_not_whole_is_not_used(embedded, tmp_path):
    whole = (EMBEDDED / FILE).read_bytes()
    for damaged in (b"", whole[:-1], b"version https://git-lfs.github.com/spec/v1\n"):
        (tmp_path / FILE).write_bytes(damaged)
        assert load_locator(embedded, tmp_path) is None


@pytest.mark.parametrize("changes", [{"side": "many"}, {"side": "0"}, {"side": "3000"}, {"grid": "7"}], ids=str)
def test_a_file_whose_metadata_were_tampered_with_is_not_used(embedded, tmp_path, changes):
    assert load_locator(embedded, copied(tmp_path, **changes)) is None


@pytest.mark.parametrize("value", [None, 1.0, float("nan")], ids=["missing", "of another shape", "no numbers"])
def test_a_file_with_a_weight_that_cannot_be_used_is_not_used(embedded, tmp_path, value):
    import torch
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    weights = load_file(EMBEDDED / FILE)
    shape = weights.pop("out.bias").shape
    if value is not None:
        weights["out.bias"] = torch.full(shape if value != value else (1,), value)
    with safe_open(EMBEDDED / FILE, framework="pt") as stored:
        save_file(weights, tmp_path / FILE, metadata=stored.metadata())
    assert load_locator(embedded, tmp_path) is None


def test_beside_a_damaged_embedded_model_another_encoder_has_none(monkeypatch):
    def damaged() -> None:
        raise ModelError("The model cannot be read.")

    monkeypatch.setattr("search.encoder.locator.loading.load_encoder", damaged)
    assert load_locator(ToyEncoder()) is None
