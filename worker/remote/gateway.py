"""The one way to Confluence and Jira: every request is sent, counted, timed, judged and perhaps repeated here."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from worker.errors import Exhausted, RemoteError
from worker.remote.allowance import Allowance
from worker.remote.budget import Budget, Place, Wait
from worker.remote.clock import ServerClock
from worker.remote.connection import Connection, Sent
from worker.remote.limits import Limits, limits
from worker.remote.patience import Again, Patience, http_date
from worker.remote.session import Transport
from worker.remote.signin import SignIn
from worker.remote.silence import cut_off, without_answer
from worker.remote.verdict import Call, Reply, as_nobody, check_sign_in, check_status, login_page


class Counter:
    """Counts attempts over the wire; one may be shared by several gateways and threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value = 0

    def add(self) -> None:
        """One more attempt."""
        with self._lock:
            self._value += 1

    def __call__(self) -> int:
        """Attempts so far."""
        with self._lock:
            return self._value


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt, for logs and for checks against the official descriptions. It may hold page text."""

    product: str
    method: str
    path: str
    """Relative to the base address, without the query."""
    params: Mapping[str, Any]
    body: Any
    status: int | None
    """None when no answer came."""
    answer: Any


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait before a request is sent again, for logs; it holds no page text."""

    product: str
    method: str
    path: str
    """Relative to the base address, without the query."""
    cause: str
    """What happened, as in ``answered 429`` or ``connection refused``."""
    seconds: float


def _ignore(_event: Exchange | Pause) -> None:
    """Nobody listens."""


_A_YEAR = 365 * 86_400.0
"""Seconds; what asks for more names no moment that means anything."""
_PLAIN = Transport()
_PATIENT = Patience()


class Gateway:
    """Sends requests to one product as one account; safe to share between threads."""

    def __init__(
        self,
        account: SignIn,
        *,
        product: str,
        concurrency: int,
        counter: Counter,
        transport: Transport = _PLAIN,
        patience: Patience = _PATIENT,
        allowance: Allowance | None = None,
        clock: ServerClock | None = None,
        on_exchange: Callable[[Exchange], None] = _ignore,
        on_pause: Callable[[Pause], None] = _ignore,
    ) -> None:
        """``product`` is ``Confluence`` or ``Jira``; ``concurrency`` is how many threads send at once, at most;
        ``allowance`` is what both products of a pass share.

        ``on_exchange`` hears of every attempt, ``on_pause`` of every wait before the next one, from any thread.
        """
        self.product = product
        self._connection = Connection(account, transport, concurrency, counter.add)
        self._patience = patience
        self._budget = Budget(concurrency, patience.clock, patience.jitter)
        self._allowance = allowance or Allowance(counter)
        self._clock = clock or ServerClock(patience.clock)
        self._on_exchange = on_exchange
        self._on_pause = on_pause

    @property
    def account(self) -> SignIn:
        """Where requests go, and as whom."""
        return self._connection.account

    def close(self) -> None:
        """Closes all connections."""
        self._connection.close()

    def now(self) -> datetime:
        """Server time, aware."""
        return self._clock.now()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Reply:
        """Reads ``path`` (relative to the base, already quoted); repeated while the server is busy or unreachable.

        ``params``: None values are left out, lists become repeated parameters. Raises Missing, Forbidden,
        RemoteError for what stays wrong, AccessError for refused or unreachable.
        """
        return self.send("GET", path, params=params, repeatable=True)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        repeatable: bool,
        read: tuple[int, ...] = (),
        within: float = math.inf,
    ) -> Reply:
        """Sends a request; ``repeatable`` says that it is a read, whatever its method.

        No attempt begins later than ``within`` seconds after the first, however long the server asks to wait.

        Anything else goes out once, unless the server answers 429, or 401 and signing in anew helps: both prove that
        nothing happened. Answers with a status in ``read`` are given back instead of raised, because the caller reads
        what they say. Raises as ``get`` does, and Stale, TooLarge, and NoAnswer when nobody can know whether it was
        done. Exhausted where the product takes nothing more for longer than the pass waits: nothing was done then.
        """
        call = Call(self.account, self.product, method, path, repeatable, read)
        sent = {name: value for name, value in (params or {}).items() if value is not None}

        def tell(again: Again, seconds: float) -> None:
            self._on_pause(Pause(self.product, method, path, again.cause, seconds))

        try:
            latest = self._patience.clock() + within
            return self._patience.retrying(within, tell)(self._attempt, call, sent, body, latest, Place(method))
        except Again as again:
            raise again.error from again.__cause__

    def _attempt(self, call: Call, params: dict[str, Any], body: Any, latest: float, place: Place) -> Reply:
        """One answer; a request that was refused as nobody's is sent once more where signing in anew may help.

        A 401 proves that a write was not done; without it only a read goes out again.
        """
        sent = self._sent(call, params, body, latest, place)
        reply, broken = self._heard(call, params, body, sent)
        if as_nobody(reply) and (reply.status == 401 or call.repeatable) and self._connection.mended(sent):
            sent = self._sent(call, params, body, latest, place)
            reply, broken = self._heard(call, params, body, sent)
        call = replace(call, account=sent.account)
        said = limits(reply.headers)
        if reply.status == 429:
            self._refused(place, said)
        elif reply.status < 500:
            self._budget.served(place, said)
        check_sign_in(call, reply)
        if reply.status not in call.read:
            check_status(call, reply)
        if reply.status < 400 and sent.response.content and not _is_json(sent.response):
            raise login_page(call, _kind(sent.response))
        if broken:
            raise cut_off(call, "the answer broke off")
        if reply.status < 400:
            self._connection.accept()
        return reply

    def _refused(self, place: Place, said: Limits) -> None:
        """What a 429 means for all other requests; it ends the pass where the product asks for more than that waits."""
        self._budget.refused(place, said)
        if said.wait and not said.one_ticket and not self._patience.fits(said.wait):
            raise self._used_up(said.wait, said.reason)

    def _used_up(self, seconds: float, reason: str) -> Exhausted:
        until, named = None, f" ({reason})" if reason else ""
        when = "for longer than anybody waits"
        if seconds < _A_YEAR:
            until = (self.now() + timedelta(seconds=math.ceil(seconds))).replace(microsecond=0)
            when = f"before {until.isoformat()}"
        why = f"{self.product} has had enough requests{named} and takes no more {when}; a later pass goes on by itself"
        return self._allowance.use_up(self.product, Exhausted(why, until))

    def _sent(self, call: Call, params: dict[str, Any], body: Any, latest: float, place: Place) -> Sent:
        self._connection.prepare()
        with self._turn(call, place, latest):
            if self._patience.clock() > latest:
                raise _too_late(call)
            try:
                return self._connection.send(call.method, call.path, params, body)
            except OSError as error:  # requests' own errors are among them
                self._tell(call, params, body, None, None)
                raise without_answer(replace(call, account=self.account), error) from error

    @contextmanager
    def _turn(self, call: Call, place: Place, latest: float) -> Iterator[None]:
        """Waits until the request may go out; other threads wait while it is under way and too many others are."""
        self._allowance.check(self.product)
        while (wait := self._budget.enter(place)) is not None:
            self._await(call, wait, latest)
        try:
            self._allowance.check(self.product)
            yield
        finally:
            self._budget.leave()

    def _await(self, call: Call, wait: Wait, latest: float) -> None:
        if self._patience.clock() + wait.seconds > latest:
            raise _too_late(call)
        if not wait.asked:
            self._patience.space(wait.seconds)
            return
        if not self._patience.fits(wait.seconds):
            raise self._used_up(wait.seconds, "")
        self._on_pause(Pause(self.product, call.method, call.path, "another request was answered 429", wait.seconds))
        if not self._patience.slept(wait.seconds):
            raise self._used_up(wait.seconds, "")

    def _heard(self, call: Call, params: dict[str, Any], body: Any, sent: Sent) -> tuple[Reply, bool]:
        """The answer, and whether its JSON broke off."""
        response = sent.response
        date = http_date(response.headers.get("Date", ""))
        if date is not None:
            self._clock.hear(date)
        broken, answer = False, None
        if _is_json(response) and response.content:
            try:
                answer = json.loads(response.content)
            except ValueError:
                broken = True
        self._tell(call, params, body, response.status_code, answer)
        return Reply(response.status_code, CaseInsensitiveDict(response.headers), answer, sent.secret), broken

    def _tell(self, call: Call, params: dict[str, Any], body: Any, status: int | None, answer: Any) -> None:
        self._on_exchange(Exchange(self.product, call.method, call.path, params, body, status, answer))


def _too_late(call: Call) -> RemoteError:
    why = "since its turn came too late after what precedes it"
    return RemoteError(f"{call} was not sent, {why}; the next pass goes on by itself")


def _kind(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").split(";")[0].strip().lower()


def _is_json(response: requests.Response) -> bool:
    kind = _kind(response)
    return kind == "application/json" or kind.endswith("+json")
