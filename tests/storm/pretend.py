"""Trials that only pretend, for the tests of what runs them; other processes find a function by the name of its module."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.storm.trial import Point, Verdict


def acted(point: Point) -> Verdict:
    """Does what its scenario says."""
    match point.scenario:
        case "vanishes":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hangs":
            subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"], check=True)
        case "raises":
            raise ValueError("no such thing")
    return Verdict(point, (), (), 1)
