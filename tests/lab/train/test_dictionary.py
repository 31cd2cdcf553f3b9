"""The dictionary: what is read from its file, and which Chinese is believed."""

from pathlib import Path

import numpy as np

from search.lab.train.dictionary import agreeing, entries


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


def test_chinese_is_believed_where_words_of_like_meaning_agree():
    pairs = {"pullover": "套衫", "jersey": "套衫", "jumper": "跳跃者", "couch": "床", "idea": "床"}
    vectors = np.array([[1, 0, 0], [0.9, 0.44, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]], dtype=np.float32)
    assert agreeing(pairs, vectors).tolist() == [True, True, False, False, False]
