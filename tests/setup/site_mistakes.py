"""What only a site shows: that a mapping sound in itself does not fit what the site is like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from worker.sandbox.face import CLOUD, Face
from worker.sandbox.server import Sandbox


@dataclass(frozen=True, slots=True)
class OnTheSite:
    """A mapping that is sound in itself, and what the site is like; ``settings`` are changed as in InSettings."""

    name: str
    sentence: str
    site: Callable[[Sandbox], object] = lambda _sandbox: None
    written: str = ""
    instead: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    code: int = 2
    face: Face = CLOUD
