"""Knows every made-up secret of the tests by its looks, and finds it in what the product let out."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = (
    r"sandbox-(?:token|scoped|client-secret|password|access|confluence-token|jira-token)[\w-]*",  # the sandbox's own
    "a-made-up-token",  # of tests/cli
    "tok-3n-of-mine",  # of tests/remote
)


def _encoded(word: str) -> Iterator[str]:
    """How a word shows in base64, whatever stands before it: a Basic header encodes name, colon and secret."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + word.encode()).decode().rstrip("=")
        yield re.escape(whole[(before * 8 + 5) // 6 : -1])


_BEGINNINGS = (
    "sandbox-token", "sandbox-scoped", "sandbox-client-secret", "sandbox-password", "sandbox-access",
    "sandbox-confluence-token", "sandbox-jira-token", "a-made-up-token", "tok-3n-of-mine",
)  # fmt: skip
PLANTED = re.compile("|".join([*_WORDS, *(each for word in _BEGINNINGS for each in _encoded(word))]))
"""Any of them. Tests make longer ones from these beginnings, so whatever follows counts as well."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A planted token that came out."""

    where: str
    line: str


def leaks(where: str, text: str) -> Iterator[Leak]:
    """Each line of a text with a planted token in it."""
    for line in text.splitlines():
        if found := PLANTED.search(line):
            yield Leak(where, line[max(0, found.start() - 60) : found.end() + 20])
