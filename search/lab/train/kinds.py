"""Kinds across data sets: which names a picture's labels can deny, which kinds are one thing.

One shop's "pants" may be another's "jeans", so a label of one denies names of another only where nothing is shared.
"""

from __future__ import annotations

import numpy as np

from search.lab.train.dataset import DOMAINS, Data, numbered
from search.lab.train.glossary import glossary

# Kinds of home/ that a fashion or grocery shop also has, under other names: neither is the other's counter-example.
SHARED_WITH_FASHION = frozenset({
    "backpack", "boot", "handbag", "necktie", "shoe", "sports bag", "suitcase", "umbrella", "watch", "bottle", "soap",
    "pencil case", "hard hat", "ball", "soccer ball", "lunch box", "plastic bottle or container",
    "glass bottle or jar", "spray can", "cleaning bottle", "mobile phone",
})  # fmt: skip
SHARED_WITH_GROCERY = frozenset({
    "food can", "grocery box", "bottle", "plastic bottle or container", "glass bottle or jar", "cardboard box",
    "metal can", "squeeze bottle", "sweets tub", "cleaning bottle",
})  # fmt: skip


def kinds_present(data: Data) -> np.ndarray:
    """(k,) the kinds that have pictures, as values of `Names`, ascending."""
    kinds = np.unique(data.values[:, 0])
    return kinds[kinds < len(data.writer.names["kind"].keys)]


def comparable_kinds(data: Data, kinds: np.ndarray) -> np.ndarray:
    """(k, values + 1, domains) bool: whether a picture of a domain, labelled as a value, is known to be no kind k.

    Within a domain every label denies all others. Across domains only where the shops have nothing in common: one shop's
    "pants" may be another's "jeans".
    """
    keys = data.writer.names["kind"].keys
    there = {
        name: np.isin(kinds, np.unique(data.values[data.rows(name, *(["packshots"] if name == "grocery" else [])), 0]))
        for name in DOMAINS
    }
    there["packshots"] = there["grocery"]
    home = set(glossary()["home kinds"])
    by_key = [keys[kind] for kind in kinds]
    not_fashion = np.array([key in home and key not in SHARED_WITH_FASHION for key in by_key])
    not_grocery = np.array([key in home and key not in SHARED_WITH_GROCERY for key in by_key])
    clothes, food = there["fashion"] | there["clothing"], there["grocery"]
    others = {
        "fashion": not_fashion | food,
        "clothing": not_fashion | food,
        "grocery": not_grocery | clothes,
        "packshots": not_grocery | clothes,
        "home": np.zeros(len(kinds), bool),
        "renders": food,
    }
    found = np.zeros((len(kinds), len(keys) + 1, len(DOMAINS)), bool)
    for number, name in enumerate(DOMAINS):
        found[:, :, number] = (there[name] | others[name])[:, None]
    number = DOMAINS.index("home")
    for value, key in enumerate(keys):
        if key in home:
            found[:, value, number] |= (clothes & (key not in SHARED_WITH_FASHION)) | (
                food & (key not in SHARED_WITH_GROCERY)
            )
    return found


def same_kind(data: Data) -> tuple[np.ndarray, np.ndarray]:
    """Two (values + 1, values + 1) bool: pairs of kinds that are one thing by their usual name; pairs that surely differ.

    Surely: they share no name at all, also none of the wider ones.
    """
    names = data.writer.names["kind"]
    first = numbered([names.en[key][0] for key in names.keys])
    same = np.zeros((len(names.keys) + 1,) * 2, bool)
    same[:-1, :-1] = first[:, None] == first[None, :]
    share = names.true_of.astype(np.float32)
    differ = (share.T @ share) == 0
    differ[-1, :] = differ[:, -1] = False
    return same, differ
