"""The sentence says what was measured, and names a place only where there is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search import Product
from search.explain.narrate import facts, location, to_text
from search.explain.schema import AttributeComparison, AttributionView, Heatmap, TokenAttribution, ViewKey
from search.explain.verdicts import clauses
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


def test_the_sentence_says_what_was_measured():
    traits = [
        AttributeComparison("category", "Mugs", "Mugs", 0.9, "shared"),
        AttributeComparison("colour", "Red", "Red", 0.8, "shared"),
    ]
    grid = np.zeros((8, 8), np.float32)
    grid[0, 4] = 1.0
    views = {ViewKey.token(0): AttributionView(0.1, product=Heatmap(grid, 0.0))}
    words = [TokenAttribution("red", 0.1), TokenAttribution("mug", 0.05)]
    said = to_text(facts(hit(photo=0.35, text=0.2, exclude=-0.05), words, traits, views))
    assert said == (
        "Mostly your photo (0.350 of 0.500); your words add 0.200. "
        "Both are red, mugs (read from your photo, at least 80% sure). "
        "“red” counts most (0.100), at the top of the product's picture."
    )


def test_what_the_exclusions_cost_is_told_where_it_is_more_than_a_word_gives():
    words = [TokenAttribution("red", 0.1), TokenAttribution("mug", 0.05)]
    said = to_text(facts(hit(photo=0.6, text=0.2, exclude=-0.3), words, [], {}))
    assert said.endswith("add 0.200. It loses 0.300 for what you excluded.")


@pytest.mark.parametrize(
    ("parts", "start"),
    [
        ({"photo": -0.1}, "Nothing in the query"),
        ({"photo": 0.4}, "It matches your photo."),
        ({"text": 0.4}, "It matches your words."),
        ({"photo": 0.4, "text": -0.1}, "Your photo alone (0.400 of 0.300); your words take away 0.100."),
        (
            {"photo_kind": 0.1, "keywords": 0.2, "aspects": 0.1},
            "Mostly your words (0.300 of 0.400); your photo adds 0.1",
        ),
        ({"photo": 0.1, "text": 0.3}, "Mostly your words (0.300 of 0.400); your photo adds 0.100."),
    ],
)
def test_the_sentence_follows_the_parts(parts, start):
    assert to_text(facts(hit(**parts), [], [], {})).startswith(start)


MUG, RED = Aspect("kind", "mugs"), Aspect("colour", "red")


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([Verdict(RED, "not met", "navy"), Verdict(MUG, "met", "mugs")], "It is a mug; it is navy, not red."),
        ([Verdict(RED, "nearly", "burgundy")], "It is burgundy, close to red."),
        ([Verdict(MUG, "not met", "Teapots", "catalog")], "It is a teapot, not a mug."),
        ([Verdict(RED, "met", "red", "model", 0.8)], "It is red, as the picture looks."),
        ([Verdict(RED, "unknown")], "Red: not known."),
        ([Verdict(RED, "not met")], "Red: no."),
        ([Verdict(Aspect("brand", "Puma"), "not met", "Nike")], "It is by Nike, not Puma."),
        ([Verdict(Aspect("audience", "for men"), "not met", "women's")], "It is for women, not for men."),
        ([Verdict(Aspect("words", "Nordvik loop"), "nearly", "Nordvik")], "It does not say all of “Nordvik loop”."),
        ([Verdict(Aspect("room", "kitchen"), "met", "kitchen")], "Kitchen: yes."),
        ([Verdict(Aspect("pattern", "stripes", excluded=True), "met", "plain")], "It has no stripes."),
        ([Verdict(Aspect("pattern", "stripes", excluded=True), "not met", "striped")], "It has stripes."),
    ],
)
def test_the_sentence_begins_with_what_the_product_says_to_each_thing_asked(verdicts, said):
    asked = replace(hit(text=0.4), verdicts={str(at): verdict for at, verdict in enumerate(verdicts)})
    assert to_text(facts(asked, [], [], {})) == said


def test_every_verdict_has_a_clause():
    names = ("kind", "colour", "brand", "audience", "words", "room", "made_in")
    every = [
        Verdict(Aspect(name, "x", excluded=excluded), state, found)
        for name in names
        for excluded in (False, True)
        for state in VERDICTS
        for found in ("", "y")
    ]
    assert all(to_text([("verdicts", {"clauses": clauses([verdict])})]) for verdict in every)


def test_an_uncertain_reading_is_told_as_one():
    traits = [AttributeComparison("category", "Mugs", "Bowls", 0.4, "unsure")]
    assert "not certain: perhaps bowls at 40%." in to_text(facts(hit(photo=0.4), [], traits, {}))


def test_another_kind_is_told_as_one():
    traits = [AttributeComparison("category", "Armchairs", "Sofas", 0.7, "different")]
    said = to_text(facts(hit(photo=0.4), [], traits, {}))
    assert said == "It matches your photo. Your photo looks more like sofas (70%) than armchairs."
    # Of a catalog product nothing is "more like": its attributes stand in the table.
    known = [AttributeComparison("category", "Armchairs", "Sofas", None, "different")]
    assert to_text(facts(hit(photo=0.4), [], known, {})) == "It matches your photo."
