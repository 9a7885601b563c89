"""Looks at whom a mapping names: whether the accounts exist, and may have tickets of the project."""

from __future__ import annotations

from collections.abc import Iterator

from worker.errors import Forbidden, RemoteError
from worker.live.rows import Ask, LiveRow, fine, listed, unanswered, wrong
from worker.mapping.model import TeamMapping
from worker.model.surroundings import Person
from worker.ports import TicketReader, TicketSurroundings
from worker.settings import Deployment

_AS_WRITTEN = {
    Deployment.CLOUD: "open the person's profile and write what stands at the end of its address: …/people/ACCOUNTID",
    Deployment.DATACENTER: "write the user name with which the person signs in.",
}
"""What to write for a person."""


def look_at_people(
    mapping: TeamMapping, file: str, deployment: Deployment, reader: TicketReader, surroundings: TicketSurroundings
) -> Iterator[LiveRow]:
    """A row for each account that cannot have tickets, and one for all others. AccessError passes through.

    ``deployment`` decides how an account is written.
    """
    named: dict[str, list[str]] = {}
    for name, account in mapping.owners.aliases.items():
        named.setdefault(account, []).append(f"owners.aliases: {name}")
    if mapping.owners.default is not None:
        named.setdefault(mapping.owners.default, []).append("owners.default")
    good: list[str] = []
    for account, places in named.items():
        where = f"{listed(places)} in {file}"
        try:
            person = _known(surroundings, account)
            if reader.assignable(mapping.ticket.project, account) is not None:
                good.append(person.name if person and person.name else account)
            else:
                yield _unfit(account, where, person, mapping.ticket.project)
        except _Unknown:
            yield wrong("owners", f"Jira knows no account `{account}` ({where}); {_AS_WRITTEN[deployment]}")
        except RemoteError as error:
            yield unanswered("owners", error)
    if good:
        yield fine("owners", f"{listed(good)} may be assigned.")


class _Unknown(Exception):
    """Jira knows nobody under the account."""


def _known(surroundings: TicketSurroundings, account: str) -> Person | None:
    """The person; None where we may not look people up, so that only the project can tell. Raises _Unknown."""
    try:
        person = surroundings.person(account)
    except Forbidden:
        return None
    if person is None:
        raise _Unknown
    return person


def _unfit(account: str, where: str, person: Person | None, project: str) -> LiveRow:
    if person is not None and not person.active:
        return wrong(
            "owners", f"The account of {person.name} ({where}) is deactivated; write the account of somebody else."
        )
    who = f"{person.name} ({account})" if person else account
    return wrong(
        "owners",
        f"{who} ({where}) may not be assigned tickets of {project}; write somebody else, or ask for the permission.",
        Ask("Jira", f"Please give the account {who} the permission “Assignable user” in the project {project}."),
    )
