"""The image is built and run: the worker in it, without root and on a root that cannot be written, does its whole job."""

from __future__ import annotations

import json
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.image.engine import Engine, engine
from tests.passes.stage import Stage, actions, stage
from worker import __version__
from worker.sandbox.faults import Fault

PATIENCE = 120
"""Seconds a container may take before the test gives up on it."""
LARGEST = 60 * 2**20
"""Bytes that the worker and its packages may take."""
MAPPING = """
team: Payments
pages: {space: PAY, labels: [post-mortem], since: 2020-01-01, quiet: 0}
ticket: {project: PAY}
"""


@pytest.fixture(scope="session")
def image(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The image of this checkout, built once."""
    if not pytestconfig.getoption("--image"):
        pytest.skip("builds an image from the network: ask for it with --image")  # — other tests stay on loopback
    folder = tmp_path_factory.mktemp("image")
    yield engine(folder, f"postmortem-sync:{__version__}")
    shutil.rmtree(folder, ignore_errors=True)  # a store of some 1.5 GB


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """A folder with one mapping that the image's user can read."""
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "payments.yaml").write_text(MAPPING, encoding="utf-8")
    for each in (tmp_path, folder, folder / "payments.yaml"):
        each.chmod(0o755)
    return folder


def ended(image: Engine, scene: Stage, mappings: Path, *arguments: str) -> dict[str, Any]:
    process = image.start(*arguments, "--format", "json", env=scene.variables, mappings=mappings)
    out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, err
    return json.loads(out)


@pytest.mark.timeout(1500)
def test_the_image_holds_the_worker_and_little_else(image: Engine) -> None:
    """It is this version, its user is a number, and neither pip, a compiler nor the sandbox is in it."""
    seen = image.shell(
        "id -u; postmortem-sync --version; python3 -c 'import worker' && echo worker; "
        "python3 -c 'import worker.sandbox' 2>/dev/null || echo no sandbox; python3 -c 'import pip' 2>/dev/null || echo no pip; "
        "for tool in pip pip3 gcc make git; do command -v $tool; done; touch /opt/x 2>/dev/null || echo read-only"
    ).splitlines()
    whole, worker = (
        int(size)
        for size in image.shell("for each in / /opt/postmortem-sync; do du -sxb $each | cut -f1; done").split()
    )
    print(f"\nimage {whole / 2**20:.0f} MiB, of which the worker {worker / 2**20:.0f} MiB")  # noqa: T201 — asked for

    assert seen == ["10001", f"postmortem-sync, version {__version__}", "worker", "no sandbox", "no pip", "read-only"]
    assert worker < LARGEST


@pytest.mark.timeout(1500)
def test_the_bill_of_materials_is_what_is_installed(image: Engine) -> None:
    """The bill in the image names every package of the worker's environment with its version, and no other."""
    bill = json.loads(image.shell("cat /usr/share/doc/postmortem-sync/sbom.cdx.json"))
    listing = (
        "from importlib.metadata import distributions as d; print(*(f'{e.name} {e.version}' for e in d()), sep=';')"
    )
    pairs = (each.split(" ") for each in image.shell(f'python3 -c "{listing}"').strip().split(";"))
    installed = {re.sub("[-_.]+", "-", name).lower(): version for name, version in pairs}

    assert installed == {each["name"]: each["version"] for each in (bill["metadata"]["component"], *bill["components"])}


def test_plan_then_sync_then_silence(image: Engine, mappings: Path) -> None:
    """``plan`` writes nothing, ``sync`` makes a ticket a row, and a second one writes nothing."""
    with stage() as scene:
        scene.page(actions("Add an alert", "Write the runbook"))
        planned = ended(image, scene, mappings, "plan")
        tickets_then, writes_then = len(scene.issues()), scene.sandbox.writes
        done = ended(image, scene, mappings, "sync")
        writes = scene.sandbox.writes
        again = ended(image, scene, mappings, "sync")

        assert (planned["totals"]["created"], tickets_then, writes_then) == (2, 0, 0)
        assert (done["totals"]["created"], len(scene.issues())) == (2, 2)
        assert (again["totals"]["created"], scene.sandbox.writes) == (0, writes)


def test_sigterm_in_mid_pass_ends_it_in_good_order(image: Engine, mappings: Path) -> None:
    """A container that is told to stop finishes the page in hand, reports, and exits 0; the next pass does the rest."""
    with stage() as scene:
        for number in range(8):
            scene.page(actions(f"Add alert {number}"), f"Outage {number}")
        worker: list[Any] = []

        def stop() -> None:
            worker[0].send_signal(signal.SIGTERM)
            time.sleep(0.05)

        scene.sandbox.faults.append(Fault(("POST", "issue/bulk"), stop, when="before", nth=1))
        env = {**scene.variables, "CONCURRENCY": "1"}
        worker.append(image.start("sync", "--format", "json", env=env, mappings=mappings))
        out, err = worker[0].communicate(timeout=PATIENCE)
        scene.sandbox.faults.clear()
        first = json.loads(out)
        made = len(scene.issues())
        rest = ended(image, scene, mappings, "sync")

        assert worker[0].returncode == 0, err
        assert 1 <= first["totals"]["created"] == made < 8
        assert first["totals"]["waiting"] == 8 - made
        assert (rest["totals"]["created"], len(scene.issues())) == (8 - made, 8)
