"""What a model has to beat: baselines that are asked the same queries as a model, as far as they can answer them.

    random      vectors without a meaning; its figures are the column "chance", by simulation
    histogram   the colours of a picture
    imagenet    the embedded model's picture tower before training
    sentences   a search in the catalog's titles, without a look at its pictures

imagenet and sentences need a package each that training uses and the app does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from search import images
from search.encoder.base import BATCH, fingerprint, unit
from search.errors import CatalogError, ImageError, ModelError
from search.indexing import embed
from search.schema import Product

if TYPE_CHECKING:
    from search.schema import ImageInput

Floats = NDArray[np.float32]


class Baseline:
    """An encoder for comparison.

    `tasks` are those it can be asked, and `cannot` says why not the others; `name`, `fingerprint`,
    `dim` and `image_size` are as of an Encoder.
    """

    name: str
    fingerprint: str
    dim: int
    image_size: int = 128
    tasks: tuple[str, ...]
    cannot: str

    def encode_products(self, products: Sequence[Product]) -> Floats:
        """(n, dim) unit rows: what the gallery holds. Of pictures, unless a baseline reads something else.

        Raises:
            ImageError: one of the pictures cannot be used.
        """
        return self.encode_images([product.image for product in products])

    def encode_images(self, pictures: Sequence[ImageInput]) -> Floats:
        """(n, dim) unit rows of paths, bytes or PIL pictures."""
        raise NotImplementedError


class Random(Baseline):
    """Vectors drawn by seed, whatever they stand for: directions without a preference (Muller 1959)."""

    name = "random"
    dim = 64
    tasks = (
        "title", "attributes", "brands", "synonyms", "photo", "packshot", "scene", "composed", "exclude", "zero_shot",
        "home_zero_shot", "photograph_kind",
    )  # fmt: skip
    cannot = "chance has no band"

    def __init__(self, seed: int = 0):
        self.fingerprint = f"seed-{seed}"
        self._rng = np.random.default_rng(seed)

    def encode_images(self, pictures: Sequence[ImageInput]) -> Floats:
        return unit(self._rng.standard_normal((len(pictures), self.dim)))

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """(n, dim) unit rows."""
        return unit(self._rng.standard_normal((len(texts), self.dim)))


class Histogram(Baseline):
    """The colours of the small picture as a vector: the baseline that knows no shapes.

    A joint RGB histogram of 8 x 8 x 8 bins (Swain and Ballard 1991). The square roots of its shares
    make a unit vector, and the dot product of two is the Bhattacharyya coefficient.
    """

    name = "colour-histogram"
    fingerprint = "rgb-8x8x8-sqrt"
    dim = 512
    tasks = ("photo", "packshot", "scene", "photograph_kind")
    cannot = "it reads no words"

    def encode_images(self, pictures: Sequence[ImageInput]) -> Floats:
        return np.stack([self._encode(picture) for picture in pictures])

    def _encode(self, picture: ImageInput) -> Floats:
        pixels = np.asarray(images.load(picture).resize((64, 64))).reshape(-1, 3) // 32
        bins = np.bincount(pixels @ np.array([64, 8, 1]), minlength=self.dim)
        return np.sqrt(bins / bins.sum()).astype(np.float32)


class ImageNet(Baseline):
    """What the embedded model's picture tower knows before training: average-pooled features of
    EfficientNet-Lite0 with its ImageNet weights (Tan and Le 2019, arXiv 1905.11946).

    Pictures stand whole on white, as for the embedded model, in the 224 pixels that the weights were
    trained at.

    Args:
        cache_dir: where embeddings are kept by the content of the picture, as the engine's are.

    Raises:
        ModelError: the package with the weights is not installed.
    """

    name = "imagenet"
    dim = 1280
    tasks = ("photo", "packshot", "scene", "photograph_kind")
    cannot = "it reads no words"

    def __init__(self, cache_dir: Path):
        from search.lab.train.network import MEAN, STD, TRUNK, imagenet_weights

        try:
            weights, _ = imagenet_weights()
        except ModuleNotFoundError as error:
            raise _missing(self.name, error) from error
        import timm

        self._mean, self._std = (np.array(values, np.float32)[:, None, None] for values in (MEAN, STD))
        self.image_size = 224
        self._size = (self.image_size, self.image_size)
        self._trunk: Any = timm.create_model(TRUNK, num_classes=0).eval().requires_grad_(False)
        self._trunk.load_state_dict(weights)
        self._cache_dir = cache_dir
        self.preprocessing = {"size": self._size, "mean": MEAN, "std": STD, "fill": "white"}
        self.fingerprint = fingerprint(self._trunk.state_dict(), self.preprocessing)

    def encode_products(self, products: Sequence[Product]) -> Floats:
        """See Baseline.encode_products; pictures that the cache knows are not encoded again.

        Raises:
            ImageError: one of the pictures cannot be used.
        """
        vectors, problems = embed(products, self, self._cache_dir)  # type: ignore[arg-type]  # it reads no words
        if problems:
            raise ImageError(f"The picture of {next(iter(problems))} cannot be used.", next(iter(problems.values())))
        return np.stack([vectors[product.id] for product in products])

    def encode_images(self, pictures: Sequence[ImageInput]) -> Floats:
        return unit(np.concatenate([self._encode(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)]))

    def _encode(self, pictures: Sequence[ImageInput]) -> Floats:
        padded = [
            ImageOps.pad(images.load(picture), self._size, method=Image.Resampling.BICUBIC, color="white")
            for picture in pictures
        ]
        pixels = np.stack([np.asarray(picture, np.float32).transpose(2, 0, 1) / 255 for picture in padded])
        # new_tensor: of the kind and at the place of the weights.
        return self._trunk(self._trunk.conv_stem.weight.new_tensor((pixels - self._mean) / self._std)).numpy()


class Sentences(Baseline):
    """A search in words only: the sentence encoder all-MiniLM-L6-v2 (Reimers and Gurevych 2019, arXiv
    1908.10084) compares a query with the catalog's titles. It was trained on English.

    Not asked are tasks that start from a picture, and titles, which it would find by comparing them with themselves.

    Args:
        cache_dir: where its vectors are kept.
    """

    name = "sentences"
    fingerprint = "all-MiniLM-L6-v2"
    dim = 384
    tasks = ("attributes", "brands", "synonyms", "exclude")
    cannot = "it reads titles, not pictures"

    def __init__(self, cache_dir: Path):
        self._cache_dir = cache_dir / "sentences"

    def encode_products(self, products: Sequence[Product]) -> Floats:
        """(n, dim) unit rows, of the titles.

        Raises:
            CatalogError: the titles only repeat the kinds that are asked for.
            ModelError: the package with the sentence encoder is not installed.
        """
        if all(product.title == product.category for product in products):
            raise CatalogError(
                "These products have no titles, only kinds, and to find a kind by its own name is no search.",
                "Leave out --baseline sentences.",
            )
        return self.encode_texts([product.title for product in products])

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """(n, dim) unit rows.

        Raises:
            ModelError: the package with the sentence encoder is not installed.
        """
        from search.lab.benchmark import minilm

        try:
            return unit(minilm.read(list(texts), self._cache_dir))
        except ModuleNotFoundError as error:
            raise _missing(self.name, error) from error


def _missing(name: str, error: ModuleNotFoundError) -> ModelError:
    return ModelError(
        f"The baseline {name} cannot be had: {error}.", "Install the package, or leave the baseline out.", name=name
    )


#: Name on the command line -> the baseline, given a folder for what it keeps and a seed.
BASELINES: Mapping[str, Callable[[Path, int], Baseline]] = {
    "random": lambda cache_dir, seed: Random(seed),
    "histogram": lambda cache_dir, seed: Histogram(),
    "imagenet": lambda cache_dir, seed: ImageNet(cache_dir),
    "sentences": lambda cache_dir, seed: Sentences(cache_dir),
}
