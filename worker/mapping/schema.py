"""The mapping's JSON Schema, for editors that complete and check while a mapping is written."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from worker.mapping.model import TeamMapping, as_written


class _AsWritten(GenerateJsonSchema):
    """Shows the default of a duration as a file would write it."""

    def encode_default(self, dft: Any) -> Any:
        return as_written(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one mapping file, made from the model."""
    schema = TeamMapping.model_json_schema(schema_generator=_AsWritten)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "postmortem-sync mapping",
        **{key: value for key, value in _without_titles(schema).items() if key != "title"},
    }


def mapping_schema_text() -> str:
    """The schema as it is printed and kept in the documentation: indented, keys in the model's order."""
    return json.dumps(mapping_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_titles(schema: Any) -> Any:
    """Drops pydantic's titles, which only repeat the keys; a property that is called ``title`` stays."""
    match schema:
        case dict():
            return {
                key: _without_titles(value)
                for key, value in schema.items()
                if not (key == "title" and isinstance(value, str))
            }
        case list():
            return [_without_titles(value) for value in schema]
        case _:
            return schema
