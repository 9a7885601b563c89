"""In what words Jira of one deployment is spoken to, where both do the same under different names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from worker.model.ticket import Description


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one deployment."""

    api: str
    """Where the REST API of this generation begins, relative to the base address."""
    account: str
    """The part of a user that identifies it: ``accountId`` on Cloud, ``name`` on Data Center."""
    types: str
    fields: str
    """Under which names createmeta lists ticket types, and the fields of one type."""
    description: Callable[[Description], Any]
    """Writes a description as the API takes it."""
    text: Callable[[str], Any]
    """Writes the value of a text field with several lines."""
