"""What the locator is taught with: scenes, packshots and garments as they are, and photographs put together from them."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from search.lab.locator.composites import SIZES, Composer, Sample, finish, zoomed
from search.lab.locator.sources import Labelled, cut_outs, photographs, plain_ground, rendered_packshots, scenes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Material:
    """Labelled pictures by where they come from, photographs of one thing that nobody cut out (`alone`), and any photographs."""

    scenes: tuple[Labelled, ...]
    rendered: tuple[Labelled, ...]
    fashion: tuple[Labelled, ...]
    home: tuple[Labelled, ...]
    garments: tuple[Labelled, ...]
    alone: tuple[Image.Image, ...]
    grounds: tuple[Image.Image, ...]


def read(data: Path, renders: Path, each: int, rng: random.Random) -> Material:
    """At most `each` pictures of every data set, and all of the renders (SEED/catalog, SEED/scenes)."""
    found = {name: photographs(data / name / "train.parquet", each, rng) for name in ("fashion", "home", "clothing")}
    material = Material(
        scenes=tuple(scene for folder in sorted(renders.glob("*/scenes")) for scene in scenes(folder)),
        rendered=tuple(shot for folder in sorted(renders.glob("*/catalog")) for shot in rendered_packshots(folder)),
        fashion=tuple(cut_outs(found["fashion"])),
        home=tuple(cut_outs(found["home"])),
        garments=tuple(cut_outs(found["clothing"])),
        alone=tuple(picture for picture in found["clothing"] if plain_ground(picture) is None),
        grounds=(*found["clothing"], *photographs(data / "grocery" / "train.parquet", each // 5, rng)),
    )
    log.info("%s", {name: len(value) for name, value in vars(material).items()})
    return material


def samples(material: Material, composites: int, rng: random.Random) -> Iterator[Sample]:
    """Scenes as they are and in part, packshots, garments, and `composites` made ones."""
    for scene in material.scenes:
        yield Sample(scene.picture, scene.masks, False)
        yield zoomed(scene, rng, rng.choice(SIZES), 0.55).finished(False)
    for group, count in ((material.rendered, 100), (material.fashion, 80), (material.home, 120)):
        for shot in rng.sample(group, min(count, len(group))):
            yield Sample(finish(shot.picture, rng), shot.masks, False)
    for garment in rng.sample(material.garments, min(200, len(material.garments))):
        yield Sample(garment.picture, garment.masks, True)
    for picture in material.alone:
        yield Sample(picture, (), unlabelled=True, alone=True)
    composer = Composer(
        (material.rendered, material.fashion, material.home, material.garments), material.scenes, material.grounds
    )
    for _ in range(composites):
        yield composer.make(rng)
