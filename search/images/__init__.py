"""Pictures: bytes, a path, an address or PIL in; upright RGB out. Every limit on pictures lives here.

limits      what a picture may be
structure   files that would take minutes to open
pictures    open, load, check, crop, hash
download    fetch a picture from a public address
"""

from search.images.download import fetch
from search.images.limits import FORMATS, MAX_ASPECT, MAX_BYTES, MAX_PIXELS, MAX_SCANS, MIN_SIDE, SUFFIXES
from search.images.pictures import (
    WHOLE,
    Region,
    check,
    content_hash,
    crop,
    crop_box,
    encoded,
    load,
    open_picture,
    thumbnail,
)

__all__ = [
    "FORMATS",
    "MAX_ASPECT",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MAX_SCANS",
    "MIN_SIDE",
    "SUFFIXES",
    "WHOLE",
    "Region",
    "check",
    "content_hash",
    "crop",
    "crop_box",
    "encoded",
    "fetch",
    "load",
    "open_picture",
    "thumbnail",
]
