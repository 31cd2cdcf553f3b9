"""Pictures that would hold the one model worker are refused in under a second of computing."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from search import images
from search.errors import ImageError
from search.images.limits import MAX_PIECES, MAX_SCANS
from search.images.structure import count_scans
from tests.images.hostile import (
    encoded,
    gif_with,
    jpeg_of_scans,
    jpeg_with,
    noise,
    png_chunk,
    png_with,
    run_length_bmp,
    tiff_of_tags,
)

FLAT = Image.new("L", (4000, 4000), 99)
MEGABYTE = 2**20


def test_the_scans_of_a_jpeg_are_counted():
    assert count_scans(encoded(noise(), "JPEG")) == 1
    # libjpeg's script for colour: one scan for the averages, five of luma, two of each chroma, minus what it joins.
    assert count_scans(encoded(noise(), "JPEG", progressive=True)) == 10
    assert count_scans(encoded(noise("L"), "JPEG", progressive=True)) == 6


def test_stuffed_bytes_and_restart_markers_are_no_scans():
    data = encoded(noise(size=(256, 256)), "JPEG", progressive=True, quality=95, restart_marker_blocks=1)
    assert b"\xff\x00" in data
    assert all(bytes((0xFF, 0xD0 + n)) in data for n in range(8))
    assert count_scans(data) == 10


def test_what_looks_like_a_scan_inside_a_segment_or_behind_the_end_is_none():
    comment = b"\xff\xfe\x00\x0a" + b"\xff\xda" * 4
    assert count_scans(jpeg_with(comment)) == 1
    assert count_scans(encoded(noise(), "JPEG") + b"\xff\xda" * 1000) == 1


def test_a_jpeg_of_as_many_scans_as_allowed_is_a_picture_and_one_more_is_not():
    assert images.load(jpeg_of_scans(MAX_SCANS, noise("L"))).size == (64, 48)
    with pytest.raises(ImageError, match="more than 32 scans") as refused:
        images.load(jpeg_of_scans(MAX_SCANS + 1, noise("L")))
    assert (refused.value.code, refused.value.details["limit"]) == ("image_scans", 32)


def test_counting_takes_time_in_proportion_to_the_file():
    """Runs of FF, FF 00 and markers without end are where a careless pattern starts over at every byte."""
    for filling in (b"\xff", b"\xff\x00", b"\xff\xd0", b"\xff\x01", b"\0"):
        began = time.process_time()
        with pytest.raises(ImageError):
            images.load(b"\xff\xd8" + filling * (8 * MEGABYTE // len(filling)))
        assert time.process_time() - began < 1, filling


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: jpeg_of_scans(1006, FLAT), "image_scans"),
        (lambda: jpeg_with(b"\xff\xe0\x00\x02" * MEGABYTE), "image_pieces"),
        (lambda: jpeg_with(b"\xff" * (4 * MEGABYTE)), "image_pieces"),
        (lambda: png_with(png_chunk(b"abCd") * 350_000), "image_pieces"),
        (lambda: png_with(png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(MEGABYTE - 1))) * 1_000), "image_damaged"),
        (lambda: gif_with(b"!\xfe" + b"\x01a" * (2 * MEGABYTE) + b"\0"), "image_pieces"),
        (lambda: gif_with(b"!\xfe\x01a\0" * MEGABYTE), "image_pieces"),
        (lambda: run_length_bmp(4000, 4000), "image_pixels"),
        (lambda: tiff_of_tags(5_000, MEGABYTE), "image_metadata"),
        (lambda: tiff_of_tags(5_000, MEGABYTE, order=">"), "image_metadata"),
        (lambda: jpeg_with(_app1(tiff_of_tags(1_500, 40_000))), "image_metadata"),
        (lambda: png_with(png_chunk(b"eXIf", tiff_of_tags(500, MEGABYTE))), "image_metadata"),
        (lambda: encoded(noise(), "WEBP", exif=tiff_of_tags(500, MEGABYTE)), "image_metadata"),
        (lambda: encoded(noise(), "AVIF", exif=tiff_of_tags(500, MEGABYTE)), "image_metadata"),
        (lambda: encoded(noise(), "WEBP", exif=b"II*\0\x08\0\0\0" * 1_000), "image_damaged"),
        (lambda: png_with(png_chunk(b"zTXt", _raw_profile(tiff_of_tags(5_000, 200_000)))), "image_metadata"),
    ],
    ids=[
        "a thousand scans",
        "a million segments",
        "four million fill bytes",
        "chunks",
        "colour profiles",
        "a comment of two million blocks",
        "a million comments",
        "run-length BMP",
        "TIFF tags",
        "TIFF tags, big-endian",
        "Exif in JPEG",
        "Exif in PNG",
        "Exif in WebP",
        "Exif in AVIF",
        "a thousand TIFF headers",
        "Exif in a PNG's compressed text",
    ],
)
def test_a_file_put_together_to_take_long_is_refused_at_once(data, code):
    data = data()
    for use in (images.load, images.check, images.open_picture):
        began = time.process_time()
        with pytest.raises(ImageError) as refused:
            use(data)
        assert time.process_time() - began < 1
        assert refused.value.code == code
        assert refused.value.remedy


def test_a_sound_file_of_every_kind_with_metadata_passes():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "A description " * 1000
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
        assert images.load(encoded(noise(size=(64, 32)), kind, exif=exif)).size == (32, 64), kind
    small = run_length_bmp(16, 16)
    assert images.load(small).size == (16, 16)
    assert images.load(gif_with(b"!\xfe" + b"\x01a" * 1000 + b"\0")).size == (16, 16)


def test_a_phone_photo_with_a_second_picture_behind_it_is_one_picture():
    first, second = noise(size=(64, 48)), noise(size=(32, 24))
    data = encoded(first, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(data)).format == "MPO"
    assert images.load(data).size == (64, 48)


def test_pieces_are_counted_up_to_the_limit():
    assert images.load(gif_with(b"!\xfe" + b"\x01a" * (MAX_PIECES - 1) + b"\0")).size == (16, 16)
    with pytest.raises(ImageError, match="more than 50,000 pieces"):
        images.load(gif_with(b"!\xfe" + b"\x01a" * (MAX_PIECES + 1) + b"\0"))


def _app1(tiff: bytes) -> bytes:
    """Exif data in as many segments as it takes, 65,000 bytes each."""
    pieces = [tiff[at : at + 65_000] for at in range(0, len(tiff), 65_000)]
    return b"".join(b"\xff\xe1" + (len(p) + 8).to_bytes(2, "big") + b"Exif\0\0" + p for p in pieces)


def _raw_profile(tiff: bytes) -> bytes:
    text = f"\nexif\n{len(tiff):8}\n{tiff.hex()}\n".encode()
    return b"Raw profile type exif\0\0" + zlib.compress(text)


def tiled_tiff(width: int, height: int, tile: int, count: int, compression: int = 8, planes: int = 1) -> bytes:
    """A grey TIFF of `count` tiles that all lie in the same bytes."""
    end = 8 + 2 + 11 * 12 + 4
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1),
        (277, 3, 1, 1), (284, 3, 1, planes), (322, 4, 1, tile), (323, 4, 1, tile),
        (324, 4, count, end if count > 1 else 8), (325, 4, count, end + 4 * count if count > 1 else 8),
    ]  # fmt: skip
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    lists = struct.pack(f"<{2 * count}I", *[8] * count, *[8] * count) if count > 1 else b""
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + b"\0\0\0\0" + lists


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tiled_tiff(64, 64, 26_000, 1), "pieces"),  # one tile of 676 megapixels behind a stamp
        (tiled_tiff(64, 64, 8_000, 3), "pieces"),  # 3 x 64 megapixels
        (tiled_tiff(64, 64, 64, 1, compression=7), "packed in a way"),  # JPEG tiles
    ],
)
def test_a_tiff_whose_tiles_take_long_is_refused_before_one_is_decoded(data, message):
    with pytest.raises(ImageError, match=message):
        images.load(data)


def test_a_tiff_as_cameras_and_programs_write_it_is_read():
    for compression in (None, "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits"):
        file = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(file, "TIFF", compression=compression)
        assert images.load(file.getvalue()).size == (40, 30)
