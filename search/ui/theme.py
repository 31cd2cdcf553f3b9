"""Looks: the page's own style sheet and script, and a Gradio theme that fetches nothing."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "ui"

#: Taken as they are: tokens, and what keeps Gradio's own boxes out of sight.
_PLAIN = ("tokens.css", "gradio.css")
#: Wrapped in `:root { }` (CSS nesting), which puts every rule above Gradio's reset of buttons and
#: inputs; `&` in them is the root element, whose data-attributes say what the page is doing.
_NESTED = ("page.css", "rail.css", "results.css", "details.css", "angles.css", "explain.css")
#: Maps and angles first: the page hands opened cards to them.
_SCRIPTS = ("explain.js", "angles.js", "page.js")


def head() -> str:
    """What goes into the document's head: style sheets, then the script.

    Not through Gradio's `css=`: that puts its own class in front of every rule, which would keep
    them off the dialogs that stand outside of Gradio's tree.
    """
    styles = [_read(name) for name in _PLAIN] + [f":root {{\n{_read(name)}\n}}" for name in _NESTED]
    scripts = "".join(f"\n<script>{_read(name)}</script>" for name in _SCRIPTS)
    return "<style>{}</style>{}".format("\n".join(styles), scripts)


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the reader's own fonts: its usual ones come from the network."""
    fonts = ["Helvetica Neue", "Arial", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    return gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"])


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
