"""Decides what the variables mean together: where Confluence and Jira are, and as whom the worker signs in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Literal

from worker import addresses
from worker.accounts import Accounts, Both
from worker.addresses import Address
from worker.certificates import authorities_problem, client_problem
from worker.errors import ConfigurationError
from worker.outlets import NOWHERE, Outlets, outlets
from worker.problems import Problems
from worker.reconcile.shards import WHOLE, Shard
from worker.remote.signin import ApiGateway, CloudSite, Credentials, OwnServer, Place
from worker.sources import read
from worker.variables import Variables

_STAND_IN = addresses.read("https://example.atlassian.net")
"""Taken for an address that is missing, so that missing credentials are reported in the same go."""


_HERE = OwnServer()


class Deployment(Enum):
    """Which family of products is behind the addresses."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


@dataclass(frozen=True, slots=True)
class Product:
    """Where one product is, and as whom the worker signs in."""

    base: str
    """Where requests go, without a slash at the end; Confluence Cloud ends in ``/wiki``."""
    site: str | None
    """The address people use; None behind the API gateway, where only the product itself can tell."""
    credentials: Credentials
    place: Place = _HERE
    variable: str = ""
    """The variable that holds the token; empty where that is the product's own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the surroundings decide, checked as a whole."""

    deployment: Deployment
    confluence: Product
    jira: Product
    mappings_dir: Path = Path("mappings")
    search_lag: timedelta = timedelta(seconds=300)
    concurrency: int = 4
    deadline: timedelta = timedelta(seconds=840)
    max_requests: int | None = None
    """After how many requests a pass begins nothing more; None for no cap."""
    start_jitter: timedelta = timedelta(0)
    """Up to how long a scheduled pass waits before it begins."""
    name: str = "postmortem-sync"
    """What the worker is called where several are watched."""
    shard: Shard = WHOLE
    ca_bundle: Path | None = None
    client_cert: Path | None = None
    https_proxy: str | None = field(default=None, repr=False)
    """May hold a password, so it is not shown."""
    no_proxy: str | None = None
    outlets: Outlets = NOWHERE
    """Where figures and heartbeats go."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "console", "json"] = "auto"


def load_settings(
    environ: Mapping[str, str] | None = None,
    env_file: Path | None = Path(".env"),
) -> Settings:
    """Reads and judges the settings; ``environ`` is the process's environment unless given.

    Raises ConfigurationError with every problem there is, one complete sentence each; no sentence holds a secret.
    """
    given = read(os.environ if environ is None else environ, env_file)
    problems = Problems(given, list(given.problems))
    settings = _Judge(given.variables, problems).settings()
    if problems.told or settings is None:
        raise ConfigurationError(*problems.told)
    return settings


@dataclass(frozen=True, slots=True)
class _Judge:
    """Collects problems while it puts the settings together."""

    given: Variables
    problems: Problems

    def settings(self) -> Settings | None:
        """The settings, or None when an address or credentials are missing."""
        given = self.given
        confluence = self.address("CONFLUENCE_URL", given.confluence_url)
        jira = self.address("JIRA_URL", given.jira_url)
        self.files()
        to = outlets(given, self.problems)
        proxy = given.https_proxy.get_secret_value() if given.https_proxy else None
        if proxy is not None and (wrong := addresses.proxy_problem(proxy)):
            self.problems.wrong("HTTPS_PROXY", wrong)
        known = confluence or jira
        if known is None and (given.confluence_url or given.jira_url):
            return None  # what credentials are needed depends on addresses that were refused
        known = known or _STAND_IN
        deployment = self.deployment(confluence or known, jira or known)
        if given.search_lag_seconds < 60 and not ((confluence or known).loopback and (jira or known).loopback):
            self.problems.wrong(
                "SEARCH_LAG_SECONDS",
                f"is {given.search_lag_seconds}, and less than 60 risks a second ticket for a row whose first one Jira "
                "does not show yet; leave it out for 300",
            )
        confluence = confluence and self.of(deployment, confluence, "confluence")
        jira = jira and self.of(deployment, jira, "jira")
        if deployment is Deployment.DATACENTER and confluence is not None and confluence == jira:
            self.problems.wrong(
                "JIRA_URL",
                "is the address of Confluence too, and each product has its own; write the base URL of Jira, with its "
                "context path",
            )
        for_confluence, for_jira = self.credentials(deployment, confluence or known, jira or known)
        if confluence is None or jira is None:
            return None
        if for_confluence is None or for_jira is None:
            return None
        return Settings(
            deployment=deployment,
            confluence=Product(
                confluence.url, confluence.site, for_confluence, _place(deployment, confluence, "confluence")
            ),
            jira=Product(
                jira.url,
                jira.site,
                for_jira,
                _place(deployment, jira, "jira"),
                "JIRA_TOKEN" if given.jira_token else "CONFLUENCE_TOKEN",
            ),
            mappings_dir=given.mappings_dir,
            search_lag=timedelta(seconds=given.search_lag_seconds),
            concurrency=given.concurrency,
            deadline=timedelta(seconds=given.deadline_seconds),
            max_requests=given.max_requests_per_pass,
            start_jitter=self.start_jitter(),
            name=given.worker_name,
            shard=self.shard(),
            ca_bundle=given.ca_bundle,
            client_cert=given.client_cert,
            https_proxy=proxy,
            no_proxy=given.no_proxy,
            outlets=to,
            log_level=given.log_level,
            log_format=given.log_format,
        )

    def address(self, name: str, text: str | None) -> Address | None:
        """The address in that variable."""
        if text is None:
            self.problems.missing(name, "write the address of " + ("Confluence" if name.startswith("C") else "Jira"))
            return None
        stands_in = addresses.placeholder(text)
        if stands_in is not None:
            self.problems.wrong(name, f"still says {stands_in}, as the example does; write your own in its place")
        try:
            return addresses.read(text)
        except ValueError as error:
            if stands_in is None:
                self.problems.wrong(name, str(error))
            return None

    def of(self, deployment: Deployment, address: Address, product: Literal["confluence", "jira"]) -> Address:
        """The address as the deployment has it: completed for Cloud, with its context path on Data Center."""
        try:
            return (
                addresses.complete(address, product) if deployment is Deployment.CLOUD else addresses.context(address)
            )
        except ValueError as error:
            self.problems.wrong(f"{product.upper()}_URL", str(error))
            return address

    def files(self) -> None:
        """Certificates must be there before a pass begins."""
        for name, path, problem in (
            ("CA_BUNDLE", self.given.ca_bundle, authorities_problem),
            ("CLIENT_CERT", self.given.client_cert, client_problem),
        ):
            found = problem(path) if path is not None else None
            if found is not None:
                self.problems.wrong(name, found)

    def start_jitter(self) -> timedelta:
        """Part of the deadline, so that a delayed pass ends in time for the next one all the same."""
        jitter, deadline = self.given.start_jitter_seconds, self.given.deadline_seconds
        if jitter and jitter >= deadline:
            self.problems.wrong(
                "START_JITTER_SECONDS",
                f"is {jitter} and DEADLINE_SECONDS {deadline}, but the delay counts in the deadline, so that no time "
                "would be left; make it a tenth of that or less",
            )
        return timedelta(seconds=jitter)

    def shard(self) -> Shard:
        """Which part of a divided pass this worker is; the whole of it where nothing is said."""
        index, count = self.given.job_completion_index, self.given.job_completion_count
        if index is None and count is None:
            return WHOLE
        if count is None:
            self.problems.missing(
                "JOB_COMPLETION_COUNT",
                "Kubernetes tells an indexed pod its index only, so write the job's `completions`",
            )
        elif index is None:
            self.problems.missing(
                "JOB_COMPLETION_INDEX",
                f"give each worker its own, from 0 to {count - 1}, as Kubernetes does in an Indexed Job",
            )
        elif index >= count:
            self.problems.wrong(
                "JOB_COMPLETION_INDEX",
                f"is {index} and JOB_COMPLETION_COUNT {count}, but indexes count from 0; set the count to the job's "
                "`completions`",
            )
        else:
            return Shard(index, count)
        return WHOLE

    def deployment(self, confluence: Address, jira: Address) -> Deployment:
        """What the variable says, or what both addresses look like."""
        if self.given.atlassian_deployment != "auto":
            return Deployment(self.given.atlassian_deployment)
        if confluence.looks_like_cloud != jira.looks_like_cloud:
            names = ("CONFLUENCE_URL", "JIRA_URL")
            cloud, other = names if confluence.looks_like_cloud else names[::-1]
            self.problems.wrong(
                cloud,
                f"looks like Cloud and {other} like Data Center; people cannot be matched between the two, so name two "
                "of a kind, or set ATLASSIAN_DEPLOYMENT to cloud or datacenter",
            )
        return Deployment.CLOUD if confluence.looks_like_cloud else Deployment.DATACENTER

    def credentials(self, deployment: Deployment, confluence: Address, jira: Address) -> Both:
        """As whom the worker signs in to Confluence and to Jira."""
        accounts = Accounts(self.given, self.problems)
        if accounts.by_client:
            if deployment is Deployment.DATACENTER:
                self.problems.wrong(
                    "ATLASSIAN_CLIENT_ID", "is for Cloud; on Data Center set CONFLUENCE_TOKEN and JIRA_TOKEN"
                )
            return accounts.service(confluence, jira)
        if deployment is Deployment.DATACENTER:
            return accounts.datacenter()
        return accounts.cloud(confluence, jira)


def _place(deployment: Deployment, address: Address, product: Literal["confluence", "jira"]) -> Place:
    """What kind of address it is, which decides about the tokens that work there."""
    if deployment is Deployment.DATACENTER:
        return _HERE
    if address.gateway:
        return ApiGateway()
    return CloudSite(address.tenant_info, address.at_gateway(product))
