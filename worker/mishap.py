"""A mistake of the worker itself: it is told at the page where it shows, and all other pages go on."""

from __future__ import annotations

from dataclasses import replace

from worker import logs
from worker.model.finding import Finding
from worker.model.plan import Create, Failed, PagePlan, Update

OWN_FAULT = "The worker itself failed at this page"
"""How the sentence begins."""


def mishap(page: str, error: Exception) -> Finding:
    """What is said of a page (its id) at which the worker broke; the log gets the traceback, the page's text does not
    come into the sentence.
    """
    logs.log("pass").error("page crashed", page=page, exc_info=error)
    text = (
        f"{OWN_FAULT} ({type(error).__name__}), so nothing more is done there. This is a mistake in postmortem-sync: "
        "report it with the traceback that the log has; a skip label keeps it from the page until then."
    )
    return Finding("page-failed", text)


def failed(plan: PagePlan, finding: Finding) -> PagePlan:
    """The plan of a page at which the worker broke: what was to be done has failed, as far as anybody knows."""
    changes = tuple(
        Failed(change.item, change.ticket, finding.message) if isinstance(change, Create | Update) else change
        for change in plan.changes
    )
    return replace(plan, changes=changes, findings=(*plan.findings, finding), saves=False, failed=True)
