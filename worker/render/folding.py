"""Folds a line to the width of a terminal between its words, so that an address is never cut."""

from __future__ import annotations

import sys
from shutil import get_terminal_size

_NARROWEST = 20
"""Columns that the words get in any case."""


def terminal_width() -> int | None:
    """The columns of the terminal that stdout is; None where it is none, and lines are to stay whole."""
    return get_terminal_size().columns if sys.stdout.isatty() else None


def folded(head: str, text: str, width: int | None) -> list[str]:
    """``text`` behind ``head``, and its further lines below its own beginning.

    A word that is wider than ``width`` (columns, or None for as wide as it is) stays whole on a line of its own.
    """
    if width is None:
        return [head + text]
    from rich.cells import cell_len  # judging files into a pipe does without

    before = cell_len(head)
    room = max(_NARROWEST, width - before)
    first, *words = text.split(" ")
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return [head + lines[0], *(" " * before + line for line in lines[1:])]
