"""How a catalog was read, for the person who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Lines of errors that a printed report has; a person reads the first ones and mends the cause.
_SHOWN = 20


@dataclass(frozen=True)
class RowError:
    """A row or a further picture that was left out: where it stands and what was wrong with it."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


@dataclass(frozen=True)
class ImportReport:
    """Products loaded, rows skipped (`errors`), and further pictures that are missing from products
    that were loaded (`missing_images`)."""

    loaded: int
    errors: tuple[RowError, ...] = ()
    missing_images: tuple[RowError, ...] = ()

    def __str__(self) -> str:
        text = f"{self.loaded:,} products loaded"
        text += _listed(f", {len(self.errors):,} skipped", self.errors)
        if self.missing_images:
            joint = "\n" if self.errors else ", "
            text += _listed(f"{joint}{len(self.missing_images):,} further pictures missing", self.missing_images)
        return text if self.errors or self.missing_images else f"{text}."


def _listed(head: str, errors: Sequence[RowError]) -> str:
    """The head and the first errors, a line each; nothing where there are none."""
    if not errors:
        return ""
    more = [f"  and {len(errors) - _SHOWN:,} more"] if len(errors) > _SHOWN else []
    return "\n".join([f"{head}:", *(f"  {error}" for error in errors[:_SHOWN]), *more])
