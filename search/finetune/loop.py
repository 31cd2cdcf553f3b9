"""The training loop of the embedded model: three stages, one step function, checkpoints that resume exactly.

    heads    the trunk stands still: the text tower and the projection find each other (LiT, Zhai et al. 2022,
             arXiv 2111.07991)
    tune     the trunk's later blocks follow gently, on varied pictures at a small size
    finish   little variation at the size used for searching, small steps (FixRes, Touvron et al. 2019,
             arXiv 1906.06423)

The weights that ship are an exponential moving average. Every random choice of step k comes from (seed, k), so a
resumed run continues as if it had never stopped.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

from search.finetune import augment, losses, teacher
from search.finetune.captions import ATTRIBUTES, Caption, Item, Writer
from search.finetune.data import DOMAINS, Dataset, Sampler
from search.finetune.network import prepare_trunk
from search.finetune.tokenizer import encode

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """The numbers of a run. Shares are fractions of the budget; learning rates are peaks."""

    seconds: float = 3000.0
    steps: int | None = None  # counts instead of the clock: exactly repeatable, for tests and reruns
    seed: int = 0
    batch: int = 160
    sentences: int = 32  # text-only pairs per step, half of them kinds without pictures
    heads_share: float = 0.12
    finish_share: float = 0.14
    tune_px: int = 96
    heads_rate: float = 1e-3
    tune_rate: float = 6e-4
    trunk_rate: float = 2.5e-4
    weight_decay: float = 0.1
    average: float = 0.996
    chinese: float = 0.3
    pasted: float = 0.12
    teach: float = 1.0  # weight of the sentence teacher in the first stage; a fifth of it afterwards,
    # because the teacher hardly tells one colour from another
    remember: float = 0.15  # weight of learning without forgetting
    stand_ins: float = 0.3  # weight of the pictures we do not have
    max_scale: float = 40.0

    def __post_init__(self) -> None:
        if self.steps is None and self.seconds <= 0:
            raise ValueError(f"a run needs a positive budget, got {self.seconds} seconds")
        if not 0 <= self.heads_share + self.finish_share < 1:
            raise ValueError(
                f"heads and finish take {self.heads_share + self.finish_share} of the budget, must leave some"
            )


@dataclass(frozen=True)
class Sentences:
    """Pairs of captions without pictures. en, zh: ids (n, context). vectors: (n, 384) of the teacher.

    kinds: (n,) index of the kind. classes: (n,) ImageNet class that stands in for a picture, or -1.
    """

    en: torch.Tensor
    zh: torch.Tensor
    vectors: torch.Tensor
    kinds: np.ndarray
    classes: np.ndarray


@dataclass(frozen=True)
class Original:
    """The ImageNet model before training: its trunk, pictures -> (n, 1280), and its classifier of 1000 classes."""

    trunk: nn.Module
    classifier: nn.Linear

    def __post_init__(self) -> None:
        self.trunk.requires_grad_(False).eval().to(memory_format=torch.channels_last)
        self.classifier.requires_grad_(False)

    @torch.no_grad()
    def features(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, 1280) float32 from (n, 3, px, px)."""
        return self.trunk(pictures).float()


class Training:
    """A run: what is trained, what it is trained on, and where it stands."""

    def __init__(
        self,
        model: Any,
        dataset: Dataset,
        tokenizer: Tokenizer,
        sentences: Sentences,
        item_vectors: torch.Tensor,
        original: Original,
        recipe: Recipe,
    ) -> None:
        """model: open_clip's CustomTextCLIP. item_vectors: (items, 384), the teacher's reading of each item's title or description."""
        torch.manual_seed(recipe.seed)
        self.model, self.dataset, self.tokenizer, self.recipe = model, dataset, tokenizer, recipe
        self.sentences, self.item_vectors, self.original = sentences, item_vectors, original
        self.context = model.text.context_length
        self.sampler = Sampler(dataset, recipe.batch)
        self.true_of = [torch.from_numpy(dataset.writer.names[name].true_of) for name in ATTRIBUTES]
        self._with_picture = np.flatnonzero(sentences.classes < 0)
        self._without_picture = np.flatnonzero(sentences.classes >= 0)
        prepare_trunk(model.visual.trunk)
        model.to(memory_format=torch.channels_last)
        # Batch-norm statistics stay ImageNet's: batches of one kind would bend them.
        model.eval()
        model.logit_scale.data.fill_(math.log(20.0))
        self.to_teacher = nn.Linear(model.text.output_dim, teacher.DIMENSION)
        trunk = [p for p in model.visual.trunk.parameters() if p.requires_grad]
        ours = [
            *model.text.named_parameters(),
            *model.visual.head.named_parameters(),
            *self.to_teacher.named_parameters(),
        ]
        groups = [
            {"params": trunk, "part": "trunk", "weight_decay": recipe.weight_decay},
            {"params": [p for _, p in ours if p.ndim > 1], "part": "heads", "weight_decay": recipe.weight_decay},
            {"params": [p for _, p in ours if p.ndim < 2] + [model.logit_scale], "part": "heads", "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), foreach=True)
        self.averaged = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
        self.step, self.elapsed = 0, 0.0

    @property
    def progress(self) -> float:
        """How much of the budget is used, in [0, 1]."""
        done = self.step / self.recipe.steps if self.recipe.steps else self.elapsed / self.recipe.seconds
        return min(done, 1.0)

    def stage(self) -> tuple[str, float]:
        """The stage's name and how much of it is done, in [0, 1)."""
        recipe, progress = self.recipe, self.progress
        finish = 1 - recipe.finish_share
        if progress < recipe.heads_share:
            return "heads", progress / recipe.heads_share
        if progress < finish:
            return "tune", (progress - recipe.heads_share) / (finish - recipe.heads_share)
        return "finish", (progress - finish) / recipe.finish_share if recipe.finish_share else 0.0

    def _rates(self) -> dict[str, float]:
        stage, done = self.stage()
        warm = min(1.0, done / 0.05 + 0.02)
        if stage == "heads":
            return {"trunk": 0.0, "heads": self.recipe.heads_rate * min(1.0, done / 0.1 + 0.02)}
        share = warm * (0.1 + 0.9 * (1 + math.cos(math.pi * done)) / 2) if stage == "tune" else 0.1 * (1 - 0.8 * done)
        return {"trunk": self.recipe.trunk_rate * share, "heads": self.recipe.tune_rate * share}

    def run(self) -> Iterator[dict[str, float]]:
        """Train until the budget is used; yields the losses of every step, as plain numbers."""
        while self.progress < 1:
            start = time.monotonic()
            values = self.one_step()
            self.elapsed += time.monotonic() - start
            yield values

    def one_step(self) -> dict[str, float]:
        """One update. Returns each loss before weighting, and the scale."""
        recipe, (stage, _) = self.recipe, self.stage()
        rng = np.random.default_rng([recipe.seed, self.step])
        words = Random(f"{recipe.seed}-{self.step}")
        rows = self.sampler.draw(rng)
        captions = [self.dataset.writer.write(self.dataset.items[row], words, recipe.chinese) for row in rows]
        pairs = self._draw_sentences(rng)
        ids = torch.tensor(encode(self.tokenizer, [caption.text for caption in captions], self.context))
        ids = torch.cat([ids, self.sentences.en[pairs], self.sentences.zh[pairs]])
        inputs = self._inputs(rows, stage, rng)
        with torch.autocast("cpu", torch.bfloat16):
            frozen = stage == "heads"
            features = self.original.features(inputs) if frozen else self.model.visual.trunk(inputs).float()
        with torch.autocast("cpu", torch.bfloat16):
            texts = self.model.text(ids).float()
        pictures = F.normalize(self.model.visual.head(features), dim=1)
        scale = self.model.logit_scale.exp()
        count, said = len(rows), len(pairs)
        taught = self.to_teacher(texts)
        texts = F.normalize(texts, dim=1)
        own, en, zh = texts[:count], texts[count : count + said], texts[count + said :]

        right = self._right(captions, rows)
        likeness = self._likeness(rows)
        loss = {
            "pairs": losses.contrastive(
                own, pictures, scale, losses.soft_targets(right, likeness), losses.soft_targets(right.T, likeness.T)
            )
        }
        goal = self.sentences.vectors[pairs].float()
        loss["teach"] = losses.cosine_distance(taught[count:], goal.repeat(2, 1)) + losses.cosine_distance(en, zh)
        loss["stand-ins"] = self._stand_in_loss(features.detach(), pictures, pairs, en, zh, scale)
        weights = {"pairs": 1.0, "stand-ins": recipe.stand_ins}
        weights["teach"] = recipe.teach if stage == "heads" else recipe.teach / 5
        if stage != "heads":
            loss["remember"] = self._remember_loss(inputs[::4], features[::4])
            weights["remember"] = recipe.remember
        total = torch.stack([weights[name] * value for name, value in loss.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self._update()
        return {name: value.item() for name, value in loss.items()} | {"scale": scale.item()}

    def _update(self) -> None:
        rates = self._rates()
        for group in self.optimizer.param_groups:
            group["lr"] = rates[group["part"]]
        params = [p for group in self.optimizer.param_groups for p in group["params"]]
        nn.utils.clip_grad_norm_(params, 1.0)
        self.optimizer.step()
        with torch.no_grad():
            # Above 40 a small set of pairs is learned by heart.
            self.model.logit_scale.clamp_(0.0, math.log(self.recipe.max_scale))
            self.step += 1
            # Early averages would remember the random start.
            keep = min(self.recipe.average, (1 + self.step) / (10 + self.step))
            named = dict(self.model.named_parameters())
            averaged = list(self.averaged.values())
            torch._foreach_lerp_(averaged, [named[name].detach() for name in self.averaged], 1 - keep)

    def _inputs(self, rows: np.ndarray, stage: str, rng: np.random.Generator) -> torch.Tensor:
        """(n, 3, px, px) pictures of `rows`, varied as the stage wants it."""
        pictures = augment.to_tensor(self.dataset.pictures[rows])
        last = stage == "finish"
        px = pictures.shape[-1] if last else self.recipe.tune_px
        if not last:
            domains = self.dataset.domains[rows]
            packshots = np.flatnonzero(np.isin(domains, [DOMAINS.index("fashion"), DOMAINS.index("renders")]))
            chosen = packshots[rng.random(len(packshots)) < self.recipe.pasted]
            photos = pictures[np.isin(domains, [DOMAINS.index("clothing"), DOMAINS.index("grocery")])]
            if len(chosen):
                pictures[chosen] = augment.paste(pictures[chosen], augment.grounds(photos, len(chosen), rng))
        return augment.vary(pictures, px, rng, 0.25 if last else 1.0).contiguous(memory_format=torch.channels_last)

    def _remember_loss(self, inputs: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """How differently the ImageNet classifier reads today's features and the original trunk's."""
        with torch.autocast("cpu", torch.bfloat16):
            before = self.original.features(inputs)
        classifier = self.original.classifier
        return losses.forgetting(classifier(features), classifier(before))

    def _draw_sentences(self, rng: np.random.Generator) -> np.ndarray:
        half = self.recipe.sentences // 2
        pools = (self._with_picture, self._without_picture)
        return np.concatenate([rng.choice(pool, half) for pool in pools if len(pool)])

    def _right(self, captions: list[Caption], rows: np.ndarray) -> torch.Tensor:
        """(captions, rows) bool: which captions are true of which items."""
        titles = torch.from_numpy(self.dataset.titles[rows])
        values = torch.from_numpy(self.dataset.values[rows])
        right = torch.ones(len(captions), len(rows), dtype=torch.bool)
        for column, name in enumerate(ATTRIBUTES):
            claims = [(row, caption.claim[name]) for row, caption in enumerate(captions) if name in caption.claim]
            if claims:
                which, names = (torch.tensor(part) for part in zip(*claims, strict=True))
                right[which] &= self.true_of[column][names][:, values[:, column]]
        titled = torch.tensor([caption.titled for caption in captions])
        same = titles[:, None] == titles[None, :]
        return torch.where(titled[:, None], same, right | same)

    def _likeness(self, rows: np.ndarray) -> torch.Tensor:
        """(n, n) half the share of equal attributes, half the cosine of the teacher's vectors."""
        values = torch.from_numpy(self.dataset.values[rows])
        equal = (values[:, None] == values[None, :]).float().mean(2)
        vectors = self.item_vectors[rows].float()
        return (equal + vectors @ vectors.T) / 2

    def _stand_in_loss(self, features, pictures, pairs, en, zh, scale) -> torch.Tensor:
        """Texts of kinds we have no pictures of, against features their ImageNet class would have."""
        places = np.flatnonzero(self.sentences.classes[pairs] >= 0)
        if not len(places):
            return features.new_zeros(())
        classes = torch.from_numpy(self.sentences.classes[pairs][places])
        kinds = torch.from_numpy(self.sentences.kinds[pairs][places])
        classifier = self.original.classifier
        start = features[torch.arange(len(places)) % len(features)]
        moved = losses.stand_ins(start, classes, classifier.weight, classifier.bias)
        stands = F.normalize(self.model.visual.head(moved), dim=1)
        same = (kinds[:, None] == kinds[None, :]).repeat(2, 1)
        right = torch.cat([same, same.new_zeros(len(same), len(pictures))], 1).float()
        logits = scale * torch.cat([en[places], zh[places]]) @ torch.cat([stands, pictures]).T
        return F.cross_entropy(logits, right / right.sum(1, keepdim=True))

    def averaged_state(self) -> dict[str, torch.Tensor]:
        """The model's state with the moving average in place of what was trained: the weights that ship."""
        return self.model.state_dict() | {name: tensor.clone() for name, tensor in self.averaged.items()}

    def save(self, file: Path) -> None:
        """Write everything a resumed run needs, complete or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".part")
        state = {
            "model": self.model.state_dict(),
            "averaged": self.averaged,
            "to_teacher": self.to_teacher.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "elapsed": self.elapsed,
        }
        torch.save(state, partial)
        partial.rename(file)

    def resume(self, file: Path) -> None:
        """Continue from a file that `save` wrote, of the same recipe and data."""
        state = torch.load(file, map_location="cpu", weights_only=True)
        self.model.load_state_dict(state["model"])
        self.to_teacher.load_state_dict(state["to_teacher"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.averaged = state["averaged"]
        self.step, self.elapsed = state["step"], state["elapsed"]


def description(item: Item, rng: Random, writer: Writer) -> str:
    """The English line the teacher reads for an item: its title, or a caption of its attributes."""
    return item.title or writer.pair(item, rng)[0].text
