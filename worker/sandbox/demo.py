"""Tells the story of the demo: sample post-mortems are planned, synced, worked on by people, and synced again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from worker.model.ticket import Category
from worker.render.text import show
from worker.sandbox.pages import StoredPage
from worker.sandbox.passes import Passes
from worker.sandbox.reader.resolve import tone
from worker.sandbox.reader.site import Site, page_path
from worker.sandbox.reader.terminal import COLOURS, render_page_text
from worker.sandbox.world import World

SECTIONS = ("Action items", "Corrective actions")
"""The headings under which the sample pages keep their action items; the demo shows these sections only."""

MOVES = (
    ("Give vault retries a budget: at most 10 % extra load, with jitter", "In Progress"),
    ("Alert on a five-minute window of the authorisation success rate", "Done"),
    ("Page the duty engineer when no receipt has arrived by 15:30", "In Review"),
    ("Rewrite the runbook for stuck batches", "Done"),
    ("Send an idempotency key with every payout", "In Progress"),
    ("Put the reason of a failed handshake into the alert", "Done"),
    ("Move the decline review from weekly to daily", "Done"),
    ("Rewrite the clean-up job in batches of 10,000 rows", "In Progress"),
)
"""What people do with their tickets between two passes: summary and status."""


@dataclass(frozen=True, slots=True)
class Story:
    """One telling; every chapter prints what it did."""

    console: Console
    world: World
    address: str
    passes: Passes
    writes: Callable[[], int]
    """How many writing requests the sandbox itself has counted so far."""

    def tell(self) -> int:
        """All chapters in order; gives the exit code of the last pass."""
        pages = self._pages()
        self._chapter(
            1, "Before",
            f"A sandbox at {self.address} holds {len(pages)} post-mortems of a payments company. "
            "These are their action items as people wrote them.",
        )  # fmt: skip
        self._show_pages(pages)
        self._chapter(2, "Plan", "The worker reads everything and says what it would do, and why. It cannot write.")
        show(self.passes.plan(), self.console)
        self._chapter(3, "Sync", "Now it does so: tickets in Jira, keys and statuses in its own cells of the pages.")
        self._sync_and_show_changed_pages()
        self._tickets()
        self._chapter(4, "People work", "Half an hour passes, and tickets move along.")
        self._move_tickets()
        self._chapter(5, "Sync again", "Statuses come back to the pages, and a page that was being written is ready.")
        self._sync_and_show_changed_pages()
        self._chapter(6, "Once more", "Nothing has happened since, so nothing is written.")
        before = self.writes()
        report = self.passes.sync()
        wrote = self.writes() - before
        self.console.print(
            f"The sandbox counted [bold]{wrote} writes[/] among {report.requests} requests of this pass."
        )
        return int(report.exit)

    def _chapter(self, number: int, title: str, text: str) -> None:
        self.console.print()
        self.console.rule(Text(f"{number}  {title}", style="bold"), align="left")
        self.console.print(Text(text))
        self.console.print()

    def _pages(self) -> list[StoredPage]:
        pages = self.world.confluence.pages.values()
        return [page for page in pages if "post-mortem" in page.labels and "post-mortem-template" not in page.labels]

    def _site(self) -> Site:
        return Site(self.world.confluence, self.world.jira, self.world.people)

    def _show_pages(self, pages: Collection[StoredPage]) -> None:
        for page in pages:
            line = Text.assemble((page.title, "bold underline"), (f"  version {page.version.number}", "dim"))
            if page.readers is not None:
                line.append("  restricted", style="red")
            self.console.print(line)
            self.console.print(Text(self.address + page_path(page), style="dim"), soft_wrap=True)
            self.console.print(Padding(render_page_text(page.body, self._site(), SECTIONS), (0, 0, 1, 2)))

    def _sync_and_show_changed_pages(self) -> None:
        versions = {page.id: page.version.number for page in self._pages()}
        report = self.passes.sync()
        self._show_pages([page for page in self._pages() if page.version.number != versions[page.id]])
        totals = report.totals
        self.console.print(
            Text(
                f"{totals.created} tickets created, {totals.updated} rows or tickets updated, {totals.held} rows held, "
                f"{totals.pages_saved} pages saved with {totals.requests} requests.",
                style="bold",
            )
        )

    def _tickets(self) -> None:
        jira = self.world.jira
        table = Table(box=box.SIMPLE_HEAD, title="Tickets in Jira", title_justify="left")
        for name in ("Key", "Summary", "Status", "Assignee", "Due"):
            table.add_column(name)
        for issue in jira.issues.values():
            status = jira.projects[issue.project].status(issue.status)
            lozenge = Text(f" {status.name.upper()} ", style=COLOURS[tone(Category(status.category))])
            who = self._site().person(issue.assignee) if issue.assignee else None
            table.add_row(issue.key, Text(issue.summary), lozenge, who or "", str(issue.due or ""))
        self.console.print(table)

    def _move_tickets(self) -> None:
        self.world.clock.advance(minutes=30)
        keys = {issue.summary: issue.key for issue in self.world.jira.issues.values()}
        for summary, status in MOVES:
            if key := keys.get(summary):
                self.world.jira.transition(key, status)
                self.console.print(Text.assemble((key, "bold"), f" {summary} → {status}"))


def stay_open(console: Console, address: str, pages: Sequence[StoredPage]) -> None:
    """Prints where to look, and returns when the person presses Ctrl+C."""
    console.print()
    console.print(Text.assemble("The sandbox stays open: ", (address, "bold"), "/  (Ctrl+C ends it)"))
    for page in pages:
        console.print(Text(f"  {address}{page_path(page)}"), soft_wrap=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Closed.")
