"""The tests notice what they are there for: each seeded mistake makes its detector fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine.seeded.faults import FAULTS, Seeded

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("tests/conftest.py", "tests/passes/stage.py", "pyproject.toml")
FOLDERS = ("worker", "tests/fakes", "tests/contract", "tests/machine")
PATIENCE = 120
"""Seconds; a detector takes a few."""


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


@pytest.mark.parametrize("seeded", FAULTS, ids=[each.name.replace(" ", "-") for each in FAULTS])
def test_a_mistake_is_noticed(seeded: Seeded, copy: Path) -> None:
    """By a test that fails, not by one that cannot run."""
    texts = {change.module: (copy / "worker" / change.module).read_text(encoding="utf-8") for change in seeded.changes}
    mistaken = dict(texts)
    for change in seeded.changes:
        assert 1 == mistaken[change.module].count(change.old), f"{change.module} reads differently now: seed it anew"
        mistaken[change.module] = mistaken[change.module].replace(change.old, change.new)
    _write(copy, mistaken)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=line", seeded.detector],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        _write(copy, texts)
    sys.stdout.write(f"{seeded.name}: {seeded.detector}\n")

    assert 1 == done.returncode, done.stdout + done.stderr
    assert "1 failed" in done.stdout, done.stdout


def _write(root: Path, texts: dict[str, str]) -> None:
    for module, text in texts.items():
        (root / "worker" / module).write_text(text, encoding="utf-8")
