"""A ZIP -> the folder that it was unpacked to."""

from __future__ import annotations

import hashlib
import lzma
import shutil
import zipfile
import zlib
from pathlib import Path

from search.errors import CatalogError

#: An unpacked catalog beyond this is more likely a bomb than a shop (200,000 pictures of 100 kB).
MAX_UNPACKED = 20 * 2**30

#: Where ZIPs are unpacked to; safe to delete.
UNPACKED = Path.home() / ".cache" / "vitrine" / "unpacked"


def unpack(path: Path) -> Path:
    """The folder a ZIP was unpacked to, under the user's cache and named by the ZIP's content.

    Raises:
        CatalogError: damaged, locked with a password, or beyond MAX_UNPACKED.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    target = UNPACKED / digest[:24]
    if target.is_dir():
        return target
    part = target.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            size = sum(entry.file_size for entry in entries)
            if size > MAX_UNPACKED:
                raise CatalogError(
                    f"{path.name} unpacks to {size / 2**30:.0f} GB; the limit is {MAX_UNPACKED // 2**30} GB.",
                    "Split it.",
                    code="catalog_file",
                )
            part.mkdir(parents=True, mode=0o700)
            for entry in entries:
                archive.extract(entry, part)  # zipfile itself keeps names inside the folder
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, OSError) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise CatalogError(
            f"{path.name} cannot be unpacked ({error}).",
            "Make the ZIP again, without a password.",
            code="catalog_file",
        ) from error
    part.rename(target)
    return target
