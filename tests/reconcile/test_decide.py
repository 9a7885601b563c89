"""Every item of a page gets one change with a reason, and its own cells what they should show."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.reconcile.made import (
    ANN,
    DOING,
    DONE,
    NOW,
    PAGE,
    TODO,
    WHERE,
    attempt,
    claim,
    claims,
    known,
    mapping,
    row,
    task,
    ticket,
)
from worker.mapping.model import PageRules
from worker.model.claim import Claims
from worker.model.item import (
    ActionItem,
    Lozenge,
    Mention,
    Note,
    NoteKind,
    OwnCell,
    PickedDate,
    Span,
    WrittenDate,
    WrittenName,
)
from worker.model.plan import Create, Hold, Keep, Update, Wait
from worker.reconcile import notes
from worker.reconcile.claims import KEY_STOOD
from worker.reconcile.decide import Known, PageDecision, decide_page
from worker.reconcile.desire import Facts, wish_digest
from worker.reconcile.display import Content, Display, lozenge_of
from worker.reconcile.notes import lozenge_digest, note_digest
from worker.reconcile.ticks import ASKED

GREY = lozenge_of(TODO)


def _decide(
    *items: ActionItem, on: Claims | None = None, seen: Known | None = None, team: object = None
) -> PageDecision:
    return decide_page(items, on or claims(), WHERE, NOW, team or mapping(), seen or known())


def test_a_fresh_row_gets_a_ticket() -> None:
    """The draft carries owner, date, labels and the item's id as its origin."""
    decision = _decide(row()).decisions[0]

    assert isinstance(decision.change, Create)
    draft = decision.change.draft
    assert ("Add an alert", "712020:ann", "2026-12-01") == (draft.summary, draft.assignee, str(draft.due))
    assert (PAGE, decision.change.item_id) == (draft.origin.page, draft.origin.item)
    assert ("post-mortem-action",) == draft.labels


@pytest.mark.parametrize(("names", "whom"), [({ANN: "Ann Okafor"}, "Ann Okafor"), ({}, "its owner")])
def test_whom_a_ticket_is_assigned_to_is_told_by_name(names: dict[str, str], whom: str) -> None:
    """The plan names the person as Jira does, and where no name is known only says where they come from."""
    change = _decide(row(), seen=known(facts=Facts({}, names=names))).decisions[0].change

    assert isinstance(change, Create)
    assert f"no ticket yet: a Task in PAY, due 2026-12-01, assigned to {whom}" == change.reason


@pytest.mark.parametrize("word", ["done", "Not doing", "PROPOSED", "no ticket"])
def test_a_word_of_the_team_keeps_a_row_from_getting_a_ticket(word: str) -> None:
    """Done, declined, proposed and untracked rows are kept as they are."""
    decision = _decide(row(status_word=word, status=OwnCell(rest=word, span=Span(90, 94)))).decisions[0]

    assert isinstance(decision.change, Keep)
    assert decision.display.empty


def test_a_ticked_task_gets_no_ticket() -> None:
    """What is done needs none."""
    assert isinstance(_decide(task(ticked=True)).decisions[0].change, Keep)


def test_a_persons_words_in_the_ticket_cell_hold_the_row_without_a_note() -> None:
    """The row is reported, and its cell is left alone."""
    decision = _decide(row(rest="ask Bo first")).decisions[0]

    assert isinstance(decision.change, Hold)
    assert Wait.PEOPLE is decision.change.wait
    assert ["row-shared-cell"] == [finding.code for finding in decision.findings]
    assert decision.display.empty


def test_a_cell_that_is_never_written_holds_the_row() -> None:
    """A ticket cell shared by several rows belongs to none of them."""
    assert ["row-shared-cell"] == [f.code for f in _decide(row(writable=False)).decisions[0].findings]


def test_a_row_without_action_says_so_on_the_page() -> None:
    """Its author reads it where the key would stand."""
    decision = _decide(row("")).decisions[0]

    assert Display(ticket=Content(note=notes.EMPTY_ACTION)) == decision.display
    assert ["row-empty-action"] == [finding.code for finding in decision.findings]


def test_a_note_that_stands_there_already_is_not_written_again() -> None:
    """The second pass is silent."""
    assert _decide(row("", note=notes.EMPTY_ACTION)).decisions[0].display.empty


def test_a_note_that_no_longer_holds_is_taken_away() -> None:
    """A declined row needs no complaint."""
    decision = _decide(row("", note=notes.EMPTY_ACTION, status_word="not doing")).decisions[0]

    assert Display(ticket=Content()) == decision.display


def test_a_note_that_a_person_edited_is_the_persons() -> None:
    """Whoever changes the sentence owns it."""
    theirs = Note(NoteKind.NO_TICKET, "Write what is to be done here. Will do, Ann")
    decision = _decide(row("", note=theirs)).decisions[0]

    assert decision.display.empty


def test_identical_rows_make_one_ticket_and_one_hold() -> None:
    """The surplus row says what to do about it."""
    first, second = _decide(row(line=0), row(line=1)).decisions

    assert isinstance(first.change, Create)
    assert isinstance(second.change, Hold)
    assert Display(ticket=Content(note=notes.DUPLICATE)) == second.display


def test_key_and_status_are_shown_behind_each_other_without_a_status_column() -> None:
    """The key first, then the lozenge."""
    item, ours = row(), ticket(1, item="aa")
    decision = _decide(item, on=claims(claim(item, "aa", ticket=ours.id)), seen=known(ours)).decisions[0]

    assert isinstance(decision.change, Update)
    assert Display(ticket=Content("PAY-1", ours.url, GREY)) == decision.display


def test_the_status_goes_to_a_blank_status_cell() -> None:
    """A status column that is empty is the worker's to fill."""
    item, ours = row(status=OwnCell(span=Span(90, 90))), ticket(1, item="aa")
    decision = _decide(item, on=claims(claim(item, "aa", ticket=ours.id)), seen=known(ours)).decisions[0]

    assert Display(ticket=Content("PAY-1", ours.url), status=Content(lozenge=GREY)) == decision.display


def test_a_persons_lozenge_in_the_status_cell_stays() -> None:
    """Even one that says what Jira says: it was not the worker who wrote it."""
    item = row(status=OwnCell(lozenges=(GREY,), span=Span(90, 95)))
    ours = ticket(1, item="aa")
    decision = _decide(item, on=claims(claim(item, "aa", ticket=ours.id)), seen=known(ours)).decisions[0]

    assert Display(ticket=Content("PAY-1", ours.url, GREY)) == decision.display


def test_a_lozenge_of_ours_follows_the_ticket() -> None:
    """What the claim remembers as shown may be replaced, and the new title is remembered before it is written."""
    item, ours = row(key="PAY-1", lozenges=(GREY,)), ticket(1, item="aa", status=DONE)
    before, after = lozenge_digest(GREY, "ticket"), lozenge_digest(lozenge_of(DONE), "ticket")
    decided = _decide(item, on=claims(claim(item, "aa", ticket=ours.id, shown=(before,))), seen=known(ours))

    assert Display(ticket=Content("PAY-1", ours.url, Lozenge("Done", "green"))) == decided.decisions[0].display
    assert (before, after, KEY_STOOD) == decided.claims.items[0].shown


def test_a_lozenge_that_a_person_changed_is_left_alone() -> None:
    """Its title is not one that the worker has shown."""
    item, ours = row(key="PAY-1", lozenges=(Lozenge("Blocked", "red"),)), ticket(1, item="aa", status=DONE)
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(GREY, "ticket"),))
    decision = _decide(item, on=claims(entry), seen=known(ours)).decisions[0]

    assert decision.display.empty


def test_what_is_shown_already_is_kept_and_nothing_is_written() -> None:
    """Key and lozenge are right, the claim knows it, and the claims stay as they are."""
    item, ours = row(key="PAY-1", lozenges=(GREY,)), ticket(1, item="aa")
    before = claims(claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(GREY, "ticket"), KEY_STOOD)))
    decided = _decide(item, on=before, seen=known(ours))

    assert isinstance(decided.decisions[0].change, Keep)
    assert before == decided.claims


@pytest.mark.parametrize(
    ("updates", "status", "saves"),
    [
        ("each change", DOING, True),
        ("category", DOING, True),
        ("daily", DOING, False),
        ("never", DONE, False),
    ],
)
def test_a_save_only_for_status_happens_as_often_as_the_team_wants(updates: str, status: object, saves: bool) -> None:
    """The page's version is as young as this pass."""
    item, ours = row(key="PAY-1", lozenges=(GREY,)), ticket(1, item="aa", status=status)
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(GREY, "ticket"),))
    team = mapping(page=PageRules(status_updates=updates))
    decision = _decide(item, on=claims(entry), seen=known(ours), team=team).decisions[0]

    assert saves is not decision.display.empty


def test_a_status_of_the_same_category_waits_for_another_save() -> None:
    """In Review after In Progress is no reason to mail every watcher."""
    shown = Lozenge("In Review", "blue")
    item, ours = row(key="PAY-1", lozenges=(shown,)), ticket(1, item="aa", status=DOING)
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(Lozenge("In Review", "blue"), "ticket"),))

    assert _decide(item, on=claims(entry), seen=known(ours)).decisions[0].display.empty


def test_an_owner_nobody_knows_is_said_on_the_row() -> None:
    """The ticket is made without assignee, and the row says what would help."""
    item = row(owners=(WrittenName("Bo"),))
    ours = ticket(1, item="aa", assignee=None)
    decision = _decide(item, on=claims(claim(item, "aa", ticket=ours.id)), seen=known(ours)).decisions[0]

    assert decision.display.ticket is not None
    assert decision.display.ticket.note == Note(
        NoteKind.DIFFERS, "The ticket has no assignee (“Bo” is not known here, mention them with @)."
    )
    assert ["owner-unknown"] == [finding.code for finding in decision.findings]


@pytest.mark.parametrize(
    ("changes", "on_ticket", "expected"),
    [
        ({"owners": (Mention(ANN), Mention("712020:bo"))}, {}, ["owner-several"]),
        ({"owners": (Mention(ANN), Mention("712020:bo"))}, {"assignee": "712020:bo"}, []),
        ({"owners": (Mention(ANN), Mention("712020:bo"))}, {"status": DONE}, []),
        (
            {"owners": (WrittenName("Bo"), WrittenName("Cy"))},
            {"assignee": None},
            ["owner-unknown", "owner-unknown", "owner-several"],
        ),
        ({"dates": (PickedDate("2026-11-02"),)}, {"due": date(2026, 11, 2)}, ["date-past"]),
        ({"dates": (PickedDate("2026-11-02"),)}, {"due": date(2026, 12, 24)}, []),
        (
            {"dates": (PickedDate("2026-11-20"),)},
            {"due": date(2026, 11, 20), "created_at": datetime(2026, 11, 20, 8, tzinfo=UTC)},
            [],
        ),
        ({"dates": (PickedDate("2026-12-01"), PickedDate("2026-12-09"))}, {}, ["date-several"]),
    ],
)
def test_how_a_row_was_read_is_told_for_as_long_as_it_stands(
    changes: dict[str, object], on_ticket: dict[str, object], expected: list[str]
) -> None:
    """Several owners or dates and a past date are told of every open ticket that still has what its row gave it."""
    plain = ticket(1, item="aa")
    assert plain.origin is not None
    unfollowed = replace(plain.origin, base=())
    ours = replace(plain, origin=unfollowed, **on_ticket)  # type: ignore[arg-type]  # — any field
    item = row(key="PAY-1", **changes)
    decision = _decide(item, on=claims(claim(item, "aa", ticket=ours.id)), seen=known(ours)).decisions[0]

    codes = [finding.code for finding in decision.findings]
    assert expected == [code for code in codes if code.startswith(("owner-", "date-"))]


def test_later_passes_say_whose_the_ticket_of_several_owners_is() -> None:
    """What the description names is left to the pass that made the ticket."""
    item, ours = row(key="PAY-1", owners=(Mention(ANN), Mention("712020:bo"))), ticket(1, item="aa")
    [finding] = _decide(item, on=claims(claim(item, "aa", ticket=ours.id)), seen=known(ours)).decisions[0].findings

    assert finding.message == (
        "Row 1 of “Action items” names several owners, and PAY-1 is assigned to the first one whose account is known: "
        "leave one owner, or split the item."
    )


def test_a_date_that_cannot_be_read_is_said_on_the_row() -> None:
    """Owner and date share one sentence."""
    item = row(owners=(WrittenName("Bo"),), dates=(WrittenDate("next sprint"),))
    ours = ticket(1, item="aa", assignee=None, due=None)
    decision = _decide(item, on=claims(claim(item, "aa", ticket=ours.id)), seen=known(ours)).decisions[0]

    assert decision.display.ticket is not None
    assert decision.display.ticket.note is not None
    assert decision.display.ticket.note.sentence == (
        "The ticket has no assignee (“Bo” is not known here, mention them with @) and has no due date "
        "(“next sprint” cannot be read for sure, write one like 2026-12-31)."
    )


def test_the_note_of_a_row_goes_when_the_ticket_is_done() -> None:
    """A done ticket is left in peace."""
    note = Note(NoteKind.DIFFERS, "The ticket has no assignee (“Bo” is not known here, mention them with @).")
    item = row(key="PAY-1", lozenges=(GREY,), note=note, owners=(WrittenName("Bo"),))
    ours = ticket(1, item="aa", assignee=None, status=DONE)
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(GREY, "ticket"), note_digest(note)))
    decision = _decide(item, on=claims(entry), seen=known(ours)).decisions[0]

    assert Display(ticket=Content("PAY-1", ours.url, lozenge_of(DONE))) == decision.display


def test_done_in_jira_ticks_the_task() -> None:
    """And shows it."""
    item, ours = task(key="PAY-1", lozenges=(GREY,)), ticket(1, item="aa", status=DONE, summary="Write the runbook")
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(GREY, "ticket"),))
    decision = _decide(item, on=claims(entry), seen=known(ours)).decisions[0]

    assert decision.display.tick is True


def test_reopened_in_jira_unticks_the_task() -> None:
    """The lozenge says that the tick stood for a done ticket."""
    done = lozenge_of(DONE)
    item = task(key="PAY-1", lozenges=(done,), ticked=True)
    ours = ticket(1, item="aa", status=DOING, summary="Write the runbook")
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(lozenge_of(DONE), "ticket"),))
    decision = _decide(item, on=claims(entry), seen=known(ours)).decisions[0]

    assert decision.display.tick is False


def test_a_persons_tick_asks_jira_for_done_once() -> None:
    """The ticket is not done, and it was a person who ticked; what was asked is remembered."""
    item = task(key="PAY-1", lozenges=(GREY,), ticked=True)
    ours = ticket(1, item="aa", summary="Write the runbook")
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(GREY, "ticket"),))
    first = _decide(item, on=claims(entry), seen=known(ours)).decisions[0]
    asked = replace(entry, shown=(*entry.shown, ASKED))
    again = _decide(item, on=claims(asked), seen=known(ours)).decisions[0]

    assert (True, None) == (first.asks_done, first.display.tick)
    assert (False, None) == (again.asks_done, again.display.tick)
    assert ["transition-unclear"] == [finding.code for finding in again.findings]


def test_an_open_claim_waits() -> None:
    """Nothing is made while an earlier create may be under way."""
    item = row()
    on = claims(claim(item, "aa", attempts=("n1",)), attempts=(attempt("n1"),))
    change = _decide(item, on=on).decisions[0].change

    assert isinstance(change, Hold)
    assert Wait.TIME is change.wait


def test_an_open_claim_of_this_pass_is_made() -> None:
    """Its own attempt is written, so the create may go out."""
    item = row()
    on = claims(claim(item, "aa", attempts=("n1",)), attempts=(attempt("n1"),))
    change = _decide(item, on=on, seen=known(mine=frozenset({"n1"}))).decisions[0].change

    assert isinstance(change, Create)
    assert "n1" == change.draft.origin.attempt


def test_an_absent_ticket_is_made_once_more_and_then_left_to_a_person() -> None:
    """Two creates without answer are enough."""
    item = row()
    once = claims(claim(item, "aa", attempts=("n1",)), attempts=(attempt("n1"),))
    twice = claims(claim(item, "aa", attempts=("n1", "n2")), attempts=(attempt("n1"), attempt("n2")))
    seen = known(absent=frozenset({"aa"}))
    again, enough = _decide(item, on=once, seen=seen), _decide(item, on=twice, seen=seen)

    assert isinstance(again.decisions[0].change, Create)
    assert isinstance(enough.decisions[0].change, Hold)
    assert Wait.PEOPLE is enough.decisions[0].change.wait


def test_a_found_ticket_is_written_back() -> None:
    """A lost answer costs no second ticket."""
    item, ours = row(), ticket(1, item="aa")
    on = claims(claim(item, "aa", attempts=("n1",)), attempts=(attempt("n1"),))
    decided = _decide(item, on=on, seen=known(ours, found={"aa": ours}))

    assert isinstance(decided.decisions[0].change, Update)
    assert (ours.id, ()) == (decided.claims.items[0].ticket, decided.claims.items[0].attempts)


def test_a_refused_wish_is_not_asked_for_again_until_something_changes() -> None:
    """Neither the row nor the mapping changed, so Jira would say the same."""
    item = row()
    entry = claim(item, "aa", refused=wish_digest(item, mapping()))
    same = _decide(item, on=claims(entry)).decisions[0]
    reworded = row("Add an alert on refunds", owners=())
    other = _decide(reworded, on=claims(claim(reworded, "aa", refused=entry.refused))).decisions[0]
    approved = _decide(item, on=claims(entry), seen=known(approved=True)).decisions[0]

    assert isinstance(same.change, Hold)
    assert Display(ticket=Content(note=notes.REFUSED)) == same.display
    assert isinstance(other.change, Create)
    assert isinstance(approved.change, Create)


def test_a_ticket_nobody_can_see_leaves_the_row_as_it_is() -> None:
    """A 404 closes, deletes and re-creates nothing."""
    item = row(key="PAY-1", lozenges=(GREY,))
    decision = _decide(item, on=claims(claim(item, "aa", ticket="10001"))).decisions[0]

    assert isinstance(decision.change, Keep)
    assert decision.display.empty
    assert ["ticket-not-visible"] == [finding.code for finding in decision.findings]


def test_a_vanished_row_is_a_finding_with_its_key() -> None:
    """Nothing is closed because something is absent."""
    ours = ticket(1, item="aa")
    decided = _decide(on=claims(claim(row(), "aa", ticket=ours.id)), seen=known(ours))

    assert ["ticket-not-on-page"] == [finding.code for finding in decided.findings]
    assert "PAY-1" in decided.findings[0].message


def test_a_moved_ticket_gets_its_new_key_on_the_page() -> None:
    """The old key resolves to the same ticket."""
    item = row(key="PAY-1", lozenges=(GREY,))
    moved = ticket(1, item="aa", key="OPS-7", url="https://acme.atlassian.net/browse/OPS-7")
    seen = known(moved)
    seen = known(moved, tickets={**seen.tickets, "PAY-1": moved})
    entry = claim(item, "aa", ticket=moved.id, shown=(lozenge_digest(GREY, "ticket"),))
    decision = _decide(item, on=claims(entry), seen=seen).decisions[0]

    assert decision.display.ticket is not None
    assert "OPS-7" == decision.display.ticket.key
    assert ["ticket-moved"] == [finding.code for finding in decision.findings]


def test_a_linked_row_shows_only_its_status_and_only_in_its_own_cell() -> None:
    """A ticket that a person chose is never edited, and its cell is the person's."""
    theirs = ticket(7)
    with_cell = _decide(row(key="PAY-7", status=OwnCell(span=Span(90, 90))), seen=known(theirs)).decisions[0]
    without = _decide(row(key="PAY-7"), seen=known(theirs)).decisions[0]

    assert Display(status=Content(lozenge=GREY)) == with_cell.display
    assert isinstance(without.change, Keep)
    assert without.display.empty


def test_a_status_lozenge_of_yesterday_is_saved_daily() -> None:
    """Daily means at most once in 24 hours."""
    item, ours = row(key="PAY-1", lozenges=(GREY,)), ticket(1, item="aa", status=DOING)
    entry = claim(item, "aa", ticket=ours.id, shown=(lozenge_digest(GREY, "ticket"),))
    team = mapping(page=PageRules(status_updates="daily"))
    decided = decide_page([item], claims(entry), WHERE, NOW - timedelta(days=1), team, known(ours))

    assert not decided.decisions[0].display.empty
