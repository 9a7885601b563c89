"""A worker that is a process of its own, and what befalls it: it dies, it is halted for a while, or it is told to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Literal

from tests.planted.heard import Popen
from tests.storm.passes import one_pass
from tests.storm.scene import Scene
from worker.sandbox.faults import Fault

MAPPING = """
team: Payments
pages: {space: PAY, labels: [post-mortem], since: 2020-01-01, quiet: 0}
ticket: {project: PAY, priority: {P1: Highest}}
due: {day_first: true}
"""
PATIENCE = 60
"""Seconds that a worker process may take."""

SHORT_LAG = 1
"""Seconds: the lag of a pass that is halted for longer than it, in time that really passes."""

Guard = Callable[[Callable[[], object]], None]


def killed(scene: Scene, name: str, number: int, _guarded: Guard) -> list[str]:
    """The process dies right before the request of that number is served, or right after."""
    if name == "killed-before":
        scene.stage.sandbox.faults.append(Fault(("*", "."), "drop", nth=number))
    with _worker(scene) as (process, at):
        at(
            number,
            "before" if name == "killed-before" else "after",
            lambda: _strike(scene, name, process, signal.SIGKILL),
        )
        return _waited(process)


def terminated(scene: Scene, name: str, number: int, _guarded: Guard) -> list[str]:
    """It is told to end, and does: with what it has in hand finished, a result, and the exit code of a good end."""
    with _worker(scene) as (process, at):
        at(number, "after", lambda: _strike(scene, name, process, signal.SIGTERM))
        problems = _waited(process)
        if name in scene.struck and not problems:
            said = process.stdout.read() if process.stdout else b""
            if not said or "totals" not in json.loads(said) or process.returncode not in GOOD_ENDS:
                problems.append(f"told to end, it left with {process.returncode} and said {said!r}")
        return problems


def halted(scene: Scene, name: str, number: int, guarded: Guard) -> list[str]:
    """It stands still for longer than the lag, and another worker does meanwhile whatever there is to do."""
    scene.lag, lag = SHORT_LAG, scene.lag
    scene.crowded = True
    standing = Event()

    def halt(process: subprocess.Popen[bytes]) -> None:
        _strike(scene, name, process, signal.SIGSTOP)
        standing.set()

    with _worker(scene) as (process, at):
        at(number, "after", lambda: halt(process))
        while not standing.wait(0.05) and process.poll() is None:
            pass
        if standing.is_set():
            scene.stage.sandbox.faults.clear()
            guarded(lambda: one_pass(scene))
            time.sleep(SHORT_LAG + 1.2)
            guarded(lambda: one_pass(scene))
            process.send_signal(signal.SIGCONT)
        problems = _waited(process)
    scene.lag = lag
    return problems


PROCESSES = {"killed-before": killed, "killed-after": killed, "terminated": terminated, "halted": halted}

GOOD_ENDS = (0, 3, 4, 5)
"""Of a pass that came to its end; 3 to 5 tell of other trouble that it had."""

_At = Callable[[int, Literal["before", "after"], Callable[[], None]], None]


@contextmanager
def _worker(scene: Scene) -> Iterator[tuple[subprocess.Popen[bytes], _At]]:
    """A pass in a process, and a way to do something to it at a request; it is ended at the end whatever it is at.

    There is time for preparing that: an interpreter takes a while until it asks anything.
    """

    def at(number: int, when: Literal["before", "after"], do: Callable[[], None]) -> None:
        scene.stage.sandbox.faults.append(Fault(("*", "."), do, when=when, nth=number))

    with TemporaryDirectory() as folder:
        Path(folder, "payments.yaml").write_text(MAPPING)
        environment = {
            **os.environ,
            **scene.variables,
            "MAPPINGS_DIR": folder,
            "LOG_LEVEL": "error",
            "DEADLINE_SECONDS": "30",
        }
        process = Popen(
            [sys.executable, "-m", "worker", "sync", "--format", "json"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process, at
        finally:
            process.kill()
            process.communicate()


def hit(process: subprocess.Popen[bytes], with_: signal.Signals) -> None:
    """Stops or kills the process, and returns when it does nothing any more: till then its threads go on, for 40 ms on
    a busy machine.
    """
    process.send_signal(with_)
    with suppress(ChildProcessError):  # somebody else who waits for it was told first
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)


def _strike(scene: Scene, name: str, process: subprocess.Popen[bytes], with_: signal.Signals) -> None:
    if with_ is signal.SIGTERM:
        process.send_signal(with_)
    else:
        hit(process, with_)
    scene.struck.append(name)


def _waited(process: subprocess.Popen[bytes]) -> list[str]:
    """Until it ends; a worker that comes to no end is a broken promise."""
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return [f"a worker process came to no end within {PATIENCE} seconds"]
    return []
