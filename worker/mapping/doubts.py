"""Finds what a mapping may say and a Cloud site cannot mean: owners that are no accounts, a day that is yet to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from worker.mapping.model import TeamMapping
from worker.mapping.places import Path, Problem, Tree

_ACCOUNT = re.compile(r"[0-9a-zA-Z_-]+:[0-9a-zA-Z_:.-]+|[0-9a-zA-Z_-]{20,}")
"""What account ids look like: ``557058:`` and a UUID, or 24 hexadecimal digits (Atlassian: up to 128 characters)."""


def doubts(mapping: TeamMapping, tree: Tree, now: datetime, *, cloud: bool) -> Iterator[Problem]:
    """Problems of a mapping that is sound in itself; ``now`` (aware) tells which days are yet to come.

    Owners are judged on ``cloud`` only: on Data Center any word can be a user name.
    """
    today = now.astimezone(mapping.due.zone).date()
    if mapping.pages.since > today:
        yield Problem(
            tree.place(("pages", "since")).line,
            f"`since` is {mapping.pages.since}, which is yet to come, so that no page is selected; "
            f"write {today} for pages from now on, or an earlier day",
        )
    for path, account in _owners(mapping) if cloud else ():
        if not _ACCOUNT.fullmatch(account):
            yield Problem(
                tree.place(path).line,
                f"`{account}` cannot be an account id of Cloud; open the person's profile in Jira or Confluence and "
                "write what stands at the end of its address: …/people/ACCOUNTID",
            )


def _owners(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    if mapping.owners.default is not None:
        yield ("owners", "default"), mapping.owners.default
    for name, account in mapping.owners.aliases.items():
        yield ("owners", "aliases", name), account
