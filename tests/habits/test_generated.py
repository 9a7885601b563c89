"""Files made from the code are what the code would make now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.generated import ROOT, SIGN_IN, env_example, outdated
from worker.errors import ConfigurationError
from worker.settings import Deployment, load_settings
from worker.variables import NAMES

NOTHING_HERE = str(Path(__file__).parent)
"""A secrets folder with nothing of ours in it, whatever this machine has."""


def test_generated_files_are_up_to_date() -> None:
    """`.env.example` and the mapping's schema agree with the code."""
    assert [] == outdated()


def test_env_example_explains_every_variable() -> None:
    """Each variable is explained once, in order, behind the ways to sign in: by its name, or above its default."""
    explained = env_example().partition("# What these mean:\n")[2]

    assert list(NAMES) == re.findall(r"^# ([A-Z_]+)(?:: |=)", explained, re.MULTILINE)
    assert [] == re.findall(r"(?:^|\n)\n# ([A-Z_]+)=", explained)


def test_env_example_sets_nothing() -> None:
    """A copy of it in which nobody has chosen a way to sign in leaves neither deployment anything of the other."""
    assert [] == [line for line in env_example().splitlines() if line and not line.startswith("#")]


def chosen(tmp_path: Path, way: str) -> Path:
    """A copy in which the "# " was taken away before one way to sign in."""
    head, title, tail = env_example().partition(f"# {way}:\n#\n")
    block, end, rest = tail.partition("\n\n")
    filled = tmp_path / ".env"
    filled.write_text(head + title + re.sub(r"^# ", "", block, flags=re.MULTILINE) + end + rest, encoding="utf-8")
    return filled


@pytest.mark.parametrize("way", SIGN_IN)
def test_each_way_to_sign_in_works_once_it_is_filled_in(tmp_path: Path, way: str) -> None:
    """One block alone is complete, and what the rest of the file comments out is the default."""
    filled = chosen(tmp_path, way)
    own = re.sub(
        "SITE|CONFLUENCE-HOST|JIRA-HOST|ACCOUNT", lambda word: f"our-{word[0].lower()}", filled.read_text("utf-8")
    )
    filled.write_text(re.sub(r"^(\w+)=$", r"\1=x", own, flags=re.MULTILINE), encoding="utf-8")
    everything = tmp_path / "all"
    defaults = re.sub(r"^# ([A-Z_]+=)", r"\1", own.partition("# What these mean:")[2], flags=re.MULTILINE)
    everything.write_text(filled.read_text("utf-8") + defaults, encoding="utf-8")

    settings = load_settings({"SECRETS_DIR": NOTHING_HERE}, filled)

    assert way.startswith("Cloud") == (settings.deployment is Deployment.CLOUD)
    assert settings == load_settings({"SECRETS_DIR": NOTHING_HERE}, everything)


@pytest.mark.parametrize("way", SIGN_IN)
def test_what_the_example_says_is_refused(tmp_path: Path, way: str) -> None:
    """Every placeholder that was left beside a token is told in one go, and there is nothing else to tell."""
    filled = chosen(tmp_path, way)
    filled.write_text(re.sub(r"^(\w+)=$", r"\1=x", filled.read_text("utf-8"), flags=re.MULTILINE), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"SECRETS_DIR": NOTHING_HERE}, filled)

    words = {name: re.search("SITE|CONFLUENCE-HOST|JIRA-HOST|ACCOUNT", value) for name, value in SIGN_IN[way].items()}
    assert sorted(problem.partition("; ")[0] for problem in caught.value.problems) == sorted(
        f"{name} ({place(filled, name)}) still says {word[0]}, as the example does"
        for name, word in words.items() if word
    )  # fmt: skip


def place(file: Path, name: str) -> str:
    """Where a variable is set in that file."""
    lines = file.read_text("utf-8").splitlines()
    return f"{file}:{next(number for number, line in enumerate(lines, 1) if line.startswith(name + '='))}"


def test_locks_name_no_index_and_no_machine() -> None:
    """A lock file holds packages and hashes only."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    foreign = [
        f"{lock.name}: {line}"
        for lock in locks
        for line in lock.read_text(encoding="utf-8").splitlines()
        if re.search(r"https?://|file:/|--(extra-)?index-url|--find-links|--trusted-host|(^|\s)/\w", line)
    ]

    assert len(locks) == 5
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
