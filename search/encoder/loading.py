"""A model's name -> an Encoder, or one error that says what could be had instead."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from search import hub
from search.encoder.base import DualEncoder, Encoder
from search.encoder.openclip import OpenClipEncoder
from search.errors import ModelError
from search.settings import ASSETS

EMBEDDED = ASSETS / "model"

_ALWAYS = "The embedded model always works: leave the model's name out."

#: Any of these is what open_clip reads a folder's weights from.
WEIGHTS = (
    "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pth", "model.safetensors", "pytorch_model.bin", "pytorch_model.pth", "model.pth",
)  # fmt: skip

E = TypeVar("E", bound=Encoder)
Loader = Callable[[str, str | None], Encoder]
#: What stands before the colon of a name -> what loads it, from the whole name and a device.
LOADERS: dict[str, Loader] = {}


def encoder(prefix: str) -> Callable[[Loader], Loader]:
    """Register a loader of encoders called "prefix:anything".

        @encoder("toy")
        def load_toy(name: str, device: str | None) -> Encoder: ...

    Raises:
        ValueError: the prefix is taken.
    """

    def register(load: Loader) -> Loader:
        if prefix in LOADERS:
            raise ValueError(f"there is a loader of {prefix!r} already: {LOADERS[prefix].__name__}")
        LOADERS[prefix] = load
        return load

    return register


def load_encoder(name: str | None = None, *, device: str | None = None) -> Encoder:
    """The encoder called `name`; the embedded model when there is no name.

    Args:
        name: "ViT-B-32/laion2b_s34b_b79k" (open_clip's architecture/weights), "hf-hub:org/model"
            (open_clip format on the hub), "local-dir:path" (the same on disk),
            "transformers:org/model" (a CLIP or SigLIP of transformers; a path works too), or what was
            registered under another prefix.
        device: "cpu", "cuda", ...; a GPU if there is one when not given.

    Raises:
        ModelError: no such name, no network, or files that are not a two-tower model.
    """
    name = name or "embedded"
    return LOADERS.get(name.partition(":")[0], _by_architecture)(name, device)


@encoder("embedded")
def _embedded(name: str, device: str | None) -> Encoder:
    loaded = _local(EMBEDDED, name, device)
    loaded.open_vocabulary = False
    return loaded


@encoder("local-dir")
def _local_dir(name: str, device: str | None) -> Encoder:
    return _local(Path(name.removeprefix("local-dir:")).expanduser(), name, device)


@encoder("hf-hub")
def _hub(name: str, device: str | None) -> Encoder:
    return _guarded(name, lambda: _open_clip(name, name, None, device))


@encoder("transformers")
def _of_transformers(name: str, device: str | None) -> Encoder:
    return _guarded(name, lambda: _transformers(name, device))


def _by_architecture(name: str, device: str | None) -> Encoder:
    """A name without a prefix: open_clip's "architecture/weights"."""
    architecture, weights = _known(name)
    return _guarded(name, lambda: _open_clip(name, architecture, weights, device))


def _local(folder: Path, name: str, device: str | None) -> DualEncoder:
    if not (folder / "open_clip_config.json").is_file():
        raise ModelError(
            f"There is no open_clip model in {folder}.", f"It needs an open_clip_config.json. {_ALWAYS}", name=name
        )
    # open_clip would go on with random weights, and a red dress would find teapots.
    if not any((folder / file).is_file() for file in WEIGHTS):
        raise ModelError(f"The model in {folder} has no weights.", f"It needs {WEIGHTS[0]}. {_ALWAYS}", name=name)

    def build() -> DualEncoder:
        # Absolute, because open_clip looks for the tokenizer from the working directory.
        loaded = _open_clip(name, f"local-dir:{folder.resolve()}", None, device)
        loaded.folder = folder
        return loaded

    return _guarded(name, build)


def _known(name: str) -> tuple[str, str]:
    """(architecture, weights) of "architecture/weights", both in open_clip's lists."""
    import open_clip

    architecture, _, weights = name.rpartition("/")
    architecture = architecture or weights
    architectures = open_clip.list_models()
    if architecture not in architectures:
        near = difflib.get_close_matches(architecture, architectures, n=3, cutoff=0.5)
        hint = f"Close names: {', '.join(near)}. " if near else ""
        raise ModelError(
            f"There is no model {name!r}.",
            f"{hint}Names look like ViT-B-32/laion2b_s34b_b79k, hf-hub:org/model, local-dir:path or "
            f"transformers:org/model. {_ALWAYS}",
            code="model_unknown",
            name=name,
        )
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if "/" not in name or weights not in tags:
        near = difflib.get_close_matches(weights, tags, n=3, cutoff=0.3)
        shown = list(dict.fromkeys([*near, *tags]))[:6]
        more = f" and {len(tags) - len(shown)} more" if len(tags) > len(shown) else ""
        listed = f"It has: {', '.join(f'{architecture}/{tag}' for tag in shown)}{more}." if tags else "It has none."
        raise ModelError(
            f"{architecture} has no weights {weights!r}."
            if "/" in name
            else f"{architecture} is named without weights.",
            f"{listed} {_ALWAYS}",
            code="model_unknown",
            name=name,
        )
    return architecture, weights


def _first_line(error: Exception) -> str:
    """ ": what it says", or nothing where it says nothing, as MemoryError does."""
    lines = str(error).splitlines()
    return f": {lines[0][:200]}" if lines else ""


def _guarded(name: str, build: Callable[[], E]) -> E:
    try:
        with hub.quiet():
            return build()
    except ModelError:
        raise
    # Loading runs through four libraries, each with errors of its own.
    except Exception as error:
        local = name == "embedded" or Path(name.partition(":")[2] or "/nowhere").exists()
        if local:
            problem = f"The model {name!r} cannot be read ({type(error).__name__}{_first_line(error)})."
        elif not hub.reachable():
            problem = f"The model {name!r} is not on this machine and the Hugging Face hub cannot be reached."
        else:
            problem = f"The model {name!r} cannot be had ({type(error).__name__}{_first_line(error)})."
        raise ModelError(problem, f"Check the name and the network. {_ALWAYS}", name=name) from error


def _open_clip(name: str, model_name: str, weights: str | None, device: str | None) -> OpenClipEncoder:
    import open_clip

    model, _, preprocess = open_clip.create_model_and_transforms(
        model_name, pretrained=weights, device=device or _device()
    )
    return OpenClipEncoder(name, model, preprocess, open_clip.get_tokenizer(model_name))


def _transformers(name: str, device: str | None) -> Encoder:
    from transformers import AutoModel, AutoProcessor

    from search.encoder.hf import TransformersEncoder

    source = name.removeprefix("transformers:")
    processor = AutoProcessor.from_pretrained(source)
    return TransformersEncoder(name, AutoModel.from_pretrained(source).to(device or _device()), processor)


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
