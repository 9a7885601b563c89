"""What must hold of every page at the end of the month: the laws of the storm, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.month.judge import PROPERTY, Judge
from tests.month.ledger import TOKEN, Cause
from tests.storm.laws import KEY, broken
from tests.storm.scene import Scene
from worker.model.report import Report
from worker.sandbox.issues import Issue
from worker.sandbox.pages import StoredPage

EXCUSES = frozenset(
    {"page-copied", "table-shrunk", "claim-waiting", "row-shared-cell", "row-ambiguous", "duplicate-row"}
)
"""Findings with which a row may be without a ticket of its own, since a person has to look."""

CONTESTED = {
    Cause.WORDS: {"summary"},
    Cause.OWNER: {"assignee"},
    Cause.DUE: {"due"},
    Cause.TICK: {"status"},
    Cause.MAPPING: {"assignee"},
    Cause.RESTORED: {"summary", "assignee", "due", "status"},
}
"""Which fields of its ticket a page also had a say in; that each change had a reason was judged when it came."""


@dataclass
class OnePage(Scene):
    """The scene as far as it concerns one page."""

    def tickets(self) -> list[Issue]:
        """Those made for it."""
        return [each for each in Scene.tickets(self) if _home(each) == self.page.id]


def broken_at_the_end(scene: Scene, judge: Judge, words: dict[str, list[str]], last: Report) -> list[str]:
    """Every law that does not hold; ``last`` is the report of the last pass, of all workers together."""
    found: list[str] = []
    for page in scene.pages:
        if page.status == "current":
            found += _of(scene, judge, page, words[page.id], last)
    return [*found, *_nobodys(scene, last)]


def _of(scene: Scene, judge: Judge, page: StoredPage, words: list[str], last: Report) -> list[str]:
    tokens = {token for version in page.versions for token in TOKEN.findall(version.body)}
    contested = set().union(*(CONTESTED.get(cause, set()) for cause in judge.ledger.happened(page.id)))
    here = OnePage(scene.stage, [page], sorted(tokens), words=words, contested=contested)
    return broken(here, last, EXCUSES)


def _nobodys(scene: Scene, last: Report) -> Iterator[str]:
    """An open ticket whose page is away is named by a finding."""
    here = {page.id: page for page in scene.pages if page.status == "current"}
    said = " ".join(f.message for f in (*last.findings, *(f for page in last.pages for f in page.plan.findings)))
    for ticket in scene.tickets():
        done = scene.jira.projects[ticket.project].status(ticket.status).category == "done"
        page = here.get(_home(ticket))
        shown = page is not None and ticket.key in KEY.findall(page.body)
        if not done and not shown and not re.search(rf"\b{ticket.key}\b", said):
            yield f"{ticket.key} (“{ticket.summary}”) stands on no page, and no finding names it"


def _home(ticket: Issue) -> str:
    return (ticket.properties.get(PROPERTY) or {}).get("page", "")
