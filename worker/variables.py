"""Names the variables an operator may set, each with its meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class Variables(BaseSettings):
    """Everything that can be set, as written; ``worker.settings`` judges what belongs together."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", use_attribute_docstrings=True, hide_input_in_errors=True, str_strip_whitespace=True
    )

    confluence_url: str | None = None
    """Address of Confluence. Required.

    Cloud: the site with /wiki, or the API gateway https://api.atlassian.com/ex/confluence/CLOUDID. Tokens with scopes
    and service accounts work at the API gateway only; with the site's address the worker finds the way there. Data
    Center: the base URL with its context path. Plain http is accepted for loopback only, since every request carries
    the token.
    """
    jira_url: str | None = None
    """Address of Jira. Required.

    Cloud: the site, or https://api.atlassian.com/ex/jira/CLOUDID. Data Center: the base URL with its context path.
    """
    confluence_username: str | None = None
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

    Its access tokens live an hour and are renewed in mid-pass.
    """
    atlassian_client_secret: SecretStr | None = None
    """The secret of ATLASSIAN_CLIENT_ID."""
    atlassian_deployment: Annotated[Literal["auto", "cloud", "datacenter"], BeforeValidator(_lower)] = "auto"
    """What is behind the URLs: auto, cloud or datacenter.

    auto takes *.atlassian.net, the API gateway and loopback for Cloud and everything else for Data Center. Set it for
    a Cloud site with a custom domain, or for a Data Center on loopback.
    """
    ca_bundle: Path | None = None
    """PEM file, or folder with hashed names, of certificate authorities to trust instead of the usual public ones."""
    client_cert: Path | None = None
    """PEM file with a client certificate and its key, the key without a password, where a server asks for one."""
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
    """How many pages are worked on at once, and how many requests to each product are under way, 1 to 16.

    Four keeps a pass of hundreds of pages within minutes and stays well below Atlassian's rate limits; 1 works page
    by page. While a product answers 429, fewer requests are sent at once by themselves.
    """
    deadline_seconds: int = Field(default=840, ge=1, le=86_400)
    """After how many seconds a pass ends in good order; what is left waits for the next one.

    840 fits a schedule of every fifteen minutes. To let a pass take as long as it needs, set a day: 86400.
    """
    max_requests_per_pass: int | None = Field(default=None, ge=1)
    """After how many requests a pass begins no further page; what is left waits for the next one. No cap unless set.

    A pass first reads all its pages and tickets, so a cap below what that takes lets no page begin, which is an error:
    see how many requests a pass makes before you set it. Pages in work are finished beyond the cap.
    """
    start_jitter_seconds: int = Field(default=0, ge=0, le=3_600)
    """Up to how many seconds, by chance, a scheduled pass waits before it begins, so that not all begin on the minute.

    It counts in DEADLINE_SECONDS. Not for plan, nor on a terminal, nor with --team, --page, --since,
    --approve or --adopt.
    """
    worker_name: str = Field(default="postmortem-sync", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")
    """What the worker is called in figures and log lines, where several with mappings of their own are watched.

    Letters, digits, dots, hyphens and underscores, 63 at most. Workers that share a pass share the name too.
    """
    job_completion_index: int | None = Field(default=None, ge=0)
    """Which part of the pages this worker takes, counted from 0, where several share a pass.

    Kubernetes sets it in the pods of an Indexed Job.
    """
    job_completion_count: int | None = Field(default=None, ge=1, le=256)
    """How many workers share a pass.

    Kubernetes does not tell it, so write the job's `completions` here too.
    """
    metrics_file: Path | None = None
    """File for the figures of each pass, for the textfile collector of Prometheus' node exporter; ends in .prom."""
    pushgateway_url: SecretStr | None = None
    """Address of a Pushgateway that gets the figures of each pass, like http://pushgateway.example.com:9091.

    It may hold a user name and password, by https.
    """
    otel_exporter_otlp_endpoint: SecretStr | None = None
    """Address of an OpenTelemetry collector that gets the figures of each pass by OTLP over HTTP.

    It listens on port 4318 as a rule. Needs the packages of requirements-otlp.lock.
    """
    heartbeat_url: SecretStr | None = None
    """Address of a watch, such as Healthchecks, that raises the alarm when passes stop.

    A GET to it with /start behind it when a pass begins, and with /EXITCODE when it ends; without a code where all that
    failed or is held are single pages. {shard} in it stands for the number of the worker among those that share a pass.
    """
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    """debug, info, warning or error. Page text and secrets are logged at none of them."""
    log_format: Annotated[Literal["auto", "console", "json"], BeforeValidator(_lower)] = "auto"
    """auto, console or json; auto is console on a terminal and JSON lines elsewhere."""


NAMES: tuple[str, ...] = tuple(name.upper() for name in Variables.model_fields)
"""Every variable, in the order of the documentation."""
