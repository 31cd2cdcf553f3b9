"""What every step looks up, on the device."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from search.lab.train import names, sentences
from search.lab.train.captions import ATTRIBUTES, Item, Writer
from search.lab.train.dataset import DOMAINS, Data
from search.lab.train.kinds import comparable_kinds, kinds_present, same_kind
from search.lab.train.names import NameTexts
from search.lab.train.recipe import PASTED, TAUGHT
from search.lab.train.tokenizer import encode
from search.lab.train.towers import Teacher, autocast

KIND, COLOUR, BRAND = (ATTRIBUTES.index(name) for name in ("kind", "colour", "brand"))


@dataclass(frozen=True)
class Tables:
    """n pictures of the data and what is known of them, k kinds with pictures, c colours, v values of kinds.

    pictures: (n, px, px, 3) uint8. values: (n, 8), titles, twins, domains: (n,) int64, as in `Data`. photos: (n,) bool.
    grounds: rows of photographs, for other grounds. read: (n, d) float16, the teacher's vectors of titles, or of colour
    and kind. true_of: by attribute (names, values + 1) bool, see `captions.Names`. pasted, taught: by domain.
    kinds, colours: texts. comparable: (k, v + 1, domains) bool, see `kinds.comparable_kinds`. same, differ:
    (v + 1, v + 1) bool, see `kinds.same_kind`. brands: (brands, context) ids. coloured: (f, c, variants, context)
    ids of fashion's f kinds in all colours; coloured_kinds: (f,). anchored: (sentences,) bool, those that stay where the
    teacher has them.
    """

    pictures: torch.Tensor
    values: torch.Tensor
    titles: torch.Tensor
    twins: torch.Tensor
    domains: torch.Tensor
    photos: torch.Tensor
    grounds: torch.Tensor
    read: torch.Tensor
    true_of: list[torch.Tensor]
    pasted: torch.Tensor
    taught: torch.Tensor
    kinds: NameTexts
    colours: NameTexts
    comparable: torch.Tensor
    same: torch.Tensor
    differ: torch.Tensor
    brands: torch.Tensor
    coloured: torch.Tensor
    coloured_kinds: torch.Tensor
    anchored: torch.Tensor

    @classmethod
    def of(
        cls,
        data: Data,
        pairs: sentences.Sentences,
        teacher: Teacher,
        tokenizer: Tokenizer,
        context: int,
        device: torch.device,
    ) -> Tables:
        """The tables of a run."""

        def put(values: np.ndarray) -> torch.Tensor:
            return torch.from_numpy(np.ascontiguousarray(values)).to(device)

        writer = data.writer
        kinds = kinds_present(data)
        of_fashion = kinds[np.isin(kinds, data.values[data.rows("fashion"), KIND])]
        same, differ = (put(table) for table in same_kind(data))
        brands = encode(tokenizer, writer.names["brand"].names, context)
        spoken = torch.tensor(encode(tokenizer, [described(item, writer) for item in data.items], context))
        with autocast(device):
            read = teacher.texts(spoken.to(device)).half()
        return cls(
            pictures=put(data.pictures),
            values=put(data.values),
            titles=put(data.titles),
            twins=put(data.twins),
            domains=put(data.domains.astype(np.int64)),
            photos=put(data.photos),
            grounds=put(np.flatnonzero(data.photos)),
            read=read,
            true_of=[put(writer.names[name].true_of) for name in ATTRIBUTES],
            pasted=torch.tensor([PASTED[name] for name in DOMAINS], device=device),
            taught=torch.tensor([TAUGHT[name] for name in DOMAINS], device=device),
            kinds=names.kind_names(writer, kinds.tolist(), tokenizer, context, device),
            colours=names.colour_names(writer, tokenizer, context, device),
            comparable=put(comparable_kinds(data, kinds)),
            same=same,
            differ=differ,
            brands=torch.tensor(brands, dtype=torch.long, device=device).view(len(brands), context),
            coloured=names.coloured_kinds(writer, of_fashion.tolist(), tokenizer, context, device),
            coloured_kinds=put(of_fashion),
            anchored=_anchored(pairs, differ[:, put(kinds)].all(1)),
        )


def _anchored(pairs: sentences.Sentences, lonely: torch.Tensor) -> torch.Tensor:
    """(sentences,) bool: everyday words, and sentences of kinds that share no name with a kind of the pictures.

    Words of kinds that there are pictures of are free to go where the pictures are. lonely: (values + 1,) bool.
    """
    found = torch.zeros(len(pairs.kinds), dtype=torch.bool, device=pairs.kinds.device)
    other = pairs.pools[sentences.OTHER]
    found[other] = lonely[pairs.kinds[other]] & (pairs.kinds[other] >= 0)
    found[pairs.pools[sentences.WORDS]] = True
    return found


def described(item: Item, writer: Writer) -> str:
    """The title, or colour and kind."""
    if item.title:
        return item.title
    known = ((writer.names[name].en, item.attributes.get(name) or "") for name in ("colour", "kind"))
    return " ".join(names[key][0] for names, key in known if key in names)
