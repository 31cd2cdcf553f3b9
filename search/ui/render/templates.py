"""The Jinja2 environment of the page: every value that a template writes is escaped.

HTML alone is not enough: Gradio compiles some templates as JavaScript template literals, and would read `${...}` and
backticks as code if a product's title ever got there. So those signs are escaped as well, in all that is drawn: a
template here holds no script and no style sheet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parents[1] / "templates"

#: Pictures above the fold on a laptop; the browser may fetch the others later.
EAGER_PICTURES = 8

_TEMPLATE_SIGNS = (("`", "&#96;"), ("{", "&#123;"), ("}", "&#125;"))
#: A line break with its indentation between two tags.
_BETWEEN_TAGS = re.compile(r"(?<=[>}])(\s*\n\s*)(?=[<{])")


class JoinLines(Extension):
    """Drops line breaks between tags: they are there for who reads a template, and a browser would draw them as
    spaces. A comment takes their place, so that errors name the right line."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _BETWEEN_TAGS.sub(lambda found: "{#" + "\n" * found[1].count("\n") + "#}", source)


def environment(*folders: Path) -> Environment:
    """Templates of `folders`, then of the page's own folder.

    An undefined name in a template is an error, not an empty text.
    """
    made = Environment(
        loader=FileSystemLoader([*map(str, folders), str(FOLDER)]),
        extensions=[JoinLines],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(EAGER_PICTURES=EAGER_PICTURES, icon=icon)
    made.filters.update(
        casefold=str.casefold, json=to_json, likelihood=likelihood, signed=signed, thousands=lambda count: f"{count:,}"
    )
    return made


@cache
def default_environment() -> Environment:
    """The page's own templates, compiled once."""
    return environment()


def draw(template: str, **values: Any) -> str:
    """One of the page's own templates as HTML."""
    return render(default_environment(), template, values)


def render(templates: Environment, template: str, values: Mapping[str, Any]) -> str:
    """A template as HTML from which no template code survives."""
    html = templates.get_template(template).render(values)
    for sign, entity in _TEMPLATE_SIGNS:
        html = html.replace(sign, entity)
    return html


@cache
def icon(name: str) -> Markup:
    """A symbol of assets/ui/icons.svg; it says nothing to a screen reader, its button has a label."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-{}"></use></svg>').format(
        name
    )


def to_json(value: Any) -> str:
    """A value as JSON, for a quoted attribute."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def signed(value: float) -> str:
    """Three digits with a sign; a true minus is as wide as the plus, so figures stay in line."""
    return f"{value:+.3f}".replace("-", "\u2212")


def likelihood(hit: Any) -> str:
    """A hit's probability in per cent, rounded down: 49.6 is not yet related, and nothing that was measured on a few
    hundred hits is certain."""
    share = min(int(100 * hit.probability), 99)
    return f"{share}\u2009%" if share else "<1\u2009%"


def with_first(groups: Sequence[Sequence[Any]]) -> list[tuple[Sequence[Any], int]]:
    """Groups of cards, each with how many cards come before it."""
    before = [0]
    for group in groups:
        before.append(before[-1] + len(group))
    return list(zip(groups, before, strict=False))
