"""The words that every format shares: what a change is called, what the totals say, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from worker.model.finding import Finding
from worker.model.plan import Change, Create, Failed, Hold, Keep, PagePlan, TableNote, Update, Wait
from worker.model.report import Exit, PageReport, Report

Kind = Literal["create", "update", "keep", "hold", "failed"]

KINDS: tuple[Kind, ...] = ("create", "update", "keep", "hold", "failed")
"""In the order of the totals."""

WAITS = {
    Wait.PEOPLE: "waits for people",
    Wait.TIME: "waits for time",
    Wait.LIMIT: "held by a limit",
    Wait.TURN: "waits for its turn",
    Wait.GUARD: "held by the shrink guard",
}


ELSEWHERE = "Pages that are not listed any more"
"""Heads the findings that concern no page of the pass."""


@dataclass(frozen=True, slots=True)
class Row:
    """One change in the words of the result."""

    kind: Kind
    item: str
    """The action, as written."""
    ticket: str | None
    reason: str
    place: str
    """Where on the page, as in ``row 2 of “Action items”``."""
    wait: Wait | None = None
    """What a hold waits for."""
    code: str | None = None
    """The finding that says what the reason says; it need not be told twice."""

    @property
    def why(self) -> str:
        """The reason, for what the item waits, and where it is explained."""
        said = f"{self.reason} ({self.code})" if self.code else self.reason
        return f"{WAITS[self.wait]}: {said}" if self.wait else said

    @property
    def label(self) -> str:
        """The action, or where it would stand when the row has none."""
        return self.item.strip() or f"({self.place})"


def row(change: Change) -> Row:
    """The change as it is shown."""
    item, place = change.item.action, str(change.item.place)
    match change:
        case Create():
            return Row("create", item, change.ticket, change.reason, place)
        case Update():
            return Row("update", item, change.ticket, change.reason, place)
        case Keep():
            return Row("keep", item, change.ticket, change.reason, place)
        case Hold():
            return Row("hold", item, change.ticket, change.reason, place, change.wait)
        case Failed():
            return Row("failed", item, change.ticket, change.reason, place)


def rows(plan: PagePlan) -> list[Row]:
    """The page's changes; those whose reason is a finding, word for word, bear its code."""
    codes = {finding.message: finding.code for finding in plan.findings}
    return [replace(each, code=codes.get(each.reason)) for each in map(row, plan.changes)]


def other_findings(plan: PagePlan) -> list[Finding]:
    """The findings that are not told by a change already."""
    told = {change.reason for change in plan.changes}
    return [finding for finding in plan.findings if finding.message not in told]


def table_note(table: TableNote, escaped: Callable[[str], str]) -> str:
    """What was thought of a table or list, in one line; ``escaped`` makes text from the page safe for the format."""
    verdict = "taken" if table.taken else "left alone"
    where = f" under “{escaped(table.section)}”" if table.section else ""
    names = escaped(", ".join(name for name in table.header if name))
    return f"{verdict}{where}{f' ({names})' if names else ''}: {escaped(table.reason)}"


def count(number: int, thing: str) -> str:
    """``1 page``, ``2 pages``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def is_quiet(plan: PagePlan) -> bool:
    """Whether there is nothing to tell about the page beyond what stays as it is."""
    return not plan.findings and not plan.failed and not plan.saves and all(isinstance(c, Keep) for c in plan.changes)


def state(page: PageReport, command: Literal["plan", "sync"]) -> str:
    """What became of the page itself, or an empty string when it stays as it is."""
    if page.plan.failed:
        return "failed"
    if command == "plan":
        return "would be saved" if page.plan.saves else ""
    return "saved" if page.saved else ""


def headline(report: Report) -> str:
    """The totals in one sentence, and what the pass cost in another."""
    totals = report.totals
    planned = report.command == "plan"
    parts = [
        f"{totals.created} {'to create' if planned else 'created'}",
        f"{totals.updated} {'to update' if planned else 'updated'}",
        f"{totals.kept} {'to keep' if planned else 'kept'}",
    ]
    if totals.held:
        some = f"{totals.held} held" + (f" ({totals.waiting} waiting)" if totals.waiting else "")
        parts.append(f"{totals.held} waiting" if totals.waiting == totals.held else some)
    if totals.failed:
        parts.append(f"{totals.failed} failed")
    saved = f"{count(totals.pages_saved, 'page')} {'would be saved' if planned else 'saved'}"
    if totals.pages_failed:
        saved += f", {count(totals.pages_failed, 'page')} failed"
    seconds = (report.finished_at - report.started_at).total_seconds()
    cost = f"{count(totals.requests, 'request')} in {seconds:.1f} s."
    pages = len({page.plan.page for page in report.pages})  # one that two mappings match is listed for either
    return f"{count(pages, 'page')}: {', '.join(parts)}; {saved}. {cost}"


def remarks(report: Report) -> tuple[str, ...]:
    """What concerns the whole pass: notices, and its troubles."""
    return (*report.notices, *troubles(report))


def troubles(report: Report) -> tuple[str, ...]:
    """Why the pass ended early, and what failed beside any page."""
    early = (f"The pass ended early: {report.stopped.rstrip('.')}.",) if report.stopped else ()
    return (*early, *report.errors)


def next_steps(report: Report) -> tuple[str, ...]:
    """What the reader can do now, one sentence each; empty when there is nothing to do."""
    totals = report.totals
    steps = []
    if report.command == "plan" and (totals.created or totals.updated or totals.pages_saved):
        steps.append("To do this, run “postmortem-sync sync” with the same options.")
    limited = _pages(report, lambda plan: _holds(plan, Wait.LIMIT, Wait.GUARD))
    if limited:
        steps.append(
            "What a limit or the shrink guard holds stays held until a person has looked: "
            f"“postmortem-sync sync {_options('--approve', limited)}” lets it through once."
        )
    if _pages(report, lambda plan: _holds(plan, Wait.TURN)):
        steps.append(
            "What waits for its turn goes on by itself in the next passes; “--approve”, as said beside it, is for what "
            "cannot wait."
        )
    copied = _pages(report, lambda plan: any(finding.code == "page-copied" for finding in plan.findings))
    if copied:
        steps.append(
            "A copied page leaves its tickets to the original: "
            f"“postmortem-sync sync {_options('--adopt', copied)}” makes the copy their home."
        )
    if report.command == "sync" and report.stopped and report.refused is None:
        steps.append("What was begun is finished and recorded; what was left waits for the next pass.")
    misused = report.refused is Exit.MISUSED
    if misused:
        steps.append("Correct what is said above, and run the command again.")
    if report.mistakes and not misused:
        steps.append("What a mapping or setting does wrong fails in every pass until it is corrected, as said above.")
    if (set(report.errors) - set(report.mistakes) and not misused) or any(map(_may_heal(report), report.pages)):
        steps.append("What failed is tried again by the next pass; the reason stands beside it.")
    if _pages(report, lambda plan: _holds(plan, Wait.TIME)):
        steps.append("What waits for time goes on by itself in a later pass.")
    if report.findings or any(page.plan.findings for page in report.pages):
        steps.append("Every finding is explained in the project's docs/findings.md.")
    return tuple(steps)


def _may_heal(report: Report) -> Callable[[PageReport], bool]:
    """Whether something of a page failed for another reason than a mapping."""

    def heals(page: PageReport) -> bool:
        failed = (change.reason for change in page.plan.changes if isinstance(change, Failed))
        return page.plan.failed or any(not any(each in why for each in report.mistakes) for why in failed)

    return heals


def _holds(plan: PagePlan, *waits: Wait) -> bool:
    return any(isinstance(change, Hold) and change.wait in waits for change in plan.changes)


def _pages(report: Report, wanted: Callable[[PagePlan], bool]) -> tuple[str, ...]:
    return tuple(page.plan.page for page in report.pages if wanted(page.plan))


def _options(option: str, pages: tuple[str, ...]) -> str:
    return " ".join(f"{option} {page}" for page in pages)
