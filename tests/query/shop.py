"""A small shop whose words a query is read by."""

from __future__ import annotations

from PIL import Image

from search import Catalog, Product
from search.query.vocabulary import Vocabulary

_PICTURE = Image.new("RGB", (8, 8))
#: id, title, Chinese title, category, brand, colour, material, pattern, gender, season, finish
_ROWS = [
    ("mug-001", "Speckled red mug", "斑点红色马克杯", "Mugs", "Kiln & Co", "red", "ceramic", "speckled", "", "", "glazed"),
    ("mug-002", "Navy mug", "海军蓝马克杯", "Mugs", "Kiln & Co", "blue", "ceramic", "solid", "", "", "matte"),
    ("sofa-1", "Harbour sofa in orange", "港湾橙色沙发", "Sofas", "Nordvik", "orange", "velvet", "", "", "", ""),
    ("dress-1", "Meadow floral dress", "草地碎花连衣裙", "Dresses", "Sorrel House", "white", "cotton", "floral",
     "women", "summer", ""),
    ("dress-2", "Plain midi dress", "素色连衣裙", "Dresses", "Only", "black", "linen", "solid", "women", "winter", ""),
    ("boots-1", "Chelsea boots", "切尔西靴", "Boots", "Nordvik", "black", "leather", "", "men", "winter", ""),
    ("gadget-1", "Wobbly frobnicator", "摇摆器", "Frobnicators", "Playfield", "yellow", "", "", "kids", "", ""),
    ("gadget-2", "Steady frobnicator with quiet hinges", "静音铰链器", "Frobnicators", "Playfield", "green", "", "", "kids",
     "", ""),
]  # fmt: skip


def products() -> list[Product]:
    """The products of the shop, prices in euros."""
    return [
        Product(
            id, title, _PICTURE, category, brand, colour or None, material or None, pattern or None, gender or None,
            price=10.0 * number, attributes={"title_zh": zh, "season": season, "finish": finish, "currency": "EUR"},
        )
        for number, (id, title, zh, category, brand, colour, material, pattern, gender, season, finish) in enumerate(
            _ROWS, start=1
        )
    ]  # fmt: skip


def vocabulary() -> Vocabulary:
    """What the shop knows."""
    return Vocabulary.of(Catalog(products()))
