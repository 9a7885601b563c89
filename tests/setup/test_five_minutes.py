"""The README's way from nothing to the first tickets, walked step by step as it is written there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.cli.commands import ROOT, run
from tests.passes.stage import actions, stage

README = (ROOT / "README.md").read_text(encoding="utf-8")
STEPS = README.partition("## On a real site, in five minutes")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^\d\. `postmortem-sync ([^`]+)`", STEPS, re.MULTILINE)
ANSWERS = ("--space", "PAY", "--project", "PAY", "--label", "post-mortem", "--type", "Task", "--team", "Payments")
"""What a person answers on a terminal; a test has none."""


def test_the_steps_lead_to_tickets(tmp_path: Path) -> None:
    """With four lines in .env, the commands end with 0 in the order of the README, and only the last two write."""
    with stage() as scene:
        page = scene.page(actions("Add an alert", "Write the runbook"))
        scene.page(actions("Rotate the key"), "Second outage")
        scene.sandbox.world.clock.advance(seconds=3600)  # beyond pages.quiet
        example = (ROOT / ".env.example").read_text(encoding="utf-8")
        named = re.findall(r"`(?:(?:CONFLUENCE|JIRA)_\w+)(?==|`)", STEPS.partition("\n3. ")[0])
        for name in (each.strip("`") for each in named):
            example = re.sub(rf"^# {name}=.*$", f"{name}={scene.variables[name]}", example, count=1, flags=re.MULTILINE)
        (tmp_path / ".env").write_text(example, encoding="utf-8")
        (tmp_path / "mappings").mkdir()
        shutil.copy(ROOT / "mappings/payments.yaml", tmp_path / "mappings")
        told = []
        for command in COMMANDS:
            words = command.replace("123456", str(page.id)).split()
            done = run(tmp_path, *words, *(ANSWERS if words[0] == "init" else ()), settings={})
            told.append((words[0], done.code, len(scene.issues())))
            if words[0] == "init":
                (tmp_path / "mappings/payments.yaml").unlink()
                mapping = tmp_path / "mappings/TEAM.yaml"
                text = mapping.read_text(encoding="utf-8")
                mapping.write_text(re.sub(r"since: \S+", "since: 2020-01-01", text), encoding="utf-8")

        assert len(named) == 4
        assert told == [("init", 0, 0), ("check", 0, 0), ("plan", 0, 0), ("sync", 0, 2), ("sync", 0, 3)]


def test_the_lines_of_data_center_are_all_it_takes(tmp_path: Path) -> None:
    """A copy of the example with the five lines that docs/datacenter.md shows, filled in, lets `check --live` work."""
    lines = (ROOT / "docs/datacenter.md").read_text(encoding="utf-8").split("```\n")[1].splitlines()
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    head, title, block = example.partition("# Data Center, with personal access tokens:\n#\n")
    shown = "".join(f"# {line}\n" for line in lines[:3])
    with stage("datacenter") as scene:
        scene.page(actions("Add an alert"))
        filled = block
        for line in lines:
            name = line.partition("=")[0]
            filled = re.sub(rf"^# {name}=.*$", f"{name}={scene.variables[name]}", filled, count=1, flags=re.MULTILINE)
        (tmp_path / ".env").write_text(head + title + filled, encoding="utf-8")
        mapping = run(tmp_path, "init", *ANSWERS, "--output", "mappings/team.yaml", settings={})
        live = run(tmp_path, "check", "--live", settings={})

    assert block.startswith(shown)
    assert len(lines) == 5
    assert (mapping.code, "as a personal access token" in live.out) == (0, True), mapping.err + live.out
