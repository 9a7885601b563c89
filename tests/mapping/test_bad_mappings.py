"""Every way a mapping can be wrong has a file here, beside the sentence it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.errors import ConfigurationError
from worker.mapping.loader import judge, load_mappings

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_mapping_gives_its_sentence(path: Path) -> None:
    """Each bad mapping is refused with exactly the lines and sentences written beside it."""
    mapping, problems = judge(path.read_bytes())

    assert mapping is None
    assert path.with_suffix(".txt").read_text(encoding="utf-8").splitlines() == [
        f"{problem.line}: {problem.sentence}" for problem in problems
    ]


def test_all_files_are_reported_at_once() -> None:
    """Loading the folder reports every problem of every file, by file name, in one exception."""
    folder = Path(__file__).parent / "bad"
    expected = [
        f"{path.as_posix()}:{line}" for path in BAD for line in path.with_suffix(".txt").read_text("utf-8").splitlines()
    ]

    with pytest.raises(ConfigurationError) as caught:
        load_mappings(folder)

    assert expected == list(caught.value.problems)


def test_no_sentence_is_without_advice() -> None:
    """Every sentence says what is wrong and, after a semicolon, what to do."""
    sentences = [line for path in BAD for line in path.with_suffix(".txt").read_text("utf-8").splitlines()]

    assert [] == [line for line in sentences if "; " not in line]
