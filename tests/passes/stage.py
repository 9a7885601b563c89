"""A sandbox with one team, and the worker's passes on it through the adapters of production."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex
from threading import Event
from typing import Any

from worker.bootstrap import connected, scope, spelled
from worker.mapping.model import TeamMapping
from worker.model.report import Report
from worker.run import plan_pass, sync_pass
from worker.sandbox.face import CLOUD, FACES
from worker.sandbox.issues import Issue
from worker.sandbox.pages import StoredPage
from worker.sandbox.samples.datacenter import as_on_datacenter
from worker.sandbox.server import Sandbox
from worker.sandbox.world import WORKER_TOKEN, access_token, default_world
from worker.settings import Settings, load_settings
from worker.survey import Team

LAG = 60
"""Seconds: SEARCH_LAG_SECONDS of every staged pass. The sandbox's clock is put forward, so nobody waits for them; and a
create may go out for half of them, which a busy machine needs more of than it seems."""
_TICKET_ROUTES = {
    "create": ("POST", r"/issue/bulk$"),
    "edit": ("PUT", r"/issue/[^/]+$"),
    "move": ("POST", r"/transitions$"),
}
_ROUTES = {
    "cloud": {
        "save": ("PUT", r"/api/v2/pages/\d+$"),
        "add_property": ("POST", r"/properties$"),
        "replace_property": ("PUT", r"/properties/\d+$"),
        **_TICKET_ROUTES,
    },
    "datacenter": {
        "save": ("PUT", r"/rest/api/content/\d+$"),
        "add_property": ("PUT", r"/property/[^/]+$"),
        "replace_property": ("PUT", r"/property/[^/]+$"),
        **_TICKET_ROUTES,
    },
}


def person(name: str, sandbox: Sandbox) -> str:
    """Account id of one of the sandbox's people, by display name: how the sandbox itself knows them."""
    return sandbox.world.people.named(name).account_id


def known_as(name: str, sandbox: Sandbox) -> str:
    """How the worker and its mappings know that person: account id on Cloud, user name on Data Center."""
    someone = sandbox.world.people.named(name)
    return someone.account_id if sandbox.world.face is CLOUD else someone.username


def mention(account: str) -> str:
    """A person mentioned in a cell or task."""
    return f'<ac:link><ri:user ri:account-id="{account}" /></ac:link>'


def table(*rows: tuple[str, ...], header: tuple[str, ...] = ("Action", "Owner", "Due", "Ticket", "Status")) -> str:
    """An action table under its heading; cells are markup."""
    head = "".join(f"<th><p><strong>{name}</strong></p></th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in rows)
    return f"<h2>Action items</h2><table><tbody><tr>{head}</tr>{body}</tbody></table>"


def actions(*texts: str) -> str:
    """A table of actions, each due and without ticket."""
    return table(*((text, "", '<time datetime="2027-01-15" />', "", "") for text in texts))


@dataclass
class Stage:
    """One sandbox, one team, and what may be done on it."""

    sandbox: Sandbox
    mapping: TeamMapping
    tokens: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Variables with tokens that were made for this stage alone, once it is ``closed_to_strangers``."""

    @property
    def settings(self) -> Settings:
        """What an operator would set to reach the sandbox."""
        return load_settings(self.variables, env_file=None)

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of a worker process."""
        return {**self.sandbox.variables, **self.tokens, "SEARCH_LAG_SECONDS": str(LAG)}

    @property
    def teams(self) -> tuple[Team, ...]:
        """The team as a pass gets it: read by the deployment's spelling of owners."""
        return (Team(spelled(self.mapping, self.settings.deployment), "payments.yaml"),)

    def route(self, name: str) -> tuple[str, str]:
        """Method and path of what an adapter of this deployment sends: ``save``, ``create``, ``edit`` and so on."""
        return _ROUTES[self.sandbox.world.face.deployment][name]

    def closed_to_strangers(self) -> None:
        """Takes the usual tokens of the worker's account away and gives new ones to the passes of this stage.

        Stages come and go, and one soon has the port of another: a worker that outlives its stage is to stay outside.
        """
        world, made = self.sandbox.world, token_hex(4)
        if world.face is CLOUD:
            token = f"{WORKER_TOKEN}-{made}"
            world.worker.tokens = {token: None}
            self.tokens = {"CONFLUENCE_TOKEN": token}
        else:
            tokens = {product: f"{access_token(product)}-{made}" for product in ("confluence", "jira")}
            world.worker.access_tokens = {product: {token: None} for product, token in tokens.items()}
            self.tokens = {f"{product.upper()}_TOKEN": token for product, token in tokens.items()}

    def page(
        self,
        body: str,
        title: str = "Checkout outage",
        space: str = "PAY",
        labels: Sequence[str] = ("post-mortem",),
        **more: Any,
    ) -> StoredPage:
        """A post-mortem that somebody wrote; ``body`` is Cloud's markup and is written as the deployment would."""
        author = person("Alice Moreau", self.sandbox)
        body = self.markup(body)
        return self.sandbox.run(
            lambda: self.sandbox.confluence.create_page(space, title, body, author, labels=list(labels), **more)
        )

    def markup(self, body: str) -> str:
        """Cloud's markup as the editor of the deployment writes it."""
        world = self.sandbox.world
        return body if world.face is CLOUD else as_on_datacenter(body, world.people)

    def plan(self, **selection: frozenset[str]) -> Report:
        """One ``plan``."""
        with connected(self.settings) as world:
            return plan_pass(
                self.teams,
                world.readers,
                scope(self.settings, **selection),
                requests=world.requests,
            )

    def sync(self, **selection: frozenset[str]) -> Report:
        """One ``sync``."""
        stop = Event()
        with connected(self.settings, stop=stop) as world:
            return sync_pass(
                self.teams,
                world.readers,
                world.writers(),
                scope(self.settings, **selection),
                requests=world.requests,
                stop=stop,
            )

    def issues(self) -> list[Issue]:
        """All of Jira, oldest first."""
        return list(self.sandbox.jira.issues.values())

    def body(self, page: StoredPage) -> str:
        """What the page says now."""
        return self.sandbox.confluence.page(page.id).body

    def as_person(self, do: Callable[[str], object], name: str = "Bob Lindqvist") -> None:
        """Lets somebody do something, between two requests."""
        account = person(name, self.sandbox)
        self.sandbox.run(lambda: do(account))


def team(**changes: Any) -> TeamMapping:
    """The Payments team, whose pages are touched at once."""
    plain = {
        "team": "Payments",
        "pages": {"space": "PAY", "labels": ["post-mortem"], "since": date(2020, 1, 1), "quiet": 0},
        "ticket": {"project": "PAY", "priority": {"P1": "Highest"}},
        "due": {"day_first": True},
    }
    return TeamMapping.model_validate({**plain, **changes})


@contextmanager
def stage(deployment: str = "cloud", **changes: Any) -> Iterator[Stage]:
    """A stage for the time of a test, on one of the sandbox's two faces."""
    with Sandbox(default_world(FACES[deployment])) as sandbox:
        yield Stage(sandbox, team(**changes))
