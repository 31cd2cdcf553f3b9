"""Figures that stay: JSON in assets/benchmarks, with what is needed to measure them again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "assets" / "benchmarks"

#: Four digits: the bootstrap intervals of our largest test are some hundredths wide.
DIGITS = 4

Result = Mapping[str, Any]


def provenance(program: str, argv: Sequence[str], *, seed: int) -> dict[str, Any]:
    """What a figure needs beside it to be repeated: command, seed, date, machine.

    Args:
        program: "evaluate" or "bench".
    """
    return {
        "command": shlex.join(["python", "-m", "search", program, *argv]),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "seed": seed,
        "machine": machine(),
    }


def machine() -> dict[str, Any]:
    """The processor, what of it this process may use, and how busy it is with other work."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else []
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": cores,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_1min": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def sha256(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files and their names; the first 16 hex digits."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files:
        if file != path:
            digest.update(file.relative_to(path).as_posix().encode() + b"\0")
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:16]


def rounded(value: Any) -> Any:
    """The same structure with floats at DIGITS decimals and plain Python numbers."""
    if isinstance(value, Mapping):
        return {str(key): rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    return round(value, DIGITS) if isinstance(value, float) else value


def dumps(result: Mapping[str, Any]) -> str:
    return json.dumps(rounded(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write(result: Mapping[str, Any], path: Path) -> None:
    """Write a result as JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(dumps(result), encoding="utf-8")
    partial.replace(path)
