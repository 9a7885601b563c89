"""Whatever request the process dies at, the passes that follow end with exactly one ticket a row."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.passes.stage import LAG, Stage, actions, stage
from tests.planted.heard import Popen
from worker.sandbox.faults import Fault

ROWS = ("Add an alert", "Write the runbook", "Rotate the key")
MAPPING = """
team: Payments
pages: {space: PAY, labels: [post-mortem], since: 2020-01-01, quiet: 0}
ticket: {project: PAY}
"""
PATIENCE = 60
"""Seconds a worker process may take before the test gives up on it."""


def _process(scene: Stage, folder: Path) -> Popen:
    (folder / "payments.yaml").write_text(MAPPING)
    environment = {**os.environ, **scene.variables, "MAPPINGS_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    return Popen([sys.executable, "-m", "worker", "sync", "--format", "json"], env=environment, stdout=subprocess.PIPE)


def _requests_of_a_first_sync(folder: Path, deployment: str) -> int:
    with stage(deployment) as scene:
        scene.page(actions(*ROWS))
        process = _process(scene, folder)
        process.communicate(timeout=PATIENCE)

        assert 0 == process.returncode
        assert len(ROWS) == len(scene.issues())
        return len(scene.sandbox.requests)


def _killed_at(number: int, when: str, folder: Path, deployment: str) -> None:
    with stage(deployment) as scene:
        scene.sandbox.settings.jira_lag_seconds = scene.sandbox.settings.confluence_lag_seconds = LAG / 2
        page = scene.page(actions(*ROWS))
        scene.sandbox.world.clock.advance(seconds=LAG)
        worker: list[Popen] = []
        scene.sandbox.faults.append(
            Fault(("*", "."), lambda: worker[0].send_signal(signal.SIGKILL), when=when, nth=number)
        )
        process = _process(scene, folder)
        worker.append(process)
        process.communicate(timeout=PATIENCE)

        assert -signal.SIGKILL == process.returncode
        scene.sandbox.faults.clear()
        for _ in range(3):
            scene.sandbox.world.clock.advance(seconds=2 * LAG)
            report = scene.sync()
        writes = scene.sandbox.writes

        assert sorted(ROWS) == sorted(issue.summary for issue in scene.issues())
        assert all(scene.body(page).count(f'/browse/{issue.key}"') == 1 for issue in scene.issues())
        assert 0 == report.exit
        scene.sync()
        assert writes == scene.sandbox.writes


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_request_of_a_first_sync(when: str, tmp_path: Path, deployment: str) -> None:
    """Before or after the server acted: one ticket a row, shown on the page, and then silence."""
    total = _requests_of_a_first_sync(tmp_path, deployment)

    assert total >= 10
    for number in range(1, total + 1):
        _killed_at(number, when, tmp_path, deployment)
