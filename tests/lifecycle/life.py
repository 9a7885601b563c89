"""One page with three action items and their tickets, what people do to them, and what can be seen of it afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lifecycle.story import GOLDEN, Story
from tests.passes.stage import Stage, mention, person, stage, table
from worker.document.parse import parse
from worker.model.item import ActionItem, OwnCell
from worker.model.report import Report
from worker.reconcile.extract import extract
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.face import CLOUD
from worker.sandbox.jira_state import Jira
from worker.sandbox.pages import StoredPage

TABLE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"
Lives = Callable[..., AbstractContextManager["Life"]]
"""Makes a life, as the fixture of that name does."""

HEADER = ("Action", "Owner", "Due", "Priority", "Ticket", "Status")
TICKET, STATUS = 4, 5

SHOWN = "Add an alert | PAY-1 | To Do"
"""The first row as the first pass leaves it: action, ticket cell, status cell."""

BORN = "Add an alert, Alice Moreau, 2027-01-15, Highest, To Do"
"""The first ticket as the first pass makes it."""


@dataclass(frozen=True)
class Documented:
    """One row of the table in docs/lifecycle.md."""

    name: str
    page: str
    ticket: str
    finding: str

    @property
    def test(self) -> str:
        """The name of its test."""
        return "test_" + re.sub(r"\W+", "_", self.name.lower()).strip("_")

    @property
    def golden(self) -> Path:
        """Where its story is written."""
        return GOLDEN / f"{self.test.removeprefix('test_').replace('_', '-')}.txt"

    @property
    def codes(self) -> list[str]:
        """The codes of the findings that are said of it, sorted."""
        return sorted(re.findall(r"`([a-z]+(?:-[a-z]+)+)`\]\(findings\.md#", self.finding))


def documented() -> list[Documented]:
    """The table's rows, in order."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [Documented(*(cell.strip() for cell in line.strip("|").split(" | "))) for line in lines[2:]]


@dataclass
class Life:
    """The page of the story, the deeds of people, and what page, tickets and the last pass say."""

    scene: Stage
    page: StoredPage
    story: Story
    codes: list[str] = field(default_factory=list)
    """Codes of what the last pass found, sorted, each once."""
    messages: list[str] = field(default_factory=list)
    """What it said of them, those of no listed page first."""
    pages: list[str] = field(default_factory=list)
    """Titles of the pages that the last pass listed."""

    def sync(self, **selection: frozenset[str]) -> Report:
        """One pass."""
        self.story.before_pass()
        report = self.scene.sync(**selection)
        self.story.after_pass(report)
        everywhere = (*report.findings, *(finding for page in report.pages for finding in page.plan.findings))
        self.codes = sorted({finding.code for finding in everywhere})
        self.messages = [finding.message for finding in everywhere]
        self.pages = [page.plan.title for page in report.pages]
        return report

    def is_silent(self) -> bool:
        """Whether one more pass writes nothing."""
        before = self.scene.sandbox.writes
        self.scene.sync()
        return before == self.scene.sandbox.writes

    def row(self, number: int) -> str:
        """Markup of a row of the page, the header row being 0."""
        return re.findall(r"<tr.*?</tr>", self.scene.body(self.page), re.DOTALL)[number]

    def cell(self, row: int, column: int) -> str:
        """Markup of a cell, columns from 0."""
        return re.findall(r"<t[dh].*?</t[dh]>", self.row(row), re.DOTALL)[column]

    def edit(self, change: Callable[[str], str], page: StoredPage | None = None) -> None:
        """Somebody saves the page with its body changed."""
        of = page or self.page
        body = change(self.scene.body(of))
        self.confluence(lambda confluence, who: confluence.person_saves(of.id, body, who))

    def put_away(self) -> str:
        """Somebody archives the page, or deletes it where there is no archive; gives what a finding says of it."""
        on_cloud = self.scene.sandbox.world.face is CLOUD
        away = self.scene.sandbox.confluence.archive if on_cloud else self.scene.sandbox.confluence.trash
        self.confluence(lambda _confluence, _who: away(self.page.id))
        return "which is archived, so" if on_cloud else "which is deleted, or hidden from the worker's account, so"

    def replace(self, old: str, new: str) -> None:
        """Somebody changes one place of the page, which must be there."""
        self.confluence(lambda confluence, who: confluence.person_replaces(self.page.id, old, new, who))

    def write(self, row: int, column: int, content: str) -> None:
        """Somebody fills a cell of the page, the header row being 0."""
        old = self.row(row)
        place = list(re.finditer(r"<t[dh].*?</t[dh]>", old, re.DOTALL))[column]
        self.replace(old, f"{old[: place.start()]}<td><p>{content}</p></td>{old[place.end() :]}")

    def confluence(self, do: Callable[[Confluence, str], object]) -> None:
        """Bob does something in Confluence."""
        self.scene.as_person(lambda who: do(self.scene.sandbox.confluence, who))

    def jira(self, do: Callable[[Jira], object]) -> None:
        """Somebody does something in Jira."""
        self.scene.sandbox.run(lambda: do(self.scene.sandbox.jira))

    def account(self, name: str) -> str:
        """Account id of one of the people."""
        return person(name, self.scene.sandbox)

    def copy(self, **how: bool) -> StoredPage:
        """Bob copies the page."""
        self.confluence(lambda confluence, who: confluence.copy_page(self.page.id, "Copy", who, **how))
        return self.scene.sandbox.confluence.page_titled("Copy")

    def shows(self, page: StoredPage | None = None) -> list[str]:
        """A line for each item of the page: action, ticket cell and status cell, or task, box and what follows it."""
        items = extract(parse(self.scene.body(page or self.page)), self.scene.mapping.items).items
        return [_line(item) for item in items]

    def tickets(self) -> dict[str, str]:
        """By key: summary, assignee, due date, priority, status."""
        return {issue.key: self._told(issue) for issue in self.scene.issues()}

    def _told(self, issue: Any) -> str:
        jira, people = self.scene.sandbox.jira, self.scene.sandbox.world.people
        assignee, priority = people.get(issue.assignee), jira.priority(issue.priority or "")
        status = jira.projects[issue.project].status(issue.status).name
        words = (issue.summary, assignee and assignee.name, issue.due, priority and priority.name, status)
        return ", ".join(str(word or "nothing") for word in words)


def _line(item: ActionItem) -> str:
    box = {None: "", True: "[x] ", False: "[ ] "}[item.ticked]
    cells = (item.ticket, item.status) if item.status is not None else (item.ticket,)
    return " | ".join([box + item.action, *map(_content, cells)]).strip()


def _content(cell: OwnCell) -> str:
    note = f"({cell.note.sentence})" if cell.note else ""
    words = [*cell.keys, *(lozenge.title for lozenge in cell.lozenges), note, cell.rest]
    return " ".join(word for word in words if word)


TASKS = "<h2>Action items</h2><ac:task-list>{}</ac:task-list>"


def task(number: int, text: str) -> str:
    """Markup of an open task."""
    return (
        f"<ac:task><ac:task-id>{number}</ac:task-id><ac:task-status>incomplete</ac:task-status>"
        f"<ac:task-body>{text}</ac:task-body></ac:task>"
    )


def blank(action: str) -> str:
    """Markup of a row that says what is to be done, and nothing else."""
    return f"<tr><td><p>{action}</p></td>{'<td><p></p></td>' * 5}</tr>"


def _born(scene: Stage, body: Callable[[str], str]) -> Life:
    page = scene.page(body(mention(person("Alice Moreau", scene.sandbox))))
    scene.sync()
    return Life(scene, page, Story(scene))


@contextmanager
def rows(deployment: str = "cloud", **changes: Any) -> Iterator[Life]:
    """A table of three rows whose tickets are made; ``changes`` are those of the mapping."""
    with stage(deployment, **changes) as scene:
        yield _born(
            scene,
            lambda alice: table(
                ("Add an alert", alice, '<time datetime="2027-01-15" />', "P1", "", ""),
                ("Write the runbook", alice, '<time datetime="2027-01-16" />', "", "", ""),
                ("Rotate the keys", alice, '<time datetime="2027-01-17" />', "", "", ""),
                header=HEADER,
            ),
        )


@contextmanager
def tasks(deployment: str = "cloud") -> Iterator[Life]:
    """A list of one task whose ticket is made."""
    with stage(deployment) as scene:
        yield _born(
            scene,
            lambda alice: TASKS.format(task(1, f'Add an alert {alice} <time datetime="2027-01-15" />')),
        )
