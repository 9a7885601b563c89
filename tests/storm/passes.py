"""One pass of the worker inside this process, as production builds it but for its waits, which take no time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from tests.storm.scene import Scene
from worker.bootstrap import connected, scope
from worker.model.report import Report
from worker.remote.gateway import Exchange
from worker.remote.patience import Patience
from worker.run import sync_pass


def _silence(exchange: Exchange) -> None:
    """Nobody listens."""


def one_pass(scene: Scene, listen: Callable[[Exchange], None] = _silence) -> Report:
    """One ``sync``; ``listen`` is told of every exchange and may take its time, which then passes for the worker too.

    The settings of the scene say where it is made, so it knows nothing of the products it is made on.
    """
    patience = Patience(sleep=lambda seconds: None, space=lambda seconds: None, jitter=lambda: 1.0, clock=scene.clock)
    with connected(scene.settings, on_exchange=listen, patience=patience) as world:
        return sync_pass(
            scene.stage.teams,
            world.readers,
            world.writers(),
            scope(scene.settings),
            requests=world.requests,
            stop=Event(),
            clock=scene.clock,
        )
