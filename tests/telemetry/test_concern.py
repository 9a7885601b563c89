"""Whose trouble a pass has: that of whoever runs the worker, or of the people of single pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.render.reports import SETTLED, hold, report
from worker.model.finding import Finding
from worker.model.plan import Failed, Wait
from worker.model.report import Exit, Report
from worker.telemetry.concern import code_for_a_watch, failed

MALFORMED = replace(SETTLED, failed=True)
REFUSED_ROW = replace(SETTLED, changes=(Failed(SETTLED.changes[0].item, None, "Jira refused it."),))
HELD = replace(SETTLED, changes=(hold("One", Wait.LIMIT),))
ONE_BAD_SEARCH = report(SETTLED, errors=("payments.yaml: pages.cql is refused.",))


@pytest.mark.parametrize(
    ("told", "whole", "watch"),
    [
        (report(SETTLED), False, 0),
        (report(SETTLED, SETTLED, MALFORMED), False, None),
        (report(SETTLED, SETTLED, SETTLED, REFUSED_ROW), False, None),
        (report(MALFORMED), False, None),
        (report(SETTLED, MALFORMED, MALFORMED, REFUSED_ROW), True, 3),
        (report(SETTLED, SETTLED, SETTLED, MALFORMED, MALFORMED, MALFORMED), False, None),
        (report(HELD), False, None),
        (report(HELD, findings=(Finding("pages-gone", "payments.yaml selects no page."),)), False, 4),
        (ONE_BAD_SEARCH, False, 3),
        (replace(ONE_BAD_SEARCH, pages=()), True, 3),
        (replace(report(), refused=Exit.UNREACHABLE, errors=("Jira refused the user.",)), True, 5),
        (replace(report(), refused=Exit.MISUSED, errors=("No page has that number.",)), True, 2),
    ],
)
def test_what_a_report_comes_to(told: Report, whole: bool, watch: int | None) -> None:
    """Pages that only their people can mend fail no pass; the watch gets a sign of life, and hears every other code."""
    assert (failed(told, told.exit), code_for_a_watch(told, told.exit)) == (whole, watch)


def test_what_the_process_answers_counts() -> None:
    """A crash is the pass's own whatever its report says, and so is a 3 of a pass that an error ended before any page;
    a result that could not be written is no page's.
    """
    settled = report(SETTLED)

    assert (failed(settled, Exit.CRASHED), code_for_a_watch(settled, Exit.CRASHED)) == (True, 1)
    assert (failed(report(), Exit.FAILED), code_for_a_watch(report(), Exit.FAILED)) == (True, 3)
    assert (failed(settled, Exit.FAILED), code_for_a_watch(settled, Exit.FAILED)) == (False, 3)
