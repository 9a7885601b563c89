"""One pass of one worker of several, inside this process or as a process of its own, and what befalls it on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import Event

from tests.month.teams import Mappings
from tests.planted.heard import Popen
from tests.storm.processes import hit
from tests.storm.scene import Scene
from worker.bootstrap import connected, scope
from worker.model.report import Report
from worker.remote.gateway import Exchange
from worker.remote.patience import Patience
from worker.run import sync_pass
from worker.sandbox.faults import Fault
from worker.settings import load_settings

PATIENCE = 240
"""Seconds that a worker process may take."""


class Killed(BaseException):
    """The worker is gone: nothing of it catches this, and nothing of it asks anything any more."""


class Life:
    """What happens to a worker at its requests, by number; after ``end`` it is dead."""

    def __init__(self, scene: Scene, moments: dict[int, Callable[[Life], None]]) -> None:
        self._scene = scene
        self._moments = moments
        self._asked = 0
        self._dead = False

    def listen(self, _exchange: Exchange) -> None:
        """Hears of each request that was answered, or was not."""
        self._asked += 1
        happens = self._moments.get(self._asked)
        if happens is not None:
            happens(self)
        self.clock()

    def clock(self) -> float:
        """Seconds; it is asked before each request, and so a dead worker sends none."""
        if self._dead:
            raise Killed
        return self._scene.clock()

    def end(self) -> None:
        """It dies here."""
        self._dead = True


def variables(scene: Scene, index: int, count: int) -> dict[str, str]:
    """The environment of that worker of so many."""
    shard = {"JOB_COMPLETION_INDEX": str(index), "JOB_COMPLETION_COUNT": str(count)}
    return {**scene.variables, **shard}


def one_pass(
    scene: Scene, mappings: Mappings, index: int, count: int, life: Life, approve: frozenset[str] = frozenset()
) -> Report:
    """One ``sync``, as production builds it but for its waits, which take no time. Raises Killed where it died."""
    settings = load_settings(variables(scene, index, count), env_file=None)
    patience = Patience(sleep=lambda seconds: None, space=lambda seconds: None, jitter=lambda: 1.0, clock=life.clock)
    with connected(settings, on_exchange=life.listen, patience=patience) as world:
        return sync_pass(
            mappings.teams, world.readers, world.writers(), scope(settings, approve=approve),
            requests=world.requests, stop=Event(), clock=life.clock,
        )  # fmt: skip


def killed_process(scene: Scene, mappings: Mappings, index: int, count: int, number: int) -> str:
    """A pass in a process of its own that gets SIGKILL at the request of that number: ``killed``, ``over`` where it
    came to its end before, or what went wrong.
    """
    environment = {
        **os.environ,
        **variables(scene, index, count),
        "MAPPINGS_DIR": str(mappings.folder),
        "LOG_LEVEL": "error",
        "DEADLINE_SECONDS": "30",
    }
    process = Popen(
        [sys.executable, "-m", "worker", "sync", "--format", "json"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    strike = Fault(("*", "."), lambda: hit(process, signal.SIGKILL), nth=number)
    scene.stage.sandbox.faults.append(strike)
    try:
        _, said = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return f"a worker process came to no end within {PATIENCE} seconds"
    finally:
        scene.stage.sandbox.faults.remove(strike)
    if process.returncode == -signal.SIGKILL:
        return "killed"
    return (
        "over" if process.returncode in (0, 3, 4, 5) else f"a worker process left with {process.returncode}: {said!r}"
    )
