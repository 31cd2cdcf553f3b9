"""How far the encoding of products has come, on the terminal: one bar for the app and every command."""

from __future__ import annotations

import sys
from collections.abc import Callable


def progress_bar() -> Callable[[int, int], None]:
    """A tqdm bar on stderr as an engine's progress callback, (done, total); it appears with the first call."""
    from tqdm import tqdm

    bar: tqdm | None = None

    def advance(done: int, total: int) -> None:
        nonlocal bar
        bar = bar or tqdm(total=total, desc="Encoding", unit="product", file=sys.stderr)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return advance
