"""Mistakes that people make when they set the worker up, each with the sentence that leads out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.passes.stage import person, table
from tests.setup.site import INES, NOOR, ROW, write
from worker.sandbox.face import CLOUD, DATACENTER, Face
from worker.sandbox.issues import FieldOnScreen
from worker.sandbox.people import ScopedToken
from worker.sandbox.server import Sandbox
from worker.sandbox.settings import RateLimit
from worker.sandbox.world import CONFLUENCE_SCOPES, WORKER_CONFLUENCE_TOKEN, WORKER_JIRA_TOKEN


@dataclass(frozen=True, slots=True)
class InSettings:
    """Variables that are set otherwise (None: not at all) on a Cloud site."""

    name: str
    changed: Mapping[str, str | None]
    sentence: str


@dataclass(frozen=True, slots=True)
class InMapping:
    """One place of the mapping, written otherwise; ``second`` is the mapping of another team beside it."""

    name: str
    written: str
    instead: str
    sentence: str
    second: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OnTheSite:
    """A mapping that is sound in itself, and what the site is like; ``settings`` are changed as in InSettings."""

    name: str
    sentence: str
    site: Callable[[Sandbox], object] = lambda _sandbox: None
    written: str = ""
    instead: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    code: int = 2
    face: Face = CLOUD


SITE = "https://example.atlassian.net"

SETTINGS = (
    InSettings("no address of Jira", {"JIRA_URL": None}, "JIRA_URL is missing; write the address of Jira"),
    InSettings(
        "address without scheme",
        {"CONFLUENCE_URL": "example.atlassian.net/wiki"},
        "CONFLUENCE_URL (environment) lacks its beginning; write https://example.atlassian.net/wiki",
    ),
    InSettings(
        "address of a page",
        {"CONFLUENCE_URL": f"{SITE}/wiki/spaces/PAY?src=x"},
        "CONFLUENCE_URL (environment) is the address of one page; write only https://example.atlassian.net and the context path",
    ),
    InSettings(
        "path of Data Center at Cloud",
        {"CONFLUENCE_URL": "http://127.0.0.1:8090/confluence", "JIRA_URL": "http://127.0.0.1:8090/jira"},
        "JIRA_URL (environment) has a path that Cloud does not know; write http://127.0.0.1:8090; for Data Center set "
        "ATLASSIAN_DEPLOYMENT=datacenter",
    ),
    InSettings(
        "plain http",
        {"JIRA_URL": "http://example.atlassian.net"},
        "JIRA_URL (environment) would send the token in the clear; write https://example.atlassian.net",
    ),
    InSettings(
        "password in the address",
        {"JIRA_URL": "https://me:secret@example.atlassian.net"},
        "JIRA_URL (environment) holds a user name or password, which logs would show; use the USERNAME and TOKEN variables",
    ),
    InSettings(
        "two sites",
        {"JIRA_URL": "https://other.atlassian.net"},
        "CONFLUENCE_URL is of one site and JIRA_URL of another (https://example.atlassian.net and "
        "https://other.atlassian.net), so links would not fit; write the address of the same site into both",
    ),
    InSettings(
        "two cloud ids",
        {
            "CONFLUENCE_URL": "https://api.atlassian.com/ex/confluence/aaa",
            "JIRA_URL": "https://api.atlassian.com/ex/jira/bbb",
        },
        "write the cloud id of the same site into both",
    ),
    InSettings(
        "no e-mail address",
        {"CONFLUENCE_USERNAME": "worker"},
        "CONFLUENCE_USERNAME (environment) is not an e-mail address, and Cloud signs in with the account's",
    ),
    InSettings("no token", {"CONFLUENCE_TOKEN": None}, "CONFLUENCE_TOKEN is missing; make an API token"),
    InSettings(
        "variable mistyped",
        {"CONFLUENCE_TOKEN": None, "CONFLUENCE_TOKN": "x"},
        "CONFLUENCE_TOKN (environment) is no setting; did you mean CONFLUENCE_TOKEN",
    ),
    InSettings(
        "token with a line break",
        {"CONFLUENCE_TOKEN": "half\nhalf"},
        "CONFLUENCE_TOKEN (environment) holds a line break or an invisible character; copy it again",
    ),
    InSettings(
        "search lag too short",
        {"SEARCH_LAG_SECONDS": "5"},
        "less than 60 risks a second ticket for a row whose first one Jira does not show yet; leave it out for 300",
    ),
    InSettings(
        "number with a unit",
        {"CONCURRENCY": "4 pages"},
        "CONCURRENCY (environment) must be a whole number, without a unit",
    ),
    InSettings(
        "certificates that are not there",
        {"CA_BUNDLE": "/nowhere/ca.pem"},
        "CA_BUNDLE (environment) names /nowhere/ca.pem, which is not there; name a PEM file, or leave it out",
    ),
    InSettings(
        "token twice",
        {"CONFLUENCE_TOKEN_FILE": "/nowhere"},
        "CONFLUENCE_TOKEN and CONFLUENCE_TOKEN_FILE (environment) are both set; keep one of them",
    ),
)

MAPPINGS = (
    InMapping("key mistyped", "  labels:", "  lables:", "`lables` is not a key here; did you mean `labels`?"),
    InMapping(
        "role mistyped",
        "owners:",
        "items: {columns: {deu: [Due]}}\nowners:",
        "`deu` is not a key here; did you mean `due`?",
    ),
    InMapping("key elsewhere", "team: Payments", "team: Payments\nspace: PAY", "it belongs at `pages.space`"),
    InMapping(
        "no since", "  since: 2020-01-01\n", "", "`pages` lacks `since`; add it, for example `since: 2026-11-01`"
    ),
    InMapping(
        "since in the future",
        "2020-01-01",
        "2126-01-01",
        "`since` is 2126-01-01, which is yet to come, so that no page is selected; write 2026-11-25",
    ),
    InMapping("day out of the calendar", "2020-01-01", "2026-02-30", "there is no such day in the calendar"),
    InMapping(
        "space by its name",
        "space: PAY",
        "space: Payment post-mortems",
        "`space` cannot be `Payment post-mortems`; write the key that its addresses show, like PAY, not its name",
    ),
    InMapping(
        "project by its name",
        "project: PAY",
        "project: Payments",
        "write the key of the Jira project as its tickets begin: capitals and digits, like PAY",
    ),
    InMapping(
        "label wanted and skipped",
        "[post-mortem]",
        "[post-mortem]\n  skip_labels: [Post-mortem]",
        "`post-mortem` is under `labels` and under `skip_labels`, so that no page is ever selected",
    ),
    InMapping(
        "two teams, one folder of pages",
        "team: Payments",
        "team: Payments",
        "`pages` claims pages of Payments too (",
        ("team: Payments", "team: Ledger"),
    ),
    InMapping(
        "query with an open quote",
        "space: PAY\n  labels: [post-mortem]",
        "cql: 'label = \"post-mortem'",
        "`cql` has a quote that is never closed; close it",
    ),
    InMapping(
        "query with an order",
        "space: PAY\n  labels: [post-mortem]",
        "cql: space = PAY order by title",
        "`cql` holds ORDER BY, and the worker orders and narrows the query itself; remove it",
    ),
    InMapping(
        "quiet for a year",
        "[post-mortem]",
        "[post-mortem]\n  quiet: 52w",
        "so that a page which somebody edits now and then is never touched; write minutes or hours, like 10m",
    ),
    InMapping(
        "column under two roles",
        "owners:",
        "items: {columns: {action: [What], due: [What]}}\nowners:",
        "the column `What` is under `action` and under `due`; keep it under one of them",
    ),
    InMapping(
        "column that another role has by default",
        "owners:",
        "items: {columns: {action: [Owner]}}\nowners:",
        "the column `Owner` is under `action`, and `owner` has it by default; write `owner` too, without it",
    ),
    InMapping(
        "word that another role has by default",
        "owners:",
        "items: {words: {declined: [not doing, Done]}}\nowners:",
        "the word `Done` is under `declined`, and `done` has it by default; write `done` too, without it",
    ),
    InMapping(
        "heading without letters",
        "owners:",
        'items: {headings: ["—"]}\nowners:',
        "`—` has neither letter nor digit, so it never matches; write words, or remove it",
    ),
    InMapping(
        "limit that is never reached",
        "owners:",
        "limits: {new_tickets_per_page: 200}\nowners:",
        "a page may bring 200 new tickets and a pass only 100, so the page's limit is never reached",
    ),
    InMapping(
        "limit of nothing",
        "owners:",
        "limits: {new_tickets_per_page: 0}\nowners:",
        "less than 1 would hold every page; to look without writing, use `plan`",
    ),
    InMapping(
        "alias is an e-mail address",
        'lead: "557058:11110000-0000-4000-8000-00000000a11c"',
        "lead: alice@example.com",
        "`alice@example.com` is an e-mail address, and Cloud needs an account id; open the person's profile",
    ),
    InMapping(
        "alias is a name",
        'lead: "557058:11110000-0000-4000-8000-00000000a11c"',
        "lead: Alice Moreau",
        "`Alice Moreau` looks like a person's name, and Jira needs the account",
    ),
    InMapping(
        "one alias, two people",
        "{On-call lead:",
        '{on-call  LEAD: "5b10ac8d82e05b22cc7d4ef5", On-call lead:',
        "the name `On-call lead` is `on-call  LEAD` in another spelling, and they mean two things; keep one of them",
    ),
    InMapping(
        "time zone mistyped",
        "owners:",
        "due: {timezone: Europe/Berln}\nowners:",
        "`timezone` cannot be `Europe/Berln`; did you mean `Europe/Berlin`?",
    ),
    InMapping(
        "default for a priority nobody can write",
        "owners:",
        "due: {default_after: {P7: 2w}}\nowners:",
        "no row can have the priority `P7` by `ticket.priority`; write one of P1, P2",
    ),
    InMapping(
        "default of a century",
        "owners:",
        "due: {default_after: 5200w}\nowners:",
        "`5200w` is more than ten years, which nobody waits for; write weeks, like 4w",
    ),
    InMapping(
        "duration without unit",
        "owners:",
        "due: {default_after: 4}\nowners:",
        "write a number and a unit, like 4w",
    ),
    InMapping(
        "field by its name",
        "type: Task",
        "type: Task\n  fields: {Team Name: Platform}",
        "`Team Name` is a field's name, and Jira needs its id; write it like customfield_10010",
    ),
    InMapping(
        "field of the worker's",
        "type: Task",
        "type: Task\n  fields: {duedate: 2026-12-01}",
        "`duedate` is filled from the due column; remove it from `fields`",
    ),
    InMapping(
        "label with a blank",
        "type: Task",
        "type: Task\n  labels: [post mortem]",
        "labels are single words, and Jira refuses blanks in them; write it with a hyphen",
    ),
    InMapping("tab", "  space: PAY", "\tspace: PAY", "a tab cannot indent YAML; use spaces"),
)


def _project(sandbox: Sandbox, **changes: object) -> None:
    for name, value in changes.items():
        setattr(sandbox.jira.projects["PAY"], name, value)


def _page(sandbox: Sandbox) -> str:
    return next(iter(sandbox.confluence.pages))


def _rewrite(sandbox: Sandbox, body: str) -> None:
    sandbox.confluence.person_saves(_page(sandbox), body, person("Alice Moreau", sandbox))


def _custom(sandbox: Sandbox, *options: str, required: bool) -> None:
    field = FieldOnScreen("customfield_10020", "Cause", required=required, options=options)
    sandbox.jira.projects["PAY"].screens["10001"].append(field)


def _ticket(sandbox: Sandbox, type_id: str, project: str = "PAY") -> None:
    jira = sandbox.jira
    jira.create(jira.projects[project], person("Alice Moreau", sandbox), {"summary": "x", "type": type_id}, {})


def _narrow(sandbox: Sandbox) -> None:
    scopes = CONFLUENCE_SCOPES - {"read:space:confluence"}
    sandbox.world.worker.scoped_tokens[WORKER_CONFLUENCE_TOKEN] = ScopedToken(scopes)


def _parent_required(sandbox: Sandbox) -> None:
    screen = sandbox.jira.projects["PAY"].screens["10001"]
    screen[:] = [replace(each, required=True) if each.id == "parent" else each for each in screen]


def _strict(sandbox: Sandbox) -> None:
    sandbox.settings.rate_limit = RateLimit(9, 3600)


LIVE = (
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
    OnTheSite(
        "no such project",
        "Jira shows this account no project `PAX` (ticket.project in mappings/payments.yaml); did you mean `PAY`?",
        written="project: PAY",
        instead="project: PAX",
    ),
    OnTheSite(
        "project that we may not browse",
        "Please let the account “Post-mortem sync” (712020:0a5e0000-0000-4000-8000-000000000001) browse the project PAY, "
        "and create issues in it.",
        lambda sandbox: _project(sandbox, browsers={"nobody"}),
    ),
    OnTheSite(
        "no permission to create",
        "the permission “Create issues” in the project PAY.",
        lambda sandbox: _project(sandbox, creators=set()),
    ),
    OnTheSite(
        "no permission to edit",
        "This account lacks a permission in PAY: Edit issues (so that they follow their rows).",
        lambda sandbox: _project(sandbox, editors=set()),
    ),
    OnTheSite(
        "no permission to assign",
        "This account lacks a permission in PAY: Assign issues (so that they get their owners).",
        lambda sandbox: _project(sandbox, assigners=set()),
    ),
    OnTheSite(
        "no permission to set due dates",
        "This account lacks a permission in PAY: Schedule issues (so that they get their due dates).",
        lambda sandbox: _project(sandbox, schedulers=set()),
    ),
    OnTheSite(
        "no permission to close",
        "This account lacks a permission in PAY: Transition issues (so that a ticked task closes its ticket).",
        lambda sandbox: _project(sandbox, movers=set()),
    ),
    OnTheSite(
        "no such type",
        "project PAY has no type Taks; did you mean Task? it has Task (id 10001), Bug (id 10002), Epic (id 10000), "
        "Sub-task (id 10003) (ticket.type in mappings/payments.yaml).",
        written="type: Task",
        instead="type: Taks",
    ),
    OnTheSite(
        "labels not on the screen",
        "labels is not on the create screen of Task in PAY, so tickets could not be found again.",
        lambda sandbox: sandbox.jira.remove_from_screen("PAY", "Task", "labels"),
    ),
    OnTheSite(
        "due date not on the screen",
        "Please add the field duedate to the create screen of Task in PAY.",
        lambda sandbox: sandbox.jira.remove_from_screen("PAY", "Task", "duedate"),
    ),
    OnTheSite(
        "required field",
        "PAY demands Cause (customfield_10020) for a Task; fill it under `ticket` in mappings/payments.yaml: `fields: "
        "{customfield_10020: Change}`, with one of Change and Capacity.",
        lambda sandbox: _custom(sandbox, "Change", "Capacity", required=True),
    ),
    OnTheSite(
        "field by its name",
        "`cause` (ticket.fields in mappings/payments.yaml) is not on the create screen of Task in PAY; did you mean "
        "`customfield_10020`?",
        lambda sandbox: _custom(sandbox, "Change", required=False),
        "type: Task",
        "type: Task\n  fields: {cause: Change}",
    ),
    OnTheSite(
        "value that a field does not take",
        "Cause (`customfield_10020`, ticket.fields in mappings/payments.yaml) takes no `Chnage`; did you mean `Change`?",
        lambda sandbox: _custom(sandbox, "Change", "Capacity", required=False),
        "type: Task",
        "type: Task\n  fields: {customfield_10020: Chnage}",
    ),
    OnTheSite(
        "priority of another site",
        "PAY has no priority `Critical` (ticket.priority: P1 in mappings/payments.yaml); write one of Highest, High, "
        "Medium, Low and Lowest.",
        written="P1: Highest",
        instead="P1: Critical",
    ),
    OnTheSite(
        "priority not on the screen",
        "Please add the field priority to the create screen of Task in PAY.",
        lambda sandbox: sandbox.jira.remove_from_screen("PAY", "Task", "priority"),
    ),
    OnTheSite(
        "no such parent",
        "Jira shows this account no ticket PAY-999 (ticket.parent in mappings/payments.yaml)",
        written="type: Task",
        instead="type: Task\n  parent: PAY-999",
    ),
    OnTheSite(
        "parent of the same level",
        "PAY-1 (ticket.parent in mappings/payments.yaml) is a Task, and only Epic can stand above a Task; write the key of such a ticket.",
        lambda sandbox: _ticket(sandbox, "10001"),
        "type: Task",
        "type: Task\n  parent: PAY-1",
    ),
    OnTheSite(
        "sub-task without parent",
        "Sub-task is a sub-task, which needs a parent; write `parent: PAY-…` under `ticket`",
        written="type: Task",
        instead="type: Sub-task",
    ),
    OnTheSite(
        "sub-task without parent on Data Center",
        "Sub-task is a sub-task, which needs a parent; write `parent: PAY-…` under `ticket` in mappings/payments.yaml "
        "(ticket.parent), or take another type.",
        written="type: Task",
        instead="type: Sub-task",
        face=DATACENTER,
    ),
    OnTheSite(
        "type that needs a parent here",
        "PAY demands a parent for a Task; write `parent: PAY-…` under `ticket` in mappings/payments.yaml",
        _parent_required,
    ),
    OnTheSite(
        "epic that demands a field",
        "PAY demands Cause (customfield_10020) for an Epic; fill it under `ticket`",
        lambda sandbox: (
            sandbox.jira.projects["PAY"]
            .screens["10000"]
            .append(FieldOnScreen("customfield_10020", "Cause", required=True, options=()))
        ),
        "type: Task",
        "type: Epic",
    ),
    OnTheSite(
        "sub-task of another project",
        "OPS-1 (ticket.parent in mappings/payments.yaml) is not in PAY, as a parent of sub-tasks must be",
        lambda sandbox: _ticket(sandbox, "10001", "OPS"),
        "type: Task",
        "type: Sub-task\n  parent: OPS-1",
    ),
    OnTheSite(
        "unknown account",
        "Jira knows no account `557058:1234` (owners.default in mappings/payments.yaml); open the person's profile",
        written="owners:",
        instead='owners:\n  default: "557058:1234"',
    ),
    OnTheSite(
        "unknown user of Data Center",
        "Jira knows no account `nobody` (owners.default in mappings/payments.yaml); write the user name with which the "
        "person signs in.",
        written="owners:",
        instead="owners:\n  default: nobody",
        face=DATACENTER,
    ),
    OnTheSite(
        "account of somebody who left",
        "The account of Ines Former (owners.default in mappings/payments.yaml) is deactivated; write the account of "
        "somebody else.",
        written="owners:",
        instead=f'owners:\n  default: "{INES}"',
    ),
    OnTheSite(
        "account that may not be assigned",
        f"Please give the account Noor Visiting ({NOOR}) the permission “Assignable user” in the project PAY.",
        written="owners:",
        instead=f'owners:\n  default: "{NOOR}"',
    ),
    OnTheSite(
        "few requests left",
        "less than a fifth, so passes will have to wait; lower CONCURRENCY.",
        _strict,
        code=0,
        face=DATACENTER,
    ),
)
