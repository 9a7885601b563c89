"""The three teams of the month, their mappings as files, and how those change in the middle of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.passes.stage import known_as
from worker.bootstrap import spelled
from worker.mapping.loader import load_mappings
from worker.sandbox.server import Sandbox
from worker.sandbox.world import software_project
from worker.settings import Deployment
from worker.survey import Team

ON_CALL = "On-call lead"
"""A name that rows give as owner from the first day on, and that the mapping knows from the middle of the month on."""


@dataclass(frozen=True)
class TeamPlace:
    """Where a team writes its post-mortems and has its tickets, and what else its mapping says."""

    name: str
    space: str
    project: str
    more: dict[str, dict[str, object]]


TEAMS = (
    TeamPlace("Payments", "PAY", "PAY", {"pages": {"quiet": "10m"}, "due": {"day_first": True}}),
    TeamPlace("Operations", "OPS", "OPS", {"pages": {"quiet": 0}, "page": {"status_updates": "each change"}}),
    TeamPlace("Platform", "PLT", "PLT", {"pages": {"quiet": "10m"}}),
)


class Mappings:
    """The folder with one mapping a team."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self._sandbox = sandbox
        self.teams: tuple[Team, ...] = ()
        """As a worker reads them at the start of a pass; read once for all passes until they change."""
        self._write({})

    def learn(self) -> None:
        """From now on ``Driver`` is a column of owners, and the on-call lead is somebody."""
        lead = known_as("Dai Nguyen", self._sandbox)
        columns: dict[str, object] = {"columns": {"owner": ["Owner", "Driver"]}}
        self._write({"items": columns, "owners": {"aliases": {ON_CALL: lead}}})

    def _write(self, more: dict[str, dict[str, object]]) -> None:
        for team in TEAMS:
            plain: dict[str, object] = {
                "team": team.name,
                "ticket": {"project": team.project},
                **more,
                **team.more,
                "pages": {"space": team.space, "labels": ["post-mortem"], "since": "2026-11-01", **team.more["pages"]},
            }
            (self.folder / f"{team.name.lower()}.yaml").write_text(json.dumps(plain))  # JSON is YAML, too
        deployment = Deployment(self._sandbox.world.face.deployment)
        self.teams = tuple(Team(spelled(each.mapping, deployment), each.file) for each in load_mappings(self.folder))


def settle(sandbox: Sandbox) -> None:
    """Gives the third team its space and its project; the other two have theirs."""
    world = sandbox.world
    lead = world.people.named("Alice Moreau").account_id
    world.confluence.add_space("PLT", "Platform", lead)
    world.jira.add_project(
        software_project("10002", "PLT", "Platform", lead, world.jira.projects["PAY"].assignable, world.face)
    )
