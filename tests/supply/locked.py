"""Reads what a lock file holds: packages, versions, hashes, and which package asked for which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "postmortem-sync"
RUNTIME = "requirements.lock"
"""What the image holds besides the worker itself."""
LOCKS = (
    RUNTIME,
    "requirements-otlp.lock",
    "requirements-sandbox.lock",
    "requirements-dev.lock",
    "requirements-build.lock",
)

_BLOCK = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+)[^\n]*\n((?:[ #][^\n]*\n?)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ASKED = re.compile(r"^ +#(?: via)? +(?!via$)([a-z0-9][a-z0-9.-]*)(?: \(pyproject\.toml.*\))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock file."""

    name: str
    version: str
    hashes: tuple[str, ...]
    """SHA-256 of every file that may be installed for it: one a platform, and the source."""
    asked_by: tuple[str, ...]
    """The packages that need it; ``postmortem-sync`` is the project itself."""


def read_lock(lock: str, root: Path = ROOT) -> tuple[Locked, ...]:
    """The packages in the file's order, which is that of their names."""
    text = (root / lock).read_text(encoding="utf-8")
    return tuple(
        Locked(name, version, tuple(sorted(_HASH.findall(rest))), tuple(sorted(_ASKED.findall(rest))))
        for name, version, rest in _BLOCK.findall(text)
    )
