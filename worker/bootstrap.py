"""Composition root: settings become gateways, gateways become adapters, and nowhere else is an adapter picked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Event
from urllib.parse import unquote, urlsplit

from worker.confluence import cloud as confluence_cloud
from worker.confluence import datacenter as confluence_datacenter
from worker.confluence.cloud_surroundings import CloudPageSurroundings
from worker.confluence.datacenter_surroundings import DatacenterPageSurroundings
from worker.document.ticket_links import Macros, SmartLinks, TicketLinks
from worker.errors import AccessError, RemoteError
from worker.jira import cloud as jira_cloud
from worker.jira import datacenter as jira_datacenter
from worker.jira.surroundings import CloudTicketSurroundings, DatacenterTicketSurroundings
from worker.mapping.model import TeamMapping
from worker.outlets import Outlets
from worker.remote.allowance import Allowance
from worker.remote.clock import steady
from worker.remote.ending import Ending
from worker.remote.gateway import Counter, Exchange, Gateway, Pause
from worker.remote.outside import Outside
from worker.remote.patience import Patience
from worker.remote.session import Transport
from worker.remote.signin import SignIn, spellings
from worker.settings import Deployment, Product, Settings
from worker.telemetry.figures import Sender
from worker.telemetry.sending import Sending
from worker.terms import Readers, Scope, Surroundings, Writers

_ATTEMPTS_SOMEBODY_WAITS_FOR = 2


@dataclass(frozen=True, slots=True)
class World:
    """Confluence and Jira as one account sees them. ``plan`` is handed ``readers`` and never asks for writers."""

    readers: Readers
    writers: Callable[[], Writers]
    """Makes the adapters that write; until it is called there are none."""
    surroundings: Surroundings
    """What is asked when a mapping is tried out or written; it only reads."""
    requests: Counter
    """Every attempt over the wire, to both products."""
    allowance: Allowance
    """Whether more may be attempted."""


def _ignore(_event: Exchange | Pause) -> None:
    """Nobody listens."""


@contextmanager
def connected(
    settings: Settings,
    *,
    stop: Event | None = None,
    requests: Counter | None = None,
    on_exchange: Callable[[Exchange], None] = _ignore,
    on_pause: Callable[[Pause], None] = _ignore,
    patience: Patience | None = None,
) -> Iterator[World]:
    """Both products with connections that are closed in the end; ``stop`` ends every wait before a repeated request,
    and ``on_pause`` hears of each. ``requests`` counts also what is sent before there is a world. ``patience`` replaces
    the waiting that the settings ask for, and its clock.

    Nothing is asked here, except that behind the API gateway each product tells the address people use: AccessError
    when it does not, Exhausted where it may not be asked any more.
    """
    counter = requests or Counter()
    allowance = Allowance(counter, settings.max_requests)
    patience = patience or _patience(settings, stop or Event())
    transport = _transport(settings)

    def gateway(product: Product, name: str) -> Gateway:
        return Gateway(
            SignIn(product.base, product.credentials, product.place, product.variable),
            product=name,
            concurrency=settings.concurrency,
            counter=counter,
            transport=transport,
            patience=patience,
            allowance=allowance,
            on_exchange=on_exchange,
            on_pause=on_pause,
        )

    confluence, jira = gateway(settings.confluence, "Confluence"), gateway(settings.jira, "Jira")
    try:
        yield _world(settings, confluence, jira, counter, allowance)
    finally:
        confluence.close()
        jira.close()


def scope(
    settings: Settings,
    *,
    teams: frozenset[str] = frozenset(),
    pages: frozenset[str] = frozenset(),
    approve: frozenset[str] = frozenset(),
    adopt: frozenset[str] = frozenset(),
    since: date | None = None,
    delay: timedelta = timedelta(0),
) -> Scope:
    """What a pass looks at, with the settings that concern the pass as a whole."""
    return Scope(
        teams=teams,
        pages=pages,
        approve=approve,
        adopt=adopt,
        since=since,
        concurrency=settings.concurrency,
        deadline=settings.deadline,
        delay=delay,
        search_lag=settings.search_lag,
        shard=settings.shard,
        links=_links(settings.deployment),
    )


def spelled(mapping: TeamMapping, deployment: Deployment) -> TeamMapping:
    """The mapping with its owners in the spelling in which the deployment's tickets name theirs."""
    if deployment is Deployment.CLOUD:
        return mapping
    owners = mapping.owners
    aliases = {name: jira_datacenter.user_name(account) for name, account in owners.aliases.items()}
    default = owners.default and jira_datacenter.user_name(owners.default)
    return mapping.model_copy(update={"owners": owners.model_copy(update={"aliases": aliases, "default": default})})


def secrets(settings: Settings) -> frozenset[str]:
    """Every secret the settings hold, for the log to blot out."""
    held = {word for product in (settings.confluence, settings.jira) for word in spellings(product.credentials)}
    proxy = settings.https_proxy
    of_proxy = {proxy, unquote(urlsplit(proxy).password or "")} - {""} if proxy else set()
    return frozenset(held | of_proxy | settings.outlets.of(settings.shard).secrets)


def sending(settings: Settings, outlets: Outlets) -> Sending:
    """What tells these ways out of a pass, by the certificates and proxy of the settings."""
    return Sending(outlets.of(settings.shard), Outside(_transport(settings)), Sender(settings.name, settings.shard))


def _transport(settings: Settings) -> Transport:
    return Transport(
        ca_bundle=str(settings.ca_bundle) if settings.ca_bundle else None,
        client_cert=str(settings.client_cert) if settings.client_cert else None,
        proxy=settings.https_proxy,
        no_proxy=settings.no_proxy,
    )


def _links(deployment: Deployment) -> TicketLinks:
    match deployment:
        case Deployment.CLOUD:
            return SmartLinks()
        case Deployment.DATACENTER:
            return Macros()


def _world(settings: Settings, confluence: Gateway, jira: Gateway, counter: Counter, allowance: Allowance) -> World:
    match settings.deployment:
        case Deployment.CLOUD:
            return _cloud(settings, confluence, jira, counter, allowance)
        case Deployment.DATACENTER:
            return _datacenter(settings, confluence, jira, counter, allowance)


def _cloud(settings: Settings, confluence: Gateway, jira: Gateway, counter: Counter, allowance: Allowance) -> World:
    page_site = settings.confluence.site or _asked(confluence_cloud.people_address, confluence)
    ticket_site = settings.jira.site or _asked(jira_cloud.people_address, jira)
    return World(
        readers=Readers(
            confluence_cloud.CloudPageReader(confluence, page_site), jira_cloud.CloudTicketReader(jira, ticket_site)
        ),
        writers=lambda: Writers(
            confluence_cloud.CloudPageWriter(confluence, page_site), jira_cloud.CloudTicketWriter(jira)
        ),
        surroundings=Surroundings(CloudPageSurroundings(confluence), CloudTicketSurroundings(jira)),
        requests=counter,
        allowance=allowance,
    )


def _datacenter(
    settings: Settings, confluence: Gateway, jira: Gateway, counter: Counter, allowance: Allowance
) -> World:
    page_site = settings.confluence.site or settings.confluence.base
    ticket_site = settings.jira.site or settings.jira.base
    return World(
        readers=Readers(
            confluence_datacenter.DatacenterPageReader(confluence, page_site),
            jira_datacenter.DatacenterTicketReader(jira, ticket_site, settings.concurrency),
        ),
        writers=lambda: Writers(
            confluence_datacenter.DatacenterPageWriter(confluence, page_site),
            jira_datacenter.DatacenterTicketWriter(jira),
        ),
        surroundings=Surroundings(DatacenterPageSurroundings(confluence), DatacenterTicketSurroundings(jira)),
        requests=counter,
        allowance=allowance,
    )


def _asked(people_address: Callable[[Gateway], str], gateway: Gateway) -> str:
    """The address people use, which only the product itself can tell behind the API gateway."""
    try:
        return people_address(gateway)
    except RemoteError as error:
        raise AccessError(f"{gateway.product} did not say under which address people reach it: {error}") from error


def while_somebody_waits(settings: Settings) -> Patience:
    """The patience of a command that a person looks at: a wrong host is told after seconds, and not after minutes."""
    return replace(_patience(settings, Event()), attempts=_ATTEMPTS_SOMEBODY_WAITS_FOR)


def _patience(settings: Settings, stop: Event) -> Patience:
    """Waits that end when the pass is told to stop, and are not begun when the deadline comes first."""
    ending = Ending(stop, steady() + settings.deadline.total_seconds())
    return Patience(sleep=ending.wait, space=ending.space, remaining=ending.remaining)
