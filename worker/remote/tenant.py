"""Finds out by which cloud id the API gateway knows a Cloud site."""

from __future__ import annotations

import re

from worker.errors import AccessError
from worker.remote.errand import Count, ask
from worker.remote.session import Transport
from worker.remote.signin import CloudSite

_CLOUD_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
"""It becomes part of an address, so nothing else is taken for one."""


def behind_gateway(site: CloudSite, transport: Transport, count: Count) -> str:
    """The product's address behind the API gateway.

    AccessError when the site does not tell its cloud id, ``Again`` as ``ask`` raises it.

    ``/_edge/tenant_info`` answers ``{"cloudId": "…"}`` to anybody (seen on Cloud, pchuri/confluence-cli#57).
    """
    status, body = ask("GET", site.tenant_info, None, transport=transport, count=count)
    found = body.get("cloudId") if status == 200 and isinstance(body, dict) else None
    if not isinstance(found, str) or not _CLOUD_ID.fullmatch(found):
        raise AccessError(f"{site.tenant_info} told no cloud id (it answered {status})")
    before, after = site.gateway
    return before + found + after
