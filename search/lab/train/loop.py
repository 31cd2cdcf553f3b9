"""The training loop: one step for a GPU or a CPU, rates by progress, a moving average that ships, exact checkpoints.

The student goes on from a trained model, its trunk half-way back to ImageNet's. Every parameter follows (early blocks
gently), batch-norm statistics stay. Everything is on the device: a step draws rows, reads their captions from the bank,
augments the pictures, and adds up the losses.

The random choices of step k come from (seed, k) and from a generator that checkpoints keep, so a resumed run with a
budget of steps continues as if it had never stopped.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

from search.lab.train import augment
from search.lab.train.bank import CaptionBank
from search.lab.train.dataset import Data
from search.lab.train.objectives import Objectives
from search.lab.train.recipe import Recipe, rate
from search.lab.train.sampler import Sampler
from search.lab.train.sentences import Sentences
from search.lab.train.tables import Tables
from search.lab.train.tokenizer import encode
from search.lab.train.towers import ImageNet, Teacher, autocast, parameter_groups

Measured = TypeVar("Measured")

#: Augmentation of a run, and of its end, where pictures look as they will when searched.
FULL, LITTLE = augment.Strength(), augment.Strength(moved=0.3, light=0.4, pasted=0.4, soft=0.05)


class Training:
    """A run: what is trained, on what, and where it stands.

    step: updates so far; elapsed: seconds of training. averaged: the moving average of every parameter, by name.
    """

    def __init__(
        self,
        model: Any,
        teacher: Teacher,
        imagenet: ImageNet,
        data: Data,
        captions: CaptionBank,
        pairs: Sentences,
        tokenizer: Tokenizer,
        recipe: Recipe,
        device: torch.device,
    ) -> None:
        """model: open_clip's CustomTextCLIP, the student."""
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.data, self.captions = recipe, device, data, captions
        self.tokenizer, self.context = tokenizer, model.context_length
        # Batch-norm statistics stay ImageNet's: batches of one kind would bend them.
        self.model = model.to(device).to(memory_format=torch.channels_last).eval()
        self.generator = torch.Generator(device).manual_seed(recipe.seed)
        teacher, imagenet = teacher.to(device), imagenet.to(device)
        self.tables = Tables.of(data, pairs, teacher, tokenizer, self.context, device)
        self.objectives = Objectives(
            self.model, teacher, imagenet, self.tables, captions, pairs, recipe, self.generator
        )
        self.sampler = Sampler(data, recipe.batch)
        groups = parameter_groups(self.model, recipe.weight_decay)
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), foreach=True)
        self.averaged = {name: p.detach().clone() for name, p in self.model.named_parameters()}
        self.step, self.elapsed, self._mined = 0, 0.0, 0

    @property
    def progress(self) -> float:
        """How much of the budget is used, in [0, 1]."""
        recipe = self.recipe
        return min(self.step / recipe.steps if recipe.steps else self.elapsed / recipe.seconds, 1.0)

    def run(self) -> Iterator[dict[str, torch.Tensor]]:
        """Train until the budget is used; yields every step's losses. What happens between steps counts as training."""
        started = time.monotonic() - self.elapsed
        while self.progress < 1:
            due = sum(self.progress >= share for share in self.recipe.mined)
            if due > self._mined:
                self._mined = due
                self.mine_negatives()
            losses = self.one_step()
            self.elapsed = time.monotonic() - started
            yield losses

    def one_step(self) -> dict[str, torch.Tensor]:
        """One update. Returns each loss before weighting."""
        self.captions.refresh()
        rng = np.random.default_rng([self.recipe.seed, self.step])
        rows = torch.from_numpy(self.sampler.draw(rng)).to(self.device)
        losses = self.objectives(rows, self._augmented(rows))
        total = torch.stack([self.recipe.weights[name] * value for name, value in losses.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self._update()
        return {name: value.detach() for name, value in losses.items()}

    def _augmented(self, rows: torch.Tensor) -> torch.Tensor:
        """(n, 3, px, px) of `rows` (n,)."""
        tables = self.tables
        grounds = tables.grounds
        if len(grounds):
            size = (max(8, len(rows) // 16),)
            grounds = grounds[torch.randint(len(grounds), size, generator=self.generator, device=self.device)]
        photos = tables.photos[rows]
        strength = LITTLE if self.progress >= 1 - self.recipe.finish else FULL
        return augment.augmented(
            tables.pictures[rows],
            photos,
            tables.pasted[tables.domains[rows]] * ~photos,
            tables.pictures[grounds],
            tables.pictures.shape[1],
            self.generator,
            strength,
        )

    def _update(self) -> None:
        share = rate(self.progress)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rates[group["part"]] * share
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        with torch.no_grad():
            self.model.logit_scale.clamp_(0.0, math.log(self.recipe.max_scale))
            named = dict(self.model.named_parameters())
            weights = [named[name].detach() for name in self.averaged]
            torch._foreach_lerp_(list(self.averaged.values()), weights, 1 - self.recipe.decay(self.step))

    @torch.no_grad()
    def encode_rows(self, rows: torch.Tensor, batch: int = 1024) -> torch.Tensor:
        """(n, d) unit embeddings of the data's pictures `rows` (n,) as they are searched, without augmentation."""
        return torch.cat([self.encode_images(self.tables.pictures[part]) for part in rows.split(batch)])

    @torch.no_grad()
    def encode_images(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, d) unit embeddings of (n, px, px, 3) uint8."""
        with autocast(self.device):
            seen = augment.to_tensor(pictures).contiguous(memory_format=torch.channels_last)
            features = self.model.visual.trunk(seen).float()
        return F.normalize(self.model.visual.head(features), dim=1)

    @torch.no_grad()
    def encode_texts(self, texts: list[str], batch: int = 4096) -> torch.Tensor:
        """(n, d) unit embeddings of texts."""
        ids = torch.tensor(encode(self.tokenizer, texts, self.context), device=self.device)
        return torch.cat([self.objectives.texts(part)[0] for part in ids.split(batch)])

    @torch.no_grad()
    def mine_negatives(self) -> None:
        """Look up the pictures that the model gives the highest scores for a title of another (arXiv 2007.00808)."""
        rows = torch.from_numpy(self.data.rows("fashion")).to(self.device)
        if len(rows) < 2:
            return
        pictures, titles = self.encode_rows(rows), self.tables.titles[rows]
        count = min(self.recipe.negatives, len(rows) - 1)
        found = []
        for part in torch.arange(len(rows), device=self.device).split(2048):
            texts = self.encode_texts([self.data.items[row].title for row in rows[part].tolist()])
            scores = (texts @ pictures.T).masked_fill(titles[part][:, None] == titles[None, :], -2.0)
            found.append(rows[scores.topk(count, dim=1).indices])
        self.sampler.mistaken = torch.cat(found).cpu().numpy()

    def averaged_state(self) -> dict[str, torch.Tensor]:
        """The model's state with the moving average in place of what was trained."""
        return self.model.state_dict() | {name: tensor.clone() for name, tensor in self.averaged.items()}

    def with_average(self, measure: Callable[[], Measured]) -> Measured:
        """What `measure` returns while the averaged weights are in the model."""
        trained = {name: tensor.clone() for name, tensor in self.model.state_dict().items()}
        self.model.load_state_dict(self.averaged_state())
        try:
            return measure()
        finally:
            self.model.load_state_dict(trained)

    def save(self, file: Path) -> None:
        """Write a checkpoint, which replaces the one before once it is whole."""
        state = {
            "tokenizer": self._digest(),
            "model": self.model.state_dict(),
            "averaged": self.averaged,
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "captions": self.captions.state(),
            "mistaken": self.sampler.mistaken,
            "where": (self.step, self.elapsed, self._mined),
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(file.name + ".part")
        torch.save(state, partial)
        partial.replace(file)

    def resume(self, file: Path) -> None:
        """Go on from a checkpoint. Raises ValueError when it is of another tokenizer or other data."""
        # Our own file, with an array of numpy in it; model and optimizer go to the device when they are loaded.
        state = torch.load(file, map_location="cpu", weights_only=False)
        if state["tokenizer"] != self._digest():
            raise ValueError(f"{file} is of another tokenizer; start again without --resume, or pass its --start")
        self.captions.restore(state["captions"])
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.averaged = {name: tensor.to(self.device) for name, tensor in state["averaged"].items()}
        self.generator.set_state(state["generator"])
        self.sampler.mistaken = state["mistaken"]
        self.step, self.elapsed, self._mined = state["where"]

    def _digest(self) -> str:
        return hashlib.sha256(self.tokenizer.to_str().encode()).hexdigest()[:16]
