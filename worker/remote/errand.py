"""Asks beside a product for what signing in takes, a cloud id or an access token; nobody is signed in for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests

from worker.errors import AccessError
from worker.remote.cause import certain, through, why
from worker.remote.patience import Again, asked_wait
from worker.remote.session import Transport, open_session

Count = Callable[[], None]
"""Counts one attempt over the wire."""


def ask(method: str, url: str, body: Any, *, transport: Transport, count: Count) -> tuple[int, Any]:
    """Status and JSON of the answer, None for what is no JSON; redirects are not followed.

    Raises AccessError for what waiting does not mend, and ``Again`` while the address cannot be reached or is busy:
    nothing was sent to a product then, and asking for a cloud id or a token changes nothing, so whatever had to wait
    for it may be tried again, a write too.
    """
    count()
    try:
        with open_session(transport, 1) as session:
            answer = session.request(method, url, json=body, auth=_unsigned, allow_redirects=False)
            content = answer.content
    except OSError as error:  # requests' own errors are among them
        cause = why(error)
        advice = certain(cause)
        what_next = advice or "check the network and the proxy settings"
        unreachable = AccessError(f"{url} could not be reached{through(error)} ({cause}); {what_next}")
        raise (unreachable if advice else Again(unreachable, cause=cause)) from error
    if answer.status_code in (408, 429) or answer.status_code >= 500:
        busy = AccessError(f"{url} answered {answer.status_code}, several times; the next pass tries again")
        raise Again(busy, asked_wait(answer.headers), cause=f"{url} answered {answer.status_code}")
    try:
        return answer.status_code, json.loads(content)
    except ValueError:
        return answer.status_code, None


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps a ``.netrc`` entry for the host out."""
    return request
