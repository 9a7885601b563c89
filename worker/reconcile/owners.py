"""Decides who gets an item's ticket: the person mentioned, or the account that the mapping gives a written name."""

from __future__ import annotations

from dataclasses import dataclass

from worker.mapping.model import Owners
from worker.model.finding import Finding
from worker.model.item import ActionItem, Mention, Owner, Stranger, WrittenName
from worker.reconcile.placeholders import says_nothing
from worker.reconcile.sentences import cell, subject


@dataclass(frozen=True, slots=True)
class OwnerReading:
    """Whose ticket it is to be, as far as page and mapping can say."""

    assignee: str | None
    """Jira account: the id on Cloud; on Data Center the mentioned user's key, or the user name of an alias."""
    others: tuple[str, ...]
    """Everyone else who is named, in order: the account, or the name as written when nobody knows it."""
    findings: tuple[Finding, ...]
    named: bool = True
    """The row names somebody, known or not; else the assignee is the team's default."""
    given_by: str = ""
    """What of the mapping gives the assignee, as part of a sentence; empty where the row mentions them itself."""


def resolve_owners(item: ActionItem, owners: Owners, *, title_only: bool = False) -> OwnerReading:
    """The first owner who can be told for sure, everyone else, and what should be mended.

    A mention is an account. A written name counts only through ``owners.aliases``, compared without case, extra
    blanks and a leading @; names are never looked up, because two people can share one. The default gets what nobody is
    named for, and nothing that somebody unknown is named for. Whether Jira lets the account have tickets is not asked
    here. ``title_only``: the ticket says nothing of what the page says, names included.
    """
    accounts: list[str] = []
    named: list[str] = []
    unknown: list[str] = []
    given_by = ""
    for owner in item.owners:
        account, written = _known(owner, owners)
        if account is None and says_nothing(written):
            continue
        if account is None:
            unknown.append(written)
        elif account not in accounts:
            if not accounts and not isinstance(owner, Mention):
                given_by = f"the alias “{written}” under owners.aliases in the mapping"
            accounts.append(account)
        named.append(account or written)
    assignee = accounts[0] if accounts else None
    if not named:
        return _nobody(item, owners)
    others = tuple(dict.fromkeys(each for each in named if each != assignee))
    strangers = {owner.reference for owner in item.owners if isinstance(owner, Stranger)}
    findings = [_stranger(item, name) if name in strangers else _unknown(item, name) for name in dict.fromkeys(unknown)]
    if others and (assignee is not None or len(others) > 1):
        findings.insert(0, _several(item, assignee, title_only))
    return OwnerReading(assignee, others, tuple(findings), given_by=given_by)


def _known(owner: Owner, owners: Owners) -> tuple[str | None, str]:
    """The account of an owner if it is known, and what is written."""
    match owner:
        case Mention(account):
            return account, account
        case Stranger(reference):
            return _account(reference, owners), reference
        case WrittenName(text):
            written = " ".join(text.split())
            return _account(written, owners), written


def _account(written: str, owners: Owners) -> str | None:
    return {_folded(name): account for name, account in owners.aliases.items()}.get(_folded(written))


def _folded(name: str) -> str:
    return " ".join(name.split()).removeprefix("@").strip().casefold()


def _nobody(item: ActionItem, owners: Owners) -> OwnerReading:
    if owners.default is not None:
        return OwnerReading(owners.default, (), (), named=False, given_by="owners.default in the mapping")
    where = f"mention someone with @ in {cell(item, 'owner')}," if item.has_owner_column else "add an owner column"
    message = (
        f"{subject(item)} has no owner, so its ticket is assigned to nobody: {where} or set owners.default in the "
        "mapping."
    )
    return OwnerReading(None, (), (Finding("owner-missing", message, item.action),), named=False)


def _unknown(item: ActionItem, name: str) -> Finding:
    message = (
        f"{subject(item)} names owner “{name}”, whose Jira account is not known: mention the person with @ in "
        f"{cell(item, 'owner')}, or add the name to owners.aliases in the mapping."
    )
    return Finding("owner-unknown", message, item.action)


def _stranger(item: ActionItem, reference: str) -> Finding:
    message = (
        f"{subject(item)} mentions a person whom Confluence does not know any more, or does not show to the worker's "
        f"account ({reference}): mention somebody else in {cell(item, 'owner')}, let the account view user profiles, "
        "or add that key to owners.aliases in the mapping."
    )
    return Finding("owner-unknown", message, item.action)


def _several(item: ActionItem, assignee: str | None, title_only: bool) -> Finding:
    named = "" if title_only else ", the others are named in it"
    outcome = f"the first one whose account is known gets the ticket{named}"
    if assignee is None:
        outcome = f"the ticket {'' if title_only else 'names them all and '}is assigned to nobody"
    message = f"{subject(item)} names several owners: {outcome}. Leave one owner, or split the item."
    return Finding("owner-several", message, item.action)
