"""Small files that take a decoder minutes, each made here, byte by byte."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

#: A PostScript program that never ends, with the comment that makes Pillow take it for a picture.
POSTSCRIPT_LOOP = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\n{} loop\n"


def encoded(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def noise(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture whose compressed data has every byte in it, FF among them."""
    shape = (size[1], size[0], 3) if mode == "RGB" else (size[1], size[0])
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, np.uint8), mode)


def jpeg_of_scans(scans: int, picture: Image.Image) -> bytes:
    """A progressive JPEG whose last scan, which refines what was sent before, stands there again and again."""
    data = encoded(picture, "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    end = data.rindex(b"\xff\xd9")
    first = encoded(picture, "JPEG", progressive=True)[:last].count(b"\xff\xda")
    return data[:end] + data[last:end] * (scans - first - 1) + data[end:]


def jpeg_with(segments: bytes, picture: Image.Image | None = None) -> bytes:
    """A JPEG with more segments behind its start."""
    data = encoded(picture or Image.new("RGB", (16, 16), "red"), "JPEG")
    return data[:2] + segments + data[2:]


def png_with(chunks: bytes) -> bytes:
    """A PNG with more chunks behind its header (8 bytes of signature, 25 of IHDR)."""
    data = encoded(Image.new("RGB", (16, 16), "red"))
    return data[:33] + chunks + data[33:]


def png_chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def gif_with(blocks: bytes) -> bytes:
    """A GIF with extensions before its first frame."""
    data = encoded(Image.new("L", (16, 16), 99), "GIF")
    palette = 3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0
    return data[: 13 + palette] + blocks + data[13 + palette :]


def tiff_of_tags(entries: int, size: int, *, order: str = "<") -> bytes:
    """A directory of so many entries (type 7, bytes), all of which are the same `size` bytes."""
    directory = b"".join(struct.pack(order + "HHII", 40_000 + at, 7, size, 8) for at in range(entries))
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8 + size)
    return head + bytes(size) + struct.pack(order + "H", entries) + directory + bytes(4)


def run_length_bmp(width: int, height: int) -> bytes:
    """An 8-bit BMP whose every row is one pixel and "end of line"; the rest is for the decoder to pad."""
    body = b"\1\0\0\0" * height + b"\0\1"
    start = 54 + 1024
    head = b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start)
    return head + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(body), 0, 0, 256, 0) + bytes(1024) + body
