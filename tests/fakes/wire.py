"""Between a worker and the fakes: where calls are counted, people act, answers get lost and the worker is killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from worker.errors import AccessError, NoAnswer, RemoteError

T = TypeVar("T")

WRITES = frozenset({
    "save", "add_property", "replace_property", "withdraw_property", "create", "edit", "move",
})  # fmt: skip
"""Names of the port calls that change something."""


class Killed(BaseException):
    """The worker's process ends here; nothing in the worker may catch it."""


class Trouble(Enum):
    """What can happen to one port call."""

    KILLED_BEFORE = "the worker dies before the request"
    KILLED_AFTER = "the product acts, and the worker dies before it hears of it"
    LOST = "the product acts and its answer is lost; a read fails"
    NEVER = "the request is lost and the product does not act; a read fails"
    LATE = "no answer comes, and the product acts some ticks later (only creates, others: LOST)"
    SHUT = "the product refuses the credentials"


@dataclass(slots=True)
class Fault:
    """Strikes the ``nth`` call of that port method once; ``*`` is any method."""

    trouble: Trouble
    name: str = "*"
    nth: int = 1


@dataclass(slots=True)
class Moment:
    """Somebody does something right before the ``nth`` call of that port method; ``*`` is any method."""

    do: Callable[[], object]
    name: str = "*"
    nth: int = 1


@dataclass
class Wire:
    """One worker process' way to both products. ``before`` is called with the name of every port call."""

    before: Callable[[str], object] = lambda _name: None
    troubles: list[Fault | Moment] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    dead: bool = False

    @property
    def writes(self) -> int:
        """How many calls so far were made to change something."""
        return sum(name in WRITES for name in self.calls)

    def __call__(self, name: str, act: Callable[[], T], *, late: Callable[[], object] | None = None) -> T:
        """Does one port call and gives its answer, or what became of it.

        ``late`` hands what was asked to the product, which does it some ticks later. Killed, NoAnswer for a write
        without answer, RemoteError for a read without answer, AccessError.
        """
        if self.dead:
            raise Killed
        self.calls.append(name)
        self.before(name)
        trouble = self._strike(name)
        match trouble:
            case None:
                return act()
            case Trouble.KILLED_BEFORE:
                self._die()
            case Trouble.KILLED_AFTER:
                act()
                self._die()
            case Trouble.SHUT:
                raise AccessError("the credentials are refused")
            case Trouble.LATE if late is not None:
                late()
            case Trouble.LOST | Trouble.LATE:
                act()
            case Trouble.NEVER:
                pass
        if name in WRITES:
            raise NoAnswer("the connection was closed before an answer came")
        raise RemoteError("no answer, again and again", status=503)

    def _die(self) -> None:
        self.dead = True
        raise Killed

    def _strike(self, name: str) -> Trouble | None:
        found: Trouble | None = None
        for trouble in list(self.troubles):
            if trouble.name not in (name, "*"):
                continue
            trouble.nth -= 1
            if trouble.nth:
                continue
            self.troubles.remove(trouble)
            if isinstance(trouble, Moment):
                trouble.do()
            else:
                found = found or trouble.trouble
        return found
