"""What stops a search, told apart on shops whose answers can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from search.catalog import Catalog
from search.lab.benchmark.base import TooSmall
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.probing import discriminant, probing
from search.lab.train.captions import FEWEST_OF_BRAND
from tests.lab.benchmark.toy import Toy, product, shop

#: The toy does not know these words: all pictures score the same, and of equal scores the wrong come first.
ASKED = Catalog([product(1, "red", "shirts", "Zenith Men Finery")])
OTHERS = Catalog([
    *(product(10 + n, "blue", "shoes", f"Acme Men Article {n}") for n in range(FEWEST_OF_BRAND)),
    *(product(50 + n, "red", "shoes", f"Only{n} Men Article") for n in range(FEWEST_OF_BRAND)),
    *(product(90 + n, "blue", "shirts", f"Zenith Men Article {n}") for n in range(FEWEST_OF_BRAND)),
    product(200, "red", "shirts", "Bolt Men Article"),
])  # fmt: skip


@pytest.fixture(scope="module")
def figures() -> dict[str, dict]:
    return probing(make_benchmark(Toy(), [ASKED, OTHERS], min_relevant=1))


@pytest.mark.parametrize(
    ("named", "found", "competitors"),
    [("all", 0, 62), ("kind", 0, 22), ("colour", 0, 22), ("kind_colour", 1, 2), ("brand", 0, 21)],
)
def test_only_pictures_that_share_what_is_named_compete(figures, named: str, found: int, competitors: int):
    figure = figures[f"title_{named}"]
    assert figure["n"] == 1
    assert figure["value"] == found
    assert figure["chance"] == pytest.approx(min(10 / competitors, 1))


def test_a_probe_names_what_the_words_cannot(figures):
    assert figures["kind_accuracy_words"]["value"] == 1, "the toy knows the words for kinds"
    assert figures["kind_accuracy_probe"]["value"] == 1
    assert figures["brand_accuracy_words"]["value"] == 0, "and no brand: all are equal, and the wrong come first"
    assert figures["brand_accuracy_probe"]["value"] == 1, "but Zenith makes the shirts"
    assert figures["brand_accuracy_probe"]["chance"] == pytest.approx(1 / 2), "the others have too few pictures"


def test_a_gallery_of_the_data_alone_teaches_no_probe():
    alone = make_benchmark(Toy(), [shop({("red", "shirts"): 3})], min_relevant=1)
    with pytest.raises(TooSmall, match="too few other pictures"):
        probing(alone)


def test_the_discriminant_gives_the_posterior_of_normal_classes():
    rng = np.random.default_rng(0)
    classes = np.repeat([0, 1], [3000, 1000])
    train = rng.normal(size=(4000, 2)) + np.array([[0.0, 0.0], [2.0, 0.0]])[classes]
    found = np.exp(discriminant(train.astype(np.float32), classes, np.array([[1.0, 0.0], [1.0, 5.0]], np.float32)))
    assert np.allclose(found.sum(axis=1), 1)
    # halfway between the means only the prior decides, wherever the other dimension is
    assert found[:, 0] == pytest.approx([0.75, 0.75], abs=0.1)
