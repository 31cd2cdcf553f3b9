"""Which losses a step has: one function for each, by the name that its weight has in `recipe.WEIGHTS`.

`Objectives` reads a batch once (`Batch`); the step adds the losses up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional as F

from search.adapt.losses import contrastive, cosine_distance, soft_targets
from search.lab.train import losses
from search.lab.train.bank import CaptionBank
from search.lab.train.dataset import DOMAINS
from search.lab.train.recipe import Recipe
from search.lab.train.sentences import Sentences
from search.lab.train.tables import BRAND, COLOUR, KIND, Tables
from search.lab.train.towers import ImageNet, Teacher, autocast

FASHION, GROCERY, PACKSHOTS = (DOMAINS.index(name) for name in ("fashion", "grocery", "packshots"))
PICTURE_SCALE = 20.0  # inverse temperature between pictures
TAUGHT_SHARE = 0.3  # of a batch's pictures, how many the teacher is asked about


@dataclass(frozen=True)
class Texts:
    """Unit embeddings of all texts of a step. d: dimension of the shared space.

    called, true: (n, d), a caption of either sort for each picture; claims: (n, 2, 9) what they claim. kinds: (k, d) a
    name of each kind; kinds_used: (k,) which. brands: (b, d). colours: (c, d). coloured: (g * c, d), g kinds of the
    batch (asked: (g,)) in all colours. en, zh: (p, d), the sentences `pairs`.
    """

    called: torch.Tensor
    true: torch.Tensor
    kinds: torch.Tensor
    brands: torch.Tensor
    colours: torch.Tensor
    coloured: torch.Tensor
    en: torch.Tensor
    zh: torch.Tensor
    claims: torch.Tensor
    kinds_used: torch.Tensor
    asked: torch.Tensor
    pairs: torch.Tensor


@dataclass(frozen=True)
class Batch:
    """A batch as the student reads it.

    rows: (n,) of the data. seen: (n, 3, px, px), augmented. features: (n, 1280) of the trunk. pictures: (n, d) unit
    rows. kind, colour, domains: (n,) int64. scale: inverse temperature.
    """

    rows: torch.Tensor
    seen: torch.Tensor
    features: torch.Tensor
    pictures: torch.Tensor
    texts: Texts
    kind: torch.Tensor
    colour: torch.Tensor
    domains: torch.Tensor
    scale: torch.Tensor


class Objectives:
    """The losses of a run, of batches that `captions` and `pairs` supply with texts."""

    def __init__(
        self,
        model: Any,
        teacher: Teacher,
        imagenet: ImageNet,
        tables: Tables,
        captions: CaptionBank,
        pairs: Sentences,
        recipe: Recipe,
        generator: torch.Generator,
    ) -> None:
        self.model, self.teacher, self.imagenet, self.tables = model, teacher, imagenet, tables
        self.captions, self.pairs, self.recipe, self.generator = captions, pairs, recipe, generator
        self.device = tables.values.device
        self.trunk = torch.compile(model.visual.trunk) if recipe.compiled else model.visual.trunk
        functions: dict[str, Callable[[Batch], torch.Tensor | None]] = {
            "called": lambda batch: self._captions(batch, batch.texts.called, 0),
            "true": lambda batch: self._captions(batch, batch.texts.true, 1),
            "kinds": self._kinds,
            "brands": self._brands,
            "coloured": self._coloured,
            "composed": self._composed,
            "twins": self._twins,
            "alike": self._alike,
            "before": self._before,
            "remember": self._remember,
            "agree": self._agree,
            "words": self._words,
            "stand-ins": self._stand_ins,
        }
        self.functions = {name: function for name, function in functions.items() if recipe.weights[name]}

    def __call__(self, rows: torch.Tensor, seen: torch.Tensor) -> dict[str, torch.Tensor]:
        """Each loss before weighting, of pictures `seen` (n, 3, px, px) of `rows`. One without anything to judge is
        left out."""
        batch = self._read(rows, seen)
        found = {name: function(batch) for name, function in self.functions.items()}
        return {name: value for name, value in found.items() if value is not None}

    def texts(self, *parts: torch.Tensor) -> list[torch.Tensor]:
        """Unit embeddings of several (n, context) id tensors, read as one."""
        with autocast(self.device):
            read = self.model.encode_text(torch.cat(parts))
        return list(F.normalize(read.float(), dim=1).split([len(part) for part in parts]))

    def _read(self, rows: torch.Tensor, seen: torch.Tensor) -> Batch:
        with autocast(self.device):
            features = self.trunk(seen).float()
        pictures = F.normalize(self.model.visual.head(features), dim=1)
        values = self.tables.values[rows]
        return Batch(
            rows,
            seen,
            features,
            pictures,
            self._read_texts(rows),
            values[:, KIND],
            values[:, COLOUR],
            self.tables.domains[rows],
            self.model.logit_scale.exp(),
        )

    def _read_texts(self, rows: torch.Tensor) -> Texts:
        tables = self.tables
        ids, claims = self.captions.draw(rows, self.generator)
        kinds, kinds_used = tables.kinds.draw(self.generator)
        colours, _ = tables.colours.draw(self.generator)
        coloured, asked = self._ask_colours(rows)
        pairs = self._draw_pairs()
        ids_called, ids_true = ids.unbind(1)
        called, true, of_kinds, of_brands, of_colours, of_coloured, en, zh = self.texts(
            ids_called,
            ids_true,
            kinds,
            tables.brands,
            colours,
            coloured.flatten(0, 1),
            self.pairs.en[pairs],
            self.pairs.zh[pairs],
        )
        return Texts(
            called, true, of_kinds, of_brands, of_colours, of_coloured, en, zh, claims, kinds_used, asked, pairs
        )

    def _ask_colours(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """ids (g, colours, context) of a few of the batch's kinds in all colours, and those kinds (g,)."""
        tables = self.tables
        there = torch.isin(tables.coloured_kinds, tables.values[rows, KIND]).nonzero()[:, 0]
        order = torch.randperm(len(there), generator=self.generator, device=self.device)[: self.recipe.coloured]
        chosen = there[order]
        variant = int(torch.randint(tables.coloured.shape[2], (1,), generator=self.generator, device=self.device))
        return tables.coloured[chosen, :, variant].long(), tables.coloured_kinds[chosen]

    def _draw_pairs(self) -> torch.Tensor:
        """(pools * recipe.pairs,) rows of sentences, as many of every pool that has any."""
        drawn = [
            pool[torch.randint(len(pool), (self.recipe.pairs,), generator=self.generator, device=self.device)]
            for pool in self.pairs.pools
            if len(pool)
        ]
        return torch.cat(drawn)

    def _captions(self, batch: Batch, texts: torch.Tensor, side: int) -> torch.Tensor:
        """Captions against the pictures of the batch: every picture that a caption is true of is right."""
        tables, claims = self.tables, batch.texts.claims[:, side]
        values = tables.values[batch.rows]
        right = losses.right_pictures(claims, values, tables.titles[batch.rows], tables.true_of)
        like = self._likeness(batch.rows)
        by_text, by_picture = (soft_targets(r, s, self.recipe.soft) for r, s in ((right, like), (right.T, like.T)))
        return contrastive(texts, batch.pictures, batch.scale, by_text, by_picture)

    def _likeness(self, rows: torch.Tensor) -> torch.Tensor:
        """(n, n) half the share of equal attributes, half the cosine of what the teacher read."""
        values, read = self.tables.values[rows], self.tables.read[rows].float()
        return ((values[:, None] == values[None, :]).float().mean(2) + read @ read.T) / 2

    def _kinds(self, batch: Batch) -> torch.Tensor:
        right = self.tables.true_of[KIND][batch.texts.kinds_used][:, batch.kind]
        comparable = self.tables.comparable[:, batch.kind, batch.domains]
        return losses.all_names(batch.texts.kinds, batch.pictures, batch.scale, right, comparable)

    def _brands(self, batch: Batch) -> torch.Tensor | None:
        if not len(batch.texts.brands):
            return None
        right = self.tables.true_of[BRAND][:, self.tables.values[batch.rows, BRAND]]
        known = right.any(0).expand_as(right)
        return losses.all_names(batch.texts.brands, batch.pictures, batch.scale, right, known)

    def _coloured(self, batch: Batch) -> torch.Tensor | None:
        """The names of `asked` kinds in every colour, against fashion's pictures."""
        asked, shop = batch.texts.asked, batch.domains == FASHION
        if not len(asked):
            return None
        count = self.tables.coloured.shape[1]
        kind = asked.repeat_interleave(count)
        colour = torch.arange(count, device=self.device).repeat(len(asked))
        right = (kind[:, None] == batch.kind[shop]) & (colour[:, None] == batch.colour[shop])
        return losses.all_names(batch.texts.coloured, batch.pictures[shop], batch.scale, right, torch.ones_like(right))

    def _composed(self, batch: Batch) -> torch.Tensor:
        shop = batch.domains == FASHION
        pictures, kind, colour = batch.pictures[shop], batch.kind[shop], batch.colour[shop]
        return losses.composed(pictures, batch.texts.colours, kind, colour, batch.scale, self.generator)

    def _twins(self, batch: Batch) -> torch.Tensor:
        twins, shop = self.tables.twins[batch.rows], self._labelled(batch)
        same = twins[:, None] == twins[None, :]
        return losses.same_product(batch.pictures, same, shop[:, None] == shop[None, :], PICTURE_SCALE)

    def _alike(self, batch: Batch) -> torch.Tensor:
        """Pictures of one kind; two of fashion are left to the kinds' names."""
        shop = self._labelled(batch)
        same = self.tables.same[batch.kind][:, batch.kind]
        same = same & ~((shop[:, None] == FASHION) & (shop[None, :] == FASHION))
        comparable = same | self.tables.differ[batch.kind][:, batch.kind]
        return losses.same_product(batch.pictures, same, comparable, PICTURE_SCALE)

    def _labelled(self, batch: Batch) -> torch.Tensor:
        """(n,) whose labels a picture has: packshots have grocery's."""
        return torch.where(batch.domains == PACKSHOTS, GROCERY, batch.domains)

    def _before(self, batch: Batch) -> torch.Tensor:
        """The teacher's vectors of always as many pictures: a convolution of a size not met before costs a second of a
        GPU's looking for a way to do it."""
        count = max(1, int(len(batch.rows) * TAUGHT_SHARE))
        weights = self.tables.taught[batch.domains] + 1e-6
        some = torch.multinomial(weights, count, True, generator=self.generator)
        with autocast(self.device):
            return cosine_distance(batch.pictures[some], self.teacher.pictures(batch.seen[some]))

    def _remember(self, batch: Batch) -> torch.Tensor:
        part = torch.arange(0, len(batch.rows), 4, device=self.device)
        with autocast(self.device):
            then = self.imagenet.logits(batch.seen[part])
            now = self.imagenet.classifier(batch.features[part])
        return losses.forgetting(now.float(), then.float())

    def _agree(self, batch: Batch) -> torch.Tensor:
        """English and Chinese of captions; a dictionary's first meaning is often the odd one."""
        count = 2 * self.recipe.pairs
        return cosine_distance(batch.texts.en[:count], batch.texts.zh[:count])

    def _words(self, batch: Batch) -> torch.Tensor | None:
        texts = batch.texts
        kept = self.tables.anchored[texts.pairs].nonzero()[:, 0]
        if not len(kept):
            return None
        rows = texts.pairs[kept]
        with autocast(self.device):
            goal = self.teacher.texts(torch.cat([self.pairs.en[rows], self.pairs.zh[rows]]))
        return cosine_distance(torch.cat([texts.en[kept], texts.zh[kept]]), goal)

    def _stand_ins(self, batch: Batch) -> torch.Tensor | None:
        """Sentences of kinds that ImageNet has, against pictures moved to its classes (`losses.stand_ins`)."""
        texts, tables = batch.texts, self.tables
        places = (self.pairs.classes[texts.pairs] >= 0).nonzero()[:, 0]
        if not len(places):
            return None
        classes, kinds = self.pairs.classes[texts.pairs][places], self.pairs.kinds[texts.pairs][places]
        start = batch.features.detach()[torch.arange(len(places), device=self.device) % len(batch.features)]
        classifier = self.imagenet.classifier
        moved = losses.stand_ins(start, classes, classifier.weight, classifier.bias)
        stands = F.normalize(self.model.visual.head(moved), dim=1)
        against = torch.cat([kinds, batch.kind])
        right, differ = tables.same[kinds][:, against].clone(), tables.differ[kinds][:, against]
        right[:, len(kinds) :] = False
        both, allowed = right.repeat(2, 1).float(), (right | differ).repeat(2, 1)
        said = torch.cat([texts.en[places], texts.zh[places]])
        logits = batch.scale * said @ torch.cat([stands, batch.pictures]).T
        logits = logits.masked_fill(~allowed, -1e4)
        return F.cross_entropy(logits, both / both.sum(1, keepdim=True).clamp(min=1))
