"""Looks: the page's own style sheets and scripts, and a Gradio theme that fetches nothing."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

import gradio as gr

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "ui"
SCRIPTS = ASSETS / "js"

#: Taken as they are: tokens, and what keeps Gradio's own boxes out of sight.
PLAIN = ("tokens.css", "gradio.css")
#: Wrapped in `:root { }` (CSS nesting), which puts every rule above Gradio's reset of buttons and
#: inputs; `&` in them is the root element, whose data-attributes say what the page is doing.
NESTED = (
    "page.css", "header.css", "messages.css", "rail.css", "photo.css", "things.css", "refine.css", "facets.css",
    "results.css", "shop.css", "cards.css", "verdicts.css", "suggestions.css", "details.css", "answers.css", "angles.css",
    "explain.css", "reasons.css",
)  # fmt: skip

#: Before the first paint: light or dark, so that the page does not flash (js/theme.js keeps it from then on),
#: and the page's modules begin to load while Gradio loads its own. `vitrine` is the promise of main.js.
_BOOT = """
{{
  let theme = null;
  try {{ theme = localStorage.getItem("vitrine-theme"); }} catch {{ /* no storage in some embedded frames */ }}
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = theme || (dark ? "dark" : "light");
}}
window.vitrine = import(new URL({main}, document.baseURI));
"""


def head(scripts: Path) -> str:
    """What goes into the document's head: style sheets, and the start of the scripts.

    Not through Gradio's `css=`: that puts its own class in front of every rule, which would keep
    them off the dialogs that stand outside of Gradio's tree.

    Args:
        scripts: the folder that `publish` returned.
    """
    styles = [_read(name) for name in PLAIN] + [f":root {{\n{_read(name)}\n}}" for name in NESTED]
    # All modules are asked for at once: without this the browser would learn of them one after the other.
    preloads = "".join(f'<link rel="modulepreload" href="{_address(path)}">' for path in sorted(scripts.rglob("*.js")))
    boot = _BOOT.format(main=json.dumps(_address(scripts / "main.js")))
    return "<style>{}</style>{}<script>{}</script>".format("\n".join(styles), preloads, boot)


def publish(folder: Path) -> Path:
    """Copy the scripts into a folder that is named by their content, and return it.

    A module imports others by relative address, so no query could tell a new version from what the browser
    has kept; a new folder does. Safe to call twice, also at the same time.
    """
    # Windows may know another type from its registry, and a browser runs no module of another type.
    mimetypes.add_type("text/javascript", ".js")
    paths = sorted(SCRIPTS.rglob("*.js"))
    content = hashlib.sha256()
    for path in paths:
        content.update(f"{path.relative_to(SCRIPTS).as_posix()}\0{path.stat().st_size}\0".encode())
        content.update(path.read_bytes())
    published = folder.expanduser().resolve() / f"page-{content.hexdigest()[:16]}"
    if not published.is_dir():
        folder.expanduser().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=published.parent, prefix=".publishing-") as making:
            made = shutil.copytree(SCRIPTS, Path(making) / "js")
            try:
                made.rename(published)
            except OSError:
                if not published.is_dir():  # otherwise another process was faster
                    raise
    return published


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the reader's own fonts: its usual ones come from the network."""
    fonts = ["Helvetica Neue", "Arial", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    return gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"])


def _address(path: Path) -> str:
    """Where Gradio serves a static file, relative to the page: it stays right behind a proxy's prefix."""
    return "gradio_api/file=" + quote(path.as_posix())


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
