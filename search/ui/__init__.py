"""The page: layout, handlers, rendering, words. The only room that knows Gradio."""

from search.ui.layout import build, serve

__all__ = ["build", "serve"]
