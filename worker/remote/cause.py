"""Says in a few words why a connection did not come about, or broke, and what mends it where that is certain."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Iterator

from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import PoolError

_MOST = 20
"""Exceptions that are looked into; causes can lead in circles."""
_TUNNEL = "Tunnel connection failed: "
"""How ``http.client`` begins when a proxy does not let us through."""
_SOCKS = "the proxy is one for SOCKS"
"""Only the environment can name such a one, for HTTPS_PROXY is judged before; requests lacks a library for it."""
_PLAIN = (errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE, errno.ENETUNREACH, errno.EHOSTUNREACH)


def why(error: BaseException) -> str:
    """The reason in a few words, without addresses; ``no answer`` when there is none that can be named.

    requests and urllib3 wrap what the operating system said several times, as cause, context, ``reason`` or argument.
    """
    words = "no answer"
    for each in _within(error):
        match each:
            case ssl.SSLCertVerificationError():
                return f"TLS: the certificate is not trusted, {each.verify_message.rstrip('.')}"
            case ssl.SSLError():
                return f"TLS: {(each.reason or 'the handshake failed').replace('_', ' ').lower()}"
            case socket.gaierror():
                return "name not found"
            case TimeoutError():
                words = "timed out"
            case OSError() if each.errno in _PLAIN:
                return os.strerror(each.errno).lower()
            case OSError() if str(each).startswith(_TUNNEL):
                return f"the proxy refused: {str(each).removeprefix(_TUNNEL)}"
            case _ if "SOCKS" in str(each):
                return _SOCKS
            case _ if "timed out" in str(each):
                words = "timed out"
    return words


def certain(cause: str) -> str:
    """What to do about a failure that waiting does not mend; empty for others.

    Each means that the other side let no request through: TLS ends with such an alert before a server reads one
    (RFC 8446, section 6.2), and a proxy opened no tunnel.
    """
    match cause:
        case _ if cause.startswith("TLS: the certificate is not trusted"):
            return "if it comes from a private authority, name that authority's file in CA_BUNDLE"
        case _ if cause.startswith("TLS:") and ("certificate required" in cause or "handshake failure" in cause):
            return "it seems to ask for a client certificate: name a certificate with its key in CLIENT_CERT"
        case _ if cause.startswith("TLS:") and ("alert unknown ca" in cause or "alert bad certificate" in cause):
            return "it does not accept the client certificate: look at CLIENT_CERT"
        case _ if cause.startswith("the proxy refused: 407"):
            return "write the proxy's user name and password into HTTPS_PROXY, like http://user:password@proxy:3128"
        case _ if cause == _SOCKS:
            return "that kind is not served: name a proxy for http in HTTPS_PROXY, or take ALL_PROXY away"
        case _:
            return ""


def through(error: BaseException) -> str:
    """The words `` through the proxy ADDRESS`` where the request was to go through one; empty otherwise.

    urllib3 keeps in its errors the pool of connections, and in the pool the proxy. User name and password are left out.
    """
    for each in _within(error):
        pool = each.pool if isinstance(each, PoolError) else None
        if isinstance(pool, HTTPConnectionPool) and pool.proxy is not None:
            return f" through the proxy {pool.proxy._replace(auth=None, path=None)}"
    return ""


def _within(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, from the outside in, each once."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < _MOST:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting += [other for other in inner if isinstance(other, BaseException)]
