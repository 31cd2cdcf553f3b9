"""Texts of all values of an attribute, as people type them: all kinds, all colours, kinds in all colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from tokenizers import Tokenizer

from search.lab.train.captions import Writer, plural
from search.lab.train.tokenizer import encode


@dataclass(frozen=True)
class NameTexts:
    """Texts of all values of something, several for each. ids: (values, variants, context) int16 on the device.

    names: (values, variants) int64, which of `captions.Names.names` each text uses.
    """

    ids: torch.Tensor
    names: torch.Tensor

    def draw(self, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """ids (values, context) int64 and names (values,): one text for each value."""
        count = len(self.ids)
        device = self.ids.device
        which = torch.randint(self.ids.shape[1], (count,), generator=generator, device=device)
        at = torch.arange(count, device=device)
        return self.ids[at, which].long(), self.names[at, which]


def kind_names(
    writer: Writer, kinds: Sequence[int], tokenizer: Tokenizer, context: int, device: torch.device, variants: int = 16
) -> NameTexts:
    """Names of kinds: in either language, singular or plural, sometimes as "a photo of a ..."."""
    rng, names = Random("kinds"), writer.names["kind"]
    lines, used = [], []
    for kind in kinds:
        for _ in range(variants):
            both = names.pick(names.keys[kind], rng, wide=0.0)
            name = both[rng.random() < 0.4]
            said = name
            if name == both[0]:
                style = rng.random()
                said = plural(name) if style < 0.2 else name
                if style > 0.5:
                    article = "an" if name[0] in "aeiou" else "a"
                    said = rng.choice((f"{article} {name}", f"{article} {name}", f"a photo of {article} {name}"))
            lines.append(said)
            used.append(names.index(name))
    return _encoded(lines, used, len(kinds), variants, tokenizer, context, device)


def colour_names(
    writer: Writer, tokenizer: Tokenizer, context: int, device: torch.device, variants: int = 8
) -> NameTexts:
    """Names of colours, as one asks for another colour: "in red", "red", "红色"."""
    rng, names = Random("colours"), writer.names["colour"]
    lines, used = [], []
    for key in names.keys:
        for _ in range(variants):
            english, chinese = names.pick(key, rng, plain=0.7)
            name = english if rng.random() < 0.6 else chinese
            said = rng.choice((f"in {name}", f"in {name}", name)) if name == english else name
            lines.append(said)
            used.append(names.index(name))
    return _encoded(lines, used, len(names.keys), variants, tokenizer, context, device)


def coloured_kinds(
    writer: Writer, kinds: Sequence[int], tokenizer: Tokenizer, context: int, device: torch.device, variants: int = 4
) -> torch.Tensor:
    """(kinds, colours, variants, context) int16: "red shirts" of every kind in every colour, in either language."""
    rng, names, colours = Random("coloured"), writer.names["kind"], writer.names["colour"]
    lines = []
    for kind in kinds:
        for colour in colours.keys:
            for number in range(variants):
                en_kind, zh_kind = names.pick(names.keys[kind], rng, plain=0.75, wide=0.0)
                en, zh = colours.pick(colour, rng, plain=0.85)
                if number % 2:
                    lines.append(rng.choice((f"{zh}{zh_kind}", f"{zh}{zh_kind}", f"{zh}的{zh_kind}")))
                else:
                    said = plural(en_kind) if rng.random() < 0.4 else en_kind
                    lines.append(rng.choice((f"{en} {said}", f"{en} {said}", f"{said} in {en}")))
    ids = np.array(encode(tokenizer, lines, context), dtype=np.int16)
    shape = (len(kinds), len(colours.keys), variants, context)
    return torch.from_numpy(ids.reshape(shape)).to(device)


def _encoded(
    lines: list[str],
    used: list[int],
    count: int,
    variants: int,
    tokenizer: Tokenizer,
    context: int,
    device: torch.device,
) -> NameTexts:
    ids = torch.tensor(encode(tokenizer, lines, context), dtype=torch.int16).view(count, variants, context)
    return NameTexts(ids.to(device), torch.tensor(used).view(count, variants).to(device))
