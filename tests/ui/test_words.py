"""Both languages say the same things."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from string import Formatter

import pytest

from search.errors import CatalogError, EmptyQueryError, QueryError, TextTooLongError
from search.schema import Product
from search.ui.words import TEXTS, Words, money


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys():
    assert set(TEXTS["en"]) == set(TEXTS["zh"])


@pytest.mark.parametrize("key", sorted(TEXTS["en"]))
def test_both_languages_have_the_same_placeholders(key):
    assert placeholders(TEXTS["en"][key]) == placeholders(TEXTS["zh"][key])


@pytest.mark.parametrize("key", sorted(set(TEXTS["zh"]) - {"page_title", "why_say_join"}))
def test_chinese_is_chinese(key):
    assert re.search(r"[\u4e00-\u9fff]|^\{\w+\}", TEXTS["zh"][key])


def test_values_are_translated_by_field():
    words = Words("zh")
    assert words.value("colour", "Orange") == "橙色"
    assert words.value("category", "Mugs") == words.value("category", "mug") == "马克杯"
    assert words.value("room", "kitchen|dining room") == "厨房、餐厅"
    assert words.value("brand", "Nordvik") == "Nordvik"
    assert Words("en").value("category", "mugs") == "Mugs"


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
    """A new kind, colour or material needs a line in search/ui/values_zh.txt; tags may wait."""
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
    ]
    with table.open(encoding="utf-8", newline="") as file:
        said = {(field, value) for row in csv.DictReader(file) for field in fields for value in row[field].split("|")}
    words = Words("zh")
    missing = {
        (field, value) for field, value in said if value and not re.search("[\u4e00-\u9fff]", words.value(field, value))
    }
    assert not missing
