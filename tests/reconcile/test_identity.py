"""A row is matched to its ticket by key, by the editor's id, by a unique equal text, and otherwise not at all."""

import time
from dataclasses import replace

import pytest

from tests.reconcile.made import DONE, NOW, TODO, attempt, claim, claims, row, ticket
from worker.model.item import Mention
from worker.model.ticket import Status, Ticket
from worker.reconcile.claims import KEY_STOOD
from worker.reconcile.identity import Fresh, Identities, Linked, Match, Open, Tracked, Unclear, identify


def _by_name(*tickets: Ticket) -> dict[str, Ticket]:
    return {name: each for each in tickets for name in (each.id, each.key)}


def _kinds(found: Identities) -> list[type[Match]]:
    return [type(match) for match in found.matches]


def test_an_unknown_row_is_fresh() -> None:
    """Nothing claimed, no key."""
    item = row()

    assert Identities((Fresh(item),), (), 0) == identify([item], claims(), {})


def test_a_key_of_ours_makes_a_row_tracked() -> None:
    """The ticket's origin names this page and the item of the claim."""
    item = row(key="PAY-1")
    ours, entry = ticket(1, item="aa"), claim(item, "aa", ticket="10001")

    assert Identities((Tracked(item, entry, ours),), (), 1) == identify([item], claims(entry), _by_name(ours))


def test_a_key_without_origin_is_linked() -> None:
    """A ticket that a person made is shown and never edited."""
    item, theirs = row(key="PAY-7"), ticket(7)

    assert Identities((Linked(item, None, theirs),), (), 0) == identify([item], claims(), _by_name(theirs))


def test_several_keys_are_linked_and_none_is_chosen() -> None:
    """Which of two tickets is the row's is not for the worker to say."""
    item = row(key=("PAY-1", "PAY-2"))

    assert [Linked] == _kinds(identify([item], claims(), _by_name(ticket(1, item="aa"), ticket(2))))


def test_a_key_of_another_page_is_unclear() -> None:
    """A copied page carries keys whose origin names the original."""
    item = row(key="PAY-1")
    found = identify([item], claims(), _by_name(ticket(1, item="aa", page="99")))

    assert isinstance(found.matches[0], Unclear)
    assert found.matches[0].code == "page-copied"


def test_a_clone_is_not_taken_for_the_original() -> None:
    """A cloned ticket copies the origin; the claim knows the id of the real one."""
    item = row(key="PAY-2")
    original, clone = ticket(1, item="aa"), ticket(2, item="aa")
    found = identify([item], claims(claim(row(), "aa", ticket=original.id)), _by_name(original, clone))

    assert [Linked] == _kinds(found)


def test_a_lost_claim_is_read_off_the_origin() -> None:
    """A page whose property was deleted still knows its keyed rows."""
    item, ours = row(key="PAY-1"), ticket(1, item="aa")
    match = identify([item], claims(), _by_name(ours)).matches[0]

    assert isinstance(match, Tracked)
    assert ("aa", ours.id) == (match.claim.item, match.claim.ticket)


def test_of_two_rows_with_one_key_the_original_is_tracked() -> None:
    """The editor's id tells the row the key was written into from its copy."""
    copy, original = row("Add an alert soon", 0, key="PAY-1", editor="r9"), row(line=1, key="PAY-1", editor="r1")
    ours, entry = ticket(1, item="aa"), claim(row(editor="r1"), "aa", ticket="10001")
    found = identify([copy, original], claims(entry), _by_name(ours))

    assert [Unclear, Tracked] == _kinds(found)


def test_a_row_that_says_something_else_altogether_is_held() -> None:
    """A key left behind in a row that was filled with another action edits nothing."""
    before, after = row("Add an alert"), row("Hire more staff", key="PAY-1")
    ours, entry = ticket(1, item="aa"), claim(before, "aa", ticket="10001")
    match = identify([after], claims(entry), _by_name(ours)).matches[0]

    assert isinstance(match, Unclear)
    assert match.code == "row-reused"


def test_a_reworded_row_keeps_its_ticket() -> None:
    """One word in common with what it said is enough to stay with the key."""
    item = row("Add a pager alert for refunds", key="PAY-1")
    ours, entry = ticket(1, item="aa"), claim(row("Add an alert"), "aa", ticket="10001")

    assert [Tracked] == _kinds(identify([item], claims(entry), _by_name(ours)))


def test_a_cleared_key_comes_back_by_equal_text() -> None:
    """The claim is the page's memory when a key is cleared."""
    item, ours = row(), ticket(1, item="aa")
    entry = claim(item, "aa", ticket="10001")

    assert Identities((Tracked(item, entry, ours),), (), 1) == identify([item], claims(entry), _by_name(ours))


def test_a_cleared_key_comes_back_by_the_editors_id() -> None:
    """A row reworded while its key was cleared is still the same row to the editor."""
    item, ours = row("Add an alert for refunds", editor="r1"), ticket(1, item="aa")
    entry = claim(row(editor="r1"), "aa", ticket="10001")

    assert [Tracked] == _kinds(identify([item], claims(entry), _by_name(ours)))


@pytest.mark.parametrize("status", [None, DONE])
def test_the_editors_id_alone_gives_no_ticket_that_is_done_or_cannot_be_seen(status: Status | None) -> None:
    """A row that reads otherwise may be a new one to which the editor gave a former id."""
    item, tickets = row("Add an alert for refunds", editor="7"), ticket(1, item="aa", status=status or TODO)
    entry = claim(row(editor="7"), "aa", ticket=tickets.id)
    match = identify([item], claims(entry), _by_name(tickets) if status else {}).matches[0]

    assert isinstance(match, Unclear)
    assert ("row-reused", "PAY-1" if status else None) == (match.code, match.ticket)


def test_a_row_with_the_text_of_a_claim_comes_before_one_with_its_editors_id() -> None:
    """Where the ticket cannot be seen, the row that says what it was made for keeps it, and the other is new."""
    other, same = row("Order laptops", 0, editor="7"), row("Add an alert", 1, editor="8")
    entry = claim(row("Add an alert", editor="7"), "aa", ticket="10001")

    assert [Fresh, Tracked] == _kinds(identify([other, same], claims(entry), {}))


def test_an_open_claim_is_open() -> None:
    """Claimed, and no ticket known."""
    item = row()
    entry = claim(item, "aa", attempts=("n1",))

    assert Identities((Open(item, entry),), (), 0) == identify(
        [item], claims(entry, attempts=(attempt("n1", NOW),)), {}
    )


def test_identical_rows_are_one_item_and_one_twin() -> None:
    """Document order decides which of them gets the ticket."""
    found = identify([row(line=0), row(line=1)], claims(), {})

    assert [Fresh, Unclear] == _kinds(found)


def test_rows_that_differ_in_their_status_only_are_one_item() -> None:
    """A new ticket is named by all other cells, so both would get the same one; an open row comes before a done one."""
    waiting, review, done = row(status_word="Waiting"), row(line=1, status_word="In review"), row(status_word="done")

    assert [Fresh, Unclear] == _kinds(identify([waiting, review], claims(), {}))
    assert [Unclear, Fresh] == _kinds(identify([done, review], claims(), {}, idle=frozenset({0})))


def test_a_copy_without_key_is_a_twin_of_the_keyed_row() -> None:
    """Copying a row and deleting the key makes no second ticket for the same words."""
    keyed, copy = row(line=0, key="PAY-1"), row(line=1)
    ours, entry = ticket(1, item="aa"), claim(keyed, "aa", ticket="10001")

    assert [Tracked, Unclear] == _kinds(identify([keyed, copy], claims(entry), _by_name(ours)))


def test_same_action_for_two_owners_is_two_items() -> None:
    """Rows that differ in a cell are not identical."""
    assert [Fresh, Fresh] == _kinds(identify([row(), row(line=1, owners=(Mention("bob"),))], claims(), {}))


def test_same_action_for_two_owners_finds_the_right_claims_again() -> None:
    """After an old version is restored without keys, other cells tell the rows apart."""
    anns, bobs = row(), row(line=1, owners=(Mention("bob"),))
    one, two = ticket(1, item="aa"), ticket(2, item="bb")
    entries = claims(claim(bobs, "bb", ticket=two.id), claim(anns, "aa", ticket=one.id))
    found = identify([anns, bobs], entries, _by_name(one, two))

    assert [one, two] == [match.ticket for match in found.matches if isinstance(match, Tracked)]


def test_a_vanished_row_is_named_and_nothing_else() -> None:
    """Absence is reported with its claim."""
    entry = claim(row(), "aa", ticket="10001")

    assert Identities((), (entry,), 0) == identify([], claims(entry), {})


def test_an_invisible_ticket_of_ours_stays_ours() -> None:
    """A 404 is no reason to link or create."""
    item = row(key="PAY-1")
    entry = claim(item, "aa", ticket="10001")

    assert Identities((Tracked(item, entry, None),), (), 1) == identify([item], claims(entry), {})


def test_of_equal_rows_one_that_asks_for_no_ticket_comes_last() -> None:
    """A row that is done takes no claim from an equal one that is open, where the editor gives rows no ids."""
    done, open_row = row(line=0, status_word="done"), row(line=1)
    entry = claim(open_row, "aa", attempts=("n1",))
    found = identify([done, open_row], claims(entry, attempts=(attempt(),)), {}, idle=frozenset({0}))

    assert Open(open_row, entry) == found.matches[1]
    assert not isinstance(found.matches[0], Open)


def test_a_row_reworded_before_its_key_stood_there_is_held() -> None:
    """What is enough for a row with its key to be the same item is enough to make no second ticket for it."""
    ours, entry = ticket(1, item="aa"), claim(row("Add an alert"), "aa", ticket="10001")
    match = identify([row("Alert on latency")], claims(entry), _by_name(ours)).matches[0]

    assert isinstance(match, Unclear)
    assert ("row-ambiguous", "PAY-1") == (match.code, match.ticket)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Add an alert for queue depth", "Add an alert for queue depth over 500"),
        ("Upgrade to v2", "Upgrade to v3"),
        ("Alert on 5xx", "Alert on errors"),
    ],
)
def test_other_numbers_make_no_other_item_of_a_row_whose_key_never_stood_there(before: str, after: str) -> None:
    """A number that came, went or changed is a rewording too, and once the key was seen there it is another item."""
    ours = ticket(1, item="aa", summary=before)
    entry = claim(row(before), "aa", ticket=ours.id)
    (match,) = identify([row(after)], claims(entry), _by_name(ours)).matches
    seen = replace(entry, shown=(KEY_STOOD,))

    assert isinstance(match, Unclear)
    assert ("row-ambiguous", "PAY-1") == (match.code, match.ticket)
    assert [Fresh] == _kinds(identify([row(after)], claims(seen), _by_name(ours)))


def test_equal_numbers_tell_a_reworded_row_from_its_neighbour_in_a_list() -> None:
    """The neighbour has more words in common with it, and the ticket the number."""
    ours = ticket(1, item="aa", summary="Replace the disk of db-03")
    other = ticket(2, item="bb", summary="Swap disk in db-11")
    gone, neighbour = row("Replace the disk of db-03"), row("Swap disk in db-11", key="PAY-2")
    entries = claims(claim(gone, "aa", ticket=ours.id), claim(neighbour, "bb", ticket=other.id))
    found = identify([row("Swap disk in db-03", 1), neighbour], entries, _by_name(ours, other))

    assert isinstance(found.matches[0], Unclear)
    assert "PAY-1" == found.matches[0].ticket


def test_a_new_row_that_is_like_its_neighbour_too_is_fresh() -> None:
    """Of a list of hosts one was deleted and one is new: it is as like each of the others as like the deleted one."""
    ours, other = ticket(1, item="aa", summary="Replace db-03"), ticket(2, item="bb", summary="Replace db-11")
    gone, neighbour = row("Replace db-03"), row("Replace db-11", key="PAY-2")
    entries = claims(claim(gone, "aa", ticket=ours.id), claim(neighbour, "bb", ticket=other.id))

    assert [Fresh, Tracked] == _kinds(identify([row("Replace db-12", 1), neighbour], entries, _by_name(ours, other)))


def test_a_row_reworded_before_its_key_stood_there_is_held_for_a_ticket_that_is_done_by_now() -> None:
    """Nobody sees on the page that it is; once the key was seen there, the row is a new item beside a done one."""
    ours, entry = ticket(1, item="aa", status=DONE), claim(row("Add an alert"), "aa", ticket="10001")
    (match,) = identify([row("Add alerts")], claims(entry), _by_name(ours)).matches
    seen = replace(entry, shown=(KEY_STOOD,))

    assert isinstance(match, Unclear)
    assert ("row-ambiguous", "PAY-1") == (match.code, match.ticket)
    assert [Fresh] == _kinds(identify([row("Add alerts")], claims(seen), _by_name(ours)))


def test_a_new_row_beside_a_deleted_one_with_a_word_in_common_is_fresh() -> None:
    """Once the key stood in the deleted row, a new one like it has to share most of its words to be held for it."""
    ours, entry = ticket(1, item="aa"), claim(row("Add an alert"), "aa", ticket="10001", shown=(KEY_STOOD,))

    assert [Fresh] == _kinds(identify([row("Alert on latency")], claims(entry), _by_name(ours)))


def test_thousands_of_rows_find_their_claims_in_time_that_grows_with_their_number() -> None:
    """Five thousand rows that lost their keys are matched in seconds; comparing each with each takes far longer."""
    rows = [row(f"Act number {number}") for number in range(5000)]
    entries = [claim(each, f"c{number}", ticket=str(number)) for number, each in enumerate(rows)]
    began = time.monotonic()
    found = identify(rows, claims(*entries), {})
    assert [f"c{number}" for number in range(5000)] == [
        match.claim.item for match in found.matches if isinstance(match, Tracked)
    ]
    assert time.monotonic() - began < 10
