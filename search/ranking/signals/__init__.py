"""One signal a file. The order of these imports is the order of a hit's parts."""

# isort: off
from search.ranking.signals import photo
from search.ranking.signals import text
from search.ranking.signals import exclude
# isort: on

__all__ = ["exclude", "photo", "text"]
