"""Render the shop: python assets/studio/render.py --seed N --out DIR (see README.md)."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from studio import catalog, kinds, scenes


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=catalog.CATALOG_SEED, help="another seed gives other products, with other ids"
    )
    parser.add_argument("--out", type=Path, required=True, help="gets catalog/ and scenes/")
    parser.add_argument("--kinds", default="", help="comma-separated, such as mug,chair; default all")
    parser.add_argument("--limit", type=int, default=catalog.PER_KIND, help="products per kind")
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--size", type=int, default=384, help="packshot side in pixels")
    parser.add_argument(
        "--scenes", action="store_true", help="render the scenes instead (those with a product of --kinds)"
    )
    return parser.parse_args()


def render_products(specs, out: Path, size: int, samples: int) -> None:
    from studio.packshot import packshot

    for folder in ("images", "masks"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for number, spec in enumerate(specs, 1):
        image, mask = out / "images" / f"{spec.id}.webp", out / "masks" / f"{spec.id}.png"
        if image.exists() and mask.exists():
            continue
        started = time.perf_counter()
        picture, outline = packshot(spec, size, samples)
        outline.save(mask, optimize=True)
        picture.save(image, quality=86, method=6)
        print(
            f"[{number}/{len(specs)}] {spec.id}: {catalog.title(spec)} ({time.perf_counter() - started:.1f} s)",
            flush=True,
        )


def render_scenes(scenes, out: Path, samples: int) -> None:
    from studio.scenes import shoot

    (out / "masks").mkdir(parents=True, exist_ok=True)
    for number, scene in enumerate(scenes, 1):
        image = out / f"{scene.id}.jpg"
        if image.exists():
            continue
        started = time.perf_counter()
        picture, outlines = shoot(scene, samples)
        for spec, outline in zip(scene.products, outlines, strict=True):
            outline.save(out / "masks" / f"{scene.id}--{spec.id}.png", optimize=True)
        picture.save(image, quality=84, optimize=True)
        print(
            f"[{number}/{len(scenes)}] {image.name}: {scene.row()['caption']} ({time.perf_counter() - started:.1f} s)",
            flush=True,
        )


def write_scene_table(seed: int, out: Path) -> None:
    done = [scene for scene in scenes.plan(seed) if (out / f"{scene.id}.jpg").exists()]
    catalog.write(out / "scenes.csv", scenes.COLUMNS, [scene.row() for scene in done])


def write_table(seed: int, out: Path) -> None:
    """products.csv lists every product that has been photographed, of this run or an earlier one."""
    done = [s for s in catalog.all_specs(seed) if (out / "images" / f"{s.id}.webp").exists()]
    catalog.write(out / "products.csv", catalog.COLUMNS, [catalog.row(spec) for spec in done])


def main() -> None:
    args = arguments()
    keys = [key for key in args.kinds.split(",") if key]
    unknown = sorted(set(keys) - set(kinds.KINDS))
    if unknown:
        sys.exit(f"no such kind: {', '.join(unknown)}; there are {', '.join(sorted(kinds.KINDS))}")
    if args.scenes:
        wanted = [s for s in scenes.plan(args.seed) if not keys or set(keys) & set(s.shot.kinds)]
        render_scenes(wanted, args.out / "scenes", args.samples)
        write_scene_table(args.seed, args.out / "scenes")
        return
    specs = catalog.all_specs(args.seed, keys, args.limit)
    render_products(specs, args.out / "catalog", args.size, args.samples)
    write_table(args.seed, args.out / "catalog")


if __name__ == "__main__":
    main()
