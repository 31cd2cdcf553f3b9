"""What docs/extending.md shows runs as it stands, and is as short as it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from search import Catalog, Product, Query, SearchEngine, load_encoder
from search.encoder import loading
from search.index import INDEXES
from search.ranking import SIGNALS
from search.ui import handlers, render, tabs
from tests.conftest import swatch, toy_products
from tests.ui.context import make_context

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "extending.md").read_text(encoding="utf-8")


def block(title: str, language: str = "python") -> str:
    """The first block of code under a heading."""
    section = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return re.search(rf"```{language}\n(.*?)```", section, re.S)[1]


@pytest.fixture(autouse=True)
def registries(monkeypatch):
    """What the page registers is gone after the test."""
    tabs.every()
    for module, name in ((loading, "LOADERS"), (tabs, "_TABS")):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))
    before = dict(SIGNALS), dict(INDEXES)
    yield
    for registry, items in zip((SIGNALS, INDEXES), before, strict=True):
        registry.clear()
        registry.update(items)


@pytest.mark.parametrize("title", ["A signal", "An index", "An encoder", "A tab"])
def test_each_takes_under_twenty_lines(title):
    lines = [line for line in block(title).splitlines() if line.strip() and not line.startswith(("import", "from"))]
    assert len(lines) < 20


def test_the_signal_lifts_what_it_says_and_the_score_still_adds_up(encoder):
    products = [
        Product(season, season, swatch("red"), "Cups", attributes={"season": season}) for season in ("winter", "summer")
    ]
    engine = SearchEngine.build(Catalog(products), encoder, cache_dir=None)
    assert engine.search(Query(text="red")).hits[0].product.id == "winter"
    exec(block("A signal"), {})
    first = engine.search(Query(text="red")).hits[0]
    assert first.product.id == "summer"
    assert first.parts["season"] == 0.05
    assert sum(first.parts.values()) == first.score


def test_the_index_is_built_saved_and_loaded_by_its_name(encoder, tmp_path):
    exec(block("An index"), {})
    engine = SearchEngine.build(Catalog(toy_products()), encoder, index="faiss-fp16", cache_dir=None)
    engine.save(tmp_path / "index")
    loaded = SearchEngine.load(tmp_path / "index", encoder)
    assert type(loaded.index).__name__ == "HalfPrecisionIndex"
    assert loaded.search(Query(text="blue")).hits[0].product.id == "hat-blue"


def test_the_encoder_is_loaded_by_its_name_and_searches():
    exec(block("An encoder"), {})
    engine = SearchEngine.build(Catalog(toy_products()), load_encoder("mean-colour:rgb"), cache_dir=None)
    assert engine.search(Query(text="green")).hits[0].product.id == "cup-green"


def test_the_tab_is_drawn_from_its_template(engine, tmp_path):
    exec(block("A tab"), {})
    (tmp_path / "prices.html").write_text(block("A tab", "html"), encoding="utf-8")
    context = replace(make_context(engine, tmp_path), templates=render.environment(tmp_path))
    page = handlers.on_open(context, [("tab", "prices"), ("lang", "en")])
    assert re.findall(r"<li>(.*?)</li>", page.results) == ["Red cup: 10", "Green cup: 20", "Red hat: 30"]


def test_files_put_where_the_page_says_are_found_without_another_change(tmp_path):
    root = Path(__file__).resolve().parents[1]
    shutil.copytree(root / "search", tmp_path / "search", ignore=shutil.ignore_patterns("__pycache__"))
    for title, path in (
        ("A signal", "ranking/signals/season.py"),
        ("An index", "index/faiss_fp16.py"),
        ("An encoder", "encoder/mean_colour.py"),
    ):
        assert f"`search/{path}`" in PAGE
        (tmp_path / "search" / path).write_text(block(title), encoding="utf-8")
    code = (
        "from search.ranking import SIGNALS; from search.index import INDEXES; from search.encoder import loading; "
        "print(*SIGNALS, *sorted(INDEXES), 'mean-colour' in loading.LOADERS)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    signals = ["photo", "text", "exclude", "aspects", "keywords", "named", "photo_kind", "season"]
    assert run.stdout.split() == [*signals, "faiss", "faiss-fp16", "True"]
