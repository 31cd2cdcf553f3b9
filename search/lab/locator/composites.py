"""Photographs that nobody took: one to five products laid on a ground, with shadows, blur and light, and their masks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from search.lab.locator.sources import Labelled

#: Sides of a made photograph in pixels, before it is stretched to the square that the trunk looks at.
SIZES = ((384, 384), (384, 288), (288, 384), (384, 256), (256, 384))
#: A product of which less than this is left uncovered is no longer one.
VISIBLE = 0.35
#: What is smaller than this share of the picture is not asked for.
SMALLEST = 0.002


@dataclass(frozen=True)
class Sample:
    """A picture to learn from.

    Args:
        unlabelled: it may show products beside those of the masks.
        alone: it shows one product, and nobody has said where.
    """

    picture: Image.Image
    masks: tuple[np.ndarray, ...]  # (h, w) bool each, in the picture's size, none overlapping another
    unlabelled: bool
    alone: bool = False


class Canvas:
    """A photograph in the making: products are laid on it one after the other, each over those before."""

    def __init__(self, ground: Image.Image, masks: Sequence[np.ndarray] = ()) -> None:
        self.picture = ground.copy()
        self.masks = [mask.copy() for mask in masks]
        self.whole = [int(mask.sum()) for mask in masks]

    def lay(self, product: Image.Image, alpha: Image.Image, corner: tuple[int, int], rng: random.Random) -> None:
        """Lay a product with its L mask so that its upper left corner is at `corner`, with a shadow or without."""
        place = Image.new("L", self.picture.size)
        place.paste(alpha, corner)
        if rng.random() < 0.7:
            self._shade(place, rng)
        self.picture.paste(product, corner, alpha)
        mask = np.asarray(place) > 127
        for other in self.masks:
            other &= ~mask
        self.masks.append(mask)
        # What hangs over the border was never to be seen.
        self.whole.append(int(mask.sum()))

    def _shade(self, place: Image.Image, rng: random.Random) -> None:
        reach = rng.uniform(0.005, 0.05) * min(self.picture.size)
        moved = ImageChops.offset(place, round(rng.uniform(-1, 1) * reach), round(reach))
        soft = moved.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1) * reach + 1))
        dark = rng.uniform(0.2, 0.7)
        self.picture.paste((0, 0, 0), (0, 0), soft.point(lambda value: int(value * dark)))

    def finished(self, unlabelled: bool) -> Sample:
        """The picture with the masks of what can still be recognised."""
        area = self.picture.width * self.picture.height
        kept = [
            mask
            for mask, whole in zip(self.masks, self.whole, strict=True)
            if mask.sum() >= max(VISIBLE * whole, SMALLEST * area)
        ]
        return Sample(self.picture, tuple(kept), unlabelled)


def zoomed(scene: Labelled, rng: random.Random, size: tuple[int, int], closest: float = 0.5) -> Canvas:
    """A part of a labelled picture at `size`, mirrored or not; at least `closest` of each side."""
    width, height = scene.picture.size
    share = rng.uniform(closest, 1)
    wide, high = share * width, min(share * rng.uniform(0.85, 1.15), 1) * height
    left, top = rng.uniform(0, width - wide), rng.uniform(0, height - high)
    box = (left, top, left + wide, top + high)
    mirrored = rng.random() < 0.5
    picture = scene.picture.resize(size, Image.Resampling.BICUBIC, box=box)
    masks = [
        np.asarray(Image.fromarray(mask).convert("L").resize(size, Image.Resampling.BILINEAR, box=box)) > 127
        for mask in scene.masks
    ]
    if mirrored:
        picture, masks = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), [mask[:, ::-1] for mask in masks]
    canvas = Canvas(picture, masks)
    # Of a product at the frame's edge what lies outside counts as covered.
    scale = (size[0] / wide) * (size[1] / high)
    canvas.whole = [int(mask.sum() * scale) for mask in scene.masks]
    return canvas


def plain(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """A ground without anything on it: one colour or a gradient of two, with grain."""
    first, second = (np.array([rng.randint(20, 255) for _ in range(3)], np.float32) for _ in range(2))
    if rng.random() < 0.4:
        first = np.full(3, rng.choice((255, 250, 240, 230, 200)), np.float32)
    second = first + (second - first) * rng.choice((0, 0.1, 0.4))
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-0.5 : 0.5 : size[1] * 1j, -0.5 : 0.5 : size[0] * 1j]
    t = (0.5 + 0.7 * (x * np.cos(angle) + y * np.sin(angle))).clip(0, 1)[..., None]
    grain = np.random.default_rng(rng.randrange(2**32)).normal(0, rng.choice((0, 3, 8)), (size[1], size[0], 1))
    return Image.fromarray((first * (1 - t) + second * t + grain).clip(0, 255).astype(np.uint8))


def relit(picture: Image.Image, rng: random.Random) -> Image.Image:
    """The picture under other light."""
    for enhance, spread in ((ImageEnhance.Brightness, 0.2), (ImageEnhance.Contrast, 0.15), (ImageEnhance.Color, 0.2)):
        picture = enhance(picture).enhance(rng.uniform(1 - spread, 1 + spread))
    return picture


def shaped(product: Labelled, rng: random.Random, longest: int) -> tuple[Image.Image, Image.Image]:
    """(picture, L mask) of a product cut out, mirrored and turned at random, its longest side `longest` pixels."""
    mask = Image.fromarray(product.masks[0]).convert("L")
    box = mask.getbbox()
    picture, mask = relit(product.picture.crop(box), rng), mask.crop(box)
    if rng.random() < 0.5:
        picture, mask = (part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for part in (picture, mask))
    if rng.random() < 0.4:
        angle = rng.choice((90, 180, 270)) if rng.random() < 0.2 else rng.uniform(-20, 20)
        picture, mask = (part.rotate(angle, Image.Resampling.BICUBIC, expand=True) for part in (picture, mask))
        box = mask.getbbox()
        picture, mask = picture.crop(box), mask.crop(box)
    ratio = longest / max(picture.size)
    size = (max(4, round(picture.width * ratio)), max(4, round(picture.height * ratio)))
    # The outermost pixels are mixed with the old ground.
    mask = mask.filter(ImageFilter.MinFilter(3)).resize(size, Image.Resampling.BILINEAR)
    return picture.resize(size, Image.Resampling.BICUBIC), mask.filter(ImageFilter.GaussianBlur(0.6))


class Composer:
    """Makes photographs out of products and grounds.

    Args:
        products: groups of cut-outs; each group is drawn from alike.
        scenes: labelled pictures to lay products on.
        grounds: photographs to lay products on, whose own things are not labelled.
    """

    def __init__(
        self, products: Sequence[Sequence[Labelled]], scenes: Sequence[Labelled], grounds: Sequence[Image.Image]
    ) -> None:
        self.products = products
        self.scenes = scenes
        self.grounds = grounds

    def make(self, rng: random.Random) -> Sample:
        """One photograph."""
        size = rng.choice(SIZES)
        kind = rng.choices(("scene", "photo", "texture", "plain"), (4, 3, 2, 2))[0]
        canvas = self._ground(kind, size, rng)
        count = rng.choices((1, 2, 3, 4, 5), (35, 30, 18, 10, 7))[0]
        for _ in range(count):
            self._lay_one(canvas, count, rng)
        sample = canvas.finished(kind in ("photo", "texture"))
        return Sample(finish(sample.picture, rng), sample.masks, sample.unlabelled)

    def _ground(self, kind: str, size: tuple[int, int], rng: random.Random) -> Canvas:
        if kind == "scene":
            return zoomed(rng.choice(self.scenes), rng, size)
        if kind == "plain":
            return Canvas(plain(rng, size))
        picture = rng.choice(self.grounds)
        # A small part of a photograph is cloth, wood or wall more often than a thing.
        closest = (0.12, 0.3) if kind == "texture" else (0.6, 1.0)
        share = rng.uniform(*closest)
        left, top = (rng.uniform(0, (1 - share) * side) for side in picture.size)
        if kind == "texture":
            left, top = (rng.choice((0, (1 - share) * side)) for side in picture.size)
        box = (left, top, left + share * picture.width, top + share * picture.height)
        ground = picture.resize(size, Image.Resampling.BICUBIC, box=box)
        if kind == "texture":
            ground = ground.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.5)))
        return Canvas(relit(ground, rng))

    def _lay_one(self, canvas: Canvas, count: int, rng: random.Random) -> None:
        product = rng.choice(rng.choice(self.products))
        width, height = canvas.picture.size
        largest = {1: 1.0, 2: 0.65, 3: 0.5}.get(count, 0.4)
        longest = rng.uniform(0.1, largest) * max(width, height)
        if count == 1 and rng.random() < 0.4:
            longest = rng.uniform(0.7, 1.05) * max(width, height)
        picture, mask = shaped(product, rng, round(longest))
        if picture.width > 1.1 * width or picture.height > 1.1 * height:
            ratio = min(width / picture.width, height / picture.height)
            fitted = (max(4, round(picture.width * ratio)), max(4, round(picture.height * ratio)))
            picture, mask = picture.resize(fitted), mask.resize(fitted)
        corner = self._corner(canvas, picture.size, rng)
        canvas.lay(picture, mask, corner, rng)

    @staticmethod
    def _corner(canvas: Canvas, size: tuple[int, int], rng: random.Random) -> tuple[int, int]:
        """Where to lay a product: mostly where it covers little of the others, at times touching one."""
        width, height = canvas.picture.size
        hang = 0.1
        best, least = (0, 0), np.inf
        taken = np.maximum.reduce(canvas.masks) if canvas.masks else np.zeros((height, width), bool)
        limit = rng.choice((0.0, 0.0, 0.1, 0.3))
        for _ in range(8):
            left = round(rng.uniform(-hang * size[0], max(width - size[0] * (1 - hang), 1)))
            top = round(rng.uniform(-hang * size[1], max(height - size[1] * (1 - hang), 1)))
            covered = taken[max(top, 0) : top + size[1], max(left, 0) : left + size[0]]
            share = float(covered.mean()) if covered.size else 1.0
            if abs(share - limit) < least:
                best, least = (left, top), abs(share - limit)
        return best


def finish(picture: Image.Image, rng: random.Random) -> Image.Image:
    """As a camera and a shop's server leave it: a little blurred, noisy, under other light."""
    if rng.random() < 0.4:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    if rng.random() < 0.4:
        pixels = np.asarray(picture, np.float32)
        noise = np.random.default_rng(rng.randrange(2**32)).normal(0, rng.uniform(1, 8), pixels.shape)
        picture = Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))
    return relit(picture, rng)
