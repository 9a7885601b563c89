"""What both deployments of Jira are asked alike: who we are, what a create takes, where a ticket can go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import quote

from worker.errors import Forbidden, Missing, RemoteError
from worker.jira import convert
from worker.jira.dialect import Dialect
from worker.jira.form import choose_type, no_project
from worker.model.page import Account
from worker.model.ticket import CreateForm, Transition
from worker.remote.gateway import Gateway
from worker.remote.paging import by_start
from worker.remote.query import quoted
from worker.remote.reading import understood
from worker.remote.remedy import anonymous, not_signed_in


def whoami(gateway: Gateway, dialect: Dialect) -> Account:
    """The account of the credentials; AccessError when they are nobody's or may not use Jira."""
    try:
        answer = gateway.get(f"{dialect.api}/myself").body
    except RemoteError as error:
        raise not_signed_in(gateway.account, "Jira", error) from error
    if not isinstance(answer, dict) or not answer.get(dialect.account):
        raise anonymous(gateway.account, "Jira")
    return Account(id=answer[dialect.account], name=answer.get("displayName") or "")


def create_form(gateway: Gateway, dialect: Dialect, project: str, type_name: str) -> CreateForm:
    """What creating such a ticket takes; the type is named by its name in any case, or by its id.

    ConfigurationError when the project or type is not there for us: without the right to create issues Jira answers
    404, 403, 400 or an empty list. Whether it is a sub-task stands with the types alone: Jira Cloud does not say of the
    field ``parent`` that it is required (Jira Cloud REST v3 and Data Center REST 10.3, create metadata, ``subtask``).
    """
    path = f"{dialect.api}/issue/createmeta/{quote(project, safe='')}/issuetypes"
    try:
        types = list(by_start(gateway, path, {"maxResults": 200}, dialect.types))
    except (Missing, Forbidden) as error:
        raise no_project(project, gateway.account.credentials) from error
    except RemoteError as error:
        if error.status == 400:
            raise no_project(project, gateway.account.credentials) from error
        raise
    with understood("the ticket types of a project"):
        chosen = choose_type(project, type_name, [(str(kind["id"]), str(kind["name"])) for kind in types])
        subtask = any(str(kind["id"]) == chosen[0] and kind.get("subtask") is True for kind in types)
    fields = by_start(gateway, f"{path}/{quote(chosen[0], safe='')}", {"maxResults": 200}, dialect.fields)
    return CreateForm(
        project=project,
        type=chosen[1],
        type_id=chosen[0],
        fields=tuple(convert.form_field(f) for f in fields),
        subtask=subtask,
    )


def transitions(gateway: Gateway, dialect: Dialect, ticket: str) -> tuple[Transition, ...]:
    """The transitions open to us now; without the right to move the ticket Jira gives an empty list."""
    answer = gateway.get(f"{dialect.api}/issue/{quote(ticket, safe='')}/transitions").body
    with understood("the transitions of a ticket"):
        return tuple(convert.transition(each) for each in answer["transitions"])


def created_since(project: str | None, label: str, since: date) -> str:
    """The query for tickets of the project (or of all) with that label created since a day, oldest first."""
    where = f"project = {quoted(project)} AND " if project is not None else ""
    return f"{where}labels = {quoted(label)} AND {_created(since)} ORDER BY created ASC"


def open_since(labels: Sequence[str], since: date) -> str:
    """The query for tickets with any of the labels, created since a day and not done, oldest first."""
    named = ", ".join(quoted(label) for label in labels)
    return f"labels in ({named}) AND statusCategory != Done AND {_created(since)} ORDER BY created ASC"


def newest_first(project: str) -> str:
    """The query whose first ticket has the highest number.

    Ordered by key and not by creation: a ticket moved into the project takes the next number whatever its age. Jira
    compares the number in a key as a number (JQL, ORDER BY key).
    """
    return f"project = {quoted(project)} ORDER BY key DESC"


def _created(since: date) -> str:
    """The clause for a day, and the day before.

    JQL reads a day in a zone that nobody told us (the account's on Cloud; the account's or the server's on Data
    Center). Tickets of a day too many do no harm to a caller who looks for their origin.
    """
    return f"created >= {quoted((since - timedelta(days=1)).isoformat())}"
