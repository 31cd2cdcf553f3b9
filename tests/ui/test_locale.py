"""Both languages say the same things."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from string import Formatter

import pytest

import search
from search.errors import CatalogError, EmptyQueryError, QueryError, TextTooLongError
from search.schema import Product
from search.ui.locale import Words, error_sentences, money, texts

SEARCH = Path(search.__file__).parent


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


#: Texts that are signs alone.
SIGNS = {"clause", "page_title", "quoted", "why_say_and", "why_say_and_not", "why_say_join", "why_say_tail_and"}


def test_both_languages_say_the_same_with_the_same_values():
    english, chinese = texts("en"), texts("zh")
    wrong = dict.fromkeys(english.keys() ^ chinese.keys(), "only in one language")
    for key in english.keys() & chinese.keys():
        if placeholders(english[key]) != placeholders(chinese[key]):
            wrong[key] = f"{placeholders(english[key])} in English, {placeholders(chinese[key])} in Chinese"
        elif key not in SIGNS and not re.search(r"[\u4e00-\u9fff]|^\{\w+\}", chinese[key]):
            wrong[key] = f"{chinese[key]!r} is not Chinese"
    assert not wrong
    assert len(english) > 200


#: What only the one who runs the page can meet, at the start or when adding products.
OPERATORS = {"bad_more_images", "bad_price", "bad_value", "cancelled", "duplicate_id", "no_id", "no_lab", "no_title", "split"}  # fmt: skip


def test_what_a_visitor_can_do_wrong_is_said_in_chinese():
    rooms = [path for path in SEARCH.rglob("*.py") if path.relative_to(SEARCH).parts[0] not in ("lab", "adapt")]
    raised = {code for path in rooms for code in re.findall(r'code="(\w+)"', path.read_text(encoding="utf-8"))}
    assert len(raised) > 20
    visitors = {code for code in raised if not code.startswith(("catalog", "index", "model"))} - OPERATORS
    assert visitors - error_sentences("zh").keys() == set()
    assert error_sentences("zh").keys() - raised - {"empty_query", "text_too_long", "image"} == set()


def test_values_are_translated_by_field():
    words = Words("zh")
    assert words.value("colour", "Orange") == "橙色"
    assert words.value("category", "Mugs") == words.value("category", "mug") == "马克杯"
    assert words.value("room", "kitchen|dining room") == "厨房、餐厅"
    assert words.value("brand", "Nordvik") == "Nordvik"
    assert Words("en").value("category", "mugs") == "Mugs"
    assert words.value("secondary_colour", "sand") == "沙色"
    assert words.value("article", "Tshirts") == "T恤"


def test_a_brand_is_a_name_and_not_a_word():
    assert Words("zh").value("brand", "Apple") == "Apple"
    assert Words("zh").value("category", "Apple") == "苹果"


def test_a_tag_is_a_word_of_any_field_and_shown_as_it_is_where_nobody_knows_it():
    mug = Product("m", "Mug", "m.jpg", tags=("mugs", "cotton", "timepiece", "flotsam"))
    assert Words("zh").tags(mug) == "马克杯、棉、时计、flotsam"
    assert Words("en").tags(mug) == "mugs, cotton, timepiece, flotsam"


def test_an_error_is_said_in_the_readers_language():
    error = TextTooLongError("The words have 3,000 characters.", "Describe it.", length=3000, limit=2000)
    assert Words("en").error(error) == "The words have 3,000 characters. Describe it."
    assert "3000" in Words("zh").error(error)
    assert re.search(r"[\u4e00-\u9fff]", Words("zh").error(EmptyQueryError("Neither.")))


def test_an_error_without_a_translation_or_without_its_details_stays_english():
    assert Words("zh").error(CatalogError("No catalog.", "Give one.")) == "No catalog. Give one."
    assert Words("zh").error(QueryError("No such.", code="no_product")) == "No such."


def test_titles_and_descriptions_follow_the_language():
    mug = Product("m", "Mug", "m.jpg", description="Blue.", attributes={"title_zh": "马克杯"})
    assert (Words("zh").title(mug), Words("en").title(mug)) == ("马克杯", "Mug")
    assert Words("zh").description(mug) == "Blue."


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(1249, "EUR", "€1,249"), (19.9, "usd", "$19.90"), (5, None, "5"), (7.5, "SEK", "SEK 7.50")],
)
def test_prices_read_like_prices(amount, currency, text):
    assert money(amount, currency) == text


def test_the_embedded_catalog_can_be_read_in_chinese():
    """A new kind, colour, material or tag needs a concept in search/lexicon."""
    from search.settings import Settings

    table = Path(Settings.catalog) / "products.csv"
    fields = [
        "category",
        "department",
        "colour",
        "secondary_colour",
        "material",
        "pattern",
        "gender",
        "room",
        "season",
        "tags",
    ]
    with table.open(encoding="utf-8", newline="") as file:
        said = {(field, value) for row in csv.DictReader(file) for field in fields for value in row[field].split("|")}
    words = Words("zh")
    missing = {
        (field, value) for field, value in said if value and not re.search("[\u4e00-\u9fff]", words.value(field, value))
    }
    assert not missing
