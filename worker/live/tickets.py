"""Looks at a team's project: whether it is there, and whether we may work in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from worker.errors import ConfigurationError, RemoteError
from worker.live.form import look_at_form
from worker.live.rows import Ask, LiveRow, account_named, fine, listed, unanswered, with_article, wrong
from worker.mapping.model import TeamMapping
from worker.mapping.places import closest
from worker.model.page import Account
from worker.model.surroundings import Named, Permission, Project
from worker.model.ticket import CreateForm
from worker.ports import TicketReader, TicketSurroundings

_WHY = {
    Permission.BROWSE: "to read tickets",
    Permission.CREATE: "to make them",
    Permission.EDIT: "so that they follow their rows",
    Permission.ASSIGN: "so that they get their owners",
    Permission.SCHEDULE: "so that they get their due dates",
    Permission.MOVE: "so that a ticked task closes its ticket",
}


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
        yield wrong("type", f"{error} (ticket.type in {file}).")
        return
    except RemoteError as error:
        yield unanswered("type", error)
        return
    yield fine("type", f"{form.type}.")
    yield from look_at_form(mapping, file, form, held)
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
    ask = Ask("Jira", f"Please let the account {account_named(us)} browse the project {key}, and create issues in it.")
    return wrong(
        "project",
        f"Jira shows this account no project `{key}` (ticket.project in {file}); {meant} If the key is right, the "
        "account lacks the permission to browse it.",
        None if guess else ask,
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


def _parent(
    mapping: TeamMapping, file: str, project: Project, form: CreateForm, surroundings: TicketSurroundings, us: Account
) -> Iterator[LiveRow]:
    key = mapping.ticket.parent
    own = next((each for each in project.types if each.id == form.type_id), None)
    if key is None:
        asked = form.field("parent")
        if own is not None and own.level == -1:
            why = f"{form.type} is a sub-task, which needs a parent"
        elif asked is not None and asked.required and not asked.has_default:
            why = f"{form.project} demands a parent for {with_article(form.type)}"
        else:
            return
        yield wrong(
            "parent",
            f"{why}; write `parent: {form.project}-…` under `ticket` in {file} (ticket.parent), or take another type.",
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
            f"{key} (ticket.parent in {file}) is {with_article(parent.type.name)}, and only {above} can stand above "
            f"{with_article(form.type)}; write the key of such a ticket.",
        )
    elif own is not None and own.level == -1 and parent.project != form.project:
        yield wrong(
            "parent",
            f"{key} (ticket.parent in {file}) is not in {form.project}, as a parent of sub-tasks must be; write the "
            "key of a ticket in it.",
        )
    else:
        yield fine("parent", f"{key} is {with_article(parent.type.name)}.")
