"""Decides whether the trouble of a pass is for whoever runs the worker, or for the people of single pages."""

from __future__ import annotations

from worker.model.plan import Failed
from worker.model.report import Exit, PageReport, Report

_FEW = 2
"""So many pages are single ones, however few a pass has."""


def failed(report: Report, exit_code: int) -> bool:
    """Whether the pass failed as a whole: it was refused or crashed, came to no page, or most pages failed.

    ``exit_code`` is what the process answers, which a crash decides and not the report.
    """
    match exit_code:
        case Exit.SETTLED | Exit.HELD:
            return False
        case Exit.FAILED:
            troubled = sum(map(_is_troubled, report.pages))
            return not report.pages or _FEW < troubled > len(report.pages) - troubled
        case _:
            return True


def code_for_a_watch(report: Report, exit_code: int) -> int | None:
    """The exit code as a watch hears it, to which 0 is a success and all else a failure; None: only a sign of life.

    None where all that failed or is held are single pages, which can stay so for weeks and which only their people can
    mend: a watch that fails for them hides by that that passes stop.
    """
    of_pages = report.exit == exit_code in (Exit.FAILED, Exit.HELD) and not failed(report, exit_code)
    of_teams = report.errors or any(finding.code == "pages-gone" for finding in report.findings)
    return None if of_pages and not of_teams else exit_code


def _is_troubled(page: PageReport) -> bool:
    return page.plan.failed or any(isinstance(change, Failed) for change in page.plan.changes)
