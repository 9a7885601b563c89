"""Fills the reader's templates; everything is escaped unless a renderer of this package made it."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

_ENVIRONMENT = Environment(
    loader=PackageLoader("worker.sandbox.reader"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def filled(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The template with these values, as an answer that no browser keeps and that runs no script."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'",
    }
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(**values), status, headers)
