"""A data set of the Hugging Face hub -> numbered rows of values by column."""

from __future__ import annotations

from collections.abc import Iterator

from search import hub
from search.catalog.rows import Numbered
from search.errors import CatalogError


def dataset_rows(name: str) -> Iterator[Numbered]:
    """The rows of owner/dataset or, with a split, owner/dataset@test (else "train", else the first).

    Pictures stay the bytes they are: search.images decodes them, under its limits.

    Raises:
        CatalogError: there is no such data set or split, or no network.
    """
    name, _, split = name.partition("@")
    try:
        import datasets

        with hub.quiet():
            parts = datasets.load_dataset(name)
        chosen = split or ("train" if "train" in parts else next(iter(parts)))
        if chosen not in parts:
            raise CatalogError(f"{name} has no split {chosen!r}.", f"It has: {', '.join(parts)}.")
        data = parts[chosen]
        for column, feature in data.features.items():
            if isinstance(feature, datasets.Image):
                data = data.cast_column(column, datasets.Image(decode=False))
    except CatalogError:
        raise
    except Exception as error:
        raise CatalogError(
            f"The dataset {name} cannot be had ({type(error).__name__}).",
            "Check its name and the network, or load a local folder, .csv, .parquet or .zip.",
            code="catalog_hub",
            source=name,
        ) from error
    yield from enumerate(data, start=1)
