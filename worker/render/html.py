"""The result as one HTML file that needs nothing else: to be kept, mailed or printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape

from worker.model.finding import Finding
from worker.model.plan import PagePlan
from worker.model.report import PageReport, Report
from worker.render.visible import one_line
from worker.render.words import (
    ELSEWHERE,
    KINDS,
    Kind,
    Row,
    headline,
    next_steps,
    other_findings,
    remarks,
    row,
    rows,
    state,
    table_note,
)

_COLOURS: dict[Kind, str] = {
    "create": "#1f845a",
    "update": "#1d7afc",
    "keep": "#b3b9c4",
    "hold": "#e2b203",
    "failed": "#c9372c",
}

_KEY = re.compile(r"[A-Z][A-Z0-9_]*-[1-9][0-9]*")

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 2.5rem 0 0 } p { margin: .4rem 0 }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: .95rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8884 }
th { font-weight: 600; color: GrayText } td:first-child { white-space: nowrap }
td, li, p { overflow-wrap: anywhere } code { font-size: .9em } .quiet { color: GrayText }
.kind { border-left: .3rem solid; padding-left: .5rem } svg { display: block; width: 100%; height: .6rem }
@media print {
  body { margin: 0; max-width: none; font-size: 11pt } h2 { break-after: avoid } tr { break-inside: avoid }
  a { color: inherit; text-decoration: none }
}
"""


def render(report: Report) -> str:
    """A stand-alone page without scripts; whatever pages and tickets say is escaped."""
    return "\n".join(_lines(report)) + "\n"


def text(value: str) -> str:
    """Text from a page in one line, as HTML text or an attribute's value."""
    return escape(one_line(value))


def link(value: str, url: str) -> str:
    """A link; an address that is not one for a browser stays text."""
    return f'<a href="{text(url)}">{text(value)}</a>' if url.startswith(("https://", "http://")) else text(value)


def _lines(report: Report) -> Iterator[str]:
    title = f"postmortem-sync: {report.command}"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{title}</h1>"
    yield f'<p class="quiet">{report.finished_at:%Y-%m-%d %H:%M %Z}</p>'
    yield f"<p>{text(headline(report))}</p>"
    yield from _bar(report)
    yield from _list([text(entry) for entry in (*remarks(report), *next_steps(report))])
    for page in report.pages:
        yield from _page(page, report)
    if report.findings:
        yield f"<h2>{ELSEWHERE}</h2>"
        yield from _list(map(_finding, report.findings))
    yield "</body>\n</html>"


def _bar(report: Report) -> Iterator[str]:
    """How the action items are divided among the kinds of change, as one bar."""
    kinds = Counter(row(change).kind for page in report.pages for change in page.plan.changes)
    if not kinds:
        return
    label = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS if kinds[kind])
    yield f'<svg viewBox="0 0 {kinds.total()} 1" preserveAspectRatio="none" role="img" aria-label="{label}">'
    start = 0
    for kind in KINDS:
        yield f'<rect x="{start}" width="{kinds[kind]}" height="1" fill="{_COLOURS[kind]}"/>'
        start += kinds[kind]
    yield "</svg>"


def _page(page: PageReport, report: Report) -> Iterator[str]:
    plan = page.plan
    became = state(page, report.command)
    yield f"<h2>{link(plan.title, plan.url)}</h2>"
    yield f'<p class="quiet">{text(plan.team)}, version {plan.version}{f", {became}" if became else ""}</p>'
    if plan.changes:
        yield "<table>\n<tr><th>Change</th><th>Ticket</th><th>Action item</th><th>Why</th></tr>"
        yield from (_row(entry, report.jira) for entry in rows(plan))
        yield "</table>"
    yield from _list(map(_finding, other_findings(plan)))
    yield from _tables(plan)


def _finding(finding: Finding) -> str:
    about = f"“{text(finding.item)}”: " if finding.item else ""
    return f"<code>{finding.code}</code> {about}{text(finding.message)}"


def _ticket(key: str, jira: str) -> str:
    return link(key, f"{jira}/browse/{key}") if jira and _KEY.fullmatch(key) else text(key)


def _row(entry: Row, jira: str) -> str:
    kind = f'<span class="kind" style="border-color: {_COLOURS[entry.kind]}">{entry.kind}</span>'
    cells = (kind, _ticket(entry.ticket or "", jira), text(entry.label), text(entry.why))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _tables(plan: PagePlan) -> Iterator[str]:
    if plan.tables:
        yield "<details><summary>Tables and lists</summary>"
        yield from _list(table_note(table, text) for table in plan.tables)
        yield "</details>"


def _list(entries: Iterable[str]) -> Iterator[str]:
    """A list of ready-made HTML entries; nothing when there are none."""
    lines = [f"<li>{entry}</li>" for entry in entries]
    if lines:
        yield "<ul>\n" + "\n".join(lines) + "\n</ul>"
