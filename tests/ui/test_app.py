"""How the app starts, and how it refuses to."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading

import pytest

import app
from search.errors import StartError
from search.settings import ASSETS


def test_a_taken_port_is_one_sentence_and_no_model_is_loaded():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ASSETS.parent, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f"Port {port} on 127.0.0.1 cannot be used")
    assert f"--port {port + 1}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--port", "x"], "not a number"), (["--catalog", "/nowhere.csv"], "/nowhere.csv"), (["--lang", "fr"], "'fr'")],
)
def test_a_mistake_on_the_command_line_ends_with_exit_code_2(arguments, said, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["app.py", *arguments])
    monkeypatch.setattr(app, "require_free", lambda host, port: None)
    assert app.main() == 2
    assert said in capsys.readouterr().err


def test_an_address_that_is_not_ours_is_refused():
    with pytest.raises(StartError, match="cannot be used"):
        app.require_free("203.0.113.1", 7860)


def test_a_free_port_is_accepted():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app.require_free("127.0.0.1", port)


def test_the_page_publishes_one_endpoint(engine, tmp_path):
    from search.settings import Settings
    from search.ui import build

    page = build(engine, Settings(catalog="toy", cache_dir=tmp_path, samples=None))
    assert [event.api_name for event in page.fns.values() if event.api_visibility != "private"] == ["search"]


def test_the_pictures_of_the_first_view_are_made_before_anybody_looks(engine, tmp_path):
    from search.settings import Settings
    from search.ui import build

    build(engine, Settings(catalog="toy", cache_dir=tmp_path, samples=None))
    for thread in threading.enumerate():
        if thread.name == "first view":
            thread.join(30)
    assert len(list((tmp_path / "thumbs").glob("*.webp"))) == len(engine.catalog)


def test_a_start_says_which_rows_of_the_catalog_were_left_out(engine, monkeypatch, capsys):
    from search import SearchEngine
    from search.catalog import ImportReport, RowError
    from search.settings import Settings
    from search.ui.start import open_engine

    monkeypatch.setattr(SearchEngine, "open", lambda settings, progress: engine)
    open_engine(Settings(), lambda done, total: None)
    assert capsys.readouterr().out == ""
    engine.catalog.report = ImportReport(4, (RowError("row 7", "There is no picture."),))
    open_engine(Settings(), lambda done, total: None)
    assert "4 products loaded, 1 skipped:\n  row 7: There is no picture." in capsys.readouterr().out
