"""The demo tells its story to the end, with the passes of production on a sandbox of its own."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from rich.console import Console

from tests.planted.heard import Popen
from worker.sandbox.demo import EDITS, MOVES, run_demo


@pytest.fixture(scope="module")
def told() -> tuple[int, str]:
    """The exit code of one telling, and all that was printed, on a terminal of 200 columns without colours."""
    console = Console(file=io.StringIO(), width=200, color_system=None)
    code = run_demo(console, serve=False, port=0)
    assert isinstance(console.file, io.StringIO)
    return code, console.file.getvalue()


def test_the_demo_ends_settled(told: tuple[int, str]) -> None:
    """Everything that could fail has been repaired by the last pass."""
    assert told[0] == 0


def test_the_demo_tells_every_chapter(told: tuple[int, str]) -> None:
    """Six chapters in order."""
    chapters = re.findall(r"^\d  ([A-Z][a-z ]+?) ─", told[1], re.MULTILINE)

    assert chapters == ["Before", "Plan", "Sync", "People work", "Sync again", "Once more"]


def test_pages_are_shown_before_and_after(told: tuple[int, str]) -> None:
    """The first sight of a row has no key, the second one has key and lozenge, the third one the new status."""
    rows = re.findall(r"│ Give vault retries a budget.*", told[1])

    assert [re.sub(r"[│\s]+", " ", row).split("P1 ")[1].strip() for row in rows] == [
        "", "PAY-5 TO DO", "PAY-5 IN PROGRESS",
    ]  # fmt: skip


def test_a_done_ticket_ticks_its_task(told: tuple[int, str]) -> None:
    """A task is open in the first two sights of its page, and ticked in the last one."""
    boxes = re.findall(r"([☐☑]) @Dai Nguyen Rewrite the runbook", told[1])

    assert boxes == ["☐", "☐", "☑"]


def test_sums_are_sentences(told: tuple[int, str]) -> None:
    """One of a thing is not called several."""
    sums = re.findall(r"\d+ tickets? created, .*", told[1])

    assert len(sums) == 2
    assert "tickets created, 1 row updated, " in sums[0]
    assert [] == re.findall(r"\b1 [a-z]+s\b", " ".join(sums))


def test_people_find_what_they_change(told: tuple[int, str]) -> None:
    """Each ticket that is to move exists, and each edit is told."""
    moved = re.findall(r"^PAY-\d+ (.+) → (.+?)\s*$", told[1], re.MULTILINE)

    assert [(summary[:20], status) for summary, status in moved] == [(start[:20], status) for start, status in MOVES]
    assert all(f"{title}: {said}" in told[1] for title, _, _, said in EDITS)


def test_the_last_pass_writes_nothing(told: tuple[int, str]) -> None:
    """The sandbox itself counts no write when nothing is new."""
    counted = re.search(r"The sandbox counted (\d+) writes? among", told[1])

    assert counted is not None
    assert counted[1] == "0"


@pytest.mark.parametrize(
    ("deployment", "begins"),
    [
        ("cloud", ("CONFLUENCE_USERNAME=postmortem-sync@example.com", "/wiki")),
        ("datacenter", ("JIRA_TOKEN=sandbox-jira-token-worker", "/confluence")),
    ],
)
def test_a_sandbox_that_stays_open_says_how_to_reach_it(deployment: str, begins: tuple[str, str]) -> None:
    """Settings that can be pasted, then the addresses to look at."""
    command = [sys.executable, "-m", "worker", "sandbox", "--port", "0", "--deployment", deployment]
    with Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = [process.stdout.readline().strip() for _ in range(9)] if process.stdout else []
        finally:
            process.kill()
    said, path = begins

    assert any(line.startswith("CONFLUENCE_URL=http://127.0.0.1:") and line.endswith(path) for line in lines)
    assert said in lines
    assert f"ATLASSIAN_DEPLOYMENT={deployment}" in lines
