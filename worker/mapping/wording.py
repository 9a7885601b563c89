"""Says in words, with a suggestion, what the model refuses in a mapping."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin
from zoneinfo import available_timezones

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from worker.mapping.model import TeamMapping
from worker.mapping.places import Path, Problem, Tree, closest

_EXAMPLES: dict[str, str] = {
    "team": "team: Payments",
    "pages": "pages: {space: PAY, labels: [post-mortem], since: 2026-11-01}",
    "pages.since": "since: 2026-11-01",
    "ticket": "ticket: {project: PAY}",
    "ticket.project": "project: PAY",
}
_WANTED: dict[str, str] = {
    "pages.labels": "labels are single words; write it with a hyphen, like post-mortem",
    "pages.skip_labels": "labels are single words; write it with a hyphen, like no-ticket-sync",
    "ticket.labels": "labels are single words, and Jira refuses blanks in them; write it with a hyphen",
    "ticket.project": "write the key of the Jira project as its tickets begin: capitals and digits, like PAY",
    "ticket.parent": "write the key of one ticket, like PAY-100",
    "ticket.follow": "write off, or who wins by field: {summary: page, owner: page, due: page, priority: page}",
    "due.default_after": "write a number and a unit, like 4w; or one for each priority, like {P1: 1w, P2: 4w}; or null",
    "limits.new_tickets_per_page": "less than 1 would hold every page; to look without writing, use `plan`",
    "limits.new_tickets_per_run": "less than 1 would never make a ticket; to look without writing, use `plan`",
}
"""What to write at a key, where the general sentence would not help."""
_YES_OR_NO: dict[str, str] = {
    "items.task_lists": "write true, false or anywhere",
    "due.day_first": "write true (3/4 is the third of April) or false",
}
"""The same for keys where YAML 1.2 reads `yes` as a word."""


def problems(error: ValidationError, tree: Tree) -> Iterator[Problem]:
    """Every complaint of the model once, at the line of the value (or, when it is missing, of what lacks it)."""
    complaints = [(_path(details["loc"], tree), details) for details in error.errors()]
    meant = {
        (*path[:-1], closest(str(path[-1]), _keys(path[:-1])))
        for path, details in complaints
        if details["type"] == "extra_forbidden"
    }
    seen: set[Path] = set()
    for path, details in complaints:
        if details["type"] == "missing" and (*path, str(details["loc"][-1])) in meant:
            continue  # said already, at the key that was mistyped
        if details["type"] == "missing":
            yield Problem(tree.place(path).key_line, _missing(path, str(details["loc"][-1])))
        elif details["type"] == "extra_forbidden":
            yield Problem(tree.place(path).key_line, _unknown(path))
        elif path not in seen and not any(_is_below(other, path) for other, _ in complaints):
            seen.add(path)
            yield Problem(tree.place(path).line, _wrong(path, details, tree))


def places_of(error: ValidationError, tree: Tree) -> tuple[Path, ...]:
    """Where the values stand that the model complains of, each once; nothing for what is missing."""
    paths = (_path(details["loc"], tree) for details in error.errors() if details["type"] != "missing")
    return tuple(dict.fromkeys(path for path in paths if path))


def _is_below(other: Path, path: Path) -> bool:
    """Whether the trouble lies deeper: the other branch of a union then says nothing new about the whole."""
    return len(other) > len(path) and other[: len(path)] == path


def _path(loc: tuple[int | str, ...], tree: Tree) -> Path:
    """The location without the names pydantic adds for the branch of a union; what is missing keeps its parent's."""
    path: Path = ()
    for step in loc:
        if (*path, step) in tree.places:
            path = (*path, step)
    return path


def _missing(path: Path, key: str) -> str:
    dotted = ".".join(str(step) for step in (*path, key))
    where = f"`{path[-1]}`" if path else "the mapping"
    example = _EXAMPLES.get(dotted, f"{key}: …")
    return f"{where} lacks `{key}`; add it, for example `{example}`"


def _unknown(path: Path) -> str:
    known = _keys(path[:-1])
    key = str(path[-1])
    elsewhere = [dotted for dotted in _all_keys(TeamMapping) if dotted.rpartition(".")[2] == key]
    if elsewhere:
        return f"`{key}` is not a key here; it belongs at `{elsewhere[0]}`"
    guess = closest(key, known)
    if guess:
        return f"`{key}` is not a key here; did you mean `{guess}`?"
    return f"`{key}` is not a key here; the keys are {_listed(known)}"


def _wrong(path: Path, details: ErrorDetails, tree: Tree) -> str:
    dotted = ".".join(str(step) for step in path if isinstance(step, str))
    names = [str(step) for step in path if isinstance(step, str)]
    name = f"`{names[-1]}`" if names else "the mapping"
    value = tree.at(*path)
    shown = _shown(value, tree.place(path).written)
    wanted = _WANTED.get(dotted) or _YES_OR_NO.get(dotted)
    match details["type"]:
        case "model_type" | "model_attributes_type" | "dict_type":
            keys = _keys(path)
            if value is None:
                return f"{name} holds nothing; remove the line, or give it keys" + (
                    f": {_listed(keys)}" if keys else ""
                )
            advice = wanted or (f"its keys are {_listed(keys)}" if keys else "write `name: value` lines")
            return f"{name} must hold keys, and {shown} stands here; {advice}"
        case "tuple_type" if isinstance(value, dict):
            return f"{name} cannot be {shown}; write a list, like {names[-1]}: [{', '.join(value) or '…'}]"
        case "literal_error":
            choices = [word.strip("' ") for word in str(details["ctx"]["expected"]).replace(" or ", ", ").split(",")]
            guess = closest(str(value), choices)
            advice = f"did you mean `{guess}`?" if guess and not wanted else (wanted or f"write {_listed(choices)}")
            return f"{name} cannot be {shown}; {advice}"
        case "value_error" if dotted == "due.timezone" and (zone := closest(str(value), sorted(available_timezones()))):
            return f"{name} cannot be {shown}; did you mean `{zone}`?"
        case "value_error":
            return f"{name} cannot be {shown}; {wanted or details['msg'].removeprefix('Value error, ')}"
        case "string_type" if value is None and not _keys(path[:-1]):
            before, _, after = str(path[-1]).rpartition(" ")
            example = f"{before}: {after}" if before else f"{after}: …"
            return f"{name} stands for nothing; write a colon and what it means behind it, like `{example}`"
        case "string_type" if isinstance(value, bool | int | float):
            return f"{name} must be text, and {shown} is read as a {_kind(value)}; {wanted or 'put it in quotes'}"
        case "bool_type" | "int_type" if isinstance(value, str):
            advice = _YES_OR_NO.get(dotted, "write a number without quotes")
            return f"{name} must be {_type(details)}, and {shown} is text; {advice}"
        case "string_too_short" | "string_pattern_mismatch" if not str(value).strip():
            return f"{name} is blank; {wanted or 'write something, or remove the line'}"
        case "too_short":
            return f"{name} is an empty list; name at least one, or remove the line to get the default"
        case "string_too_long":
            return f"{name} cannot be {shown}; shorten it to {details['ctx']['max_length']} characters"
        case "greater_than_equal":
            return f"{name} cannot be {shown}; {wanted or 'write a larger number'}"
        case _:
            return f"{name} cannot be {shown}; {wanted or f'it must be {_type(details)}'}"


def _type(details: ErrorDetails) -> str:
    return {
        "bool_type": "true or false",
        "int_type": "a whole number",
        "string_type": "text",
        "tuple_type": "one name or a list of names",
    }.get(details["type"], details["msg"].removeprefix("Input should be "))


def _kind(value: object) -> str:
    return "true-or-false word" if isinstance(value, bool) else "number"


def _shown(value: object, written: str) -> str:
    match value:
        case None:
            return f"`{written}`" if written.strip() else "nothing"
        case dict():
            return "a group of keys"
        case list():
            return "a list"
        case _:
            text = written or str(value)
            return f"`{text if len(text) <= 60 else text[:57] + '…'}`"


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else "".join(words)


def _keys(path: Path) -> list[str]:
    """The keys that the model knows at a path; none where any key may stand."""
    model: type[BaseModel] | None = TeamMapping
    for step in path:
        info = model.model_fields.get(str(step)) if model else None
        model = _model_in(info.annotation) if info else None
    return list(model.model_fields) if model else []


def _all_keys(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield before + name
        below = _model_in(info.annotation)
        if below:
            yield from _all_keys(below, f"{before}{name}.")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model behind an annotation, looking through unions and ``Annotated``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {types.UnionType, Annotated} or str(get_origin(annotation)) == "typing.Union":
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return None
