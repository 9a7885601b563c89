"""Reading a request strictly: lists, numbers and JSON bodies, or a refusal that says what was wrong."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from worker.sandbox.people import Person
from worker.sandbox.refusals import Invalid, Refusal
from worker.sandbox.wire import asking


class Nobody(Refusal):
    """The route needs an account, and the caller has none we know."""


def person(request: Request) -> Person:
    """Who is asking. Raises Nobody."""
    found = asking(request.scope)
    if found is None:
        raise Nobody("Client must be authenticated to access this resource.")
    return found


def account(request: Request) -> str | None:
    """The account id of who is asking, or None for nobody."""
    found = asking(request.scope)
    return None if found is None else found.account_id


def site(request: Request) -> str:
    """The address that the request came to, scheme and host, without a slash at the end."""
    return f"{request.url.scheme}://{request.url.netloc}"


def listed(request: Request, name: str) -> list[str]:
    """A list parameter, repeated, comma-separated or both, in order."""
    return [part for value in request.query_params.getlist(name) for part in value.split(",") if part]


def number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number between two bounds. Raises Invalid."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.lstrip("-").isdigit() or not least <= int(text) <= most:
        raise Invalid(f"The parameter '{name}' must be a number from {least} to {most}, not '{text}'.")
    return int(text)


def flag(request: Request, name: str, *, default: bool = False) -> bool:
    """A parameter that is ``true`` or ``false``. Raises Invalid."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if text not in {"true", "false"}:
        raise Invalid(f"The parameter '{name}' must be true or false, not '{text}'.")
    return text == "true"


async def json_body(request: Request) -> Any:
    """The JSON a request carries. Raises Invalid."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        raise Invalid(f"The content type must be application/json, not '{kind}'.")
    raw = await request.body()
    try:
        value = json.loads(raw, parse_constant=_no_constant)
        if b"\\ud" in raw.lower():
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is no JSON: {error}") from error
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object a request carries. Raises Invalid."""
    body = await json_body(request)
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object.")
    return body
