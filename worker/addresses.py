"""Judges the address of a product: what may be written, and what it says about the deployment."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from worker.model.site import root

GATEWAY = "api.atlassian.com"
"""Host of Atlassian's API gateway, where tokens with scopes and service accounts work."""

_WITHOUT_SCHEME = re.compile(r"[a-z0-9-]+\.atlassian\.net(/wiki)?", re.IGNORECASE)
"""Only what is surely an address is repeated in a sentence: anything else may be a secret in the wrong place."""
_PLACEHOLDER = re.compile(r"(?:^|//)(SITE(?=\.atlassian\.net)|CONFLUENCE-HOST\b|JIRA-HOST\b)|/(CLOUDID)\b")
"""What documentation and ``.env.example`` write for what they cannot know. Nobody writes an own host in capitals."""
_TOKEN_URL = "https://auth.atlassian.com/oauth/token"  # noqa: S105 — an address, not a secret
_GATEWAY_PATH = re.compile(r"(/ex/(confluence|jira)/[^/]+)(/wiki)?")
_OWN_PAGE = re.compile(
    r"/(?:browse|display|spaces|projects)/~?[A-Z][A-Z0-9_]+(?:[/-]|$)"
    r"|/rest/api(?:/|$)"
    r"|(?:/(?:pages|secure|users)(?:/admin)?)?/[^/]+\.(?:jspa?|action)$"
)
"""Where a product's own pages begin below its context path, told by what no context path looks like."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a product, without a slash at the end."""

    root: str
    """Scheme, host in lower case, and port unless it is the scheme's own."""
    path: str
    host: str

    @property
    def url(self) -> str:
        """The whole address."""
        return self.root + self.path

    @property
    def loopback(self) -> bool:
        """Whether it never leaves this machine."""
        return is_loopback(self.host)

    @property
    def gateway(self) -> bool:
        """Whether it is Atlassian's API gateway; on loopback the sandbox plays it below the same paths."""
        return self.host == GATEWAY or (self.loopback and _GATEWAY_PATH.fullmatch(self.path) is not None)

    @property
    def looks_like_cloud(self) -> bool:
        """``*.atlassian.net``, the API gateway, and loopback, where the sandbox is."""
        return self.gateway or self.loopback or self.host.endswith(".atlassian.net")

    @property
    def site(self) -> str | None:
        """The address people use, or None where it cannot be told from this one."""
        return None if self.gateway else self.url

    @property
    def token_url(self) -> str:
        """Where service accounts get access tokens; on loopback at the sandbox, which plays that too."""
        return f"{self.root}/oauth/token" if self.loopback else _TOKEN_URL

    @property
    def tenant_info(self) -> str:
        """Where a Cloud site tells its cloud id to anybody."""
        return f"{self.root}/_edge/tenant_info"

    def at_gateway(self, product: Literal["confluence", "jira"]) -> tuple[str, str]:
        """What stands before and after the cloud id in the address of this site's product behind the API gateway."""
        root = self.root if self.loopback else f"https://{GATEWAY}"
        return f"{root}/ex/{product}/", "/wiki" if product == "confluence" else ""


def read(text: str) -> Address:
    """Reads an address; ValueError with the rest of a sentence that begins with the variable's name."""
    parts = _split(text)
    host = parts.hostname if parts else None
    if _WITHOUT_SCHEME.fullmatch(text.rstrip("/")):
        raise ValueError(f"lacks its beginning; write https://{text.rstrip('/').lower()}")
    if parts is None or not host or parts.scheme not in {"http", "https"}:
        raise ValueError("is not an address; write it like https://example.atlassian.net")
    if "@" in parts.netloc:
        raise ValueError("holds a user name or password, which logs would show; use the USERNAME and TOKEN variables")
    if parts.query or parts.fragment:
        raise ValueError(f"is the address of one page; write only {parts.scheme}://{parts.netloc} and the context path")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(f"would send the token in the clear; write https://{parts.netloc}{parts.path}")
    return Address(root(parts), parts.path.rstrip("/"), host)


def placeholder(text: str) -> str | None:
    """The word that stands in for a person's own host or cloud id, where one was left in an address."""
    found = _PLACEHOLDER.search(text)
    return found[1] or found[2] if found else None


def complete(address: Address, product: Literal["confluence", "jira"]) -> Address:
    """The Cloud address where requests go; ValueError as ``read`` raises it.

    Confluence Cloud answers below ``/wiki`` on the site and behind the API gateway; Jira Cloud answers at the root.
    """
    found = _GATEWAY_PATH.fullmatch(address.path)
    if address.gateway or found:
        if found is None or found[2] != product or (found[3] and product == "jira"):
            raise ValueError(f"must be {address.root}/ex/{product}/CLOUDID at the API gateway")
        return replace(address, path=found[1] + ("/wiki" if product == "confluence" else ""))
    wanted = "/wiki" if product == "confluence" else ""
    if address.path not in {"", wanted}:
        own = "" if address.host.endswith(".atlassian.net") else "; for Data Center set ATLASSIAN_DEPLOYMENT=datacenter"
        raise ValueError(f"has a path that Cloud does not know; write {address.root}{wanted}{own}")
    return replace(address, path=wanted)


def context(address: Address) -> Address:
    """The Data Center address with its context path; ValueError as ``read`` raises it.

    Any path can be a context path, also one below another product's, since a reverse proxy may have it so; what the
    products call their own pages (``/browse/PAY-1``, ``/display/PAY``, ``/login.jsp``) cannot.
    """
    found = _OWN_PAGE.search(address.path)
    if found is not None:
        raise ValueError(f"is the address of one page; write {address.root}{address.path[: found.start()]}")
    return address


def two_sites(confluence: str, jira: str) -> str | None:
    """What is wrong when the Cloud addresses of both products belong to two sites; None when they are one.

    A site has one address for both products, Confluence below ``/wiki``; behind the API gateway it is the cloud id.
    """
    parts = [urlsplit(url) for url in (confluence, jira)]
    if all(part.hostname == GATEWAY for part in parts):
        one, other = (part.path.removesuffix("/wiki").rpartition("/")[2] for part in parts)
        what = "cloud id"
    else:
        one, other = (root(part) for part in parts)
        what = "address"
    if one == other:
        return None
    return (
        f"CONFLUENCE_URL is of one site and JIRA_URL of another ({one} and {other}), so links would not fit; "
        f"write the {what} of the same site into both"
    )


def proxy_problem(text: str) -> str | None:
    """What is wrong with a proxy's address: the rest of a sentence without the address, which may hold a password.

    A proxy is spoken to by http, as its scheme says; SOCKS would take a library that is not there.
    """
    like = "write it like http://proxy.example.com:3128"
    if "://" not in text:
        whole = _split(f"http://{text}")
        return f"lacks its beginning; {like}" if whole and whole.hostname else f"is not an address; {like}"
    parts = _split(text)
    if parts is None or not parts.hostname:
        return f"is not an address; {like}"
    if parts.scheme not in {"http", "https"}:
        return f"names a proxy of a kind that is not served, such as SOCKS; name one for http, and {like}"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return f"is the address of a page or script; {like}, which is where the proxy itself listens"
    return None


def is_address(text: str) -> bool:
    """Whether it is a whole address for http or https."""
    parts = _split(text)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _split(text: str) -> SplitResult | None:
    """The parts of an address, or None when it has none, or a port that is no port."""
    if not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        return None if parts.port == 0 else parts
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether what is sent to that host stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
