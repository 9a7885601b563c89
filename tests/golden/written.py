"""Writes what a pass made of a case into the files that people read and the test compares."""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.case import DEPLOYMENTS, NOW, load
from tests.golden.synced import Synced, sync
from worker.model.report import PageReport, Report
from worker.model.ticket import Bullets, Draft, Link, Run
from worker.render import markdown


def files(name: str) -> dict[str, str]:
    """The generated files of a case by name: the plan, the page after the pass on either deployment, the tickets made."""
    synced, on_datacenter = (sync(load(name, deployment)) for deployment in DEPLOYMENTS)
    return {
        "plan.md": _plan(synced),
        "after.xml": synced.after,
        "after.datacenter.xml": on_datacenter.after,
        "tickets.md": "\n".join(_tickets(synced)) + "\n",
    }


def _plan(synced: Synced) -> str:
    return markdown.render(Report("plan", (PageReport(synced.plan, saved=False),), 0, NOW, NOW))


def _tickets(synced: Synced) -> Iterator[str]:
    if not synced.made:
        yield "No ticket is made."
    for number, (key, draft) in enumerate(synced.made):
        if number:
            yield ""
        yield from _ticket(key, draft)


def _ticket(key: str, draft: Draft) -> Iterator[str]:
    yield f"## {key} {draft.summary}"
    yield ""
    yield f"- type: {draft.type}"
    yield f"- assignee: {draft.assignee or 'nobody'}"
    yield f"- due: {draft.due.isoformat() if draft.due else 'never'}"
    yield f"- priority: {draft.priority or 'Jira’s default'}"
    yield f"- labels: {', '.join(draft.labels)}"
    if draft.parent:
        yield f"- parent: {draft.parent}"
    for field, value in draft.fields:
        yield f"- {field}: {value}"
    for block in draft.description:
        yield ""
        if isinstance(block, Bullets):
            yield from (f"> - {_text(item)}" for item in block.items)
        else:
            yield from (f"> {line}" for line in _text(block.runs).split("\n"))


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(f"{run.text} <{run.url}>" if isinstance(run, Link) else run.text for run in runs)
