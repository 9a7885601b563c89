"""Files made from the code are what the code would make now."""

from __future__ import annotations

import re
from pathlib import Path

from tests.generated import ROOT, env_example, outdated
from worker.settings import load_settings
from worker.variables import NAMES

NOTHING_HERE = str(Path(__file__).parent)
"""A secrets folder with nothing of ours in it, whatever this machine has."""


def test_generated_files_are_up_to_date() -> None:
    """`.env.example` and the mapping's schema agree with the code."""
    assert [] == outdated()


def test_env_example_names_every_variable() -> None:
    """Each variable is in the example once, with a description above it."""
    assert list(NAMES) == re.findall(r"^(?:# )?([A-Z_]+)=", env_example(), re.MULTILINE)
    assert [] == re.findall(r"(?:^|\n)\n(?:# )?([A-Z_]+)=", env_example())


def test_env_example_works_once_a_token_is_written(tmp_path: Path) -> None:
    """The example with a token filled in is complete, and what it comments out is the default."""
    filled = tmp_path / ".env"
    filled.write_text(env_example().replace("CONFLUENCE_TOKEN=\n", "CONFLUENCE_TOKEN=x\n"), encoding="utf-8")
    uncommented = tmp_path / "all"
    uncommented.write_text(re.sub(r"^# ([A-Z_]+=)", r"\1", filled.read_text("utf-8"), flags=re.MULTILINE), "utf-8")

    settings = load_settings({"SECRETS_DIR": NOTHING_HERE}, filled)

    assert settings == load_settings({"SECRETS_DIR": NOTHING_HERE}, uncommented)


def test_locks_name_no_index_and_no_machine() -> None:
    """A lock file holds packages and hashes only."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    foreign = [
        f"{lock.name}: {line}"
        for lock in locks
        for line in lock.read_text(encoding="utf-8").splitlines()
        if re.search(r"https?://|file:/|--(extra-)?index-url|--find-links|--trusted-host|(^|\s)/\w", line)
    ]

    assert len(locks) == 4
    assert [] == foreign


def test_locked_packages_all_have_hashes() -> None:
    """Nothing can be installed from a lock that is not the file it was locked to."""
    unhashed = [
        f"{lock.name}: {line}"
        for lock in sorted(ROOT.glob("requirements*.lock"))
        for line in lock.read_text(encoding="utf-8").splitlines()
        if re.match(r"[A-Za-z0-9_.-]+==", line) and not line.endswith("\\")
    ]

    assert [] == unhashed
