"""A small evaluation for use while training: figures on the validation and test splits, never seen by training.

    python -m search.lab.train.evaluation assets/model DATA --split validation

The benchmark that the README quotes is `python -m search evaluate`; this one needs only a model folder.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pyarrow.parquet as pq
import torch
from PIL import Image
from torch.nn import functional as F

from search.lab.train.augment import to_tensor
from search.lab.train.captions import brand_of
from search.lab.train.data import chunks
from search.lab.train.glossary import glossary
from search.metrics import hit_at_k, precision_at_k, ranked

FEWEST = 5  # right answers a query needs to be asked: with fewer, one odd label decides


@dataclass(frozen=True)
class Reader:
    """A model folder, ready to read pictures and texts at `px` pixels (None: the configured size)."""

    model: Any
    preprocess: Callable[[Image.Image], torch.Tensor]
    tokenizer: Callable[[list[str]], torch.Tensor]

    @classmethod
    def open(cls, folder: str, px: int | None = None) -> Reader:
        """Load `local-dir:folder` through open_clip, as the app does."""
        name = f"local-dir:{folder}"
        model, _, preprocess = open_clip.create_model_and_transforms(name, force_image_size=px)
        return cls(model.eval(), preprocess, open_clip.get_tokenizer(name))

    @torch.inference_mode()
    def pictures(self, cells: Sequence[dict], batch: int = 128) -> np.ndarray:
        """(n, d) unit rows from the encoded pictures of a parquet column."""
        found = []
        for part in chunks(len(cells), batch):
            opened = [Image.open(io.BytesIO(cell["bytes"])).convert("RGB") for cell in cells[part]]
            found.append(self.model.encode_image(torch.stack([self.preprocess(picture) for picture in opened])))
        return F.normalize(torch.cat(found), dim=1).numpy()

    @torch.inference_mode()
    def canvases(self, pictures: np.ndarray, batch: int = 128) -> np.ndarray:
        """(n, d) unit rows from (n, px, px, 3) uint8 pictures that training has decoded (`data.canvas`)."""
        parts = (to_tensor(pictures[part]) for part in chunks(len(pictures), batch))
        found = [self.model.encode_image(part.contiguous(memory_format=torch.channels_last)) for part in parts]
        return F.normalize(torch.cat(found), dim=1).numpy()

    @torch.inference_mode()
    def texts(self, lines: Sequence[str], batch: int = 256) -> np.ndarray:
        """(n, d) unit rows."""
        lines = list(lines)
        found = [self.model.encode_text(self.tokenizer(lines[part])) for part in chunks(len(lines), batch)]
        return F.normalize(torch.cat(found), dim=1).numpy()


def fashion(reader: Reader, file: Path, others: np.ndarray | None = None) -> dict[str, float]:
    """Title -> picture, words -> picture in both languages, photo -> same kind and colour, within one split.

    others: (m, px, px, 3) uint8 pictures of other titles; titles are then looked for among those too.
    """
    table = pq.read_table(file)
    rows = {c: np.array(table.column(c).to_pylist()) for c in ("title", "article_type", "base_colour")}
    pictures = reader.pictures(table.column("image").to_pylist())
    words = glossary()
    titles = np.array([title.strip().lower() for title in rows["title"]])
    unique = np.unique(titles)
    order = ranked(reader.texts(unique.tolist()) @ pictures.T, unique[:, None] == titles[None, :])
    figures = {"title R@1": hit_at_k(order, 1).mean(), "title R@10": hit_at_k(order, 10).mean()}
    if others is not None and len(others):
        more = np.concatenate([pictures, reader.canvases(others)])
        right = np.concatenate([unique[:, None] == titles[None, :], np.zeros((len(unique), len(others)), bool)], 1)
        among = hit_at_k(ranked(reader.texts(unique.tolist()) @ more.T, right), 10).mean()
        figures[f"title R@10 among {len(more)}"] = among

    both = list(zip(rows["base_colour"], rows["article_type"], strict=True))
    kinds = [kind for kind, n in zip(*np.unique(rows["article_type"], return_counts=True), strict=True) if n >= FEWEST]
    pairs = [pair for pair in sorted(set(both)) if both.count(pair) >= FEWEST]
    pairs = [(colour, kind) for colour, kind in pairs if colour in words["colours"]]
    of_kind = np.array(kinds)[:, None] == rows["article_type"][None, :]
    of_pair = np.array([[pair == other for other in both] for pair in pairs])
    for language, join in (("en", "{} {}"), ("zh", "{}{}")):
        kind_names = [getattr(words["fashion kinds"][kind], language)[0] for kind in kinds]
        pair_names = [
            join.format(getattr(words["colours"][c], language)[0], getattr(words["fashion kinds"][k], language)[0])
            for c, k in pairs
        ]
        order = ranked(reader.texts(kind_names) @ pictures.T, of_kind)
        figures[f"kind words P@10 {language}"] = precision_at_k(order, 10).mean()
        order = ranked(reader.texts(pair_names) @ pictures.T, of_pair)
        figures[f"colour+kind words P@10 {language}"] = precision_at_k(order, 10).mean()

    brands = np.array([brand_of(title).lower() for title in rows["title"]])
    known = [brand for brand, n in zip(*np.unique(brands, return_counts=True), strict=True) if brand and n >= FEWEST]
    order = ranked(reader.texts(known) @ pictures.T, np.array(known)[:, None] == brands[None, :])
    figures["brand words P@10"] = precision_at_k(order, 10).mean()

    scores = pictures @ pictures.T
    np.fill_diagonal(scores, -np.inf)
    number = {pair: n for n, pair in enumerate(sorted(set(both)))}
    labels = np.array([number[pair] for pair in both])
    same = labels[:, None] == labels[None, :]
    np.fill_diagonal(same, False)
    asked = same.sum(1) >= FEWEST
    figures["photo P@10 same kind+colour"] = precision_at_k(ranked(scores[asked], same[asked]), 10).mean()
    return figures


def clothing(reader: Reader, file: Path) -> dict[str, float]:
    """Zero-shot accuracy over the 17 labels: each label is the mean of its names in one language."""
    table = pq.read_table(file)
    labels = np.array(table.column("label").to_pylist())
    pictures = reader.pictures(table.column("image").to_pylist())
    kinds = glossary()["clothing kinds"]
    figures = {}
    for language in ("en", "zh"):
        prototypes = np.stack([reader.texts(getattr(kind, language)).mean(0) for kind in kinds.values()])
        prototypes /= np.linalg.norm(prototypes, axis=1, keepdims=True)
        guess = np.array(list(kinds))[(pictures @ prototypes.T).argmax(1)]
        figures[f"clothing zero-shot {language}"] = float((guess == labels).mean())
    return figures


def grocery(reader: Reader, file: Path, packshots: Path) -> dict[str, float]:
    """Phone photo -> the article's packshot, among all 81."""
    table, clean = pq.read_table(file), pq.read_table(packshots)
    photos, shots = (reader.pictures(t.column("image").to_pylist()) for t in (table, clean))
    right = np.array(table.column("article").to_pylist())[:, None] == np.array(clean.column("article").to_pylist())
    order = ranked(photos @ shots.T, right)
    return {"grocery packshot R@1": hit_at_k(order, 1).mean(), "grocery packshot R@5": hit_at_k(order, 5).mean()}


def rendered(reader: Reader, folder: Path) -> dict[str, float]:
    """The embedded catalog, whose kinds the training saw as words only: categories, and titles in both languages."""
    with (folder / "products.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pictures = reader.pictures([{"bytes": (folder / row["image"]).read_bytes()} for row in rows])
    categories = np.array([row["category"] for row in rows])
    asked = np.unique(categories)
    order = ranked(reader.texts(asked.tolist()) @ pictures.T, asked[:, None] == categories[None, :])
    figures = {"catalog category words P@10": precision_at_k(order, 10).mean()}
    for column in ("title", "title_zh"):
        order = ranked(reader.texts([row[column] for row in rows]) @ pictures.T, np.eye(len(rows), dtype=bool))
        figures[f"catalog {column} R@1"] = hit_at_k(order, 1).mean()
        figures[f"catalog {column} R@10"] = hit_at_k(order, 10).mean()
    return figures


def rounded(figures: dict[str, float]) -> dict[str, float]:
    """Plain floats with 4 places."""
    return {name: round(float(value), 4) for name, value in figures.items()}


def everything(
    reader: Reader, data: Path, split: str = "validation", others: np.ndarray | None = None
) -> dict[str, float]:
    """All figures of a split; clothing/ and grocery/ have a validation split only. others: see `fashion`."""
    figures = fashion(reader, data / "fashion" / f"{split}.parquet", others)
    if split == "validation":
        figures |= clothing(reader, data / "clothing" / "validation.parquet")
        figures |= grocery(reader, data / "grocery" / "validation.parquet", data / "grocery" / "packshots.parquet")
    return rounded(figures)


def main(argv: Iterable[str] | None = None) -> int:
    """Print the figures as JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description="Figures of a model folder on the splits training never reads.")
    parser.add_argument("model", help="folder of the model")
    parser.add_argument("data", type=Path, help="folder with fashion/, clothing/ and grocery/")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--px", type=int, help="size of the picture, instead of the model's own")
    parser.add_argument("--catalog", type=Path, help="folder of the rendered catalog, to measure there too")
    args = parser.parse_args(None if argv is None else list(argv))
    reader = Reader.open(args.model, args.px)
    figures = everything(reader, args.data, args.split)
    if args.catalog:
        figures |= rounded(rendered(reader, args.catalog))
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
