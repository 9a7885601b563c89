"""The result as one HTML file that needs nothing else: to be kept, mailed or printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape

from worker.model.finding import Finding
from worker.model.report import PageReport, Report
from worker.render.digest import WHOM, Digest, Told, digest
from worker.render.picture import tickets_by_team
from worker.render.visible import one_line
from worker.render.words import (
    ELSEWHERE,
    KINDS,
    Kind,
    Row,
    headline,
    next_steps,
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
h1 { font-size: 1.5rem } h2 { font-size: 1.25rem; margin: 2.5rem 0 0; border-bottom: 1px solid #8888 }
h3 { font-size: 1rem; margin: 1.2rem 0 0 } p { margin: .4rem 0 }
.quiet, th { color: color-mix(in srgb, CanvasText 70%, Canvas) }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .6rem 0; font-size: .95rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8884 }
th { font-weight: 600 } th.key { width: 12% } th.why { width: 38% }
td, li, p, h3 { overflow-wrap: anywhere } code { font-size: .9em }
.kind { border-left: .3rem solid; padding-left: .5rem } svg { display: block; width: 100% }
.kinds { height: .6rem } .tickets { max-width: 48rem; margin: .6rem 0 }
i { display: inline-block; width: .7em; height: .7em; margin-right: .3em } i:not(:first-child) { margin-left: 1.2em }
svg, i, .kind { -webkit-print-color-adjust: exact; print-color-adjust: exact }
@media print {
  body { margin: 0; max-width: none; font-size: 10.5pt } h2, h3 { break-after: avoid } tr, svg { break-inside: avoid }
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
    if report.tickets:
        yield "<h2>Tickets by team</h2>"
        yield from tickets_by_team(report.tickets)
    yield from _digest(digest(report), report)
    if report.pages:
        yield "<h2>Pages</h2>"
    for page in report.pages:
        yield from _page(page, report)
    if report.findings:
        yield f"<h2>{ELSEWHERE}</h2>"
        yield from _list(map(_finding, report.findings))
    yield "</body>\n</html>"


def _bar(report: Report) -> Iterator[str]:
    """How the action items are divided among the kinds of change, as one bar with its legend."""
    kinds = Counter(row(change).kind for page in report.pages for change in page.plan.changes)
    if not kinds:
        return
    label = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS if kinds[kind])
    box = f'viewBox="0 0 {kinds.total()} 1" preserveAspectRatio="none"'
    yield f'<svg class="kinds" {box} role="img" aria-label="{label}">'
    start = 0
    for kind in KINDS:
        yield f'<rect x="{start}" width="{kinds[kind]}" height="1" fill="{_COLOURS[kind]}"/>'
        start += kinds[kind]
    yield "</svg>"
    legend = "".join(
        f'<i style="background: {_COLOURS[kind]}"></i>{kinds[kind]} {kind}' for kind in KINDS if kinds[kind]
    )
    yield f'<p class="quiet">{legend}</p>'


def _digest(told: Digest, report: Report) -> Iterator[str]:
    """What changed, what waits for whom, and what is wrong; a part without entries is left out."""
    if told.wrong:
        yield "<h2>What is wrong, and what to do</h2>"
        yield from _table(told.wrong, report.jira)
    if told.waiting:
        yield "<h2>What waits, and for whom</h2>"
        for wait, entries in told.waiting.items():
            yield f"<h3>{WHOM[wait]}</h3>"
            yield from _table(entries, report.jira)
    if told.changed:
        yield f"<h2>{'What would change' if report.command == 'plan' else 'What changed'}</h2>"
        yield from _table(told.changed, report.jira)


def _table(entries: Iterable[Told], jira: str) -> Iterator[str]:
    """Entries with the page they belong to."""
    yield '<table>\n<tr><th>Page</th><th class="key">Ticket</th><th>Action item</th><th class="why">Why</th></tr>'
    for entry in entries:
        page = link(entry.page.title, entry.page.url)
        cells: tuple[str, ...]
        match entry.what:
            case Row() as row:
                cells = (page, _ticket(entry.ticket, jira), text(row.label), _why(row))
            case Finding() as finding:
                said = f"<code>{finding.code}</code> {text(finding.message)}"
                cells = (page, _ticket(entry.ticket, jira), text(finding.item or ""), said)
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"


def _why(row: Row) -> str:
    """What became of the item, with its colour, the reason, and the code under which it is explained."""
    code = f" <code>{row.code}</code>" if row.code else ""
    return f'<span class="kind" style="border-color: {_COLOURS[row.kind]}">{row.kind}:</span> {text(row.reason)}{code}'


def _page(page: PageReport, report: Report) -> Iterator[str]:
    """What the parts above do not tell of a page: what became of it as a whole, and what stays as it is."""
    plan = page.plan
    became = state(page, report.command)
    counted = Counter(row(change).kind for change in plan.changes)
    told = [
        f"version {plan.version or 'unknown'}",
        became,
        *(f"{counted[kind]} {kind}" for kind in KINDS if counted[kind]),
    ]
    yield f"<h3>{link(plan.title, plan.url)}</h3>"
    yield f'<p class="quiet">{text(plan.team)}, {", ".join(filter(None, told))}</p>'
    kept = [entry for entry in rows(plan) if entry.kind == "keep"]
    if kept or plan.tables:
        yield "<details><summary>What stays as it is, and where action items were looked for</summary>"
        yield from _list(
            f"{_ticket(entry.ticket, report.jira)}: {text(entry.label)}: {text(entry.reason)}"
            if entry.ticket
            else f"{text(entry.label)}: {text(entry.reason)}"
            for entry in kept
        )
        yield from _list(table_note(table, text) for table in plan.tables)
        yield "</details>"


def _finding(finding: Finding) -> str:
    about = f"“{text(finding.item)}”: " if finding.item else ""
    return f"<code>{finding.code}</code> {about}{text(finding.message)}"


def _ticket(key: str, jira: str) -> str:
    return link(key, f"{jira}/browse/{key}") if jira and _KEY.fullmatch(key) else text(key)


def _list(entries: Iterable[str]) -> Iterator[str]:
    """A list of ready-made HTML entries; nothing when there are none."""
    lines = [f"<li>{entry}</li>" for entry in entries]
    if lines:
        yield "<ul>\n" + "\n".join(lines) + "\n</ul>"
