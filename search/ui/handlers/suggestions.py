"""What to go on typing: kinds, brands, colours and titles of the catalog that begin as the words do."""

from __future__ import annotations

import logging
from typing import Any

from search.query.parse import parse
from search.query.vocabulary import Vocabulary
from search.ui.context import AppContext
from search.ui.locale import Words

log = logging.getLogger(__name__)

#: Suggestions at a time: what a phone shows above its keyboard.
SHOWN = 8
#: A longer text is no longer completed, only searched for.
LONGEST = 80


def on_suggest(context: AppContext, typed: Any, lang: str) -> list[dict[str, Any]]:
    """At most SHOWN of {"text": words to search for, "kind": what they name, in the reader's language, or ""}.

    Never raises: without suggestions one can still type.
    """
    if not isinstance(typed, str) or not typed.strip() or len(typed) > LONGEST:
        return []
    words = Words(lang)
    try:
        found = context.engine.suggest(typed, words.lang, SHOWN)
    except Exception:
        log.exception("no suggestions for %r", typed)
        return []
    kinds = {each.kind for each in found if each.kind != "pair"}
    labels = {kind: words(f"suggested_{kind}") if f"suggested_{kind}" in words else words.field(kind) for kind in kinds}
    return [{"text": each.text, "kind": labels.get(each.kind) or _pair(context, words, each.text)} for each in found]


def _pair(context: AppContext, words: Words, text: str) -> str:
    """What the names of a pair are of: "Colour and kind"."""
    found = parse(text, Vocabulary.of(context.engine.catalog), correct=False).aspects
    names = dict.fromkeys(each.name for each in found if each.name != "words")
    labels = [words(f"suggested_{name}") if f"suggested_{name}" in words else words.field(name) for name in names]
    if len(labels) < 2:
        return words("suggested_pair")
    said = words("suggested_and").join(labels)
    return said[:1] + said[1:].lower()
