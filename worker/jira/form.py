"""Finds the ticket type a mapping names, and says what exists when it does not."""

from __future__ import annotations

from collections.abc import Sequence

from worker.errors import ConfigurationError
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
    raise ConfigurationError(f"ticket.type: project {project} has no type {wanted}; it has {listed}")


def no_project(project: str, credentials: Credentials) -> ConfigurationError:
    """The project is not there, or not for this account; Jira does not tell the two apart."""
    return ConfigurationError(
        f"ticket.project: Jira shows no project {project} to {credentials} in which it could create tickets; check the "
        "key, and give the account the permissions to browse the project and to create issues"
    )
