"""The page: layout, tabs, handlers, templates, words. The only room that knows Gradio."""

from search.ui.layout import build, serve
from search.ui.pending import PendingEngine
from search.ui.start import start

__all__ = ["PendingEngine", "build", "serve", "start"]
