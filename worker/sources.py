"""Reads the variables from where operators set them, and remembers for each where it stands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import InitSettingsSource

from worker.variables import NAMES, Variables

SECRETS_DIR = "/run/secrets"
"""Where Docker and Compose put secrets: one file a variable, named like it."""

_ENVIRONMENT = "environment"
_KNOWN = (*NAMES, *(f"{name}_FILE" for name in NAMES), "SECRETS_DIR")
_OF_OTHERS = frozenset(
    {
        "ALL_PROXY",
        "FTP_PROXY",
        "HTTP_PROXY",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    }
)
"""Names that look like ours and belong to everybody."""
_LIKE_ONE_MISSING, _LIKE_ONE_GIVEN = 0.85, 0.9
"""How alike, by ``difflib``'s measure, a name is to one of ours that is a slip of it."""
_NAMED = re.compile(r"\s*(?:export\s+)?(\w+)\s*=")
"""The name at the beginning of a line of a ``.env`` file."""


@dataclass(frozen=True, slots=True)
class Written:
    """One value as it was written, without blanks around it, and where."""

    text: str = field(repr=False)
    place: str
    """``environment``, ``.env:3``, or the path of a file."""


@dataclass(frozen=True, slots=True)
class Given:
    """All variables, those that cannot be used at their default, and what is wrong."""

    variables: Variables
    places: Mapping[str, str]
    """Where each variable that was given stands."""
    rejected: frozenset[str]
    """Variables that were given and cannot be used; they are not missing too."""
    problems: tuple[str, ...]
    """Complete sentences; none holds a value of a secret."""

    def named(self, name: str) -> str:
        """The variable with its place, as a sentence about it begins."""
        place = self.places.get(name)
        return f"{name} ({place})" if place else name


def read(environ: Mapping[str, str], env_file: Path | None) -> Given:
    """Reads the environment, then ``env_file``, then the secrets folder; the first that names a variable wins.

    In the first two, ``NAME_FILE`` names a file that holds the value of ``NAME``. The secrets folder is
    ``/run/secrets`` or what ``SECRETS_DIR`` says. Empty values count as not given; an empty file is a problem, since
    somebody meant to fill it.
    """
    reading = _Reading([], set(), [])
    here = {name: Written(text, _ENVIRONMENT) for name, text in environ.items()}
    beside = reading.dotenv(env_file)
    first, second = reading.with_files(here), reading.with_files(beside)
    third = reading.folder(first.get("SECRETS_DIR") or second.get("SECRETS_DIR"))
    found = {**third, **second, **first}
    reading.strangers({name: written.place for name, written in found.items()})
    values = {name.lower(): found[name].text for name in NAMES if name in found}
    places = {name: written.place for name, written in found.items()}
    unusable: list[str] = []
    try:
        variables = _build(values)
    except ValidationError as error:
        for details in error.errors():
            name = str(details["loc"][0]).upper()
            unusable.append(f"{name} ({places[name]}) {_complaint(details)}")
            reading.rejected.add(name)
        variables = _build({name: text for name, text in values.items() if name.upper() not in reading.rejected})
    return Given(variables, places, frozenset(reading.rejected), (*reading.problems, *unusable))


def _build(values: Mapping[str, str]) -> Variables:
    return Variables(_build_sources=((InitSettingsSource(Variables, dict(values)),), {}))


@dataclass(frozen=True, slots=True)
class _Reading:
    """Collects what is wrong while it reads."""

    problems: list[str]
    rejected: set[str]
    seen: list[tuple[str, str]]
    """Every name that was set, ours or not, and where."""

    def with_files(self, given: Mapping[str, Written]) -> dict[str, Written]:
        """The variables with every ``NAME_FILE`` of ours replaced by what that file holds, and empty ones left out."""
        self.seen.extend((name, written.place) for name, written in given.items())
        known = {
            name.upper(): Written(written.text.strip(), written.place)
            for name, written in given.items()
            if written.text.strip()
        }
        for name in NAMES:
            pointer = known.pop(f"{name}_FILE", None)
            if pointer is None:
                continue
            if name in known:
                self.problems.append(f"{name} and {name}_FILE ({pointer.place}) are both set; keep one of them")
                continue
            what = f"{name}_FILE ({pointer.place}) names {pointer.text}, which"
            written = self._file(Path(pointer.text), what, f"write the value of {name} into it")
            if written is None:
                self.rejected.add(name)
            else:
                known[name] = written
        return known

    def _file(self, path: Path, what: str, advice: str) -> Written | None:
        try:
            text = path.read_text(encoding="utf-8-sig").strip()
        except (OSError, ValueError) as error:
            self.problems.append(f"{what} cannot be read ({_why(error)}); name a text file that this account may read")
            return None
        if not text:
            self.problems.append(f"{what} is empty; {advice}")
            return None
        return Written(text, path.as_posix())

    def dotenv(self, path: Path | None) -> dict[str, Written]:
        """What the file holds; a line that cannot be read rejects the variable that it begins with."""
        if path is None or not path.is_file():
            return {}
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            self.problems.append(
                f"{path} cannot be read ({_why(error)}); make it a readable UTF-8 text file, or remove it"
            )
            return {}
        readable: list[str] = []
        places: dict[str, str] = {}
        for part in parse_stream(StringIO(text)):
            place = f"{path}:{part.original.line}"
            if not part.error:
                readable.append(part.original.string)
                places[part.key or ""] = place
                continue
            self.problems.append(
                f"{place}: this line cannot be read; write NAME=value, with a value that holds blanks or quotes in "
                "single quotes, or begin it with # to leave it out"
            )
            named = _NAMED.match(part.original.string)
            if named:
                self.rejected.add(named[1].upper())
        values = dotenv_values(stream=StringIO("".join(readable)))
        return {name: Written(text or "", places[name]) for name, text in values.items()}

    def folder(self, named: Written | None) -> dict[str, Written]:
        """The secrets folder: one file a variable, named like it in any case, as Docker and Kubernetes mount them."""
        folder = Path(named.text if named else SECRETS_DIR)
        if not folder.is_dir():
            if named:
                self.problems.append(
                    f"SECRETS_DIR ({named.place}) names {folder}, which is no folder; mount it, or "
                    "leave SECRETS_DIR out"
                )
            return {}
        try:
            files = sorted(path for path in folder.iterdir() if path.is_file())
        except OSError as error:
            self.problems.append(f"the secrets folder {folder} cannot be read ({_why(error)}); check its rights")
            return {}
        found: dict[str, Written] = {}
        self.seen.extend((path.name, str(path)) for path in files)
        for path in files:
            if path.name.upper() not in NAMES:
                continue
            written = self._file(path, f"{path.name.upper()} ({path})", "write its value into it, or remove it")
            if written is None:
                self.rejected.add(path.name.upper())
            else:
                found[path.name.upper()] = written
        return found

    def strangers(self, found: Mapping[str, str]) -> None:
        """A name that is none of ours and looks like one is a slip, and would change nothing.

        It has to look more like one that is given (``found``, with its place) than like one that is not, for other
        programs have names of their own for the same things.
        """
        open_names = [name for name in _KNOWN if name.removesuffix("_FILE") not in {*found, *self.rejected}]
        given = [name for name in _KNOWN if name in found]
        for name, place in self.seen:
            if name.upper() in _KNOWN or name.upper() in _OF_OTHERS:
                continue
            if meant := _meant(name.upper(), open_names):
                self.problems.append(
                    f"{name} ({place}) is no setting; did you mean {meant}? Rename it, or keep it out of this "
                    "job if it belongs to another program"
                )
                self.rejected.add(meant.removesuffix("_FILE"))
                continue
            for like in difflib.get_close_matches(name.upper(), given, n=1, cutoff=_LIKE_ONE_GIVEN):
                self.problems.append(
                    f"{name} ({place}) is no setting, and {like} ({found[like]}) is set; remove the one that is not "
                    "meant, or keep it out of this job if it belongs to another program"
                )


def _meant(name: str, open_names: Sequence[str]) -> str | None:
    """The setting that a name is a slip of: nearly the same letters, or its end was left out, ``_SECONDS`` above all.

    A single word that others begin with, such as LOG or JIRA, can be anything's.
    """
    close = difflib.get_close_matches(name, open_names, n=1, cutoff=_LIKE_ONE_MISSING)
    if close:
        return close[0]
    return next(
        (
            each
            for each in open_names
            if each == f"{name}_SECONDS" or (name.count("_") >= 1 and each.startswith(f"{name}_"))
        ),
        None,
    )


def _why(error: OSError | ValueError) -> str:
    return (error.strerror or "it is no file") if isinstance(error, OSError) else "it is not UTF-8 text"


def _complaint(details: ErrorDetails) -> str:
    """What is wrong with one value, without the value, for it may be a secret in the wrong place."""
    context = details.get("ctx", {})
    match details["type"]:
        case "literal_error":
            return f"must be one of {str(context['expected']).replace(chr(39), '')}"
        case "int_parsing" | "int_type" | "int_from_float":
            return "must be a whole number, without a unit"
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "string_pattern_mismatch":
            return "must begin with a letter or digit, and hold these, dots, hyphens and underscores only, 63 at most"
        case _:
            return f"cannot be used: {details['msg'].lower()}"
