"""What a first mapping is asked for, and what its questions offer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answers that a first mapping needs."""

    team: str
    space: str
    labels: tuple[str, ...]
    project: str
    type: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says already; None and an empty tuple are yet to be asked or found."""

    team: str | None = None
    space: str | None = None
    labels: tuple[str, ...] = ()
    project: str | None = None
    type: str | None = None
