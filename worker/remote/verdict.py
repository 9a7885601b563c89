"""Decides what an HTTP answer means: fine, try again, somebody was faster, refused, or nobody knows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from worker.errors import AccessError, Forbidden, Missing, NoAnswer, RemoteError, Stale, TooLarge
from worker.remote.complaint import said, without_classes
from worker.remote.limits import limits
from worker.remote.patience import Again, asked_wait
from worker.remote.remedy import missing_scope, no_access, refused
from worker.remote.signin import SignIn

_SPEAKS_OF_VERSION = re.compile(
    r"version must be|current version|stale data|concurrent|optimistic ?lock|version conflict|conflictexception",
    re.IGNORECASE,
)
_WITHOUT_PRODUCT = re.compile(r"not permitted to use (confluence|jira)", re.IGNORECASE)
"""Confluence Cloud's words for an account without access to it (seen in public logs); Data Center has a header for it.
Any other 403 is one request's."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A usable answer: ``body`` is the parsed JSON, None when there was none."""

    status: int
    headers: Mapping[str, str]
    body: Any
    secret: str = field(default="", repr=False)
    """What the request was signed with, which the server may echo."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked, as far as its answer has to be judged and told."""

    account: SignIn
    product: str
    method: str
    path: str
    repeatable: bool
    """Repeating it does no harm: a read, whatever its method."""
    read: tuple[int, ...] = ()
    """Statuses of 400 and above that the caller reads itself."""

    def __str__(self) -> str:
        return f"{self.product} ({self.method} {self.path})"


def as_nobody(reply: Reply) -> bool:
    """Whether the credentials were not accepted, and fresher ones might be: no CAPTCHA, and no lack of a scope."""
    reason = _login_reason(reply)
    if "AUTHENTICATION_DENIED" in reason or _lacks_scope(reply):
        return False
    return reply.status == 401 or "AUTHENTICATED_FAILED" in reason


def check_sign_in(call: Call, reply: Reply) -> None:
    """Raises AccessError for an answer that was given to somebody else than us, whatever its status.

    Covers a redirect to a login page; the header by which Jira Cloud admits that it treated a wrong token as anonymous
    (200 with empty results, MrRefactoring/jira.js#418) or demands a CAPTCHA; and 401.
    """
    reason = _login_reason(reply)
    if "AUTHENTICATION_DENIED" in reason:
        raise AccessError(
            f"{call} locked out {_whom(call)} after several failures ({reason}). Sign in with a browser "
            "and solve the CAPTCHA there; trying again makes it worse"
        )
    if "AUTHENTICATED_FAILED" in reason:
        raise AccessError(
            f"{call} did not accept {_whom(call)} and answered as to an anonymous visitor ({reason}). "
            f"{refused(call.account, call.product)}"
        )
    if 300 <= reply.status < 400:
        where = _without_query(reply.headers.get("Location", ""))
        raise AccessError(
            f"{call} redirected us to {where}, which is usually a login page or another address of the site; "
            f"check {call.product.upper()}_URL and that single sign-on lets API requests through"
        )
    if reply.status == 401:
        what_to_do = (
            missing_scope(call.account, call.product, call.method, call.path)
            if _lacks_scope(reply)
            else refused(call.account, call.product)
        )
        raise AccessError(f"{call} refused {_whom(call)}{_quoted(_words(call, reply))} (401). {what_to_do}")


def login_page(call: Call, content_type: str) -> AccessError:
    """A 2xx that is no JSON: a login page, a proxy's page, or not the API at all."""
    return AccessError(
        f"{call} answered with {content_type or 'no content type'} instead of JSON: usually a login page; check "
        f"{call.product.upper()}_URL and that single sign-on lets API requests through"
    )


def check_status(call: Call, reply: Reply) -> None:
    """Raises what a status of 400 and above means for this call.

    429 is proof that nothing happened, so anything is repeated; 502, 503, 504 and 408 are repeated for reads only.
    On writes every 5xx is NoAnswer, because a proxy may have given up on a server that went on.
    """
    if reply.status < 400:
        return
    if reply.status == 429:
        asked = limits(reply.headers).wait
        raise Again(_error(RemoteError, call, reply, _later(asked)), asked, cause="answered 429")
    if reply.status in (408, 502, 503, 504) and call.repeatable:
        busy = _error(RemoteError, call, reply, "the server is busy or down")
        raise Again(busy, asked_wait(reply.headers), cause=f"answered {reply.status}")
    if (reply.status == 408 or reply.status >= 500) and not call.repeatable:
        raise _error(NoAnswer, call, reply, "whether it was done is unknown")
    match reply.status:
        case 403 if _WITHOUT_PRODUCT.search(said(reply.body)) or "AUTHORISATION_FAILED" in _login_reason(reply):
            raise AccessError(
                f"{call} knows {_whom(call)} and does not let it in{_quoted(_words(call, reply))} (403). "
                f"{no_access(call.product)}"
            )
        case 403:
            raise _error(Forbidden, call, reply, f"{call.account.credentials} may not do this")
        case 404:
            raise _error(Missing, call, reply, "it does not exist or is hidden from this account")
        case 409:
            raise _error(Stale, call, reply, "somebody was faster")
        case 410:
            raise _error(
                RemoteError, call, reply, "this endpoint was removed; a newer release of this program is needed"
            )
        case 413:
            raise _error(TooLarge, call, reply, "too large for the server")
        case 400 if not call.repeatable and _SPEAKS_OF_VERSION.search(said(reply.body)):
            raise _error(Stale, call, reply, "somebody was faster")
        case _:
            raise _error(RemoteError, call, reply, "the request was refused")


def _error(kind: type[RemoteError], call: Call, reply: Reply, meaning: str) -> RemoteError:
    words = _words(call, reply)
    return kind(f"{call} answered {reply.status}: {meaning}{_quoted(words)}", status=reply.status, said=words)


def _later(asked: float) -> str:
    wait = math.ceil(asked)
    return f"too many requests{f', wait {wait} s' if wait else ''}; the next pass goes on by itself"


def _without_query(location: str) -> str:
    """Where a redirect leads, without what may hold a token."""
    try:
        to = urlsplit(location)
        host = to.hostname
    except ValueError:
        return "an address that is none"
    return f"{to.scheme}://{host}{to.path}" if host else to.path or "nowhere"


def _whom(call: Call) -> str:
    return f"{call.account.credentials} at {call.account.base}"


def _login_reason(reply: Reply) -> str:
    return reply.headers.get("X-Seraph-LoginReason", "").upper()


def _lacks_scope(reply: Reply) -> bool:
    """Whether the API gateway says so: 401 with these words and this header (kovetskiy/mark#917)."""
    return reply.status == 401 and (
        "scope does not match" in said(reply.body).lower() or "SCOPE" in reply.headers.get("X-Failure-Category", "")
    )


def _words(call: Call, reply: Reply) -> str:
    return without_classes(call.account.redact(said(reply.body), reply.secret))


def _quoted(words: str) -> str:
    return f" (it said: {words})" if words else ""
