"""Tells whether two addresses are one place, however they are spelled."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}


def spelled(address: str) -> str:
    """The address in the one way that equal places share: see ``root``, and without a slash at the end.

    What is no address is given back as it is.
    """
    try:
        parts = urlsplit(address)
        return root(parts) + parts.path.rstrip("/") if parts.hostname else address
    except ValueError:
        return address


def root(parts: SplitResult) -> str:
    """Scheme and host in lower case, and the port unless it is the scheme's own. ValueError when it is no port."""
    host = parts.hostname or ""
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
