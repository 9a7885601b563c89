"""Makes tickets follow their rows: changed fields, adopted homes, and done where a task was ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.apply.job import Progress, Reading
from worker.errors import NoAnswer, RemoteError
from worker.model.claim import Claim
from worker.model.finding import Finding
from worker.model.plan import Change, Failed, Hold, Keep, Update, Wait
from worker.model.ticket import NotMade, Refused, Ticket, TicketEdit, Transition
from worker.ports import TicketReader, TicketWriter
from worker.reconcile.decide import Decision
from worker.reconcile.merge import edited, without
from worker.reconcile.reasons import edit_reason, edit_refused
from worker.reconcile.refusals import again, edit_today
from worker.reconcile.ticks import ASKED, leading_to_done, not_moved, why_not


@dataclass(frozen=True, slots=True)
class Asking:
    """A ticked task, its claim with the mark that Jira is asked, and the transitions that are open."""

    decision: Decision
    claim: Claim
    ways: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Follower:
    """Edits and moves tickets; one instance serves all worker threads."""

    reader: TicketReader
    writer: TicketWriter

    def refresh(self, progress: Progress, reading: Reading) -> bool:
        """Reads again, right before they are edited or moved, the tickets that are to follow; whether there are any.

        A ticket that somebody moved since the plan has other transitions open: what the plan read of them is dropped.
        """
        ids = [each.edit.ticket for each in _edits(progress, reading) if each.edit is not None]
        ids += [ticket for _, _, ticket in _asks(progress, reading) if ticket not in ids]
        if ids:
            planned = [ticket for name in ids if (ticket := progress.known.tickets.get(name)) is not None]
            progress.see(self.reader.tickets(ids).values())
            progress.drop_ways(each.id for each in planned if progress.known.tickets[each.id].status != each.status)
        return bool(ids)

    def edit(self, progress: Progress, reading: Reading) -> None:
        """Makes the edits, each once in a pass, whatever comes of it."""
        for decision in _edits(progress, reading):
            edit, item = decision.edit, decision.change.item
            ticket = progress.known.tickets.get(edit.ticket) if edit is not None else None
            if edit is None or ticket is None:
                continue
            progress.tried.add(edit.ticket)
            progress.findings.extend(decision.findings)
            try:
                outcome = self._try(progress, decision, edit, ticket)
            except NoAnswer:
                reason = f"changing {ticket.key} got no answer; the next pass looks what became of it"
                outcome = Hold(item, ticket.key, reason, Wait.TIME)
            progress.instead[edit.ticket] = outcome

    def _try(self, progress: Progress, decision: Decision, edit: TicketEdit, ticket: Ticket) -> Change:
        """What became of one edit; a field that Jira refuses costs that field, and is not tried again."""
        item, outcome = decision.change.item, decision.change
        refused = self.writer.edit(edit)
        news: tuple[Finding, ...] = ()
        ours: frozenset[str] = frozenset()
        if isinstance(refused, Refused):
            names = {name for name, _ in refused.fields}
            ours = frozenset(name for name, _ in edit.values if _JIRA_WORD.get(name, name) in names)
        if isinstance(refused, Refused) and ours:
            said = refused.message.rstrip(".")
            news = (edit_refused(item, ticket, edit, ours, said),)
            edit = without(edit, ours, ticket)
            outcome = Update(item, ticket.key, edit_reason(ticket, edit))
            if not edit.values:
                outcome = Keep(item, ticket.key, f"{ticket.key} keeps what it has: Jira refused {said}")
            refused = self.writer.edit(edit)
        if refused is None:
            progress.findings.extend(news)
            progress.see([edited(ticket, edit)])
            return outcome
        if isinstance(refused, NotMade) and refused.status == 429:
            return Hold(item, ticket.key, f"Jira asked to slow down before changing {ticket.key}", Wait.TIME)
        said = f"Jira refused the change of {ticket.key}: {refused.message}"
        if decision.claim is None or decision.edit is None or (isinstance(refused, NotMade) and not _lasts(refused)):
            return Failed(item, ticket.key, said)
        progress.learn(replace(decision.claim, refused=edit_today(decision.edit, progress.known.now)))
        return Failed(item, ticket.key, f"{said.rstrip('.')}. {again(progress.known.now)}")

    def ways_to_done(self, progress: Progress, reading: Reading) -> list[Asking]:
        """The ticked tasks whose tickets are to be done, each with the transitions that lead there.

        Puts into the claims that Jira is about to be asked; the caller stores them before it asks.
        """
        asking = []
        for decision, claim, ticket in _asks(progress, reading):
            progress.asked_for_done.add(ticket)
            try:
                ways = self._ways(progress, ticket)
            except RemoteError as error:
                reason = f"asking Jira for done failed: {error}"
                progress.instead[ticket] = Failed(decision.change.item, decision.change.ticket, reason)
                continue
            asking.append(Asking(decision, replace(claim, shown=(*claim.shown, ASKED)), ways))
        for each in asking:
            progress.learn(each.claim)
        return asking

    def _ways(self, progress: Progress, ticket: str) -> tuple[Transition, ...]:
        """The transitions that are open, as the plan read them; read now for a tick that is newer than the plan."""
        facts = progress.known.facts
        if ticket not in facts.ways:
            facts = replace(facts, ways={**facts.ways, ticket: self.reader.transitions(ticket)})
            progress.known = replace(progress.known, facts=facts)
        return facts.ways[ticket]

    def ask_for_done(self, progress: Progress, asking: Sequence[Asking]) -> None:
        """Does the one transition that leads to done; where there is none or more than one, a person has to.

        A ticket for which another worker stored the mark first is left to that one: Jira is asked once.
        """
        moved: list[str] = []
        for each in asking:
            ticket_id, item = each.claim.ticket or "", each.decision.change.item
            if each.claim.item in progress.forestalled:
                moved.append(ticket_id)
                continue
            why = self._why_not_moved(progress, each, ticket_id)
            if why is None:
                moved.append(ticket_id)
                progress.instead.setdefault(ticket_id, each.decision.change)  # what became of an edit stays said
                continue
            progress.findings.append(not_moved(item, progress.known.tickets[ticket_id].key, why))
        if moved:
            progress.see(self.reader.tickets(moved).values())

    def _why_not_moved(self, progress: Progress, asking: Asking, ticket_id: str) -> str | None:
        """None when the ticket was moved. What was turned down only for now may be asked again in a later pass."""
        why = why_not(asking.ways)
        if why is not None:
            return why
        (way,) = leading_to_done(asking.ways)
        try:
            outcome = self.writer.move(ticket_id, way.id)
        except NoAnswer:
            return f"“{way.name}” got no answer"
        if isinstance(outcome, NotMade) and not _lasts(outcome):
            progress.learn(replace(asking.claim, shown=tuple(one for one in asking.claim.shown if one != ASKED)))
            progress.drop_ways([ticket_id])  # else the page would show where the way leads
            return f"“{way.name}” was turned down for now ({outcome.message})"
        return f"Jira refused “{way.name}” ({outcome.message})" if outcome is not None else None


_JIRA_WORD = {"owner": "assignee"}
"""Our name of a followed field where a refusal calls it otherwise."""


def _lasts(answer: NotMade) -> bool:
    """A 404 says that the ticket was hidden since it was read (edit issue), and the next read tells for how long."""
    return answer.lasts and answer.status != 404


def _edits(progress: Progress, reading: Reading) -> list[Decision]:
    return [
        each for each in reading.decision.decisions if each.edit is not None and each.edit.ticket not in progress.tried
    ]


def _asks(progress: Progress, reading: Reading) -> list[tuple[Decision, Claim, str]]:
    """The ticked tasks that ask for done, with claim and ticket id, each once in a pass."""
    return [
        (each, each.claim, each.claim.ticket)
        for each in reading.decision.decisions
        if each.asks_done
        and each.claim is not None
        and each.claim.ticket
        and each.claim.ticket not in progress.asked_for_done
    ]
