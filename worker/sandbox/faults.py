"""What can go wrong on the wire: an answer lost, replaced or late, before or after the server did what it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

_WITH_MORE = r"status:[2-5]\d\d|busy:.+|(quota|per-issue):\d+"


@dataclass(slots=True)
class Fault:
    """Strikes the ``nth`` to ``nth + times - 1`` request whose method and path (a regular expression) match.

    ``when`` is ``before`` the server acts or ``after`` it has acted. ``do`` is one of

    - ``drop``: the connection is closed without an answer,
    - ``status:503``, ``status:429`` …: this answer instead,
    - ``busy``: a 429 that does not say when to come back; ``busy:60`` and the like put what follows into its
      ``Retry-After``, as it is,
    - ``quota:1800``: a 429 by a quota that is used up for so many seconds,
    - ``per-issue:5``: a 429 by the limit of writes to a single issue,
    - ``half``: the answer as it is, but the connection is closed in its middle (only ``after``),
    - ``html``: a login page with status 200 instead, as a single sign-on proxy gives it,
    - ``redirect``: a redirect to a login page instead,
    - ``garbage``: a 200 whose JSON is cut in the middle,
    - a callable: it runs on the server, and the request goes on.
    """

    match: tuple[str, str]
    do: str | Callable[[], object]
    when: Literal["before", "after"] = "before"
    nth: int = 1
    times: int = 1
    seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        known = {"drop", "html", "redirect", "garbage", "busy", "half"}
        if isinstance(self.do, str) and self.do not in known and not re.fullmatch(_WITH_MORE, self.do):
            raise ValueError(f"a fault cannot do {self.do!r}")
        if self.do == "half" and self.when == "before":
            raise ValueError("there is no half of an answer before there is an answer")

    def strikes(self, method: str, path: str) -> bool:
        """Counts the request if it matches, and tells whether the fault strikes it."""
        wanted, pattern = self.match
        if wanted not in {method, "*"} or re.search(pattern, path) is None:
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times
