"""Captions: deterministic, never empty, and true of what they say."""

import dataclasses
from random import Random

import numpy as np
import pytest

from search.lab.train.captions import (
    ATTRIBUTES,
    FEWEST_OF_BRAND,
    Item,
    Writer,
    brand_of,
    found_in_title,
    misspelled,
    plural,
)
from search.lab.train.glossary import SECTIONS, Entry, glossary, parse
from search.lexicon import lexicon

BAG = Item("Lino Perros Women Canvas Beige Handbag", {"kind": "Handbags", "colour": "Beige", "gender": "Women"})


def captions(seed: int, count: int = 200) -> list[str]:
    rng, writer = Random(seed), Writer([BAG.title])
    return [caption.text for _ in range(count) for caption in writer.write(BAG, rng)]


def test_the_same_seed_writes_the_same_captions_and_another_seed_does_not():
    assert captions(1) == captions(1)
    assert captions(1) != captions(2)


def test_captions_are_never_empty_even_for_items_of_which_one_thing_is_known():
    rng, writer = Random(0), Writer()
    for section in (
        "fashion kinds",
        "clothing kinds",
        "grocery articles",
        "grocery kinds",
        "other kinds",
        "home kinds",
    ):
        for key in glossary()[section]:
            english, chinese = writer.pair(Item("", {"kind": key}), rng)
            assert english.text.strip()
            assert chinese.text.strip()


def test_an_item_of_which_nothing_is_known_is_refused():
    with pytest.raises(ValueError, match="nothing is known"):
        Writer().pair(Item("", {"kind": "no such kind"}), Random(0))


def test_every_claim_of_a_caption_is_true_of_its_item(monkeypatch):
    rng, writer = Random(3), Writer()
    monkeypatch.setattr("search.lab.train.captions.misspelled", lambda text, rng: text)
    for _ in range(300):
        for caption in writer.pair(BAG, rng):
            for name, claimed in caption.claim.items():
                names = writer.names[name]
                said = names.names[claimed]
                assert said in caption.text or plural(said) in caption.text
                assert names.true_of[claimed, names.value(BAG.attributes[name])]


def test_a_word_shared_by_two_kinds_is_true_of_both_and_of_no_third():
    kinds = Writer().names["kind"]
    trainers = kinds.true_of[kinds.index("trainers")]
    assert {kinds.keys[value] for value in np.flatnonzero(trainers)} == {"Casual Shoes", "Sports Shoes"}
    assert not kinds.true_of[:, -1].any(), "nothing is true of an unknown value"


def test_a_grocery_article_carries_the_names_of_its_group():
    kinds = Writer(article_groups={"Granny Smith": "Apple"}).names["kind"]
    assert kinds.true_of[kinds.index("apple"), kinds.value("Granny Smith")]


def test_a_short_caption_says_what_it_was_asked_to_and_nothing_else():
    english, chinese = Writer().pair(BAG, Random(0), ("kind", "colour"))
    assert set(english.claim) == set(chinese.claim) == {"kind", "colour"}


def test_the_first_caption_is_mostly_the_title_and_the_second_never():
    rng, writer = Random(0), Writer([BAG.title])
    first, second = zip(*(writer.write(BAG, rng) for _ in range(200)), strict=True)
    assert 150 < sum(caption.titled for caption in first) < 190
    assert not any(caption.titled for caption in second)


def test_a_chinese_title_takes_its_turn_with_the_english_one():
    item = dataclasses.replace(BAG, title_zh="女士米色帆布手提包")
    rng, writer = Random(0), Writer([BAG.title])
    called = [writer.write(item, rng)[0] for _ in range(400)]
    chinese = [caption for caption in called if caption.text == item.title_zh]
    assert 100 < len(chinese) < 170
    assert all(caption.titled for caption in chinese)


def test_a_brand_of_many_pictures_is_said_and_claimed_in_both_languages_and_a_rare_one_never(monkeypatch):
    monkeypatch.setattr("search.lab.train.captions.misspelled", lambda text, rng: text)
    titles = ["Acme Men Blue Shirt"] * FEWEST_OF_BRAND + ["Rarity Men Blue Shirt"]
    rng, writer = Random(0), Writer(titles)
    assert writer.names["brand"].names == ["acme"]
    known, rare = (Item("", {"kind": "Shirts", "brand": brand}) for brand in ("acme", "rarity"))
    for english, chinese in (writer.pair(known, rng, ("brand", "kind")) for _ in range(50)):
        for caption in (english, chinese):
            assert caption.claim["brand"] == 0
            assert "acme" in caption.text
    assert all("brand" not in caption.claim for _ in range(50) for caption in writer.pair(rare, rng))


def test_plurals_are_those_people_write():
    written = {"sofa": "sofas", "bookshelf": "bookshelves", "dress": "dresses", "jeans": "jeans", "watch": "watches"}
    assert {name: plural(name) for name in written} == written
    assert plural("ceramic toy") == "ceramic toys"
    assert plural("teddy") == "teddies"


def test_a_slip_of_the_finger_changes_one_place_and_is_rare():
    rng = Random(0)
    texts = [misspelled("navy blue shirt", rng) for _ in range(1000)]
    slips = [text for text in texts if text != "navy blue shirt"]
    assert 20 < len(slips) < 60
    assert all(abs(len(text) - 15) <= 1 and sorted(text)[:2] == [" ", " "] for text in slips)


def test_a_shortened_title_keeps_at_least_one_word():
    rng, writer = Random(0), Writer()
    assert all(writer.shorten("Nike 12345-AB", rng) for _ in range(100))


def test_brand_pattern_and_material_are_read_from_a_title():
    assert brand_of("Lino Perros Women Canvas Beige Handbag") == "Lino Perros"
    assert brand_of("Handbag") == ""
    assert found_in_title("Basics Men Striped Navy Shirt", glossary()["patterns"]) == "striped"
    assert found_in_title("Basics Men Navy Shirt", glossary()["patterns"]) == ""


def test_the_glossary_has_both_languages_for_every_entry_and_members_that_exist():
    words = glossary()
    assert tuple(words) == SECTIONS
    kinds = {key for name in SECTIONS if name.endswith(("kinds", "articles")) for key in words[name]}
    for group in words["groups"].values():
        assert set(group.also) <= kinds, group.key
    for section in words.values():
        for entry in section.values():
            assert any("\u4e00" <= letter <= "\u9fff" for name in entry.zh for letter in name), entry.key
    assert set(ATTRIBUTES) == set(Writer().names)


def test_a_broken_glossary_line_is_named():
    for line in ("Black", "Black | colours:black | a | b", "Black | colours:black | | | | "):
        with pytest.raises(ValueError, match="line 2"):
            parse(f"[colours]\n{line}\n")
    with pytest.raises(ValueError, match="line 1"):
        parse("Black | colours:black\n")
    with pytest.raises(ValueError, match="twice"):
        parse("[colours]\nBlack | colours:black\nBlack | colours:black\n")
    with pytest.raises(ValueError, match="no concept 'colours:blak'"):
        parse("[colours]\nBlack | colours:blak\n")
    with pytest.raises(ValueError, match="both languages"):
        parse("[colours]\nBlack | colours:black | | black | \n")


def test_a_value_is_called_what_the_lexicon_calls_its_concept_or_what_its_line_says():
    entries = parse(
        "[kinds]\nMug | kinds:mug | coffee mug; cup\nChair | kinds:chair | | seat; chair | 椅子\nBed | kinds:bed\n"
    )["kinds"]
    mug = lexicon().concept("kinds:mug")
    assert entries["Mug"] == Entry("Mug", mug.en, mug.zh, ("coffee mug", "cup"))
    assert not set(mug.hidden) & {*entries["Mug"].en, *entries["Mug"].zh}
    assert entries["Chair"] == Entry("Chair", ("seat", "chair"), ("椅子",))
    assert entries["Bed"].also == ()


def test_every_name_of_the_glossary_is_a_label_of_the_lexicon():
    schemes = dict.fromkeys(SECTIONS, "kinds") | {"genders": "audiences"}
    schemes |= {name: name for name in ("colours", "seasons", "usages", "patterns", "materials")}
    unknown = {
        (section, name)
        for section, entries in glossary().items()
        for entry in entries.values()
        for name in (*entry.en, *entry.zh)
        if not lexicon().find(name, schemes[section])
    }
    assert not unknown
