"""CLIP, SigLIP and their kin from transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search.encoder.base import DualEncoder
from search.errors import ModelError

if TYPE_CHECKING:
    import torch
    from PIL import Image


class TransformersEncoder(DualEncoder):
    """A two-tower model of transformers (get_image_features, get_text_features) with its processor."""

    def __init__(self, name: str, model: Any, processor: Any):
        if not (hasattr(model, "get_image_features") and hasattr(model, "get_text_features")):
            raise ModelError(
                f"{name} is a {type(model).__name__}, which has no towers for pictures and for words.",
                "Use a CLIP, SigLIP or a model like them.",
            )
        config = model.config
        vision = getattr(config, "vision_config", config)
        text = getattr(config, "text_config", config)
        self.processor = processor
        # SigLIP is trained on texts padded to its full length and reads shorter ones wrongly.
        self._padding = "max_length" if config.model_type.startswith("siglip") else True
        self._length = min(getattr(text, "max_position_embeddings", 77), 512)
        dim = getattr(config, "projection_dim", None) or getattr(text, "projection_size", None) or text.hidden_size
        super().__init__(
            name,
            model,
            dim=int(dim),
            image_size=int(getattr(vision, "image_size", 224)),
            preprocessing=processor.image_processor.to_dict(),
        )

    def _pixels(self, picture: Image.Image) -> Image.Image:
        return picture

    def _image_features(self, batch: list[Any]) -> torch.Tensor:
        inputs = self.processor(images=batch, return_tensors="pt").to(self.device)
        return _pooled(self.model.get_image_features(**inputs))

    def _text_features(self, texts: list[str]) -> torch.Tensor:
        inputs = self.processor(
            text=texts, return_tensors="pt", padding=self._padding, truncation=True, max_length=self._length
        ).to(self.device)
        return _pooled(self.model.get_text_features(**inputs))


def _pooled(features: Any) -> torch.Tensor:
    """The (n, d) features; transformers 5 wraps them in an output object, 4 did not."""
    return getattr(features, "pooler_output", features)
