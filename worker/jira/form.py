"""Finds the ticket type a mapping names, and says what exists when it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from worker.errors import ConfigurationError
from worker.model.ticket import CreateForm
from worker.remote.signin import Credentials


def choose_type(project: str, wanted: str, types: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Id and name of the type called ``wanted`` (its name in any case, or its id), out of (id, name) pairs.

    ConfigurationError names the value, the project and the types there are; two types may bear one name, then only
    the id tells them apart.
    """
    named = [entry for entry in types if entry[1].casefold() == wanted.casefold()]
    chosen = named or [entry for entry in types if entry[0] == wanted]
    if len(chosen) == 1:
        return chosen[0]
    listed = ", ".join(f"{name} (id {number})" for number, name in types)
    if chosen:
        raise ConfigurationError(
            f"ticket.type: {wanted} means several types of project {project}; write the id: {listed}"
        )
    if not types:
        raise ConfigurationError(
            f"ticket.project: Jira lets this account create nothing in {project}; check the key, and give the account "
            "the permission to create issues there"
        )
    close = get_close_matches(wanted.casefold(), [name.casefold() for _, name in types], n=1)
    meant = next((f" did you mean {name}?" for _, name in types if name.casefold() in close), "")
    raise ConfigurationError(f"ticket.type: project {project} has no type {wanted};{meant} it has {listed}")


def no_project(project: str, credentials: Credentials) -> ConfigurationError:
    """The project is not there, or not for this account; Jira does not tell the two apart."""
    return ConfigurationError(
        f"ticket.project: Jira shows no project {project} to {credentials} in which it could create tickets; check the "
        "key, and give the account the permissions to browse the project and to create issues"
    )


_EPIC_LINK = "epic-link"


def with_epic_link(form: CreateForm) -> CreateForm:
    """The form with its Epic Link standing in for a parent that it has not.

    On Data Center only sub-tasks have a field ``parent``; all others belong to an epic through a custom field whose id
    differs from site to site (Jira Software Data Center, ``gh-epic-link``).
    """
    if form.field("parent") is not None:
        return form
    link = next((field for field in form.fields if field.schema == _EPIC_LINK), None)
    if link is None:
        return form
    return replace(form, fields=(*form.fields, replace(link, id="parent", schema=f"{_EPIC_LINK}/{link.id}")))


def epic_link(form: CreateForm) -> str | None:
    """Jira's id of the field that stands in for the parent; None where the parent is a field of its own."""
    field = form.field("parent")
    kind, _, field_id = field.schema.partition("/") if field is not None else ("", "", "")
    return field_id if kind == _EPIC_LINK and field_id else None
