"""A first mapping says what stands on the team's pages, and passes check --live."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.passes.stage import mention, person, table
from tests.setup.site import site, variables, write
from worker.bootstrap import connected
from worker.errors import ConfigurationError
from worker.init.answers import Ask, answers
from worker.init.made import Made, make
from worker.init.proposal import propose
from worker.init.sightings import Sightings
from worker.init.wanted import Given, Wanted
from worker.init.writing import scalar, written
from worker.live.rows import exit_code
from worker.mapping.loader import judge
from worker.mapping.model import TeamMapping
from worker.sandbox.face import FACES, Face
from worker.sandbox.issues import FieldOnScreen
from worker.sandbox.server import Sandbox
from worker.settings import load_settings

PICKED = '<time datetime="2027-01-15" />'


def made(sandbox: Sandbox, asked: Given, ask: Ask | None = None) -> Made:
    settings = load_settings(variables(sandbox), env_file=None)
    with connected(settings) as world:
        wanted = answers(asked, world.readers.pages, world.surroundings, ask)
        return make(settings, wanted, world.readers, world.surroundings, "payments.yaml")


def read(text: str) -> TeamMapping:
    mapping, problems = judge(text.encode())
    assert mapping is not None, problems
    return mapping


class Person:
    """Gives answers in order, and remembers what was asked."""

    def __init__(self, *said: str) -> None:
        self.said = list(said)
        self.asked: list[tuple[str, str, str | None]] = []

    def __call__(self, question: str, offered: str, default: str | None) -> str:
        self.asked.append((question, offered, default))
        return self.said.pop(0) or default or ""


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_first_mapping_passes_and_nothing_is_written_to_the_site(face: Face) -> None:
    """Told a space only, the rest is found; check --live has nothing to solve, and no request could write."""
    with site(face) as sandbox:
        today = sandbox.world.clock.now().date()
        first = made(sandbox, Given(space="PAY"))

        mapping = read(first.text)
        assert ("Payments", ("PAY",), ("post-mortem",)) == (mapping.team, mapping.pages.space, mapping.pages.labels)
        assert (today, "PAY", "Task") == (mapping.pages.since, mapping.ticket.project, mapping.ticket.type)
        assert 0 == exit_code(first.groups)
        assert 0 == sandbox.writes


def test_columns_are_proposed_by_what_stands_in_them() -> None:
    """Headers in another language get the role that their cells speak of, and the items are found by them."""
    with site() as sandbox:
        alice = mention(person("Alice Moreau", sandbox))
        rows = [(f"Alarm für Dienst {n} einrichten", alice, PICKED, f"OPS-{n}") for n in (1, 2)]
        write(sandbox, "Ausfall", table(*rows, header=("Maßnahme", "Zuständig", "Bis", "Vorgang")))
        first = made(sandbox, Given(space="PAY"))

    columns = read(first.text).items.columns
    assert ("Maßnahme", "Zuständig", "Bis", "Vorgang") == (
        columns.action[0], columns.owner[0], columns.due[0], columns.ticket[0],
    )  # fmt: skip
    assert "Action item" in columns.action
    assert "What" not in columns.action
    assert 3 == first.seen.items


def test_timeline_is_no_proposal() -> None:
    """A table of times and events is left alone, and with it everything stays at the defaults."""
    rows = [("2026-11-02", "All payments failed for everybody in Europe", "first alarm")]
    with site() as sandbox:
        write(sandbox, "Timeline", table(*rows, header=("Datum", "Ereignis", "Anmerkung")))
        first = made(sandbox, Given(space="PAY"))

    assert not read(first.text).items.model_fields_set
    assert "items:" not in first.text


def test_words_priorities_and_dates_are_those_of_the_pages() -> None:
    """Green words are done, numbered priorities are ranked, a word of one cell is only guessed, and dates that fit one order only settle it."""
    green = (
        '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">Erledigt</ac:parameter>'
        '<ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro>'
    )
    header = ("Action", "Owner", "Due", "Priority", "Status")
    rows = [
        ("Add an alert", "DBA team", "25/12/2026", "P1", green),
        ("Add a dashboard", "Bo: on call", "13/1/2027", "sev 2", "Parked"),
        ("Test the fallback", "", "", "dringend", ""),
        ("Write it down", "", "", "High", ""),
        ("Tell the bank", "", "", "urgent!", ""),
        ("Call the bank", "", "", "Minor", ""),
        ("Ask the bank", "", "", "Minor", ""),
    ]
    with site() as sandbox:
        write(sandbox, "Outage", table(*rows, header=header))
        text = made(sandbox, Given(space="PAY")).text

    mapping = read(text)
    assert "Erledigt" in mapping.items.words.done
    assert "done" in mapping.items.words.done
    assert {"P1": "Highest", "sev 2": "High", "Minor": "Low"} == mapping.ticket.priority
    assert mapping.due.day_first is True
    assert {} == mapping.owners.aliases
    assert '\n  # priority: {"urgent!": Highest}\n' in text
    for seen in ("“Parked”", "“dringend”", '#     "DBA team": ACCOUNT', '#     "Bo: on call": ACCOUNT'):
        assert seen in text


def test_dates_that_contradict_each_other_settle_nothing() -> None:
    """Where days come first here and months there, the question stays, as a comment."""
    rows = [("One", "", "25/12/2026", "", ""), ("Two", "", "12/26/2026", "", ""), ("Three", "", "3/4/2027", "", "")]
    with site() as sandbox:
        write(sandbox, "Outage", table(*rows))
        text = made(sandbox, Given(space="PAY")).text

    assert read(text).due.day_first is None
    assert (
        "Is 3/4 the third of April? Without an answer such a date is reported, not guessed. On the pages: “3/4/2027”"
        in text
    )


def test_required_fields_are_filled_with_a_choice() -> None:
    """What the project demands gets the first value it takes, and a comment with the others."""
    with site() as sandbox:
        field = FieldOnScreen("customfield_10020", "Cause", required=True, options=("Change", "Capacity"))
        sandbox.jira.projects["PAY"].screens["10001"].append(field)
        first = made(sandbox, Given(space="PAY"))

    assert {"customfield_10020": "Change"} == read(first.text).ticket.fields
    assert "# Cause, which PAY demands: one of Change, Capacity" in first.text
    assert 0 == exit_code(first.groups)


def test_what_is_missing_is_told_at_once() -> None:
    """Without a terminal every answer that cannot be found is told, with what there is."""
    with site() as sandbox, pytest.raises(ConfigurationError) as caught:
        made(sandbox, Given(project="PAX", type="Taks"))

    assert (
        "--space is missing; this account can see PAY (Payments), OPS (Operations), HR (People)",
        "--project PAX: this account can see none of that key; did you mean `PAY`?",
    ) == caught.value.problems


def test_space_without_labels_has_to_be_narrowed() -> None:
    """Where no label speaks of post-mortems, one has to be named; those there are, are told."""
    with site() as sandbox:
        write(sandbox, "Minutes", label="minutes", space="OPS")
        with pytest.raises(ConfigurationError) as caught:
            made(sandbox, Given(space="ops"))

    assert (
        "--label is missing; the labels in OPS are minutes (1): name the one that post-mortems bear",
    ) == caught.value.problems


def test_person_is_asked_again_and_enter_takes_what_is_offered() -> None:
    """A key that is not there is answered with what was meant; the questions offer what the site has."""
    somebody = Person("PAZ", "pay", "", "", "Taks", "Bug", "Ledger")
    with site() as sandbox:
        mapping = read(made(sandbox, Given(), somebody).text)

    assert ("Ledger", "Bug", ("post-mortem",)) == (mapping.team, mapping.ticket.type, mapping.pages.labels)
    questions = [question for question, _, _ in somebody.asked]
    assert "This account can see no `PAZ`; did you mean `PAY`? Key of the space with the post-mortems" == questions[1]
    assert "PAY has no ticket type `Taks`; did you mean `Task`? Ticket type" == questions[5]
    assert ("Key of the Jira project for the tickets", "OPS (Operations), PAY (Payments)", "PAY") == somebody.asked[2]


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_text_reads_back(text: str) -> None:
    """Whatever a team, label or column is called, YAML gives it back."""
    assert {"key": text} == YAML(typ="safe", pure=True).load(f"key: {scalar(text)}\n")
    assert [text] == YAML(typ="safe", pure=True).load(f"[{scalar(text)}]\n")


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=20))
def test_any_sighting_makes_a_mapping(names: Sequence[str]) -> None:
    """Whatever people wrote, the mapping is sound, and what was seen stays within its comments."""
    seen = Sightings()
    for name in names:
        for counter in (seen.owners, seen.statuses, seen.titles, seen.priorities, seen.unclear_dates):
            counter[name] += 1
    text = written(propose(Wanted("A", "PAY", ("x",), "PAY", "Task"), seen, None, read_day()))

    assert ("A", {}) == (read(text).team, read(text).owners.aliases)


def read_day():
    return read("team: A\npages: {space: A, since: 2026-11-01}\nticket: {project: PAY}\n").pages.since


def test_a_label_that_no_page_bears_is_told() -> None:
    """It may be new or mistyped; the mapping is written all the same."""
    with site() as sandbox:
        first = made(sandbox, Given(space="PAY", labels=("retro",)))
        usual = made(sandbox, Given(space="PAY"))

    assert ("retro",) == read(first.text).pages.labels
    assert (
        "Confluence finds no page with the label retro in PAY. If there should be some, correct pages.labels in "
        "payments.yaml; a new label is found some minutes later."
    ) == first.unseen
    assert None is usual.unseen
