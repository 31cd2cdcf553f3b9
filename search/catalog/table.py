"""Products <-> a table: what a saved index, an import and an export share.

One row a product, in the datasets format (a picture is a struct of bytes or path). A picture that is a file is
referred to by its absolute path and its size; anything else is copied in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search import images
from search.schema import Product

if TYPE_CHECKING:
    import pyarrow as pa

    from search.schema import ImageInput

_TEXTS = ("category", "brand", "colour", "material", "pattern", "gender", "description")


def to_table(products: Iterable[Product]) -> pa.Table:
    """A row for each product, in order.

    Raises:
        OSError: a picture's file is not there.
        ImageError: a picture cannot be encoded.
    """
    import pyarrow as pa

    text = pa.string()
    schema = pa.schema(
        [("id", text), ("title", text)]
        + [("image", pa.struct([("bytes", pa.binary()), ("path", text), ("size", pa.int64())]))]
        + [("more_images", pa.list_(pa.struct([("bytes", pa.binary()), ("path", text)])))]
        + [(name, text) for name in _TEXTS]
        + [("price", pa.float64()), ("tags", pa.list_(text)), ("attributes", text)]
    )
    return pa.Table.from_pylist([_to_row(product) for product in products], schema=schema)


def from_table(table: pa.Table) -> list[tuple[Product, int | None]]:
    """Products in order, each with the size in bytes that its picture's file had; None of a picture that was copied in.

    Raises:
        InputError: what Product refuses.
        KeyError, ValueError: a column is missing or holds something else.
    """
    return [(_from_row(row), row["image"]["size"]) for row in table.to_pylist()]


def changed_pictures(products: Iterable[tuple[Product, int | None]]) -> list[Product]:
    """Of what `from_table` gave, the products whose picture's file is gone or has another size."""
    return [
        product
        for product, size in products
        if isinstance(product.image, str)
        and not ((file := Path(product.image)).is_file() and file.stat().st_size == size)
    ]


def _to_row(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "title": product.title,
        "image": _picture(product.image),
        "more_images": [_further_picture(image) for image in product.more_images],
        **{name: getattr(product, name) for name in _TEXTS},
        "price": product.price,
        "tags": list(product.tags),
        "attributes": json.dumps(dict(product.attributes), ensure_ascii=False, default=str),
    }


def _from_row(row: dict[str, Any]) -> Product:
    return Product(
        id=row["id"],
        title=row["title"],
        image=_either(row["image"]),
        price=row["price"],
        tags=tuple(row["tags"] or ()),
        attributes=json.loads(row["attributes"]),
        more_images=tuple(_either(more) for more in row["more_images"] or ()),
        **{name: row[name] for name in _TEXTS},
    )


def _picture(image: ImageInput) -> dict[str, Any]:
    if isinstance(image, (str, Path)):
        absolute = Path(image).resolve()
        return {"bytes": None, "path": str(absolute), "size": absolute.stat().st_size}
    return {"bytes": images.encoded(image), "path": None, "size": None}


def _further_picture(image: ImageInput) -> dict[str, Any]:
    """An address stays one; a file need not be there."""
    if isinstance(image, str) and image.startswith(("http://", "https://")):
        return {"bytes": None, "path": image}
    if isinstance(image, (str, Path)):
        return {"bytes": None, "path": str(Path(image).resolve())}
    return {"bytes": images.encoded(image), "path": None}


def _either(picture: dict[str, Any]) -> str | bytes:
    """A stored picture: its bytes, or where it lies."""
    return picture["path"] if picture["bytes"] is None else picture["bytes"]
