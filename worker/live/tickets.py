"""Looks at a team's project: whether we may work in it, and whether its create form takes what the worker sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from worker.errors import ConfigurationError, RemoteError
from worker.live.rows import Ask, LiveRow, account_named, fine, listed, told, unanswered, wrong
from worker.mapping.model import TeamMapping
from worker.mapping.places import closest
from worker.model.page import Account
from worker.model.surroundings import Named, Permission, Project
from worker.model.ticket import CreateForm, FormField
from worker.ports import TicketReader, TicketSurroundings
from worker.reconcile.demands import FROM_ROWS, left_to_rows, required_but_empty

_WHY = {
    Permission.BROWSE: "to read tickets",
    Permission.CREATE: "to make them",
    Permission.EDIT: "so that they follow their rows",
    Permission.ASSIGN: "so that they get their owners",
    Permission.SCHEDULE: "so that they get their due dates",
    Permission.MOVE: "so that a ticked task closes its ticket",
}
_SENT = ("description", "labels", "assignee", "duedate", "priority")
"""Fields of a create request that every mapping can lead to, besides those that no screen can lack."""
_WITH = {"assignee": Permission.ASSIGN, "duedate": Permission.SCHEDULE}
"""Jira takes these off the screens of whoever lacks the permission."""
_SHOWN = 12
"""Values that a sentence lists before it stops."""


def look_at_project(
    mapping: TeamMapping, file: str, reader: TicketReader, surroundings: TicketSurroundings, us: Account
) -> Iterator[LiveRow]:
    """Rows about one team's project. AccessError passes through, RemoteError becomes a row."""
    rules = mapping.ticket
    try:
        project = surroundings.project(rules.project)
        if project is None:
            yield _hidden(rules.project, file, list(islice(surroundings.projects(), 1000)), us)
            return
        yield fine("project", f"{project.key} is “{project.name}”.")
        held = surroundings.permissions(project.key)
    except RemoteError as error:
        yield unanswered("project", error)
        return
    yield _permissions(project, held, needed(mapping), us)
    if Permission.CREATE not in held:
        return
    try:
        form = reader.create_form(rules.project, rules.type)
    except ConfigurationError as error:
        yield wrong("type", f"{error} (ticket.type in {file}).{_type_meant(rules.type, project)}")
        return
    except RemoteError as error:
        yield unanswered("type", error)
        return
    yield fine("type", f"{form.type}.")
    yield from _screen(mapping, form, held)
    yield from _required(mapping, file, form)
    yield from _values(mapping, file, form)
    yield from _priorities(mapping, file, form)
    yield from _parent(mapping, file, project, form, surroundings, us)


def needed(mapping: TeamMapping) -> tuple[Permission, ...]:
    """The permissions that a mapping takes: one that never edits tickets needs fewer."""
    unneeded: set[Permission] = set()
    if mapping.ticket.follow == "off":
        unneeded.add(Permission.EDIT)
    if mapping.items.task_lists is False:
        unneeded.add(Permission.MOVE)
    return tuple(each for each in Permission if each not in unneeded)


def _hidden(key: str, file: str, others: Sequence[Named], us: Account) -> LiveRow:
    by_name = {each.name: each.key for each in others}
    guess = closest(key, list(by_name.values())) or by_name.get(closest(key.capitalize(), list(by_name)) or "")
    meant = f"did you mean `{guess}`?" if guess else "write the key with which its tickets begin."
    return wrong(
        "project",
        f"Jira shows this account no project `{key}` (ticket.project in {file}); {meant} If the key is right, the "
        "account lacks the permission to browse it.",
        Ask("Jira", f"Please let the account {account_named(us)} browse the project {key}, and create issues in it."),
    )


def _permissions(project: Project, held: frozenset[Permission], wanted: Sequence[Permission], us: Account) -> LiveRow:
    missing = [each for each in wanted if each not in held]
    if not missing:
        return fine("permissions", f"{listed(each.title for each in wanted)}.")
    reasons = listed(f"{each.title} ({_WHY[each]})" for each in missing)
    one = len(missing) == 1
    titles = listed(f"“{each.title}”" for each in missing)
    return wrong(
        "permissions",
        f"This account lacks {'a permission' if one else 'permissions'} in {project.key}: {reasons}.",
        Ask(
            "Jira",
            f"Please give the account {account_named(us)} the {'permission' if one else 'permissions'} {titles} in the "
            f"project {project.key}.",
        ),
    )


def _type_meant(wanted: str, project: Project) -> str:
    guess = closest(wanted, [each.name for each in project.types])
    return f" Did you mean `{guess}`?" if guess else ""


def _screen(mapping: TeamMapping, form: CreateForm, held: frozenset[Permission]) -> Iterator[LiveRow]:
    """Whether every field that the worker sends is on the create screen."""
    sent = [*_SENT, *(["parent"] if mapping.ticket.parent else [])]
    absent = [name for name in sent if form.field(name) is None]
    unmissed = {name for name, permission in _WITH.items() if permission not in held}
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
    for each in left_to_rows(mapping, form):
        yield told(
            "required fields",
            f"{form.project} makes no {form.type} without {FROM_ROWS[each].what}, so rows without it wait for people; "
            f"to have it filled, {FROM_ROWS[each].default} ({file}).",
        )
    if not demanded and not left_to_rows(mapping, form):
        yield fine("required fields", "All are filled.")
    for shown in demanded:
        field_id = shown.rpartition("(")[2].rstrip(")")
        field = form.field(field_id)
        choices = _choices(field) if field else []
        example = f"`fields: {{{field_id}: {choices[0] if choices else '…'}}}`"
        which = f", with one of {listed(choices[:_SHOWN])}" if choices else ""
        yield wrong(
            "required fields",
            f"{form.project} demands {shown} for a {form.type}; fill it under `ticket` in {file}: {example}{which}.",
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
                f"{_instead(strange[0], _choices(field))}",
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
            f"{_instead(meant, _choices(field))}",
        )
    if not strange:
        yield fine("priorities", f"{form.project} has {listed(dict.fromkeys(mapping.ticket.priority.values()))}.")


def _parent(
    mapping: TeamMapping, file: str, project: Project, form: CreateForm, surroundings: TicketSurroundings, us: Account
) -> Iterator[LiveRow]:
    key = mapping.ticket.parent
    own = next((each for each in project.types if each.id == form.type_id), None)
    if key is None:
        if own is not None and own.level == -1:
            yield wrong(
                "parent",
                f"{form.type} is a sub-task, which needs a parent; write `parent: {form.project}-…` under `ticket` in "
                f"{file}, or take another type.",
            )
        return
    try:
        parent = surroundings.parent(key)
    except RemoteError as error:
        yield unanswered("parent", error)
        return
    if parent is None:
        yield wrong(
            "parent",
            f"Jira shows this account no ticket {key} (ticket.parent in {file}); write the key of one that is there.",
            Ask("Jira", f"Or please let the account {account_named(us)} see {key}, if it exists."),
        )
    elif own is not None and None not in (own.level, parent.type.level) and parent.type.level != (own.level or 0) + 1:
        above = listed(each.name for each in project.types if each.level == (own.level or 0) + 1) or "a higher type"
        yield wrong(
            "parent",
            f"{key} (ticket.parent in {file}) is a {parent.type.name}, and only {above} can stand above a {form.type}; "
            f"write the key of such a ticket.",
        )
    elif own is not None and own.level == -1 and parent.project != form.project:
        yield wrong(
            "parent",
            f"{key} (ticket.parent in {file}) is not in {form.project}, as a parent of sub-tasks must be; write the "
            "key of a ticket in it.",
        )
    else:
        yield fine("parent", f"{key} is a {parent.type.name}.")


def _choices(field: FormField) -> list[str]:
    """The allowed values as people name them."""
    return [value for value in field.allowed if not value.isdigit()] or list(field.allowed)


def _instead(wanted: str, choices: list[str]) -> str:
    folded = {choice.casefold(): choice for choice in choices}
    guess = folded.get(closest(wanted.casefold(), list(folded)) or "")
    if guess:
        return f"did you mean `{guess}`?"
    return f"write one of {listed(choices[:_SHOWN])}{' …' if len(choices) > _SHOWN else ''}"
