"""Reads out of a request what Confluence takes alike on both deployments: how large, which version, what property."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from worker.sandbox import asked
from worker.sandbox.refusals import Invalid, Oversize
from worker.sandbox.settings import Settings


async def page_to_save(request: Request, settings: Settings) -> dict[str, Any]:
    """What a save says, unread. Raises Oversize before anything is looked at, then Invalid."""
    if len(await request.body()) > settings.body_limit:
        raise Oversize(f"Request too large. Requests for this resource can be at most {settings.body_limit} bytes")
    return await asked.json_object(request)


def version_number(body: dict[str, Any]) -> int | None:
    """The number of the version that is to come about; None where the request names none."""
    version = body.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def property_to_keep(body: dict[str, Any], settings: Settings) -> tuple[str, Any, int | None]:
    """Key, value and version number of a property whose value was given. Raises Invalid and Oversize."""
    key, value = body.get("key"), body["value"]
    if not isinstance(key, str) or not 0 < len(key) <= 255:
        raise Invalid("A property has a key of 1 to 255 characters")
    if len(json.dumps(value, ensure_ascii=False).encode()) > settings.property_limit:
        raise Oversize(f"The value of a property can be at most {settings.property_limit} bytes")
    return key, value, version_number(body)


def expanded_by_search(expand: list[str], settings: Settings) -> list[str]:
    """What a search expands of what it was asked for: a site may leave out what its index does not hold."""
    if settings.search_answers_expands:
        return expand
    return [path for path in expand if not path.startswith(("metadata.properties", "restrictions", "operations"))]
