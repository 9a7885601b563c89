"""What Confluence's REST v1 has in common on both deployments: how refusals are worded, browsers, labels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from worker.sandbox import asked
from worker.sandbox.refusals import Conflict, Invalid, NotAllowed, NotVisible, Oversize, ReadOnly, Refusal

_EXCEPTIONS = "com.atlassian.confluence.api.service.exceptions"
_NOT_IN_LABELS = frozenset(" :;,?&[]()#^*@!.")

Handler = Callable[[Request], Awaitable[Response]]


def answering(handler: Handler) -> Handler:
    """The handler with refusals turned into answers."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            return v1_error(*_status(refusal), str(refusal))

    return answer


def _status(refusal: Refusal) -> tuple[int, str]:
    match refusal:
        case asked.Nobody():
            return 401, "UnauthorizedException"
        case NotVisible():
            return 404, "NotFoundException"
        case NotAllowed():
            return 403, "PermissionException"
        case ReadOnly():
            return 405, "ReadOnlyException"
        case Conflict():
            return 409, "ConflictException"
        case Oversize():
            return 413, "RequestEntityTooLargeException"
        case _:
            return 400, "BadRequestException"


def v1_error(status: int, kind: str, text: str) -> Response:
    """An error as v1 writes it: status, what was wrong with the request, and the Java exception with its text."""
    data = {"authorized": status not in {401, 403}, "valid": status != 400, "errors": [], "successful": False}
    return JSONResponse({"statusCode": status, "data": data, "message": f"{_EXCEPTIONS}.{kind}: {text}"}, status)


def require_no_browser(request: Request) -> None:
    """Writes that look like a browser's need the header that a browser cannot forge. Raises NotAllowed."""
    browser = "mozilla" in request.headers.get("user-agent", "").lower()
    if browser and request.headers.get("x-atlassian-token") != "no-check":
        raise NotAllowed("XSRF check failed")


def label_names(body: Any) -> list[str]:
    """The names of the labels that a request wants to add; a label's name has no spaces. Raises Invalid."""
    wanted = body if isinstance(body, list) else [body]
    names = [each.get("name") if isinstance(each, dict) else None for each in wanted]
    good = [name for name in names if isinstance(name, str) and name and not _NOT_IN_LABELS & set(name)]
    if not good or len(good) < len(names):
        raise Invalid("A label has a name without spaces and special characters.")
    return good
