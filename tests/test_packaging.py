"""What a Space installs, what `pip install .` installs and what a back end gets are the same thing."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lines(path: Path) -> list[str]:
    """The requirements of a file, with those of the files it names."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("-r "):
            found += lines((path.parent / line[3:]).resolve())
        elif line:
            found.append(line)
    return found


def extras(*names: str) -> list[str]:
    """The requirements of extras, with those of the extras they name."""
    found = []
    for name in names:
        for line in PROJECT["optional-dependencies"][name]:
            inner = re.fullmatch(r"vitrine\[(.+)\]", line)
            found += extras(*inner[1].split(",")) if inner else [line]
    return found


def test_the_space_installs_the_package_with_its_page():
    assert sorted(lines(ROOT / "requirements.txt")) == sorted(PROJECT["dependencies"] + extras("app"))


def test_the_test_command_installs_the_extra_for_tests():
    assert sorted(lines(ROOT / "tests" / "requirements.txt")) == sorted(PROJECT["dependencies"] + extras("test"))


def test_every_dependency_names_a_range():
    for line in PROJECT["dependencies"] + extras("dev"):
        assert re.search(r"==|>=", line), line


def test_the_version_is_the_newest_of_the_changelog():
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest
    assert newest[1] == PROJECT["version"]


@pytest.mark.slow
def test_an_installed_back_end_searches_the_embedded_catalog_from_any_folder(tmp_path):
    """The wheel, unpacked where there is no checkout, runs the `vitrine` command's function."""
    built = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(built, check=True, timeout=300)
    wheel = next(tmp_path.glob("vitrine-*.whl"))
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "-q", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, timeout=300)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); import search; "
        f"assert search.__file__.startswith({str(site)!r}); "
        "from search.__main__ import main; sys.exit(main(['search', 'red mug', '-k', '3']))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == 3
    assert (site / "bin" / "vitrine").is_file()
