"""Processes that try points for a storm; one that vanishes or takes too long is told of with its point, and replaced."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait

from tests.storm.trial import Point, Verdict, tried

LONGEST = 240.0
"""Seconds that one point may take; most take a tenth of one, and one with a process of its own a few."""

_SPAWN = multiprocessing.get_context("spawn")


class _Hand:
    """One process, our end of the pipe to it, and the point it is at."""

    def __init__(self, try_: Callable[[Point], Verdict]) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.point: Point | None = None
        self._until = 0.0
        self._process = _SPAWN.Process(target=_serve, args=(theirs, try_), name="storm", daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, point: Point, longest: float) -> None:
        """Hands over a point."""
        self.point, self._until = point, time.monotonic() + longest
        with suppress(OSError):  # when it is gone already, its end of the pipe says so
            self.pipe.send(point)

    @property
    def left(self) -> float:
        """Seconds that its point may still take."""
        return max(0.0, self._until - time.monotonic())

    def answer(self, point: Point) -> Verdict | None:
        """What came of its point; None while it is still at it. Afterwards it is free, or of no use any more."""
        if self.pipe.poll():
            try:
                verdict: Verdict = self.pipe.recv()
            except (EOFError, OSError):
                wait([self._process.sentinel], 5)  # so that the exit code is its own
                self.end()
                return _lost(point, f"the process that tried it vanished, with exit code {self._process.exitcode}")
            self.point = None
            return verdict
        if self.left:
            return None
        self.end()
        return _lost(point, "it came to no end, and was ended with all that it had started")

    @property
    def gone(self) -> bool:
        """Whether it can be handed nothing more."""
        return self.pipe.closed

    def end(self) -> None:
        """Ends the process and what it started; its number belongs to it until it has been waited for."""
        for stop in (lambda: os.killpg(self._process.pid or 0, signal.SIGKILL), self._process.kill):
            with suppress(ProcessLookupError):
                stop()
        self._process.join()
        self.pipe.close()


def verdicts(
    draw: Callable[[], Point | None],
    processes: int,
    *,
    try_: Callable[[Point], Verdict] = tried,
    longest: float = LONGEST,
) -> Iterator[Verdict]:
    """What came of each point, as it comes.

    ``draw`` gives a free process its next point, or None where there is none at present; it is over when there is none
    and nobody is at work. ``try_`` is a function of some module, because other processes find it by its name.
    """
    hands = [_Hand(try_) for _ in range(processes)]
    try:
        while True:
            for hand in hands:
                if hand.point is None and (point := draw()) is not None:
                    hand.begin(point, longest)
            busy = [hand for hand in hands if hand.point is not None]
            if not busy:
                return
            wait([hand.pipe for hand in busy], min(hand.left for hand in busy))
            for hand in busy:
                verdict = hand.answer(hand.point) if hand.point is not None else None
                if hand.gone:
                    hands[hands.index(hand)] = _Hand(try_)
                if verdict is not None:
                    yield verdict
    finally:
        for hand in hands:
            hand.end()


def _serve(pipe: Connection, try_: Callable[[Point], Verdict]) -> None:
    """Tries what comes in until nobody is at the other end; Ctrl-C is the other end's affair."""
    os.setsid()  # so that it is ended together with the workers it started, and nothing else with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            point = pipe.recv()
            try:
                verdict = try_(point)
            except Exception:  # noqa: BLE001 — whatever goes wrong is told with its point, and the storm goes on
                verdict = _lost(point, f"it could not be tried: {traceback.format_exc(limit=-6)}")
            pipe.send(verdict)


def _lost(point: Point, why: str) -> Verdict:
    return Verdict(point, (why,), (), 0)
