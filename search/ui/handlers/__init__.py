"""What happens when somebody does something: plain functions, state in, HTML out.

Each takes an AppContext, so that a test passes a toy. Those for the page never raise: an error becomes a sentence in
the page, and what was asked stays as it was.
"""

from search.ui.handlers.api import search_api
from search.ui.handlers.details import on_details
from search.ui.handlers.page import on_open, on_search
from search.ui.handlers.suggestions import on_suggest

__all__ = ["on_details", "on_open", "on_search", "on_suggest", "search_api"]
