"""The words that stand in no training caption really stand in none, and are judged as they are listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search.catalog import Catalog
from search.errors import InputError
from search.lab.benchmark import datasets
from search.lab.benchmark.base import TooSmall
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.datasets import Synonym, read_synonyms
from search.lab.benchmark.tasks import words as words_tasks
from search.lab.train.glossary import FILE, glossary
from search.lexicon import lexicon
from search.schema import Product

ATTRIBUTES = ("colours", "genders", "seasons", "usages", "patterns", "materials")


def words(text: str) -> str:
    """Lower case, one space around each word, nothing else."""
    return " " + " ".join(re.findall(r"[^\W_]+", text.casefold())) + " "


def spellings(word: str) -> set[str]:
    """Singular, plural and closed-up forms of an English word."""
    return {words(form) for form in (word, word + "s", word + "es", word.removesuffix("s"), re.sub("[ -]", "", word))}


def said_in(texts: Iterable[str]) -> set[str]:
    """The listed words that stand in one of the texts: English as whole words, Chinese as any part."""
    spaced, joined = "|".join(map(words, texts)), "|".join(text.casefold() for text in texts)
    return {
        synonym.word
        for synonym in read_synonyms()
        if (synonym.word in joined if synonym.language == "zh" else any(w in spaced for w in spellings(synonym.word)))
    }


def names(*sections: str) -> list[str]:
    entries = [entry for section in sections for entry in glossary()[section].values()]
    return [name for entry in entries for name in (entry.key, *entry.en, *entry.zh)]


def test_the_search_for_words_finds_them():
    assert {"knapsack", "眼镜", "pool slides"} <= said_in(["Red Knapsacks", "黑框眼镜架", "a pool-slide in blue"])
    assert said_in(["knapsacking"]) == set()


def test_no_word_is_a_name_of_the_glossary():
    assert said_in(names(*glossary())) == set(), "a word for measuring must not be trained on: take it from either list"


def test_no_word_is_said_by_a_concept_that_captions_are_made_of():
    """The lexicon may understand a word, for a query is read with it; captions are written with the labels that are
    said of the concepts that the glossary names."""
    concepts = {line.split("|")[1].strip() for line in FILE.read_text(encoding="utf-8").splitlines() if "|" in line}
    known = lexicon().concepts
    said = [label for id in concepts & set(known) for label in known[id].labels(hidden=False)]
    assert len(said) > 1000
    assert said_in(said) == set(), "a word for measuring may only be a hidden label here"


def test_no_word_is_an_attribute_before_a_kind():
    known = {name.casefold() for name in names(*glossary())}
    for synonym in read_synonyms():
        rest = synonym.word
        for name in sorted(names(*ATTRIBUTES), key=len, reverse=True):
            chinese = synonym.language == "zh"
            rest = (
                rest.replace(name, "") if chinese else re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", rest, flags=re.I)
            )
        if rest != synonym.word:
            # 棉袜 would be the beginning of 棉 + 袜子
            assert not any(name.startswith(rest.strip()) for name in known), synonym.word


def test_no_word_is_in_a_title_that_is_trained_on(shared: Path):
    parquet = pytest.importorskip("pyarrow.parquet")
    titles = parquet.read_table(shared / "fashion" / "train.parquet", columns=["title"])["title"].to_pylist()
    assert len(titles) == 29842
    assert said_in(titles) == set()


def test_there_are_enough_words_and_enough_pictures_for_each(shared: Path):
    parquet = pytest.importorskip("pyarrow.parquet")
    languages = Counter(synonym.language for synonym in read_synonyms())
    assert languages["en"] >= 100
    assert languages["zh"] >= 25
    for split in ("validation", "test"):
        table = parquet.read_table(shared / "fashion" / f"{split}.parquet", columns=["article_type"])
        counts = Counter(table["article_type"].to_pylist())
        for synonym in read_synonyms():
            assert sum(counts[kind] for kind in synonym.kinds) >= words_tasks.FEWEST_OF_SYNONYM, (split, synonym.word)


def test_every_listed_kind_is_one_of_fashion():
    listed = {kind for synonym in read_synonyms() for kind in synonym.kinds}
    assert listed - set(glossary()["fashion kinds"]) == set()


def test_a_word_is_right_for_the_kinds_listed_for_it_and_languages_are_told_apart(monkeypatch: pytest.MonkeyPatch):
    class Grey:
        """A picture says its grey; every word means white."""

        name, fingerprint, dim, image_size = "grey", "6e7", 2, 8

        def encode_images(self, images) -> np.ndarray:
            shades = np.array([image.getpixel((0, 0))[0] / 255 for image in images])
            return np.stack([shades, np.sqrt(1 - shades**2)], axis=1).astype(np.float32)

        def encode_texts(self, texts) -> np.ndarray:
            return np.tile(np.array([1, 0], np.float32), (len(texts), 1))

    listed = (
        Synonym("one", "en", ("White",)),
        Synonym("two", "en", ("White", "Black")),
        Synonym("三", "zh", ("Black",)),
    )
    monkeypatch.setattr(words_tasks, "read_synonyms", lambda: listed)
    shades = [("White", 255)] * 5 + [("Grey", 128)] * 2 + [("Black", 0)] * 5
    catalog = Catalog(
        Product(str(at), "A thing", Image.new("RGB", (8, 8), (shade,) * 3), category=kind)
        for at, (kind, shade) in enumerate(shades)
    )
    figures = words_tasks.synonyms(make_benchmark(Grey(), [catalog], min_relevant=5))
    # the 5 white come first, then 2 grey, then the 5 black
    one, two, three = 5 / 5, 8 / 10, 0 / 5
    assert figures["en"]["value"] == pytest.approx((one + two) / 2)
    assert figures["zh"]["value"] == three
    assert figures["all"]["value"] == pytest.approx((one + two + three) / 3)
    assert figures["en"]["chance"] == pytest.approx((5 / 12 + 10 / 12) / 2)


def test_words_are_not_asked_of_other_shops():
    picture = Image.new("RGB", (8, 8), "white")
    catalog = Catalog(Product(str(at), "A watch", picture, category="Watches") for at in range(9))

    class Blank:
        name, fingerprint, dim, image_size = "blank", "b1a", 1, 8

        def encode_images(self, images) -> np.ndarray:
            return np.ones((len(images), 1), np.float32)

        encode_texts = encode_images

    with pytest.raises(TooSmall, match="has few"):
        words_tasks.synonyms(make_benchmark(Blank(), [catalog], min_relevant=1))


def test_a_bad_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(datasets, "SYNONYMS", tmp_path / "synonyms.psv")
    for line in ("knapsack | en", "knapsack | fr | Backpacks", "timepiece | en | Watches"):
        datasets.SYNONYMS.write_text(f"# words\ntimepiece | en | Watches\n{line}\n", encoding="utf-8")
        with pytest.raises(InputError, match="line 3"):
            read_synonyms.__wrapped__()
