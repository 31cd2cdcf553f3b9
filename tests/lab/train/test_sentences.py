"""The dictionary: what is read from its file, and what never is."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from search.lab.benchmark.datasets import read_synonyms
from search.lab.train import run
from search.lab.train.sentences import entries, everyday


def test_the_first_chinese_meaning_is_read_without_notes(tmp_path: Path):
    file = tmp_path / "words.csv"
    lines = [
        '"satchel","n.(学生用的)书包,小背包"',
        '"alveoli","气泡,突起"',
        '"X-ray","n.X光"',
        '"empty","n."',
        '"odd",""',
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert entries(file) == {"satchel": "书包", "alveoli": "气泡"}


def test_words_of_the_benchmark_and_of_the_pictures_are_left_out(tmp_path: Path):
    file = tmp_path / "words.csv"
    file.write_text('"knapsack","背囊"\n"spectacle","眼镜"\n"saxophone","萨克斯"\n"teacup","茶杯"\n', encoding="utf-8")
    assert everyday(10, file) == [("teacup", "茶杯")]


def test_no_word_of_the_benchmark_is_read_in_the_dictionary():
    if not find_spec("cedict"):
        pytest.skip("the training tool cedict is not installed")
    read = {text for pair in everyday(run.WORDS) for text in pair}
    assert len(read) > run.WORDS
    assert not {synonym.word for synonym in read_synonyms()} & read
