"""What a row's own cells cannot show, since people wrote there too, is told; a finding writes nothing."""

from tests.reconcile.made import DOING, DONE, NOW, TODO, WHERE, claim, claims, known, mapping, row, task, ticket
from worker.model.claim import Claim
from worker.model.item import ActionItem, Lozenge, Note, NoteKind, OwnCell, Span
from worker.model.plan import Keep
from worker.model.ticket import Status, Ticket
from worker.reconcile.decide import Decision, decide_page
from worker.reconcile.display import lozenge_of
from worker.reconcile.notes import lozenge_digest, note_digest

GREY = lozenge_of(TODO)
OURS = (lozenge_digest(GREY, "ticket"), lozenge_digest(GREY, "status"))
"""What a claim remembers that wrote it in either cell."""


def _decided(item: ActionItem, seen: Ticket, known_as: Claim) -> Decision:
    return decide_page([item], claims(known_as), WHERE, NOW, mapping(), known(seen)).decisions[0]


def _stale(item: ActionItem, *, status: Status = DONE, **remembered: object) -> list[str]:
    """What is said of an item whose ticket has that status by now."""
    ours = ticket(1, item="aa", status=status)
    decision = _decided(item, ours, claim(item, "aa", ticket=ours.id, **remembered))

    assert decision.display.empty
    assert {"row-shared-cell"} >= {finding.code for finding in decision.findings}
    return [finding.message for finding in decision.findings]


def test_a_status_that_words_keep_from_being_written_is_told() -> None:
    """Which row it is, what it shows, what holds, why, and what to do."""
    said = _stale(row(key="PAY-1", lozenges=(GREY,), rest="ask Bob first"), shown=OURS)

    assert [
        "Row 1 of “Action items” does not say that PAY-1 is Done (it shows “To Do”): its ticket cell says “ask Bob "
        "first”, so nothing is written there. Clear its ticket cell, or move the words elsewhere."
    ] == said


def test_a_status_that_stands_beside_words_is_right() -> None:
    """As a status of whomever, or as a word."""
    green = lozenge_of(DONE)

    assert [] == _stale(row(key="PAY-1", lozenges=(green,), rest="ask Bob first"))
    assert [] == _stale(row(key="PAY-1", rest="done"))
    assert [] == _stale(
        row(key="PAY-1", rest="ask Bob", status=OwnCell(lozenges=(green,), rest="!", span=Span(90, 94)))
    )


def test_no_status_where_two_cells_hold_words_is_told() -> None:
    """Either cell would do."""
    (said,) = _stale(row(key="PAY-1", rest="ask Bob", status=OwnCell(rest="waiting", span=Span(90, 94))))

    assert "PAY-1 is Done (it shows no status)" in said
    assert "its ticket cell says “ask Bob” and its status cell says “waiting”" in said
    assert said.endswith("Clear its ticket cell or its status cell, or move the words elsewhere.")


def test_a_key_that_words_keep_from_being_written_is_told() -> None:
    """With what else the row does not say, in one sentence."""
    (said,) = _stale(row(rest="ask Bob"))

    assert "does not say that PAY-1 is Done (it shows no status) and that its ticket is PAY-1" in said


def test_a_note_of_ours_that_words_keep_from_being_taken_away_is_told() -> None:
    """It says something that is not so any more; a note that a person edited is the person's."""
    old = Note(NoteKind.DIFFERS, "The ticket is due 2027-03-31.")
    item = row(key="PAY-1", lozenges=(GREY,), note=old, rest="ask Bob")

    (said,) = _stale(item, status=TODO, shown=(*OURS, note_digest(old)))
    assert "does not say that its note “The ticket is due 2027-03-31.” does not hold any more" in said
    assert [] == _stale(item, status=TODO, shown=OURS)


def test_a_status_behind_a_comment_is_told_at_the_end_of_a_task() -> None:
    """A comment is never removed; a status that a person put there is not either."""
    (commented,) = _stale(task(key="PAY-1", lozenges=(GREY,), writable=False), status=DOING, shown=OURS)
    (two,) = _stale(task(key="PAY-1", lozenges=(GREY, Lozenge("Urgent", "red"))), status=DOING, shown=OURS)

    assert commented.endswith("the end of the task holds a comment, so nothing is written there. Resolve the comment.")
    assert "PAY-1 is In Progress (it shows “To Do” and “Urgent”): the end of the task holds a status" in two


def test_a_status_of_ours_that_is_left_beside_another_key_is_told() -> None:
    """The cell of a key that a person chose is never written; without a status of ours there is nothing to say."""
    item = row(key="PAY-7", lozenges=(GREY,), editor="r1")
    theirs = ticket(7, status=DOING)
    for shown, codes in ((OURS, ["row-shared-cell"]), ((), [])):
        decision = _decided(item, theirs, claim(item, "aa", ticket=theirs.id, linked=True, shown=shown))

        assert isinstance(decision.change, Keep)
        assert codes == [finding.code for finding in decision.findings]
        assert all("PAY-7 is In Progress (it shows “To Do”)" in each.message for each in decision.findings)
