"""Tasks amid whose words stands what the worker wrote at their end."""

from __future__ import annotations

import pytest

from tests.reconcile.made import NOW, TODO, WHERE, claim, claims, known, mapping, task, ticket
from worker.model.item import ActionItem, Amid, Lozenge
from worker.model.plan import Create, Hold, Update
from worker.reconcile.claims import KEY_STOOD
from worker.reconcile.decide import Decision, decide_page
from worker.reconcile.display import Display, lozenge_of
from worker.reconcile.notes import lozenge_digest

GREY = lozenge_of(TODO)
LINKED = Amid(keys=("PAY-1",))


def _decided(item: ActionItem, *, editor: str | None = "7") -> Decision:
    """What becomes of a task that was given PAY-1 when it said “Add an alert”."""
    shown = (lozenge_digest(GREY, "ticket"), KEY_STOOD)
    entry = claim(task("Add an alert", editor=editor), "aa", ticket="10001", shown=shown)
    seen = known(ticket(1, item="aa"))
    return decide_page((item,), claims(entry), WHERE, NOW, mapping(), seen).decisions[0]


@pytest.mark.parametrize(
    ("item", "ours"),
    [
        (task("Add an alert PAY-1 please", editor="7", amid=LINKED), "PAY-1 stands"),
        (task("Add an alert PAY-1 please", editor="7"), "PAY-1 stands"),
        (task("See pay-1: add an alert", editor="7"), "PAY-1 stands"),
        (task("Add an alert PAY-1", key="PAY-1", lozenges=(GREY,), amid=LINKED), "PAY-1 stands"),
        (task("Add an alert To Do now", editor="7", amid=Amid(lozenges=(GREY,))), "the status “To Do” stands"),
        (task("To Do Add an alert", key="PAY-1", amid=Amid(lozenges=(GREY,))), "the status “To Do” stands"),
        (
            task("Add an alert, PAY-1 is To Do now", editor="7", amid=Amid(("PAY-1",), (GREY,))),
            "PAY-1 and the status “To Do” stand",
        ),
    ],
)
def test_key_or_status_amid_its_words_leave_task_and_ticket_as_they_are(item: ActionItem, ours: str) -> None:
    """They would go to Jira as the task's text, and be written at its end once more."""
    decision = _decided(item)
    assert isinstance(decision.change, Hold)
    assert (Display(), None, None) == (decision.display, decision.edit, decision.claim)
    assert ["row-shared-cell"] == [finding.code for finding in decision.findings]
    assert f"{ours} amid its words" in decision.findings[0].message


@pytest.mark.parametrize(
    "item",
    [
        task("PAY-1: add an alert", key="PAY-1", lozenges=(GREY,)),
        task("Add an alert like PAY-10", editor="7", amid=Amid(keys=("PAY-10",))),
        task("Add an alert To Do", key="PAY-1", lozenges=(GREY,), amid=Amid(lozenges=(GREY,))),
        task("Add an alert Urgent", editor="7", amid=Amid(lozenges=(Lozenge("Urgent", "red"),))),
    ],
)
def test_what_a_person_wrote_there_goes_to_the_ticket(item: ActionItem) -> None:
    """A plain key beside the worker's own, another ticket's, and a lozenge that the worker did not write."""
    decision = _decided(item)
    assert isinstance(decision.change, Update)
    assert decision.edit is not None
    assert item.action == dict(decision.edit.values)["summary"]


def test_a_text_that_always_said_so_is_the_tasks() -> None:
    """Its lozenge equals the worker's, which a person deleted together with the key."""
    item = task("Add an alert", editor="7", amid=Amid(lozenges=(GREY,)))
    decision = _decided(item)
    assert isinstance(decision.change, Update)
    assert decision.display.ticket is not None
    assert ("PAY-1", GREY) == (decision.display.ticket.key, decision.display.ticket.lozenge)


def test_a_link_to_its_ticket_holds_a_task_that_the_editor_gave_another_id() -> None:
    """With the words that people added it is less like the ticket than any row that is taken for a lost one."""
    text = "Add an alert https://acme.atlassian.net/browse/PAY-1 and look at it every morning before ten"
    linked, other = task(text, editor="8", amid=LINKED), task(text, editor="8")
    assert isinstance(_decided(linked).change, Hold)
    assert ["row-ambiguous"] == [finding.code for finding in _decided(linked).findings]
    assert isinstance(_decided(other).change, Create)
