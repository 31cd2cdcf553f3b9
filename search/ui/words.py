"""The old place of search.ui.locale."""

from search.ui.locale import Words, chinese_words, money

__all__ = ["Words", "chinese_words", "money"]
