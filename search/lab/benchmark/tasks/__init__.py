"""The tasks, a file for each family; importing this registers them.

words        title, attributes, brands, synonyms
photos       photo, packshot, scene
composed     composed, exclude
zero_shot    zero_shot, home_zero_shot, photograph_kind
rejection    refusal
shopper      shopper (only by name)
"""

from search.lab.benchmark.tasks import composed, photos, rejection, shopper, words, zero_shot

__all__ = ["composed", "photos", "rejection", "shopper", "words", "zero_shot"]
