"""Finds what a mapping may say and cannot mean here and now: owners that are no accounts, a day yet to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from worker.mapping.model import TeamMapping
from worker.mapping.never import never
from worker.mapping.places import Path, Problem, Tree

_ACCOUNT = re.compile(r"[0-9a-zA-Z_-]+:[0-9a-zA-Z_:.-]+|[0-9a-zA-Z_-]{20,}")
"""What account ids look like: ``557058:`` and a UUID, or 24 hexadecimal digits (Atlassian: up to 128 characters)."""

_CLOUD_ONLY = re.compile(r"[0-9]{5,}:[0-9a-f-]+|[0-9a-f]{24}")
"""What only Cloud calls a person: a number, a colon and a UUID or part of one, or 24 hexadecimal digits."""


def doubts(mapping: TeamMapping, tree: Tree, now: datetime, *, cloud: bool) -> Iterator[Problem]:
    """Problems of a mapping that is sound in itself; ``now`` (aware) tells which days are yet to come.

    ``cloud`` says how owners are to be written.
    """
    today = now.astimezone(mapping.due.zone).date()
    if mapping.pages.since > today:
        yield Problem(
            tree.place(("pages", "since")).line,
            f"`since` is {mapping.pages.since}, which is yet to come, so that no page is selected; "
            f"write {today} for pages from now on, or an earlier day",
        )
    for path, account in _owners(mapping):
        sentence = _on_cloud(account) if cloud else _on_datacenter(account)
        if sentence is not None:
            yield Problem(tree.place(path).line, sentence)
    for path, sentence in never(mapping):
        yield Problem(tree.place(path).line, sentence)


def _on_cloud(account: str) -> str | None:
    """What is wrong with an account of Cloud."""
    if _ACCOUNT.fullmatch(account):
        return None
    what = (
        "is an e-mail address, and Cloud needs an account id" if "@" in account else "cannot be an account id of Cloud"
    )
    return (
        f"`{account}` {what}; open the person's profile in Jira or Confluence and write what stands at the end of its "
        "address: …/people/ACCOUNTID"
    )


def _on_datacenter(account: str) -> str | None:
    """What is wrong with an account of Data Center, where nearly any word can be a user name."""
    if not _CLOUD_ONLY.fullmatch(account):
        return None
    return f"`{account}` is an account id of Cloud; on Data Center write the name with which the person signs in"


def _owners(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    if mapping.owners.default is not None:
        yield ("owners", "default"), mapping.owners.default
    for name, account in mapping.owners.aliases.items():
        yield ("owners", "aliases", name), account
