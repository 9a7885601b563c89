"""What a newcomer tries first with the sandbox and its sample pages has the effect that is promised."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.commands import arguments, environment, run
from tests.planted.heard import Popen
from worker.sandbox.face import CLOUD, DATACENTER, Face
from worker.sandbox.passes import passes_on
from worker.sandbox.samples.world import sample_world
from worker.sandbox.server import Sandbox
from worker.sandbox.world import default_world


@pytest.mark.parametrize("face", [CLOUD, DATACENTER], ids=["cloud", "datacenter"])
def test_the_first_tick_closes_its_ticket(face: Face) -> None:
    """A task that a person ticks while its ticket is in To Do brings it to Done, as the sample team's workflow lets it."""
    world = default_world(face)
    with Sandbox(world) as sandbox:
        sandbox.run(lambda: sample_world(world, sandbox.address))
        passes = passes_on(sandbox.variables)
        passes.sync()
        page = sandbox.confluence.page_titled("412 payouts were sent twice")
        [(task, key)] = re.findall(
            r"<ac:task-id>(\d+)</ac:task-id>(?:(?!<ac:task-id>).)*Rewrite the runbook.*?browse/(PAY-\d+)",
            page.body,
            re.DOTALL,
        )
        before = sandbox.jira.issue(key).status
        sandbox.run(lambda: sandbox.confluence.person_ticks(page.id, task, page.author))
        sandbox.run(lambda: world.clock.advance(minutes=30))
        report = passes.sync()

        statuses = [world.jira.projects["PAY"].status(each).name for each in (before, sandbox.jira.issue(key).status)]
        assert ["To Do", "Done"] == statuses
        assert "transition-unclear" not in {each.code for page in report.pages for each in page.plan.findings}


@contextmanager
def served(*options: str) -> Iterator[str]:
    """What `sandbox --sample` prints until it stays open; it ends with the block."""
    command = arguments("sandbox", "--sample", "--port", "0", *options)
    with Popen(command, env=environment({}), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                if line.startswith("Its clock says"):
                    break
            yield "".join(lines)
        finally:
            process.terminate()


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_what_the_sandbox_prints_is_all_it_takes(tmp_path: Path, deployment: str) -> None:
    """Its settings in .env, its space, project, label and day in the mapping, and `check --live` is content."""
    with served("--deployment", deployment) as printed:
        (tmp_path / ".env").write_text(
            "".join(line + "\n" for line in printed.splitlines() if line.startswith("  ")), encoding="utf-8"
        )
        said = re.search(r"space and project (\w+), label ([\w-]+), since: (\S+)", printed)
        assert said is not None
        place, label, since = said.groups()
        words = ("--space", place, "--project", place, "--label", label, "--type", "Task", "--team", "Payments")
        first = run(tmp_path, "init", *words, "--output", "mappings/team.yaml", settings={})
        mapping = tmp_path / "mappings/team.yaml"
        mapping.write_text(re.sub(r"since: \S+", f"since: {since}", mapping.read_text("utf-8")), encoding="utf-8")
        live = run(tmp_path, "check", "--live", settings={})

    assert (first.code, live.code) == (0, 0), first.err + live.out
    assert "11 pages created since" in live.out
    clock = datetime.strptime(printed.split("Its clock says ")[1].strip(), "%d %b %Y, %H:%M UTC.").replace(tzinfo=UTC)
    assert abs(clock - datetime.now(UTC)) < timedelta(minutes=10)
