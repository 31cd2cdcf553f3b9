"""Prints and weaves as seamless tiles, drawn with numpy.

A print is a map of ink: 0 is the ground colour, 1 the second colour, 2 an accent between the two.
A weave is a height map for bump. Both are drawn once per process and cached.
"""

from functools import cache

import numpy as np

SIZE = 768

# Word for a title, Chinese word, and how long one repeat is as a share of the kind's own repeat.
PATTERNS = {
    "plain": ("", "", 1.0),
    "striped": ("striped", "条纹", 1.0),
    "checked": ("checked", "格子", 1.0),
    "tartan": ("tartan", "苏格兰格纹", 1.6),
    "dotted": ("polka-dot", "波点", 1.0),
    "floral": ("floral", "碎花", 2.2),
    "leafy": ("leaf-print", "叶纹", 2.0),
    "zigzag": ("zigzag", "锯齿纹", 1.0),
    "camouflage": ("camouflage", "迷彩", 3.0),
    "geometric": ("geometric", "几何纹", 1.4),
    "waves": ("wave-pattern", "波浪纹", 1.0),
    "speckled": ("speckled", "斑点", 1.0),
    "dipped": ("two-tone", "双色", 1.0),
    "pinstriped": ("pinstriped", "细条纹", 1.0),
    "windowpane": ("windowpane", "窗格纹", 1.0),
    "houndstooth": ("houndstooth", "千鸟格", 1.0),
    "trellis": ("trellis", "菱格", 1.6),
    "bordered": ("bordered", "镶边", 1.0),
    "medallion": ("medallion", "团花", 1.0),
}


def _grid(size: int = SIZE):
    axis = (np.arange(size) + 0.5) / size
    return np.meshgrid(axis, axis)


def _edge(distance, softness=0.004):
    """Anti-aliased inside of a signed distance in tile units."""
    return np.clip(0.5 - distance / softness, 0, 1)


def _wrapped(x, y, cx, cy):
    """Offsets to a centre on a tile that repeats."""
    return (x - cx + 0.5) % 1 - 0.5, (y - cy + 0.5) % 1 - 0.5


def _striped(x, y):
    return _edge(np.abs((y * 2) % 1 - 0.5) - 0.2, 0.01)


def _checked(x, y):
    h, v = (x % 1 < 0.5).astype(float), (y % 1 < 0.5).astype(float)
    return np.where(h + v == 2, 1.0, np.where(h + v == 1, 2.0, 0.0))


def _tartan(x, y):
    def bands(t):
        return ((t % 1) < 0.42).astype(float), (np.abs(t % 1 - 0.72) < 0.025).astype(float)

    (hw, hl), (vw, vl) = bands(x), bands(y)
    ink = np.where(hw + vw == 2, 1.0, np.where(hw + vw == 1, 2.0, 0.0))
    return np.where((hl + vl) > 0, 1.0, ink)


def _dotted(x, y):
    ink = np.zeros_like(x)
    for cx, cy in ((0.25, 0.25), (0.75, 0.75)):
        dx, dy = _wrapped(x, y, cx, cy)
        ink = np.maximum(ink, _edge(np.hypot(dx, dy) - 0.125, 0.006))
    return ink


def _floral(x, y):
    rng = np.random.default_rng(5)
    ink = np.zeros_like(x)
    spots = [
        (0.2, 0.22, 0.13),
        (0.7, 0.3, 0.15),
        (0.42, 0.68, 0.14),
        (0.9, 0.78, 0.11),
        (0.08, 0.62, 0.09),
        (0.47, 0.05, 0.08),
        (0.68, 0.93, 0.07),
    ]
    for cx, cy, size in spots:
        dx, dy = _wrapped(x, y, cx, cy)
        angle, radius = np.arctan2(dy, dx) + rng.uniform(0, 6), np.hypot(dx, dy)
        petals = size * (0.62 + 0.38 * np.abs(np.cos(2.5 * angle)))
        ink = np.maximum(ink, _edge(radius - petals))
        ink = np.where(radius < size * 0.26, 2.0, ink)
    for _ in range(16):
        cx, cy, turn = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0, 6.28)
        leaf = _leaf(x, y, cx, cy, turn, 0.06)
        ink = np.where((ink == 0) & (leaf > 0.5), 2.0, ink)
    return ink


def _leaf(x, y, cx, cy, turn, length):
    dx, dy = _wrapped(x, y, cx, cy)
    along = dx * np.cos(turn) + dy * np.sin(turn)
    across = -dx * np.sin(turn) + dy * np.cos(turn)
    width = 0.32 * length * np.clip(1 - (along / length) ** 2, 0, None)
    return _edge(np.abs(across) - width) * (np.abs(along) < length)


def _leafy(x, y):
    ink = np.zeros_like(x)
    for cx, cy, lean in ((0.25, 0.25, 0.5), (0.75, 0.75, 2.5)):
        for k in range(-3, 4):
            for side in (-1, 1):
                sx = cx + 0.065 * k * np.cos(lean)
                sy = cy + 0.065 * k * np.sin(lean)
                turn = lean + side * 0.95
                tip = 0.075 - 0.006 * abs(k)
                leaf = _leaf(x, y, sx + tip * np.cos(turn), sy + tip * np.sin(turn), turn, tip)
                ink = np.maximum(ink, leaf)
    return ink


def _zigzag(x, y):
    ramp = np.abs((x * 2) % 1 - 0.5) * 0.5
    return _edge(np.abs((y * 2 + ramp) % 1 - 0.5) - 0.22, 0.012)


def _waves(x, y):
    return _edge(np.abs((y * 3 + 0.22 * np.sin(x * 4 * np.pi)) % 1 - 0.5) - 0.14, 0.02)


def _geometric(x, y):
    u, v = (x * 2) % 1 - 0.5, (y * 2) % 1 - 0.5
    diamond = np.abs(u) + np.abs(v)
    return np.where(
        diamond < 0.16, 1.0, np.where(np.abs(diamond - 0.36) < 0.06, 1.0, np.where(diamond > 0.5, 2.0, 0.0))
    )


def soft_noise(seed: int, cells: int, size: int = SIZE, octaves: int = 3):
    """Seamless noise in about [-1, 1], by filtering white noise in frequency."""
    rng = np.random.default_rng(seed)
    f = np.fft.fftfreq(size) * size
    radius = np.hypot(*np.meshgrid(f, f))
    total = np.zeros((size, size))
    for octave in range(octaves):
        band = np.exp(-((radius / (cells * 2**octave)) ** 2))
        layer = np.fft.ifft2(np.fft.fft2(rng.standard_normal((size, size))) * band).real
        total += layer / layer.std() * 0.5**octave
    return total / (np.abs(total).max() + 1e-9)


def _camouflage(x, y):
    a, b = soft_noise(3, 5), soft_noise(4, 6)
    return np.where(a > 0.16, 1.0, np.where(b > 0.2, 2.0, 0.0))


def _speckled(x, y):
    rng = np.random.default_rng(11)
    ink = np.zeros_like(x)
    for _ in range(230):
        cx, cy, r = rng.uniform(), rng.uniform(), 0.0028 + 0.008 * rng.uniform() ** 4
        dx, dy = _wrapped(x, y, cx, cy)
        ink = np.maximum(ink, _edge(np.hypot(dx, dy * rng.uniform(0.7, 1.3)) - r))
    return ink


def _pinstriped(x, y):
    return _edge(np.abs((x * 7) % 1 - 0.5) - 0.085, 0.05)


def _windowpane(x, y):
    return np.maximum(*(_edge(np.abs((t * 2) % 1 - 0.5) - 0.022, 0.012) for t in (x, y)))


def _houndstooth(x, y):
    """Four threads of one colour, four of the other, both ways, in a two-and-two twill."""
    warp, weft = np.floor(x * 32), np.floor(y * 32)
    on_top = np.where((warp - weft) % 4 < 2, warp, weft)
    return (on_top % 8 < 4).astype(float)


def _trellis(x, y):
    u, v = (x * 2) % 1 - 0.5, (y * 2) % 1 - 0.5
    diamond = np.abs(u) + np.abs(v)
    return np.maximum(_edge(np.abs(diamond - 0.5) - 0.045, 0.012), _edge(diamond - 0.07, 0.012))


def _bordered(x, y):
    """A whole rug, not a repeat: bands along the edge of the tile around a plain field."""
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    ink = np.where(np.abs(edge - 0.075) < 0.032, 2.0, 0.0)
    return np.where((edge < 0.025) | (np.abs(edge - 0.125) < 0.008), 1.0, ink)


def _medallion(x, y):
    """A whole rug: a border of blossoms, quarter stars in the corners, a lobed star in the middle."""
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    ink = np.zeros_like(x)
    for cx, cy in ((0.5, 0.5), (0.14, 0.14), (0.14, 0.86), (0.86, 0.14), (0.86, 0.86)):
        far, angle = np.hypot(x - cx, y - cy), np.arctan2(y - cy, x - cx)
        lobes = far / (1 + 0.12 * np.cos(8 * angle))
        size = 0.26 if cx == 0.5 else 0.17
        for share, value in ((1.0, 1.0), (0.9, 2.0), (0.7, 1.0), (0.62, 0.0), (0.34, 1.0), (0.2, 2.0), (0.1, 0.0)):
            ink = np.where(lobes < size * share, value, ink)
    vine = np.sin(40 * np.pi * x) * np.sin(40 * np.pi * y)
    ink = np.where((ink == 0) & (vine > 0.8), 2.0, ink)
    band = np.where(np.sin(28 * np.pi * (x + y)) * np.sin(28 * np.pi * (x - y)) > 0.15, 0.0, 1.0)
    ink = np.where(edge < 0.14, band, ink)
    ink = np.where((np.abs(edge - 0.14) < 0.008) | (np.abs(edge - 0.035) < 0.008), 2.0, ink)
    return np.where(edge < 0.026, 1.0, ink)


_PRINTS = {
    "striped": _striped,
    "checked": _checked,
    "tartan": _tartan,
    "dotted": _dotted,
    "floral": _floral,
    "leafy": _leafy,
    "zigzag": _zigzag,
    "waves": _waves,
    "geometric": _geometric,
    "camouflage": _camouflage,
    "speckled": _speckled,
    "pinstriped": _pinstriped,
    "windowpane": _windowpane,
    "houndstooth": _houndstooth,
    "trellis": _trellis,
    "bordered": _bordered,
    "medallion": _medallion,
}


@cache
def ink(pattern: str) -> np.ndarray:
    """(SIZE, SIZE) ink map of a printed pattern."""
    return _PRINTS[pattern](*_grid())


def _curls(size: int, cells: int = 40) -> np.ndarray:
    """Loops of yarn thrown over one another: the top of boucle."""
    rng = np.random.default_rng(23)
    height, reach = np.zeros((size, size)), size // 26
    v, u = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    spots = np.stack(np.meshgrid(range(cells), range(cells)), -1).reshape(-1, 2) + rng.uniform(0, 1, (cells**2, 2))
    for level, (x, y) in zip(np.linspace(0, 1, cells**2), rng.permutation(spots) * size / cells, strict=True):
        turn, long = rng.uniform(0, np.pi), rng.uniform(0.6, 1.0)
        along, across = u * np.cos(turn) + v * np.sin(turn), v * np.cos(turn) - u * np.sin(turn)
        ring = (np.hypot(along, across / long) - reach * rng.uniform(0.4, 0.6)) / (reach * 0.36)
        rows, columns = np.ix_(
            (np.arange(-reach, reach + 1) + int(y)) % size, (np.arange(-reach, reach + 1) + int(x)) % size
        )
        yarn = np.sqrt(np.clip(1 - ring**2, 0, 1))
        height[rows, columns] = np.where(yarn > 0.3, 0.25 * level + 0.75 * yarn, height[rows, columns])
    return height


def _pebbles(x, y, cells: int) -> np.ndarray:
    """Rounded cells with creases between them: the grain of leather."""
    jitter = np.random.default_rng(24).uniform(0.08, 0.92, (cells, cells, 2))
    column, row = np.floor(x * cells).astype(int), np.floor(y * cells).astype(int)
    first, second = np.full_like(x, 9.0), np.full_like(x, 9.0)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            spot = jitter[(row + dy) % cells, (column + dx) % cells]
            far = np.hypot(column + dx + spot[..., 0] - x * cells, row + dy + spot[..., 1] - y * cells)
            first, second = np.minimum(first, far), np.minimum(second, np.maximum(first, far))
    return np.clip((second - first) / 0.45, 0, 1) ** 0.5


@cache
def weave(kind: str) -> np.ndarray:
    """(SIZE, SIZE) height map in [0, 1], a few threads per tile."""
    x, y = _grid()
    if kind == "plain weave":
        n = 16
        warp = np.abs(np.sin(np.pi * n * x)) ** 0.7
        weft = np.abs(np.sin(np.pi * n * y)) ** 0.7
        over = (np.floor(n * x) + np.floor(n * y)) % 2
        height = np.where(over > 0.5, 0.35 + 0.65 * warp * weft**0.4, 0.35 + 0.65 * weft * warp**0.4)
    elif kind == "twill":
        n = 18
        height = 0.5 + 0.5 * np.sin(2 * np.pi * (n * x + n * y)) * (0.7 + 0.3 * np.sin(2 * np.pi * 2 * n * y))
    elif kind == "knit":
        n = 8
        u, v = (x * n) % 1 - 0.5, y * n * 1.5
        arm = np.abs(u)
        v = (v + arm * 0.9) % 1 - 0.5
        height = np.exp(-(((arm - 0.24) / 0.17) ** 2)) * np.exp(-((v / 0.33) ** 2))
    elif kind == "boucle":
        height = np.abs(soft_noise(21, 40, octaves=2))
    elif kind == "curls":
        height = _curls(x.shape[0])
    elif kind == "leather":
        height = _pebbles(x, y, 32) + 0.12 * soft_noise(22, 60)
    elif kind == "rope":
        height = np.abs(np.sin(np.pi * (5 * x + 4 * y))) ** 0.6 * (0.85 + 0.15 * np.sin(2 * np.pi * (23 * y - 30 * x)))
    else:
        raise KeyError(f"no weave called {kind!r}")
    return (height - height.min()) / (np.ptp(height) + 1e-9)
