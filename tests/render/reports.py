"""Reports made by hand: every kind of change, and text that wants to be markup."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.model.finding import Finding
from worker.model.item import ActionItem, Kind, OwnCell, Place
from worker.model.plan import Create, Failed, Hold, Keep, PagePlan, TableNote, Update, Wait
from worker.model.report import PageReport, Report
from worker.model.ticket import Draft, Origin

STARTED = datetime(2026, 11, 25, 3, 0, 0, tzinfo=UTC)
FINISHED = datetime(2026, 11, 25, 3, 0, 2, 340_000, tzinfo=UTC)


def item(action: str, line: int = 0, section: str = "Action items") -> ActionItem:
    return ActionItem(
        place=Place(Kind.ROW, 0, line, section),
        editor_id=None,
        action=action,
        owners=(),
        dates=(),
        priority="",
        status_word="",
        others=(),
        ticket=OwnCell(),
        status=None,
    )


def create(action: str, line: int = 0, ticket: str | None = None) -> Create:
    draft = Draft("PAY", "Task", action, (), None, None, None, ("post-mortem-action",), None, Origin("", "101", "", ""))
    return Create(item(action, line), f"{line:010x}", draft, "The row has no ticket yet.", ticket=ticket)


def keep(action: str, line: int = 0, ticket: str | None = "PAY-9") -> Keep:
    return Keep(item(action, line), ticket, "It agrees with its ticket.")


def hold(action: str, wait: Wait, line: int = 0, ticket: str | None = None) -> Hold:
    return Hold(item(action, line), ticket, "Two rows could be meant.", wait)


PAGE = PagePlan(
    page="101",
    title="Cash-out outage [red]",
    url="https://example.atlassian.net/wiki/spaces/PAY/pages/101",
    team="Payments",
    version=7,
    changes=(
        create("Alert on queue depth | `page` the duty engineer", 0),
        Update(item("Rewrite the runbook", 1), "PAY-12", "Its status moved to In Progress."),
        keep("Größe der Warteschlange begrenzen", 2),
        hold("[bold]Move[/bold] <b>the</b> cron job", Wait.PEOPLE, 3, "PAY-13"),
        Failed(item("Drop the old table\nand tell the DBA team", 4), None, "Jira refused the summary."),
    ),
    findings=(
        Finding(
            "owner-missing", "Row 1 names nobody; write a name.", "Alert on queue depth | `page` the duty engineer"
        ),
        Finding("page-read-only", "The worker may not edit this page; ask an admin of PAY."),
    ),
    tables=(
        TableNote(True, "Action items", ("", "Action", "Owner"), "its headers name an action"),
        TableNote(False, "Timeline", ("Time", "What *happened*"), "no heading of the mapping stands above it"),
    ),
    saves=True,
)

SETTLED = PagePlan(
    "102",
    "Vault retries",
    "https://example.atlassian.net/wiki/spaces/PAY/pages/102",
    "Payments",
    3,
    (keep("Budget retries"),),
)


def report(*pages: PagePlan, command: str = "plan", saved: bool = False, **more: object) -> Report:
    reports = tuple(PageReport(page, saved=saved and page.saves) for page in pages)
    return Report(command, reports, 9, STARTED, FINISHED, **more)
