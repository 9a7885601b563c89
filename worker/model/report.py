"""What a pass found and did: the value that every format is rendered from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, IntEnum
from typing import Literal

from worker.model.finding import Finding
from worker.model.plan import Create, Failed, Hold, Keep, PagePlan, Update, Wait


class Exit(IntEnum):
    """Exit codes; when several apply the order of precedence is UNREACHABLE, FAILED, HELD."""

    SETTLED = 0
    CRASHED = 1
    MISUSED = 2
    FAILED = 3
    HELD = 4
    UNREACHABLE = 5


@dataclass(frozen=True, slots=True)
class PageReport:
    """One page after the pass: its changes as they turned out (``plan``: as they would)."""

    plan: PagePlan
    saved: bool


class TicketState(Enum):
    """How a tracked ticket stands; each is in exactly one state."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TrackedTicket:
    """One ticket that the worker made and a page of the pass claims, as it was when the pass last looked."""

    team: str
    key: str
    due: date | None
    state: TicketState


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a pass sent to one product."""

    product: str
    """``Confluence`` or ``Jira``."""
    requests: int
    """Every attempt that reached for an answer."""
    waits: int
    """How often it waited before a request was sent again."""
    waited: timedelta
    """How long all these waits were to be, over all threads."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all pages, named as in the JSON result."""

    pages: int
    created: int
    updated: int
    kept: int
    held: int
    failed: int
    waiting: int
    pages_saved: int
    requests: int
    pages_failed: int
    """Pages that could not be read or written; ``failed`` counts changes."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole pass."""

    command: Literal["plan", "sync"]
    pages: tuple[PageReport, ...]
    requests: int
    started_at: datetime
    finished_at: datetime
    stopped: str | None = None
    """Why the pass ended early (deadline, SIGTERM, cap, quota, refused credentials), or None."""
    resumes_at: datetime | None = None
    """When a product whose quota is used up takes requests again, in its own time; None where none is."""
    refused: Literal[Exit.MISUSED, Exit.FAILED, Exit.UNREACHABLE] | None = None
    """With which code the whole pass ended, whatever became of its pages; None for a pass that went its way."""
    notices: tuple[str, ...] = ()
    """What concerns no single page and is no error."""
    findings: tuple[Finding, ...] = ()
    """What concerns pages that are not listed."""
    errors: tuple[str, ...] = ()
    """What failed for good beside any page: a team's search, say."""
    mistakes: tuple[str, ...] = ()
    """Those of the errors that a mapping or a setting makes: no later pass heals them."""
    jira: str = ""
    """Address of Jira that people use, without a slash at the end; empty when it is not known."""
    tickets: tuple[TrackedTicket, ...] = ()
    """Every tracked ticket of the pages of the pass, each once, those among them that the pass made."""
    traffic: tuple[Traffic, ...] = ()
    """What was sent, by product; empty where nobody counted."""

    @property
    def totals(self) -> Totals:
        """The sums; in ``plan``, ``pages_saved`` counts the pages that ``sync`` would save."""
        changes = [change for page in self.pages for change in page.plan.changes]
        holds = [change for change in changes if isinstance(change, Hold)]
        return Totals(
            pages=len(self.pages),
            created=sum(isinstance(change, Create) for change in changes),
            updated=sum(isinstance(change, Update) for change in changes),
            kept=sum(isinstance(change, Keep) for change in changes),
            held=len(holds),
            failed=sum(isinstance(change, Failed) for change in changes),
            waiting=sum(hold.wait in (Wait.PEOPLE, Wait.TIME) for hold in holds),
            pages_saved=sum(page.plan.saves if self.command == "plan" else page.saved for page in self.pages),
            requests=self.requests,
            pages_failed=sum(page.plan.failed for page in self.pages),
        )

    @property
    def exit(self) -> Exit:
        """The one exit code of the pass."""
        plans = [page.plan for page in self.pages]
        changes = [change for plan in plans for change in plan.changes]
        if self.refused is not None:
            return self.refused
        if self.errors or any(plan.failed for plan in plans) or any(isinstance(change, Failed) for change in changes):
            return Exit.FAILED
        guarded = any(finding.code == "table-shrunk" for plan in plans for finding in plan.findings)
        guarded = guarded or any(finding.code == "pages-gone" for finding in self.findings)
        if guarded or any(isinstance(change, Hold) and change.wait.imposed for change in changes):
            return Exit.HELD
        return Exit.SETTLED
