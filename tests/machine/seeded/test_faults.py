"""The tests notice what they are there for: each seeded mistake makes its detector fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.machine.seeded.faults import FAULTS, Seeded

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("tests/conftest.py", "tests/passes/stage.py", "pyproject.toml")
FOLDERS = ("tests/planted", "worker", "tests/fakes", "tests/contract", "tests/machine")
PATIENCE = 280
"""Seconds; a detector takes a few, and on a machine that does much else a few more."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worker and what tests it, without the mistakes."""
    root = tmp_path_factory.mktemp("seeded")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "seeded"))
    for name in NEEDED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    return root


STORIES = "tests/machine/test_machine.py::test_promises_hold_in_stories_that_are_always_the_same"


def _named(faults: Iterable[Seeded]) -> pytest.MarkDecorator:
    named = {each.name.replace(" ", "-"): each for each in faults}
    return pytest.mark.parametrize("seeded", named.values(), ids=named)


@_named(FAULTS)
def test_a_mistake_is_noticed(seeded: Seeded, copy: Path) -> None:
    """By a test that fails, not by one that cannot run."""
    _fails(seeded, seeded.detector, copy)


@_named(each for each in FAULTS if each.in_stories)
def test_a_mistake_is_found_in_stories(seeded: Seeded, copy: Path) -> None:
    """By the state machine alone, which knows the promises and none of the mistakes."""
    _fails(seeded, STORIES, copy)


def test_stories_find_most_mistakes() -> None:
    """Ten at least."""
    assert sum(each.in_stories for each in FAULTS) >= 10


def _fails(seeded: Seeded, test: str, copy: Path) -> None:
    """The test fails in a copy of the worker that has the mistake."""
    texts = {change.module: (copy / "worker" / change.module).read_text(encoding="utf-8") for change in seeded.changes}
    mistaken = dict(texts)
    for change in seeded.changes:
        assert 1 == mistaken[change.module].count(change.old), f"{change.module} reads differently now: seed it anew"
        mistaken[change.module] = mistaken[change.module].replace(change.old, change.new)
    _write(copy, mistaken)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=line", test],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        _write(copy, texts)
    sys.stdout.write(f"{seeded.name}: {test}\n")

    assert 1 == done.returncode, done.stdout + done.stderr
    assert "1 failed" in done.stdout, done.stdout


def _write(root: Path, texts: dict[str, str]) -> None:
    for module, text in texts.items():
        (root / "worker" / module).write_text(text, encoding="utf-8")
