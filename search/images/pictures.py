"""Bytes, path or PIL in; upright RGB out."""

from __future__ import annotations

import hashlib
import io
import math
import stat
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageOps

from search.errors import ImageError
from search.images.limits import FORMATS, MAX_ASPECT, MAX_BYTES, MAX_PIXELS, MIN_SIDE, REMEDY, check_size, too_large
from search.images.structure import check_structure, check_tags, check_tiff

if TYPE_CHECKING:
    from search.schema import ImageInput

#: A part of a picture: (left, top, right, bottom) as fractions of the upright picture.
Region = tuple[float, float, float, float]
WHOLE: Region = (0.0, 0.0, 1.0, 1.0)

_ORIENTATION = ExifTags.Base.Orientation
#: How drawings and documents begin: XML, SVG, PDF, PostScript, PostScript with a preview.
_NOT_PHOTOS = (b"<?xml", b"<svg", b"%pdf", b"%!", b"\xc5\xd0\xd3\xc6")


def load(
    image: ImageInput,
    *,
    region: Region | None = None,
    at_least: int | None = None,
) -> Image.Image:
    """An upright RGB picture; transparency lies on white, an animation gives its first frame.

    Args:
        image: a path, the bytes of a file, or a PIL picture (which is not changed).
        region: the part of it that is wanted.
        at_least: a JPEG may be decoded smaller than it is, but no side under twice this many
            pixels: 4 times faster on a 12-megapixel photo (mean difference 0.4 of 255).

    Raises:
        ImageError: unreadable, of an unknown format, or beyond a limit of this module.
    """
    if isinstance(image, Image.Image):
        picture, name = image, "The picture"
    else:
        data, name = _read(image)
        picture = _open(data, name)
    check_size(name, *picture.size)
    if at_least and picture.format == "JPEG" and region is None:
        picture.draft("RGB", (2 * at_least, 2 * at_least))
    try:
        picture = ImageOps.exif_transpose(picture)
        picture = _rgb(picture)
    # Decoders of damaged files raise whatever they stumble over (struct.error, IndexError, ...).
    except Exception as error:
        raise _damaged(name) from error
    return crop(picture, region) if region else picture


def open_picture(image: str | Path | bytes) -> Image.Image:
    """The picture as it is stored, with its header read and its pixels not yet.

    The one place where Pillow opens a file: only FORMATS, and only files whose structure is sound. The
    size is up to the caller.

    Raises:
        ImageError: missing, unreadable, of an unknown format, or put together to take long.
    """
    return _open(*_read(image))


def crop(picture: Image.Image, region: Region) -> Image.Image:
    """The region of a picture, widened where it is too small or too narrow to be a picture."""
    return picture.crop(crop_box(picture.size, region))


def crop_box(size: tuple[int, int], region: Region) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) in pixels of what `crop` cuts out of a picture of this (width, height)."""
    width, height = size
    shortest_wide = max(MIN_SIDE, math.ceil((region[3] - region[1]) * height / MAX_ASPECT))
    shortest_high = max(MIN_SIDE, math.ceil((region[2] - region[0]) * width / MAX_ASPECT))
    left = min(round(region[0] * width), width - shortest_wide)
    top = min(round(region[1] * height), height - shortest_high)
    right = max(round(region[2] * width), left + shortest_wide)
    bottom = max(round(region[3] * height), top + shortest_high)
    return left, top, right, bottom


def thumbnail(image: ImageInput, side: int = 320) -> bytes:
    """A WebP of at most `side` pixels a side."""
    picture = load(image, at_least=side)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=84, method=2)
    return out.getvalue()


def check(image: ImageInput) -> None:
    """Raise what `load` would raise, mostly without decoding the picture.

    The header tells the kind and the size, the last bytes whether the file is whole; only a file
    whose end looks wrong is decoded. Ten thousand pictures take seconds instead of minutes.

    Raises:
        ImageError: as `load`.
    """
    if not isinstance(image, Image.Image):
        data, name = _read(image)
        with _open(data, name) as picture:
            kind, (width, height) = picture.format, picture.size
        check_size(name, width, height)
        whole = {
            "JPEG": b"\xff\xd9" in data[-64:],
            "PNG": b"IEND" in data[-16:],
            "WEBP": len(data) >= 8 + int.from_bytes(data[4:8], "little"),
        }.get(kind or "", False)
        if whole:
            return
    load(image)


def content_hash(image: ImageInput) -> bytes:
    """SHA-256 (32 bytes) of what the picture is: of the file's bytes, or of a PIL picture's pixels and of what says how they
    are shown (palette, transparency, which way is up).

    Raises:
        ImageError: the file is missing or too large, or the PIL picture cannot be read.
    """
    if isinstance(image, Image.Image):
        try:
            pixels = image.tobytes()
            shown = image.getpalette("RGBA"), image.info.get("transparency"), image.getexif().get(_ORIENTATION, 1)
        # A picture that was closed, or whose file is damaged, raises whatever Pillow stumbles over.
        except Exception as error:
            raise _damaged("The picture") from error
        return hashlib.sha256(f"{image.mode} {image.size} {shown}".encode() + pixels).digest()
    return hashlib.sha256(_read(image)[0]).digest()


def encoded(image: ImageInput) -> bytes:
    """The picture as the bytes of a file; a PIL picture becomes a PNG."""
    if isinstance(image, Image.Image):
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()
    return _read(image)[0]


def _damaged(name: str) -> ImageError:
    return ImageError(f"{name} is damaged.", "Save it again, or use another one.", code="image_damaged")


def _open(data: bytes, name: str) -> Image.Image:
    if data[:64].lstrip().lower().startswith(_NOT_PHOTOS):
        raise ImageError(f"{name} is a drawing or a document, not a photo.", REMEDY, code="image_format")
    check_structure(data, name)
    try:
        with warnings.catch_warnings():
            # Pillow only warns between one and two times its own limit; ours is checked by `check_size`.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"{name} has more pixels than the limit of {MAX_PIXELS // 10**6} megapixels.",
            "Use a smaller version.",
            code="image_bomb",
            limit=MAX_PIXELS // 10**6,
        ) from error
    # Readers of damaged headers raise whatever they stumble over (struct.error, IndexError, ...).
    except Exception as error:
        raise ImageError(f"{name} cannot be read as a picture.", REMEDY, code="image_unreadable") from error
    check_tags(_raw_exif(picture), name)
    if picture.format == "TIFF":
        check_tiff(getattr(picture, "tag_v2", {}), len(picture.getbands()), name)
    return picture


def _raw_exif(picture: Image.Image) -> bytes:
    """The Exif data that ImageMagick writes into a PNG as compressed text: three lines, then hex digits."""
    lines = str(picture.info.get("Raw profile type exif", "")).split("\n")[3:]
    try:
        return bytes.fromhex("".join(lines))
    except ValueError:
        return b""


def _read(image: str | Path | bytes) -> tuple[bytes, str]:
    """(bytes, a name for messages)."""
    if isinstance(image, (bytes, bytearray, memoryview)):
        data, name = bytes(image), "The picture"
    elif isinstance(image, (str, Path)):
        path = Path(image)
        name = path.name or "The picture"
        try:
            about = path.stat()
            # Devices and pipes have no size and no end.
            if not stat.S_ISREG(about.st_mode):
                raise FileNotFoundError
            if about.st_size > MAX_BYTES:
                raise too_large(name, about.st_size)
            data = path.read_bytes()
        except (OSError, ValueError) as error:
            if isinstance(error, ImageError):
                raise
            raise ImageError(f"There is no picture at {path}.", "Check the path.", code="image_missing") from None
    else:
        raise ImageError(
            f"A picture cannot be a {type(image).__name__}.", "Give a path, bytes or a PIL picture.", code="image_type"
        )
    if len(data) > MAX_BYTES:
        raise too_large(name, len(data))
    if not data:
        raise ImageError(f"{name} is empty.", "Use another picture.", code="image_unreadable")
    return data, name


def _rgb(picture: Image.Image) -> Image.Image:
    """RGB, with transparency laid on white (a shop's ground) and 16-bit greys scaled, not clipped."""
    if picture.mode.startswith("I") or picture.mode == "F":
        low, high = (float(end) for end in picture.getextrema())  # type: ignore[arg-type]  # of one band
        scale = 255 / max(high, 1) if high > 255 else 1.0
        picture = picture.point(lambda value: value * scale).convert("L") if low >= 0 else picture.convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, picture).convert("RGB")
    return picture.convert("RGB") if picture.mode != "RGB" else picture.copy()
