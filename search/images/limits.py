"""What a picture may be, and what is said of one that is more than that."""

from __future__ import annotations

from search.errors import ImageError

#: Pillow's names of the formats that are opened. Every other decoder stays shut: that of EPS, for one,
#: hands the file to Ghostscript, which runs it as a program.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})
REMEDY = "Use a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF picture."

#: The largest file: a 48-megapixel phone photo has about 12 MB, a lossless scan rarely over 25.
MAX_BYTES = 32 * 2**20
#: Decoded, 64 megapixels take 192 MB as RGB, what two requests at once may use on a free Space.
MAX_PIXELS = 64 * 10**6
#: Below this there is nothing to recognise.
MIN_SIDE = 8
#: Longer side by shorter. Panoramas reach 10, a shop's one long description picture 30 (750 x 22,000);
#: resized for an encoder to a short side of 224, a strip of 50 has 2.5 megapixels, one of 8,000 has 400.
MAX_ASPECT = 50
#: Scans of a progressive JPEG, each a pass over all its blocks: 25 ms at 64 megapixels. libjpeg writes 10
#: (18 for CMYK), mozjpeg's search up to about 16, cameras and Photoshop 3 to 5.
MAX_SCANS = 32
#: Segments, chunks or blocks that a file is made of. Pillow reads them one by one in Python, a third of a
#: second for so many; the most that a sound file has is 32 MB of PNG in chunks of 1 kB.
MAX_PIECES = 50_000
#: Pixels of a run-length coded BMP, which Pillow decodes in Python: half a second for so many.
MAX_RLE_PIXELS = 2 * 10**6


def too_large(name: str, size: int) -> ImageError:
    """The refusal of a file of `size` bytes."""
    return ImageError(
        f"{name} has {size / 2**20:.0f} MB; the limit is {MAX_BYTES // 2**20} MB.",
        "Use a smaller version.",
        code="image_bytes",
        size=round(size / 2**20),
        limit=MAX_BYTES // 2**20,
    )


def check_size(name: str, width: int, height: int) -> None:
    """
    Raises:
        ImageError: more than MAX_PIXELS, a side under MIN_SIDE, or longer than MAX_ASPECT times its width.
    """
    size = {"width": width, "height": height}
    says = f"{name} has {width} x {height} pixels"
    if width * height > MAX_PIXELS:
        limit = MAX_PIXELS // 10**6
        raise ImageError(
            f"{says}; the limit is {limit} megapixels.",
            "Use a smaller version.",
            code="image_pixels",
            **size,
            limit=limit,
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError(
            f"{says}; each side needs at least {MIN_SIDE}.",
            "Use a larger version.",
            code="image_small",
            **size,
            limit=MIN_SIDE,
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ImageError(
            f"{says}; one side may be {MAX_ASPECT} times the other.",
            "Cut out the part that matters.",
            code="image_aspect",
            **size,
            limit=MAX_ASPECT,
        )
