"""The documents' tables, written anew from the results in assets/benchmarks.

A table stands in a document between `<!-- table:NAME -->` and `<!-- /table:NAME -->`; the names are those of
`search.lab.tables`.

    python -m search report               # writes the tables of all documents anew
    python -m search report --check       # only says which are stale; exit status 1 if one is
    python -m search report --commands    # prints the commands that measure everything again
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from search.errors import InputError
from search.lab.results import BENCHMARKS, ROOT
from search.lab.tables import read_results, tables

#: Documents with tables.
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "benchmarks.md", ROOT / "assets" / "model" / "README.md")

_MARKED = re.compile(r"<!-- table:(?P<name>[\w./-]+) -->\n(?P<body>.*?)<!-- /table:(?P=name) -->", re.S)
_OPENING = re.compile(r"<!-- table:([\w./-]+) -->")


def fill(text: str, contents: Mapping[str, str], document: str = "The document") -> str:
    """A document with every marked table written anew.

    Args:
        contents: table name -> Markdown, see tables.tables.

    Raises:
        InputError: a marker without its end, or a table without a result.
    """
    marked = {match["name"] for match in _MARKED.finditer(text)}
    for name in _OPENING.findall(text):
        if name not in marked:
            raise InputError(
                f"The table {name!r} has no end in {document}.",
                f"Put <!-- /table:{name} --> on a line of its own after <!-- table:{name} -->.",
            )
        if name not in contents:
            raise InputError(
                f"{document} asks for the table {name!r}, but there is no {name.partition('/')[0]}.json with it.",
                "Run the command that writes it (python -m search evaluate --help), or remove the marker.",
            )
    return _MARKED.sub(
        lambda match: f"<!-- table:{match['name']} -->\n\n{contents[match['name']]}\n<!-- /table:{match['name']} -->",
        text,
    )


def stale_tables(documents: Sequence[Path] = DOCUMENTS, benchmarks: Path = BENCHMARKS) -> list[str]:
    """Tables that differ from what the results say, as "README.md: evaluate-catalog", in the order of the documents.

    Raises:
        InputError: as `fill` does.
    """
    contents, stale = tables(benchmarks), []
    for document in documents:
        text = document.read_text(encoding="utf-8")
        now = {match["name"]: match.group() for match in _MARKED.finditer(text)}
        due = {match["name"]: match.group() for match in _MARKED.finditer(fill(text, contents, document.name))}
        stale += [f"{_shown(document)}: {name}" for name in due if now[name] != due[name]]
    return stale


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m search report", description="Write the documents' tables anew.")
    parser.add_argument("--documents", type=Path, nargs="+", default=DOCUMENTS, metavar="FILE")
    parser.add_argument("--benchmarks", type=Path, default=BENCHMARKS, metavar="FOLDER")
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 if a table is stale")
    parser.add_argument("--commands", action="store_true", help="print the commands that measured the results")
    options = parser.parse_args(argv)
    if options.commands:
        print("\n".join(result["command"] for found in read_results(options.benchmarks).values() for result in found))
        return 0
    try:
        stale = stale_tables(options.documents, options.benchmarks)
        if stale and not options.check:
            contents = tables(options.benchmarks)
            for document in options.documents:
                text = fill(document.read_text(encoding="utf-8"), contents, document.name)
                document.write_text(text, encoding="utf-8")
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    verb = "stale" if options.check else "rewritten"
    print(f"{verb}: {', '.join(stale)}" if stale else "every table is up to date", file=sys.stderr)
    return int(bool(stale) and options.check)


def _shown(document: Path) -> str:
    path = document.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else document.name


if __name__ == "__main__":
    sys.exit(main())
