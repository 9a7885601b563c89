"""Sound pages and mappings, damaged at random: always the same random, so that a failure stays."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import bombs, judged, mutations, samples
from tests.golden.case import PAGE, SITE, Case
from tests.golden.synced import sync
from worker.document.parse import parse
from worker.model.claim import Claims
from worker.model.item import WrittenDate, WrittenName
from worker.reconcile.extract import extract

PAGES = settings(derandomize=True, max_examples=150)
MAPPINGS = settings(derandomize=True, max_examples=300)


@PAGES
@given(st.randoms(use_true_random=False))
def test_a_damaged_page_is_refused_or_settles(chance: random.Random) -> None:
    """A page that is read comes back byte for byte, its edits fit it, and soon nothing more is left to do."""
    judged.page(mutations.damaged(samples.pages(), mutations.OF_PAGES, chance))


@MAPPINGS
@given(st.randoms(use_true_random=False))
def test_a_damaged_mapping_is_sound_or_refused_with_a_place(chance: random.Random) -> None:
    """Nothing but ConfigurationError, whose every sentence names the file and a line that it has."""
    text = mutations.damaged(samples.mappings(), mutations.OF_MAPPINGS, chance)
    judged.mapping(text.encode("utf-8", "surrogatepass"))


def test_every_sample_is_sound() -> None:
    """What is damaged was whole before, but for the one page that is malformed on purpose."""
    assert {"sound"} == {judged.mapping(text.encode()) for text in samples.mappings()}
    assert 1 == sum(judged.page(body).startswith("malformed") for body in samples.pages())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r'team: "\UFFFFFFFF"', "1: this is not YAML that can be read"),
        (r'team: "\ud800"', "1: half of a surrogate pair is no character"),
        ("ticket: {project: PAY, fields: {a: 1e999}}", "1: `1e999` is not a number that Jira could take"),
        (f"ticket: {{project: PAY, fields: {{a: 0x{'f' * 9999}}}}}", "1: `0xffff"),
    ],
)
def test_mappings_that_once_crashed_or_passed_unseen(text: str, said: str) -> None:
    """Escapes and numbers that no text and no JSON can hold are named with their line."""
    assert any(problem.startswith(said) for problem in judged.problems(text.encode()))


@pytest.mark.parametrize("inside", ["<p>words</p>", "<table><tr><td>words</td></tr></table>"])
def test_a_lozenge_with_something_in_it_is_no_note(inside: str) -> None:
    """Only a lozenge of plain parameters can be the worker's own; a write would lose what else is in it."""
    note = bombs.LOZENGE.replace(">x<", ">no ticket<").replace("</ac:structured", f"{inside}</ac:structured")
    body = bombs.table(1, f"<td>{note} Say who does it.</td>", ("Action", "Ticket"))
    cell = extract(parse(body), judged.TEAM.items).items[0].ticket

    assert (None, "[macro status] Say who does it.") == (cell.note, cell.rest)


def test_a_table_in_an_owner_cell_names_no_owners_of_the_row_around_it() -> None:
    """What stands in an action table is its own, so that a write there changes nothing about the row around it."""
    inner = '<table><tr><th>Action</th><th>Owner</th></tr><tr><td>Ask</td><td>Bo <time datetime="2027-01-15"/></td></tr></table>'
    body = bombs.table(1, f"<td>{inner}On-call lead</td><td>{inner}3 May</td>", ("Action", "Owner"))
    body = body.replace("<th>Owner</th></tr><tr><td><p>Do 0", "<th>Owner</th><th>Due</th></tr><tr><td><p>Do 0")
    around = extract(parse(body), judged.TEAM.items).items[0]

    assert (WrittenName("On-call lead"),) == around.owners
    assert (WrittenDate("3 May"),) == around.dates
    assert 0 == judged.passes_until_silence(sync(Case("nested", body, judged.TEAM, Claims(SITE, PAGE), ())))


def test_a_table_in_a_ticket_cell_keeps_its_keys_to_itself() -> None:
    """The row around it is held, since its cell is a person's; the rows inside get their tickets."""
    inner = "<table><tr><th>Action</th><th>Ticket</th></tr><tr><td>Ask</td><td/></tr></table>"
    synced = sync(
        Case("nested", bombs.table(1, f"<td>{inner}</td>", ("Action", "Ticket")), judged.TEAM, Claims(SITE, PAGE), ())
    )
    cell = extract(parse(synced.after), judged.TEAM.items).items[0].ticket

    assert ["Ask"] == [draft.summary for _, draft in synced.made]
    assert ((), "[table]") == (cell.keys, cell.rest)
    assert 0 == judged.passes_until_silence(synced)


def test_a_ragged_row_without_ticket_column_settles_at_once() -> None:
    """A second pass writes nothing."""
    head = "<tr><th>Action</th><th>Owner</th><th>Status</th></tr>"
    body = f"<h2>Action items</h2><table>{head}<tr><td>Do it</td><td>Bo</td></tr></table>"

    assert 0 == judged.passes_until_silence(sync(Case("ragged", body, judged.TEAM, Claims(SITE, PAGE), ())))
