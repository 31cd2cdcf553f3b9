"""One row of somebody's table -> a Product.

Column names are compared without case, spaces and punctuation, so "Image Src", "image_src" and
"imageSrc" are the same. What no field claims goes to `attributes` under its own name.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from search.errors import InputError
from search.schema import Product

if TYPE_CHECKING:
    from search.schema import ImageInput

#: Field -> names of its column, the most specific first. Sources: Shopify's product CSV (old and
#: 2025 headers), Google Merchant Center's feed, the Fashion Product Images data set, and the plain
#: names people use in English and Chinese.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "productid", "itemid", "sku", "handle", "urlhandle", "variantsku", "gid", "商品id", "编号", "货号"),
    "title": ("title", "productdisplayname", "producttitle", "productname", "name", "gtitle", "article",
              "标题", "名称", "商品名称"),
    "image": ("image", "imagesrc", "productimageurl", "imagelink", "gimagelink", "imagepath", "imageurl", "imagefile",
              "picture", "photo", "filename", "file", "img", "图片", "主图"),
    "more_images": ("moreimages", "additionalimagelink", "gadditionalimagelink", "additionalimages", "additionalimage",
                    "images", "otherimages", "imagelinks", "imageurls", "pictures", "photos", "gallery", "附图", "更多图片"),
    "category": ("category", "articletype", "productcategory", "producttype", "gproducttype", "type",
                 "googleproductcategory", "ggoogleproductcategory", "kind", "label", "group", "类别", "分类", "类目"),
    "brand": ("brand", "vendor", "gbrand", "manufacturer", "品牌"),
    "colour": ("colour", "color", "basecolour", "basecolor", "gcolor", "颜色"),
    "material": ("material", "gmaterial", "fabric", "材质", "面料"),
    "pattern": ("pattern", "gpattern", "图案", "花纹"),
    "gender": ("gender", "ggender", "targetgender", "性别"),
    "price": ("price", "variantprice", "gprice", "saleprice", "价格", "售价"),
    "description": ("description", "bodyhtml", "gdescription", "body", "描述", "详情"),
    "tags": ("tags", "keywords", "标签"),
}  # fmt: skip

#: The column in which Shopify's further rows of pictures are gathered; one of COLUMNS["more_images"].
MORE_IMAGES = "more images"

#: What Shopify may call an option whose value is one of our fields.
_OPTIONS = {"color": "colour", "colour": "colour", "material": "material", "pattern": "pattern", "颜色": "colour"}

#: Columns of the coarse groups by which a shop is laid out; they become the attribute "department".
_DEPARTMENTS = ("department", "mastercategory", "部门", "一级类目")

_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "元": "CNY"}

#: Descriptions are shown and searched as a paragraph; exports carry whole pages.
_MAX_DESCRIPTION = 4_000
_MAX_TITLE = 300


#: Characters of a cell that are looked at: exports carry whole pages, nobody a book.
_MAX_CELL = 100_000
_SCRIPT = re.compile(r"<(script|style)\b", re.I)


@lru_cache(4_096)
def normalise(column: str) -> str:
    """A column name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", str(column)).lower()


def resolve(columns: list[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Field -> the column it is read from; fields without a column are left out.

    Args:
        mapping: field -> column, which goes before the known names.

    Raises:
        InputError: the mapping names a field or a column that does not exist.
    """
    chosen: dict[str, str] = {}
    for field, column in (mapping or {}).items():
        if field not in COLUMNS:
            raise InputError(f"A product has no field {field!r}.", f"Map one of: {', '.join(COLUMNS)}.")
        if column not in columns:
            raise InputError(f"There is no column {column!r}.", f"The columns are: {', '.join(columns)}.")
        chosen[field] = column
    by_name = {normalise(column): column for column in reversed(columns)}
    for field, names in COLUMNS.items():
        for name in names:
            if field not in chosen and name in by_name and by_name[name] not in chosen.values():
                chosen[field] = by_name[name]
    return chosen


def to_product(
    row: Mapping[str, Any],
    fields: Mapping[str, str],
    image: ImageInput,
    *,
    fallback: str,
    more_images: Sequence[ImageInput] = (),
) -> Product:
    """A Product from one row.

    Args:
        row: column -> value.
        fields: field -> column, from `resolve`.
        image: the picture, already found.
        fallback: the id where the row has none.
        more_images: the further pictures, already found.

    Raises:
        InputError: a bad price, or what Product itself refuses.
    """
    values = {field: parse(row.get(fields[field])) for field, parse in PARSERS.items() if field in fields}
    attributes = _attributes(row, set(fields.values()))
    for field, value in _shopify_options(row).items():
        values[field] = values.get(field) or value
    values["title"] = (values.get("title") or values.get("category") or fallback)[:_MAX_TITLE]
    price, currency = values.pop("price", None) or (None, None)
    if currency:
        attributes.setdefault("currency", currency)
    department, values["category"] = _path(values.get("category"))
    if department:
        attributes.setdefault("department", department)
    values["id"] = values.get("id") or fallback
    return Product(image=image, price=price, attributes=attributes, more_images=tuple(more_images), **values)


def picture_list(cell: Any) -> list[Any]:
    """The pictures that a cell names: a list as it is, text taken apart at "|", "," or ";".

    A bar, where there is one, is the only separator. Addresses may have commas in them
    (images.example/w_200,h_300/a.jpg) and are taken apart only where the next one begins.
    """
    if isinstance(cell, (list, tuple)):
        return [item for item in cell if item]
    if isinstance(cell, (bytes, Mapping)):
        return [cell]
    text = clean(cell)
    if not text:
        return []
    if "|" in text:
        pieces = text.split("|")
    elif re.match(r"https?://", text):
        pieces = re.split(r"[,;\s]\s*(?=https?://)", text)
    else:
        pieces = re.split(r"[,;]", text)
    return [piece for piece in (piece.strip(" ,;") for piece in pieces) if piece]


def clean(value: Any) -> str | None:
    """Text without mark-up and stray spaces; None for what means "nothing" in exports."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text[:_MAX_CELL]
    if "<" in text and ">" in text:
        text = _without_scripts(text)
        text = re.sub(r"<[^<>]*>", " ", text)
    # A number of more digits than any character has would only cost time.
    text = re.sub(r"&#\d{8,};?", " ", text)
    text = re.sub(r"\s+", " ", html.unescape(text)).strip()
    return None if text.lower() in ("", "nan", "none", "null", "n/a") else text


def _without_scripts(text: str) -> str:
    """Without scripts and style sheets, in linear time: each end is looked for from its own beginning only."""
    kept, at = [], 0
    while opened := _SCRIPT.search(text, at):
        closed = re.compile(rf"</{opened[1]}\s*>", re.I).search(text, opened.end())
        if closed is None:
            break
        kept.append(text[at : opened.start()])
        at = closed.end()
    return " ".join([*kept, text[at:]])


def parse_price(value: Any) -> tuple[float | None, str | None]:
    """(amount, currency) of "19.99 USD", "€ 1.299,00", "¥ 1,299"; (None, None) of an empty cell.

    Raises:
        InputError: it is not a price, or it is negative.
    """
    if isinstance(value, (int, float)) and not math.isnan(value):
        if not math.isfinite(value) or value < 0:
            raise InputError(f"The price {value} is not a finite number of zero or more.", code="bad_price")
        return float(value), None
    text = clean(value)
    if text is None:
        return None, None
    currency = next((code for sign, code in _CURRENCIES.items() if sign in text), None)
    if match := re.search(r"\b[A-Z]{3}\b", text):
        currency = match.group()
    amounts = re.findall(r"-?\d(?:[\d.,'’\s]*\d)?", text)
    if len(amounts) != 1:
        raise InputError(f"The price {text!r} is not one number.", code="bad_price")
    number = re.sub(r"[^\d.,\-]", "", amounts[0])
    whole, decimals = number, ""
    if match := re.fullmatch(r"(.*?)[.,](\d{1,2})", number):
        whole, decimals = match.groups()
    # One point and more than two digits after it: 7.995 in a data frame, but 1.299 EUR is a sofa.
    elif re.fullmatch(r"-?\d+\.\d+", number) and currency != "EUR":
        whole, decimals = number.split(".")
    amount = float(re.sub(r"[.,]", "", whole) + ("." + decimals if decimals else ""))
    if amount < 0:
        raise InputError(f"The price {text!r} is negative.", code="bad_price")
    return amount, currency


def _tags(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, (list, tuple)) else re.split(r"[|,;，、]", str(value or ""))
    return tuple(dict.fromkeys(tag for item in items if (tag := clean(item))))


def _description(value: Any) -> str | None:
    text = clean(value)
    return text[:_MAX_DESCRIPTION] if text else None


def _path(category: str | None) -> tuple[str | None, str | None]:
    """(department, kind) of a category: Google's and Shopify's are paths, "Home > Kitchen > Mugs"."""
    steps = [step.strip() for step in (category or "").split(">") if step.strip()]
    return steps[0] if len(steps) > 1 else None, steps[-1] if steps else None


def _shopify_options(row: Mapping[str, Any]) -> dict[str, str]:
    """Field -> value of the options that Shopify names in one column and fills in the next."""
    by_name = {normalise(column): value for column, value in reversed(list(row.items()))}
    options = {}
    for number in "321":  # of two options for one field, the first counts
        field = _OPTIONS.get((clean(by_name.get(f"option{number}name")) or "").lower())
        if field and (value := clean(by_name.get(f"option{number}value"))):
            options[field] = value
    return options


def _attributes(row: Mapping[str, Any], claimed: Collection[str]) -> dict[str, Any]:
    """Column -> plain value of what no field claims; a column of departments is called "department"."""
    attributes = {
        column: value for column, raw in row.items() if column not in claimed and (value := _plain(raw)) is not None
    }
    coarse = next((column for column in attributes if normalise(column) in _DEPARTMENTS), None)
    if coarse and "department" not in attributes:
        attributes["department"] = attributes.pop(coarse)
    return attributes


def _plain(value: Any) -> Any:
    """Text, a number or a truth value; None for pictures and nested values."""
    if isinstance(value, (bool, int)):
        return value
    return clean(value) if isinstance(value, (str, float)) else None


#: How the cell of a field becomes the field's value; pictures are found before (search.catalog.rows).
PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "id": clean,
    "title": clean,
    "category": clean,
    "brand": clean,
    "colour": clean,
    "material": clean,
    "pattern": clean,
    "gender": clean,
    "price": parse_price,
    "description": _description,
    "tags": _tags,
}
