"""The nouns of the studio: a Kind of product, its Styles and Finishes, and one Spec to build."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .colours import SHADES, Shade


@dataclass(frozen=True)
class View:
    """Where a kind looks best from, in degrees, and how much of the frame it takes."""

    azimuth: float = 25.0
    elevation: float = 18.0
    fill: float = 0.78
    flat: bool = False  # laid on the ground and photographed from above, in raking light
    angle: tuple[float, float] | None = None  # azimuth and elevation of the second picture
    detail: tuple[float, float] | None = None  # what the close-up shows, in shares from the top left; None: the richest
    zoom: float = 2.6  # how much longer the lens of the close-up is

    @property
    def second(self) -> tuple[float, float]:
        """Azimuth and elevation of the second picture: further round; a thing laid flat from lower down."""
        if self.angle is not None:
            return self.angle
        return (self.azimuth + 20, 45.0) if self.flat else (self.azimuth + 50, self.elevation + 8)


@dataclass(frozen=True)
class Style:
    """A model of a kind: its words in a title, and the range of every shape parameter."""

    key: str
    words: str
    words_zh: str
    shape: dict[str, tuple[float, float]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    noun: str = ""  # where the style has a noun of its own: a football is not a "ball"
    noun_zh: str = ""


@dataclass(frozen=True)
class Finish:
    """A material with the patterns and shades that suit it. `seconds` are the second shades a
    pattern may use, and accents of plain products when `two_tone`."""

    material: str
    shades: tuple[str, ...]
    patterns: tuple[str, ...] = ("plain",)
    seconds: tuple[str, ...] = ("white",)
    two_tone: bool = False


@dataclass(frozen=True)
class Kind:
    key: str
    noun: str
    noun_zh: str
    category: str
    department: str
    price: tuple[float, float]
    styles: tuple[Style, ...]
    finishes: tuple[Finish, ...]
    details: tuple[tuple[str, str], ...]
    build: Callable[["Spec"], list]
    view: View = View()
    room: str = ""
    genders: tuple[str, ...] = ()
    season: str = "all seasons"
    tags: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()  # where it is photographed in scenes; default by department (shots.py)


@dataclass(frozen=True)
class Spec:
    """One product to build: everything the geometry and the words are made from."""

    id: str
    kind: Kind
    style: Style
    shape: dict[str, float]
    material: str
    pattern: str
    shade: Shade
    second: Shade | None
    gender: str
    seed: int

    def __getitem__(self, parameter: str) -> float:
        return self.shape[parameter]

    def has(self, flag: str) -> bool:
        return flag in self.style.flags

    @property
    def noun(self) -> str:
        return self.style.noun or self.kind.noun

    @property
    def noun_zh(self) -> str:
        return self.style.noun_zh or self.kind.noun_zh

    @property
    def rng(self) -> np.random.Generator:
        """Fresh, seeded by the model and not by the colour: near-variants share every fold."""
        return np.random.default_rng(self.seed)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind to the shop. Words that do not exist fail here, not after an hour of renders."""
    if kind.key in KINDS:
        raise ValueError(f"kind {kind.key!r} is registered twice")
    for finish in kind.finishes:
        for name in (*finish.shades, *finish.seconds):
            if name not in SHADES:
                raise ValueError(f"kind {kind.key!r} names an unknown shade {name!r}")
    KINDS[kind.key] = kind
    return kind
