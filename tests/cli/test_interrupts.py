"""Ctrl-C and SIGTERM: the first asks, the second leaves."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from threading import Event

import pytest

from tests.cli.commands import environment
from tests.planted.heard import run
from worker.interrupts import stop_on_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_first_signal_asks_to_stop(number: signal.Signals, capfd: pytest.CaptureFixture[str]) -> None:
    """The first signal sets the event, says what happens next, and leaves the block running."""
    stop = Event()
    before = signal.getsignal(number)
    with stop_on_signals(stop, lambda: "2 pages in work are finished"):
        os.kill(os.getpid(), number)
        asked = stop.wait(5)

    assert asked
    assert capfd.readouterr().err == (
        "Stopping: 2 pages in work are finished first, and the rest waits for the next pass. Once more leaves at once.\n"
    )
    assert signal.getsignal(number) is before


def test_the_sentence_is_a_line_of_a_log_that_is_json(tmp_path: Path) -> None:
    """Where the log was asked to be JSON, what a signal brings is JSON too, with the run that all lines bear."""
    program = (
        "import os, signal, threading\n"
        "from worker import logs\n"
        "from worker.interrupts import stop_on_signals\n"
        "logs.configure(run='ab12', format='json')\n"
        "with stop_on_signals(threading.Event(), lambda: '1 page in work is finished'):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    done = run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment({}), capture_output=True, timeout=30, check=True
    )
    [line] = [json.loads(each) for each in done.stderr.splitlines()]

    assert (line["run"], line["event"], line["level"]) == ("ab12", "said", "info")
    assert line["sentence"].startswith("Stopping: 1 page in work is finished first")


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_second_signal_leaves(number: str, code: int, tmp_path: Path) -> None:
    """The second signal ends the process at once, with the exit code shells know for that signal."""
    program = (
        "import os, signal, threading\n"
        "from worker.interrupts import stop_on_signals\n"
        "threading.Thread(target=threading.Event().wait).start()\n"
        "with stop_on_signals(threading.Event(), str):\n"
        f"    os.kill(os.getpid(), signal.{number})\n"
        f"    os.kill(os.getpid(), signal.{number})\n"
        "    print('still here')\n"
    )
    done = run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment({}), capture_output=True, timeout=30, check=False
    )

    assert (done.returncode, done.stdout) == (code, b"")
