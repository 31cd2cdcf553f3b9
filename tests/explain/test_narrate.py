"""One sentence says what was asked and measured, and a place is named only where there is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search import Product
from search.explain.narrate import Teller, facts, location
from search.explain.schema import Heatmap
from search.explain.shares import match_of
from search.explain.verdicts import head
from search.schema import VERDICTS, Aspect, Hit, Verdict


@pytest.mark.parametrize(
    ("cell", "name"), [((0, 0), "top_left"), ((4, 4), "middle"), ((7, 4), "bottom"), ((4, 7), "right")]
)
def test_the_strongest_places_are_named_by_thirds(cell, name):
    grid = np.zeros((8, 8), np.float32)
    grid[cell] = 1.0
    assert location(Heatmap(grid, 0.0)) == name


def test_places_that_lie_apart_have_no_name():
    grid = np.zeros((8, 8), np.float32)
    grid[0, 0] = grid[7, 7] = 1.0
    assert location(Heatmap(grid, 0.0)) is None
    assert location(Heatmap(-np.ones((8, 8), np.float32), 0.0)) is None


def test_a_place_that_hardly_counts_has_no_name():
    grid = np.zeros((8, 8), np.float32)
    grid[4, 7] = 0.2
    assert location(Heatmap(grid, 0.5)) == "right"
    assert location(Heatmap(grid, 0.8)) is None
    assert location(Heatmap(grid, None)) == "right", "a map that only orders places has no rest"


def hit(**parts):
    parts = {"photo": 0.0, "text": 0.0, "exclude": 0.0, **parts}
    return Hit(1, sum(parts.values()), Product("p", "P", "p.jpg"), parts)


def told(asked, **options):
    """What is said of a hit, thin spaces as plain ones."""
    said = facts(asked, match_of(asked.parts, []), **options)
    return Teller().sentence(said).replace("\u2009", " ")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"photo": -0.1}, "Nothing in the query speaks for it, it is only the best of what is left."),
        ({"photo": 0.4}, "It looks like your photo."),
        ({"text": 0.4}, "Its picture fits your words."),
        ({"photo": 0.3, "text": 0.1}, "Your photo makes up 75 % of the match, your words 25 %."),
        ({"photo": 0.1, "text": 0.3}, "Your words make up 75 % of the match, your photo 25 %."),
        ({"photo": 0.4, "text": -0.1}, "Your photo makes the match, your words take away 25 %."),
        ({"photo": -0.1, "text": 0.4}, "Your words make the match, your photo takes away 25 %."),
        # 0.2 + 0.1 of 0.4 are the words', by what the catalog says; 0.1 is the photo's, by its kind.
        (
            {"photo_kind": 0.1, "keywords": 0.2, "aspects": 0.1},
            "Your words make up 75 % of the match, your photo 25 %.",
        ),
        ({"text": 0.1, "aspects": 0.3}, "What the catalog says makes up 75 % of the match, its picture 25 %."),
        ({"text": 0.3, "keywords": 0.1}, "Its picture makes up 75 % of the match, what the catalog says 25 %."),
        (
            {"photo": 0.3, "photo_kind": 0.1},
            "Looking like your photo makes up 75 % of the match, being of the same kind 25 %.",
        ),
        (
            {"photo": 0.1, "photo_kind": 0.3},
            "Being of the same kind makes up 75 % of the match, looking like your photo 25 %.",
        ),
        ({"text": 0.1, "named": 0.4}, "You asked for it by its name."),
        (
            {"photo": 0.6, "text": 0.2, "exclude": -0.3},
            "Your photo makes up 75 % of the match, your words 25 %, and what you excluded takes away 37 %.",
        ),
        ({"photo": 0.6, "text": 0.2, "exclude": -0.03}, "Your photo makes up 75 % of the match, your words 25 %."),
    ],
)
def test_the_sentence_says_what_makes_up_the_match(parts, said):
    assert told(hit(**parts)) == said


def test_a_product_that_stands_in_for_the_photo_is_called_one():
    assert told(hit(photo=0.4), like=True) == "It looks like the product you chose."


MUG, RED = Aspect("kind", "mugs"), Aspect("colour", "red")
STRIPES = Aspect("pattern", "stripes", ("patterns:striped",))


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([Verdict(RED, "met", "red"), Verdict(MUG, "met", "mugs")], "It is a red mug."),
        ([Verdict(Aspect("colour", "orange"), "met", "orange"), Verdict(MUG, "met", "mugs")], "It is an orange mug."),
        ([Verdict(RED, "not met", "navy"), Verdict(MUG, "met", "mugs")], "It is a mug, but navy, not red."),
        ([Verdict(RED, "nearly", "burgundy")], "It is burgundy, close to red."),
        ([Verdict(MUG, "not met", "Teapots", "catalog")], "It is a teapot, not a mug."),
        ([Verdict(Aspect("kind", "sneakers"), "met", "sneakers"), Verdict(RED, "met", "red")], "They are red sneakers."),
        ([Verdict(replace(MUG, source="photo"), "met", "mugs")], "It is a mug too."),
        ([Verdict(RED, "met", "red", "model", 0.8)], "It is red by its picture."),
        ([Verdict(MUG, "met", "mugs"), Verdict(RED, "met", "red", "model")], "It is a mug red by its picture."),
        ([Verdict(STRIPES, "met", "striped"), Verdict(MUG, "met", "mugs")], "It is a striped mug."),
        ([Verdict(Aspect("colour", "red / blue"), "met", "blue"), Verdict(MUG, "met", "mugs")], "It is a blue mug."),
        ([Verdict(RED, "unknown")], "Nobody says whether it is what you asked for: red."),
        ([Verdict(RED, "unknown"), Verdict(MUG, "met", "mugs")], "It is a mug."),
        ([Verdict(RED, "not met")], "It is not red."),
        ([Verdict(Aspect("brand", "puma"), "met", "Puma"), Verdict(MUG, "met", "mugs")], "It is a mug by Puma."),
        ([Verdict(Aspect("brand", "Puma"), "not met", "Nike")], "It is by Nike, not Puma."),
        ([Verdict(Aspect("audience", "for men"), "not met", "women's")], "It is for women, not for men."),
        ([Verdict(Aspect("words", "Nordvik loop"), "nearly", "Nordvik")], "It is without all of “Nordvik loop” in its text."),
        ([Verdict(Aspect("room", "kitchen"), "met", "kitchen")], "It is for kitchen."),
        ([Verdict(Aspect("finish", "matte"), "not met", "gloss")], "It is with gloss, not matte."),
        ([Verdict(replace(STRIPES, excluded=True), "met", "plain")], "It is without stripes."),
        ([Verdict(replace(STRIPES, excluded=True), "not met", "striped")], "It is with stripes."),
        ([Verdict(replace(RED, excluded=True), "met", "navy")], "It is not red."),
        ([Verdict(Aspect("colour", "红色"), "met", "red"), Verdict(Aspect("kind", "围巾"), "met", "scarf")], "It is a red scarf."),
    ],
)  # fmt: skip
def test_the_sentence_begins_with_what_the_product_is_of_what_was_asked(verdicts, said):
    asked = replace(hit(text=0.4), verdicts={str(at): verdict for at, verdict in enumerate(verdicts)})
    assert told(asked) == said


def test_it_says_both_in_one_sentence():
    asked = replace(hit(text=0.1, aspects=0.3), verdicts={"kind": Verdict(MUG, "met", "mugs")})
    assert told(asked) == "It is a mug; what the catalog says makes up 75 % of the match, its picture 25 %."


def test_more_than_four_things_are_counted():
    rooms = {f"room {at}": Verdict(Aspect("room", f"room {at}"), "met", f"room {at}") for at in range(5)}
    assert told(replace(hit(text=0.4), verdicts=rooms)) == "It has all 5 things you asked for."
    but = rooms | {"colour": Verdict(RED, "not met", "navy")}
    assert told(replace(hit(text=0.4), verdicts=but)) == "It has 5 of the 6 things you asked for, but is navy, not red."
    unknown = rooms | {"colour": Verdict(RED, "unknown")}
    assert told(replace(hit(text=0.4), verdicts=unknown)) == "It has 5 of the 6 things you asked for."


def test_a_query_that_only_leaves_something_out_is_answered_by_that():
    asked = replace(hit(), verdicts={"colour": Verdict(replace(RED, excluded=True), "met", "navy")})
    assert told(asked) == "It is not red."


def test_every_verdict_has_a_clause():
    names = ("kind", "colour", "brand", "audience", "words", "room", "size", "made_in")
    every = [
        Verdict(Aspect(name, "x", excluded=excluded), state, found, source)
        for name in names
        for excluded in (False, True)
        for state in VERDICTS
        for found in ("", "y")
        for source in ("catalog", "model")
    ]
    assert all(Teller().sentence(head([verdict])) for verdict in every)
