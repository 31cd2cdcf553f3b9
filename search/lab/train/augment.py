"""Changes to pictures that leave the product what it is, on the device. Never a labelled colour.

Pictures are (n, 3, h, w) float in [-1, 1] (white is 1), random numbers come from a torch.Generator of the same device.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional as F

FLOOD_PX = 64  # the ground is found at this size: fine enough for a sleeve


@dataclass(frozen=True)
class Strength:
    """How much pictures vary; 0 of everything only resizes and mirrors.

    moved: of place, size, turn. light: of brightness. pasted, soft: shares of the pictures on another ground; as if
    enlarged from few pixels. shrunk: of the pasted ones, the share that is small in its frame.
    """

    moved: float = 1.0
    light: float = 1.0
    pasted: float = 1.0
    soft: float = 0.25
    shrunk: float = 0.4


def to_tensor(pictures: torch.Tensor) -> torch.Tensor:
    """(n, px, px, 3) uint8 -> (n, 3, px, px) float in [-1, 1]; the model's own normalisation."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1


def white_ground(pictures: torch.Tensor) -> torch.Tensor:
    """(n, 1, h, w) in [0, 1]: 1 where near-white reaches the border. White products inside an outline stay 0."""
    small = F.interpolate(pictures, size=(FLOOD_PX, FLOOD_PX), mode="area")
    open_ground = (small.amin(1, keepdim=True) > 0.9).float()
    flood = torch.zeros_like(open_ground)
    flood[:, :, [0, -1], :] = flood[:, :, :, [0, -1]] = 1
    flood *= open_ground
    for _ in range(FLOOD_PX // 2):
        flood = F.max_pool2d(flood, 3, 1, 1) * open_ground
    return F.interpolate(flood, size=pictures.shape[-2:], mode="bilinear")


def _uniform(low: float, high: float, count: int, like: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    return low + (high - low) * torch.rand(count, generator=generator, device=like.device)


def shrink(pictures: torch.Tensor, generator: torch.Generator, most: float = 2.5) -> torch.Tensor:
    """The same pictures on white, 1 to `most` times smaller, anywhere in the frame."""
    n = len(pictures)
    smaller = _uniform(1.0, most, n, pictures, generator)
    theta = torch.zeros(n, 2, 3, device=pictures.device)
    theta[:, 0, 0] = theta[:, 1, 1] = smaller
    for axis in (0, 1):
        theta[:, axis, 2] = _uniform(-1, 1, n, pictures, generator) * (smaller - 1)
    return _sampled(pictures, theta, pictures.shape[-1])


def grounds(photos: torch.Tensor, count: int, px: int, generator: torch.Generator) -> torch.Tensor:
    """(count, 3, px, px): half enlarged corners of `photos` (m, 3, h, w), half plain light or dark tones."""
    tones = _uniform(-0.4, 0.95, count, photos, generator)[:, None, None, None]
    tint = torch.stack([_uniform(-0.12, 0.12, count, photos, generator) for _ in range(3)], 1)[:, :, None, None]
    result = (tones + tint).clamp(-1, 1).expand(count, 3, px, px).clone()
    half = (count + 1) // 2
    if len(photos) and half:
        theta = torch.zeros(half, 2, 3, device=photos.device)
        theta[:, 0, 0] = theta[:, 1, 1] = 0.5
        for axis in (0, 1):
            theta[:, axis, 2] = _uniform(-0.5, 0.5, half, photos, generator)
        chosen = torch.randint(len(photos), (half,), generator=generator, device=photos.device)
        result[:half] = _sampled(photos[chosen], theta, px)
        result = result[torch.randperm(count, generator=generator, device=photos.device)]
    return result


def _sampled(pictures: torch.Tensor, theta: torch.Tensor, px: int) -> torch.Tensor:
    """Pictures seen through (n, 2, 3) affine maps; what lies outside is white, like the ground of the preprocessing."""
    grid = F.affine_grid(theta, [len(pictures), 3, px, px], align_corners=False)
    return F.grid_sample(pictures - 1, grid, align_corners=False) + 1


def vary(
    pictures: torch.Tensor, px: int, generator: torch.Generator, strength: Strength, photos: torch.Tensor
) -> torch.Tensor:
    """(n, 3, px, px): mirrored, moved, turned, enlarged, brighter or darker; `photos` (n,) bool more than packshots.

    Photographs carry no labelled colour but that of groceries: their white balance moves a little too.
    """
    n, more = len(pictures), 1.0 + 0.6 * photos.float()
    moved = strength.moved * more

    def spread(low: float, high: float, amount: torch.Tensor) -> torch.Tensor:
        middle = 1.0 if low > 0 else 0.0
        return middle + amount * (_uniform(low, high, n, pictures, generator) - middle)

    zoom = spread(0.72, 1.1, moved)
    aspect = spread(0.85, 1.18, moved).sqrt()
    turn = spread(-0.14, 0.14, moved)
    flip = (torch.rand(n, generator=generator, device=pictures.device) < 0.5).float() * 2 - 1
    theta = torch.zeros(n, 2, 3, device=pictures.device)
    theta[:, 0, 0] = flip * zoom * aspect * turn.cos()
    theta[:, 0, 1] = -zoom * turn.sin()
    theta[:, 1, 0] = zoom * turn.sin()
    theta[:, 1, 1] = zoom / aspect * turn.cos()
    theta[:, 0, 2], theta[:, 1, 2] = spread(-0.14, 0.14, moved), spread(-0.14, 0.14, moved)
    seen = _sampled(pictures, theta, px)
    light = spread(0.88, 1.1, strength.light * (1.0 + 1.2 * photos.float()))[:, None, None, None]
    balance = torch.stack([_uniform(-0.05, 0.05, n, pictures, generator) for _ in range(3)], 1)
    gain = light * (1 + strength.light * photos.float()[:, None] * balance)[:, :, None, None]
    return ((seen + 1) * gain - 1).clamp(-1, 1)


def soften(pictures: torch.Tensor, generator: torch.Generator, share: float, px: int = 80) -> torch.Tensor:
    """A share of the pictures as if their longest side had had `px` pixels, as three in four of a shop's may."""
    chosen = torch.rand(len(pictures), generator=generator, device=pictures.device) < share
    if not chosen.any():
        return pictures
    small = F.interpolate(pictures[chosen], size=(px, px), mode="area")
    pictures = pictures.clone()
    back = F.interpolate(small, size=pictures.shape[-2:], mode="bicubic", align_corners=False)
    pictures[chosen] = back.clamp(-1, 1)
    return pictures


def augmented(
    pictures: torch.Tensor,
    photos: torch.Tensor,
    pasted: torch.Tensor,
    ground: torch.Tensor,
    px: int,
    generator: torch.Generator,
    strength: Strength,
) -> torch.Tensor:
    """(n, 3, px, px) channels last, from (n, h, w, 3) uint8.

    photos: (n,) bool, taken with a camera. pasted: (n,) in [0, 1], the chance of another ground for each. ground:
    (m, h, w, 3) uint8, photographs to take grounds from.
    """
    seen = to_tensor(pictures)
    rolled = torch.rand(len(seen), generator=generator, device=seen.device)
    chosen = (rolled < pasted * strength.pasted).nonzero()[:, 0]
    if len(chosen):
        ones = seen[chosen]
        small = torch.rand(len(ones), generator=generator, device=seen.device) < strength.shrunk
        if small.any():
            ones[small] = shrink(ones[small], generator)
        mask = white_ground(ones)
        seen[chosen] = ones * (1 - mask) + grounds(to_tensor(ground), len(ones), seen.shape[-1], generator) * mask
    if strength.soft:
        seen = soften(seen, generator, strength.soft)
    return vary(seen, px, generator, strength, photos).contiguous(memory_format=torch.channels_last)
