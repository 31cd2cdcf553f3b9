"""The header, and the words that the browser's own script says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from search.catalog import Issue
from search.ui.render.markup import esc, esc_json, icon
from search.ui.words import Words

_ICONS = Path(__file__).resolve().parents[3] / "assets" / "ui" / "icons.svg"

#: What page.js says by itself, without asking the server.
_SCRIPT_WORDS = (
    "camera_denied", "camera_shoot", "camera_title", "close", "copied", "copied_private", "error_offline",
    "error_retry", "error_title", "paste_empty", "photo_failed", "photo_not_image",
    "photo_yours", "show_fewer", "to_dark", "to_light",
)  # fmt: skip


def header(words: Words, name: str, count: int, issues: Sequence[Issue] = ()) -> str:
    """Name, catalog, language and light; the icons of the whole page hang here."""
    languages = "".join(
        f'<button type="button" class="switch__option" data-lang="{code}" lang="{code}" '
        f'aria-pressed="{"true" if words.lang == code else "false"}">{label}</button>'
        for code, label in (("en", "EN"), ("zh", "中文"))
    )
    catalog = words("catalog_size", name=name, count=f"{count:,}")
    tip = words("catalog_tip")
    if issues:
        tip += " " + words("catalog_issues", count=len(issues), first=f"{issues[0].where}: {issues[0].problem}")
    return (
        f'{_sprite()}<a class="skip" href="#results" data-skip>{esc(words("skip"))}</a>'
        f'<header class="top"><a class="top__brand" href="./" data-home>{icon("mark")}<span>Vitrine</span></a>'
        f'<p class="top__tagline">{esc(words("tagline"))}</p>'
        f'<p class="top__catalog" title="{esc(tip)}">{esc(catalog)}</p>'
        f'<div class="switch" role="group" aria-label="{esc(words("language"))}">{languages}</div>'
        f'<button type="button" class="icon-button icon-button--quiet" data-theme-switch '
        f'aria-label="{esc(words("to_dark"))}" title="{esc(words("to_dark"))}">{icon("light")}{icon("dark")}</button>'
        f"</header>{_page_words(words)}"
        '<p class="toast" role="status" data-toast></p>'
    )


def _page_words(words: Words) -> str:
    """The script's words, and the language of the page, for page.js to pick up."""
    texts = {key: words(key) for key in _SCRIPT_WORDS}
    return (
        f'<div hidden data-words="{esc_json(texts)}" data-page-lang="{"zh-CN" if words.lang == "zh" else "en"}"></div>'
    )


@cache
def _sprite() -> str:
    return _ICONS.read_text(encoding="utf-8").strip()
