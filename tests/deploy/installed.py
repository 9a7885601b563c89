"""A machine set up by the commands of docs/operations.md, with its folders below one of the test's."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.page import ROOT, blocks
from tests.passes.stage import Stage
from tests.planted import heard

MAPPING = """
team: Payments
pages: {space: PAY, labels: [post-mortem], since: 2020-01-01, quiet: 0}
ticket: {project: PAY}
"""
PATIENCE = 60
"""Seconds a command may take before the test gives up on it."""
HANDED_DOWN = {"HOME": "/", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "LOGNAME": "postmortem-sync"}
"""What cron and the like hand down: hardly anything."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where ``/opt``, ``/etc`` and ``/var/log`` of the commands are."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def etc(self) -> Path:
        return self.folder / "etc/postmortem-sync"

    @property
    def logs(self) -> Path:
        return self.folder / "var/log/postmortem-sync"

    def moved(self, text: str) -> str:
        """The text with the machine's folders in place of the real ones, and without the user that is not here."""
        text = re.sub(r" --(owner|group) postmortem-sync|runuser --user postmortem-sync -- ", "", text)
        return re.sub(r"/(opt|etc|var/log)/postmortem-sync", rf"{self.folder}/\1/postmortem-sync", text)

    def run(
        self, command: str, environment: Mapping[str, str] = HANDED_DOWN, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """What ``/bin/sh`` makes of the command in the checkout, with that environment and nothing else."""
        return heard.run(
            ["/bin/sh", "-c", self.moved(command)],
            cwd=self.checkout, env={name: self.moved(value) for name, value in environment.items()}, input=typed,
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip


def installed(folder: Path, scene: Stage) -> Machine:
    """The worker of this checkout, set up for the stage's Confluence and Jira; installing it takes the network, so a
    script that calls it is put in its place.
    """
    machine = Machine(folder)
    (machine.checkout / "mappings").mkdir(parents=True)
    (machine.checkout / "mappings/payments.yaml").write_text(MAPPING)
    program = folder / "opt/postmortem-sync/bin/postmortem-sync"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m worker "$@"\n')
    program.chmod(0o755)
    (folder / "var/log").mkdir(parents=True)
    variables = dict(scene.variables)
    folders, settings, secrets, mappings = blocks("On a machine")
    done = [machine.run("\n".join(line for line in folders.splitlines() if line.startswith("install ")))]
    for name in ("CONFLUENCE_URL", "JIRA_URL"):
        settings = re.sub(rf"^{name}=.*$", f"{name}={variables.pop(name)}", settings, flags=re.MULTILINE)
    done.append(machine.run(settings))
    done += [machine.run(line, typed=f"{variables.pop(line.rpartition('/')[2])}\n") for line in secrets.splitlines()]
    done.append(machine.run(mappings))
    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * len(done)
    with (machine.etc / ".env").open("a") as file:
        file.writelines(f"{name}={value}\n" for name, value in variables.items())
    return machine
