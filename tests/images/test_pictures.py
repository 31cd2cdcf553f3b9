import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from search import images
from search.errors import ImageError
from tests.conftest import swatch
from tests.images.hostile import POSTSCRIPT_LOOP
from tests.images.hostile import encoded as file


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size without having the pixels, as a decompression bomb does."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_accepted_kind_becomes_rgb(kind):
    picture = images.load(file(swatch("red", (32, 20)), kind))
    assert (picture.mode, picture.size) == ("RGB", (32, 20))
    assert picture.getpixel((16, 10))[0] > 240


def test_transparency_lies_on_white():
    clear = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    assert images.load(clear).getpixel((0, 0)) == (255, 255, 255)
    palette = file(Image.new("P", (16, 16), 0), "PNG", transparency=0)
    assert images.load(palette).getpixel((0, 0)) == (255, 255, 255)


def test_sixteen_bit_grey_is_scaled_not_clipped():
    ramp = Image.fromarray(np.tile(np.linspace(0, 65535, 16).astype(np.uint16), (16, 1)))
    row = [images.load(ramp).getpixel((x, 0))[0] for x in range(16)]
    assert row == sorted(row)
    assert row[8] < 160 < row[15]


def test_a_sideways_phone_photo_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees
    assert images.load(file(swatch("red", (40, 20)), "JPEG", exif=exif)).size == (20, 40)


def test_the_callers_picture_is_not_changed():
    picture = swatch("red")
    images.load(picture).putpixel((0, 0), (0, 0, 0))
    assert picture.getpixel((0, 0)) == (255, 0, 0)


def test_a_large_jpeg_is_decoded_smaller_but_not_too_small():
    picture = images.load(file(swatch("red", (1600, 1200)), "JPEG"), at_least=128)
    assert 256 <= min(picture.size) < 1200


def test_a_region_is_cut_in_fractions():
    picture = Image.new("RGB", (100, 50))
    picture.paste((255, 0, 0), (50, 0, 100, 50))
    half = images.load(picture, region=(0.5, 0, 1, 1))
    assert half.size == (50, 50)
    assert half.getpixel((0, 0)) == (255, 0, 0)


def test_a_sliver_of_a_region_keeps_a_usable_size():
    assert min(images.load(swatch("red", (64, 64)), region=(0.999, 0.999, 1, 1)).size) >= images.MIN_SIDE


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"not a picture", "image_unreadable"),
        (b"", "image_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_format"),
        (b"<?xml version='1.0'?><svg/>", "image_format"),
        (b"%PDF-1.7", "image_format"),
        (POSTSCRIPT_LOOP, "image_format"),
        (b"\xc5\xd0\xd3\xc6" + bytes(26) + POSTSCRIPT_LOOP, "image_format"),
        (file(swatch("red"), "PPM"), "image_unreadable"),
        (png_of_size(10_000, 10_000), "image_pixels"),
        (png_of_size(30_000, 30_000), "image_bomb"),
        (file(Image.new("RGB", (3, 3))), "image_small"),
        (file(swatch("red", (64, 64)), "JPEG")[:-20], "image_damaged"),
        ("/no/such/file.jpg", "image_missing"),
        ("bad\0path", "image_missing"),
        (42, "image_type"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(given, code):
    with pytest.raises(ImageError) as refused:
        images.load(given)
    assert refused.value.code == code
    assert refused.value.remedy
    if not isinstance(given, int):
        with pytest.raises(ImageError):
            images.check(given)


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.png"
    with path.open("wb") as sparse:
        sparse.truncate(images.MAX_BYTES + 1)
    with pytest.raises(ImageError, match="limit is 32 MB"):
        images.load(path)
    with pytest.raises(ImageError, match="limit is 32 MB"):
        images.load(bytes(images.MAX_BYTES + 1))


def test_a_device_is_no_picture():
    with pytest.raises(ImageError, match="no picture at /dev/zero"):
        images.load("/dev/zero")


def test_a_strip_is_refused_by_the_ratio_of_its_sides():
    assert images.load(Image.new("RGB", (8 * 50, 8))).size == (400, 8)
    for size in ((401, 8), (8, 401), (30_000, 8), (8, 65_000)):
        with pytest.raises(ImageError, match="one side may be 50 times the other") as refused:
            images.load(Image.new("RGB", size))
        assert refused.value.code == "image_aspect"
        with pytest.raises(ImageError, match="one side may be 50 times the other"):
            images.check(file(Image.new("L", size)))


def test_a_region_is_never_a_strip():
    """8,000 x 8 pixels would become 224,000 x 224 for an encoder."""
    across = images.load(Image.new("RGB", (4000, 2000)), region=(0, 0.5, 1, 0.5001))
    assert across.size == (4000, 4000 / images.MAX_ASPECT)
    along = images.load(Image.new("RGB", (2000, 4000)), region=(0.9999, 0, 1, 1))
    assert along.size == (4000 / images.MAX_ASPECT, 4000)


def test_the_content_hash_is_of_the_bytes_not_of_the_name(tmp_path):
    data = file(swatch("red"))
    (tmp_path / "a.png").write_bytes(data)
    (tmp_path / "b.png").write_bytes(data)
    assert images.content_hash(tmp_path / "a.png") == images.content_hash(str(tmp_path / "b.png"))
    assert images.content_hash(data) != images.content_hash(file(swatch("blue")))


def test_a_thumbnail_is_a_small_webp():
    thumb = Image.open(io.BytesIO(images.thumbnail(swatch("red", (900, 300)), 320)))
    assert (thumb.format, thumb.size) == ("WEBP", (320, 107))


def test_the_content_hash_of_a_picture_is_also_of_how_its_pixels_are_shown():
    red, blue = Image.new("P", (16, 16)), Image.new("P", (16, 16))
    red.putpalette([255, 0, 0])
    blue.putpalette([0, 0, 255])
    through = red.copy()
    through.info["transparency"] = 0
    turned = swatch("red")
    turned.getexif()[0x0112] = 6
    pictures = [red, blue, through, swatch("red"), turned]
    assert len({images.content_hash(picture) for picture in pictures}) == len(pictures)


def test_a_picture_that_was_closed_or_is_torn_is_refused():
    closed = swatch("red")
    closed.close()
    noise = Image.frombytes("RGB", (64, 64), np.random.default_rng(0).bytes(64 * 64 * 3))
    for picture in (closed, Image.open(io.BytesIO(file(noise)[:2000]))):
        with pytest.raises(ImageError) as refused:
            images.content_hash(picture)
        assert refused.value.code == "image_damaged"
