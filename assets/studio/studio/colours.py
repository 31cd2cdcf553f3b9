"""Named shades: what the words of the catalog call a colour, and what the renderer paints.

A shade has its own name ("forest green") and a family, the one plain word a shopper filters by
("green"). The values are sRGB as a person would pick them on a screen.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shade:
    name: str
    zh: str
    family: str
    hex: str

    @property
    def srgb(self) -> tuple[float, float, float]:
        return tuple(int(self.hex[i : i + 2], 16) / 255 for i in (0, 2, 4))

    @property
    def linear(self) -> tuple[float, float, float]:
        """Scene-linear value, which is what shaders and float textures expect."""
        return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in self.srgb)

    @property
    def luminance(self) -> float:
        r, g, b = self.linear
        return 0.2126 * r + 0.7152 * g + 0.0722 * b


_TABLE = """
crimson        绯红        red     a3142d
brick red      砖红        red     a8432f
burgundy       酒红色        red     6d1a2c
coral          珊瑚橘      orange  f0705a
orange         橙色          orange  ef7b1a
burnt orange   焦橙        orange  c2571a
terracotta     赤陶        orange  c0694a
mustard        芥末黄      yellow  d9a21b
yellow         明黄        yellow  f5cb1d
lemon          柠檬黄      yellow  f7e04b
forest green   森林绿      green   1f5b3a
olive          橄榄绿      green   6b7033
sage           鼠尾草绿    green   8fa68a
emerald        祖母绿      green   0e8a5c
mint           薄荷绿      green   a5dcc0
teal           孔雀绿    green   14757a
navy           藏青色        blue    1d2b53
cobalt         钴蓝        blue    1f4fb5
sky blue       天蓝        blue    7db8e3
denim blue     牛仔蓝      blue    3f5f8c
indigo         靛蓝        blue    27345e
light wash     浅洗蓝      blue    8aa6c6
lavender       薰衣草紫    purple  b6a1da
plum           梅紫        purple  5e2750
blush          裸粉        pink    eebdb9
pink           粉色          pink    ee86a5
fuchsia        玫红        pink    cf2879
chocolate      巧克力棕    brown   4f2f20
tan            浅棕色        brown   b97f4b
cognac         干邑棕色      brown   974f22
walnut         胡桃木色    brown   5a3a26
oak            橡木色      brown   c79a64
camel          驼色          brown   bd8f5e
sand           沙色          beige   d9c3a0
cream          奶油白      beige   f1e6cf
natural        原色        beige   e3d6bb
white          白色          white   f2f1ee
light grey     浅灰色        grey    bcbdbf
grey           灰色          grey    83868a
charcoal       炭灰色        grey    3d4045
black          黑色          black   17171a
gold           金色          gold    d8a94a
brass          黄铜色        gold    c9a14e
copper         铜色          orange  c87a53
silver         银色          silver  c9ccd1
smoke          烟灰色        grey    6d7278
amber          琥珀色        orange  d98324
"""


def _read(table: str) -> dict[str, Shade]:
    shades = {}
    for line in table.strip().splitlines():
        *name, zh, family, value = line.split()
        shade = Shade(" ".join(name), zh, family, value)
        shades[shade.name] = shade
    return shades


SHADES = _read(_TABLE)
