"""What docs/operations.md tells people to type does what the page says."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.deploy.installed import PATIENCE, installed
from tests.deploy.page import PAGE, ROOT, SECTIONS, blocks, lines
from tests.passes.stage import actions, stage
from tests.planted import heard
from worker import __version__
from worker.cli import main

BLOCKS = [block for section in SECTIONS for block in blocks(section)]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0][:40])
def test_a_shell_can_read_it(block: str) -> None:
    """No block has a slip in its quotes."""
    judged = heard.run(["/bin/sh", "-n", "-c", block], capture_output=True, text=True, timeout=10, check=False)

    assert (judged.returncode, judged.stderr) == (0, "")


def test_every_command_and_option_of_the_worker_is_there() -> None:
    """Whoever copies a line gets no usage error."""
    called = [call for block in BLOCKS for call in re.findall(r"bin/postmortem-sync (.*)$", block, re.MULTILINE)]
    wrong = []
    for call in called:
        command, *words = call.split()
        options = {option for parameter in main.commands[command].params for option in parameter.opts}
        wrong += [word for word in words if word.startswith("--") and word not in options]

    assert len(called) >= 6
    assert wrong == []


def test_every_file_of_the_checkout_is_there() -> None:
    """A path below deploy, or a lock file, that a command names is in the checkout."""
    named = {
        path for block in BLOCKS for path in re.findall(r"(?<!/)\b(?:deploy/[\w./-]+|requirements[\w-]*\.lock)", block)
    }

    assert len(named) > 8
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_manifests_are_applied_by_the_server() -> None:
    """Without --server-side the annotation of kubectl is too small for the mappings of a hundred teams."""
    applied = re.findall(r"kubectl apply (?!--filename -)(\S+)", PAGE)

    assert applied == ["--server-side"] * 2


@pytest.mark.skipif(  # — the overlays are kustomize's to read
    shutil.which("kubectl") is None, reason="kubectl is not installed"
)
def test_the_patch_opens_a_port_for_a_proxy(tmp_path: Path) -> None:
    """The page's patch, in an overlay of one's own, lets pods out to that port where https is let out to."""
    [patch] = re.findall(r"```yaml\n(patches:\n.*?)```", PAGE, re.DOTALL)
    base = os.path.relpath(ROOT / "deploy/overlays/production", tmp_path)
    (tmp_path / "kustomization.yaml").write_text(f"resources: [{base}]\n{patch}", encoding="utf-8")
    done = heard.run(
        ["kubectl", "kustomize", str(tmp_path)], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    [policy] = [each for each in YAML(typ="safe").load_all(done.stdout) if each["kind"] == "NetworkPolicy"]

    assert [port["port"] for port in policy["spec"]["egress"][1]["ports"]] == [443, 3128]


def test_the_image_bears_the_version() -> None:
    """The tag that people type is the version of the checkout."""
    assert set(re.findall(r"postmortem-sync:(\d[\w.]*)", PAGE)) == {__version__}


def test_secrets_are_for_the_worker_alone(tmp_path: Path) -> None:
    """The commands leave no secret that others on the machine can read, and no secret in .env."""
    with stage() as scene:
        machine = installed(tmp_path, scene)
        token = machine.etc / "credentials/CONFLUENCE_TOKEN"

        assert token.read_text() == f"{scene.variables['CONFLUENCE_TOKEN']}\n"
        assert [path.stat().st_mode & 0o777 for path in (token, token.parent, machine.logs)] == [0o640, 0o750, 0o750]
        assert scene.variables["CONFLUENCE_TOKEN"] not in (machine.etc / ".env").read_text()


def test_by_hand(tmp_path: Path) -> None:
    """On a machine that was set up by the page's commands: check, check --live and plan write nothing, sync does."""
    with stage() as scene:
        scene.page(actions("Add an alert", "Write the runbook"))
        machine = installed(tmp_path, scene)
        there, *commands = lines("By hand")
        told = []
        for command in commands:
            done = machine.run(f"{there}\n{command}")
            told.append((command.rpartition("postmortem-sync ")[2], done.returncode, len(scene.issues())))

        assert told == [("check", 0, 0), ("check --live", 0, 0), ("plan", 0, 0), ("sync", 0, 2)]


def test_a_token_is_rotated_between_two_passes(tmp_path: Path) -> None:
    """The old token stops working, the same command puts the new one in its place, and the next pass takes it."""
    with stage() as scene:
        scene.page(actions("Add an alert"))
        machine = installed(tmp_path, scene)
        scene.closed_to_strangers()
        there, sync = lines("By hand")[0], lines("By hand")[-1]
        refused = machine.run(f"{there}\n{sync}")
        (again,) = [line for line in blocks("On a machine")[2].splitlines() if line.endswith("CONFLUENCE_TOKEN")]
        machine.run(again, typed=f"{scene.variables['CONFLUENCE_TOKEN']}\n")
        taken = machine.run(f"{there}\n{sync}")

        assert (refused.returncode, taken.returncode) == (5, 0)
        assert len(scene.issues()) == 1


def test_two_processes_share_a_pass(tmp_path: Path) -> None:
    """The commands for several workers without Kubernetes make one ticket a row, each worker some of them."""
    with stage() as scene:
        for number in range(6):
            scene.page(actions(f"Add alert {number}"), f"Outage {number}")
        machine = installed(tmp_path, scene)
        (block,) = blocks("Many pages")
        done = machine.run(block)

        assert done.returncode == 0
        assert len(scene.issues()) == 6
        assert len(re.findall(r"Outage \d", done.stdout)) >= 6


@pytest.mark.skipif(  # — the overlays are kustomize's to read
    shutil.which("kubectl") is None, reason="kubectl is not installed"
)
@pytest.mark.parametrize("command", [line for line in lines("Kubernetes") if line.startswith("kubectl kustomize")])
def test_an_overlay_is_shown(command: str) -> None:
    """The commands that show the overlays show a CronJob each."""
    done = heard.run(command.split(), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("kind: CronJob") == 1
