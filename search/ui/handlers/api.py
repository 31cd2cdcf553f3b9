"""The HTTP API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from search import checks
from search.schema import Query
from search.ui.context import AppContext
from search.ui.state import State

if TYPE_CHECKING:
    from search.schema import ImageInput


def search_api(
    context: AppContext,
    text: str | None = None,
    image: ImageInput | None = None,
    exclude: str | Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
    k: int | float | None = None,
) -> dict[str, Any]:
    """The HTTP API: the same search as JSON.

    Raises:
        VitrineError: the query cannot be used; the message says why.
    """
    query = Query(image=image or None, text=text or "", exclude=exclude or (), filters=filters or {})
    wanted = State.k if not k else checks.count(int(k) if isinstance(k, float) and k.is_integer() else k)
    # More than there is would only make the index reserve room for it.
    result = context.engine.search(query, k=min(wanted, max(len(context.engine.catalog), 1)))
    return result.to_dict()
