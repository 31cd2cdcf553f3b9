"""A folder of pictures -> rows: the file's name is the title, its sub-folder the category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from search import images
from search.catalog.rows import Row
from search.errors import ImageError


def picture_rows(folder: Path) -> Iterator[Row]:
    """A row for every picture under the folder, hidden ones passed over."""
    pictures = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in images.SUFFIXES
        and not any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
    )
    stems = [path.relative_to(folder).with_suffix("") for path in pictures]
    many = Counter(stems)
    for path, stem in zip(pictures, stems, strict=True):
        relative = PurePosixPath(path.relative_to(folder))
        values = {"title": _words(path.stem)}
        if stem.parent.parts:
            values["category"] = _words(stem.parent.parts[-1])
        if len(stem.parent.parts) > 1:
            values["department"] = _words(stem.parent.parts[0])
        fields: dict[str, str] = {field: field for field in ("title", "category") if field in values}
        # a.jpg and a.png in one folder are two products.
        unique = PurePosixPath(stem) if many[stem] == 1 else relative
        problem = ""
        try:
            images.check(path)
        except ImageError as error:
            problem = error.problem
        yield Row(str(relative), values, fields, None if problem else path, str(unique), problem)


def _words(name: str) -> str:
    text = " ".join(name.replace("_", " ").replace("-", " ").split())
    return text[:1].upper() + text[1:] or name
