"""The Encoder protocol, and what every two-tower model shares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from search import images as pictures

if TYPE_CHECKING:
    import torch
    from PIL import Image

    from search.schema import ImageInput

#: Small enough that a batch of 224-pixel pictures fits any laptop, large enough that the towers,
#: not Python, take the time (measured: 8 and 16 are equal on two cores, 64 is slower).
BATCH = 16


class Encoder(Protocol):
    """Pictures and words -> unit vectors in one space.

    `name` is what load_encoder was given; `fingerprint` (hex) changes whenever vectors would:
    with the weights or with the `preprocessing` (plain values, for the manifest of an index);
    `dim` is the length of a vector; `image_size` the side in pixels to which pictures are reduced.
    An encoder whose files lie in one folder says so in `folder` (search.calibration looks there for
    what was measured for it); one that only knows the words of the lexicon says `open_vocabulary = False`.
    """

    name: str
    fingerprint: str
    preprocessing: Any
    dim: int
    image_size: int

    def encode_images(self, images: Sequence[ImageInput]) -> np.ndarray:
        """(n, dim) float32 with unit rows, of paths, bytes or PIL pictures.

        Raises:
            ImageError: one of the pictures cannot be used.
        """
        ...

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dim) float32 with unit rows."""
        ...


class DualEncoder:
    """An Encoder over two torch towers: a subclass turns one batch into features.

    The model is put in eval mode on its device and never changed afterwards.
    """

    #: Whether it was taught words beyond the lexicon; of a model that was not, no word that nobody knows means anything.
    open_vocabulary = True

    def __init__(self, name: str, model: Any, *, dim: int, image_size: int, preprocessing: Any):
        self.name = name
        self.dim = dim
        self.image_size = image_size
        self.model = model.eval().requires_grad_(False)
        self.device = next(model.parameters()).device
        self.preprocessing = preprocessing
        #: Where its files lie, if they lie in one folder; what was measured for it lies there too.
        self.folder: Path | None = None
        self.fingerprint = fingerprint(model.state_dict(), preprocessing)

    def encode_images(self, images: Sequence[ImageInput]) -> np.ndarray:
        """See Encoder.encode_images. Decoding runs in threads, one batch ahead of the tower."""
        images = list(images)

        def read(image: ImageInput) -> Any:
            return self._pixels(pictures.load(image, at_least=self.image_size))

        if len(images) <= 1:
            return self._stack(self._image_features([read(image)]) for image in images)
        chunks = [images[at : at + BATCH] for at in range(0, len(images), BATCH)]

        def batches(pool: ThreadPoolExecutor) -> Iterator[list[Any]]:
            ahead = pool.map(read, chunks[0])
            for following in [*chunks[1:], []]:
                batch, ahead = list(ahead), pool.map(read, following)
                yield batch

        with ThreadPoolExecutor(2) as pool:
            return self._stack(self._image_features(batch) for batch in batches(pool))

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """See Encoder.encode_texts. What a tower cannot read for length is cut off at its end."""
        texts = [str(text) for text in texts]
        batches = (texts[at : at + 4 * BATCH] for at in range(0, len(texts), 4 * BATCH))
        return self._stack(self._text_features(batch) for batch in batches)

    def image_features(self, picture: Image.Image) -> torch.Tensor:
        """(1, dim) of one upright RGB picture, not normalised; what `explain` reads through hooks."""
        return self._image_features([self._pixels(picture)])

    def _stack(self, batches: Iterable[torch.Tensor]) -> np.ndarray:
        import torch

        with torch.inference_mode():
            rows = [batch.float().cpu().numpy() for batch in batches]
        return unit(np.concatenate(rows)) if rows else np.zeros((0, self.dim), np.float32)

    def _pixels(self, picture: Any) -> Any:
        """What the picture tower takes for one upright RGB picture."""
        raise NotImplementedError

    def _image_features(self, batch: list[Any]) -> torch.Tensor:
        """(n, dim), not normalised."""
        raise NotImplementedError

    def _text_features(self, texts: list[str]) -> torch.Tensor:
        """(n, dim), not normalised."""
        raise NotImplementedError


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows (..., d) scaled to length 1, float32; a row of zeros stays as it is."""
    rows = np.asarray(rows, np.float32)
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(length > 0, length, 1)


def fingerprint(weights: Mapping[str, torch.Tensor], preprocessing: Any) -> str:
    """SHA-256 (hex, 16 digits) of all weights by name and of the preprocessing."""
    import torch

    whole = hashlib.sha256(json.dumps(preprocessing, sort_keys=True, default=str).encode())
    for key, tensor in sorted(weights.items()):
        whole.update(key.encode())
        whole.update(tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
    return whole.hexdigest()[:16]
