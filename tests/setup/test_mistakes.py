"""Every mistake of the table leads to the sentence that solves it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.commands import SETTINGS as SOUND
from tests.setup.mapping_mistakes import MAPPINGS, InMapping
from tests.setup.page_mistakes import PAGES, SIGN_IN
from tests.setup.settings_mistakes import SETTINGS, InSettings
from tests.setup.site import MAPPING, folder, looked_at, mapping_for, site, sound, write
from tests.setup.site_mistakes import OnTheSite
from tests.setup.ticket_mistakes import FORM, PEOPLE, PROJECT
from worker.check import check_offline
from worker.live.rows import State, exit_code
from worker.sandbox.face import FACES, Face
from worker.settings import load_settings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LIVE = (*SIGN_IN, *PAGES, *PROJECT, *FORM, *PEOPLE)


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


def rows_about(about: str, groups) -> list[str]:
    return [row.sentence for group in groups for row in group.rows if row.about == about]


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_a_missing_parent_is_told_once_and_nobody_is_asked_for_it(face: Face) -> None:
    """ticket.parent is what fills it: neither `fields`, which refuses it, nor an administrator."""
    with site(face) as sandbox:
        groups = looked_at(sandbox, sound(mapping_for(face).replace("type: Task", "type: Sub-task")))

    (told,) = [row for group in groups for row in group.rows if not row.ok]
    assert ("parent", None) == (told.about, told.ask)
    assert [] == [each for each in sentences(groups) if "fields:" in each]


@pytest.mark.parametrize(("written", "slip"), [("space: PAY", "space: PAZ"), ("project: PAY", "project: PAX")])
def test_nobody_is_asked_to_open_what_is_a_slip(written: str, slip: str) -> None:
    """With a key like it at hand there is no request for an administrator to send."""
    with site() as sandbox:
        groups = looked_at(sandbox, sound(MAPPING.replace(written, slip)))

    assert [None] == [row.ask for group in groups for row in group.rows if not row.ok]


def test_a_hidden_space_is_not_called_empty() -> None:
    """Where we cannot look, nothing is said about a first page, nor about the right to edit it."""
    with site() as sandbox:
        sandbox.confluence.spaces["PAY"].viewers = {"nobody"}
        _, team = looked_at(sandbox, sound(MAPPING))

    assert [] == [row.about for row in team.rows if row.about in ("pages", "edit right")]


@pytest.mark.parametrize(
    "changed", [{"CONFLUENCE_TOKEN": "wrong"}, {"CONFLUENCE_URL": "http://127.0.0.1:1/wiki", "DEADLINE_SECONDS": "1"}]
)
def test_what_cannot_be_looked_at_names_the_row_that_says_why(changed: dict[str, str]) -> None:
    """A refused token and a server that is not there are told apart by the sign-in's own row, to which pages point."""
    with site() as sandbox:
        both, team = looked_at(sandbox, sound(MAPPING), changed=changed)

    assert State.REFUSED is next(row.state for row in both.rows if row.about == "Confluence sign-in")
    assert (
        "Not looked at, since “Confluence sign-in” (under “Confluence and Jira”) failed; what happened and what to do "
        "stands there."
    ) == team.rows[0].sentence


def test_a_malformed_page_is_told_with_what_it_does_to_each_pass() -> None:
    """It is a note, since people mend it, and says that each pass ends with 3 until then."""
    with site() as sandbox:
        torn = sandbox.confluence.pages[write(sandbox, "Torn")]
        torn.versions[-1] = replace(torn.version, body="<p>torn")  # what Confluence refuses now, old pages can hold
        sandbox.run(lambda: sandbox.confluence._indexed(torn))
        groups = looked_at(sandbox, sound(MAPPING))

    *_, page, note = rows_about("pages", groups)
    assert page.startswith("“Torn” fails: ")
    assert "As long as that page fails, each pass ends with exit code 3; all other pages are worked on." == note
    assert 0 == exit_code(groups)
