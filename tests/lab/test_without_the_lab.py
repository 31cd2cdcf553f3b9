"""An installation without search/lab searches as ever, and says what it cannot do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]

#: Runs before anything else: search.lab and all below it cannot be found.
HIDE = """
import sys

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name == "search.lab" or name.startswith("search.lab."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hide())
"""
#: Three colours for the embedded model's place.
TOY = """
import search, search.encoder, search.engine
from search.settings import Settings
from tests.conftest import ToyEncoder
for module in (search, search.encoder, search.engine):
    module.load_encoder = lambda name=None: ToyEncoder()
"""


def without_lab(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", HIDE + code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (16, 16), colour).save(folder / f"{colour}.png")
    return folder


def test_search_is_imported_and_lab_is_not():
    done = without_lab("import search; [getattr(search, name) for name in search.__all__]; print('fine')")
    assert done.stdout == "fine\n", done.stderr


def test_the_other_commands_run(catalog: Path, tmp_path: Path):
    run = TOY + "from search.__main__ import main; sys.exit(main())"
    options = ("--catalog", catalog, "--cache-dir", tmp_path / "cache")
    indexed = without_lab(run, "index", *options, "--out", tmp_path / "index")
    assert "Index of 3 products" in indexed.stdout, indexed.stderr
    found = without_lab(run, "search", "green", "--index", tmp_path / "index")
    assert "green" in found.stdout.splitlines()[0], found.stderr


def test_the_page_is_built(catalog: Path, tmp_path: Path):
    build = TOY + (
        "from pathlib import Path\nfrom search import ui\n"
        "settings = Settings(catalog=sys.argv[1], cache_dir=Path(sys.argv[2]))\n"
        "page = ui.build(search.engine.SearchEngine.open(settings), settings)\n"
        "print(type(page).__name__)\n"
    )
    done = without_lab(build, catalog, tmp_path / "cache")
    assert done.stdout == "Blocks\n", done.stderr


def test_the_app_says_what_it_takes():
    done = without_lab("import runpy; sys.argv = ['app.py', '--help']; runpy.run_path('app.py', run_name='__main__')")
    assert done.returncode == 0, done.stderr
    assert "--catalog" in done.stdout


@pytest.mark.parametrize("command", ["evaluate", "bench", "report", "train"])
def test_commands_of_the_lab_are_refused_in_one_sentence(command: str):
    done = without_lab("from search.__main__ import main; sys.exit(main())", command, "--help")
    assert done.returncode == 2
    assert done.stderr == (
        f"vitrine: '{command}' belongs to the laboratory (search/lab), which is not part of this installation. "
        "Run it from a clone of the repository.\n"
    )


def test_a_requirement_of_the_lab_that_is_missing_is_named():
    hide = (
        "class No:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'timm':\n"
        "            raise ModuleNotFoundError('none', name=name)\n"
        "sys.meta_path = [No(), *(f for f in sys.meta_path if type(f).__name__ != 'Hide')]\n"
        "from search.__main__ import main; sys.exit(main())"
    )
    done = without_lab(hide, "train", "--help")
    assert done.returncode == 2
    assert "needs the package timm, which is not installed. pip install --no-deps -r search/lab/requirements.txt" in (
        done.stderr
    )


def test_nothing_but_the_command_line_names_the_lab():
    files = [path for path in (ROOT / "search").rglob("*.py") if "lab" not in path.relative_to(ROOT / "search").parts]
    naming = [path.name for path in [*files, ROOT / "app.py"] if "search.lab" in path.read_text(encoding="utf-8")]
    assert naming == ["__main__.py"]
