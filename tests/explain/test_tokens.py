"""What is valued as one phrase, and what it is worth: the Shapley value against its definition, over every order."""

from __future__ import annotations

from itertools import permutations
from zlib import crc32

import numpy as np
import pytest

from search import Catalog, Product
from search.explain.tokens import EXACT, MOST, Phrase, phrases, token_vectors
from search.query.vocabulary import Vocabulary


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


def apart(words):
    """Every word of a text as a phrase of its own, with the space after it."""
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    ends = [*starts[1:-1], starts[-1] - 1]
    return [Phrase(word, int(start), int(end)) for word, start, end in zip(words, starts, ends, strict=False)]


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
    np.testing.assert_allclose(token_vectors(Hashed(), " ".join(words), apart(words)), shapley(words), atol=1e-12)


def test_three_words_whose_pairs_matter_by_hand():
    """Alone a word is worth 0, any two are worth 6, all three 9: by symmetry each has 3."""

    class Pairs:
        dim = 1

        def encode_texts(self, texts):
            return np.array([[{1: 0.0, 2: 6.0, 3: 9.0}[len(text.split())]] for text in texts])

    assert token_vectors(Pairs(), "a b c", apart(["a", "b", "c"])).ravel().tolist() == pytest.approx([3, 3, 3])


def test_two_words_that_mean_the_same_share_what_one_of_them_says():
    """v(a) = v(b) = v(ab) = 2 and v(c) = 1 on its own: a and b have 1 each, c has 1."""

    class Same:
        dim = 1

        def encode_texts(self, texts):
            return np.array([[2.0 * bool({"a", "b"} & set(text.split())) + ("c" in text)] for text in texts])

    assert token_vectors(Same(), "a b c", apart(["a", "b", "c"])).ravel().tolist() == pytest.approx([1, 1, 1])


def test_the_values_sum_to_the_text_as_it_was_written_not_as_it_was_split():
    text = "red,striped   dress"
    values = token_vectors(Hashed(), text, phrases(text))
    np.testing.assert_allclose(values.sum(axis=0), vector_of(text), atol=1e-12)


def test_every_subset_is_encoded_once_and_in_one_call():
    encoder = Hashed()
    token_vectors(encoder, "a b c", apart(["a", "b", "c"]))
    assert [sorted(call) for call in encoder.calls] == [sorted(["a", "b", "c", "a b", "a c", "b c", "a b c"])]


def test_beyond_six_phrases_a_phrase_is_worth_the_mean_of_its_gain_in_reading_order_and_in_reverse():
    words = ["one", "two", "three", "four", "five", "six", "seven"]
    text = " ".join(words)
    values = token_vectors(Hashed(), text, apart(words))
    # The third: after "one two" as the text is read, after "four five six seven" from its end.
    forward = vector_of("one two three") - vector_of("one two")
    backward = vector_of("three four five six seven") - vector_of("four five six seven")
    np.testing.assert_allclose(values[2], (forward + backward) / 2, atol=1e-12)
    np.testing.assert_allclose(values.sum(axis=0), vector_of(text), atol=1e-12)


def labels(text, vocabulary=None):
    found = phrases(text, vocabulary)
    assert "".join(text[part.start : part.end] for part in found) == (text if found else "")
    return [part.label for part in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in red", ["red"]),
        ("red, striped dress for the summer", ["red", "striped", "dress", "summer"]),
        ("running shoes for the gym", ["running shoes", "for the gym"]),
        ("storage box under the bed", ["storage box", "under the bed"]),
        ("red or blue mug", ["red or blue", "mug"]),
        ("something to sit on", ["something to sit on"]),
        ("like this but in green", ["green"]),
        ("a nice dress", ["nice", "dress"]),
        ("红色杯子", ["红色", "杯子"]),
        ("红色的杯子", ["红色", "杯子"]),
        ("不要条纹的围巾", ["条纹", "围巾"]),
        ("大号 红色 连衣裙", ["大号", "红色", "连衣裙"]),
        ("女款zzqq dress", ["女款", "zzqq", "dress"]),
        ("the", ["the"]),
        ("", []),
        ("!?", []),
    ],
)
def test_phrases_are_whole_and_joining_words_are_none(text, said):
    assert labels(text) == said


def test_a_run_of_chinese_that_nothing_knows_is_one_phrase():
    assert labels("饕餮鼎 杯子") == ["饕餮鼎", "杯子"]


def test_joining_words_go_with_what_they_join():
    text = "in red dress"
    assert [text[part.start : part.end] for part in phrases(text)] == ["in red ", "dress"]
    assert [part.end for part in phrases("红色的杯子")] == [3, 5]  # 的 goes with what it follows


def test_words_that_only_the_catalog_knows_are_one_phrase():
    catalog = Catalog([Product("p", "Loop chair", "p.jpg", category="Chairs", brand="Kiln & Co")])
    assert labels("Kiln & Co chair") != ["Kiln & Co", "chair"]
    assert labels("Kiln & Co chair", Vocabulary.of(catalog)) == ["Kiln & Co", "chair"]


def test_a_pasted_document_is_not_valued_word_by_word():
    found = phrases(" ".join(["mug", "zebra"] * 200))
    assert len(found) == MOST
    assert found[-1].end == len(" ".join(["mug", "zebra"] * 200))
