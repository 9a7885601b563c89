"""Writes down what people, the worker and Jira made of a page and its tickets, in lines that can be read and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import ndiff
from pathlib import Path

from tests.passes.stage import Stage
from worker.model.finding import Finding
from worker.model.report import Report
from worker.render.words import row
from worker.sandbox.issues import Issue
from worker.sandbox.pages import StoredPage

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "lifecycle"

State = Mapping[str, list[str]]
"""What can be seen, thing by thing: each page line by line, and a line for each ticket."""

_IDS = re.compile(
    r' (?:ac:|ri:)?(?:local-id|macro-id|task-list-id|schema-version)="[^"]*"|<ac:task-uuid>[^<]*</ac:task-uuid>'
)
_LINES = re.compile(r"(?=<(?:h\d|table|tr|/table|ul|ac:task-list|ac:task|/ac:task-list)[ >])")
_LINK = re.compile(r'<a href="[^"]*/browse/([A-Z]+-\d+)" data-card-appearance="inline">[^<]*/browse/\1</a>')
_LOZENGE = re.compile(
    r'<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">([^<]*)</ac:parameter>'
    r'<ac:parameter ac:name="colour">([^<]*)</ac:parameter></ac:structured-macro>'
)
_MENTION = re.compile(r'<ac:link><ri:user ri:account-id="([^"]*)" /></ac:link>')


class Story:
    """A page's life from its first tickets on: a chapter for each pass, with what people did before it."""

    def __init__(self, scene: Stage) -> None:
        self._scene = scene
        self._seen = self._state()
        self._lines: list[str] = []

    def before_pass(self) -> None:
        """Tells what people did."""
        self._tell("people", "  nothing that a page or a ticket shows")

    def after_pass(self, report: Report) -> None:
        """Tells what the worker did, and what it said."""
        self._tell(
            f"the pass, which ends with {int(report.exit)}", "  writes nothing on pages, and nothing that tickets show"
        )
        for page in report.pages:
            said = [row(change) for change in page.plan.changes]
            self._lines += [
                f"  {each.kind} {each.ticket or 'no ticket'}, {self._plain(each.label)}: {self._plain(each.reason)}"
                for each in said
                if each.kind != "keep"
            ]
            self._lines += map(self._finding, page.plan.findings)
        self._lines += map(self._finding, report.findings)
        if not report.pages:
            self._lines.append("  no page is listed")

    def ends(self) -> str:
        """The whole story; who lets it end has seen that one more pass writes nothing."""
        return "\n".join([*self._lines[1:], "", "one more pass writes nothing", ""])

    def _tell(self, who: str, nothing: str) -> None:
        now = self._state()
        told = list(_differences(self._seen, now))
        self._lines += ["", who, *(told or [nothing])]
        self._seen = now

    def _finding(self, finding: Finding) -> str:
        about = f", {self._plain(finding.item)}" if finding.item else ""
        return f"  finding {finding.code}{about}: {self._plain(finding.message)}"

    def _state(self) -> State:
        sandbox = self._scene.sandbox
        pages = {f"page {number}": self._page(page) for number, page in enumerate(sandbox.confluence.pages.values(), 1)}
        return {**pages, "tickets": [self._ticket(issue) for issue in self._scene.issues()]}

    def _page(self, page: StoredPage) -> list[str]:
        above = "nothing" if page.parent is None else self._plain(page.parent)
        return [
            f"“{page.title}”, {page.status}, below {above}, labels {' '.join(page.labels) or 'none'}",
            *([f"read by {self._people(page.readers)} only"] if page.readers else []),
            *([f"edited by {self._people(page.editors)} only"] if page.editors else []),
            *(line for line in _LINES.split(self._plain(page.body)) if line),
        ]

    def _people(self, accounts: set[str]) -> str:
        known = self._scene.sandbox.world.people
        return ", ".join(sorted(getattr(known.get(account), "name", account) for account in accounts))

    def _ticket(self, issue: Issue) -> str:
        jira, people = self._scene.sandbox.jira, self._scene.sandbox.world.people
        assignee, priority = people.get(issue.assignee), jira.priority(issue.priority or "")
        project = jira.projects[issue.project]
        words = {
            "assignee": assignee and assignee.name,
            "due": issue.due,
            "priority": priority and priority.name,
            "status": project.status(issue.status).name,
        }
        told = ", ".join(f"{name} {value or 'none'}" for name, value in words.items())
        return f"{issue.key} “{issue.summary}”, {told}{', hidden from the worker' if issue.hidden_from else ''}"

    def _plain(self, text: str) -> str:
        """Without ids and addresses that differ from run to run; with people, tickets and lozenges in short."""
        sandbox = self._scene.sandbox
        text = _IDS.sub("", text.replace(f"127.0.0.1:{sandbox.port}", "site"))
        for number, page in enumerate(sandbox.confluence.pages, 1):
            text = text.replace(page, f"page-{number}")
        text = _MENTION.sub(lambda found: f"@{self._people({found[1]})}", text)
        return _LOZENGE.sub(r"(\1, \2)", _LINK.sub(r"[\1]", text))


def _differences(before: State, after: State) -> Iterator[str]:
    """What is different, line by line, under the name of the thing."""
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield f"  {name}"
            lines = ndiff(before.get(name, []), after.get(name, []), None, None)
            yield from (f"    {line}" for line in lines if line[0] in "+-")


def difference(golden: str, told: str) -> str:
    """What a story tells otherwise than its golden file, for a failed test."""
    return "\n".join(line for line in ndiff(golden.splitlines(), told.splitlines(), None, None) if line[0] in "+-")
