"""What a task's tick means: that its ticket is done, or that a person asks for that, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.model.claim import Claim
from worker.model.finding import Finding
from worker.model.item import ActionItem, digest
from worker.model.ticket import Category, Status, Ticket, Transition
from worker.reconcile.display import Display, lozenge_of
from worker.reconcile.sentences import subject

ASKED = digest("asked for done", length=6)
"""Stands among what a claim remembers once Jira was asked to close the ticket of a ticked task."""

TICKED_DONE = digest("the tick stands for done", length=6)
"""Stands there while a ticked task's ticket is known to be done: once it is not any more, Jira reopened it."""

MARKS = (ASKED, TICKED_DONE)


@dataclass(frozen=True, slots=True)
class Tick:
    """What comes of a task's box."""

    asks: bool = False
    """A person ticked it, and Jira has not been asked for done yet."""
    moves: bool = False
    """It is to be asked, and as far as is known it will do that."""
    leads_to: Status | None = None
    """The status that it will have then, where that is known."""
    findings: tuple[Finding, ...] = ()


def read_tick(
    item: ActionItem, ticket: Ticket, claim: Claim, display: Display, ways: Sequence[Transition] | None
) -> Tick:
    """What a person's tick asks for. ``ways``: the transitions that are open from here; None where nobody looked."""
    if item.ticked and display.tick is None and ticket.status.category is not Category.DONE:
        asks = ASKED not in claim.shown
        why = why_not(ways) if ways is not None else None
        if why is not None:
            return Tick(asks, findings=(not_moved(item, ticket.key, why),))
        if not asks:
            return Tick(findings=(_still_open(item, ticket),))
        return Tick(asks=True, moves=True, leads_to=leading_to_done(ways)[0].to if ways is not None else None)
    if display.tick and item.ticket.lozenges and item.ticket.lozenges[0] == lozenge_of(ticket.status):
        message = f"{subject(item)} was unticked, but {ticket.key} is done in Jira: reopen it there to untick the task."
        return Tick(findings=(Finding("transition-unclear", message, item.action),))
    return Tick()


def leading_to_done(ways: Sequence[Transition]) -> tuple[Transition, ...]:
    """The transitions that end in a status of the category done."""
    return tuple(way for way in ways if way.to.category is Category.DONE)


def why_not(ways: Sequence[Transition]) -> str | None:
    """Why none of these can be taken: a person has to, unless exactly one leads to done (None)."""
    done = leading_to_done(ways)
    if len(done) == 1:
        return None
    return f"{len(done)} transitions lead there" if done else "no transition leads there"


def not_moved(item: ActionItem, ticket: str, why: str) -> Finding:
    """The task was ticked, and its ticket (a key) stays where it is."""
    message = f"{subject(item)} was ticked, but {ticket} was not moved to done: {why}. Close it in Jira."
    return Finding("transition-unclear", message, item.action)


def marks(claim: Claim, item: ActionItem, ticket: Ticket, display: Display) -> tuple[str, ...]:
    """What is remembered of a task's tick: that it stands for a done ticket, and that Jira was asked for done.

    Both are forgotten once the box is seen empty, and not before: a tick that is about to be taken away must not look
    like a person's when the page is read once more.
    """
    shown = claim.shown
    if item.ticked is False and not display.tick:
        shown = tuple(each for each in shown if each not in MARKS)
    ticked = display.tick or (item.ticked and display.tick is None)
    if ticked and ticket.status.category is Category.DONE and TICKED_DONE not in shown:
        shown = (*shown, TICKED_DONE)
    return shown


def _still_open(item: ActionItem, ticket: Ticket) -> Finding:
    message = (
        f"{subject(item)} was ticked on the page, and {ticket.key} is still {ticket.status.name} in Jira: close "
        "it there, or untick the task."
    )
    return Finding("transition-unclear", message, item.action)
