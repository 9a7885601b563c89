"""How Jira words a refusal: general messages and texts under field ids."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from worker.sandbox import asked
from worker.sandbox.refusals import FieldsRefused, NotAllowed, NotVisible, ReadOnly, Refusal

Handler = Callable[[Request], Awaitable[Response]]


def answering(handler: Handler) -> Handler:
    """The handler with refusals turned into answers."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            return JSONResponse(collection(refusal), _status(refusal))

    return answer


def collection(refusal: Refusal) -> dict[str, Any]:
    """Jira's error collection: ``errors`` by field id, ``errorMessages`` for the rest."""
    if isinstance(refusal, FieldsRefused):
        return {"errorMessages": refusal.messages, "errors": refusal.errors}
    return {"errorMessages": [str(refusal)], "errors": {}}


def _status(refusal: Refusal) -> int:
    match refusal:
        case asked.Nobody():
            return 401
        case NotVisible():
            return 404
        case NotAllowed():
            return 403
        case ReadOnly():
            return 405
        case _:
            return 400
