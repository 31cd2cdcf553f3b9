"""Render the shop: python assets/studio/render.py --seed N --out DIR (see README.md)."""

import argparse
import csv
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from studio import catalog, kinds, scenes

WEBP = {"quality": 90, "method": 6}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=catalog.CATALOG_SEED, help="another seed gives other products, with other ids"
    )
    parser.add_argument("--out", type=Path, required=True, help="gets catalog/ and scenes/")
    parser.add_argument("--kinds", nargs="*", default=[], help="such as: mug chair (or mug,chair); default all")
    parser.add_argument("--limit", type=int, default=catalog.PER_KIND, help="products per kind")
    parser.add_argument("--samples", type=int, help="of the packshot; default 12, 24 for scenes")
    parser.add_argument(
        "--size", type=int, help="packshot side in pixels, default 384; of a scene the longer side, default its shot's"
    )
    parser.add_argument("--pictured", action="store_true", help="only the products in scenes that --out has")
    parser.add_argument(
        "--scenes", action="store_true", help="render the scenes instead (those with a product of --kinds)"
    )
    return parser.parse_args()


class Progress:
    """[3/40] and how long the rest will take."""

    def __init__(self, total: int):
        self.total, self.done, self.began = total, 0, time.perf_counter()

    def step(self, text: str) -> None:
        self.done += 1
        each = (time.perf_counter() - self.began) / self.done
        left = each * (self.total - self.done) / 60
        print(f"[{self.done}/{self.total}] {text} ({each:.1f} s each, {left:.0f} min left)", flush=True)


def save(picture, path: Path, **options) -> None:
    """Whole or not at all, so that a run cut off leaves no half picture."""
    draft = path.with_name(f".{os.getpid()}{path.name}")
    picture.save(draft, **options)
    draft.replace(path)


def paths(spec, out: Path) -> tuple[Path, Path, list[Path]]:
    """Packshot, its mask, and the further pictures."""
    image = out / "images" / f"{spec.id}.webp"
    more = [image.with_stem(f"{spec.id}-{name}") for name in catalog.EXTRA_PICTURES]
    return image, out / "masks" / f"{spec.id}.png", more


def complete(spec, out: Path) -> bool:
    image, mask, more = paths(spec, out)
    return all(path.exists() for path in (image, mask, *more))


def render_products(specs, out: Path, size: int, samples: int) -> None:
    for folder in ("images", "masks"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    wanted = [spec for spec in specs if not complete(spec, out)]
    progress = Progress(len(wanted))
    for spec in wanted:
        if not complete(spec, out):  # another run may have come first
            render_product(spec, out, size, samples)
        progress.step(f"{spec.id}: {catalog.title(spec)}")


def render_product(spec, out: Path, size: int, samples: int) -> None:
    """The pictures of a product that do not exist yet."""
    from PIL import Image
    from studio.packshot import Studio

    studio = Studio(spec, size, samples)
    image, mask, (angle, detail) = paths(spec, out)
    if not (image.exists() and mask.exists()):
        picture, outline = studio.packshot()
        save(outline, mask, optimize=True)
        save(picture, image, **WEBP)
    if not angle.exists():
        save(studio.angle(), angle, **WEBP)
    if not detail.exists():
        # From the files, so that a resumed run takes the same place.
        with Image.open(image, formats=["WEBP"]) as picture, Image.open(mask, formats=["PNG"]) as outline:
            save(studio.detail(picture, outline), detail, **WEBP)


def resized(scene, longer: int | None):
    """The scene `longer` pixels wide or high; as its shot has it if that is None."""
    if longer is None:
        return scene
    sides = tuple(round(side * longer / max(scene.shot.size)) for side in scene.shot.size)
    return replace(scene, shot=replace(scene.shot, size=sides))


def render_scenes(wanted, out: Path, samples: int) -> None:
    (out / "masks").mkdir(parents=True, exist_ok=True)
    wanted = [scene for scene in wanted if not (out / f"{scene.id}.jpg").exists()]
    progress = Progress(len(wanted))
    for scene in wanted:
        image = out / f"{scene.id}.jpg"
        if image.exists():  # another run came first
            progress.step(scene.id)
            continue
        try:
            picture, outlines = scenes.shoot(scene, samples)
        except ValueError as error:
            progress.step(f"left out, {error}")
            continue
        for spec, outline in zip(scene.products, outlines, strict=True):
            save(outline, out / "masks" / f"{scene.id}--{spec.id}.png", optimize=True)
        save(picture, image, quality=scene.shot.quality, optimize=True)
        progress.step(f"{image.name}: {scene.row()['caption']}")


def pictured(out: Path) -> set[str]:
    """The ids of the products in the scenes of `out`."""
    with (out / "scenes.csv").open(encoding="utf-8", newline="") as stream:
        return {product for row in csv.DictReader(stream) for product in row["product_ids"].split("|")}


def write_scene_table(seed: int, out: Path) -> None:
    """scenes.csv: in the order it has (the app shows the first ones as samples), new ones at the end."""
    done = [scene.row() for scene in scenes.plan(seed) if (out / f"{scene.id}.jpg").exists()]
    table, order = out / "scenes.csv", {}
    if table.exists():
        with table.open(encoding="utf-8", newline="") as stream:
            order = {row["id"]: place for place, row in enumerate(csv.DictReader(stream))}
    done.sort(key=lambda row: order.get(row["id"], len(order)))
    catalog.write(table, scenes.COLUMNS, done)


def write_table(seed: int, out: Path) -> None:
    """products.csv lists every product that has been photographed, of this run or an earlier one,
    and of its further pictures those that exist."""
    rows = [catalog.row(spec) for spec in catalog.all_specs(seed) if (out / "images" / f"{spec.id}.webp").exists()]
    for row in rows:
        row["images"] = "|".join(name for name in row["images"].split("|") if (out / name).exists())
    catalog.write(out / "products.csv", catalog.COLUMNS, rows)


def main() -> None:
    args = arguments()
    keys = [key for text in args.kinds for key in text.split(",") if key]
    unknown = sorted(set(keys) - set(kinds.KINDS))
    if unknown:
        sys.exit(f"no such kind: {', '.join(unknown)}; there are {', '.join(sorted(kinds.KINDS))}")
    if args.scenes:
        wanted = [resized(s, args.size) for s in scenes.plan(args.seed) if not keys or set(keys) & set(s.shot.kinds)]
        render_scenes(wanted, args.out / "scenes", args.samples or 24)
        write_scene_table(args.seed, args.out / "scenes")
        return
    specs = catalog.all_specs(args.seed, keys, args.limit)
    if args.pictured:
        there = pictured(args.out / "scenes")
        specs = [spec for spec in specs if spec.id in there]
    render_products(specs, args.out / "catalog", args.size or 384, args.samples or 12)
    write_table(args.seed, args.out / "catalog")


if __name__ == "__main__":
    main()
