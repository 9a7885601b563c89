"""What users install may be passed on, and whatever may not is named."""

from __future__ import annotations

import re
from importlib.metadata import files

import pytest

from tests.supply.licences import ALLOWED, EXCEPTIONS, INSTALLED, READ, Untold, licence_of, problems, suits
from tests.supply.locked import LOCKS, ROOT, Locked, read_lock


@pytest.mark.parametrize("lock", INSTALLED)
def test_every_locked_package_may_be_passed_on(lock: str) -> None:
    """Each package's own metadata names a licence that is allowed, or excepted for a reason."""
    licences = {each.name: licence_of(each.name, each.version) for each in read_lock(lock)}
    needed = {name: EXCEPTIONS[name] for name in EXCEPTIONS.keys() & licences.keys()}

    assert [] == list(problems(licences, needed))


@pytest.mark.parametrize(
    ("expression", "suitable"),
    [
        ("MIT", True), ("GPL-3.0-only", False), ("MIT OR GPL-3.0-only", True), ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND ISC", True), ("GPL-2.0-only WITH Classpath-exception-2.0", False), ("Mine", False),
        ("MIT AND AND", False),
    ],
)  # fmt: skip
def test_an_expression_suits_when_a_choice_is_left(expression: str, suitable: bool) -> None:
    """OR lets us choose, AND binds us to all, and what is not understood is not allowed."""
    assert suits(expression, ALLOWED) is suitable


def test_what_may_not_be_passed_on_is_named() -> None:
    """A copyleft licence, one that nobody can tell, and exceptions that nothing needs are each told with a remedy."""
    licences = {"a": "GPL-3.0-only", "b": Untold("its metadata is empty"), "c": "MIT", "d": "MPL-2.0", "e": "ISC"}
    exceptions = {"c": ("MPL-2.0", "it was"), "d": ("MPL-2.0", "its own files only"), "gone": ("MPL-2.0", "it was")}

    assert list(problems(licences, exceptions)) == [
        "a is under GPL-3.0-only, which is not allowed: do without it, or give it a reasoned exception",
        "b: its metadata is empty",
        "c is under MIT and needs its exception no longer: remove it",
        "gone is not locked any longer: remove its exception",
    ]


def test_another_version_or_none_is_not_judged() -> None:
    """Only the locked version speaks for itself."""
    assert "not the locked version" in licence_of("click", "0.1").why
    assert "not installed here" in licence_of("no-such-package-of-anybodys", "1.0").why


@pytest.mark.parametrize("name", READ)
def test_a_licence_that_a_person_read_is_that_of_the_file(name: str) -> None:
    """The LICENSE file of such a package holds the three clauses that tell BSD-3-Clause from its kin."""
    text = " ".join(next(each for each in files(name) if each.name.startswith("LICENSE")).read_text().split())

    assert READ[name] == "BSD-3-Clause"
    assert re.search(r"Neither the name of [\w. ]+ nor the names of its contributors may be used to endorse", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_read(lock: str) -> None:
    """No package of a lock file is passed over, each has its hashes, and somebody asked for each."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    packages = read_lock(lock)

    assert [line.partition("==")[0] for line in lines if line[:1].isalnum()] == [each.name for each in packages]
    assert sum("--hash=" in line for line in lines) == sum(len(each.hashes) for each in packages) > 0
    assert [] == [each.name for each in packages if not each.asked_by]


def test_a_lock_is_read_as_pip_compile_writes_it(tmp_path) -> None:
    """Markers, one asker beside the word, and several below it are all understood; constraints ask for nothing."""
    (tmp_path / "some.lock").write_text(
        f"# made by a tool\na.b==1.0 ; python_version < '3.12' \\\n    --hash=sha256:{'1' * 64} \\\n"
        f"    --hash=sha256:{'0' * 64}\n    # via postmortem-sync (pyproject.toml)\nc==2 \\\n    --hash=sha256:{'2' * 64}\n"
        "    # via\n    #   -c other.lock\n    #   a.b\n    #   postmortem-sync (pyproject.toml)\n",
        encoding="utf-8",
    )

    assert read_lock("some.lock", tmp_path) == (
        Locked("a.b", "1.0", ("0" * 64, "1" * 64), ("postmortem-sync",)),
        Locked("c", "2", ("2" * 64,), ("a.b", "postmortem-sync")),
    )
