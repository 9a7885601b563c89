"""What the claims tell of places that a page alone does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reconcile.made import claim, claims, row, task, ticket
from worker.model.item import ActionItem, Lozenge, OwnCell, Perhaps, Span
from worker.model.ticket import Ticket
from worker.reconcile.claims import birth_name
from worker.reconcile.notes import lozenge_digest
from worker.reconcile.own_places import recalled_beside, with_own_places

ALERT, RUNBOOK = row("Add an alert", column=False), row("Write the runbook", 1, column=False)
TICKETS = {name: each for each in (ticket(1, item="a"), ticket(2, item="b")) for name in (each.key, each.id)}
CLAIMS = claims(claim(ALERT, "a", ticket=TICKETS["PAY-1"].id), claim(RUNBOOK, "b", ticket=TICKETS["PAY-2"].id))


def keyed(item: ActionItem, *keys: str) -> ActionItem:
    """The row with a key in each of the columns from 5 on."""
    cells = [OwnCell((key,) if key else (), span=Span(100 + at, 101 + at)) for at, key in enumerate(keys)]
    return replace(item, perhaps=tuple(Perhaps(5 + at, cell, item.action, ()) for at, cell in enumerate(cells)))


def test_a_column_whose_keys_stand_in_their_rows_is_the_ticket_column() -> None:
    """Also for a row that has no key there."""
    rows = (keyed(ALERT, "PAY-1"), keyed(RUNBOOK, ""))
    first, second = with_own_places(rows, CLAIMS, TICKETS)

    assert ("PAY-1",) == first.ticket.keys
    assert Span(100, 101) == second.ticket.span
    assert first.has_ticket_column
    assert second.has_ticket_column


def test_a_column_that_names_other_rows_tickets_is_a_persons() -> None:
    """“Depends on” says what a row waits for, not what its ticket is."""
    rows = (keyed(ALERT, "PAY-2"), keyed(RUNBOOK, "PAY-1"))

    assert (ALERT, RUNBOOK) == with_own_places(rows, CLAIMS, TICKETS)


def test_of_two_columns_the_one_with_more_keys_in_place_is_taken() -> None:
    """The other one is a person's."""
    rows = (keyed(ALERT, "PAY-1", "PAY-1"), keyed(RUNBOOK, "PAY-1", "PAY-2"))
    first, second = with_own_places(rows, CLAIMS, TICKETS)

    assert Span(101, 102) == first.ticket.span
    assert ("PAY-2",) == second.ticket.keys


def test_tickets_of_nobody_make_no_ticket_column() -> None:
    """Incident numbers, say."""
    stranger = ticket(7)
    rows = (keyed(ALERT, stranger.key), keyed(RUNBOOK, ""))

    assert (ALERT, RUNBOOK) == with_own_places(rows, CLAIMS, {**TICKETS, stranger.key: stranger})


def test_a_lost_ticket_named_beside_the_ticket_column_is_its_rows() -> None:
    """By its origin it was made for this page, and no claim knows it any more."""
    beside = replace(keyed(ALERT, "PAY-1"), has_ticket_column=True)

    (entry,) = recalled_beside((beside,), claims(), TICKETS)

    assert ("a", TICKETS["PAY-1"].id, ALERT.fingerprint) == (entry.item, entry.ticket, entry.fingerprint)


def test_a_lost_ticket_named_beside_by_another_item_is_only_kept_in_mind() -> None:
    """“Blocked by” holds its key, and the row says something else altogether."""
    beside = replace(keyed(RUNBOOK, "PAY-1"), has_ticket_column=True)

    (entry,) = recalled_beside((beside,), claims(), TICKETS)

    assert ("a", TICKETS["PAY-1"].id, "") == (entry.item, entry.ticket, entry.fingerprint)


def test_a_lost_ticket_named_beside_goes_to_the_row_it_was_made_for() -> None:
    """That row says so by its name, wherever the key stands."""
    name = birth_name(RUNBOOK, claims().page)
    made = ticket(3, item=name)
    beside = replace(keyed(ALERT, "PAY-3"), has_ticket_column=True)

    (entry,) = recalled_beside((beside, RUNBOOK), claims(), {"PAY-3": made})

    assert (name, RUNBOOK.fingerprint) == (entry.item, entry.fingerprint)


def test_a_lost_ticket_named_beside_ends_the_open_claim_it_answers() -> None:
    """The create did happen."""
    beside = replace(keyed(ALERT, "PAY-1"), has_ticket_column=True)

    (entry,) = recalled_beside((beside,), claims(claim(ALERT, "a", attempts=("n1",))), TICKETS)

    assert (TICKETS["PAY-1"].id, ()) == (entry.ticket, entry.attempts)


@pytest.mark.parametrize("made", [ticket(1), ticket(1, item="a", page="other"), ticket(1, item="b")])
def test_other_tickets_named_beside_are_nobodys(made: Ticket) -> None:
    """One that a person made, one of another page, and one that a claim knows."""
    beside = replace(keyed(ALERT, "PAY-1"), has_ticket_column=True)
    entries = claims(claim(RUNBOOK, "b", ticket=made.id)) if made.origin and made.origin.item == "b" else claims()

    assert () == recalled_beside((beside,), entries, {"PAY-1": made})


@pytest.mark.parametrize(("rest", "left"), [("", 1), ("see", 0)])
def test_a_cell_of_nothing_but_an_unseen_key_stays_a_question(rest: str, left: int) -> None:
    """With words beside it the key is a person's."""
    cell = OwnCell(("PAY-9",), rest=rest, span=Span(100, 101))
    (item,) = with_own_places([replace(ALERT, perhaps=(Perhaps(5, cell, ALERT.action, ()),))], CLAIMS, TICKETS)

    assert left == len(item.perhaps)
    assert not item.ticket.keys


def test_a_status_at_the_end_of_a_task_is_the_workers_if_its_claim_remembers_it() -> None:
    """Else it is part of what the task says."""
    ours, theirs = Lozenge("To Do", "grey"), Lozenge("Urgent", "red")
    plain = task("Add an alert")
    known = claims(claim(plain, "a", ticket="10001", shown=(lozenge_digest(ours, "ticket"),)))
    end = OwnCell(lozenges=(ours,), span=Span(7, 9))
    left = replace(plain, action="Add an alert To Do", perhaps=(Perhaps(0, end, "Add an alert", ()),))
    said = replace(
        plain,
        action="Add an alert Urgent",
        perhaps=(Perhaps(0, replace(end, lozenges=(theirs,)), "Add an alert", ()),),
    )

    (first,), (second,) = with_own_places((left,), known, {}), with_own_places((said,), known, {})
    assert ("Add an alert", end) == (first.action, first.ticket)
    assert "Add an alert Urgent" == second.action
