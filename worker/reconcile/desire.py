"""What the ticket of an item should be: one line, a description a newcomer understands, owner, date, priority."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from worker.mapping.model import TeamMapping, TicketRules
from worker.model.finding import Finding
from worker.model.item import ActionItem, Kind, Mention, digest
from worker.model.surroundings import OFFERED_WITH
from worker.model.ticket import (
    JIRA_FIELD,
    Base,
    Bullets,
    CreateForm,
    Description,
    Draft,
    Link,
    Origin,
    Paragraph,
    Run,
    Text,
    Ticket,
    Transition,
)
from worker.reconcile.due_dates import DueReading, read_due
from worker.reconcile.owners import OwnerReading, resolve_owners
from worker.reconcile.priorities import PriorityReading, not_of_project, read_priority
from worker.reconcile.sentences import subject

_NOT_ON_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LAST_WORDS = Paragraph((Text("The page shows this ticket's status. Say there when the plan changes."),))
SUMMARY_UNITS = 255
"""Jira counts a summary in UTF-16 units ("Summary must be less than 255 characters"; an emoji counts two)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was asked of Jira and Confluence beside pages and tickets, once a pass."""

    forms: Mapping[tuple[str, str], CreateForm]
    unassignable: frozenset[tuple[str, str]] = frozenset()
    """(project, account) pairs that Jira would refuse."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Display names by account, for naming second owners in a description, and the first one in the plan."""
    ways: Mapping[str, tuple[Transition, ...]] = field(default_factory=dict)
    """By numeric id of a ticket whose task was ticked: the transitions that are open to the worker."""

    def lacks_priority(self, rules: TicketRules, name: str) -> bool:
        """Whether the create form is known and lists its priorities, and none is called so, in any case."""
        allowed = _priorities(self.forms.get((rules.project, rules.type)))
        return bool(allowed) and name.casefold() not in {each.casefold() for each in allowed}

    def offers_no_assignee(self, rules: TicketRules) -> bool:
        """Whether the create form is known and lets us assign nobody, whoever it may be."""
        form = self.forms.get((rules.project, rules.type))
        return form is not None and form.field("assignee") is None


@dataclass(frozen=True, slots=True)
class Where:
    """The page an item stands on, as far as its ticket speaks of it."""

    site: str
    page: str
    title: str
    url: str
    created_at: datetime
    title_only: bool = False
    """The page is restricted and the mapping lets only its title out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A row's owner, date and priority, understood by the mapping alone."""

    owner: OwnerReading
    due: DueReading
    priority: PriorityReading


@dataclass(frozen=True, slots=True)
class Desire:
    """A draft, whom it would name, and what people should know."""

    draft: Draft
    accounts: tuple[str, ...]
    """Every account the ticket would name: to be asked about before it is made."""
    findings: tuple[Finding, ...]


def read_item(item: ActionItem, where: Where, mapping: TeamMapping, now: datetime) -> Reading:
    """Understands one row; ``now`` is server time, used for dates in the past and for defaults."""
    zone = mapping.due.zone
    created, today = where.created_at.astimezone(zone).date(), now.astimezone(zone).date()
    return Reading(
        resolve_owners(item, mapping.owners, title_only=where.title_only),
        read_due(item, mapping.due, created, item.priority, today),
        read_priority(item, mapping.ticket.priority),
    )


def desire(
    item: ActionItem, item_id: str, attempt: str, where: Where, mapping: TeamMapping, facts: Facts, now: datetime
) -> Desire:
    """The ticket this item should get."""
    rules = mapping.ticket
    form = facts.forms.get((rules.project, rules.type))
    reading = read_item(item, where, mapping, now)
    owner, due = reading.owner, reading.due
    findings = [*owner.findings, *due.findings]
    assignee = _assignee(item, owner, rules, facts, findings)
    wanted_priority = _priority(item, reading.priority, form, findings)
    values: dict[str, object] = {
        "assignee": assignee,
        "due": due.due,
        "priority": wanted_priority,
        "labels": rules.labels,
        "parent": rules.parent,
    }
    for name, field_id in JIRA_FIELD.items():
        if form is not None and values[name] and form.field(field_id) is None:
            advice = f"ask a Jira administrator {'for either' if field_id in OFFERED_WITH else 'to add it'}"
            findings.append(_not_on_screen(item, rules, field_id, advice))
            values[name] = None
    summary = one_line(summary_of(item, where))
    page_side = {
        "summary": None if where.title_only else summary,
        "owner": owner.assignee if owner.named else None,
        "due": due.due.isoformat() if due.due and due.written else None,
        "priority": wanted_priority or reading.priority.name or reading.priority.written or None,
    }
    given_to = assignee if values["assignee"] else None
    due_on = due.due if values["due"] else None
    priority = wanted_priority if values["priority"] else None
    base = _base(page_side, _ticket_side(summary, given_to, due_on, priority), written_cells(item, where))
    draft = Draft(
        project=rules.project,
        type=rules.type,
        summary=summary,
        description=_description(item, where, owner, due, facts),
        assignee=given_to,
        due=due_on,
        priority=priority,
        labels=rules.labels if values["labels"] else (),
        parent=rules.parent if values["parent"] else None,
        origin=Origin(where.site, where.page, item_id, attempt, base),
        fields=_own_fields(item, rules, form, findings),
    )
    mentioned = [each.account for each in item.owners if isinstance(each, Mention)]
    accounts = tuple(dict.fromkeys(each for each in (owner.assignee, *mentioned) if each))
    return Desire(draft, accounts, tuple(findings))


def _own_fields(
    item: ActionItem, rules: TicketRules, form: CreateForm | None, findings: list[Finding]
) -> tuple[tuple[str, Any], ...]:
    """The mapping's own fields, without those that the create screen does not have."""
    if not rules.fields:
        return ()
    absent = {name for name in rules.fields if form is not None and form.field(name) is None}
    advice = "correct ticket.fields in the mapping, or ask a Jira administrator to add it"
    findings.extend(_not_on_screen(item, rules, name, advice) for name in sorted(absent))
    return tuple(sorted((name, value) for name, value in rules.fields.items() if name not in absent))


def _not_on_screen(item: ActionItem, rules: TicketRules, field_id: str, advice: str) -> Finding:
    message = f"{subject(item)}: {not_offered(rules, field_id)}, so the ticket is made without it; {advice}."
    return Finding("field-refused", message, item.action)


def not_offered(rules: TicketRules, field_id: str) -> str:
    """Why a create form lacks a field, without a full stop: Jira hides some from whoever lacks a permission, too."""
    absent = f"{field_id} is not on the create screen of {rules.project} {rules.type}"
    permission = OFFERED_WITH.get(field_id)
    if permission is None:
        return absent
    return f"{absent}, or the worker's account lacks the permission “{permission.title}” in {rules.project}"


def written_cells(item: ActionItem, where: Where) -> Mapping[str, str]:
    """Digests of the cells that the mapping interprets, by followed field; none where only the title may go out."""
    cells = {"owner": item.owners, "due": item.dates, "priority": item.priority}
    return {} if where.title_only else {field: _written(said) for field, said in cells.items()}


@lru_cache(maxsize=8192)  # a row is decided several times in a pass, and to compare cells is quicker than to spell them
def _written(said: Hashable) -> str:
    return digest(repr(said), length=8)


def _ticket_side(summary: str, assignee: str | None, due: date | None, priority: str | None) -> dict[str, str | None]:
    return {
        "summary": summary,
        "owner": assignee,
        "due": due.isoformat() if due else None,
        "priority": priority,
    }


def _base(
    page_side: Mapping[str, str | None], ticket_side: Mapping[str, str | None], written: Mapping[str, str]
) -> tuple[tuple[str, Base], ...]:
    """Both sides of every followed field as they are at birth, sorted by field."""
    return tuple((name, Base(page_side[name], ticket_side[name], written.get(name))) for name in sorted(page_side))


def without_fields(draft: Draft, refused: frozenset[str]) -> Draft:
    """The draft without the optional fields that Jira objected to; its base says so too."""
    page_side = {name: base.page for name, base in draft.origin.base}
    lighter = replace(
        draft,
        assignee=None if "assignee" in refused else draft.assignee,
        due=None if "due" in refused else draft.due,
        priority=None if "priority" in refused else draft.priority,
        labels=() if "labels" in refused else draft.labels,
        parent=None if "parent" in refused else draft.parent,
        fields=tuple((name, value) for name, value in draft.fields if name not in refused),
    )
    written = {name: base.written for name, base in draft.origin.base if base.written is not None}
    ticket_side = _ticket_side(lighter.summary, lighter.assignee, lighter.due, lighter.priority)
    return replace(lighter, origin=replace(draft.origin, base=_base(page_side, ticket_side, written)))


def wish_digest(item: ActionItem, mapping: TeamMapping) -> str:
    """What a claim remembers of a refused wish: the same row under the same rules is not asked for again."""
    return digest(repr((item.action, item.whole, mapping.ticket, mapping.owners, mapping.due)), length=8)


def summary_of(item: ActionItem, where: Where) -> str:
    """What a ticket's summary is made of; of a restricted page only its title may go out."""
    if not where.title_only:
        lines = [line.strip() for line in item.action.splitlines() if line.strip()]
        return " ".join(line if line[-1] in ".!?:;," or line is lines[-1] else f"{line};" for line in lines)
    block = "table" if item.place.kind is Kind.ROW else "list"
    place = f"{item.place.kind.value.capitalize()} {item.place.line + 1} of {block} {item.place.block + 1}"
    return f"{place} of “{where.title}”"


def one_line(text: str) -> str:
    """A summary: one line, no control characters, at most 255 UTF-16 units, cut with an ellipsis."""
    line = " ".join(_NOT_ON_A_LINE.sub(" ", text).split()) or "Action item"
    if 2 * len(line) <= SUMMARY_UNITS or _units(line) <= SUMMARY_UNITS:
        return line
    kept, units = [], 1
    for character in line:
        units += _units(character)
        if units > SUMMARY_UNITS:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _assignee(
    item: ActionItem, owner: OwnerReading, rules: TicketRules, facts: Facts, findings: list[Finding]
) -> str | None:
    if owner.assignee is None or facts.offers_no_assignee(rules):
        return owner.assignee
    if (rules.project, owner.assignee) in facts.unassignable:
        findings.append(not_assignable(item, owner))
        return None
    return owner.assignee


def not_assignable(item: ActionItem, owner: OwnerReading, ticket: Ticket | None = None) -> Finding:
    """Jira does not take the owner as an assignee; ``ticket`` as it is, None before it is made.

    Whoever wrote the row cannot mend what the mapping gives, so that is named instead.
    """
    outcome = f"{ticket.key} keeps its assignee" if ticket is not None and ticket.assignee else "the ticket has none"
    whom, remedy = f"{subject(item)} names an owner whom Jira does not take", "name someone else"
    if owner.given_by:
        whom, remedy = f"{subject(item)}: {owner.given_by} is an account that Jira does not take", "correct it there"
    message = (
        f"{whom} as an assignee here, so {outcome}; {remedy}, assign the ticket in Jira, or ask a Jira administrator "
        "for access."
    )
    return Finding("owner-not-assignable", message, item.action)


def _priority(
    item: ActionItem, reading: PriorityReading, form: CreateForm | None, findings: list[Finding]
) -> str | None:
    if not reading.written:
        return None
    allowed = _priorities(form)
    known = next((each for each in allowed if each.casefold() == (reading.name or reading.written).casefold()), None)
    if known is None and reading.finding is not None:
        findings.append(reading.finding)
    if known is None and form is not None and reading.name is not None and allowed:
        findings.append(not_of_project(item, reading, form))
    return known if allowed else reading.name


def _priorities(form: CreateForm | None) -> tuple[str, ...]:
    """The priorities that the create form offers; none where it is not known, or does not tell them."""
    field = form.field("priority") if form is not None else None
    return field.allowed if field is not None else ()


def _description(item: ActionItem, where: Where, owner: OwnerReading, due: DueReading, facts: Facts) -> Description:
    section = f", section “{item.place.section}”" if item.place.section and not where.title_only else ""
    source = Paragraph((Text("Action item of the post-mortem "), Link(where.title, where.url), Text(f"{section}.")))
    if where.title_only:
        return (source, Paragraph((Text("The page is restricted, so what it says is not repeated here."),)))
    blocks: list[Paragraph | Bullets] = [source, Paragraph((Text(item.action),))]
    details: list[tuple[Run, ...]] = []
    if len(owner.others) > 0:
        others = ", ".join(facts.names.get(each, each) for each in owner.others)
        details.append((Text(f"{'Named' if owner.assignee is None else 'Also named'} as owner: {others}"),))
    if due.defaulted and due.due is not None:
        details.append((Text(f"Due {due.due.isoformat()}: set by the team's default, the row has no date"),))
    details.extend((Text(f"{header}: {text}" if header else text),) for header, text in item.others)
    if details:
        blocks.append(Bullets(tuple(details)))
    blocks.append(_LAST_WORDS)
    return tuple(blocks)
