"""Small versions of catalog pictures, made when first shown and kept in the cache folder.

Files are named by the content of the picture, so a changed picture gets a new address and a browser
may keep what it has. Only catalog and sample pictures come here: a visitor's photo is never written
to a folder that the server gives out.
"""

from __future__ import annotations

import hashlib
import logging
import mimetypes
import os
import tempfile
from collections.abc import Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from PIL import ExifTags, Image

from search import images
from search.cache import Cache
from search.errors import ImageError

if TYPE_CHECKING:
    from search.schema import ImageInput

log = logging.getLogger(__name__)

#: Cards are up to 260 px wide; 400 keeps them sharp on most high-density screens.
CARD = 400
#: The opened card's picture.
LARGE = 960
#: The further pictures of an opened card: up to 64 px wide, sharp on high-density screens.
ANGLE = 144
#: Formats that every browser shows, with the suffix from which the server tells the type.
_AS_IT_IS = {"WEBP": ".webp", "JPEG": ".jpg", "PNG": ".png"}
#: Bytes up to which a picture that is small in pixels is also small to send.
_SMALL = 60_000
#: Seconds that an opened card waits for further pictures from the web; those that come later are there
#: when it is opened again.
_PATIENCE = 2.0
#: Addresses kept: a small and a large one of each of 20,000 pictures, some 10 MB.
_KEPT = 40_000
#: A page has 24 pictures; Pillow lets go of the interpreter lock while it decodes and encodes.
_WORKERS = 4


class Thumbnails:
    """Addresses of small pictures under `folder`, which the app gives out as static files."""

    def __init__(self, folder: Path):
        self.folder = folder.expanduser().resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._addresses: Cache[str] = Cache(_KEPT)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="thumbnail")
        # Apart, so that a slow host does not hold up the pictures of the page.
        self._web = ThreadPoolExecutor(2, thread_name_prefix="fetch")
        self._unreachable: set[str] = set()
        # Python 3.11 does not know the type, and a browser is told what the server guesses.
        mimetypes.add_type("image/webp", ".webp")

    def url(self, picture: ImageInput, side: int = CARD) -> str | None:
        """The address of the small picture, relative to the page; None for a picture that is broken.

        A file is read once, and again only when its size or its time of change differs.
        """
        try:
            return self._addresses.get_or_make((_identity(picture), side), lambda: self._address(picture, side))
        except (ImageError, OSError) as error:
            log.warning("no thumbnail: %s", error)
            return None

    def _address(self, picture: ImageInput, side: int) -> str:
        stem = f"{images.content_hash(picture).hex()[:32]}-{side}"
        path = self._find(stem) or self._make(stem, picture, side)
        return "gradio_api/file=" + quote(path.as_posix())

    def urls(self, pictures: Iterable[ImageInput], side: int = CARD) -> Sequence[str | None]:
        """The addresses of many pictures, in order; the missing ones are made at the same time."""
        return list(self._pool.map(lambda picture: self.url(picture, side), pictures))

    def angles(self, pictures: Sequence[ImageInput]) -> list[tuple[str, str]]:
        """(address of the small picture, address of the large one) of a product's pictures, in order.

        A picture may be an http(s) address, which is fetched once. A broken picture is left out, and so
        is one whose host takes longer than _PATIENCE.
        """
        waiting = [
            (self._web if _on_the_web(picture) else self._pool).submit(self._angle, picture) for picture in pictures
        ]
        wait(waiting, _PATIENCE)
        return [pair for each in waiting if each.done() and (pair := each.result())]

    def _angle(self, picture: ImageInput) -> tuple[str, str] | None:
        try:
            source = self._fetched(picture) if isinstance(picture, str) and _on_the_web(picture) else picture
        except (ImageError, OSError) as error:
            log.warning("no further picture: %s", error)
            return None
        small, large = self.url(source, ANGLE), self.url(source, LARGE)
        return (small, large) if small and large else None

    def _fetched(self, address: str) -> Path:
        """A picture from the web, no larger than it will be shown, in the folder."""
        stem = f"web-{hashlib.sha256(address.encode()).hexdigest()[:32]}-{LARGE}"
        if address in self._unreachable:
            raise ImageError(f"The picture at {address} could not be had before.", code="image_url")
        try:
            return self._find(stem) or self._make(stem, images.fetch(address), LARGE)
        except (ImageError, OSError):
            self._unreachable.add(address)
            raise

    def _find(self, stem: str) -> Path | None:
        paths = (self.folder / f"{stem}{suffix}" for suffix in _AS_IT_IS.values())
        return next((path for path in paths if path.exists()), None)

    def _make(self, stem: str, picture: ImageInput, side: int) -> Path:
        data, suffix = _small_enough(picture, side) or (images.thumbnail(picture, side), ".webp")
        path = self.folder / f"{stem}{suffix}"
        _write(path, data)
        return path


def _identity(picture: ImageInput) -> Hashable:
    """What tells a picture from others without reading it, where it is a file.

    Raises:
        OSError: there is no such file.
    """
    if isinstance(picture, str | Path) and not _on_the_web(picture):
        status = os.stat(picture)
        return os.fspath(picture), status.st_size, status.st_mtime_ns
    return images.content_hash(picture)


def _on_the_web(picture: ImageInput) -> bool:
    return isinstance(picture, str) and picture.startswith(("http://", "https://"))


def _small_enough(picture: ImageInput, side: int) -> tuple[bytes, str] | None:
    """(bytes, suffix) of a picture that a browser can be given as it is: twenty times faster than
    making a new one, and nothing is lost."""
    if isinstance(picture, Image.Image):
        return None
    data = images.encoded(picture)
    if len(data) > _SMALL:
        return None
    try:
        with images.open_picture(data) as opened:
            upright = opened.getexif().get(ExifTags.Base.Orientation, 1) == 1
            fits = max(opened.size) <= side and not getattr(opened, "is_animated", False)
            suffix = _AS_IT_IS.get(opened.format or "")
            return (data, suffix) if suffix and fits and upright else None
    except (OSError, ValueError, SyntaxError):
        return None  # images.thumbnail says what is wrong with it


def _write(path: Path, data: bytes) -> None:
    """Write so that nobody ever reads half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.replace(name, path)
