"""Picture towers whose parts we know: where their places are, and how they become one vector.

    Convolutional   trunk, average pool, linear projection      (open_clip with timm, the embedded model)
    ClassToken      transformer whose class token is read out   (open_clip's ViTs, transformers' CLIPModel)
    AttentionPool   transformer with one attention pool         (SigLIP through timm or transformers)

A tower only names modules and weights; it is read by forward hooks that are taken off again, so the
caller's model is never changed and its fused attention stays on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isqrt
from threading import get_ident
from typing import TYPE_CHECKING, Any

from search.encoder import Encoder

if TYPE_CHECKING:
    import torch
    from torch import nn


@dataclass(frozen=True)
class Linear:
    """y = weight x + bias, with (out, in) and (out,) or None."""

    weight: torch.Tensor
    bias: torch.Tensor | None

    def __call__(self, x: torch.Tensor, *, affine: bool = True) -> torch.Tensor:
        """(..., in) -> (..., out) in the precision of x; without the bias if not `affine`."""
        y = x @ self.weight.to(x.dtype).T
        return y if self.bias is None or not affine else y + self.bias.to(x.dtype)


@dataclass(frozen=True)
class Attention:
    """The weights of one multi-head attention; `query` is None where the query is a constant."""

    module: nn.Module
    query: Linear
    key: Linear
    value: Linear
    out: Linear
    heads: int
    norms: tuple[Callable[[Any], Any], Callable[[Any], Any]] | None = None
    batch_first: bool = True

    def row(self, query: torch.Tensor, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What one query reads: (heads, n) weights and (heads, n, width / heads) values.

        softmax(Q K' / sqrt(d)) of "Attention Is All You Need" (Vaswani et al. 2017), from the same
        inputs that the module itself was given.

        Args:
            query: (width,), tokens: (n, width).
        """
        q, k, v = (
            linear(x).reshape(len(x), self.heads, -1).transpose(0, 1)
            for linear, x in ((self.query, query[None]), (self.key, tokens), (self.value, tokens))
        )
        if self.norms:
            # The norms keep the model's own precision.
            q, k = (norm(x.to(self.value.weight.dtype)).to(x.dtype) for norm, x in zip(self.norms, (q, k), strict=True))
        return (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).softmax(-1)[:, 0], v

    def contributions(self, query: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """(n, width): c_j = W_o concat_h(A_hj V_hj); with the bias of W_o they sum to the output."""
        weights, values = self.row(query, tokens)
        mixed = (weights[..., None] * values).transpose(0, 1).reshape(len(tokens), -1)
        return self.out(mixed, affine=False)


@dataclass(frozen=True)
class Block:
    """One layer of a transformer: x + scale * attention(norm_1(x)), then `feed` on top."""

    module: nn.Module
    norm: nn.Module
    attention: Attention
    scale: torch.Tensor | None
    feed: Callable[[Any], Any]


@dataclass(frozen=True)
class Convolutional:
    """`pool` averages the last feature map over its places; `project` makes the embedding."""

    pool: nn.Module
    project: Linear


@dataclass(frozen=True)
class ClassToken:
    """The class token, first of the tokens, goes through `norm` and `project`."""

    blocks: Sequence[Block]
    norm: nn.LayerNorm
    project: Linear | None


@dataclass(frozen=True)
class AttentionPool:
    """One learned query reads the tokens: r = attention, then e = project(r + feed(norm(r))).

    `probe` is that query, (width,), before the query's own projection; feed is second(act(first)).
    """

    pool: nn.Module
    final: Callable[[Any], Any]
    attention: Attention
    probe: torch.Tensor
    norm: nn.LayerNorm
    first: Linear
    act: nn.Module
    second: Linear
    project: Linear | None
    blocks: Sequence[nn.Module]


Tower = Convolutional | ClassToken | AttentionPool


def tower_of(encoder: Encoder) -> Tower | None:
    """The parts of an encoder's picture tower, or None where it is of no kind that we can read."""
    model = getattr(encoder, "model", None)
    visual = getattr(model, "visual", None)
    if visual is not None:
        if hasattr(visual, "trunk"):
            return _timm_pooled(visual) or _timm_attended(visual)
        return _open_clip_tokens(visual)
    vision = getattr(model, "vision_model", None)
    if vision is None:
        return None
    return _transformers_tokens(model, vision) or _transformers_attended(vision)


def grid_of(count: int) -> tuple[int, int]:
    """(h, w) of so many patches: every tower here sees a square.

    Raises:
        ValueError: it is no square.
    """
    side = isqrt(count)
    if side * side != count:
        raise ValueError(f"{count} patches are no square; expected 49, 196, ...")
    return side, side


@contextmanager
def watched(*modules: nn.Module) -> Iterator[list[list[tuple[Any, Any]]]]:
    """What each module is given first and gives back, call by call: [(input, output), ...] each.

    Only the calls of this thread: another one may be searching with the same model.
    """
    here = get_ident()
    calls: list[list[tuple[Any, Any]]] = [[] for _ in modules]

    def note(seen: list[tuple[Any, Any]]) -> Callable[..., None]:
        def hook(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
            if get_ident() != here:
                return
            given = args[0] if args else kwargs.get("hidden_states", next(iter(kwargs.values()), None))
            seen.append((given, output[0] if isinstance(output, tuple) else output))

        return hook

    hooks = [
        module.register_forward_hook(note(seen), with_kwargs=True) for module, seen in zip(modules, calls, strict=True)
    ]
    try:
        yield calls
    finally:
        for hook in hooks:
            hook.remove()


def _linear(module: Any) -> Linear:
    return Linear(module.weight, module.bias)


def _timm_pooled(visual: Any) -> Convolutional | None:
    pool: Any = getattr(visual.trunk, "global_pool", None)
    project = getattr(visual.head, "proj", None)
    if getattr(pool, "pool_type", None) != "avg" or not hasattr(project, "weight"):
        return None
    return Convolutional(pool, _linear(project))


def _timm_attended(visual: Any) -> AttentionPool | None:
    trunk = visual.trunk
    pool: Any = getattr(trunk, "attn_pool", None)
    plain = all(_is_identity(getattr(trunk, name, None)) for name in ("fc_norm",))
    heads = [part for part in (getattr(trunk, "head", None), getattr(visual.head, "proj", None)) if _weighs(part)]
    known = all(hasattr(pool, name) for name in ("latent", "kv", "mlp", "norm", "proj"))
    if not known or not plain or len(heads) > 1 or pool.latent_len != 1 or pool.pos_embed is not None:
        return None
    width = pool.latent.shape[-1]
    weight, bias = pool.kv.weight, pool.kv.bias
    attention = Attention(
        pool,
        _linear(pool.q),
        Linear(weight[:width], None if bias is None else bias[:width]),
        Linear(weight[width:], None if bias is None else bias[width:]),
        _linear(pool.proj),
        pool.num_heads,
        norms=None if _is_identity(pool.q_norm) else (pool.q_norm, pool.k_norm),
    )
    return AttentionPool(
        pool, trunk.norm, attention, pool.latent[0, 0], pool.norm, _linear(pool.mlp.fc1), pool.mlp.act,
        _linear(pool.mlp.fc2), _linear(heads[0]) if heads else None, list(trunk.blocks),
    )  # fmt: skip


def _open_clip_tokens(visual: Any) -> ClassToken | None:
    layers = getattr(getattr(visual, "transformer", None), "resblocks", None)
    if layers is None or getattr(visual, "attn_pool", None) is not None or visual.pool_type != "tok":
        return None
    if not all(hasattr(getattr(layer, "attn", None), "in_proj_weight") and hasattr(layer, "ls_1") for layer in layers):
        return None
    blocks = [
        Block(layer, layer.ln_1, _packed(layer.attn), getattr(layer.ls_1, "gamma", None), _fed(layer))
        for layer in layers
    ]
    project = None if visual.proj is None else Linear(visual.proj.T, None)
    return ClassToken(blocks, visual.ln_post, project)


def _transformers_tokens(model: Any, vision: Any) -> ClassToken | None:
    layers = getattr(getattr(vision, "encoder", None), "layers", None)
    if layers is None or not hasattr(vision, "pre_layrnorm") or not hasattr(model, "visual_projection"):
        return None
    blocks = [
        Block(layer, layer.layer_norm1, _separate(layer.self_attn), None, _fed_plainly(layer)) for layer in layers
    ]
    return ClassToken(blocks, vision.post_layernorm, _linear(model.visual_projection))


def _transformers_attended(vision: Any) -> AttentionPool | None:
    pool: Any = getattr(vision, "head", None)
    if not all(hasattr(pool, name) for name in ("probe", "attention", "layernorm", "mlp")):
        return None
    return AttentionPool(
        pool, vision.post_layernorm, _packed(pool.attention), pool.probe[0, 0], pool.layernorm,
        _linear(pool.mlp.fc1), pool.mlp.activation_fn, _linear(pool.mlp.fc2), None, list(vision.encoder.layers),
    )  # fmt: skip


def _packed(module: Any) -> Attention:
    """torch's own nn.MultiheadAttention, which keeps query, key and value in one matrix."""
    weights = module.in_proj_weight.chunk(3)
    biases = (None,) * 3 if module.in_proj_bias is None else module.in_proj_bias.chunk(3)
    query, key, value = (Linear(weight, bias) for weight, bias in zip(weights, biases, strict=True))
    return Attention(
        module, query, key, value, _linear(module.out_proj), module.num_heads, batch_first=module.batch_first
    )


def _fed(layer: Any) -> Callable[[Any], Any]:
    return lambda h: h + layer.ls_2(layer.mlp(layer.ln_2(h)))


def _separate(module: Any) -> Attention:
    """Attention of transformers' CLIP, whose four projections are modules of their own."""
    query, key, value, out = (_linear(getattr(module, f"{name}_proj")) for name in ("q", "k", "v", "out"))
    return Attention(module, query, key, value, out, module.num_heads)


def _fed_plainly(layer: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda h: h + layer.mlp(layer.layer_norm2(h))


def _is_identity(module: Any) -> bool:
    return module is None or type(module).__name__ == "Identity"


def _weighs(module: Any) -> bool:
    return hasattr(module, "weight") and getattr(module.weight, "ndim", 0) == 2
