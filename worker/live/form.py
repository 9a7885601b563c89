"""Looks at a create form: whether it takes what the worker sends, and whether anything it demands is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worker.live.rows import Ask, LiveRow, fine, listed, told, with_article, wrong
from worker.mapping.model import TeamMapping
from worker.mapping.places import closest
from worker.model.surroundings import OFFERED_WITH, Permission
from worker.model.ticket import CreateForm
from worker.reconcile.demands import FROM_ROWS, left_to_rows, required_but_empty

_SENT = ("description", "labels", "assignee", "duedate", "priority")
"""Fields of a create request that every mapping can lead to, besides those that no screen can lack."""
_SHOWN = 12
"""Values that a sentence lists before it stops."""


def look_at_form(mapping: TeamMapping, file: str, form: CreateForm, held: frozenset[Permission]) -> Iterator[LiveRow]:
    """Rows about the create form of a team's ticket type; ``held`` are the permissions we have in its project."""
    yield from _screen(mapping, form, held)
    yield from _required(mapping, file, form)
    yield from _values(mapping, file, form)
    yield from _priorities(mapping, file, form)


def _screen(mapping: TeamMapping, form: CreateForm, held: frozenset[Permission]) -> Iterator[LiveRow]:
    """Whether every field that the worker sends is on the create screen."""
    sent = [*_SENT, *(["parent"] if mapping.ticket.parent else [])]
    absent = [name for name in sent if form.field(name) is None]
    unmissed = {name for name, permission in OFFERED_WITH.items() if permission not in held}
    if not mapping.ticket.priority:
        unmissed.add("priority")
    missing = [name for name in absent if name not in unmissed]
    where = f"the create screen of {form.type} in {form.project}"
    if missing:
        effect = "tickets could not be found again" if "labels" in missing else "tickets are made without"
        many = len(missing) > 1
        yield wrong(
            "create screen",
            f"{listed(missing)} {'are' if many else 'is'} not on {where}, so {effect}.",
            Ask("Jira", f"Please add the {'fields' if many else 'field'} {listed(missing)} to {where}."),
        )
    else:
        yield fine("create screen", f"It has {listed(name for name in sent if name not in absent)}.")
    if "priority" in absent and "priority" in unmissed:
        yield told("create screen", f"priority is not on {where}, so written priorities give findings.")


def _required(mapping: TeamMapping, file: str, form: CreateForm) -> Iterator[LiveRow]:
    demanded = required_but_empty(mapping, form)
    ids = [shown.rpartition("(")[2].rstrip(")") for shown in demanded]
    for each in left_to_rows(mapping, form):
        yield told(
            "required fields",
            f"{form.project} makes no {form.type} without {FROM_ROWS[each].what}, so rows without it wait for people; "
            f"to have it filled, {FROM_ROWS[each].default} ({file}).",
        )
    if not demanded and not left_to_rows(mapping, form):
        yield fine("required fields", "All are filled.")
    for shown, field_id in zip(demanded, ids, strict=True):
        if field_id == "parent":  # no field of the mapping's: ticket.parent fills it, which the look at the parent says
            continue
        field = form.field(field_id)
        choices = field.choices if field else []
        example = f"`fields: {{{field_id}: {choices[0] if choices else '…'}}}`"
        which = f", with one of {listed(choices[:_SHOWN])}" if choices else ""
        yield wrong(
            "required fields",
            f"{form.project} demands {shown} for {with_article(form.type)}; fill it under `ticket` in {file}: "
            f"{example}{which}.",
            Ask("Jira", f"Or please make {shown} optional for {form.type} in the project {form.project}."),
        )


def _values(mapping: TeamMapping, file: str, form: CreateForm) -> Iterator[LiveRow]:
    """Whether the mapping's own fields are on the screen, and take what it says."""
    by_name = {field.name.casefold(): field.id for field in form.fields}
    for field_id, value in mapping.ticket.fields.items():
        field = form.field(field_id)
        if field is None:
            meant = by_name.get(field_id.casefold()) or by_name.get(closest(field_id.casefold(), list(by_name)) or "")
            advice = f"did you mean `{meant}`?" if meant else "remove it, or have it added to the screen."
            yield wrong(
                "fields",
                f"`{field_id}` (ticket.fields in {file}) is not on the create screen of {form.type} in {form.project}; "
                f"{advice}",
                None
                if meant
                else Ask("Jira", f"Please add {field_id} to the create screen of {form.type} in {form.project}."),
            )
            continue
        entries = value if isinstance(value, list) else [value]
        strange = [str(each) for each in entries if isinstance(each, str | int) and str(each) not in field.allowed]
        if field.allowed and strange:
            yield wrong(
                "fields",
                f"{field.name} (`{field_id}`, ticket.fields in {file}) takes no `{strange[0]}`; "
                f"{_instead(strange[0], field.choices)}",
            )
        else:
            yield fine("fields", f"{field.name} takes it.")


def _priorities(mapping: TeamMapping, file: str, form: CreateForm) -> Iterator[LiveRow]:
    field = form.field("priority")
    if field is None or not mapping.ticket.priority:
        return
    strange = {
        written: meant
        for written, meant in mapping.ticket.priority.items()
        if field.allowed and meant not in field.allowed
    }
    for written, meant in strange.items():
        yield wrong(
            "priorities",
            f"{form.project} has no priority `{meant}` (ticket.priority: {written} in {file}); "
            f"{_instead(meant, field.choices)}",
        )
    if not strange:
        yield fine("priorities", f"{form.project} has {listed(dict.fromkeys(mapping.ticket.priority.values()))}.")


def _instead(wanted: str, choices: Sequence[str]) -> str:
    folded = {choice.casefold(): choice for choice in choices}
    guess = folded.get(closest(wanted.casefold(), list(folded)) or "")
    if guess:
        return f"did you mean `{guess}`?"
    return f"write one of {listed(choices[:_SHOWN])}{' …' if len(choices) > _SHOWN else '.'}"
