"""A model -> a folder that open_clip opens as "local-dir:..."."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import open_clip
from safetensors.torch import save_file

from search.encoder.loading import EMBEDDED
from search.encoder.openclip import OpenClipEncoder

WEIGHTS = "open_clip_model.safetensors"
CONFIG = "open_clip_config.json"
#: Files of weights and of the model they belonged to, which the new folder must not inherit.
_NOT_COPIED = {".safetensors", ".bin", ".pth", ".pt", ".onnx", ".md"}


def write(model: Any, source: OpenClipEncoder, folder: Path) -> None:
    """Write weights, configuration and tokenizer.

    Args:
        model: has the architecture of `source`.
        source: the encoder it was made from; its name says where configuration and tokenizer come from.
        folder: made when missing. Files of the same names are replaced.

    Raises:
        FileExistsError: the folder holds the source itself.
    """
    origin = _folder(source.name)
    if origin and folder.exists() and origin.samefile(folder):
        raise FileExistsError(f"{folder} holds the model that was adapted; choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    if origin:
        for file in origin.iterdir():
            if file.is_file() and file.suffix not in _NOT_COPIED:
                shutil.copyfile(file, folder / file.name)
    else:
        configuration = {"model_cfg": _configuration(source.name), "preprocess_cfg": source.preprocessing}
        (folder / CONFIG).write_text(json.dumps(configuration, indent=2) + "\n", encoding="utf-8")
        # open_clip's own vocabulary travels with open_clip, others with the model.
        if hasattr(source.tokenizer, "save_pretrained"):
            source.tokenizer.save_pretrained(str(folder))
    # Clones, because safetensors refuses tensors that share memory.
    state = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in model.state_dict().items()}
    save_file(state, folder / WEIGHTS)


def _folder(name: str) -> Path | None:
    """The folder that an encoder's name means, if it means one."""
    if name == "embedded":
        return EMBEDDED
    return Path(name.removeprefix("local-dir:")).expanduser() if name.startswith("local-dir:") else None


def _configuration(name: str) -> dict:
    """The "model_cfg" of an architecture that open_clip knows, or of a repository on the hub."""
    if name.startswith("hf-hub:"):
        from huggingface_hub import hf_hub_download

        file = hf_hub_download(name.removeprefix("hf-hub:"), CONFIG)
        return json.loads(Path(file).read_text(encoding="utf-8"))["model_cfg"]
    configuration = open_clip.get_model_config(name.partition("/")[0])
    if configuration is None:
        raise ValueError(f"{name!r} is no name that load_encoder takes, so its configuration cannot be found")
    return configuration
