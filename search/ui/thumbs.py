"""Small WebP versions of catalog pictures, made when first shown and kept in the cache folder.

Files are named by the content of the picture, so a changed picture gets a new address and a browser
may keep what it has. Only catalog and sample pictures come here: a visitor's photo is never written
to a folder that the server gives out.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from search import images
from search.errors import ImageError

if TYPE_CHECKING:
    from search.schema import ImageInput

log = logging.getLogger(__name__)

#: Cards are up to 260 px wide; 400 keeps them sharp on most high-density screens.
CARD = 400
#: The opened card's picture.
LARGE = 960
#: A page has 24 pictures; Pillow lets go of the interpreter lock while it decodes and encodes.
_WORKERS = 4


class Thumbnails:
    """Addresses of small pictures under `folder`, which the app gives out as static files."""

    def __init__(self, folder: Path):
        self.folder = folder.expanduser().resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="thumbnail")
        # Python 3.11 does not know the type, and a browser is told what the server guesses.
        mimetypes.add_type("image/webp", ".webp")

    def url(self, picture: ImageInput, side: int = CARD) -> str | None:
        """The address of the small picture, relative to the page; None for a picture that is broken."""
        try:
            path = self.folder / f"{images.content_hash(picture).hex()[:32]}-{side}.webp"
            if not path.exists():
                _write(path, images.thumbnail(picture, side))
        except (ImageError, OSError) as error:
            log.warning("no thumbnail: %s", error)
            return None
        return "gradio_api/file=" + quote(path.as_posix())

    def urls(self, pictures: Iterable[ImageInput], side: int = CARD) -> Sequence[str | None]:
        """The addresses of many pictures, in order; the missing ones are made at the same time."""
        return list(self._pool.map(lambda picture: self.url(picture, side), pictures))


def _write(path: Path, data: bytes) -> None:
    """Write so that nobody ever reads half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.replace(name, path)
