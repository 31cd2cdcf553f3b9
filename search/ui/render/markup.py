"""Small pieces of HTML that every part of the page uses."""

from __future__ import annotations

import html
import json
from typing import Any

#: Gradio would read these as template code if a template ever got hold of the text.
_TEMPLATE_SIGNS = {ord("`"): "&#96;", ord("{"): "&#123;", ord("}"): "&#125;"}


def esc(value: object) -> str:
    """Text for an element or a quoted attribute; no markup and no template code survives."""
    return html.escape(str(value), quote=True).translate(_TEMPLATE_SIGNS)


def esc_json(value: Any) -> str:
    """A value as JSON in a quoted attribute."""
    return esc(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def icon(name: str) -> str:
    """A symbol of assets/ui/icons.svg; it says nothing to a screen reader, its button has a label."""
    return f'<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-{name}"></use></svg>'


def icon_button(name: str, label: str, attributes: str, kind: str = "quiet") -> str:
    """A square button with a symbol; `attributes` is markup, already escaped."""
    return (
        f'<button type="button" class="icon-button icon-button--{kind}" '
        f'aria-label="{esc(label)}" title="{esc(label)}" {attributes}>{icon(name)}</button>'
    )
