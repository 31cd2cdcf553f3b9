"""Results to escaped HTML. Pure text in, text out: nothing here knows Gradio or the engine."""

from search.ui.render.details import details
from search.ui.render.frame import header
from search.ui.render.rail import rail, refine
from search.ui.render.results import department, failure, listing, nothing, ranked, shop, skeleton

__all__ = [
    "department",
    "details",
    "failure",
    "header",
    "listing",
    "nothing",
    "rail",
    "ranked",
    "refine",
    "shop",
    "skeleton",
]
