"""Assigns the answer of a bulk create to the drafts it was asked for; what is not accounted for is Unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worker.model.ticket import Answer, Created, Refused, Unknown
from worker.remote.complaint import plain

_OUR_NAMES = {
    "duedate": "due",
    "issuetype": "type",
    "assignee": "assignee",
    "priority": "priority",
    "labels": "labels",
    "parent": "parent",
    "project": "project",
    "summary": "summary",
    "description": "description",
}

_NONE: Mapping[str, str] = {}


def answers(count: int, body: Any, names: Mapping[str, str] = _NONE) -> tuple[Answer, ...]:
    """One answer a draft, in the order they were sent; ``names`` are our names of further fields, by Jira's id.

    Jira answers 201 even when some were refused, and 400 only when all were (Jira Cloud platform v3, issue/bulk):
    ``errors`` name the refused ones by ``failedElementNumber``, ``issues`` holds the others without gaps, in the order
    sent. When the two do not add up to ``count``, nobody can say which ticket belongs to which draft: all that are not
    refused by number are Unknown.
    """
    refused: dict[int, Answer] = {}
    made: list[Answer] = []
    numbers: list[Any] = []
    if isinstance(body, dict):
        for error in _entries(body.get("errors")):
            position = error.get("failedElementNumber")
            numbers.append(position)
            if isinstance(position, int) and 0 <= position < count:
                refused[position] = refusal(error.get("elementErrors"), names)
        made = [_created(issue) for issue in _entries(body.get("issues"))]
    once = len(numbers) == len(refused) and len(made) == len(set(made))
    adds_up = once and len(made) + len(refused) == count
    if not adds_up:
        lost = Unknown("Jira's answer does not account for this ticket, so it may or may not exist")
        return tuple(refused.get(position, lost) for position in range(count))
    in_order = iter(made)
    return tuple(refused[position] if position in refused else next(in_order) for position in range(count))


def by_draft(body: Any) -> bool:
    """Whether a 400 tells the drafts apart; else it is one complaint about the request as a whole."""
    return isinstance(body, dict) and isinstance(body.get("errors"), list) and bool(body["errors"])


def refusal(errors: Any, names: Mapping[str, str] = _NONE) -> Refused:
    """What Jira objected to, by our names where there is one and by Jira's field id otherwise."""
    collection = errors if isinstance(errors, dict) else {}
    by_field = collection.get("errors")
    ours = {**_OUR_NAMES, **names}
    fields = tuple(
        (ours.get(str(field), str(field)), plain(str(text)))
        for field, text in (by_field.items() if isinstance(by_field, dict) else ())
    )
    general = collection.get("errorMessages")
    sentences = [plain(str(text)) for text in (general if isinstance(general, list) else ())]
    sentences += [f"{field}: {text}" for field, text in fields]
    return Refused(fields, "; ".join(sentences) or "Jira refused it without a reason")


def _created(issue: Any) -> Answer:
    if issue.get("id") and issue.get("key"):
        return Created(str(issue["id"]), str(issue["key"]))
    return Unknown("Jira reported a ticket without id or key, so it may or may not exist")


def _entries(value: Any) -> Sequence[dict[str, Any]]:
    """The entries that can be read; one that cannot still counts, so that the sums do not add up by accident."""
    return [entry if isinstance(entry, dict) else {} for entry in value] if isinstance(value, list) else []
