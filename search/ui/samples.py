"""Sample photos to search with: a folder with scenes.csv and a folder of images."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """A photo to try the search with; `products` are the ids of what it shows."""

    id: str
    path: Path
    caption: str
    caption_zh: str
    products: tuple[str, ...] = ()

    def words(self, lang: str) -> str:
        return (self.caption_zh if lang == "zh" else self.caption) or self.caption or self.id


def load(folder: Path | None) -> dict[str, Sample]:
    """Id -> sample, in the order of scenes.csv; rows without a picture are left out.

    A folder that is not there has no samples: they are a convenience, not a reason to stop.
    """
    table = folder / "scenes.csv" if folder else None
    if table is None or not table.is_file():
        return {}
    samples = {}
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            sample_id = (row.get("id") or "").strip()
            path = _picture(table.parent, sample_id, (row.get("image") or "").strip())
            if sample_id and path:
                samples[sample_id] = Sample(
                    sample_id,
                    path,
                    (row.get("caption") or "").strip(),
                    (row.get("caption_zh") or "").strip(),
                    tuple((row.get("product_ids") or "").replace("|", " ").replace(";", " ").split()),
                )
    return samples


def _picture(folder: Path, sample_id: str, name: str) -> Path | None:
    """The picture of a row, which must lie inside the folder."""
    root = folder.resolve()
    for candidate in (name, f"images/{sample_id}.jpg"):
        path = (root / candidate).resolve()
        if candidate and path.is_relative_to(root) and path.is_file():
            return path
    return None
