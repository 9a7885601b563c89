"""Names the variables an operator may set, each with its meaning, and reads them as written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

SECRETS_DIR = "/run/secrets"
"""Where Docker and Compose put secrets: one file a variable, named like it."""


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class Variables(BaseSettings):
    """Everything that can be set, as written; ``worker.settings`` judges what belongs together."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", use_attribute_docstrings=True, hide_input_in_errors=True, str_strip_whitespace=True
    )

    confluence_url: str | None = Field(default=None, examples=["https://example.atlassian.net/wiki"])
    """Address of Confluence. Required.

    Cloud: the site with /wiki, or the API gateway https://api.atlassian.com/ex/confluence/CLOUDID, which tokens with
    scopes need. Data Center: the base URL with its context path. Plain http is accepted for loopback only, since
    every request carries the token.
    """
    jira_url: str | None = Field(default=None, examples=["https://example.atlassian.net"])
    """Address of Jira. Required.

    Cloud: the site, or https://api.atlassian.com/ex/jira/CLOUDID. Data Center: the base URL with its context path.
    """
    confluence_username: str | None = Field(default=None, examples=["postmortem-sync@example.com"])
    """Who signs in to Confluence.

    Cloud: the account's e-mail address. Data Center: leave it out with a personal access token; with a password it is
    the user name.
    """
    confluence_token: SecretStr | None = None
    """Cloud: an API token. Data Center: a personal access token, or the password of CONFLUENCE_USERNAME."""
    jira_username: str | None = None
    """Who signs in to Jira.

    On Cloud it is CONFLUENCE_USERNAME unless set, since one Atlassian account serves both products. On Data Center
    nothing is carried over, since the products have separate tokens.
    """
    jira_token: SecretStr | None = None
    """The token or password for Jira.

    On Cloud it is CONFLUENCE_TOKEN unless set; tokens with scopes are made for one product, so they come in pairs.
    """
    atlassian_client_id: str | None = None
    """A Cloud service account signing in by OAuth 2.0 client credentials, instead of user names and tokens.

    Works through the API gateway only, so both URLs must begin with https://api.atlassian.com/ex/.
    """
    atlassian_client_secret: SecretStr | None = None
    """The secret of ATLASSIAN_CLIENT_ID."""
    atlassian_deployment: Annotated[Literal["auto", "cloud", "datacenter"], BeforeValidator(_lower)] = "auto"
    """What is behind the URLs: auto, cloud or datacenter.

    auto takes *.atlassian.net, the API gateway and loopback for Cloud and everything else for Data Center. Set it for
    a Cloud site with a custom domain, or for a Data Center on loopback.
    """
    ca_bundle: Path | None = None
    """PEM file (or folder) of certificate authorities to trust instead of the usual public ones."""
    client_cert: Path | None = None
    """PEM file with a client certificate and its key, where a proxy in front of Atlassian asks for one."""
    https_proxy: SecretStr | None = None
    """Proxy for https addresses, like http://proxy.example.com:3128; it may hold a user name and password."""
    no_proxy: str | None = None
    """Hosts reached without the proxy, separated by commas."""
    mappings_dir: Path = Path("mappings")
    """Folder of the teams' mappings, one YAML file each."""
    search_lag_seconds: int = Field(default=300, ge=0, le=86_400)
    """For how many seconds a create may still be under way, and Jira's search may not show it yet.

    A ticket that cannot be found counts as not created only this long after the last attempt. Five minutes is far
    beyond the seconds that searches usually lag; longer makes a row wait longer after a lost answer, shorter risks a
    second ticket, so less than 60 is refused unless both URLs are loopback. It cannot be turned off.
    """
    concurrency: int = Field(default=4, ge=1, le=16)
    """How many pages are worked on at once, 1 to 16.

    Four keeps a pass of hundreds of pages within minutes and stays well below Atlassian's rate limits; 1 works page
    by page.
    """
    deadline_seconds: int = Field(default=840, ge=1, le=86_400)
    """After how many seconds a pass ends in good order; what is left waits for the next one.

    840 fits a schedule of every fifteen minutes. To let a pass take as long as it needs, set a day: 86400.
    """
    job_completion_index: int | None = Field(default=None, ge=0)
    """Which part of the pages this worker takes, counted from 0, where several share a pass.

    Kubernetes sets it in the pods of an Indexed Job.
    """
    job_completion_count: int | None = Field(default=None, ge=1, le=256)
    """How many workers share a pass.

    Kubernetes does not tell it, so write the job's `completions` here too.
    """
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    """debug, info, warning or error. Page text and secrets are logged at none of them."""
    log_format: Annotated[Literal["auto", "console", "json"], BeforeValidator(_lower)] = "auto"
    """auto, console or json; auto is console on a terminal and JSON lines elsewhere."""


NAMES: tuple[str, ...] = tuple(name.upper() for name in Variables.model_fields)
"""Every variable, in the order of the documentation."""


_NAMED = re.compile(r"\s*(?:export\s+)?(\w+)\s*=")
"""The name at the beginning of a line of a ``.env`` file."""


class _Given(EnvSettingsSource):
    """A set of variables that was handed in: the environment, or what a ``.env`` file holds."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(Variables)
        self.env_vars = given


def read(environ: Mapping[str, str], env_file: Path | None) -> tuple[Variables, Mapping[str, str], tuple[str, ...]]:
    """Reads the environment, then ``env_file``, then the secrets folder; the first that names a variable wins.

    In the first two, ``NAME_FILE`` names a file that holds the value of ``NAME``. The secrets folder is
    ``/run/secrets`` or what ``SECRETS_DIR`` says. Empty values count as not given.

    Gives the variables (those that cannot be read are at their default), the names that were rejected with the
    reason, and further problems as complete sentences.
    """
    problems: list[str] = []
    rejected: dict[str, str] = {}
    here = _with_files({name.lower(): text for name, text in environ.items()}, problems)
    beside = _with_files(_dotenv(env_file, problems, rejected), problems)
    folder = Path(here.get("secrets_dir") or beside.get("secrets_dir") or SECRETS_DIR)
    values: dict[str, Any] = {**_secrets(folder, problems), **_Given(beside)(), **_Given(here)()}
    try:
        variables = _build(values)
    except ValidationError as error:
        for details in error.errors():
            field = str(details["loc"][0])
            rejected[field.upper()] = f"{field.upper()} {_complaint(details)}"
        variables = _build({name: value for name, value in values.items() if name.upper() not in rejected})
    return variables, rejected, tuple(problems)


def lookalike(name: str, environ: Mapping[str, str]) -> str | None:
    """A variable in the environment that is none of ours and looks like ``name`` mistyped."""
    ours = {*NAMES, *(f"{known}_FILE" for known in NAMES)}
    strangers = [other for other in environ if other.upper() not in ours]
    return next(iter(difflib.get_close_matches(name, strangers, n=1, cutoff=0.85)), None)


def _build(values: dict[str, Any]) -> Variables:
    return Variables(_build_sources=((InitSettingsSource(Variables, values),), {}))


def _with_files(given: Mapping[str, str | None], problems: list[str]) -> dict[str, str]:
    """The variables with every ``name_file`` of ours replaced by what that file holds, and empty ones left out."""
    known = {name.lower(): text.strip() for name, text in given.items() if text and text.strip()}
    for field in Variables.model_fields:
        path = known.pop(f"{field}_file", None)
        if path is None:
            continue
        name = field.upper()
        if field in known:
            problems.append(f"{name} and {name}_FILE are both set; keep one of them")
            continue
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            problems.append(f"{name}_FILE names {path}, which cannot be read ({_why(error)}); name a text file")
            continue
        if text:
            known[field] = text
        else:
            problems.append(f"{name}_FILE names {path}, which is empty; write the value of {name} into it")
    return known


def _dotenv(path: Path | None, problems: list[str], rejected: dict[str, str]) -> Mapping[str, str | None]:
    """What the file holds; a line that cannot be read rejects the variable that it begins with, or is a problem."""
    if path is None or not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        problems.append(f"{path} cannot be read ({_why(error)}); make it a readable UTF-8 text file, or remove it")
        return {}
    readable = []
    for part in parse_stream(StringIO(text)):
        if part.error:
            sentence = (
                f"{path}:{part.original.line}: this line cannot be read; write NAME=value, with a value that holds "
                "blanks or quotes in single quotes, or begin it with # to leave it out"
            )
            named = _NAMED.match(part.original.string)
            if named and named[1].upper() in NAMES:
                rejected.setdefault(named[1].upper(), sentence)
            else:
                problems.append(sentence)
        else:
            readable.append(part.original.string)
    return dotenv_values(stream=StringIO("".join(readable)))


def _secrets(folder: Path, problems: list[str]) -> dict[str, Any]:
    if not folder.is_dir():
        return {}
    try:
        found = SecretsSettingsSource(Variables, secrets_dir=folder)()
    except (OSError, ValueError) as error:
        problems.append(f"the secrets folder {folder} cannot be read ({_why(error)}); check its files and their rights")
        return {}
    return {name: text.strip() for name, text in found.items() if isinstance(text, str) and text.strip()}


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
        case _:
            return f"cannot be used: {details['msg'].lower()}"
