"""Tells the story of the demo: sample post-mortems are planned, synced, worked on by people, and synced again."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from worker.live.rows import counted
from worker.model.ticket import Category
from worker.render.text import show
from worker.sandbox.pages import StoredPage
from worker.sandbox.passes import Passes, passes_on
from worker.sandbox.reader.resolve import tone
from worker.sandbox.reader.routes import reader_routes
from worker.sandbox.reader.site import Site, shown_time, site_of
from worker.sandbox.reader.terminal import COLOURS, render_page_text
from worker.sandbox.samples.world import sample_world
from worker.sandbox.server import Sandbox
from worker.sandbox.world import default_world

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
"""What people do with their tickets between two passes: how the summary begins, and the status."""

EDITS = (
    ("Card authorisations timed out", "2026-12-18", "2027-01-08", "Ella moves the due date of the second row"),
    (
        "The status page said all green", "</ac:link> </td>", "</ac:link> </p></td>",
        "Ella repairs the page that could not be read",
    ),
)  # fmt: skip
"""What people change on pages meanwhile: title, old and new markup, and what that means."""


def run_demo(console: Console, serve: bool, port: int) -> int:
    """Tells the story on the console; gives the exit code of its last pass.

    ``port`` 0 takes a free one; OSError when the port is taken. ``serve`` leaves the sandbox open until Ctrl+C.
    """
    world = default_world()
    with Sandbox(world, port=port, routes=reader_routes(world)) as sandbox:
        sandbox.run(lambda: sample_world(world, sandbox.address))
        story = Story(console, sandbox, passes_on(sandbox.variables))
        code = story.tell()
        if serve:
            stay_open(console, sandbox, story.pages())
    return code


@dataclass(frozen=True, slots=True)
class Story:
    """One telling; every chapter prints what it did."""

    console: Console
    sandbox: Sandbox
    passes: Passes

    def tell(self) -> int:
        """All chapters in order; gives the exit code of the last pass."""
        pages = self.pages()
        self._chapter(
            1, "Before",
            f"A sandbox at {self.sandbox.address} holds {len(pages)} post-mortems of a payments company. "
            "These are their action items as people wrote them.",
        )  # fmt: skip
        self._show_pages(pages)
        self._chapter(2, "Plan", "The worker reads everything and says what it would do, and why. It cannot write.")
        show(self.passes.plan(), self.console)
        self._chapter(3, "Sync", "Now it does so: tickets in Jira, keys and statuses in its own cells of the pages.")
        self._sync_and_show_changed_pages()
        self._tickets()
        self._chapter(4, "People work", "People move tickets and edit pages, and half an hour passes.")
        self._people_work()
        self._chapter(
            5,
            "Sync again",
            "Statuses come back to the pages, what people changed is compared, and two more pages are ready.",
        )
        self._sync_and_show_changed_pages()
        self._chapter(6, "Once more", "Nothing has happened since, so nothing is written.")
        before = self.sandbox.writes
        report = self.passes.sync()
        wrote = self.sandbox.writes - before
        counted = f"{wrote} {'write' if wrote == 1 else 'writes'}"
        said = Text.assemble(
            "The sandbox counted ", (counted, "bold"), f" among {report.requests} requests of this pass."
        )
        self.console.print(said)
        return int(report.exit)

    def _chapter(self, number: int, title: str, text: str) -> None:
        self.console.print()
        self.console.rule(Text(f"{number}  {title}", style="bold"), align="left")
        self.console.print(Text(text))
        self.console.print()

    def pages(self) -> list[StoredPage]:
        """The post-mortems, in the order they were written."""
        pages = self.sandbox.confluence.pages.values()
        return [page for page in pages if "post-mortem" in page.labels and "post-mortem-template" not in page.labels]

    def _site(self) -> Site:
        return site_of(self.sandbox.world)

    def _show_pages(self, pages: Collection[StoredPage]) -> None:
        for page in pages:
            line = Text.assemble((page.title, "bold underline"), (f"  version {page.version.number}", "dim"))
            if page.readers is not None:
                line.append("  restricted", style="red")
            self.console.print(line)
            self.console.print(Text(self.sandbox.address + self._site().page_path(page), style="dim"), soft_wrap=True)
            self.console.print(Padding(render_page_text(page.body, self._site(), SECTIONS), (0, 0, 1, 2)))

    def _sync_and_show_changed_pages(self) -> None:
        versions = {page.id: page.version.number for page in self.pages()}
        report = self.passes.sync()
        self._show_pages([page for page in self.pages() if page.version.number != versions[page.id]])
        totals = report.totals
        self.console.print(
            Text(
                f"{counted(totals.created, 'ticket')} created, {counted(totals.updated, 'row')} updated, "
                f"{totals.held} held, {counted(totals.pages_saved, 'page')} saved with "
                f"{counted(totals.requests, 'request')}.",
                style="bold",
            )
        )

    def _tickets(self) -> None:
        jira = self.sandbox.jira
        table = Table(box=box.SIMPLE_HEAD, title="Tickets in Jira", title_justify="left")
        for name in ("Key", "Summary", "Status", "Assignee", "Due"):
            table.add_column(name)
        for issue in jira.issues.values():
            status = jira.projects[issue.project].status(issue.status)
            lozenge = Text(f" {status.name.upper()} ", style=COLOURS[tone(Category(status.category))])
            who = self._site().person(issue.assignee) if issue.assignee else None
            table.add_row(issue.key, Text(issue.summary), lozenge, who or "", str(issue.due or ""))
        self.console.print(table)

    def _people_work(self) -> None:
        confluence, jira = self.sandbox.confluence, self.sandbox.jira
        for beginning, status in MOVES:
            for issue in [each for each in jira.issues.values() if each.summary.startswith(beginning)]:
                self.sandbox.run(partial(jira.transition, issue.key, status))
                self.console.print(Text.assemble((issue.key, "bold"), f" {issue.summary} → {status}"))
        for title, old, new, said in EDITS:
            page = confluence.page_titled(title)
            self.sandbox.run(partial(confluence.person_replaces, page.id, old, new, page.author))
            self.console.print(Text.assemble((title, "bold"), f": {said}"))
        self.sandbox.run(partial(self.sandbox.world.clock.advance, minutes=30))


def stay_open(console: Console, sandbox: Sandbox, pages: Sequence[StoredPage]) -> None:
    """Prints how to reach it and where to look, and returns when the person presses Ctrl+C."""
    console.print()
    console.print("Settings for a worker of your own (.env or environment):")
    for name, value in sandbox.variables.items():
        console.print(f"  {name}={value}", highlight=False, markup=False, soft_wrap=True)
    needs = "For its mapping: space and project PAY"
    if pages:
        needs += f", label post-mortem, since: {min(page.created_at for page in pages).date()}"
    console.print(needs, highlight=False, soft_wrap=True)
    console.print(Text.assemble("The sandbox stays open: ", (sandbox.address, "bold"), "/  (Ctrl+C ends it)"))
    console.print(f"Its clock says {shown_time(sandbox.world.clock.now())}.", highlight=False)
    site = site_of(sandbox.world)
    for page in pages:
        console.print(Text(f"  {sandbox.address}{site.page_path(page)}"), soft_wrap=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Closed.")
