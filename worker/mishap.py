"""A mistake of the worker itself: it is told at the page where it shows, and all other pages go on."""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path

from worker import logs
from worker.model.finding import Finding
from worker.model.plan import Create, Failed, PagePlan, Update

OWN_FAULT = "The worker itself failed at this page"
"""How the sentence begins."""


def mishap(page: str, error: Exception) -> Finding:
    """What is said of a page (its id) at which the worker broke.

    The log gets the kind of mistake and where in the code it happened, innermost first. The exception's own words go
    nowhere, for they may quote the page.
    """
    frames = traceback.extract_tb(error.__traceback__)
    at = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    logs.log("pass").error("page crashed", page=page, mistake=type(error).__name__, at=at)
    text = (
        f"{OWN_FAULT} ({type(error).__name__}), so nothing more is done there. This is a mistake in postmortem-sync: "
        "report it with what the log says of it; a skip label keeps it from the page until then."
    )
    return Finding("page-failed", text)


def failed(plan: PagePlan, finding: Finding) -> PagePlan:
    """The plan of a page at which the worker broke: what was to be done has failed, as far as anybody knows."""
    changes = tuple(
        Failed(change.item, change.ticket, finding.message) if isinstance(change, Create | Update) else change
        for change in plan.changes
    )
    return replace(plan, changes=changes, findings=(*plan.findings, finding), saves=False, failed=True)
