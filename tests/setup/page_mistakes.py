"""Mistakes that show when the worker signs in, or in Confluence, each with the sentence that leads out of it."""

from __future__ import annotations

from tests.passes.stage import person, table
from tests.setup.site import ROW, write
from tests.setup.site_mistakes import OnTheSite
from worker.sandbox.face import DATACENTER
from worker.sandbox.people import ScopedToken
from worker.sandbox.server import Sandbox
from worker.sandbox.settings import RateLimit
from worker.sandbox.world import CONFLUENCE_SCOPES, WORKER_CONFLUENCE_TOKEN, WORKER_JIRA_TOKEN


def _page(sandbox: Sandbox) -> str:
    return next(iter(sandbox.confluence.pages))


def _rewrite(sandbox: Sandbox, body: str) -> None:
    sandbox.confluence.person_saves(_page(sandbox), body, person("Alice Moreau", sandbox))


def _narrow(sandbox: Sandbox) -> None:
    scopes = CONFLUENCE_SCOPES - {"read:space:confluence"}
    sandbox.world.worker.scoped_tokens[WORKER_CONFLUENCE_TOKEN] = ScopedToken(scopes)


def _strict(sandbox: Sandbox) -> None:
    sandbox.settings.rate_limit = RateLimit(9, 3600)


SIGN_IN = (
    OnTheSite(
        "wrong token",
        "CONFLUENCE_TOKEN may have expired (API tokens live a year at most), be mistyped or cut off, or belong to another account",
        settings={"CONFLUENCE_TOKEN": "wrong"},
        code=5,
    ),
    OnTheSite(
        "token taken for a visitor's",
        "refused it before, so it is valid neither with scopes nor without: CONFLUENCE_TOKEN may have expired",
        lambda sandbox: setattr(sandbox.settings, "wrong_token", "anonymous"),
        settings={"CONFLUENCE_TOKEN": "wrong"},
        code=5,
    ),
    OnTheSite(
        "token without a scope",
        "CONFLUENCE_TOKEN lacks a scope: this call needs read:space:confluence; scopes cannot be added later",
        _narrow,
        settings={"CONFLUENCE_TOKEN": WORKER_CONFLUENCE_TOKEN, "JIRA_TOKEN": WORKER_JIRA_TOKEN},
        code=5,
    ),
    OnTheSite(
        "nobody listens there",
        "Jira could not be reached at http://127.0.0.1:1 (connection refused); check JIRA_URL",
        settings={"JIRA_URL": "http://127.0.0.1:1", "DEADLINE_SECONDS": "1"},
        code=5,
    ),
    OnTheSite(
        "few requests left",
        "less than a fifth, so passes will have to wait; lower CONCURRENCY.",
        _strict,
        code=0,
        face=DATACENTER,
    ),
)

PAGES = (
    OnTheSite(
        "no such space",
        "Confluence shows this account no space `PAZ` (pages.space in mappings/payments.yaml); did you mean `PAY`?",
        written="space: PAY",
        instead="space: PAZ",
    ),
    OnTheSite(
        "no such space, nor one like it",
        "Confluence shows this account no space `QWXYZ` (pages.space in mappings/payments.yaml); write the key that its "
        "addresses show (…/spaces/KEY/…). If the key is right, the account lacks the permission to view the space.",
        written="space: PAY",
        instead="space: QWXYZ",
    ),
    OnTheSite(
        "space that we may not view",
        "Please let the account “Post-mortem sync” (712020:0a5e0000-0000-4000-8000-000000000001) view the space PAY",
        lambda sandbox: setattr(sandbox.confluence.spaces["PAY"], "viewers", {"nobody"}),
    ),
    OnTheSite(
        "query with an unknown field",
        "Confluence refuses the search that pages.cql asks for: Could not parse cql : field 'team' is unknown. Try the "
        "query in Confluence's advanced search, and correct it.",
        written="space: PAY\n  labels: [post-mortem]",
        instead="cql: team = PAY",
    ),
    OnTheSite(
        "label mistyped",
        "there are pages labelled `post-mortem`; did you mean `post-mortem`?",
        written="[post-mortem]",
        instead="[postmortems]",
    ),
    OnTheSite(
        "since after every page",
        "older ones like “Checkout outage” stay as they are. To take them too, set pages.since to an earlier day.",
        lambda sandbox: sandbox.world.clock.advance(days=3),
        written="2020-01-01",
        instead="TODAY",
        code=0,
    ),
    OnTheSite(
        "columns in another language",
        "the table Maßnahme | Verantwortlich | Fällig: it has no column for actions; if it should count, add its header "
        "to items.columns",
        lambda sandbox: _rewrite(sandbox, table(ROW[:3], header=("Maßnahme", "Verantwortlich", "Fällig"))),
        code=0,
    ),
    OnTheSite(
        "plain list instead of tasks",
        "a plain list, not a task list; type [] to make tasks",
        lambda sandbox: _rewrite(sandbox, "<h2>Action items</h2><ul><li>Add an alert</li></ul>"),
        code=0,
    ),
    OnTheSite(
        "restricted page",
        "only some people may read it, so it is skipped; lift the restriction, or set pages.restricted to title-only or "
        "full.",
        lambda sandbox: sandbox.confluence.restrict(
            _page(sandbox), readers=[person("Alice Moreau", sandbox), sandbox.world.worker.account_id]
        ),
        code=0,
    ),
    OnTheSite(
        "space that we may not edit",
        "Please let the account “Post-mortem sync” (712020:0a5e0000-0000-4000-8000-000000000001) edit pages in the space "
        "PAY",
        lambda sandbox: setattr(sandbox.confluence.spaces["PAY"], "editors", {"nobody"}),
    ),
    OnTheSite(
        "page that we may not edit",
        "This account may not edit “Locked”: restrictions of the page keep it out.",
        lambda sandbox: sandbox.confluence.restrict(
            write(sandbox, "Locked"), editors=[person("Alice Moreau", sandbox)]
        ),
    ),
)
