"""The result as one JSON object, for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from worker.model.finding import Finding
from worker.model.plan import Change, TableNote
from worker.model.report import PageReport, Report, TicketState, TrackedTicket
from worker.render import words

_HIDDEN = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def as_json(value: Any, *, one_line: bool = False) -> str:
    """JSON with a newline at its end; characters that hide or reorder text are escaped, so nothing is lost.

    Indented for people, or on one line, so that the results of many passes can stand in one file.
    """
    plain = json.dumps(value, ensure_ascii=False, indent=None if one_line else 2)
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], plain) + "\n"


def render(report: Report, *, one_line: bool = False) -> str:
    """The result as text: keys may be added, none is renamed or removed."""
    return as_json(result(report), one_line=one_line)


def result(report: Report) -> dict[str, Any]:
    """The result as plain data.

    Beyond the keys that scripts lean on, a change has ``place`` and (when held) ``wait``, a page has ``tables``,
    ``would_save`` and ``failed``, and the whole has ``exit_code``, ``stopped``, ``resumes_at`` (when a used-up quota
    ends), ``errors``, ``notices``, ``findings`` (what concerns no listed page), ``tickets`` (how many each team has, by
    state), and both times (ISO 8601, with zone).
    """
    return {
        "command": report.command,
        "exit_code": int(report.exit),
        "started_at": report.started_at.isoformat(),
        "finished_at": report.finished_at.isoformat(),
        "stopped": report.stopped,
        "resumes_at": report.resumes_at.isoformat() if report.resumes_at else None,
        "errors": list(report.errors),
        "notices": list(report.notices),
        "pages": [_page(page) for page in report.pages],
        "findings": [_finding(finding) for finding in report.findings],
        "totals": asdict(report.totals),
        "tickets": _tickets(report.tickets),
    }


def _tickets(tickets: Iterable[TrackedTicket]) -> dict[str, dict[str, int]]:
    """How many tracked tickets of each team are open, overdue and done, each counted once."""
    counted: dict[str, dict[str, int]] = {}
    for ticket in tickets:
        team = counted.setdefault(ticket.team, {state.value: 0 for state in TicketState})
        team[ticket.state.value] += 1
    return counted


def _page(page: PageReport) -> dict[str, Any]:
    plan = page.plan
    return {
        "id": plan.page,
        "title": plan.title,
        "team": plan.team,
        "url": plan.url,
        "version": plan.version,
        "changes": [_change(change) for change in plan.changes],
        "findings": [_finding(finding) for finding in plan.findings],
        "tables": [_table(table) for table in plan.tables],
        "saved": page.saved,
        "would_save": plan.saves,
        "failed": plan.failed,
    }


def _change(change: Change) -> dict[str, Any]:
    row = words.row(change)
    return {
        "kind": row.kind,
        "item": row.item,
        "ticket": row.ticket,
        "reason": row.reason,
        "place": row.place,
        **({"wait": row.wait.value} if row.wait else {}),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "item": finding.item, "message": finding.message}


def _table(table: TableNote) -> dict[str, Any]:
    return {"taken": table.taken, "section": table.section, "header": list(table.header), "reason": table.reason}
