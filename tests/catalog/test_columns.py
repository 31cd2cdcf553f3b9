import pytest

from search.catalog.columns import clean, parse_price, picture_list, resolve, to_product
from search.errors import InputError


@pytest.mark.parametrize(
    ("cell", "price"),
    [
        ("19.99 USD", (19.99, "USD")),
        ("$1,299", (1299.0, "USD")),
        ("€ 1.299,00", (1299.0, "EUR")),
        ("1.299 EUR", (1299.0, "EUR")),
        ("¥1,299.50", (1299.5, "CNY")),
        ("24,90", (24.9, None)),
        ("7.995", (7.995, None)),
        (24.9, (24.9, None)),
        (30, (30.0, None)),
        ("", (None, None)),
        (None, (None, None)),
        (float("nan"), (None, None)),
    ],
)
def test_prices_as_shops_write_them(cell, price):
    assert parse_price(cell) == price


@pytest.mark.parametrize("cell", ["free", "-5", "-5.00 EUR", -1.0, float("inf"), "12 or 15,5"])
def test_bad_prices_are_refused(cell):
    with pytest.raises(InputError):
        parse_price(cell)


def test_column_names_compare_without_case_and_punctuation():
    assert resolve(["Image Src", "productDisplayName", "baseColour", "标题"]) == {
        "image": "Image Src",
        "title": "productDisplayName",
        "colour": "baseColour",
    }


def test_a_mapping_goes_before_the_known_names():
    assert resolve(["title", "headline"], {"title": "headline"})["title"] == "headline"
    with pytest.raises(InputError, match="no column"):
        resolve(["title"], {"title": "headline"})
    with pytest.raises(InputError, match="no field"):
        resolve(["title"], {"headline": "title"})


def test_a_column_serves_one_field_only():
    fields = resolve(["name", "file", "type"])
    assert sorted(fields.values()) == ["file", "name", "type"]


def test_mark_up_and_empty_words_are_cleaned():
    assert clean("<p>Soft&nbsp;<b>wool</b></p><script>alert(1)</script>") == "Soft wool"
    assert clean(" NaN ") is None
    assert clean(42.0) == "42"
    assert clean("size < 5") == "size < 5"


def test_what_no_field_claims_becomes_an_attribute():
    row = {"id": 7, "name": "Cup", "season": "Fall", "nested": {"a": 1}, "empty": ""}
    product = to_product(row, resolve(list(row)), b"x", fallback="row-1")
    assert (product.id, product.title) == ("7", "Cup")
    assert dict(product.attributes) == {"season": "Fall"}


def test_a_category_path_names_department_and_kind():
    row = {"id": "a", "title": "A", "product_type": "Home > Kitchen > Mugs"}
    product = to_product(row, resolve(list(row)), b"x", fallback="")
    assert (product.category, product.attributes["department"]) == ("Mugs", "Home")


def test_a_category_of_one_step_names_no_department():
    row = {"id": "a", "title": "A", "category": "Mugs"}
    product = to_product(row, resolve(list(row)), b"x", fallback="")
    assert (product.category, dict(product.attributes)) == ("Mugs", {})


@pytest.mark.parametrize("column", ["department", "Department", "masterCategory", "部门"])
def test_the_column_of_departments_has_one_name(column):
    row = {"id": "a", "title": "A", column: "Home"}
    assert dict(to_product(row, resolve(list(row)), b"x", fallback="").attributes) == {"department": "Home"}


def test_shopify_options_fill_the_fields_they_name():
    row = {"Handle": "a", "Title": "A", "Option1 Name": "Color", "Option1 Value": "Red"}
    assert to_product(row, resolve(list(row)), b"x", fallback="").colour == "Red"


def test_an_option_does_not_replace_a_column_and_the_first_option_counts():
    row = {"Title": "A", "Color": "Green", "Option1 Name": "Color", "Option1 Value": "Red"}
    assert to_product(row, resolve(list(row)), b"x", fallback="a").colour == "Green"
    row = {
        "Title": "A",
        "Option1 Name": "Color",
        "Option1 Value": "Red",
        "Option2 Name": "Colour",
        "Option2 Value": "Blue",
        "Option3 Name": "Material",
        "Option3 Value": "Wool",
    }
    product = to_product(row, resolve(list(row)), b"x", fallback="a")
    assert (product.colour, product.material) == ("Red", "Wool")


def test_what_a_row_does_not_say_comes_from_what_it_says():
    row = {"id": None, "title": "", "category": "Home > Mugs", "price": "9,90 EUR"}
    product = to_product(row, resolve(list(row)), b"x", fallback="row-7", more_images=[b"y"])
    assert (product.id, product.title, product.category) == ("row-7", "Home > Mugs", "Mugs")
    assert (product.price, product.more_images) == (9.9, (b"y",))
    assert dict(product.attributes) == {"currency": "EUR", "department": "Home"}
    assert to_product({}, {}, b"x", fallback="row-8").title == "row-8"


def test_a_columns_own_department_and_currency_go_before_what_is_derived():
    row = {
        "id": "a",
        "title": "A",
        "category": "Home > Mugs",
        "department": "Kitchen",
        "price": "$9",
        "currency": "CAD",
    }
    product = to_product(row, resolve(list(row)), b"x", fallback="")
    assert dict(product.attributes) == {"department": "Kitchen", "currency": "CAD"}


def test_whole_pages_are_cut_to_a_paragraph():
    row = {"id": "a", "title": "T" * 301, "description": "D" * 4_001}
    product = to_product(row, resolve(list(row)), b"x", fallback="")
    assert (len(product.title), len(product.description)) == (300, 4_000)


@pytest.mark.parametrize(
    ("cell", "pictures"),
    [
        ("a.webp|b, c.webp", ["a.webp", "b, c.webp"]),
        ("a.jpg, b.jpg;c.jpg,", ["a.jpg", "b.jpg", "c.jpg"]),
        ("https://x/w_2,h_3/a.jpg,https://x/b.jpg", ["https://x/w_2,h_3/a.jpg", "https://x/b.jpg"]),
        ("https://x/a.jpg https://x/b.jpg", ["https://x/a.jpg", "https://x/b.jpg"]),
        (["a.jpg", None, {"bytes": b"x"}], ["a.jpg", {"bytes": b"x"}]),
        (b"bytes", [b"bytes"]),
        (" ", []),
        (None, []),
    ],
)
def test_a_cell_of_several_pictures_is_taken_apart(cell, pictures):
    assert picture_list(cell) == pictures


@pytest.mark.parametrize("column", ["images", "additional_image_link", "g:additional_image_link", "附图"])
def test_further_pictures_have_their_usual_columns(column):
    assert resolve(["id", "image", column])["more_images"] == column
