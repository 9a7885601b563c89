"""The locked packages can be installed on every Python that the project says it runs on."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tests.supply.locked import RUNTIME, read_lock

ROOT = Path(__file__).resolve().parents[2]
LOCKED = sorted({
    name for lock in ROOT.glob("requirements*.lock")
    for name in re.findall(r"^([a-z0-9-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)
})  # fmt: skip
OLDEST = "3.11.2"
"""Debian 12's Python, the oldest that is still handed out."""


def test_the_project_says_it_runs_there() -> None:
    """The oldest Python of the tests below is one that pyproject.toml lets in."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert SpecifierSet(project["requires-python"]).contains(OLDEST)


@pytest.mark.parametrize("extra", ["otlp", "sandbox"])
def test_an_extra_changes_no_package_of_the_worker(extra: str) -> None:
    """The lock of an extra holds all that the worker's own lock holds, in the same versions, and something more."""
    own, more = (set(read_lock(lock)) for lock in (RUNTIME, f"requirements-{extra}.lock"))

    assert {(each.name, each.version) for each in own} < {(each.name, each.version) for each in more}


@pytest.mark.parametrize("name", LOCKED)
def test_a_locked_package_runs_there_too(name: str) -> None:
    """No package was locked whose version refuses that Python."""
    try:
        wanted = metadata(name)["Requires-Python"]
    except PackageNotFoundError:
        pytest.skip("not installed here")  # — a package of another platform, or of the build alone

    assert SpecifierSet(wanted or "").contains(OLDEST)
