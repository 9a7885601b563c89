"""The systemd units are valid, and leave the worker few ways to do harm."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from worker.variables import NAMES

UNITS = Path(__file__).resolve().parents[2] / "deploy/systemd"
SERVICE = (UNITS / "postmortem-sync.service").read_text(encoding="utf-8")
METRICS = (UNITS / "postmortem-sync.service.d/metrics.conf").read_text(encoding="utf-8")


def analysed(*arguments: str) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed")  # — only systemd can judge its units
    return subprocess.run([tool, *arguments], check=False, capture_output=True, text=True, timeout=60)


def test_the_units_hold_no_slip(tmp_path: Path) -> None:
    """Systemd itself has nothing to say about units and drop-in; the program stands in for the one installed later."""
    shutil.copytree(UNITS, tmp_path / "units")
    service = tmp_path / "units/postmortem-sync.service"
    service.write_text(SERVICE.replace("/opt/postmortem-sync/bin/postmortem-sync", "/bin/true"), encoding="utf-8")

    judged = analysed("verify", *(str(path) for path in sorted((tmp_path / "units").iterdir()) if path.is_file()))

    assert (judged.returncode, judged.stderr) == (0, "")


def test_the_service_is_hardly_exposed() -> None:
    """By systemd's own measure, 0 to 10, the service is exposed by 1.5 at most."""
    judged = analysed("security", "--offline=true", "--threshold=15", str(UNITS / "postmortem-sync.service"))

    assert judged.returncode == 0, judged.stdout


def test_credentials_are_named_like_variables() -> None:
    """Each credential is a file that the worker's secrets folder is searched for."""
    credentials = re.findall(r"^LoadCredential=(\w+):", SERVICE, re.MULTILINE)

    assert credentials == ["CONFLUENCE_USERNAME", "CONFLUENCE_TOKEN"]
    assert set(credentials) <= set(NAMES)
    assert "SECRETS_DIR=%d" in SERVICE


def test_no_text_of_a_page_goes_to_the_journal() -> None:
    """The service prints no result; the exit code and the log tell how a pass went."""
    assert re.findall(r"^ExecStart=(.*)$", SERVICE, re.MULTILINE) == [
        "/opt/postmortem-sync/bin/postmortem-sync sync --format none"
    ]


def test_the_drop_in_lets_the_worker_write_where_its_figures_go() -> None:
    """The only folder that is opened is the one METRICS_FILE lies in, and nothing is opened without the drop-in."""
    [file] = re.findall(r"^Environment=METRICS_FILE=(/\S+\.prom)$", METRICS, re.MULTILINE)

    assert re.findall(r"^ReadWritePaths=(.*)$", METRICS, re.MULTILINE) == [str(Path(file).parent)]
    assert "ProtectSystem=strict" in SERVICE
    assert "ReadWritePaths" not in SERVICE


def test_systemd_waits_longer_than_a_pass() -> None:
    """A pass ends by itself, at 840 seconds unless told otherwise, before systemd would end it."""
    assert int(re.findall(r"^TimeoutStartSec=(\d+)$", SERVICE, re.MULTILINE)[0]) > 840
