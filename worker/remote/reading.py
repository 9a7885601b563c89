"""Turns an answer of an unexpected shape into one sentence instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from worker.errors import RemoteError


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Raises RemoteError when the block finds something missing or of another type in an answer about ``what``."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise RemoteError(
            f"The answer about {what} was not understood ({type(error).__name__}: {error}); "
            "either the product changed or something between us and it rewrites answers"
        ) from error


def moment(text: str) -> datetime:
    """A time as Atlassian writes it, aware.

    Confluence ends in ``Z``, Jira in an offset without colon (``2021-01-17T12:34:00.000+0000``); ISO 8601 allows both.
    """
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
