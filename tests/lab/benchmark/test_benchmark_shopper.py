"""Queries as merchandisers type them, and the arithmetic of their judgement, on a handful of products."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from search.catalog import Catalog
from search.errors import InputError
from search.lab.benchmark.base import TooSmall
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.shopping import figures, lists, photos, phrases, plain
from search.lab.benchmark.shopping.asking import LEVELS, Answer, Remembering, answerable, level, levels_of
from search.lab.benchmark.shopping.forms import FORMS, ShopperQuery
from search.lab.benchmark.shopping.goods import Goods
from search.lab.benchmark.shopping.queries import LARGE, shopper_queries
from search.lab.benchmark.tasks.shopper import Trial, shopper
from search.schema import Product, Query
from tests.lab.benchmark.toy import Toy, benchmark, product, shop

PICTURE = Image.new("RGB", (8, 8), "white")


def thing(number: int, title: str, kind: str, colour: str = "", **more) -> Product:
    return Product(str(number), title, PICTURE, category=kind, colour=colour or None, **more)


#: 6 white and 5 navy Puma shoes, 5 black Nike shoes; prices 10, 20, ... euros.
SHOES = Catalog([
    *(thing(n, f"Puma Men Runner {n} Trail Shoes", "Shoes", "White", price=10.0 * n, gender="Men") for n in range(1, 7)),
    *(thing(n, f"Puma Women Runner {n} Trail Shoes", "Shoes", "Navy Blue", price=10.0 * n, gender="Women") for n in range(7, 12)),
    *(thing(n, f"Nike Men Racer {n} Track Boots", "Boots", "Black", price=10.0 * n, gender="Men") for n in range(12, 17)),
    thing(17, "Nike socks", "Socks"),
    thing(18, "Plain socks", "Socks"),
])  # fmt: skip


def asked(form: str, catalog: Catalog = SHOES, **more) -> list[ShopperQuery]:
    return shopper_queries(catalog, forms=[form], **more)


def right(form: str, text: str, catalog: Catalog = SHOES) -> set[str]:
    """The ids that are right for the query of this target."""
    (found,) = {query.right for query in asked(form, catalog) if query.target == text}
    return set(found)


def test_everything_that_is_asked_has_to_be_met():
    white, navy, black = ({str(n) for n in ids} for ids in (range(1, 7), range(7, 12), range(12, 17)))
    assert right("kind", "shoes") == white | navy
    assert right("colour_kind", "navy blue|shoes") == navy
    assert right("brand_kind", "puma|shoes") == white | navy
    assert right("colour_brand_kind", "black|nike|boots") == black
    assert right("audience", "shoes|women") == navy
    assert right("negation_only", "white") == navy | black


def test_a_brand_stands_before_the_word_for_people_or_begins_a_title_if_it_is_known():
    goods = Goods.of(SHOES)
    assert goods.brands[0] == "puma"
    assert goods.brands[16] == "nike"  # "Nike socks"
    assert goods.brands[17] == ""  # "Plain socks": no product has a brand "plain"
    assert Goods.of(Catalog([thing(1, "Puma Men Shoe", "Shoes", brand="Own Brand")])).brands[0] == "own brand"


def test_blue_is_not_navy_blue():
    assert "blue|shoes" not in {query.target for query in asked("colour_kind")}


def test_queries_are_drawn_by_seed_and_do_not_depend_on_other_forms():
    again = [query.query.text for query in asked("colour_kind")]
    assert again == [query.query.text for query in asked("colour_kind")]
    assert again == [query.query.text for query in shopper_queries(SHOES) if query.form == "colour_kind"]
    assert again != [query.query.text for query in asked("colour_kind", seed=1)]


def test_targets_with_five_products_are_asked_for_and_rare_ones_only_where_there_are_few():
    def kinds(count: int) -> list[tuple[str, ...]]:
        products = [thing(5 * n + m, f"Thing {n}", f"kind{n}") for n in range(count) for m in range(5)]
        goods = Goods.of(Catalog([*products, thing(9999, "One", "rare")]))
        return goods.targets(Random(0), goods.kinds)

    assert ("rare",) in kinds(3)
    assert kinds(3)[-1] == ("rare",)
    assert ("rare",) not in kinds(20)


def test_only_products_under_test_are_asked_for_and_all_are_right():
    goods = Goods.of(SHOES, tested=6)
    assert {query.target for query in shopper_queries(goods, forms=["kind"])} == {"shoes"}
    assert {len(query.right) for query in shopper_queries(goods, forms=["kind"])} == {11}


def test_a_known_item_is_asked_for_by_three_of_its_words_and_its_namesakes_count():
    twins = Catalog([thing(1, "Puma Men Red Runner", "Shoes"), thing(2, "puma men red  runner", "Shoes")])
    for query in asked("known_item", twins):
        assert len(query.query.text.split()) == 3
        assert set(query.query.text.split()) < {"puma", "men", "red", "runner"}
        assert query.right == query.met == {"1", "2"}
    assert asked("known_item", Catalog([thing(1, "Red Men Shoes", "Shoes")])) == []  # that is the whole title


def test_a_chinese_title_is_asked_for_by_three_pieces_and_as_a_whole():
    title = "红色皮革圆领连衣裙"
    catalog = Catalog([thing(1, "x", "Dresses", attributes={"title_zh": title}), thing(2, "y", "Dresses")])
    (pieces,) = asked("known_item_zh", catalog)
    assert len(pieces.query.text.split()) == 3
    assert set(pieces.query.text.split()) <= {"红色", "皮革", "圆领", "连衣裙"}
    assert pieces.right == pieces.met == {"1"}
    assert [query.query.text for query in asked("full_title_zh", catalog)] == [title]


def test_a_promise_is_kept_by_every_product_with_the_three_words():
    common = next(q for q in asked("known_item") if set(q.query.text.split()) <= {"puma", "runner", "trail", "shoes"})
    assert len(common.right) == 1
    assert len(common.met) == 11


def test_a_typing_error_makes_no_other_word():
    for query in asked("typing_error"):
        word = query.query.text.casefold()
        assert word not in {"shoe", "shoes", "boot", "boots", "sock", "socks"}
        assert not any(lists.lexicon().find(word))


@pytest.mark.parametrize("seed", range(40))
def test_a_slip_changes_one_place_after_the_first_letter(seed: int):
    slip = phrases.mistyped("sneaker", Random(seed))
    assert slip[0] == "s"
    assert abs(len(slip) - len("sneaker")) <= 1
    lost = Counter("sneaker") - Counter(slip)
    assert sum(lost.values()) <= 1


def test_singulars_keep_pairs_and_know_the_usual_endings():
    plurals = ("dresses", "shelves", "beanies", "batteries", "ties", "watches", "trousers", "high heels", "t-shirts")
    assert [phrases.singular(word) for word in plurals] == [
        "dress", "shelf", "beanie", "battery", "tie", "watch", "trousers", "high heel", "t-shirt",
    ]  # fmt: skip


def test_chinese_names_get_no_english_plural():
    texts = [query.query.text for query in asked("kind_zh", Catalog(thing(n, "x y", "Socks") for n in range(5)))]
    assert texts
    assert not any("s" in text.casefold() for text in texts)


def test_kinds_of_one_chinese_name_are_all_right():
    catalog = Catalog([thing(1, "x", "Handbags"), thing(2, "y", "Tote bags"), thing(3, "z", "Socks")])
    assert {query.target: query.right for query in asked("kind_zh", catalog)}["tote bags"] == {"1", "2"}


def test_a_price_limit_is_judged_by_the_price_and_asked_only_where_prices_are_known():
    for query in asked("price"):
        kind = query.target.partition("|")[0]
        prices = [p.price for p in SHOES if p.category.casefold() == kind and p.id in query.right]
        assert prices, query.query.text
        digits = [int(word) for word in "".join(c if c.isdigit() else " " for c in query.query.text).split()]
        assert max(prices) <= max(digits)
        assert all(price >= min(digits) for price in prices) or len(digits) == 1
    assert answerable(asked("price"), "titles") == []
    assert answerable(asked("price"), "whole") == asked("price")


def test_a_similar_pattern_is_no_answer_to_an_exclusion():
    kinds = [("striped", 1), ("pinstriped", 2), ("plain", 3), ("", 4)]
    catalog = Catalog(thing(n, f"Shirt {n}", "Shirts", "red", pattern=pattern or None) for pattern, n in kinds)
    assert right("negation", "shirts|stripes", Catalog([*catalog, thing(5, "Shirt 5", "Shirts", "blue")])) == {"3"}


def test_what_the_shop_has_is_not_asked_for_as_absent():
    def words(*products: Product) -> list[str]:
        return lists.absent_words(Goods.of(Catalog(products)), "en")

    plain_shop = words(thing(1, "A shirt", "Shirts"))
    assert "toaster" in plain_shop
    assert len(plain_shop) >= 40
    assert "toaster" not in words(thing(1, "Two-slot toaster", "Kitchen"))
    assert "vacuum cleaner" not in words(thing(1, "A thing", "Vacuum cleaners"))
    assert len(lists.absent_words(Goods.of(SHOES), "zh")) >= 40


def test_there_are_thirty_wishes_in_either_language():
    languages = Counter(wish.language for wish in lists.wishes())
    assert min(languages["en"], languages["zh"]) >= 30
    assert right("wish", "something to wear on my feet") == {p.id for p in SHOES if p.category in ("Boots", "Socks")}


def test_everyday_words_are_those_of_the_list_that_knows_the_shop():
    embedded = Goods.of(Catalog(thing(n, "x", kind) for n, kind in enumerate(("Sofas", "Mugs"))))
    assert lists.other_words(embedded) == []  # two kinds of sixty: another shop
    known = {kind for wish in lists.read_wishes(lists.OTHER_WORDS) for kind in wish.kinds}
    shop_of_all = Goods.of(Catalog(thing(n, "x", kind) for n, kind in enumerate(sorted(known))))
    assert "couch" in {wish.text for wish in lists.other_words(shop_of_all)}


def test_a_bad_line_of_a_list_is_named(tmp_path: Path):
    for line in ("no kinds", "couch | Beds"):
        path = tmp_path / "list.psv"
        path.write_text(f"# words\ncouch | Sofas\n{line}\n", encoding="utf-8")
        with pytest.raises(InputError, match="line 3"):
            lists.read_wishes.__wrapped__(path)


def test_a_level_tells_the_engine_less_and_the_queries_stay():
    first = next(iter(level(SHOES, "titles")))
    assert (first.title, first.category, first.colour, first.price) == (
        "Puma Men Runner 1 Trail Shoes",
        None,
        None,
        None,
    )
    assert next(iter(level(SHOES, "pictures"))).title == "Product 1"
    assert [p.id for p in level(SHOES, "pictures")] == [p.id for p in SHOES]
    assert level(SHOES, "whole") is SHOES


def test_a_large_gallery_is_asked_less():
    assert list(levels_of(LARGE)) == list(LEVELS)
    assert list(levels_of(LARGE + 1)) == ["whole", "titles"]


def answer(
    flags: str, likely: list[float], form: str = "kind", n_right: int = 2, bands: str = "", in_catalog: bool = True
) -> Answer:
    """An answer in a catalog of 10; flags and bands by letters: r(ight) or w(rong); e, v, r, w."""
    names = {"e": "exact", "v": "very_close", "r": "related", "w": "weak"}
    query = ShopperQuery(form, Query(text="x"), frozenset(map(str, range(n_right))), flags)
    hits = np.array([flag == "r" for flag in flags], bool)
    return Answer(
        query, hits, hits, np.array(likely), tuple(names[band] for band in bands or "w" * len(flags)), in_catalog, 10
    )


def test_precision_looks_no_further_than_there_are_right_products():
    assert figures.precision(answer("rwrrrr", [0.5] * 6, n_right=2)) == 1 / 2
    assert figures.precision(answer("rwrrwr", [0.5] * 6, n_right=9)) == 3 / 5
    assert figures.precision(answer("r", [0.5], n_right=9)) == 1 / 5  # what was not shown is not right


def test_the_reciprocal_rank_of_what_is_not_found_is_nothing():
    assert figures.reciprocal(answer("wwr", [0.5] * 3)) == 1 / 3
    assert figures.reciprocal(answer("www", [0.5] * 3)) == 0
    assert figures.reciprocal(answer("", [])) == 0


def test_promises_are_compared_with_what_is_right():
    own = [answer("rwr", [0.9, 0.9, 0.1], bands="evw"), answer("rr", [0.9, 0.1], bands="vw")]
    found = figures.promised(benchmark(), own, "whole", "everything")
    assert found["whole.kind.top"]["value"] == pytest.approx(2 / 3)  # r, w; r
    assert found["whole.kind.top"]["n"] == 3
    assert found["whole.kind.top"]["chance"] == pytest.approx(2 / 10)
    # of 3 hits promised .9, 2 are right; of 2 promised .1, both
    assert found["whole.kind.ece"]["value"] == pytest.approx((abs(3 * 0.9 - 2) + abs(2 * 0.1 - 2)) / 5)
    assert found["whole.kind.ece"]["low"] <= found["whole.kind.ece"]["value"] <= found["whole.kind.ece"]["high"]
    assert found["whole.all.top"]["value"] == found["whole.kind.top"]["value"]


def test_a_promise_is_judged_by_what_was_said_and_a_ranking_by_what_was_meant():
    said = replace(answer("wr", [0.9, 0.9], "known_item", 1, "vv"), met=np.array([True, True]))
    assert figures.promised(benchmark(), [said], "whole", "everything")["whole.known_item.top"]["value"] == 1
    assert figures.found(benchmark(), [said], "whole", "everything")["whole.known_item.mrr"]["value"] == 1 / 2


def test_a_right_first_hit_is_denied_by_a_weak_band_or_by_no_good_match():
    denied = [
        answer("rw", [0.9, 0.1], bands="vw"),
        answer("rw", [0.1, 0.1], bands="ww"),
        answer("rw", [0.9, 0.1], bands="vw", in_catalog=False),
        answer("wr", [0.1, 0.1], bands="ww", in_catalog=False),
    ]
    assert [figures.denied(each) for each in denied] == [False, True, True, False]


def test_nothing_may_be_called_close_to_what_the_shop_does_not_have():
    own = [
        answer("ww", [0.9, 0.1], "absent", 0, "vw"),
        answer("ww", [0.6, 0.1], "absent", 0, "rw"),
        answer("ww", [0.1, 0.1], "absent", 0, "ww", in_catalog=False),
        answer("ww", [0.1, 0.1], "absent", 0, "ww"),
    ]
    found = figures.promised(benchmark(), own, "whole", "everything")
    assert found["whole.absent.close"]["value"] == 1 / 4
    assert found["whole.absent.related"]["value"] == 2 / 4
    assert found["whole.absent.refused"]["value"] == 1 / 4
    assert "whole.all.ece" not in found  # wrong by design: no part of the probability's figure


def test_bm25_finds_words_and_nothing_without_one():
    pytest.importorskip("bm25s")
    queries = [
        ShopperQuery("brand", Query(text="pumas"), frozenset({"1"}), "puma"),
        ShopperQuery("brand", Query(text="toaster"), frozenset({"1"}), "toaster"),
        ShopperQuery("kind_zh", Query(text="红色运动鞋"), frozenset({"9"}), "运动鞋"),
    ]
    catalog = Catalog([
        thing(1, "Puma runner", "Shoes"), thing(2, "Nike racer", "Shoes"), thing(9, "运动鞋", "Shoes"),
    ])  # fmt: skip
    found = plain.by_words(catalog, queries, 5)
    assert [each.right.tolist() for each in found] == [[True], [], [True]]


def test_a_photo_in_another_colour_is_asked_where_the_kind_has_one():
    goods = Goods.of(SHOES)
    asked_with = photos.photo_queries(
        goods, [photos.Photo(PICTURE, ("shoes",), "white"), photos.Photo(PICTURE, ("boots",), "black")]
    )
    by_form = Counter(query.form for query in asked_with)
    assert by_form == {"photo": 2, "photo_colour": 1, "photo_colour_kind": 1}  # all boots are black
    (both,) = (query for query in asked_with if query.form == "photo_colour")
    assert "navy blue" in both.query.text.casefold()
    assert both.right == {str(n) for n in range(7, 12)}


def test_photographs_answer_by_their_own_kind_or_by_the_table():
    goods = Goods.of(Catalog([thing(1, "x", "Sneakers"), thing(2, "x", "Shorts")]))
    shoe, shorts, saxophone = photos.of_products(
        [thing(7, "x", "shoe"), thing(8, "x", "shorts"), thing(9, "x", "saxophone")], goods
    )
    assert "sneakers" in shoe.kinds
    assert shorts.kinds == ("shorts",)
    assert saxophone.kinds == ()


def test_without_photographs_some_products_are_held_out_of_the_catalog():
    kept, out = photos.hold_out(SHOES, 16)
    assert len(out) == 2  # an eighth of 16
    assert {p.id for p in kept} | {p.id for p in out} == {p.id for p in SHOES}
    assert not {p.id for p in kept} & {p.id for p in out}


def test_a_text_and_a_photo_are_encoded_once():
    class Counting(Toy):
        texts = images = 0

        def encode_texts(self, texts):
            self.texts += len(texts)
            return super().encode_texts(texts)

        def encode_images(self, images):
            self.images += len(images)
            return super().encode_images(images)

    counting = Counting()
    encoder = Remembering(counting)
    assert (encoder.encode_texts(["red", "blue", "red"]) == counting.encode_texts(["red", "blue", "red"])).all()
    encoder.encode_texts(["blue"])
    pictures = [product(1, "red", "shirts").image] * 2
    assert encoder.encode_images(pictures).shape == (2, counting.dim)
    assert (counting.texts, counting.images) == (2 + 3, 1)
    assert encoder.name == "toy"


COUNTS = {("red", "shirts"): 12, ("blue", "shirts"): 12, ("red", "shoes"): 12, ("blue", "shoes"): 12}


def test_the_task_asks_the_engine_at_every_level():
    pytest.importorskip("bm25s")
    found = shopper(benchmark(COUNTS))
    for name in LEVELS:
        assert 0 <= found[f"{name}.all.ece"]["value"] <= 1
        # the toy does not know "shirt" and "shoes?", the engine's words do where the products have any
        assert found[f"{name}.kind.p5"]["value"] == 1 or name == "pictures"
    assert found["vectors.kind.p5"]["value"] < 1
    assert found["whole.kind.p5"]["chance"] == pytest.approx(1 / 2, abs=0.1)
    assert found["whole.photo.p5"]["n"] == 6  # an eighth of 48
    assert set(FORMS) >= {name.split(".")[1] for name in found} - {"all"}


def test_the_gallery_is_searched_and_not_asked_for():
    made = make_benchmark(
        Toy(), [shop({("red", "shirts"): 8}), Catalog(replace(p, id=f"more-{p.id}") for p in shop(COUNTS))]
    )
    trial = Trial.of(made)
    assert len(trial.catalog) == 8 + 48 - 1
    assert len(trial.vectors) == len(trial.catalog)
    assert {query.target for query in trial.queries if query.form == "kind"} == {"shirts"}


def test_without_kinds_nothing_can_be_judged():
    catalog = Catalog(Product(str(n), "A thing", PICTURE) for n in range(9))
    with pytest.raises(TooSmall, match="no kinds"):
        shopper(make_benchmark(Toy(), [catalog]))
