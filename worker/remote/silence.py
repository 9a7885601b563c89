"""Decides what it means that a request got no HTTP answer: never sent, not trusted, or nobody knows."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from worker.errors import AccessError, NoAnswer, RemoteError
from worker.remote.cause import certain, through, why
from worker.remote.patience import Again
from worker.remote.verdict import Call

_BEFORE_SENDING = (NewConnectionError, ConnectTimeoutError, ProxyError)


def without_answer(call: Call, error: OSError) -> Exception:
    """What a failure below HTTP means; only a connection that never came about proves that nothing was sent."""
    if not isinstance(error, requests.RequestException):
        return AccessError(f"{call.product} was not asked: {error}. Check CA_BUNDLE and CLIENT_CERT")
    cause = why(error)
    tls = isinstance(error, requests.exceptions.SSLError)
    advice = certain(cause)
    if advice:
        return _unreachable(call, error, advice)
    if isinstance(error, requests.ConnectionError) and (_never_connected(error) or (tls and call.repeatable)):
        unreachable = _unreachable(call, error, f"check {call.product.upper()}_URL, the network and the proxy settings")
        return Again(unreachable, cause=cause) if call.repeatable else unreachable
    return cut_off(call, cause + through(error))


def cut_off(call: Call, cause: str) -> Exception:
    """An answer that did not arrive, or not whole."""
    if call.repeatable:
        error = RemoteError(f"{call} gave no complete answer ({cause}), several times; try again later")
        return Again(error, cause=cause)
    return NoAnswer(f"{call} gave no complete answer ({cause}), so whether it was done is unknown")


def _unreachable(call: Call, error: OSError, advice: str) -> AccessError:
    address = urlsplit(call.account.base)
    way = f"at {address.scheme}://{address.netloc}{through(error)}"
    return AccessError(f"{call.product} could not be reached {way} ({why(error)}); {advice}")


def _never_connected(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, _BEFORE_SENDING)
