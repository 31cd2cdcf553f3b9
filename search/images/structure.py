"""Files that are small and take minutes to open are refused by how they are put together.

A decoder does some work for every piece of a file, however small the piece. So the pieces are counted
first, in one pass over the bytes that copies nothing and stops at the limit:

    JPEG    scans, each of which passes over all blocks of the picture (T.81, B.1.1 and B.2); segments
    PNG     chunks (PNG 3rd edition, 5.3)
    GIF     blocks of comments and extensions before the first frame (GIF89a, 15 and 24): Pillow puts a
            comment together in time quadratic in their number
    TIFF    the values of its directory, which may all lie in the same bytes, so that 10 MB of file become
            10 GB in memory (TIFF 6.0, section 2); the Exif data of the other formats is a TIFF too
    BMP     pixels, where they are run-length coded: Pillow pads a short row byte by byte, in Python
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from search.errors import ImageError
from search.images.limits import MAX_BYTES, MAX_PIECES, MAX_PIXELS, MAX_RLE_PIXELS, MAX_SCANS

_SOI, _EOI, _SOS, _APP1, _APP2, _APP13 = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xED
#: A marker: FF and a code. FF 00 is a stuffed byte of the entropy-coded data and FF D0 to FF D7 are restart
#: markers within it. Of a run of FF the last counts; the pattern has no repetition, so the search is linear.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
#: Bytes of the shortest block of Photoshop's segment.
_PHOTOSHOP_BLOCK = 12
#: Byte order and version, 42 or, of a BigTIFF, 43; Pillow also reads headers with the two bytes exchanged.
_TIFF_HEADER = re.compile(rb"(?:II|MM)(?:[*+]\0|\0[*+])")
#: A PNG has one profile. Each is unpacked when it is met, up to a megabyte, in some milliseconds.
_MAX_PROFILES = 10
#: A file has one such header; this many leave room for chance in compressed data.
_MAX_TIFF_HEADERS = 8
#: Bytes of one value, by the type's number.
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


def check_structure(data: bytes, name: str) -> None:
    """
    Args:
        data: the whole file.
        name: what to call it in the message.

    Raises:
        ImageError: more scans, pieces or bytes of tags than a sound file has.
    """
    for magic, check in _CHECKS:
        if magic.match(data):
            check(data, name)
            return


def count_scans(data: bytes) -> int:
    """The scans of a JPEG up to the end of its picture: 1 in a baseline file, 10 in a usual progressive one."""
    return sum(code == _SOS for _, code, _ in _segments(data))


def check_tags(data: bytes | memoryview, name: str) -> None:
    """
    Args:
        data: a TIFF file, or Exif data with or without its prefix; of anything else there is nothing to say.

    Raises:
        ImageError: the first directory has more than MAX_PIECES entries, or values of more than MAX_BYTES.
    """
    view = memoryview(data)
    if bytes(view[:6]) == b"Exif\0\0":
        view = view[6:]
    if not _TIFF_HEADER.match(view):
        return
    total = 0
    for entries, length in enumerate(_tag_lengths(view), start=1):
        total += length
        if entries > MAX_PIECES:
            raise _too_many_pieces(name)
        if total > MAX_BYTES:
            raise ImageError(
                f"{name} has metadata of more than {MAX_BYTES // 2**20} MB.",
                "Save it again, without its metadata.",
                code="image_metadata",
                limit=MAX_BYTES // 2**20,
            )


def _check_jpeg(data: bytes, name: str) -> None:
    scans = pieces = 0
    exif = []
    for junk, code, body in _segments(data):
        pieces += 1 + (0 if scans else junk)  # before the first scan, Pillow steps over junk byte by byte
        if pieces > MAX_PIECES:
            raise _too_many_pieces(name)
        scans += code == _SOS
        if scans > MAX_SCANS:
            raise ImageError(
                f"{name} is a progressive JPEG of more than {MAX_SCANS} scans; usual are 10.",
                "Save it again as a JPEG.",
                code="image_scans",
                limit=MAX_SCANS,
            )
        if code == _APP13:
            pieces += len(body) // _PHOTOSHOP_BLOCK
        if code == _APP1 and data[body.start : body.start + 6] == b"Exif\0\0":
            exif.append(data[body.start + 6 : body.stop])
        elif code == _APP2 and data[body.start : body.start + 4] == b"MPF\0":
            check_tags(data[body.start + 4 : body.stop], name)
    check_tags(b"".join(exif), name)  # as Pillow does, where there are several segments


def _segments(data: bytes) -> Iterator[tuple[int, int, range]]:
    """(bytes skipped before it, code, where the body is) of every segment of a JPEG up to its end."""
    at = 2
    while match := _MARKER.search(data, at):
        code = data[match.start() + 1]
        junk = match.start() - at
        at = match.end()
        if code == _EOI:
            return
        if code < 0xC0 or code == _SOI:  # no length follows
            yield junk, code, range(at, at)
            continue
        length = max(int.from_bytes(data[at : at + 2], "big"), 2)
        yield junk, code, range(at + 2, at + length)
        at += length
    yield len(data) - at, 0, range(at, at)  # no end, and no further marker


def _check_png(data: bytes, name: str) -> None:
    at, pieces, profiles = 8, 0, 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"eXIf":
            check_tags(data[at + 8 : at + 8 + length], name)
        at += 12 + length
        pieces += 1
        profiles += kind == b"iCCP"
        if profiles > _MAX_PROFILES:
            raise _too_much_of(name, _MAX_PROFILES, "colour profiles")
        if pieces > MAX_PIECES:
            raise _too_many_pieces(name)


def _check_gif(data: bytes, name: str) -> None:
    flags = data[10] if len(data) > 10 else 0
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    pieces = 0
    while data[at : at + 1] not in (b",", b";", b""):  # the first frame, the end, cut off
        if data[at : at + 1] != b"!":
            at, pieces = at + 1, pieces + 1
        else:
            at += 2
            while at < len(data) and data[at] and pieces <= MAX_PIECES:
                at, pieces = at + 1 + data[at], pieces + 1
            at, pieces = at + 1, pieces + 1
        if pieces > MAX_PIECES:
            raise _too_many_pieces(name)


def _check_bmp(data: bytes, name: str) -> None:
    header, width, height, _, _, method = struct.unpack_from("<IiiHHI", data.ljust(34, b"\0"), 14)
    if header >= 40 and method in (1, 2) and abs(width * height) > MAX_RLE_PIXELS:
        limit = MAX_RLE_PIXELS // 10**6
        raise ImageError(
            f"{name} has {width} x {abs(height)} pixels; the limit for a run-length coded BMP is {limit} megapixels.",
            "Save it as a PNG.",
            code="image_pixels",
            width=width,
            height=abs(height),
            limit=limit,
        )


def _check_exif_anywhere(data: bytes, name: str) -> None:
    """WebP and AVIF: the Exif data begins at one of the TIFF headers in the file.

    Compressed pixels that look like a header with a directory behind it are less likely than one in
    ten thousand files of the largest size.
    """
    for number, match in enumerate(_TIFF_HEADER.finditer(data)):
        if number == _MAX_TIFF_HEADERS:
            raise _too_much_of(name, _MAX_TIFF_HEADERS, "sets of Exif data")
        check_tags(memoryview(data)[match.start() :], name)


def _tag_lengths(data: memoryview) -> Iterator[int]:
    """Of every entry of the first directory, the bytes that its reader takes into memory."""
    order = "<" if data[0] == ord("I") else ">"
    head, count, entry, inline = ("Q", "Q", "HHQQ", 8) if data[2] == 43 or data[3] == 43 else ("I", "H", "HHII", 4)
    try:
        (at,) = struct.unpack_from(order + head, data, inline)
        (entries,) = struct.unpack_from(order + count, data, at)
    except struct.error:
        return
    at += struct.calcsize(order + count)
    size = struct.calcsize(order + entry)
    end = at + min(entries, max(len(data) - at, 0) // size) * size
    for _, kind, values, offset in struct.iter_unpack(order + entry, data[at:end]):
        length = values * _TYPE_BYTES.get(kind, 0)
        yield min(length, max(len(data) - offset, 0)) if length > inline else 0


#: How a TIFF may be packed: not at all, LZW, deflate (two numbers for it), PackBits (TIFF 6.0, sections 3, 9, 13; Adobe
#: 2002). Not JPEG: every tile may be a picture of a hundred scans, and all tiles the same bytes.
TIFF_COMPRESSIONS = (1, 5, 8, 32946, 32773)
_COMPRESSION, _PLANES, _TILE_WIDTH, _TILE_LENGTH, _TILE_OFFSETS = 259, 284, 322, 323, 324


def check_tiff(tags: Mapping[int, Any], bands: int, name: str) -> None:
    """
    Args:
        tags: of the first directory, by number, as Pillow's `tag_v2`.
        bands: of the picture; each may be a plane with tiles of its own.

    Raises:
        ImageError: packed as something else than TIFF_COMPRESSIONS, or tiles of more than MAX_PIXELS in all.
    """
    if tags.get(_COMPRESSION, 1) not in TIFF_COMPRESSIONS:
        raise ImageError(
            f"{name} is a TIFF packed in a way that is not read here.", "Save it as a JPEG or PNG.", code="image_format"
        )
    tile = int(tags.get(_TILE_WIDTH, 0)) * int(tags.get(_TILE_LENGTH, 0))
    # Tiles reach over the edge of a picture, so a small margin above it is usual; a picture's worth is a bomb.
    planes = bands if tags.get(_PLANES, 1) == 2 else 1
    if tile > MAX_PIXELS or tile * len(tags.get(_TILE_OFFSETS, ())) > 2 * MAX_PIXELS * planes:
        raise _too_many_pieces(name)


def _too_many_pieces(name: str) -> ImageError:
    return ImageError(
        f"{name} is made of more than {MAX_PIECES:,} pieces.", "Save it again.", code="image_pieces", limit=MAX_PIECES
    )


def _too_much_of(name: str, limit: int, what: str) -> ImageError:
    return ImageError(
        f"{name} has more than {limit} {what}; usual is one.",
        "Save it again, or use another one.",
        code="image_damaged",
    )


_CHECKS: tuple[tuple[re.Pattern[bytes], Callable[[bytes, str], None]], ...] = (
    (re.compile(rb"\xff\xd8"), _check_jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), _check_png),
    (re.compile(rb"GIF8[79]a"), _check_gif),
    (re.compile(rb"BM"), _check_bmp),
    (_TIFF_HEADER, check_tags),
    (re.compile(rb"RIFF....WEBP|....ftyp", re.DOTALL), _check_exif_anywhere),
)
