"""What a claim remembers of a request that Jira turned down, so that the same one is sent at most once a day.

What Jira refuses for what the row says stays refused until row or mapping change (``desire.wish_digest``). A missing
permission, an archived project or a field without a name may be mended without a word on the page, and nothing that a
pass reads would tell. So the day is part of what is remembered.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from worker.mapping.model import TeamMapping
from worker.model.item import ActionItem, digest
from worker.model.ticket import Ticket, TicketEdit
from worker.reconcile.desire import wish_digest
from worker.reconcile.sentences import subject


def create_today(item: ActionItem, mapping: TeamMapping, now: datetime) -> str:
    """Digest of the item's create on the day (UTC) of ``now``, which is server time."""
    return _today(wish_digest(item, mapping), now)


def edit_today(edit: TicketEdit, now: datetime) -> str:
    """Digest of the edit on the day (UTC) of ``now``, which is server time."""
    return _today(repr(edit), now)


def create_turned_down(item: ActionItem, now: datetime) -> str:
    """Why a ticket is not asked for again on the day of ``now``."""
    return (
        f"{subject(item)}: Jira turned this ticket down earlier today, and not for what the row says. {again(now)} "
        "Run `check --live` to see what the worker's account lacks."
    )


def edit_turned_down(item: ActionItem, ticket: Ticket, now: datetime) -> str:
    """Why a ticket is not edited again on the day of ``now``."""
    return (
        f"{subject(item)}: Jira refused earlier today to change {ticket.key}, which therefore keeps what it has. "
        f"{again(now)} Let the worker's account edit {ticket.key}, or set it in Jira as the row says."
    )


def again(now: datetime) -> str:
    """When what was turned down on the day of ``now`` is asked again, as a sentence."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    return f"It is asked again from {tomorrow} (UTC) on, or at once by `sync --approve PAGE`."


def _today(wish: str, now: datetime) -> str:
    return digest(f"{wish}|{now.astimezone(UTC).date()}", length=8)
