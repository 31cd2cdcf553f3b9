"""The locator with its weights, beside an encoder."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from search.encoder.base import Encoder, fingerprint
from search.encoder.loading import EMBEDDED, load_encoder
from search.encoder.locator.instances import Located, group

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

FILE = "locator.safetensors"
#: Changes whenever a file of before would be misread.
FORMAT = "1"
#: More pixels a side than any trunk of this size was fitted to: a wrong number must not fill the memory.
MAX_SIDE = 1024


@dataclass(frozen=True)
class Configuration:
    """What a file of weights says of itself in its metadata."""

    side: int  # pixels of the square that the trunk looks at
    grid: int  # places along a side
    width: int  # channels of the head
    trunk: str  # fingerprint of the trunk that it was fitted to

    @classmethod
    def read(cls, metadata: Mapping[str, str]) -> Configuration | None:
        """None where it is of another format."""
        if metadata.get("format") != FORMAT:
            return None
        side, grid, width = (int(metadata[name]) for name in ("side", "grid", "width"))
        return cls(side, grid, width, metadata["trunk"])

    def metadata(self) -> dict[str, str]:
        """As safetensors keeps it: text by name."""
        return {"format": FORMAT} | {name: str(value) for name, value in vars(self).items()}


class Locator:
    """Finds products in pictures; see `load_locator`.

    Args:
        trunk: as an encoder has it, not changed here.
        weights: of the head, on the trunk's device, see net.head_outputs.
        preprocessing: with the mean and std that the trunk's pixels have.
    """

    def __init__(
        self, trunk: Any, weights: Mapping[str, torch.Tensor], configuration: Configuration, preprocessing: Any
    ) -> None:
        self.trunk, self.weights, self.configuration = trunk, weights, configuration
        self.mean, self.std = preprocessing["mean"], preprocessing["std"]
        #: Changes whenever what it finds would: with the trunk, the head or their configuration.
        self.fingerprint = fingerprint(weights, configuration.metadata())

    def locate(self, picture: Image.Image) -> Located:
        """The products in one upright RGB picture."""
        return group(self.outputs(picture))

    def outputs(self, picture: Image.Image) -> np.ndarray:
        """(6, g, g) float32: probabilities of product and middle, then distances of the four sides in fractions."""
        import torch

        from search.encoder.locator.net import head_outputs, pixels_of, trunk_features

        parameter = next(self.trunk.parameters())
        pixels = pixels_of(picture, self.configuration.side, self.mean, self.std)[None].to(parameter)
        with torch.inference_mode():
            levels = trunk_features(
                self.trunk, pixels.contiguous(memory_format=torch.channels_last), self.configuration.grid
            )
            out = head_outputs(self.weights, [level.float() for level in levels])[0]
            out[:2] = out[:2].sigmoid()
        return out.cpu().numpy()


def load_locator(encoder: Encoder, folder: Path = EMBEDDED) -> Locator | None:
    """The locator that stands beside `encoder`; None where the file is absent, damaged, of another format or of another trunk:
    photos can be searched without it.

    An encoder with the trunk that the file was fitted to shares it; beside any other the embedded trunk is loaded.
    """
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        return _load(encoder, file)
    # A damaged file raises whatever its reader or torch stumbles over (SafetensorError, KeyError, RuntimeError, ...), and
    # a damaged embedded model ModelError.
    except Exception as error:
        log.warning("%s cannot be used (%s: %s); photos are searched without it", file, type(error).__name__, error)
        return None


def _load(encoder: Encoder, file: Path) -> Locator | None:
    """See `load_locator`; raises what a damaged file makes it raise."""
    from safetensors import safe_open

    with safe_open(file, framework="pt") as stored:
        configuration = Configuration.read(stored.metadata() or {})
        weights = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118 (not a dict)
    if configuration is None:
        log.warning("%s is of a format that this version does not read; photos are searched without it", file)
        return None
    for candidate in (lambda: encoder, load_encoder):
        trunk, preprocessing = trunk_of(candidate())
        if trunk is not None and trunk_fingerprint(trunk) == configuration.trunk:
            device = next(trunk.parameters()).device
            on_device = {name: weight.to(device) for name, weight in weights.items()}
            locator = Locator(trunk, on_device, configuration, preprocessing)
            _try(locator)
            return locator
    log.warning("%s was made for another model; photos are searched without it", file)
    return None


def _try(locator: Locator) -> None:
    """Look at one picture: weights that are missing, of other shapes or no numbers show only then.

    Raises:
        Exception: whatever is wrong.
    """
    side, grid = locator.configuration.side, locator.configuration.grid
    if not (0 < side <= MAX_SIDE and 0 < grid <= side):
        raise ValueError(
            f"a picture of {side} pixels a side with {grid} places, at most {MAX_SIDE} pixels are looked at"
        )
    outputs = locator.outputs(Image.new("RGB", (side, side), "grey"))
    if not np.isfinite(outputs).all():
        raise ValueError("its weights are no numbers")


def trunk_of(encoder: Any) -> tuple[Any, Any]:
    """(convolutional trunk, preprocessing) of an encoder of the embedded model's architecture; (None, None) of another."""
    trunk = getattr(getattr(getattr(encoder, "model", None), "visual", None), "trunk", None)
    return (trunk, encoder.preprocessing) if hasattr(trunk, "conv_head") else (None, None)


def trunk_fingerprint(trunk: torch.nn.Module) -> str:
    """What changes with the trunk's weights."""
    return fingerprint(trunk.state_dict(), "trunk")
