"""How the worker signs in to one product: where to, and as whom; secrets never print."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Basic:
    """A user name (Cloud: the e-mail address) with an API token or, on Data Center, a password."""

    username: str
    secret: SecretStr

    def __str__(self) -> str:
        return f"user {self.username}"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A personal access token (Data Center) or any other ready-made bearer token; it names no user."""

    secret: SecretStr

    def __str__(self) -> str:
        return "a personal access token"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A Cloud service account by OAuth 2.0 client credentials."""

    client_id: str
    secret: SecretStr
    token_url: str = "https://auth.atlassian.com/oauth/token"  # noqa: S105 — an address, not a secret

    def __str__(self) -> str:
        return f"service account {self.client_id} (client credentials)"


Credentials = Basic | Bearer | ServiceAccount


def spellings(credentials: Credentials) -> tuple[str, ...]:
    """The secret as it may turn up in a text: plain, and as the Basic header encodes it (RFC 7617)."""
    secret = credentials.secret.get_secret_value()
    if isinstance(credentials, Basic):
        return secret, base64.b64encode(f"{credentials.username}:{secret}".encode()).decode()
    return (secret,)


@dataclass(frozen=True, slots=True)
class CloudSite:
    """A Cloud site's own address, which takes API tokens without scopes only (Atlassian support, manage API tokens)."""

    tenant_info: str
    """Where the site tells its cloud id to anybody."""
    gateway: tuple[str, str]
    """What stands before and after the cloud id in the same product's address behind the API gateway."""


@dataclass(frozen=True, slots=True)
class ApiGateway:
    """Atlassian's API gateway, which takes API tokens with scopes and the access tokens of service accounts only."""

    moved_from: str = ""
    """The site's address, where that was set and its cloud id was found by asking."""


@dataclass(frozen=True, slots=True)
class OwnServer:
    """Data Center, or anything else without a gateway beside it."""


Place = CloudSite | ApiGateway | OwnServer

_HERE = OwnServer()


@dataclass(frozen=True, slots=True)
class SignIn:
    """One product's address and credentials.

    ``base`` is where calls go, without a slash at the end: the site with its context path (Confluence Cloud:
    ending in ``/wiki``), or the API gateway's address.
    """

    base: str
    credentials: Credentials
    place: Place = _HERE
    variable: str = ""
    """The setting that holds the token; empty where that is the product's own."""

    def redact(self, text: str, *more: str) -> str:
        """The text without the secret in any spelling, and without ``more`` secrets, in case a server echoes them."""
        for word in (*spellings(self.credentials), *more):
            text = text.replace(word, "[secret]") if word else text
        return text
