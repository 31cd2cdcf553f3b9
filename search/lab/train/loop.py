"""The training loop of the embedded model: three stages, one step function, checkpoints that resume exactly.

    heads    the trunk stands still: the text tower and the projection find each other (LiT, Zhai et al. 2022,
             arXiv 2111.07991)
    tune     the trunk's later blocks follow gently, on kept views of varied pictures at a small size
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

from search.adapt import losses
from search.lab.train import augment, network, teacher, views
from search.lab.train.captions import ATTRIBUTES, Caption, Item, Writer, plural
from search.lab.train.data import DOMAINS, Dataset, Sampler, chunks
from search.lab.train.network import prepare_trunk
from search.lab.train.tokenizer import encode

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """The numbers of a run. Shares are fractions of the budget; learning rates are peaks."""

    seconds: float = 3000.0
    steps: int | None = None  # counts instead of the clock: exactly repeatable, for tests and reruns
    seed: int = 0
    batch: int = 256
    sentences: int = 36  # text-only pairs per step: of the data's kinds, of kinds without pictures, dictionary words
    heads_share: float = 0.1
    finish_share: float = 0.14
    tune_px: int = 96
    views: int = 10  # kept views per picture, in GB of memory: 0.4 each; 0: vary them anew each time, at full size
    heads_rate: float = 1e-3
    tune_rate: float = 8e-4
    trunk_rate: float = 3e-4
    weight_decay: float = 0.2
    average: float = 0.998
    pasted: float = 0.2
    shrunk: float = 0.5  # share of the renders on another ground that are small in their frame, in the finish
    shared: bool = True  # every picture a caption is true of counts as right, not only the one it was written for
    soft: float = 0.2  # share of the targets given by likeness
    varied: bool = True  # captions are written anew each time, in both languages
    bridge: float = 0.5  # weight of the sentence teacher's own reading of the titles, see Training
    twins: float = 0.3  # weight of pictures that show the same product
    kinds: float = 0.5  # weight of every picture against the names of all kinds
    brands: float = 0.5  # weight of every picture against the names of all brands
    mistaken: int = 0  # how many products each title is mistaken for are drawn with it, see `draw_mistakes`
    teach: float = 1.0  # weight of the sentence teacher in the first stage; a fifth of it afterwards,
    # because the teacher hardly tells one colour from another
    remember: float = 0.1  # weight of learning without forgetting
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
    pools: (n,) what a pair is about; every step draws as many of each number.
    """

    en: torch.Tensor
    zh: torch.Tensor
    vectors: torch.Tensor
    kinds: np.ndarray
    classes: np.ndarray
    pools: np.ndarray


@dataclass(frozen=True)
class Original:
    """The ImageNet model before training: its trunk, pictures -> (n, 1280), and its classifier of 1000 classes."""

    trunk: nn.Module
    classifier: nn.Linear

    def __post_init__(self) -> None:
        self.trunk.requires_grad_(False).eval().to(memory_format=torch.channels_last)
        self.classifier.requires_grad_(False)

    @torch.no_grad()
    def features(self, seen: torch.Tensor) -> torch.Tensor:
        """(n, 1280) float32 from what `network.early` saw."""
        return network.late(self.trunk, seen).float()


class Training:
    """A run: what is trained, what it is trained on, and where it stands.

    The sentence teacher helps in two ways: the text tower must be able to say what the teacher says (`to_teacher`), and
    a small network (`bridge`) learns to place the teacher's reading of titles beside their pictures. What the bridge
    makes of a word that no caption contains is where the text tower learns to put that word.
    """

    def __init__(
        self,
        model: Any,
        dataset: Dataset,
        tokenizer: Tokenizer,
        sentences: Sentences,
        item_vectors: torch.Tensor,
        short_vectors: torch.Tensor,
        original: Original,
        recipe: Recipe,
        kept: list[np.ndarray],
    ) -> None:
        """model: open_clip's CustomTextCLIP. item_vectors: (items, 384), the teacher's reading of each item's title or
        description; short_vectors: (items, 384), of its colour and kind. kept: see `views.build`.
        """
        torch.manual_seed(recipe.seed)
        self.model, self.dataset, self.tokenizer, self.recipe = model, dataset, tokenizer, recipe
        self.sentences, self.original = sentences, original
        self.views = [torch.from_numpy(view) for view in kept]
        self.item_vectors, self.short_vectors = item_vectors, short_vectors
        self.context = model.text.context_length
        self.sampler = Sampler(dataset, recipe.batch)
        self.true_of = [torch.from_numpy(dataset.writer.names[name].true_of) for name in ATTRIBUTES]
        self._kinds, self._in_domain = kinds_by_domain(dataset)
        self._pools = [np.flatnonzero(sentences.pools == pool) for pool in np.unique(sentences.pools)]
        prepare_trunk(model.visual.trunk)
        model.to(memory_format=torch.channels_last)
        # Batch-norm statistics stay ImageNet's: batches of one kind would bend them.
        model.eval()
        self.to_teacher = nn.Linear(model.text.output_dim, teacher.DIMENSION)
        hidden = 2 * model.text.output_dim
        self.bridge = nn.Sequential(
            nn.Linear(teacher.DIMENSION, hidden), nn.GELU(), nn.Linear(hidden, model.text.output_dim)
        )
        trunk = [p for p in model.visual.trunk.parameters() if p.requires_grad]
        ours = [
            *model.text.named_parameters(),
            *model.visual.head.named_parameters(),
            *self.to_teacher.named_parameters(),
            *self.bridge.named_parameters(),
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
        written = [self.dataset.writer.write(self.dataset.items[row], words, varied=recipe.varied) for row in rows]
        pairs = self._draw_sentences(rng)
        kinds = self._name_kinds(words) if recipe.kinds else []
        brands = self.dataset.writer.names["brand"].names if recipe.brands else []
        count, said = len(rows), len(pairs)
        captioned = [captions[side].text for side in (0, 1) for captions in written]
        named = [*(caption.text for caption in kinds), *brands]
        ids = torch.tensor(encode(self.tokenizer, [*captioned, *named], self.context))
        texts = self._read(torch.cat([ids, self.sentences.en[pairs], self.sentences.zh[pairs]]))
        taught = self.to_teacher(texts[len(ids) :])
        texts = F.normalize(texts, dim=1)
        en, zh = texts[len(ids) : len(ids) + said], texts[len(ids) + said :]

        seen = self._seen(rows, stage, rng)
        with torch.autocast("cpu", torch.bfloat16):
            trunk = self.original.trunk if stage == "heads" else self.model.visual.trunk
            with torch.set_grad_enabled(stage != "heads"):
                features = network.late(trunk, seen).float()
        pictures = F.normalize(self.model.visual.head(features), dim=1)
        scale = self.model.logit_scale.exp()
        likeness = self._likeness(rows)

        def against_pictures(one: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
            if not recipe.shared:
                right = torch.eye(count, dtype=torch.bool)
            targets = (
                losses.soft_targets(r, like, recipe.soft) for r, like in ((right, likeness), (right.T, likeness.T))
            )
            return losses.contrastive(one, pictures, scale, *targets)

        called, true = ([captions[side] for captions in written] for side in (0, 1))
        loss = {
            "called": against_pictures(texts[:count], self._right(called, rows)),
            "true": against_pictures(texts[count : 2 * count], self._right(true, rows)),
        }
        weights = {"called": 1.0, "true": 0.7, "stand-ins": recipe.stand_ins, "twins": recipe.twins}
        goal = self.sentences.vectors[pairs].float()
        loss["teach"] = losses.cosine_distance(taught, goal.repeat(2, 1)) + losses.cosine_distance(en, zh)
        weights["teach"] = recipe.teach if stage == "heads" else recipe.teach / 5
        loss["stand-ins"] = self._stand_in_loss(features.detach(), pictures, pairs, en, zh, scale)
        if recipe.bridge:
            titles, twins = (torch.from_numpy(ids[rows]) for ids in (self.dataset.titles, self.dataset.twins))
            for name, vectors, same in (
                ("bridge", self.item_vectors, titles[:, None] == titles[None, :]),
                ("short bridge", self.short_vectors, twins[:, None] == twins[None, :]),
            ):
                loss[name] = against_pictures(F.normalize(self.bridge(vectors[rows].float()), dim=1), same)
                weights[name] = recipe.bridge / 2
            with torch.no_grad():
                placed = self.bridge(goal)
            loss["words"] = losses.cosine_distance(en, placed) + losses.cosine_distance(zh, placed)
            weights["words"] = recipe.bridge / 2
        if recipe.twins:
            loss["twins"] = self._twins_loss(pictures, rows)
        if recipe.kinds:
            names = texts[2 * count : 2 * count + len(kinds)]
            loss["kinds"] = self._kinds_loss(kinds, names, pictures, rows, scale)
            weights["kinds"] = recipe.kinds
        if brands:
            loss["brands"] = self._brands_loss(texts[len(ids) - len(brands) : len(ids)], pictures, rows, scale)
            weights["brands"] = recipe.brands
        if stage != "heads":
            loss["remember"] = self._remember_loss(seen[::8], features[::8])
            weights["remember"] = recipe.remember
        total = torch.stack([weights[name] * value for name, value in loss.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self._update()
        return {name: value.item() for name, value in loss.items()} | {"scale": scale.item()}

    def _read(self, ids: torch.Tensor) -> torch.Tensor:
        """(n, d) embeddings of texts, read in four parts of about equal length, without most of the padding.

        The tower sees padding; but what it makes of 12 tokens and of 24 is 0.99 alike, and it meets all lengths here.
        """
        lengths = (ids != 0).sum(1)
        order = lengths.argsort(stable=True)
        read = []
        for part in order.chunk(4):
            with torch.autocast("cpu", torch.bfloat16):
                read.append(self.model.text(ids[part, : int(lengths[part].max()) + 1]).float())
        return torch.cat(read)[order.argsort()]

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

    def _seen(self, rows: np.ndarray, stage: str, rng: np.random.Generator) -> torch.Tensor:
        """(n, 40, px / 8, px / 8) what the frozen blocks see of `rows`: a kept view, or at last the full size."""
        if stage == "finish" or not self.views:
            strength, pasted = (0.25, 0.0) if stage == "finish" else (1.0, self.recipe.pasted)
            px = self.dataset.pictures.shape[1]
            pictures = views.varied(self.dataset, rows, px, strength, pasted, rng, self.recipe.shrunk)
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                return network.early(self.original.trunk, pictures)
        chosen = rng.integers(len(self.views), size=len(rows))
        seen = torch.stack([self.views[view][row] for view, row in zip(chosen, rows, strict=True)])
        return seen.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)

    def _remember_loss(self, seen: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """How differently the ImageNet classifier reads today's features and the original trunk's."""
        with torch.autocast("cpu", torch.bfloat16):
            before = self.original.features(seen)
        classifier = self.original.classifier
        return losses.forgetting(classifier(features), classifier(before))

    def _twins_loss(self, pictures: torch.Tensor, rows: np.ndarray) -> torch.Tensor:
        """Pictures of one product close together; products are compared within a domain, where labels are of one make."""
        twins = torch.from_numpy(self.dataset.twins[rows])
        domains = torch.from_numpy(labelled_by(self.dataset.domains[rows]))
        same, comparable = (ids[:, None] == ids[None, :] for ids in (twins, domains))
        return losses.same_product(pictures, same, comparable, 20.0)

    def _name_kinds(self, rng: Random) -> list[Caption]:
        """A caption for every kind that has pictures: one of its names, nothing else."""
        names = self.dataset.writer.names["kind"]
        captions = []
        for kind in self._kinds:
            both = names.pick(names.keys[kind], rng, wide=0.0)
            name = both[rng.random() < 0.4]
            said = plural(name) if name == both[0] and rng.random() < 0.25 else name
            captions.append(Caption(said, {"kind": names.index(name)}))
        return captions

    def _kinds_loss(
        self, kinds: list[Caption], texts: torch.Tensor, pictures: torch.Tensor, rows: np.ndarray, scale: torch.Tensor
    ) -> torch.Tensor:
        """Every picture against the names of all kinds of its domain; another shop may draw its borders elsewhere."""
        names = torch.tensor([caption.claim["kind"] for caption in kinds])
        right = self.true_of[ATTRIBUTES.index("kind")][names][:, torch.from_numpy(self.dataset.values[rows, 0])]
        comparable = torch.from_numpy(self._in_domain[:, labelled_by(self.dataset.domains[rows])])
        return losses.all_names(texts, pictures, scale, right, comparable)

    def _brands_loss(
        self, texts: torch.Tensor, pictures: torch.Tensor, rows: np.ndarray, scale: torch.Tensor
    ) -> torch.Tensor:
        """Every picture of a known brand against the names of all brands, which are `texts` in the order of `Names`.

        Among a batch's titles a brand is one word of many, and each is right for one picture: it is learned as part of
        that picture. What a brand's pictures have in common (logos, cut, the way they were photographed) is learned here.
        """
        values = torch.from_numpy(self.dataset.values[rows, ATTRIBUTES.index("brand")])
        right = self.true_of[ATTRIBUTES.index("brand")][:, values]
        return losses.all_names(texts, pictures, scale, right, right.any(0).expand_as(right))

    def _draw_sentences(self, rng: np.random.Generator) -> np.ndarray:
        share = self.recipe.sentences // len(self._pools)
        return np.concatenate([rng.choice(pool, share) for pool in self._pools])

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

    def settle(self, count: int = 6000, steps: int = 300, batch: int = 512) -> None:
        """Let `to_teacher` and `bridge` find their place beside towers that were trained before; those stand still.

        They do not ship, so a run that starts from a shipped model starts without them; untaught, they would pull the
        towers astray in the first steps. count: pictures and sentence pairs to learn from.
        """
        recipe = self.recipe
        rng = np.random.default_rng([recipe.seed, 1 << 32])
        rows = np.sort(rng.choice(len(self.dataset.items), min(count, len(self.dataset.items)), replace=False))
        pairs = rng.choice(len(self.sentences.kinds), min(count, len(self.sentences.kinds)), replace=False)
        with torch.no_grad():
            read = torch.cat([self._read(self.sentences.en[pairs[part]]) for part in chunks(len(pairs), batch)])
            scale = self.model.logit_scale.exp()
        seen = self._look(rows, batch)
        goal = self.sentences.vectors[pairs].float()
        helpers = [*self.to_teacher.parameters(), *self.bridge.parameters()]
        optimizer = torch.optim.AdamW(helpers, lr=2e-3, weight_decay=recipe.weight_decay)
        for _ in range(steps):
            some = rng.choice(len(rows), min(batch, len(rows)), replace=False)
            said = rng.choice(len(pairs), min(batch, len(pairs)), replace=False)
            total = losses.cosine_distance(self.to_teacher(read[said]), goal[said])
            for vectors, ids in ((self.item_vectors, self.dataset.titles), (self.short_vectors, self.dataset.twins)):
                same = torch.from_numpy(ids[rows[some]])
                same = same[:, None] == same[None, :]
                targets = losses.soft_targets(same, same.float(), share=0.0)
                placed = F.normalize(self.bridge(vectors[rows[some]].float()), dim=1)
                total = total + losses.contrastive(placed, seen[some], scale, targets, targets.T)
            optimizer.zero_grad()
            total.backward()
            optimizer.step()
        log.info("the sentence teacher has settled: loss %.2f", total.item())

    @torch.no_grad()
    def _look(self, rows: np.ndarray, batch: int) -> torch.Tensor:
        """(n, d) unit embeddings of the pictures of `rows` as they are searched, not varied."""
        pictures = []
        for part in (rows[some] for some in chunks(len(rows), batch)):
            with torch.autocast("cpu", torch.bfloat16):
                seen = augment.to_tensor(self.dataset.pictures[part]).contiguous(memory_format=torch.channels_last)
                features = network.late(self.model.visual.trunk, network.early(self.original.trunk, seen)).float()
            pictures.append(F.normalize(self.model.visual.head(features), dim=1))
        return torch.cat(pictures)

    def draw_mistakes(self, batch: int = 512) -> None:
        """From now on draw products together that the model, as it stands, mistakes for each other."""
        found = self._mistaken(self.recipe.mistaken, batch)
        self.sampler = Sampler(self.dataset, self.recipe.batch, mistaken=found)

    @torch.no_grad()
    def _mistaken(self, count: int, batch: int) -> dict[int, np.ndarray]:
        """Row of fashion/ -> the `count` rows of other titles whose pictures score highest for its title.

        Hard negatives by the model's own mistakes (Xiong et al. 2021, arXiv 2007.00808), looked up once.
        """
        rows = np.flatnonzero(self.dataset.domains == DOMAINS.index("fashion"))
        pictures, titles = self._look(rows, batch), self.dataset.titles[rows]
        found: dict[int, np.ndarray] = {}
        for part in chunks(len(rows), batch):
            ids = torch.tensor(encode(self.tokenizer, [self.dataset.items[r].title for r in rows[part]], self.context))
            scores = F.normalize(self._read(ids), dim=1) @ pictures.T
            scores[torch.from_numpy(titles[part][:, None] == titles[None, :])] = -2.0
            nearest = rows[scores.topk(min(count, len(rows) - 1), dim=1).indices.numpy()]
            found |= dict(zip(rows[part].tolist(), nearest, strict=True))
        return found

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
            "bridge": self.bridge.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "elapsed": self.elapsed,
            "tokenizer": self.tokenizer.to_str(),
        }
        torch.save(state, partial)
        partial.rename(file)

    def resume(self, file: Path) -> None:
        """Continue from a file that `save` wrote, of the same recipe and titles; renders may have been added.

        Raises ValueError when the tokenizer is another: to the weights its numbers would mean other words.
        """
        state = torch.load(file, map_location="cpu", weights_only=True)
        ours = self.tokenizer.to_str()
        if state.get("tokenizer", ours) != ours:
            raise ValueError(f"{file} was trained with another tokenizer; start anew, or take the data it was made of")
        self.model.load_state_dict(state["model"])
        self.to_teacher.load_state_dict(state["to_teacher"])
        self.bridge.load_state_dict(state["bridge"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.averaged = state["averaged"]
        self.step, self.elapsed = state["step"], state["elapsed"]


def labelled_by(domains: np.ndarray) -> np.ndarray:
    """`domains` with the packshots among the groceries, whose labels they carry."""
    return np.where(domains == DOMAINS.index("packshots"), DOMAINS.index("grocery"), domains)


def kinds_by_domain(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """(k,) the kinds that have pictures, as values; (k, domains) bool, in which domains they have some."""
    values, domains = dataset.values[:, ATTRIBUTES.index("kind")], labelled_by(dataset.domains)
    kinds = np.unique(values[values < len(dataset.writer.names["kind"].keys)])
    there = [[bool((domains[values == kind] == domain).any()) for domain in range(len(DOMAINS))] for kind in kinds]
    return kinds, np.array(there).reshape(len(kinds), len(DOMAINS))


def short_description(item: Item, writer: Writer) -> str:
    """Colour and kind by their usual English names, what there is of them."""
    known = [(name, item.attributes.get(name) or "") for name in ("colour", "kind")]
    return " ".join(writer.names[name].en[key][0] for name, key in known if key in writer.names[name].en)


def description(item: Item, rng: Random, writer: Writer) -> str:
    """The English line the teacher reads for an item: its title, or a caption of its attributes."""
    return item.title or writer.pair(item, rng)[0].text
