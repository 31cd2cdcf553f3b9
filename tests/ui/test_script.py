"""The page's script outside of a browser: its own tests and checks, what it shares with the server, how it is served."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from search.ui import theme
from search.ui.state import FACETS, State

TESTS = Path(__file__).parent / "js"
TOOLS = theme.ASSETS / "node_modules"
#: The longest a module or style sheet may be.
LINES = {".js": 200, ".css": 300}

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20 or later")
needs_tools = pytest.mark.skipif(not TOOLS.is_dir(), reason="needs the npm packages: npm ci --prefix assets/ui")


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=theme.ASSETS, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_node
def test_the_pure_functions_keep_their_tests():
    files = sorted(map(str, TESTS.glob("*.test.mjs")))
    assert files
    output = run("node", "--test", "--test-reporter=tap", *files)
    assert int(re.search(r"^# pass (\d+)$", output, re.M)[1]) >= 60


@needs_node
@needs_tools
@pytest.mark.parametrize("command", ["tsc", "biome check --error-on-warnings js ../../tests/ui/js"])
def test_types_and_style_are_checked(command):
    run(str(TOOLS / ".bin" / command.split()[0]), *command.split()[1:])


def typedef(name: str) -> list[str]:
    """The properties of a type in js/state.js."""
    comment = re.search(rf"@typedef {{Object}} {name}\b.*?\*/", (theme.SCRIPTS / "state.js").read_text("utf-8"), re.S)
    return re.findall(r"@property {[^}]+} (\w+)", comment[0])


def test_the_state_has_the_same_keys_on_both_sides():
    # "shown" is not part of a state: it says what the browser has already (handlers.page).
    assert set(typedef("State")) - {"shown"} == set(State().message())


def test_the_facets_are_the_same_on_both_sides():
    line = re.search(r"@typedef {(.*)} Facet", (theme.SCRIPTS / "state.js").read_text("utf-8"))[1]
    assert tuple(re.findall(r'"(\w+)"', line)) == FACETS


@needs_node
def test_both_sides_begin_with_the_same_state():
    module = (theme.SCRIPTS / "state.js").as_uri()
    said = run("node", "-e", f'import("{module}").then((state) => console.log(JSON.stringify(state.EMPTY)))')
    assert {**json.loads(said), "shown": ""} == {**State().message(), "shown": ""}


def test_no_module_or_style_sheet_is_long():
    paths = [*theme.SCRIPTS.rglob("*.js"), *theme.ASSETS.rglob("*.css")]
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in paths if TOOLS not in path.parents}
    assert len(lengths) > 30
    assert {name: length for name, length in lengths.items() if length > LINES[Path(name).suffix]} == {}


def test_the_lock_file_names_no_host():
    lock = (theme.ASSETS / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert (
        json.loads(lock)["packages"][""]["devDependencies"]
        == json.loads((theme.ASSETS / "package.json").read_text("utf-8"))["devDependencies"]
    )


def test_scripts_are_published_under_a_name_of_their_content(tmp_path, monkeypatch):
    scripts = tmp_path / "js"
    (scripts / "maps").mkdir(parents=True)
    (scripts / "main.js").write_text("1", "utf-8")
    (scripts / "maps" / "open.js").write_text("2", "utf-8")
    monkeypatch.setattr(theme, "SCRIPTS", scripts)
    first = theme.publish(tmp_path / "cache")
    assert theme.publish(tmp_path / "cache") == first
    assert {path.relative_to(first).as_posix() for path in first.rglob("*.js")} == {"main.js", "maps/open.js"}

    (scripts / "maps" / "open.js").write_text("3", "utf-8")
    second = theme.publish(tmp_path / "cache")
    assert second != first
    assert (second / "maps" / "open.js").read_text("utf-8") == "3"
    assert (first / "maps" / "open.js").read_text("utf-8") == "2"
    assert {path.name for path in (tmp_path / "cache").iterdir()} == {first.name, second.name}


def test_the_head_asks_for_every_module_at_once_by_a_relative_address(tmp_path):
    published = theme.publish(tmp_path)
    head = theme.head(published)
    asked = re.findall(r'<link rel="modulepreload" href="([^"]+)">', head)
    assert len(asked) == len(list(theme.SCRIPTS.rglob("*.js")))
    assert all(address.startswith("gradio_api/file=/") for address in asked)
    assert f'import(new URL("gradio_api/file={published.as_posix()}/main.js", document.baseURI))' in head


def test_every_style_sheet_is_in_the_head(tmp_path):
    sheets = {
        path.relative_to(theme.ASSETS).as_posix() for path in theme.ASSETS.rglob("*.css") if TOOLS not in path.parents
    }
    assert sheets == set(theme.PLAIN) | set(theme.NESTED)
