"""Races that a storm found, each pinned by name."""

from __future__ import annotations

import pytest

from tests.passes.stage import stage
from tests.storm import people
from tests.storm.passes import one_pass
from tests.storm.scenarios import first_sync, task_list
from tests.storm.trial import Point, tried

FOUND = {
    "claims deleted while their tickets are not shown yet": "lost-answer:claims-deleted@1",
    "claims deleted right before the page is saved": "lost-answer:claims-deleted@9+very-row-date@11",
    "claims that say of no page that they are its own": "lost-answer:claims-corrupted@1",
    "claims of another page written over a page's own": "two-pages:claims-copied@18",
    "claims deleted in the pass before the row goes": "mixed:row-removed@15+claims-deleted@6",
    "the row of an open claim removed": "lost-answer:row-removed@2",
    "the table of open claims removed": "lost-answer:table-removed@9",
    "claims deleted in the pass that clears a key": (
        "statuses:500-after@2+login-before@6/key-cleared@5+claims-deleted@3/restored@1"
    ),
    "a lost ticket moved to another project and the claims deleted": (
        "lost-answer:429-storm@5+claims-deleted@8/ticket-elsewhere@1"
    ),
    "a line written below the key of a task, and the claims deleted": (
        "task-list:claims-deleted@15+own-cell-words@8/own-cell-words@3+ticket-cloned@10"
    ),
    "words taken away, before its key was shown, from a row without an id": (
        "datacenter.first-sync:very-row@4+restored@18"
    ),
    "words added, before its key was shown, to a row without an id": "datacenter.lost-answer:very-row@76",
    "a page copied while it was without its label": (
        "no-ticket-column:unlabelled@5+502-after@17~search-forgets@1+page-copied-whole@5"
    ),
    "a hidden ticket's key under a renamed header, on a page that lost its claims": (
        "datacenter.full-claims:ticket-header@4+ticket-hidden@2/claims-deleted@6"
    ),
    "claims deleted while two workers make what an earlier one did not": (
        "datacenter.lost-question-lately:ticket-header@42/claims-deleted@47+lockstep@1"
    ),
    "a page decided on claims that another worker had stored anew": "lost-answer:lockstep@3/ticket-elsewhere@4",
}


def test_claims_deleted_while_the_ticket_header_says_something_else() -> None:
    """A row whose key stands under such a header gets no second ticket."""
    with stage() as scene_stage:
        scene = first_sync(scene_stage)
        one_pass(scene)
        scene.jira.transition("PAY-3", "Done")
        people.rewords_ticket_header(scene)
        people.deletes_claims(scene)
        for _ in range(3):
            scene.advance()
            one_pass(scene)

        assert len(scene.tickets()) == 3


@pytest.mark.parametrize("point", FOUND.values(), ids=FOUND.keys())
def test_what_a_storm_found_is_mended(point: str) -> None:
    """Each of these broke a promise once."""
    verdict = tried(Point.read(point))

    assert () == verdict.broken
    assert verdict.struck


def test_a_status_left_without_its_key_is_no_part_of_the_action() -> None:
    """Somebody deletes the key from a task and leaves the status: the ticket keeps its summary."""
    with stage() as made:
        scene = task_list(made)
        one_pass(scene)
        scene.replaces(r'<a href="[^"]*/browse/[^"]*"[^>]*>[^<]*</a>', "")
        one_pass(scene)
        one_pass(scene)

        assert list(scene.rows) == [ticket.summary for ticket in scene.tickets()]
