"""What a newcomer tries first with the sandbox and its sample pages has the effect that is promised."""

from __future__ import annotations

import re

import pytest

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
