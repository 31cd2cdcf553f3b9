"""What products say to an aspect: columns first, then titles; concepts by the lexicon; words by their idf."""

from dataclasses import replace

import numpy as np
import pytest

from search import Catalog, Product
from search.catalog import aspects as module
from search.catalog import texts as texts_module
from search.catalog.aspects import ProductAspects
from search.lexicon import lexicon
from search.schema import Aspect


def product(id, title, **columns):
    return Product(id, title, b"", **columns)


def ask(name, label="", *, values=(), excluded=False):
    scheme = {"kind": "kinds", "colour": "colours", "material": "materials", "audience": "audiences"}.get(name)
    concepts = tuple(concept.id for concept in lexicon().find(label, scheme)) if label and scheme else ()
    return Aspect(name, label or " ".join(values), concepts, tuple(values), excluded)


def agreement(aspect, *products):
    catalog = Catalog(products)
    return ProductAspects.of(catalog).agreement(aspect, catalog.rows()).tolist()


def test_a_column_is_met_by_the_same_or_a_narrower_concept_and_nearly_by_a_broader_one():
    shop = [product(str(n), "A", category=kind) for n, kind in enumerate(("Armchairs", "Seating", "Sofas", "Mugs"))]
    assert agreement(ask("kind", "armchair"), *shop) == [1, 0.5, 0, 0]
    assert agreement(ask("kind", "seating"), *shop) == [1, 1, 1, 0]


def test_what_is_more_broadly_of_the_kind_is_further_from_it():
    shop = [product(str(n), "A", category=kind) for n, kind in enumerate(("Caps", "Headwear", "Cufflinks"))]
    catalog, asked = Catalog(shop), ask("kind", "snapback")
    says = ProductAspects.of(catalog)
    near = says.closeness(asked, catalog.rows()).tolist()
    assert near == [0.5, 0.25, 0], "one step and two: 1 / 2 and 1 / 2 / 2"
    assert says.agreement(asked, catalog.rows()).tolist() == [0.5, 0.5, 0]


def test_the_department_of_another_kind_does_not_make_it_nearly_the_kind():
    shop = [product("a", "A", category=kind, attributes={"department": "Accessories"}) for kind in ("Cufflinks",)]
    shop.append(product("b", "B", attributes={"department": "Headwear"}))
    assert agreement(ask("kind", "snapback"), *shop) == [0, 0.5]


def test_where_only_titles_say_the_brands_a_product_with_another_title_is_not_of_the_brand():
    brand = ask("brand", values=("classic polo",))
    assert agreement(brand, product("a", "Classic Polo shirt"), product("b", "Shirt")) == [1, 0]
    told = product("c", "Mug", brand="Kiln"), product("d", "Shirt")
    assert np.isnan(agreement(brand, product("a", "Classic Polo shirt"), *told)[2]), "the column may be empty"


def test_a_department_says_nothing_of_a_kind_within_it():
    shop = product("a", "A", attributes={"department": "Furniture"})
    assert np.isnan(agreement(ask("kind", "sofa"), shop)).all()


def test_colours_of_one_family_are_nearly_each_other():
    shop = [product(str(n), "A", colour=colour) for n, colour in enumerate(("maroon", "Red", "burgundy", "blue"))]
    assert agreement(ask("colour", "maroon"), *shop) == [1, 0.5, 0.5, 0]
    assert agreement(ask("colour", "red"), *shop) == [1, 1, 1, 0]


def test_related_colours_are_nearly_each_other_whichever_is_asked_for():
    shop = [product(str(n), "A", colour=colour) for n, colour in enumerate(("grey", "silver", "gold"))]
    assert agreement(ask("colour", "silver"), *shop) == [0.5, 1, 0]
    assert agreement(ask("colour", "grey"), *shop) == [1, 0.5, 0]
    assert agreement(ask("colour", "yellow"), *shop) == [0, 0, 0.5]


def test_what_is_for_everybody_answers_for_men_and_for_women_and_not_for_children():
    shop = [product(str(n), "A", gender=people) for n, people in enumerate(("Unisex", "Men", "Women", "Boys"))]
    assert agreement(ask("audience", "for men"), *shop) == [1, 1, 0, 0]
    assert agreement(ask("audience", "women's"), *shop) == [1, 0, 1, 0]
    assert agreement(ask("audience", "kids"), *shop) == [0, 0, 0, 1]


def test_a_wallet_is_no_bag_and_a_backpack_is_one():
    shop = [product("a", "A", category="Wallets"), product("b", "B", category="Backpacks")]
    assert agreement(ask("kind", "bag"), *shop) == [0, 1]


def test_a_title_makes_a_column_more_precise_and_cannot_overrule_it():
    precise = product("a", "Navy blue mug", colour="Blue")
    other = product("b", "Red Tape shoes", colour="Black")
    assert agreement(ask("colour", "navy blue"), precise, other) == [1, 0]
    assert agreement(ask("colour", "red"), precise, other) == [0, 0.5]


def test_where_no_column_speaks_the_texts_do_in_both_languages():
    shop = [
        product("a", "Cube armchair in teal"),
        product("b", "A", attributes={"title_zh": "奶油白亚麻扶手椅"}),
        product("c", "A", tags=("armchair",)),
        product("d", "Something"),
    ]
    assert agreement(ask("kind", "armchair"), *shop)[:3] == [1, 1, 1]
    assert np.isnan(agreement(ask("kind", "armchair"), *shop)[3])
    assert agreement(ask("material", "linen"), *shop)[1] == 1
    assert agreement(ask("colour", "扶手椅"), *shop[:1]) != [1]


@pytest.mark.parametrize(
    ("title", "kind", "other"),
    [
        ("Mug rack", "shelf", "mug"),
        ("Dress with leather belt", "dress", "belt"),
        ("Lamp for a desk", "lamp", "desk"),
    ],
)
def test_the_kind_of_a_title_is_its_head(title, kind, other):
    assert agreement(ask("kind", kind), product("a", title)) == [1]
    assert agreement(ask("kind", other), product("a", title)) == [0]


def test_a_second_colour_is_nearly_the_colour():
    shop = product("a", "Armchair", colour="beige", attributes={"secondary_colour": "grey"})
    assert agreement(ask("colour", "beige"), shop) == [1]
    assert agreement(ask("colour", "grey"), shop) == [0.5]


def test_two_colours_asked_for_together_are_met_by_a_product_of_both_in_either_order():
    shop = [
        product("a", "Sneakers", colour="black", attributes={"secondary_colour": "white"}),
        product("b", "Watch in burgundy and gold", colour="red"),
        product("c", "Sneakers", colour="black"),
    ]
    white = replace(ask("colour", "white"), beside=("colours:black",))
    assert agreement(white, *shop) == [1, 0, 0]
    assert agreement(replace(ask("colour", "gold"), beside=("colours:red",)), *shop)[1] == 1
    said = ProductAspects.of(Catalog(shop))
    alone = [said.verdict(ask("colour", "white"), 0), said.verdict(ask("colour", "gold"), 1)]
    assert [(verdict.state, verdict.found) for verdict in alone] == [
        ("nearly", "black and white"),
        ("nearly", "red and gold"),
    ]


def test_what_is_excluded_leaves_out_what_is_there_and_not_what_is_near_it():
    shop = [
        product("a", "A", colour="cream"),
        product("b", "B", colour="white"),
        product("c", "C", colour="black", attributes={"secondary_colour": "white"}),
    ]
    assert agreement(ask("colour", "white", excluded=True), *shop) == [0, 1, 1]
    states = [
        ProductAspects.of(Catalog(shop)).verdict(ask("colour", "white", excluded=True), at).state for at in (0, 1, 2)
    ]
    assert states == ["met", "not met", "not met"]


def test_what_was_found_is_said_in_the_words_of_the_first_text():
    shop = product("a", "Coral mug", attributes={"title_zh": "珊瑚橘马克杯"})
    verdict = ProductAspects.of(Catalog([shop])).verdict(ask("colour", "red"), 0)
    assert (verdict.state, verdict.found) == ("nearly", "coral")


def test_a_size_is_what_the_products_sizes_say_and_no_letter_of_a_title():
    shop = [product("a", "Shirt", attributes={"sizes": "S, M, L"}), product("b", "Watch M")]
    asked = ask("size", values=("m",))
    found = agreement(asked, *shop)
    assert found[0] == 1
    assert np.isnan(found[1])


def test_a_broader_word_beside_a_column_says_nothing_new():
    shop = product("a", "Wooden bed", material="walnut")
    assert agreement(ask("material", "oak"), shop) == [0]
    assert agreement(ask("material", "wood"), shop) == [1]


def test_a_shade_of_the_columns_colour_is_no_second_colour():
    shop = Catalog([product("a", "Sneakers in cream", colour="beige")])
    assert ProductAspects.of(shop).verdict(ask("colour", "white"), 0).found == "cream"


def test_a_brand_is_compared_as_it_stands_and_read_in_the_title_where_no_column_says_it():
    shop = [product("a", "Mug", brand="Kiln & Co"), product("b", "Kiln & Co mug", brand="Nordvik"),
            product("c", "Kiln & Co rug"), product("d", "Rug")]  # fmt: skip
    found = agreement(ask("brand", values=("kiln & co",)), *shop)
    assert found[:3] == [1, 0, 1]
    assert np.isnan(found[3])


def test_words_are_shared_by_their_rarity_and_never_unknown():
    """idf = ln(1 + (N - n + .5) / (n + .5)) with N = 3: "mug" n = 2 gives ln 1.6, "zephyr" n = 1 gives ln (8/3)."""
    shop = [product("a", "Zephyr mug"), product("b", "Mug"), product("c", "Rug")]
    both, mug = np.log(8 / 3) + np.log(1.6), np.log(1.6)
    assert agreement(ask("words", values=("zephyr", "mugs")), *shop) == pytest.approx([1, mug / both, 0])


def test_a_value_that_no_lexicon_knows_is_compared_as_it_stands():
    shop = [product("a", "A", category="Zorbs"), product("b", "B", category="Mugs"), product("c", "Zorbs")]
    assert agreement(ask("kind", values=("zorbs",)), *shop)[:2] == [1, 0]
    assert np.isnan(agreement(ask("colour", "red"), product("a", "A", colour="Fjord"))).all()


def test_an_attribute_of_the_catalog_is_an_aspect_by_its_name():
    shop = [product("a", "A", attributes={"neckline": "V-neck"}), product("b", "B", attributes={"neckline": "Round"})]
    assert agreement(ask("neckline", values=("v neck",)), *shop) == [1, 0]


def test_a_verdict_says_what_was_found_and_where_and_turns_round_what_is_excluded():
    catalog = Catalog([product("a", "Leather bag", colour="Navy Blue"), product("b", "Bag", colour="Red")])
    said = ProductAspects.of(catalog)
    assert (said.verdict(ask("colour", "blue"), 0).state, said.verdict(ask("colour", "blue"), 0).found) == (
        "met",
        "Navy Blue",
    )
    without = said.verdict(ask("material", "leather", excluded=True), 0)
    assert (without.state, without.found, without.source) == ("not met", "leather", "text")
    assert said.verdict(ask("colour", "blue", excluded=True), 1).state == "met"
    assert said.verdict(ask("material", "leather"), 1).state == "unknown"
    words = said.verdict(ask("words", values=("bag", "zephyr")), 0)
    assert (words.state, words.found) == ("nearly", "bag")


def test_rows_are_those_that_agree_at_all_and_are_still_there():
    catalog = Catalog(
        [product(str(n), "A", colour=colour) for n, colour in enumerate(("red", "blue", "maroon", "red"))]
    )
    catalog.remove(["3"])
    assert ProductAspects.of(catalog).rows(ask("colour", "maroon")).tolist() == [0, 2]


def test_what_nobody_says_is_not_known():
    said = ProductAspects.of(Catalog([product("a", "Red mug")]))
    assert (said.knows("colour"), said.knows("season"), said.knows("brand"), said.knows("words")) == (True,) * 1 + (
        False,
        False,
        True,
    )


def test_only_new_products_are_read(monkeypatch):
    catalog = Catalog([product("a", "Red mug")])
    assert ProductAspects.of(catalog) is ProductAspects.of(catalog)
    read, original = [], module.read_statements
    monkeypatch.setattr(module, "read_statements", lambda names, each: read.append(each.id) or original(names, each))
    catalog.add([product("b", "Blue mug")])
    said = ProductAspects.of(catalog)
    assert set(read) == {"b"}
    assert said.agreement(ask("colour", "blue"), np.array([0, 1])).tolist() == [0, 1]
    assert said.agreement(ask("words", values=("mug",)), np.array([0, 1])).tolist() == [1, 1]


def test_a_phrase_stands_as_it_is_or_not_at_all():
    catalog = Catalog([product("a", "Red  Mug"), product("b", "Mug, red"), product("c", "Redder mug red mugs")])
    texts = ProductAspects.of(catalog).texts
    assert texts.rows_with_phrase("red mug").tolist() == [0]
    assert texts.rows_with_phrase("nothing").tolist() == []


def test_of_several_phrases_each_is_looked_for_in_the_rows_that_are_left():
    catalog = Catalog([product("a", "Red mug, tall"), product("b", "Red mug"), product("c", "Tall lamp")])
    texts = ProductAspects.of(catalog).texts
    assert texts.rows_with_phrase("tall", texts.rows_with_phrase("red mug")).tolist() == [0]


def test_texts_are_read_for_a_brand_only_where_no_column_says_it_and_once(monkeypatch):
    shop = [product(str(n), "Nordvik mug", brand="Kiln" if n else None, description="d") for n in range(5)]
    read, original = [], texts_module.plain
    catalog = Catalog(shop)
    said, brand = ProductAspects.of(catalog), ask("brand", values=("nordvik",))
    monkeypatch.setattr(texts_module, "plain", lambda text: read.append(text) or original(text))
    assert said.agreement(brand, catalog.rows()).tolist() == [1, 0, 0, 0, 0]
    assert said.verdict(brand, 0).source == "text"
    once = list(read)
    assert once.count("Nordvik mug") == 1
    said.verdict(brand, 1)
    assert read == once


def test_what_is_no_longer_or_not_yet_there_says_nothing_to_those_who_did_not_wait():
    catalog = Catalog([product("a", "Red mug"), product("b", "Blue mug")])
    before = ProductAspects.of(catalog)
    catalog.remove(["b"])
    catalog.add([product("c", "Green mug")])
    ProductAspects.of(catalog)
    assert before.texts.named("Green mug").tolist() == []
    assert np.isnan(before.agreement(ask("neckline", values=("round",)), np.array([0, 1]))).all()
    assert before.texts.rows_with_phrase("blue mug").tolist() == []
    assert before.texts.rows("green").tolist() == []
    assert before.concepts("colour")


def test_the_concepts_that_products_meet_are_known_with_their_rows():
    catalog = Catalog([product("a", "A", category="Mugs"), product("b", "B", category="Bowls"), product("c", "C")])
    concepts = ProductAspects.of(catalog).concepts("kind")
    assert {id: (rows.tolist(), own) for id, (rows, own) in concepts.items()} == {
        "kinds:mug": ([0], True),
        "kinds:cup": ([0], False),
        "kinds:drinkware": ([0], False),
        "kinds:bowl": ([1], True),
        "kinds:tableware": ([1], False),
        "departments:home": ([0, 1], False),
    }


def test_what_was_made_of_an_earlier_revision_goes_on_answering_for_its_own_rows():
    catalog = Catalog([product("a", "Red mug", category="Mugs"), product("b", "Navy vase", category="Vases")])
    says = ProductAspects.of(catalog)
    catalog.add([product("c", "Red mug", category="Mugs")])
    later = ProductAspects.of(catalog)
    assert says.texts.named("red mug").tolist() == [0]
    assert says.texts.rows("mug").tolist() == [0]
    assert says.concepts("kind")["kinds:mug"][0].tolist() == [0]
    assert later.texts.named("red mug").tolist() == [0, 2]
    assert later.concepts("kind")["kinds:mug"][0].tolist() == [0, 2]


def test_what_was_compared_is_remembered_by_all_that_was_asked():
    catalog = Catalog([product("a", "Zephyr", category="Sneaks"), product("b", "Quillon", category="Kicks")])
    says = ProductAspects.of(catalog)
    for value, met in (("sneaks", [1, 0]), ("kicks", [0, 1])):
        assert says.agreement(Aspect("kind", "shoes", (), (value,)), catalog.rows()).tolist() == met
    for word, share in (("zephyr", [1, 0]), ("quillon", [0, 1])):
        assert says.agreement(Aspect("words", "", (), (word,)), catalog.rows()).tolist() == share


def test_where_column_and_title_say_the_same_it_is_the_columns_word():
    says = ProductAspects.of(Catalog([product("a", "Scarlet mug", colour="Red")]))
    verdict = says.verdict(ask("colour", "red"), 0)
    assert (verdict.found, verdict.source) == ("Red", "catalog")
    same = ProductAspects.of(Catalog([product("a", "A red mug", colour="Red")])).verdict(ask("colour", "red"), 0)
    assert (same.found, same.source) == ("Red", "catalog")


def test_a_word_is_as_rare_as_the_products_that_are_there_make_it():
    catalog = Catalog([product("a", "Mug"), product("b", "Vase"), product("c", "Lamp")])
    ProductAspects.of(catalog)
    catalog.remove(["c"])
    # One of two: ln(1 + (2 - 1 + 0.5) / (1 + 0.5)).
    assert ProductAspects.of(catalog).texts.idf("mug") == pytest.approx(np.log(2))


def test_several_ids_name_each_of_their_products():
    catalog = Catalog([product("mug-003", "Mug"), product("sofa-002", "Sofa"), product("lamp-1", "Lamp")])
    texts = ProductAspects.of(catalog).texts
    assert texts.named("mug-003, SOFA-002").tolist() == [0, 1]
    assert texts.named("mug-003 in red").tolist() == []
    assert texts.named("mug sofa").tolist() == [], "titles are not taken apart"
