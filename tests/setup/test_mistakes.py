"""Every mistake of the table leads to the sentence that solves it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.commands import SETTINGS as SOUND
from tests.setup.mistakes import LIVE, MAPPINGS, SETTINGS, InMapping, InSettings, OnTheSite
from tests.setup.site import MAPPING, folder, looked_at, mapping_for, site, sound
from worker.check import check_offline
from worker.live.rows import State, exit_code
from worker.sandbox.face import FACES, Face
from worker.settings import load_settings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def sentences(groups) -> list[str]:
    rows = [row for group in groups for row in group.rows]
    return [row.sentence for row in rows] + [row.ask.sentence for row in rows if row.ask]


@pytest.mark.parametrize("mistake", SETTINGS, ids=lambda mistake: mistake.name)
def test_mistake_in_the_settings(mistake: InSettings, tmp_path: Path) -> None:
    """A setting that cannot work is told offline, with what to write."""
    given = {**SOUND, "SECRETS_DIR": "", **mistake.changed}
    given = {name: value for name, value in given.items() if value is not None}

    found = check_offline(lambda: load_settings(given, None), folder(tmp_path, MAPPING), NOW)

    assert not found.ok
    assert [] != [row for row in found.rows if not row.ok and mistake.sentence in row.sentence], found.rows


@pytest.mark.parametrize("mistake", MAPPINGS, ids=lambda mistake: mistake.name)
def test_mistake_in_a_mapping(mistake: InMapping, tmp_path: Path) -> None:
    """A mapping that cannot work is told offline, at its line, with what to write."""
    assert mistake.written in MAPPING
    texts = [MAPPING.replace(mistake.written, mistake.instead)]
    if mistake.second is not None:
        texts.append(MAPPING.replace(*mistake.second))

    found = check_offline(lambda: load_settings({**SOUND, "SECRETS_DIR": ""}, None), folder(tmp_path, *texts), NOW)

    told = [row for row in found.rows if not row.ok]
    assert [] != [row for row in told if mistake.sentence in row.sentence], found.rows
    assert [] == [row for row in told if not row.where.rpartition(":")[2].isdigit()]


@pytest.mark.parametrize("mistake", LIVE, ids=lambda mistake: mistake.name)
def test_mistake_that_the_site_shows(mistake: OnTheSite) -> None:
    """What only the site can know is told by check --live, which writes nothing."""
    with site(mistake.face) as sandbox:
        sandbox.run(lambda: mistake.site(sandbox))
        today = f"{sandbox.world.clock.now():%Y-%m-%d}"
        text = mapping_for(mistake.face).replace(mistake.written, mistake.instead.replace("TODAY", today))

        groups = looked_at(sandbox, sound(text), changed=mistake.settings)

        assert [] != [each for each in sentences(groups) if mistake.sentence in each], groups
        assert mistake.code == exit_code(groups)
        assert 0 == sandbox.writes


def test_there_are_fifty_and_no_two_alike() -> None:
    """The table holds more than fifty mistakes, each with a name and a sentence of its own."""
    everything = [*SETTINGS, *MAPPINGS, *LIVE]

    assert len(everything) >= 50
    assert [] == [each for each, times in Counter(one.sentence for one in everything).items() if times > 1]


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_sound_set_up_has_nothing_to_solve(face: Face) -> None:
    """Without a mistake every row is fine, or a note, and the exit code is 0; on both deployments."""
    with site(face) as sandbox:
        groups = looked_at(sandbox, sound(mapping_for(face)))

    assert {State.FINE, State.TOLD} == {row.state for group in groups for row in group.rows}
    assert 0 == exit_code(groups)


def test_refusal_of_one_product_leaves_the_other_to_be_looked_at() -> None:
    """A token of Confluence that lacks a scope ends what can be known of the pages, and nothing else."""
    (mistake,) = [each for each in LIVE if each.name == "token without a scope"]
    with site() as sandbox:
        sandbox.run(lambda: mistake.site(sandbox))
        _, team = looked_at(sandbox, sound(MAPPING), changed=mistake.settings)

    assert ["access", "project"] == [row.about for row in team.rows[:2]]
    assert "owners" == team.rows[-1].about
