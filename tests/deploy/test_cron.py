"""The crontab's very command line, run as cron runs it, makes a pass, keeps its records, and never two at once."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.installed import HANDED_DOWN, Machine, installed
from tests.deploy.page import ROOT
from tests.passes.stage import actions, stage
from worker.sandbox.faults import Fault

CRON = ROOT / "deploy/cron"
LINES = (CRON / "postmortem-sync").read_text(encoding="utf-8").splitlines()
ENVIRONMENT = HANDED_DOWN | {
    name: value.strip('"') for name, value in (re.findall(r"^(\w+)=(.*)$", "\n".join(LINES), re.MULTILINE))
}
"""cron's own environment, and what the crontab adds; cron takes quotes off."""
(SCHEDULE,) = [line for line in LINES if re.match(r"[\d*]", line)]
MINUTE, HOUR, DAY, MONTH, WEEKDAY, USER, COMMAND = SCHEDULE.split(None, 6)

pytestmark = pytest.mark.skipif(  # — the line calls it
    shutil.which("flock") is None, reason="flock is not installed (Debian: util-linux)"
)


def from_cron(machine: Machine) -> subprocess.CompletedProcess[str]:
    return machine.run(COMMAND, ENVIRONMENT)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_cron_would_read_the_line_as_it_is_meant() -> None:
    """Every quarter of an hour, beside the full quarter; no percent sign, which cron would end the command at."""
    minutes = re.fullmatch(r"(\d+)-59/15", MINUTE)

    assert minutes
    assert 0 < int(minutes[1]) < 15
    assert [HOUR, DAY, MONTH, WEEKDAY, USER] == ["*", "*", "*", "*", "postmortem-sync"]
    assert "%" not in SCHEDULE
    assert len(COMMAND) < 1000
    assert [line for line in LINES if line.startswith("SECRET") or "TOKEN" in line] == []


def test_cron_would_take_the_file() -> None:
    """Its name has no dot, and its last line ends: else cron leaves the file, or the line, out."""
    assert re.fullmatch(r"[A-Za-z0-9_-]+", (CRON / "postmortem-sync").name)
    assert (CRON / "postmortem-sync").read_bytes().endswith(b"\n")


def test_a_pass_is_made_and_recorded(tmp_path: Path) -> None:
    """Tickets are made, result and log get their lines, cron gets nothing to mail, and no record holds a secret."""
    with stage() as scene:
        scene.page(actions("Add an alert", "Write the runbook"))
        machine = installed(tmp_path, scene)
        done = from_cron(machine)
        again = from_cron(machine)
        [first, second] = records(machine.logs / "passes.jsonl")
        log = records(machine.logs / "log.jsonl")
        written = "".join(file.read_text("utf-8") for file in machine.logs.iterdir())

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
        assert len(scene.issues()) == 2
        assert (first["totals"]["created"], second["totals"]["created"]) == (2, 0)
        assert [line["event"] for line in log].count("pass done") == 2
        assert scene.variables["CONFLUENCE_TOKEN"] not in written


def test_a_second_start_at_the_same_time_is_held_off(tmp_path: Path) -> None:
    """While a pass creates a ticket another one is started: it asks nothing, and says so to the log and to cron."""
    with stage() as scene:
        scene.page(actions("Add an alert"))
        machine = installed(tmp_path, scene)
        seconds: list[subprocess.CompletedProcess[str]] = []
        scene.sandbox.faults.append(Fault(("POST", "issue/bulk"), lambda: seconds.append(from_cron(machine))))
        first = from_cron(machine)
        requests = [each.path for each in scene.sandbox.requests if each.path.endswith("/user/current")]
        log = records(machine.logs / "log.jsonl")

        assert first.stdout == ""
        assert [json.loads(second.stdout)["event"] for second in seconds] == ["pass ended with exit code 75"]
        assert [line for line in log if line["event"] == "pass ended with exit code 75"] == [
            {"event": "pass ended with exit code 75", "help": ENVIRONMENT["SAYS"]}
        ]
        assert len(records(machine.logs / "passes.jsonl")) == 1
        assert len(requests) == 1
        assert len(scene.issues()) == 1


def test_a_pass_that_fails_is_mailed(tmp_path: Path) -> None:
    """A token that is refused: one line for cron to mail, with the exit code, and the reason in the log."""
    with stage() as scene:
        machine = installed(tmp_path, scene)
        (machine.etc / "credentials/CONFLUENCE_TOKEN").write_text("ATATT-revoked\n")
        done = from_cron(machine)
        log = records(machine.logs / "log.jsonl")

        assert [json.loads(line)["event"] for line in done.stdout.splitlines()] == ["pass ended with exit code 5"]
        assert done.stderr == ""
        assert [line["event"] for line in log] == ["pass done", "said", "pass ended with exit code 5"]
        assert "CONFLUENCE_TOKEN" in str(log[1]["sentence"])
        assert "ATATT-revoked" not in str(log)


@pytest.mark.skipif(  # — only it can judge its configuration
    shutil.which("logrotate") is None, reason="logrotate is not installed"
)
def test_records_are_rotated_while_a_pass_writes(tmp_path: Path) -> None:
    """Its configuration is taken, and a line that a running pass adds later is in the renamed file."""
    with stage() as scene:
        machine = installed(tmp_path, scene)
        log = machine.logs / "log.jsonl"
        log.write_text('{"event": "pass done"}\n')
        machine.logs.chmod(0o755)
        # the user of a real machine is not there, so the folder is this user's, as logrotate wants it
        text = machine.moved((CRON / "postmortem-sync.logrotate").read_text("utf-8"))
        text = re.sub(r"^    (su .*|create .*)\n", "", text, flags=re.MULTILINE)
        (tmp_path / "rotate.conf").write_text(text)
        (tmp_path / "rotate.conf").chmod(0o644)
        command = ["logrotate", "--state", str(tmp_path / "state"), str(tmp_path / "rotate.conf")]
        judged = subprocess.run([*command, "--debug"], capture_output=True, text=True, timeout=30, check=False)
        with log.open("a") as running:
            forced = subprocess.run([*command, "--force"], capture_output=True, text=True, timeout=30, check=False)
            running.write('{"event": "later"}\n')

        assert (judged.returncode, "error" in judged.stderr) == (0, False), judged.stderr
        assert (forced.returncode, forced.stderr) == (0, "")
        assert (machine.logs / "log.jsonl.1").read_text() == '{"event": "pass done"}\n{"event": "later"}\n'
        assert not log.exists()
