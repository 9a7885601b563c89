"""Several workers at once: by turns in a drawn order, one inside the other, or started in the same instant."""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Barrier, Condition, Thread

from tests.storm.passes import one_pass
from tests.storm.scene import LAG, Scene
from worker.remote.gateway import Exchange

PATIENCE = 20.0
"""Seconds one worker waits for the other before something must be wrong."""


def rival_pass(scene: Scene, number: int, guarded: Callable[[Callable[[], object]], None]) -> None:
    """A whole pass of another worker between the request of that number and the next."""
    seen = 0

    def listen(exchange: Exchange) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            scene.struck.append("rival-pass")
            guarded(lambda: one_pass(scene))

    guarded(lambda: one_pass(scene, listen))


def rival_passes(scene: Scene, number: int, guarded: Callable[[Callable[[], object]], None]) -> None:
    """One worker is halted after the request of that number; another makes passes until it knows what came of it."""
    seen = 0

    def listen(exchange: Exchange) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            scene.struck.append("rival-passes")
            for seconds in (1, 2 * LAG, 1):
                guarded(lambda: one_pass(scene))
                scene.advance(seconds)

    guarded(lambda: one_pass(scene, listen))


def together(scene: Scene, number: int, guarded: Callable[[Callable[[], object]], None]) -> None:
    """Two workers started in the same instant; who comes first is up to the machine."""
    start = Barrier(2)

    def work() -> None:
        start.wait(PATIENCE)
        guarded(lambda: one_pass(scene))

    _both(work, work)
    scene.struck.append("together")


def lockstep(scene: Scene, number: int, guarded: Callable[[Callable[[], object]], None]) -> None:
    """Two workers by turns, one request a turn, in an order drawn from ``number``."""
    turns = _Turns(random.Random(number))

    def work(me: int) -> None:
        turns.wait_for(me)
        guarded(lambda: one_pass(scene, lambda _exchange: turns.next_after(me)))
        turns.leave(me)

    _both(lambda: work(0), lambda: work(1))
    scene.struck.append("lockstep")


CROWDS = {"rival-pass": rival_pass, "rival-passes": rival_passes, "together": together, "lockstep": lockstep}


def _both(*works: Callable[[], None]) -> None:
    threads = [Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * PATIENCE)


class _Turns:
    def __init__(self, drawn: random.Random) -> None:
        self._drawn = drawn
        self._here = [0, 1]
        self._turn = drawn.choice(self._here)
        self._changed = Condition()

    def wait_for(self, me: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._turn == me, PATIENCE):
                raise RuntimeError("the other worker never came to an end")

    def next_after(self, me: int) -> None:
        with self._changed:
            self._turn = self._drawn.choice(self._here)
            self._changed.notify_all()
        self.wait_for(me)

    def leave(self, me: int) -> None:
        with self._changed:
            self._here.remove(me)
            self._turn = self._here[0] if self._here else me
            self._changed.notify_all()
