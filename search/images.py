"""Pictures: bytes, path or PIL in; upright RGB out. Every limit on pictures lives here."""

from __future__ import annotations

import hashlib
import io
import ipaddress
import socket
import urllib.error
import urllib.parse
import urllib.request
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from search.errors import ImageError

if TYPE_CHECKING:
    from search.schema import ImageInput

#: The largest file: a 48-megapixel phone photo has about 12 MB, a lossless scan rarely over 25.
MAX_BYTES = 32 * 2**20
#: Decoded, 64 megapixels take 192 MB as RGB, what two requests at once may use on a free Space.
MAX_PIXELS = 64 * 10**6
#: Below this there is nothing to recognise.
MIN_SIDE = 8
#: A picture from the web has to come within this many seconds.
FETCH_SECONDS = 10

#: A part of a picture: (left, top, right, bottom) as fractions of the upright picture.
Region = tuple[float, float, float, float]
WHOLE: Region = (0.0, 0.0, 1.0, 1.0)

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})
_REMEDY = "Use a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF picture."


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
        picture = image
        name = "The picture"
    else:
        data, name = _read(image)
        if data.lstrip()[:5].lower() in (b"<?xml", b"<svg ") or data[:4] == b"%PDF":
            raise ImageError(f"{name} is a drawing or a document, not a photo.", _REMEDY, code="image_format")
        try:
            with warnings.catch_warnings():
                # Pillow only warns between one and two times its own limit; ours is checked below.
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                picture = Image.open(io.BytesIO(data))
        except Image.DecompressionBombError as error:
            raise ImageError(
                f"{name} has more pixels than the limit of {MAX_PIXELS // 10**6} megapixels.",
                "Use a smaller version.",
                code="image_bomb",
                limit=MAX_PIXELS // 10**6,
            ) from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise ImageError(f"{name} cannot be read as a picture.", _REMEDY, code="image_unreadable") from error
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{name} has {width} x {height} pixels; the limit is {MAX_PIXELS // 10**6} megapixels.",
            "Use a smaller version.",
            code="image_pixels",
            width=width,
            height=height,
            limit=MAX_PIXELS // 10**6,
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError(
            f"{name} has {width} x {height} pixels; each side needs at least {MIN_SIDE}.",
            "Use a larger version.",
            code="image_small",
            width=width,
            height=height,
            limit=MIN_SIDE,
        )
    if at_least and picture.format == "JPEG" and region is None:
        picture.draft("RGB", (2 * at_least, 2 * at_least))
    try:
        picture = ImageOps.exif_transpose(picture)
        picture = _rgb(picture)
    # Decoders of damaged files raise whatever they stumble over (struct.error, IndexError, ...).
    except Exception as error:
        raise ImageError(f"{name} is damaged.", "Save it again, or use another one.", code="image_damaged") from error
    return crop(picture, region) if region else picture


def crop(picture: Image.Image, region: Region) -> Image.Image:
    """The region of a picture, never under MIN_SIDE pixels."""
    width, height = picture.size
    left = min(round(region[0] * width), width - MIN_SIDE)
    top = min(round(region[1] * height), height - MIN_SIDE)
    right = max(round(region[2] * width), left + MIN_SIDE)
    bottom = max(round(region[3] * height), top + MIN_SIDE)
    return picture.crop((left, top, right, bottom))


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
        data, _ = _read(image)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with Image.open(io.BytesIO(data)) as picture:
                    kind, (width, height) = picture.format, picture.size
        except Exception:  # whatever it is, `load` has the right words for it
            kind, width, height = None, 0, 0
        whole = {
            "JPEG": b"\xff\xd9" in data[-64:],
            "PNG": b"IEND" in data[-16:],
            "WEBP": len(data) >= 8 + int.from_bytes(data[4:8], "little"),
        }.get(kind or "", False)
        if whole and width * height <= MAX_PIXELS and min(width, height) >= MIN_SIDE:
            return
    load(image)


def content_hash(image: ImageInput) -> bytes:
    """SHA-256 (32 bytes) of what the picture is: of the file's bytes, or of a PIL picture's pixels.

    Raises:
        ImageError: the file is missing or too large.
    """
    if isinstance(image, Image.Image):
        head = f"{image.mode} {image.size}".encode()
        return hashlib.sha256(head + image.tobytes()).digest()
    return hashlib.sha256(_read(image)[0]).digest()


def encoded(image: ImageInput) -> bytes:
    """The picture as the bytes of a file; a PIL picture becomes a PNG."""
    if isinstance(image, Image.Image):
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()
    return _read(image)[0]


def fetch(url: str) -> bytes:
    """The picture at a public http(s) address.

    Addresses inside the house (loopback, private, link-local) are refused: a catalog file could
    otherwise make the server read its neighbours.

    Raises:
        ImageError: no such host, refused, too slow, too large, or not public.
    """
    parts = urllib.parse.urlsplit(url)
    remedy = "Download the pictures and put them next to the catalog file."
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImageError(f"{url} is not a web address.", remedy, code="image_url")
    try:
        _refuse_private(parts.hostname)
        request = urllib.request.Request(url, headers={"User-Agent": "Vitrine"})
        with _opener().open(request, timeout=FETCH_SECONDS) as response:
            data = response.read(MAX_BYTES + 1)
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise ImageError(f"The picture at {url} cannot be fetched ({error}).", remedy, code="image_url") from error
    if len(data) > MAX_BYTES:
        raise _too_large(f"The picture at {url}", len(data))
    return data


class _PublicOnly(urllib.request.HTTPRedirectHandler):
    """A redirect must not lead where a direct request may not go."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        _refuse_private(urllib.parse.urlsplit(newurl).hostname or "")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_PublicOnly)


def _refuse_private(host: str) -> None:
    for *_, address in socket.getaddrinfo(host, None):
        if not ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
            raise ValueError(f"{host} is not a public address")


def _read(image: str | Path | bytes) -> tuple[bytes, str]:
    """(bytes, a name for messages)."""
    if isinstance(image, (bytes, bytearray, memoryview)):
        data, name = bytes(image), "The picture"
    elif isinstance(image, (str, Path)):
        path = Path(image)
        name = path.name or "The picture"
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise _too_large(name, size)
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
        raise _too_large(name, len(data))
    if not data:
        raise ImageError(f"{name} is empty.", "Use another picture.", code="image_unreadable")
    return data, name


def _too_large(name: str, size: int) -> ImageError:
    return ImageError(
        f"{name} has {size / 2**20:.0f} MB; the limit is {MAX_BYTES // 2**20} MB.",
        "Use a smaller version.",
        code="image_bytes",
        size=round(size / 2**20),
        limit=MAX_BYTES // 2**20,
    )


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
