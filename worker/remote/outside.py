"""Sends to services that are neither Confluence nor Jira: never signed in, with one short try and no redirect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import requests

from worker.errors import RemoteError
from worker.remote.cause import certain, through, why
from worker.remote.session import Transport, open_session

PATIENCE = 5.0
"""Seconds to connect, and to wait for each piece of an answer."""


class Unheard(RemoteError):
    """It was not reached or did not take what was sent; the text says why in a few words, without its address."""


class Outside:
    """Requests by the same certificates and proxy as every other, and nothing of how the worker signs in."""

    def __init__(self, transport: Transport) -> None:
        self._transport = replace(transport, client_cert=None)

    def session(self) -> requests.Session:
        """A session of its own, for a library that wants to send by itself; whoever asks for it closes it."""
        return open_session(self._transport, 1, timeout=(PATIENCE, PATIENCE))

    def send(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """One request, once; ``Unheard`` unless it is answered with success."""
        try:
            with self.session() as session:
                answer = session.request(method, url, data=body, headers=headers, allow_redirects=False)
        except (OSError, ValueError) as error:  # requests' own errors are among them
            cause = why(error)
            advice = certain(cause)
            way = through(error)
            raise Unheard(f"{cause}{way}; {advice}" if advice else f"{cause}{way}") from error
        if not 200 <= answer.status_code < 300:
            raise Unheard(f"answered {answer.status_code}")
