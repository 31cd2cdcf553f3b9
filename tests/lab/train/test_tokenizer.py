"""The tokenizer: both languages there and back, and the same ids as open_clip's own reading of the files."""

from pathlib import Path

import open_clip
import pytest
from tokenizers import Tokenizer

from search.lab.train.tokenizer import CLS, PAD, encode, train_tokenizer

MODEL = Path(__file__).parents[3] / "assets" / "model"


@pytest.fixture(scope="module")
def shipped() -> Tokenizer:
    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))


@pytest.mark.parametrize(
    "text", ["red linen dress", "女士杏色手提包", "nike 男士跑步鞋", "mug, blue & white", "café 🫖", "龘"]
)
def test_texts_come_back_from_their_ids(shipped, text):
    assert shipped.decode(shipped.encode(text).ids) == text


def test_nothing_becomes_unknown(shipped):
    assert 2 not in shipped.encode("Ω жакет ジャケット 🫖 \x07").ids


def test_case_and_full_width_letters_do_not_matter(shipped):
    assert shipped.encode("ＴＥＥ Ｔ恤").ids == shipped.encode("tee t恤").ids


def test_chinese_is_read_by_character(shipped):
    assert len(shipped.encode("黑色连衣裙").ids) == 1 + 5


def test_a_small_tokenizer_keeps_special_ids_in_front_and_bytes_behind():
    tokenizer = train_tokenizer(["red dress", "红色连衣裙"] * 5, vocabulary=320)
    assert [tokenizer.token_to_id(piece) for piece in (PAD, CLS)] == [0, 1]
    assert tokenizer.encode("zebra").ids[0] == 1
    assert tokenizer.get_vocab_size() <= 320


def test_ids_equal_those_of_open_clip(shipped):
    reader = open_clip.get_tokenizer(f"local-dir:{MODEL}")
    texts = ["red linen dress", "女士杏色手提包", "", "a very long description " * 20]
    assert reader(texts).tolist() == encode(shipped, texts, reader.context_length)
