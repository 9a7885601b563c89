"""The result as Markdown, for pull requests, job summaries and chats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.model.finding import Finding
from worker.model.plan import PagePlan
from worker.model.report import PageReport, Report
from worker.render.visible import one_line
from worker.render.words import ELSEWHERE, Row, headline, next_steps, other_findings, remarks, rows, state, table_note

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$#]")
_OUTSIDE_ADDRESSES = re.compile(r"[\s<>|\\]")


def render(report: Report) -> str:
    """The result as GitHub-flavoured Markdown: totals, then every page with its changes, findings and tables."""
    return "\n".join(_lines(report)) + "\n"


def words(text: str) -> str:
    """Text from a page in one line, with everything escaped that Markdown would read."""
    return _MARKUP.sub(lambda found: "\\" + found[0], one_line(text))


def link(text: str, url: str) -> str:
    """A link; an address that is not one for a browser stays text."""
    if not url.startswith(("https://", "http://")):
        return words(text)
    address = _OUTSIDE_ADDRESSES.sub(lambda found: f"%{ord(found[0]):02X}", one_line(url))
    return f"[{words(text)}](<{address}>)"


def _lines(report: Report) -> Iterator[str]:
    yield f"# postmortem-sync: {report.command}"
    yield ""
    yield words(headline(report))
    for number, text in enumerate((*remarks(report), *next_steps(report))):
        if number == 0:
            yield ""
        yield f"- {words(text)}"
    for page in report.pages:
        yield from _page(page, report)
    if report.findings:
        yield from ("", f"## {ELSEWHERE}", "")
        yield from map(_finding, report.findings)


def _page(page: PageReport, report: Report) -> Iterator[str]:
    plan = page.plan
    became = state(page, report.command)
    yield ""
    yield f"## {link(plan.title, plan.url)}"
    yield ""
    yield f"Team {words(plan.team)}, version {plan.version or 'unknown'}" + (f", {became}." if became else ".")
    if plan.changes:
        yield ""
        yield "| change | ticket | action item | why |"
        yield "| --- | --- | --- | --- |"
        yield from map(_row, rows(plan))
    if other_findings(plan):
        yield ""
        yield "Findings:"
        yield ""
        yield from map(_finding, other_findings(plan))
    yield from _tables(plan)


def _row(entry: Row) -> str:
    return f"| {entry.kind} | {words(entry.ticket or '')} | {words(entry.label)} | {words(entry.why)} |"


def _finding(finding: Finding) -> str:
    about = f" “{words(finding.item)}”:" if finding.item else ""
    return f"- `{finding.code}`{about} {words(finding.message)}"


def _tables(plan: PagePlan) -> Iterator[str]:
    """What was taken for action items and what was left alone, because a table that is missed fails in silence."""
    if not plan.tables:
        return
    yield ""
    yield "Tables and lists:"
    yield ""
    for table in plan.tables:
        yield f"- {table_note(table, words)}"
