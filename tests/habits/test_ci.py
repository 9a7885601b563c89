"""What runs for each change is pinned, and may do no more than read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def test_there_is_a_workflow_and_it_runs_what_the_readme_says() -> None:
    """All checks are in ``.ci/run``, which anyone can run as well."""
    steps = [
        step for path in WORKFLOWS for job in YAML(typ="safe").load(path)["jobs"].values() for step in job["steps"]
    ]

    assert ".ci/run" in [step.get("run") for step in steps]
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_no_test_of_what_is_deployed_is_skipped_for_lack_of_a_tool() -> None:
    """Every tool that a test of ``deploy/`` looks for is asked for beforehand, so that a job without it fails."""
    looked_for = {
        tool
        for path in (ROOT / "tests/deploy").glob("*.py")
        for tool in re.findall(r'shutil\.which\("([\w-]+)"\)', path.read_text(encoding="utf-8"))
    }
    asked_for = re.findall(r"command -v ([\w-]+)", "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS))

    assert {"kubectl", "promtool"} <= looked_for
    assert sorted(looked_for) == asked_for


def test_the_image_is_built_and_run_where_there_is_docker() -> None:
    """A job of its own asks for Docker first, and then for the tests that build the image."""
    jobs = {name: job for path in WORKFLOWS for name, job in YAML(typ="safe").load(path)["jobs"].items()}

    assert [step["run"] for step in jobs["image"]["steps"] if "run" in step] == ["docker info", "make image-test"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_say_their_version(path: Path) -> None:
    """A tag can be moved; a commit cannot."""
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))

    assert used
    assert [] == [each for each in used if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read(path: Path) -> None:
    """Its token changes nothing, whatever a change under review does, and no secret is handed to it."""
    workflow = YAML(typ="safe").load(path)

    assert {"contents": "read"} == workflow["permissions"]
    assert [] == [name for name, job in workflow["jobs"].items() if "permissions" in job]
    assert "secrets." not in path.read_text(encoding="utf-8")
    assert "pull_request_target" not in workflow["on"]
