"""Settings of the app, read once from arguments and environment.

Every option has an environment variable (VITRINE_ and its name in capitals), so that a Space or a
container can set what it cannot pass as an argument. Arguments win.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from search.errors import StartError

_HERE = Path(__file__).resolve().parent
#: Model, catalog and looks: beside the package in a checkout, inside it where it was installed.
ASSETS = _HERE / "assets" if (_HERE / "assets").is_dir() else _HERE.parent / "assets"

#: Gradio's own default, so that bookmarks and Spaces work.
DEFAULT_PORT = 7860


@dataclass(frozen=True)
class Settings:
    """What the app was asked to do.

    `catalog` and `model` take every name that Catalog.load and load_encoder take; `index` is a
    saved index to open instead of encoding the catalog; `samples` a folder with scenes.csv.
    """

    catalog: str = str(ASSETS / "catalog")
    model: str | None = None
    index: Path | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    lang: str = "en"
    cache_dir: Path = Path.home() / ".cache" / "vitrine"
    samples: Path | None = ASSETS / "scenes"

    def __post_init__(self) -> None:
        # 0 is refused: the address has to be known to be opened.
        if not 1 <= self.port <= 65535:
            raise StartError(f"Port {self.port} does not exist.", "Choose one from 1 to 65535.")
        if self.lang not in ("en", "zh"):
            raise StartError(f"There is no language {self.lang!r}.", "Choose en or zh.")

    @property
    def embedded(self) -> bool:
        """Whether the catalog is the one that ships: neither another one nor a saved index."""
        return self.index is None and Path(self.catalog).resolve() == Path(type(self).catalog).resolve()

    @classmethod
    def read(cls, argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
        """Settings from command-line arguments (without the program's name) and environment.

        Raises:
            StartError: a value is out of its range or not a number.
        """

        def default(name: str, otherwise: object) -> object:
            return environ.get(f"VITRINE_{name.upper()}") or otherwise

        parser = argparse.ArgumentParser(
            prog="app.py", description="Vitrine: visual product search.", allow_abbrev=False
        )
        add = parser.add_argument
        add("--catalog", default=default("catalog", cls.catalog), metavar="SOURCE",
            help="a folder, .csv, .parquet or .zip, or hf:owner/dataset (default: the embedded catalog)")  # fmt: skip
        add("--model", default=default("model", None), metavar="NAME",
            help="ViT-B-32/laion2b_s34b_b79k, hf-hub:org/model, local-dir:path, transformers:org/model "
                 "(default: the embedded model)")  # fmt: skip
        add("--index", default=default("index", None), metavar="FOLDER",
            help="a saved index (python -m search index) to open instead of encoding the catalog")  # fmt: skip
        # A Space is reached from outside its container, and says so.
        host = environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if environ.get("SPACE_ID") else cls.host)
        add("--host", default=default("host", host), help="address to listen on (default: %(default)s)")
        add("--port", default=default("port", cls.port), help="port to listen on (default: %(default)s)")
        add("--lang", default=default("lang", cls.lang), help="first language of the page: en or zh")
        add("--cache-dir", default=default("cache_dir", cls.cache_dir), metavar="FOLDER",
            help="where embeddings and thumbnails are kept (default: %(default)s)")  # fmt: skip
        add("--samples", default=default("samples", None), metavar="FOLDER",
            help="a folder of sample photos with scenes.csv (default: the embedded ones, with the embedded catalog)")  # fmt: skip
        options = parser.parse_args(argv)
        try:
            port = int(options.port)
        except ValueError:
            raise StartError(f"The port {options.port!r} is not a number.", "Choose one from 1 to 65535.") from None
        chosen = cls(
            catalog=options.catalog,
            model=options.model,
            index=Path(options.index) if options.index else None,
            host=options.host,
            port=port,
            lang=options.lang,
            cache_dir=Path(options.cache_dir).expanduser(),
            samples=Path(options.samples) if options.samples else cls.samples,
        )
        return chosen if options.samples or chosen.embedded else replace(chosen, samples=None)
