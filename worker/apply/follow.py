"""Makes tickets follow their rows: changed fields, adopted homes, and done where a task was ticked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.apply.job import Progress, Reading
from worker.errors import NoAnswer
from worker.model.claim import Claim
from worker.model.finding import Finding
from worker.model.plan import Failed, Hold, Wait
from worker.model.ticket import Category, Refused, Ticket, TicketEdit
from worker.ports import TicketReader, TicketWriter
from worker.reconcile.decide import ASKED, Decision
from worker.reconcile.merge import edited, without
from worker.reconcile.sentences import subject


@dataclass(frozen=True, slots=True)
class Follower:
    """Edits and moves tickets; one instance serves all worker threads."""

    reader: TicketReader
    writer: TicketWriter

    def refresh(self, progress: Progress, reading: Reading) -> bool:
        """Reads again, right before they are edited, the tickets that are to follow; whether there are any."""
        ids = [each.edit.ticket for each in _edits(progress, reading) if each.edit is not None]
        if ids:
            progress.see(self.reader.tickets(ids).values())
        return bool(ids)

    def edit(self, progress: Progress, reading: Reading) -> None:
        """Makes the edits, each once in a pass, whatever comes of it."""
        for decision in _edits(progress, reading):
            edit = decision.edit
            ticket = progress.known.tickets.get(edit.ticket) if edit is not None else None
            if edit is None or ticket is None:
                continue
            progress.tried.add(edit.ticket)
            progress.findings.extend(decision.findings)
            try:
                refused = self._try(progress, decision, edit, ticket)
            except NoAnswer:
                reason = f"changing {ticket.key} got no answer; the next pass looks what became of it"
                progress.instead[edit.ticket] = Hold(decision.change.item, ticket.key, reason, Wait.TIME)
                continue
            if refused is not None:
                reason = f"Jira refused the change of {ticket.key}: {refused.message}"
                progress.instead[edit.ticket] = Failed(decision.change.item, ticket.key, reason)
            else:
                progress.instead[edit.ticket] = decision.change

    def _try(self, progress: Progress, decision: Decision, edit: TicketEdit, ticket: Ticket) -> Refused | None:
        refused = self.writer.edit(edit)
        if refused is not None:
            names = frozenset(name for name, _ in refused.fields) & {_JIRA_WORD.get(n, n) for n, _ in edit.values}
            ours = frozenset(name for name, _ in edit.values if _JIRA_WORD.get(name, name) in names)
            if not ours:
                return refused
            item = decision.change.item
            message = f"{subject(item)}: {ticket.key} keeps what it has, for Jira refused {refused.message}."
            progress.findings.append(Finding("field-refused", message, item.action))
            edit = without(edit, ours, ticket)
            refused = self.writer.edit(edit)
        if refused is None:
            progress.see([edited(ticket, edit)])
        return refused

    def remember_asking(self, progress: Progress, reading: Reading) -> list[tuple[Decision, Claim]]:
        """Puts into the claims that Jira is about to be asked for done; the caller stores them before it asks."""
        asking = [
            (each, replace(each.claim, shown=(*each.claim.shown, ASKED)))
            for each in reading.decision.decisions
            if each.asks_done and each.claim is not None
        ]
        for _, claim in asking:
            progress.learn(claim)
        return asking

    def ask_for_done(self, progress: Progress, asking: list[tuple[Decision, Claim]]) -> None:
        """Does the one transition that leads to done; where there is none or more than one, a person has to."""
        moved = []
        for decision, claim in asking:
            ticket_id, item = claim.ticket or "", decision.change.item
            ways = [way for way in self.reader.transitions(ticket_id) if way.to.category is Category.DONE]
            refused: Refused | None = None
            if len(ways) == 1:
                try:
                    refused = self.writer.move(ticket_id, ways[0].id)
                except NoAnswer:
                    refused = Refused((), "no answer came")
            if len(ways) == 1 and refused is None:
                moved.append(ticket_id)
                progress.instead[ticket_id] = decision.change
                continue
            why = (
                f"Jira refused “{ways[0].name}” ({refused.message})"
                if refused
                else f"{len(ways)} transitions lead there"
            )
            message = f"{subject(item)} was ticked, but its ticket was not moved to done: {why}. Close it in Jira."
            progress.findings.append(Finding("transition-unclear", message, item.action))
        if moved:
            progress.see(self.reader.tickets(moved).values())


_JIRA_WORD = {"owner": "assignee"}
"""Our name of a followed field where a refusal calls it otherwise."""


def _edits(progress: Progress, reading: Reading) -> list[Decision]:
    return [
        each for each in reading.decision.decisions if each.edit is not None and each.edit.ticket not in progress.tried
    ]
