"""What both deployments of Confluence are asked alike: who we are."""

from __future__ import annotations

from worker.errors import RemoteError
from worker.model.page import Account
from worker.remote.gateway import Gateway
from worker.remote.remedy import anonymous, not_signed_in


def whoami(gateway: Gateway, account: str) -> Account:
    """The account of the credentials, under what ``account`` names in the answer; AccessError when they are nobody's.

    A wrong token can be answered 200 with the type ``anonymous`` on Cloud, and on Data Center wherever anonymous
    visitors may read (v1 ``user/current``).
    """
    try:
        answer = gateway.get("rest/api/user/current").body
    except RemoteError as error:
        raise not_signed_in(gateway.account, "Confluence", error) from error
    if not isinstance(answer, dict) or answer.get("type") == "anonymous" or not answer.get(account):
        raise anonymous(gateway.account, "Confluence")
    return Account(id=answer[account], name=answer.get("displayName") or answer.get("publicName") or "")
