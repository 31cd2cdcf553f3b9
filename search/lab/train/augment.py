"""Changes to pictures that leave the product what it is: place, size, light, ground. Never its colour."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

FLOOD_PX = 64  # the ground is found at this size: fine enough for a sleeve, 4 times faster than at 128


def to_tensor(pictures: np.ndarray) -> torch.Tensor:
    """(n, px, px, 3) uint8 -> (n, 3, px, px) float in [-1, 1], white is 1; the model's own normalisation."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def white_ground(pictures: torch.Tensor) -> torch.Tensor:
    """(n, 1, h, w) in [0, 1]: 1 where near-white reaches the border. White products inside an outline stay 0."""
    small = F.interpolate(pictures, size=(FLOOD_PX, FLOOD_PX), mode="area")
    open_ground = (small.amin(1, keepdim=True) > 0.9).float()
    flood = torch.zeros_like(open_ground)
    flood[:, :, [0, -1], :] = flood[:, :, :, [0, -1]] = 1
    flood *= open_ground
    for _ in range(FLOOD_PX):
        flood = F.max_pool2d(flood, 3, 1, 1) * open_ground
    return F.interpolate(flood, size=pictures.shape[-2:], mode="bilinear")


def paste(pictures: torch.Tensor, grounds: torch.Tensor) -> torch.Tensor:
    """Pictures with their white ground replaced by `grounds`; both (n, 3, h, w) in [-1, 1]."""
    mask = white_ground(pictures)
    return pictures * (1 - mask) + grounds * mask


def shrink(pictures: torch.Tensor, rng: np.random.Generator, most: float = 2.5) -> torch.Tensor:
    """(n, 3, h, w) the same pictures on white, 1 to `most` times smaller, anywhere in the frame."""
    smaller = rng.uniform(1.0, most, len(pictures))
    theta = np.zeros((len(pictures), 2, 3), dtype=np.float32)
    theta[:, 0, 0] = theta[:, 1, 1] = smaller
    theta[:, :, 2] = rng.uniform(-1, 1, (len(pictures), 2)) * (smaller - 1)[:, None]
    grid = F.affine_grid(torch.from_numpy(theta), list(pictures.shape), align_corners=False)
    return F.grid_sample(pictures - 1, grid, align_corners=False) + 1


def grounds(photos: torch.Tensor, count: int, rng: np.random.Generator) -> torch.Tensor:
    """(count, 3, h, w): half enlarged corners of photographs, half plain light or dark tones."""
    height, width = photos.shape[-2:]
    tones = torch.from_numpy(rng.uniform(-0.4, 0.95, (count, 1, 1, 1)).astype(np.float32))
    tint = torch.from_numpy(rng.uniform(-0.12, 0.12, (count, 3, 1, 1)).astype(np.float32))
    result = (tones + tint).clamp(-1, 1).expand(count, 3, height, width).clone()
    for number in range(0, count if len(photos) else 0, 2):
        photo = photos[rng.integers(len(photos))]
        top, left = (int(rng.integers(0, side // 2)) for side in (height, width))
        corner = photo[None, :, top : top + height // 2, left : left + width // 2]
        result[number] = F.interpolate(corner, size=(height, width), mode="bilinear")[0]
    return result


def vary(pictures: torch.Tensor, px: int, rng: np.random.Generator, strength: float = 1.0) -> torch.Tensor:
    """(n, 3, px, px) from (n, 3, h, w): flipped, moved, turned, enlarged, brighter or darker. No change of hue.

    strength 0 only resizes (and flips): for the last steps, where pictures look as they will when searched.
    """
    n = len(pictures)

    def spread(low: float, high: float) -> np.ndarray:
        middle = 1.0 if low > 0 else 0.0
        return middle + strength * (rng.uniform(low, high, n) - middle)

    zoom = spread(0.72, 1.12)
    aspect = np.sqrt(spread(0.85, 1.18))
    turn = spread(-0.14, 0.14)
    flip = rng.choice([-1.0, 1.0], n)
    theta = np.zeros((n, 2, 3), dtype=np.float32)
    theta[:, 0, 0] = flip * zoom * aspect * np.cos(turn)
    theta[:, 0, 1] = -zoom * np.sin(turn)
    theta[:, 1, 0] = zoom * np.sin(turn)
    theta[:, 1, 1] = zoom / aspect * np.cos(turn)
    theta[:, 0, 2], theta[:, 1, 2] = spread(-0.14, 0.14), spread(-0.14, 0.14)
    grid = F.affine_grid(torch.from_numpy(theta), [n, 3, px, px], align_corners=False)
    # Shifted so that what lies outside becomes white, like the ground of the preprocessing.
    moved = F.grid_sample(pictures - 1, grid, align_corners=False) + 1
    light = torch.from_numpy(spread(0.88, 1.1).astype(np.float32))[:, None, None, None]
    return ((moved + 1) * light - 1).clamp(-1, 1)
