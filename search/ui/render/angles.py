"""The further pictures of an opened product, as a row of small ones; assets/ui/angles.js shows them large."""

from __future__ import annotations

from collections.abc import Sequence

from search.ui.render.markup import esc, icon
from search.ui.words import Words


def strip(words: Words, title: str, angles: Sequence[tuple[str, str]], *, mapped: bool = False) -> str:
    """A choice of pictures, the first chosen; nothing where there is only one.

    Args:
        angles: (address of the small picture, address of the large one), the product's first picture first.
        mapped: a map lies over the first picture, and the others go without.
    """
    if len(angles) < 2:
        return ""
    buttons = "".join(
        f'<button type="button" role="radio" class="angle" data-angle="{esc(large)}" '
        f'aria-checked="{"false" if at else "true"}" tabindex="{-1 if at else 0}" '
        f'aria-label="{esc(words("angle", at=at + 1, total=len(angles)))}">'
        f'<img src="{esc(small)}" alt="" loading="lazy" decoding="async"></button>'
        for at, (small, large) in enumerate(angles)
    )
    note = f'<p class="hint angles__note">{icon("info")}<span>{esc(words("angle_map"))}</span></p>' if mapped else ""
    return (
        f'<div class="angles" role="radiogroup" aria-label="{esc(words("angles_of", title=title))}" data-angles>'
        f"{buttons}</div>{note}"
    )
