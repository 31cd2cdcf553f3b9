"""Typing errors, and words that are none."""

from __future__ import annotations

import random

import pytest

from search import Catalog, Product
from search.lexicon import lexicon
from search.lexicon.terms import singular
from search.query.parse import parse
from search.query.vocabulary import Vocabulary
from tests.query.shop import vocabulary
from tests.query.typos import ABSENT, mistyped

SHOP = vocabulary()
CORRECT = SHOP.corrector.correct


@pytest.fixture(scope="module")
def words() -> list[str]:
    """200 names of kinds, drawn by seed, and the shop's brands."""
    kinds = {
        label
        for kind in lexicon().scheme("kinds")
        for label in kind.en
        if label.isascii() and label.isalpha() and len(label) > 3
    }
    return [*random.Random(0).sample(sorted(kinds), 200), "kiln", "nordvik", "sorrel", "playfield", "frobnicator"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("haedphones", "headphones"),
        ("wathces", "watches"),
        ("hanbag", "handbag"),
        ("trousres", "trousers"),
        ("sandels", "sandals"),
        ("bakpack", "backpack"),
        ("t-shrit", "tshirt"),
        ("sunglases", "sunglasses"),
        ("mgu", "mug"),
        ("lether", "leather"),
        ("jeens", "jeans"),
        ("witout", "without"),
        ("nordvick", "nordvik"),
        ("playfeild", "playfield"),
        ("frobnicaters", "frobnicators"),  # the plural of a word that only the catalog has
        ("redmug", "red mug"),
    ],
)
def test_what_was_mistyped_is_read_as_it_was_meant(typed, meant):
    assert CORRECT(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "toaster",
        "boat",
        "car",
        "horse",
        "banana",
        "mug",
        "frobnicators",
        "tshirt",
        "nikon",
        "lego",
        "x",
        "zz",
        "wobbly",
    ],
)
def test_a_word_that_is_right_stays(word):
    assert CORRECT(word) == ""


def test_most_typing_errors_are_corrected_and_hardly_any_wrongly(words):
    """Measured: 93 % rightly, 2 % wrongly, the rest left alone (a third of it other English words: coat -> cat)."""
    rng = random.Random(1)
    outcomes = []
    for how in ("swap", "drop", "double", "replace", "neighbour"):
        for word in words:
            typed = mistyped(word, how, rng)
            if typed != word:
                got = CORRECT(typed)
                outcomes.append("right" if singular(got) == singular(word) else "wrong" if got else "left")
    shares = {outcome: outcomes.count(outcome) / len(outcomes) for outcome in ("right", "wrong")}
    assert shares["right"] >= 0.9, shares
    assert shares["wrong"] <= 0.04, shares


def test_no_word_for_what_the_shop_does_not_have_becomes_something_else():
    assert len(ABSENT) >= 200
    assert {word: CORRECT(word) for word in ABSENT if CORRECT(word)} == {}


def test_a_correction_keeps_its_place_and_the_words_around_it():
    typed = "red mgu witout flwers"
    parsed = parse(typed, SHOP)
    assert [(c.typed, c.meant, typed[slice(*c.span)]) for c in parsed.corrections] == [
        ("mgu", "mug", "mgu"),
        ("witout", "without", "witout"),
        ("flwers", "flowers", "flwers"),
    ]
    assert (parsed.text, parsed.exclusions, parsed.original) == ("red mug", ("flowers",), typed)
    assert [(a.name, a.text, a.excluded, typed[slice(*a.span)]) for a in parsed.aspects] == [
        ("colour", "red", False, "red"),
        ("kind", "mug", False, "mgu"),
        ("pattern", "flowers", True, "flwers"),
    ]


def test_what_is_quoted_is_searched_for_as_it_stands():
    parsed = parse('blue "Quiet  mgu"', SHOP)
    assert (parsed.phrases, parsed.corrections, parsed.text) == (("quiet mgu",), (), "blue Quiet mgu")
    for typed in ("“静音铰链”", "「静音铰链」", "静音 “铰链”"):
        assert parse(typed, SHOP).phrases == (typed.strip("静音 “”「」") and typed.split()[-1].strip("“”「」"),)
    assert parse('15" laptop, 20" long', SHOP).phrases == (), "inches"


def test_words_are_known_as_soon_as_a_product_has_them_and_no_longer():
    from search import Catalog
    from tests.query.shop import products

    catalog = Catalog(products())
    assert parse("quiet hinges", Vocabulary.of(catalog)).unknown == ()
    catalog.remove(["gadget-2"])
    assert parse("quiet hinges", Vocabulary.of(catalog)).unknown == ("quiet hinges",)


@pytest.mark.parametrize("word", ["macaroon", "bowline", "dropbox"])
def test_a_rare_english_word_is_no_error_two_letters_from_a_known_one_nor_two_known_ones(word):
    assert CORRECT(word) == ""


def test_what_follows_a_quotation_at_once_is_not_inside_it():
    (correction,) = parse("“quiet”haedphones", SHOP).corrections
    assert correction.meant == "headphones"


def shop(*rows: tuple[str, str]) -> Vocabulary:
    """What a shop knows of products by title and category."""
    return Vocabulary.of(Catalog(Product(str(at), title, b"", category) for at, (title, category) in enumerate(rows)))


CLOTHES = shop(
    *[("Plain shirt", "Shirts")] * 100, ("Cotton briefs", "Briefs"), ("Blue capris", "Capris"), ("Soft sofa", "Sofas"),
    *[("Soft black boots", "Boots")] * 20, ("Brown desk", "Desks"), ("Red top", "Tops"), ("A ball", "Balls"), ("Leather belt", "Belts"),
    ("Sweet dreams", "Night suits"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("biefs", "briefs"),  # and no beefs, of which the shop has none, though i and e are easily swapped
        ("caprs", "capris"),
        ("sof", "sofa"),  # nor is soft a thing
        ("dsk", "desk"),
        ("topq", "top"),
        ("polishea", "polishes"),  # the plural of a label of several words, "nail polish"
        ("shits", "shirts"),  # of which there are many, and one night suit
        ("boos", "boots"),  # English, but far rarer than the word that is one slip away
        ("bal", "ball"),
    ],
)
def test_what_the_catalog_has_was_rather_meant_than_what_it_has_not(typed, meant):
    assert CLOTHES.corrector.correct(typed) == meant


@pytest.mark.parametrize("word", ["short-sleeved", "open-toed", "bets", "cost", "shop", "usb", "led", "hut"])
def test_english_words_that_are_not_much_rarer_stay(word):
    assert CLOTHES.corrector.correct(word) == ""
