"""The audit fails for a vulnerability, says aloud when nobody could be asked, and takes neither for the other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.supply.audit import Audit, Ending, audit, told
from tests.supply.locked import ROOT
from tests.supply.osv import osv, vulnerability

LOCK = f"good==1.0 \\\n    --hash=sha256:{'a' * 64}\nbad==2.0 \\\n    --hash=sha256:{'b' * 64}\n"
CLOSED = "http://127.0.0.1:9/v1/query"
"""The port of an old service that nobody runs."""


def ask(folder: Path, address: str, *more: str) -> Audit:
    (folder / "some.lock").write_text(LOCK, encoding="utf-8")
    return audit(
        [str(folder / "some.lock")],
        "--vulnerability-service=osv", f"--osv-url={address}", f"--cache-dir={folder / 'cache'}", *more,
    )  # fmt: skip


def test_a_planted_vulnerability_fails(tmp_path: Path) -> None:
    """A vulnerability of a locked version is named with what mends it, and is exit code 1."""
    with osv({"bad": vulnerability("bad", "PYSEC-2026-1", "2.1")}) as address:
        found = ask(tmp_path, address)

    assert found == Audit(("good 1.0",), ("bad 2.0 has PYSEC-2026-1, mended in 2.1: run make lock",), ())
    assert found.ending == Ending.VULNERABLE == 1


def test_a_vulnerability_that_was_accepted_passes(tmp_path: Path) -> None:
    """An id that is accepted is passed over, and nothing else is."""
    with osv({"bad": vulnerability("bad", "PYSEC-2026-1", "2.1")}) as address:
        accepted = ask(tmp_path, address, "--ignore-vuln=PYSEC-2026-1").ending
        another = ask(tmp_path, address, "--ignore-vuln=PYSEC-2026-2").ending

    assert (accepted, another) == (Ending.CLEAN, Ending.VULNERABLE)


def test_nothing_known_is_clean_and_counted(tmp_path: Path) -> None:
    """A service that knows of nothing gives exit code 0 and the number of packages it was asked about."""
    with osv({}) as address:
        found = ask(tmp_path, address)

    assert (found.ending, told(found)) == (Ending.CLEAN, "audit: no known vulnerability in 2 packages\n")


def test_a_service_that_cannot_be_reached_is_no_pass(tmp_path: Path) -> None:
    """Where nobody listens, the audit says that it was not done and why, with an exit code of its own."""
    found = ask(tmp_path, CLOSED)

    assert found.ending == Ending.NOT_DONE == 3
    assert "audit: NOT DONE, 0 packages were answered about: the vulnerability service could not be asked" in told(
        found
    )
    assert "Connection refused" in told(found)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_service_that_fails_is_no_pass(tmp_path: Path, status: int) -> None:
    """An error instead of an answer leaves every package unanswered."""
    with osv({}, status=status) as address:
        found = ask(tmp_path, address)

    assert (found.clean, found.ending) == ((), Ending.NOT_DONE)


def test_a_vulnerability_counts_among_unanswered_packages() -> None:
    """What could not be asked hides nothing that was found, and is said as well."""
    found = Audit((), ("bad 2.0 has PYSEC-2026-1, not mended yet",), ("good: not found",))

    assert found.ending is Ending.VULNERABLE
    assert told(found).splitlines() == [
        "audit: bad 2.0 has PYSEC-2026-1, not mended yet",
        "audit: NOT DONE, 0 packages were answered about: good: not found",
        "audit: Run make audit where the vulnerability service can be reached.",
    ]


def test_packages_that_the_service_does_not_know_are_no_pass() -> None:
    """An index without the vulnerability service says “not found” for each package, and that is not taken for clean."""
    found = Audit(("good 1.0",), (), ("bad: not found", "worse: not found"))

    assert found.ending is Ending.NOT_DONE
    assert "1 packages were answered about: bad: not found (and 1 more like it)" in told(found)


@pytest.mark.parametrize(("code", "goes_on"), [(0, True), (1, False), (2, False), (3, True)])
def test_make_check_goes_on_only_when_nobody_could_be_asked(code: int, goes_on: bool) -> None:
    """`make check` stops for a vulnerability and for a crash of the audit, and not on a machine without a network."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)[1]
    line = next(each.strip() for each in recipe.splitlines() if "tests.supply.audit" in each)
    script = line.replace("$(PY) -m tests.supply.audit", f"(exit {code})").replace("$$", "$")

    assert (subprocess.run(["sh", "-c", script], check=False).returncode == 0) is goes_on


def test_make_audit_itself_fails_when_nobody_could_be_asked() -> None:
    """`make audit` adds nothing to the exit code of the audit."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert re.findall(r"^audit:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE) == ["\t$(PY) -m tests.supply.audit\n"]
