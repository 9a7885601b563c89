"""Turns Ctrl-C and SIGTERM into a pass that ends in good order; the second one leaves at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from worker import logs

_SHOW_CURSOR = "\x1b[?25h"


@contextmanager
def stop_on_signals(stop: Event, under_way: Callable[[], str]) -> Iterator[None]:
    """Sets ``stop`` at the first SIGINT or SIGTERM while the block runs; the handlers before are put back after it.

    ``under_way`` says what is finished first, as in ``2 pages in work are finished``; it takes no lock, since the
    thread that was interrupted may hold it.
    """

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            _leave(128 + number)
        stop.set()
        first = under_way()
        line = "\n" if sys.stderr.isatty() else ""  # behind a progress bar and the terminal's ^C
        sentence = f"Stopping: {first} first, and the rest waits for the next pass. Once more leaves at once."
        _say(f"{line}{logs.said(sentence, 'info') or sentence}\n".encode())

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(line: bytes) -> None:
    """Straight to the file, because a handler may have interrupted a write to the stream."""
    os.write(2, line)


def _leave(code: int) -> None:
    """Ends the process without waiting for threads; a progress bar may have hidden the cursor."""
    if sys.stderr.isatty():
        _say(_SHOW_CURSOR.encode())
    os._exit(code)
