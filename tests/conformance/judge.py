"""Judges recorded exchanges by Atlassian's own descriptions of their interfaces, in process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.validation.response.exceptions import MissingData

from worker.remote.gateway import Exchange

HOST = "https://judged.example"


class Query(dict[str, str]):
    """Query parameters as a server sees them: a list is a parameter that is repeated."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._pairs = [
            (name, str(entry))
            for name, value in params.items()
            for entry in (value if isinstance(value, (list, tuple)) else [value])
        ]
        super().__init__(self._pairs)

    def getlist(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]


class Request:
    """An exchange's request in the words of openapi-core."""

    host_url = HOST
    content_type = "application/json"

    def __init__(self, exchange: Exchange, path: str) -> None:
        self.path = path
        self.method = exchange.method.lower()
        self.parameters = RequestParameters(query=Query(exchange.params), header={}, cookie={}, path={})
        self.body = None if exchange.body is None else json.dumps(exchange.body).encode()


class Response:
    """An exchange's answer in the words of openapi-core."""

    content_type = "application/json"

    def __init__(self, exchange: Exchange) -> None:
        self.status_code = exchange.status
        self.headers: dict[str, str] = {}
        self.data = None if exchange.answer is None else json.dumps(exchange.answer).encode()


def description(file: Path, base: str) -> OpenAPI:
    """The description with its server at ``base``, less what says nothing about our requests.

    Sign-in is left out, since only OAuth is described and we use others; so is the format of times, because Jira
    writes an offset without colon, in its own examples too. What is wrong with a request is described as an object by
    Confluence Data Center, and is a list in every answer that was seen.
    """
    document = json.loads(file.read_text(encoding="utf-8"))
    _forget_times(document)
    refusal = document.get("components", {}).get("schemas", {}).get("ValidationResult", {}).get("properties", {})
    if "errors" in refusal:
        refusal["errors"] = {"type": "array"}
    document["servers"] = [{"url": base}]
    document.pop("security", None)
    for operations in document["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


def _forget_times(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("type") == "string" and node.get("format") == "date-time":
            del node["format"]
        for value in node.values():
            _forget_times(value)
    elif isinstance(node, list):
        for value in node:
            _forget_times(value)


class CloudDescriptions:
    """Where a Cloud exchange is described; each description is read when it is first needed."""

    def __init__(self, specs: Path) -> None:
        self._specs = specs

    @cached_property
    def _confluence_v1(self) -> OpenAPI:
        return description(self._specs / "confluence-cloud-v1.trimmed.json", HOST)

    @cached_property
    def _confluence_v2(self) -> OpenAPI:
        return description(self._specs / "confluence-cloud-v2.trimmed.json", f"{HOST}/wiki/api/v2")

    @cached_property
    def _jira_v3(self) -> OpenAPI:
        return description(self._specs / "jira-cloud-platform-v3.trimmed.json", HOST)

    def of(self, exchange: Exchange) -> tuple[OpenAPI, str]:
        """The description that has the exchange's operation, and its path there."""
        if exchange.product == "Jira":
            return self._jira_v3, f"/{exchange.path}"
        if exchange.path.startswith("api/v2/"):
            return self._confluence_v2, f"/wiki/{exchange.path}"
        return self._confluence_v1, f"/wiki/{exchange.path}"


DATACENTER_JIRAS = ("10.3.24", "11.2.1")
"""The releases of Jira Data Center whose descriptions there are."""


class DatacenterDescriptions:
    """Where a Data Center exchange is described, with the Jira of one release."""

    def __init__(self, specs: Path, jira: str = DATACENTER_JIRAS[0]) -> None:
        self._specs = specs
        self._release = jira

    @cached_property
    def _confluence(self) -> OpenAPI:
        return description(self._specs / "confluence-dc-10.2.14.trimmed.json", f"{HOST}/confluence")

    @cached_property
    def _jira(self) -> OpenAPI:
        return description(self._specs / f"jira-dc-{self._release}.trimmed.json", f"{HOST}/rest")

    def of(self, exchange: Exchange) -> tuple[OpenAPI, str]:
        """The description that has the exchange's operation, and its path there."""
        if exchange.product == "Jira":
            return self._jira, f"/{exchange.path}"
        return self._confluence, f"/confluence/{exchange.path}"


class Judge:
    """Judges exchanges by the descriptions of one deployment, of Cloud's unless others are given."""

    def __init__(self, specs: Path, described: CloudDescriptions | DatacenterDescriptions | None = None) -> None:
        self._specs = specs
        self._descriptions = described or CloudDescriptions(specs)

    @cached_property
    def _adf(self) -> Draft4Validator:
        (schema,) = self._specs.glob("adf-schema-full.*.json")
        return Draft4Validator(json.loads(schema.read_text(encoding="utf-8")))

    def faults(self, exchange: Exchange) -> list[str]:
        """What the description of the operation objects to, in the request and in the answer; empty when fine.

        A refusal is let pass where the description lists no such status (409 and 413 are known to be answered and
        documented nowhere) or no body for it (Confluence describes none for any refusal, and sends one for each).
        """
        api, path = self._descriptions.of(exchange)
        request = Request(exchange, path)
        faults = []
        try:
            api.validate_request(request)
        except OpenAPIError as error:
            faults += [f"request: {leaf}" for leaf in _leaves(error)]
        if exchange.status is not None:
            faults += [
                f"answer: {leaf}" for leaf in self._answer_faults(api, request, exchange.status, Response(exchange))
            ]
        return [f"{exchange.method} {path}: {fault}" for fault in dict.fromkeys(faults)]

    @staticmethod
    def _answer_faults(api: OpenAPI, request: Request, status: int, response: Response) -> list[str]:
        try:
            api.validate_response(request, response)
        except OpenAPIError as error:
            undescribed = (ResponseNotFound, MediaTypeNotFound, MissingData)
            if status >= 400 and (isinstance(error, undescribed) or isinstance(error.__cause__, undescribed)):
                return []
            if status == 204 and isinstance(error, MissingData):
                return []  # Jira describes a body for some of its answers without content
            return list(_leaves(error))
        return []

    def document_faults(self, document: Any) -> list[str]:
        """What the schema of the Atlassian Document Format objects to; empty when fine."""
        return [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in self._adf.iter_errors(document)
        ]


def _leaves(error: BaseException) -> Iterator[str]:
    """The innermost reasons of a refusal, each with its place."""
    reasons = list(getattr(error, "schema_errors", None) or ())
    for reason in reasons:
        yield f"{'/'.join(map(str, reason.absolute_path)) or 'whole'}: {reason.message[:200]}"
    if error.__cause__ is not None:
        yield from _leaves(error.__cause__)
    elif not reasons:
        yield f"{type(error).__name__}: {str(error)[:300]}"
