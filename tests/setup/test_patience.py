"""A person waits for what these commands say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import run, write_mapping
from tests.passes.stage import stage
from worker.sandbox.faults import Fault


@pytest.mark.parametrize("words", [("check", "--live"), ("init", "--space", "PAY")])
def test_a_site_that_stays_busy_is_asked_twice_and_no_more(words: tuple[str, ...], tmp_path: Path) -> None:
    """A pass would ask five times, and a person would wait for a minute to learn of a wrong host."""
    write_mapping(tmp_path)
    with stage() as scene:
        scene.sandbox.faults.append(Fault(("*", "."), "status:503", times=1000))
        ended = run(tmp_path, *words, settings=dict(scene.variables))
        asked = [each.path for each in scene.sandbox.requests]

    assert ended.code != 0
    assert asked
    assert 2 == max(asked.count(path) for path in asked)
