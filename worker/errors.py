"""Every way a pass can fail, and what the process answers.

WorkerError
├── ConfigurationError        the command line, settings or a mapping are wrong    exit 2
├── AccessError               refused or unreachable: the whole pass stops         exit 5
│   ├── Exhausted             no more requests in this pass: it ends in good order exit 0
│   └── LimitTooLow           no more requests or time before anything was begun   exit 3
└── RemoteError               one request failed for good: its page fails          exit 3
    ├── Missing               404: gone or hidden, never "deleted"
    ├── Forbidden             403: signed in, but not allowed here
    ├── Stale                 409: somebody was faster
    ├── TooLarge              413
    └── NoAnswer              sent, and nobody knows whether it was done
"""

from __future__ import annotations

from datetime import datetime


class WorkerError(Exception):
    """Base of everything the worker raises on purpose; the text is written to the person who reads it."""


class ConfigurationError(WorkerError):
    """Settings or mappings cannot work; ``problems`` holds one complete sentence each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class AccessError(WorkerError):
    """Credentials were refused, the identity is anonymous, or a product cannot be reached."""


class Exhausted(AccessError):
    """No more may be sent in this pass: a quota is used up, or the cap on requests is reached.

    ``until`` is when a product takes requests again, in its own time; None where that is not known or not the reason.
    """

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class LimitTooLow(AccessError):
    """The cap on requests, or the deadline, was met before any page could be begun: no pass gets further until it is
    raised.
    """


class RemoteError(WorkerError):
    """A request failed for good; ``status`` is the HTTP status, or None without an answer.

    ``said`` is what the server had to say, ready for people, or empty.
    """

    def __init__(self, message: str, *, status: int | None = None, said: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class Missing(RemoteError):
    """404: not there or not visible to us; the two cannot be told apart."""


class Forbidden(RemoteError):
    """403: the account is known but may not do this."""


class Stale(RemoteError):
    """409, or a 400 that says the same: the version named is not the newest any more."""


class TooLarge(RemoteError):
    """413: the page or property is larger than Confluence takes."""


class NoAnswer(RemoteError):
    """The request went out and no usable answer came back, so its effect is unknown."""
