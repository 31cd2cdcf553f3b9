"""What a word is worth: the Shapley value against its definition, over every order of the words."""

from __future__ import annotations

from itertools import permutations
from zlib import crc32

import numpy as np
import pytest

from search.explain.tokens import EXACT, split, token_vectors


class Hashed:
    """Every text has a vector of its own that follows from nothing, so no word is worth the same in two contexts."""

    dim = 4

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def encode_texts(self, texts):
        self.calls.append(list(texts))
        return np.stack([vector_of(text) for text in texts])


def vector_of(text):
    """(4,): drawn by the text; of no words at all, nothing."""
    return np.random.default_rng(crc32(text.encode())).standard_normal(4) if text else np.zeros(4)


def shapley(words):
    """The definition (Shapley 1953): what a word adds to those before it, in the mean over all orders."""
    orders = list(permutations(range(len(words))))
    shares = np.zeros((len(words), 4))
    for order in orders:
        for place, at in enumerate(order):
            before, after = sorted(order[:place]), sorted(order[: place + 1])
            gain = vector_of(" ".join(words[i] for i in after)) - vector_of(" ".join(words[i] for i in before))
            shares[at] += gain / len(orders)
    return shares


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, EXACT])
def test_a_words_value_is_its_mean_gain_over_every_order_of_the_words(n):
    words = ["red", "striped", "linen", "summer", "dress", "long"][:n]
    np.testing.assert_allclose(token_vectors(Hashed(), " ".join(words), words), shapley(words), atol=1e-12)


def test_three_words_whose_pairs_matter_by_hand():
    """Alone a word is worth 0, any two are worth 6, all three 9: by symmetry each has 3."""

    class Pairs:
        dim = 1

        def encode_texts(self, texts):
            return np.array([[{1: 0.0, 2: 6.0, 3: 9.0}[len(text.split())]] for text in texts])

    assert token_vectors(Pairs(), "a b c", ["a", "b", "c"]).ravel().tolist() == pytest.approx([3, 3, 3])


def test_two_words_that_mean_the_same_share_what_one_of_them_says():
    """v(a) = v(b) = v(ab) = 2 and v(c) = 1 on its own: a and b have 1 each, c has 1."""

    class Same:
        dim = 1

        def encode_texts(self, texts):
            return np.array([[2.0 * bool({"a", "b"} & set(text.split())) + ("c" in text)] for text in texts])

    assert token_vectors(Same(), "a b c", ["a", "b", "c"]).ravel().tolist() == pytest.approx([1, 1, 1])


def test_the_values_sum_to_the_text_as_it_was_written_not_as_it_was_split():
    text = "red,striped   dress"
    values = token_vectors(Hashed(), text, ["red,striped", "dress"])
    np.testing.assert_allclose(values.sum(axis=0), vector_of(text), atol=1e-12)


def test_every_subset_is_encoded_once_and_in_one_call():
    encoder = Hashed()
    token_vectors(encoder, "a b c", ["a", "b", "c"])
    assert [sorted(call) for call in encoder.calls] == [sorted(["a", "b", "c", "a b", "a c", "b c", "a b c"])]


def test_beyond_six_words_a_word_is_worth_what_is_lost_without_it():
    words = ["one", "two", "three", "four", "five", "six", "seven"]
    text = "one two three four five six seven"
    values = token_vectors(Hashed(), text, words)
    expected = [
        vector_of(text) - vector_of("two three four five six seven"),
        vector_of(text) - vector_of("one three four five six seven"),
        vector_of(text) - vector_of("one two four five six seven"),
        vector_of(text) - vector_of("one two three five six seven"),
        vector_of(text) - vector_of("one two three four six seven"),
        vector_of(text) - vector_of("one two three four five seven"),
        vector_of(text) - vector_of("one two three four five six"),
    ]
    np.testing.assert_allclose(values, expected, atol=1e-12)


def test_what_the_lexicon_knows_stays_together_the_longest_first():
    assert split("红色连衣裙 dress") == ["红", "色", "连", "衣", "裙", "dress"]
    assert split("红色连衣裙 dress", {"红色", "裙", "连衣裙", "dress"}) == ["红色", "连衣裙", "dress"]
    assert split("V-neck  t恤, 10%") == ["V-neck", "t", "恤", ",", "10%"]
