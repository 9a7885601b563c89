"""What a look at the site brings to light: rows with a state, and what an administrator has to be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from worker.errors import AccessError, RemoteError
from worker.model.page import Account


class State(Enum):
    """How one thing is; the value is the word for it."""

    FINE = "ok"
    TOLD = "note"
    """Nothing to solve, and worth knowing."""
    WRONG = "wrong"
    FAILED = "failed"
    """A request failed, so nothing is known."""
    REFUSED = "refused"
    """The credentials were refused, or the product could not be reached."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that a person can send to whoever administers the product, as it stands."""

    product: Literal["Confluence", "Jira"]
    sentence: str


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One thing that was looked at."""

    state: State
    about: str
    """What it is, in a word or two."""
    sentence: str
    ask: Ask | None = None

    @property
    def ok(self) -> bool:
        """Whether there is nothing to solve."""
        return self.state in (State.FINE, State.TOLD)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows about both products, or about one team."""

    title: str
    rows: tuple[LiveRow, ...]


def fine(about: str, sentence: str) -> LiveRow:
    """It is as it should be."""
    return LiveRow(State.FINE, about, sentence)


def told(about: str, sentence: str) -> LiveRow:
    """Nothing to solve, and worth knowing."""
    return LiveRow(State.TOLD, about, sentence)


def wrong(about: str, sentence: str, ask: Ask | None = None) -> LiveRow:
    """Something to solve; ``sentence`` says how."""
    return LiveRow(State.WRONG, about, sentence, ask)


def unanswered(about: str, error: AccessError | RemoteError) -> LiveRow:
    """A request that brought no answer."""
    state = State.REFUSED if isinstance(error, AccessError) else State.FAILED
    return LiveRow(state, about, str(error))


def account_named(account: Account) -> str:
    """The account as an administrator finds it."""
    return f"“{account.name}” ({account.id})" if account.name else account.id


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    found = list(words)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)


def counted(number: int, one: str) -> str:
    """``1 page``, ``2 pages``."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def with_article(noun: str) -> str:
    """``a Task``, ``an Epic``."""
    return f"{'an' if noun[:1].casefold() in 'aeiou' else 'a'} {noun}"


def exit_code(groups: Sequence[Group]) -> int:
    """5 when a product refused us, 3 when a request failed, 2 when something is to be solved, else 0."""
    states = {row.state for group in groups for row in group.rows}
    for state, code in ((State.REFUSED, 5), (State.FAILED, 3), (State.WRONG, 2)):
        if state in states:
            return code
    return 0
