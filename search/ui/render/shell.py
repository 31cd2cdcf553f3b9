"""What frames the page and changes with the language alone: the header, the rail, and the skeleton before an answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from search.catalog import RowError
from search.ui.locale import Words
from search.ui.render.templates import draw

_ICONS = Path(__file__).resolve().parents[3] / "assets" / "ui" / "icons.svg"

#: What the script says by itself, without asking the server.
_SCRIPT_WORDS = (
    "camera_denied", "camera_shoot", "camera_title", "close", "copied", "copied_private", "crop_all", "dots_label",
    "error_offline", "error_retry", "error_title", "paste_empty", "photo_each", "photo_failed", "photo_hint_none",
    "photo_hint_part", "photo_hint_several", "photo_not_image", "photo_part", "photo_yours", "show_fewer",
    "suggestions_count", "suggestions_one", "to_dark", "to_light",
)  # fmt: skip
#: Skeleton cards: what a laptop shows without scrolling.
_SKELETONS = 8


class TabLink(NamedTuple):
    """A tab in the header's bar."""

    name: str
    label: str
    link: str


def header(
    words: Words,
    name: str,
    count: int | None,
    issues: Sequence[RowError] = (),
    tabs: Sequence[TabLink] = (),
    tab: str = "search",
) -> str:
    """Name, catalog, tabs, language and light; the icons of the whole page hang here.

    Args:
        count: products in the catalog; None while it is being read.
        tabs: all tabs; one alone needs no bar.
        tab: the name of the one that is shown.
    """
    tip = words("catalog_tip")
    if issues:
        tip += " " + words("catalog_issues", count=len(issues), first=f"{issues[0].where}: {issues[0].problem}")
    return draw(
        "header.html",
        words=words,
        sprite=_sprite(),
        catalog="" if count is None else words("catalog_size", name=name, count=f"{count:,}"),
        tip=tip,
        tabs=tabs,
        tab=tab,
        script_words={key: words(key) for key in _SCRIPT_WORDS},
    )


def rail(words: Words, samples: Sequence[tuple[str, str, str, str]]) -> str:
    """Words, photo and samples.

    Args:
        samples: (kind, id, address of the picture, caption), where the kind is "sample" for a sample photo and
            "like" for a product of the catalog.
    """
    return draw("rail.html", words=words, samples=samples)


def skeleton(words: Words, *, starting: bool = False, progress: tuple[int, int] | None = None) -> str:
    """What stands there until the first answer.

    Args:
        starting: the engine is not there yet, and the page says so.
        progress: (pictures encoded, pictures in all), where that is known.
    """
    said = ""
    if starting:
        done, total = progress or (0, 0)
        said = words("starting_pictures", done=f"{done:,}", total=f"{total:,}") if progress else words("starting")
    return draw("skeleton.html", words=words, cards=_SKELETONS, said=said)


@cache
def _sprite() -> Markup:
    return Markup(_ICONS.read_text(encoding="utf-8").strip())
