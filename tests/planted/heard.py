"""Keeps what the product lets out during a test beyond what pytest captures itself: processes, and wires to services."""

from __future__ import annotations

import subprocess
from typing import Any

HEARD: list[tuple[str, str]] = []
"""Where it came out, and the text; emptied as each test begins."""


def hear(where: str, said: str | bytes | None) -> None:
    """Keeps a text; what is no UTF-8 is kept as far as it can be read."""
    if said:
        HEARD.append((where, said.decode(errors="replace") if isinstance(said, bytes) else said))


class Popen(subprocess.Popen[Any]):
    """A process whose output is kept as well as handed over."""

    def communicate(self, *arguments: Any, **more: Any) -> tuple[Any, Any]:
        """See ``subprocess.Popen.communicate``."""
        out, err = super().communicate(*arguments, **more)
        hear("a process's stdout", out)
        hear("a process's stderr", err)
        return out, err


def run(command: list[str], **more: Any) -> subprocess.CompletedProcess[Any]:
    """See ``subprocess.run``; the output is kept as well as handed over."""
    done = subprocess.run(command, check=more.pop("check", False), **more)
    hear("a process's stdout", done.stdout)
    hear("a process's stderr", done.stderr)
    return done
