"""The Hugging Face hub, or the lack of it.

Without a network the hub's client tries five times with growing pauses, 20 to 50 seconds in all.
Asking for its address takes milliseconds; where there is none, the client is put in offline mode,
in which it uses what it has on disk and fails at once where it has nothing.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


def reachable() -> bool:
    """Whether the hub's address resolves. True behind a proxy, which resolves it for us."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        return True
    try:
        socket.getaddrinfo(urlsplit(constants.ENDPOINT).hostname, 443)
    except OSError:
        return False
    return True


@contextmanager
def quiet() -> Iterator[None]:
    """Inside, the hub's client answers at once and does not log; our own error says it all."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    disabled = logging.root.manager.disable
    constants.HF_HUB_OFFLINE = not reachable()
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
        logging.disable(disabled)
