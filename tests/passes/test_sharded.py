"""Several processes share a pass as the pods of an Indexed Job do, and their number may change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.passes.stage import Stage, actions, stage
from tests.planted.heard import Popen, run

MAPPING = """
team: Payments
pages: {space: PAY, labels: [post-mortem], since: 2020-01-01, quiet: 0}
ticket: {project: PAY}
"""
PAGES = 24
PATIENCE = 60
"""Seconds a worker process may take before the test gives up on it."""


def indexed_job(scene: Stage, folder: Path, count: int) -> list[dict[str, Any]]:
    """The results of ``count`` workers that ran at the same time, by index."""
    (folder / "payments.yaml").write_text(MAPPING)
    environment = {**os.environ, **scene.variables, "MAPPINGS_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    pods = [
        Popen(
            [sys.executable, "-m", "worker", "sync", "--format", "json"],
            env={**environment, "JOB_COMPLETION_COUNT": str(count), "JOB_COMPLETION_INDEX": str(index)},
            stdout=subprocess.PIPE,
        )
        for index in range(count)
    ]
    printed = [pod.communicate(timeout=PATIENCE)[0] for pod in pods]

    assert [pod.returncode for pod in pods] == [0] * count
    return [json.loads(each) for each in printed]


def listed(results: Sequence[dict[str, Any]]) -> list[str]:
    return sorted((page["id"] for result in results for page in result["pages"]), key=int)


def test_the_number_of_workers_may_change_between_passes(tmp_path: Path) -> None:
    """Three workers list every page once and make one ticket a row; two after them, and one alone, write nothing."""
    with stage() as scene:
        pages = [scene.page(actions(f"Add alert {n}", f"Write runbook {n}"), f"Outage {n}").id for n in range(PAGES)]
        first = indexed_job(scene, tmp_path, 3)
        made = len(scene.issues())
        second = indexed_job(scene, tmp_path, 2)
        alone = indexed_job(scene, tmp_path, 1)

        assert [listed(results) for results in (first, second, alone)] == [sorted(map(str, pages), key=int)] * 3
        assert (sum(result["totals"]["created"] for result in first), made) == (2 * PAGES, 2 * PAGES)
        assert [bool(result["pages"]) for result in (*first, *second)] == [True] * 5
        assert len(scene.issues()) == made
        assert sum(result["totals"]["pages_saved"] for result in (*second, *alone)) == 0


def test_a_ticket_whose_page_left_is_told_by_one_shard(tmp_path: Path) -> None:
    """Of two workers one names the open ticket of a page that lost its label, and neither the other's tickets."""
    with stage() as scene:
        gone = scene.page(actions("Add an alert"), "Outage that is not selected")
        for number in range(6):
            scene.page(actions(f"Write runbook {number}"), f"Outage {number}")
        indexed_job(scene, tmp_path, 2)
        (key,) = [issue.key for issue in scene.issues() if issue.summary == "Add an alert"]
        scene.as_person(lambda by: scene.sandbox.confluence.remove_label(gone.id, "post-mortem", by))
        results = indexed_job(scene, tmp_path, 2)

        told = [finding for result in results for finding in result.get("findings", ())]
        assert [finding["code"] for finding in told] == ["ticket-elsewhere"]
        assert told[0]["message"].startswith(f"{key} was made from “Outage that is not selected”")


def test_a_page_asked_for_by_number_is_missed_by_no_shard(tmp_path: Path) -> None:
    """A worker to which the page does not fall does not claim that Confluence did not find it."""
    with stage() as scene:
        page = scene.page(actions("Add an alert"))
        (tmp_path / "payments.yaml").write_text(MAPPING)
        environment = {**os.environ, **scene.variables, "MAPPINGS_DIR": str(tmp_path), "JOB_COMPLETION_COUNT": "2"}
        printed = [
            run(
                [sys.executable, "-m", "worker", "plan", "--page", str(page.id)],
                env={**environment, "JOB_COMPLETION_INDEX": str(index)},
                check=True, capture_output=True, text=True, timeout=PATIENCE,
            ) for index in range(2)
        ]  # fmt: skip

        assert sorted("Add an alert" in each.stdout for each in printed) == [False, True]
        assert ["was not found" in each.stdout + each.stderr for each in printed] == [False, False]
