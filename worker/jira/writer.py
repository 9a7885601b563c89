"""Makes, edits and moves tickets: requests that go out once, and answers that say what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from worker.errors import Exhausted, NoAnswer, RemoteError
from worker.jira import bulk, origin
from worker.jira.dialect import Dialect
from worker.jira.fields import changed_fields, issue_update
from worker.jira.form import epic_link
from worker.model.ticket import Answer, CreateForm, Draft, NotMade, Refused, TicketEdit, Unknown
from worker.remote.gateway import Gateway


class JiraTicketWriter:
    """``TicketWriter`` on both deployments, which take the same requests in their own dialect."""

    def __init__(self, gateway: Gateway, dialect: Dialect) -> None:
        self._gateway = gateway
        self._dialect = dialect

    def create(self, drafts: Sequence[Draft], form: CreateForm, *, within: float) -> tuple[Answer, ...]:
        """One bulk request of at most 50 drafts, each with its origin in the same request; one answer a draft.

        Both deployments describe an entry of ``issue/bulk`` as they describe a single create, properties included
        (Jira Cloud platform v3; Jira Data Center REST 10.3 and 11.2, create issues).

        A lost answer makes every draft Unknown. A refusal of the whole request proves that nothing was made: every
        draft is NotMade, unless it was sent alone and Jira objected to what it says. Only AccessError is raised, and
        not where Jira takes no more requests for now: that is NotMade, too.
        """
        if not drafts:
            return ()
        body = {"issueUpdates": [issue_update(draft, form, self._dialect) for draft in drafts]}
        parent = epic_link(form)
        names = {parent: "parent"} if parent else {}
        try:
            reply = self._gateway.send(
                "POST", f"{self._dialect.api}/issue/bulk", body=body, repeatable=False, read=(400,), within=within
            )
        except NoAnswer as error:
            return tuple(Unknown(str(error)) for _ in drafts)
        except Exhausted as error:
            return tuple(NotMade(str(error), 429) for _ in drafts)
        except RemoteError as error:
            return tuple(NotMade(str(error), error.status) for _ in drafts)
        if reply.status == 400 and not bulk.by_draft(reply.body):
            refusal = bulk.refusal(reply.body, names)
            return (refusal,) if len(drafts) == 1 else tuple(NotMade(refusal.message, 400) for _ in drafts)
        return bulk.answers(len(drafts), reply.body, names)

    def edit(self, edit: TicketEdit) -> Refused | NotMade | None:
        """Only the changed fields, and the origin as an entity property in the same request (edit issue).

        ``notifyUsers`` is left alone: without admin rights Cloud ignores it and Data Center answers 403.
        """
        body = {
            "fields": changed_fields(edit, self._dialect),
            "properties": [{"key": origin.PROPERTY, "value": origin.to_json(edit.origin)}],
        }
        return self._changed("PUT", f"{self._dialect.api}/issue/{quote(edit.ticket, safe='')}", body)

    def move(self, ticket: str, transition: str) -> Refused | NotMade | None:
        """Does a transition; a 409 means that somebody moved the ticket at the same time (transition issue)."""
        path = f"{self._dialect.api}/issue/{quote(ticket, safe='')}/transitions"
        return self._changed("POST", path, {"transition": {"id": transition}})

    def _changed(self, method: str, path: str, body: Any) -> Refused | NotMade | None:
        try:
            reply = self._gateway.send(method, path, body=body, repeatable=False, read=(400,))
        except NoAnswer:
            raise
        except Exhausted as error:
            return NotMade(str(error), 429)
        except RemoteError as error:
            return NotMade(str(error), error.status)
        return bulk.refusal(reply.body) if reply.status == 400 else None
