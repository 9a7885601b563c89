"""On a clean machine the commands of docs/operations.md install the worker, and its own cron and systemd make passes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator

import pytest

from tests.deploy.clean import MAKING, NEEDED, PATIENCE, CleanMachine
from tests.deploy.page import blocks, lines
from tests.passes.stage import actions, stage

pytestmark = pytest.mark.timeout(MAKING + PATIENCE)


@pytest.fixture(scope="module")
def machine(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanMachine]:
    """One machine for all tests here, with the worker installed."""
    if not pytestconfig.getoption("--machine"):
        pytest.skip("makes a machine from the network: ask for it with --machine")  # — other tests stay on loopback
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(f"needs root and {', '.join(missing or NEEDED)}")  # — only they can make a machine
    folder = tmp_path_factory.mktemp("machine")
    yield CleanMachine(folder)
    shutil.rmtree(folder, ignore_errors=True)


def test_by_hand(machine: CleanMachine) -> None:
    """The worker's own user may check, look and plan without writing, and then sync."""
    with stage() as scene:
        scene.page(actions("Add an alert", "Write the runbook"))
        machine.set_up(scene)
        there, *commands = lines("By hand")
        made = []
        for command in commands:
            machine.typed(f"{there}\n{command}")
            made.append(len(scene.issues()))

        assert made == [0, 0, 0, 2]


def test_cron_makes_a_pass(machine: CleanMachine) -> None:
    """Cron takes the crontab, makes a pass at its minute as the worker's user, and logrotate then takes the records."""
    with stage() as scene:
        scene.page(actions("Add an alert", "Write the runbook"))
        machine.set_up(scene)
        machine.typed(blocks("cron")[0])
        crontab = machine.root / "etc/cron.d/postmortem-sync"
        crontab.write_text(crontab.read_text("utf-8").replace("\n4-59/15 ", "\n* "))
        passes = machine.root / "var/log/postmortem-sync/passes.jsonl"
        machine.cron(until=lambda: passes.is_file() and passes.stat().st_size > 0)
        result = json.loads(passes.read_text("utf-8"))
        log = passes.with_name("log.jsonl").read_text("utf-8")
        machine.typed("logrotate --force /etc/logrotate.d/postmortem-sync")
        seen = machine.typed("cd /var/log/postmortem-sync; stat --format '%n %U %a' *.jsonl | sort")

        assert (result["exit_code"], len(scene.issues())) == (0, 2)
        assert scene.variables["CONFLUENCE_TOKEN"] not in log
        assert seen == "log.jsonl postmortem-sync 640\npasses.jsonl postmortem-sync 640\n"
        assert passes.with_name("passes.jsonl.1").stat().st_size > 0


def test_systemd_makes_a_pass(machine: CleanMachine) -> None:
    """With all its restrictions the service makes a pass, its log is in the journal, and the timer waits for the next.

    With the drop-in a further pass leaves its figures for everybody to read.
    """
    service, figures = blocks("systemd")
    with stage() as scene:
        scene.page(actions("Add an alert", "Write the runbook"))
        machine.set_up(scene)
        printed = machine.booted(
            f"{service}systemctl is-active postmortem-sync.timer\n{figures}"
            "stat --format '%U %a' /var/lib/prometheus/node-exporter/*\n"
        )
        file = machine.root / "var/lib/prometheus/node-exporter/postmortem-sync.prom"

        assert printed.splitlines().count("active") == 1
        assert printed.splitlines()[-1] == "postmortem-sync 644"
        assert "postmortem_sync_pass_exit_code" in file.read_text("utf-8")
        assert '"event": "pass done"' in printed
        assert "Finished postmortem-sync.service" in printed
        assert scene.variables["CONFLUENCE_TOKEN"] not in printed
        assert len(scene.issues()) == 2
