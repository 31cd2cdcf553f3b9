"""The loop: a multi-positive contrastive loss, early stopping on queries held out of training, the best state kept.

Every random choice comes from the recipe's seed: the same pairs on the same machine give the same model.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from search import images
from search.adapt import folder as model_folder
from search.adapt import losses
from search.adapt.methods import Method, Recipe
from search.adapt.pairs import Pairs, Rows
from search.encoder.openclip import OpenClipEncoder
from search.errors import ModelError
from search.metrics import hit_at_k, reciprocal_rank

if TYPE_CHECKING:
    from search.schema import ImageInput

log = logging.getLogger(__name__)

State = dict[str, torch.Tensor]

#: Of each side, what a varied picture keeps at least. Less would crop away what names an article: a label, a rim.
_LEAST_SIDE = 0.75
#: Pictures embedded at a time where nothing is trained.
_EMBED = 64


@dataclass(frozen=True)
class Epoch:
    """What was measured after an epoch; 0 is the model as it came.

    loss: mean over the steps of the training part (nan for epoch 0). recall_1, recall_5, mrr: of the held-out
    queries, in [0, 1]; recall as in metrics.hit_at_k. seconds: since the start, with measuring.
    """

    number: int
    loss: float
    recall_1: float
    recall_5: float
    mrr: float
    seconds: float


@dataclass(frozen=True)
class Adapted:
    """A model after adaptation, plain open_clip again.

    model: with everything merged, in eval mode. history: epochs 0, 1, ... as far as it went; best: the number of the
    one whose state was merged. training, held_out: rows of the queries, which part they were in.
    """

    model: Any
    source: OpenClipEncoder
    history: tuple[Epoch, ...]
    best: int
    training: Rows
    held_out: Rows

    def save(self, folder: str | Path) -> str:
        """Write a folder that open_clip opens; returns its name for load_encoder and open_clip, "local-dir:...".

        Raises:
            FileExistsError: the folder holds the model that was adapted.
        """
        model_folder.write(self.model, self.source, Path(folder))
        return f"local-dir:{folder}"


def adapt(
    encoder: OpenClipEncoder,
    pairs: Pairs,
    method: Method,
    *,
    recipe: Recipe | None = None,
    run_dir: str | Path | None = None,
) -> Adapted:
    """Adapt an open_clip model to pairs of pictures; the encoder itself is not changed.

    A part of the pairs' queries is held out to stop by: it is not trained on, but the epoch is chosen by it, so its
    figures flatter. Figures to report take queries that are not in `pairs`. An interrupt (Ctrl-C, the notebook's stop
    button) ends training early and returns the best so far.

    Args:
        encoder: from load_encoder, of any open_clip model.
        recipe: the method's own when not given.
        run_dir: where TensorBoard's events and best.pt (see from_checkpoint) are written; None writes nothing.

    Raises:
        ModelError: the encoder is not open_clip's, or the method does not suit it.
        ModuleNotFoundError: peft or tensorboard is needed and not installed.
        InputError: there are too few queries.
        ImageError: a picture cannot be used.
    """
    recipe = recipe or method.recipe
    if not isinstance(encoder, OpenClipEncoder):
        raise ModelError(f"{encoder.name} is no open_clip model.", "Use one whose name does not begin transformers:.")
    training, held_out = pairs.hold_out(recipe.held_out, recipe.seed)
    with _tracked(run_dir) as write, torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        run = _Run(encoder, pairs, method, recipe, training, held_out)
        history = [run.measure(0, float("nan"))]
        best, state = 0, run.state()
        write(history[0], state)
        try:
            for number in range(1, recipe.epochs + 1):
                history.append(run.measure(number, run.epoch(number)))
                better = history[-1].mrr > history[best].mrr
                if better:
                    best, state = number, run.state()
                write(history[-1], state if better else None)
                if number - best >= recipe.patience:
                    break
        except KeyboardInterrupt:
            log.warning("interrupted after epoch %d, the best so far is epoch %d", history[-1].number, best)
        model = _merged(encoder, method, state)
    return Adapted(model, encoder, tuple(history), best, training, held_out)


def from_checkpoint(encoder: OpenClipEncoder, method: Method, file: str | Path) -> Any:
    """The merged open_clip model from the best.pt of a run that did not come to its end."""
    return _merged(encoder, method, torch.load(file, map_location=encoder.device, weights_only=True))


def _merged(encoder: OpenClipEncoder, method: Method, state: State) -> Any:
    """A copy of the encoder's model with what was learned in its weights."""
    model = copy.deepcopy(encoder.model)
    attached = method.attach(model, encoder.dim).to(encoder.device)
    unknown = attached.load_state_dict(state, strict=False).unexpected_keys
    if unknown or state.keys() != _trained(attached).keys():
        raise ModelError("The checkpoint is of another method or model.", "Give those that it was written with.")
    method.merge(model, attached)
    return model.eval().requires_grad_(False)


def _trained(module: nn.Module) -> dict[str, nn.Parameter]:
    return {name: parameter for name, parameter in module.named_parameters() if parameter.requires_grad}


class _Run:
    """What is trained, what it is trained on, and where it stands."""

    def __init__(
        self, encoder: OpenClipEncoder, pairs: Pairs, method: Method, recipe: Recipe, training: Rows, held_out: Rows
    ):
        self.encoder, self.pairs, self.recipe = encoder, pairs, recipe
        self.training = training
        self.stopping = Pairs([pairs.queries[row] for row in held_out], pairs.items, pairs.relevant[held_out])
        self.start = time.monotonic()
        model = copy.deepcopy(encoder.model)
        # Convolutions on a CPU take a third less time so (30 instead of 49 ms a picture, forward and back, with LoRA on
        # all pointwise convolutions of the embedded model and one thread).
        model.to(memory_format=torch.channels_last)
        # Batch-norm statistics stay: a few hundred pictures of one shop would bend them, and so does what merges.
        model.eval()
        self.module = method.attach(model, encoder.dim).to(encoder.device).eval()
        self.before = torch.from_numpy(encoder.encode_images(pairs.items)).to(encoder.device)
        self.cached: torch.Tensor | None = None
        if method.towers_frozen:
            self.cached = torch.from_numpy(encoder.encode_images(pairs.queries)).to(encoder.device)
        self.held_out = held_out
        self.optimizer = torch.optim.AdamW(
            _trained(self.module).values(), lr=recipe.rate, weight_decay=recipe.weight_decay
        )

    def state(self) -> State:
        """A copy of what is trained."""
        return {name: parameter.detach().clone() for name, parameter in _trained(self.module).items()}

    def epoch(self, number: int) -> float:
        """Every training query once; returns the mean loss."""
        order = np.random.default_rng([self.recipe.seed, number]).permutation(self.training)
        steps = range(0, len(order), self.recipe.batch)
        return float(np.mean([self._step(order[at : at + self.recipe.batch], number) for at in steps]))

    def _step(self, rows: Rows, number: int) -> float:
        rng = np.random.default_rng([self.recipe.seed, number, int(rows[0])])
        places = self._places(rows, rng)
        queries, items = self._embed(rows, places, rng)
        relevant = torch.from_numpy(self.pairs.relevant[np.ix_(rows, places)]).to(queries.device)
        scale = queries.new_tensor(self.recipe.scale)
        loss = losses.contrastive(queries, items, scale, _shares(relevant), _shares(relevant.T))
        loss = loss + self.recipe.keep * losses.cosine_distance(items, self.before[places])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(_trained(self.module).values(), 1.0)
        self.optimizer.step()
        return loss.item()

    def _places(self, rows: Rows, rng: np.random.Generator) -> Rows:
        """The items of a step: all that are relevant for its queries, filled up with others, sorted."""
        relevant = self.pairs.relevant[rows].any(axis=0)
        others = rng.permutation(np.flatnonzero(~relevant))
        fill = max(self.recipe.items - int(relevant.sum()), 0)
        return np.sort(np.concatenate([np.flatnonzero(relevant), others[:fill]]))

    def _embed(self, rows: Rows, places: Rows, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """(queries, items) as unit rows, with gradients; pictures are varied, cached embeddings cannot be."""
        if self.cached is not None:
            embedded = self.module(torch.cat([self.cached[rows], self.before[places]]))
        else:
            chosen = [self.pairs.queries[row] for row in rows] + [self.pairs.items[place] for place in places]
            pixels = self._pixels(chosen, rng)
            embedded = self.module(pixels)
        both = F.normalize(embedded, dim=1)
        return both[: len(rows)], both[len(rows) :]

    def _pixels(self, pictures: Sequence[ImageInput], rng: np.random.Generator | None = None) -> torch.Tensor:
        """(n, 3, h, w), preprocessed; varied if there is an rng."""
        draws = [None] * len(pictures) if rng is None else [*rng.random((len(pictures), 5))]

        def read(picture: ImageInput, draw: np.ndarray | None) -> torch.Tensor:
            loaded = images.load(picture, at_least=self.encoder.image_size)
            return self.encoder.preprocess(loaded if draw is None else vary(loaded, draw))

        with ThreadPoolExecutor(2) as pool:
            batch = torch.stack(list(pool.map(read, pictures, draws)))
        return batch.to(self.encoder.device).contiguous(memory_format=torch.channels_last)

    @torch.no_grad()
    def measure(self, number: int, loss: float) -> Epoch:
        """The held-out queries in the gallery of all items, as things stand."""
        if self.cached is not None:
            queries, items = (self.module(inputs) for inputs in (self.cached[self.held_out], self.before))
        else:
            queries, items = (self._all(pictures) for pictures in (self.stopping.queries, self.stopping.items))
        found = self.stopping.ranked(*(F.normalize(rows, dim=1).cpu().numpy() for rows in (queries, items)))
        figures = (hit_at_k(found, 1), hit_at_k(found, 5), reciprocal_rank(found))
        recall_1, recall_5, mrr = (float(figure.mean()) for figure in figures)
        epoch = Epoch(number, loss, recall_1, recall_5, mrr, time.monotonic() - self.start)
        log.info("epoch %d  loss %.3f  held out: recall@1 %.3f  MRR %.3f", number, loss, epoch.recall_1, epoch.mrr)
        return epoch

    def _all(self, pictures: Sequence[ImageInput]) -> torch.Tensor:
        """(n, dim) of n pictures, as they are."""
        parts = [pictures[at : at + _EMBED] for at in range(0, len(pictures), _EMBED)]
        return torch.cat([self.module(self._pixels(part)) for part in parts])


def vary(picture: Image.Image, draw: np.ndarray) -> Image.Image:
    """A part of a picture, mirrored or not: what another hand might have taken. Colours stay.

    draw: (5,) in [0, 1): width, height, left, top, and the mirror.
    """
    width, height = (
        round(side * (_LEAST_SIDE + (1 - _LEAST_SIDE) * part))
        for side, part in zip(picture.size, draw[:2], strict=True)
    )
    left, top = round((picture.width - width) * draw[2]), round((picture.height - height) * draw[3])
    part = picture.crop((left, top, left + width, top + height))
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if draw[4] < 0.5 else part


def _shares(relevant: torch.Tensor) -> torch.Tensor:
    """Targets of the loss: even shares for what is relevant; a row without anything relevant asks nothing and stays zero."""
    asked = relevant.any(1)
    targets = relevant.new_zeros(relevant.shape, dtype=torch.float32)
    targets[asked] = losses.soft_targets(relevant[asked], targets[asked], share=0.0)
    return targets


@contextmanager
def _tracked(run_dir: str | Path | None) -> Iterator[Callable[[Epoch, State | None], None]]:
    """What is to be called after every epoch, with the state if it is the best so far."""
    if run_dir is None:
        yield lambda epoch, state: None
        return
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "learning curves need the package tensorboard: pip install -r search/adapt/requirements.txt "
            "(or leave run_dir out)"
        ) from error
    folder = Path(run_dir)
    folder.mkdir(parents=True, exist_ok=True)
    with SummaryWriter(str(folder)) as events:

        def write(epoch: Epoch, state: State | None) -> None:
            if epoch.number:
                events.add_scalar("train/loss", epoch.loss, epoch.number)
            events.add_scalar("held_out/recall@1", epoch.recall_1, epoch.number)
            events.add_scalar("held_out/recall@5", epoch.recall_5, epoch.number)
            events.add_scalar("held_out/MRR", epoch.mrr, epoch.number)
            events.flush()
            if state is not None:
                partial = folder / "best.part"
                torch.save(state, partial)
                partial.replace(folder / "best.pt")

        yield write
