"""Nouns as a heading and a sentence write them."""

from __future__ import annotations

import pytest

from search.lexicon.nouns import plural, singular, with_article


@pytest.mark.parametrize(
    ("noun", "many", "one"),
    [
        ("mug", "mugs", "a mug"),
        ("mugs", "mugs", "a mug"),
        ("armchair", "armchairs", "an armchair"),
        ("dress", "dresses", "a dress"),
        ("watch", "watches", "a watch"),
        ("shelf", "shelves", "a shelf"),
        ("scarf", "scarves", "a scarf"),
        ("toy", "toys", "a toy"),
        ("trousers", "trousers", "trousers"),
        ("headphones", "headphones", "headphones"),
        ("knitwear", "knitwear", "knitwear"),
        ("pool slides", "pool slides", "pool slides"),
        ("glasses", "glasses", "glasses"),
        ("canvas", "canvases", "a canvas"),
        ("music", "music", "music"),
        ("oil lamp", "oil lamps", "an oil lamp"),
    ],
)
def test_a_noun_has_the_plural_and_the_article_that_people_write(noun, many, one):
    assert (plural(noun), with_article(noun)) == (many, one)


def test_a_plural_finds_back_to_the_label_and_other_languages_stay():
    assert (singular("dresses"), singular("shelves"), singular("toys"), singular("sneakers")) == (
        "dress", "shelf", "toys", "sneakers",
    )  # fmt: skip
    assert plural("马克杯") == "马克杯"


def test_a_noun_keeps_its_hyphen_and_what_it_is_for():
    assert singular("T-shirts") == "t-shirt"
    assert with_article("T-shirts") == "a t-shirt"
    assert plural("bag for my laptop") == "bags for my laptop"
    assert plural("shoes for toddlers") == "shoes for toddlers"
