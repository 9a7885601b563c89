"""Puts Jira's accounts in the place of people as pages mention them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from worker.model.item import ActionItem, Mention, Owner, Stranger
from worker.ports import PageReader
from worker.reconcile.extract import Extraction


def with_accounts(extraction: Extraction, pages: PageReader) -> Extraction:
    """The extraction with every mention by its account; whom Confluence does not know is a stranger.

    RemoteError when Confluence gives no answer: nobody may then be taken for unknown.
    """
    mentioned = dict.fromkeys(
        owner.account for item in extraction.items for owner in item.owners if isinstance(owner, Mention)
    )
    if not mentioned:
        return extraction
    accounts = pages.accounts(mentioned)
    return replace(extraction, items=tuple(_with_accounts(item, accounts) for item in extraction.items))


def _with_accounts(item: ActionItem, accounts: Mapping[str, str]) -> ActionItem:
    owners = tuple(_known(owner, accounts) for owner in item.owners)
    return item if owners == item.owners else replace(item, owners=owners)


def _known(owner: Owner, accounts: Mapping[str, str]) -> Owner:
    if not isinstance(owner, Mention):
        return owner
    account = accounts.get(owner.account)
    return Stranger(owner.account) if account is None else Mention(account)
