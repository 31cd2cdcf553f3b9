"""Command line: python -m search index | search | evaluate | bench | report | pictures | train | train-locator."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from search.errors import VitrineError
from search.progress import progress_bar
from search.settings import Settings

if TYPE_CHECKING:
    from search import Object
    from search.images import Region

#: Commands that bring their own arguments, by the module whose main(argv) runs them.
_MODULES = {
    "evaluate": ("search.lab.benchmark", "measure quality on named data"),
    "bench": ("search.lab.bench", "measure speed as ratios to a baseline"),
    "report": ("search.lab.report", "write the README's tables from assets/benchmarks"),
    "pictures": ("search.lab.pictures", "film the served page for the README"),
    "train": ("search.lab.train.run", "train the embedded model"),
    "train-locator": ("search.lab.locator.run", "train what finds products in a photo"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 = done, 2 = refused with a sentence on stderr, 130 = interrupted."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments and arguments[0] in _MODULES:
            return int(_imported(arguments[0]).main(arguments[1:]) or 0)
        options = _parser().parse_args(arguments)
        return _index(options) if options.command == "index" else _search(options)
    except VitrineError as error:
        print(f"vitrine: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nvitrine: stopped. What was encoded is kept; the same command goes on from there.", file=sys.stderr)
        return 130


def _imported(command: str) -> ModuleType:
    """The module of a command of the laboratory, which an installation may lack.

    Raises:
        VitrineError: it is not here, or one of its requirements is not.
    """
    try:
        return import_module(_MODULES[command][0])
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("search.lab"):
            raise VitrineError(
                f"{command!r} belongs to the laboratory (search/lab), which is not part of this installation.",
                "Run it from a clone of the repository.",
                code="no_lab",
            ) from error
        raise VitrineError(
            f"{command!r} needs the package {error.name}, which is not installed.",
            "pip install --no-deps -r search/lab/requirements.txt",
            code="no_lab",
        ) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m search", description="Vitrine: visual product search.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, allow_abbrev=False)
        made.add_argument(
            "--catalog",
            default=Settings.catalog,
            metavar="SOURCE",
            help="a folder, .csv, .parquet, .zip or hf:owner/dataset (default: the embedded catalog)",
        )
        made.add_argument("--model", metavar="NAME", help="see load_encoder (default: the embedded model)")
        made.add_argument("--cache-dir", type=Path, default=Settings.cache_dir, metavar="FOLDER")
        return made

    index = command("index", "encode a catalog and save the index")
    index.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the index goes")
    index.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="a column with an unusual name"
    )
    search = command("search", "search from the terminal")
    search.add_argument("text", nargs="?", default="", help="words")
    search.add_argument("--image", help="a photo; the object in it that is meant counts")
    search.add_argument("--whole", action="store_true", help="all of the photo counts")
    search.add_argument("--not", dest="exclude", action="append", default=[], help="what must not be there")
    search.add_argument("--index", type=Path, metavar="FOLDER", help="a saved index instead of a catalog")
    search.add_argument("--filter", action="append", default=[], metavar="FIELD=VALUE", help="may be repeated")
    search.add_argument("-k", type=int, default=12, help="how many results (default: %(default)s)")
    search.add_argument("--json", action="store_true", help="print JSON")
    for name, (_, help) in _MODULES.items():
        commands.add_parser(name, help=help, add_help=False)
    return parser


def _index(options: argparse.Namespace) -> int:
    from search import Catalog, SearchEngine, load_encoder

    catalog = Catalog.load(options.catalog, mapping=dict(_pairs(options.map, "--map")))
    encoder = load_encoder(options.model)
    engine = SearchEngine.build(catalog, encoder, cache_dir=options.cache_dir, progress=progress_bar())
    engine.save(options.out)
    print(f"{catalog.report}\nIndex of {len(catalog):,} products with {encoder.name} in {options.out}.")
    return 0


def _search(options: argparse.Namespace) -> int:
    from search import Query, SearchEngine

    filters: dict[str, list[str]] = {}
    for field, value in _pairs(options.filter, "--filter"):
        filters.setdefault(field, []).append(value)
    settings = Settings(catalog=options.catalog, model=options.model, index=options.index, cache_dir=options.cache_dir)
    engine = SearchEngine.open(settings, progress=progress_bar())
    looks = bool(options.image) and not options.whole
    region = engine.focus(options.image) if looks else None
    found = engine.objects(options.image) if looks else ()
    query = Query(image=options.image, region=region, text=options.text, exclude=options.exclude, filters=filters)
    result = engine.search(query, options.k)
    if options.json:
        objects = {"objects": [each.to_dict() for each in found]} if options.image else {}
        print(json.dumps(result.to_dict() | objects, ensure_ascii=False, indent=2))
        return 0
    if options.image:
        print(_searched_with(found, region), file=sys.stderr)
    for hit in result.hits:
        print(f"{hit.rank:3}  {hit.score:6.3f}  {hit.band:10}  {hit.product.id:16}  {hit.product.title}")
    print(f"{len(result.hits)} of {result.total:,} · {result.elapsed_ms:.0f} ms", file=sys.stderr)
    return 0


def _searched_with(found: Sequence[Object], region: Region | None) -> str:
    """What of a photo was searched with, and what else is in it, in one line."""

    def said(each: Object) -> str:
        return f"{each.label() or 'unnamed'} ({', '.join(f'{edge:g}' for edge in each.box)})"

    chosen = "the whole photo" if region is None else next(said(each) for each in found if each.box == region)
    others = "; ".join(said(each) for each in found if each.box != region)
    return f"searched with {chosen}" + (f" · in it: {others}" if others else "")


def _pairs(items: Sequence[str], option: str) -> list[tuple[str, str]]:
    pairs = [tuple(item.split("=", 1)) for item in items]
    if wrong := [item for item, pair in zip(items, pairs, strict=True) if len(pair) != 2]:
        raise VitrineError(f"{option} {wrong[0]!r} has no '='.", f"Write {option} name=value.")
    return pairs  # type: ignore[return-value]


if __name__ == "__main__":
    sys.exit(main())
