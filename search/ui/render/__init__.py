"""View models and templates: what the page's parts show, as escaped HTML. Nothing here knows Gradio or the engine."""

from search.ui.render.details import details
from search.ui.render.refine import refine
from search.ui.render.results import department, failure, listing, nothing, panel, ranked, room, storefront
from search.ui.render.shell import header, rail, skeleton
from search.ui.render.templates import environment

__all__ = [
    "department",
    "details",
    "environment",
    "failure",
    "header",
    "listing",
    "nothing",
    "panel",
    "rail",
    "ranked",
    "refine",
    "room",
    "skeleton",
    "storefront",
]
