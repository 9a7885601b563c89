"""The world a new sandbox starts with: people, spaces and projects of a payments company, and no pages yet."""

from __future__ import annotations

from dataclasses import dataclass

from worker.sandbox.authority import Authority, ServiceClient
from worker.sandbox.clock import Clock
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.face import CLOUD, Face
from worker.sandbox.issues import (
    EPIC_LINK,
    EPIC_NAME,
    FieldOnScreen,
    IssueType,
    Priority,
    Project,
    Transition,
    WorkflowStatus,
)
from worker.sandbox.jira_state import Jira
from worker.sandbox.people import Directory, Person, ScopedToken

WORKER_EMAIL = "postmortem-sync@example.com"
WORKER_TOKEN = "sandbox-token-worker"  # noqa: S105 — made up, and good for the loopback sandbox only
WORKER_CONFLUENCE_TOKEN = "sandbox-scoped-confluence"  # noqa: S105 — see above
WORKER_JIRA_TOKEN = "sandbox-scoped-jira"  # noqa: S105 — see above
WORKER_CLIENT_ID, WORKER_CLIENT_SECRET = "sandbox-client", "sandbox-client-secret"
CONFLUENCE_SCOPES = frozenset({
    "search:confluence", "read:page:confluence", "write:page:confluence", "read:user:confluence",
    "read:confluence-user", "read:space:confluence",
})  # fmt: skip
"""What the worker needs of Confluence, and no more."""
JIRA_SCOPES = frozenset({"read:jira-work", "write:jira-work", "read:jira-user"})
"""What the worker needs of Jira, and no more."""
WORKER_USERNAME = "postmortem-sync"
WORKER_PASSWORD = "sandbox-password-worker"  # noqa: S105 — made up, and good for the loopback sandbox only


@dataclass(frozen=True, slots=True)
class World:
    """Both products and the people they share, and the deployment as which they show themselves."""

    clock: Clock
    people: Directory
    confluence: Confluence
    jira: Jira
    authority: Authority
    face: Face = CLOUD

    @property
    def worker(self) -> Person:
        """The account the worker signs in with: WORKER_EMAIL and WORKER_TOKEN on Cloud's site, WORKER_CONFLUENCE_TOKEN
        and WORKER_JIRA_TOKEN at its gateway, or WORKER_CLIENT_ID and WORKER_CLIENT_SECRET.

        On Data Center it has a personal access token for each product (``access_token``), and WORKER_USERNAME with
        WORKER_PASSWORD for both.
        """
        return self.people.named("Post-mortem sync")


def access_token(product: str, first: str = "worker") -> str:
    """The personal access token of a person (first name in lower case) for ``confluence`` or ``jira``."""
    return f"sandbox-{product}-token-{first}"


def default_world(face: Face = CLOUD) -> World:
    """Spaces PAY, OPS and HR, projects PAY and OPS, the worker's account, five people of whom all may be assigned.

    Besides them: Ines Former (deactivated) and Noor Visiting (may not be assigned). On Cloud each person's token is
    ``sandbox-token-`` and the first name in lower case; on Data Center each has an ``access_token`` for each product,
    the first name in lower case as user name, and ``sandbox-password-`` with that name as password.
    """
    clock, people = Clock(), Directory()
    worker = people.add(_person("712020:0a5e0000-0000-4000-8000-000000000001", "Post-mortem sync", WORKER_EMAIL))
    worker.tokens = {WORKER_TOKEN: None}
    worker.scoped_tokens = {
        WORKER_CONFLUENCE_TOKEN: ScopedToken(CONFLUENCE_SCOPES),
        WORKER_JIRA_TOKEN: ScopedToken(JIRA_SCOPES),
    }
    authority = Authority(clock)
    authority.clients[WORKER_CLIENT_ID] = ServiceClient(WORKER_CLIENT_SECRET, worker, CONFLUENCE_SCOPES | JIRA_SCOPES)
    worker.password = WORKER_PASSWORD
    worker.access_tokens = {product: {access_token(product): None} for product in ("confluence", "jira")}
    staff = [
        people.add(_person(account_id, name))
        for account_id, name in (
            ("557058:11110000-0000-4000-8000-00000000a11c", "Alice Moreau"),
            ("557058:22220000-0000-4000-8000-0000000000b0", "Bob Lindqvist"),
            ("5b10ac8d82e05b22cc7d4ef5", "Carla Nunes"),
            ("712020:44440000-0000-4000-8000-00000000da17", "Dai Nguyen"),
            ("557058:55550000-0000-4000-8000-00000000e11a", "Ella Okafor"),
        )
    ]
    people.add(_person("557058:66660000-0000-4000-8000-0000000f0e12", "Ines Former")).active = False
    people.add(_person("557058:77770000-0000-4000-8000-000000000a12", "Noor Visiting"))
    lead = staff[0].account_id
    confluence = Confluence(clock, people, local_ids=face is CLOUD)
    for key, name in (("PAY", "Payments"), ("OPS", "Operations"), ("HR", "People")):
        confluence.add_space(key, name, lead)
    jira = Jira(clock, people, priorities=_priorities())
    assignable = {worker.account_id, *(person.account_id for person in staff)}
    for number, (key, name) in enumerate((("PAY", "Payments"), ("OPS", "Operations"))):
        jira.add_project(software_project(str(10_000 + number), key, name, lead, assignable, face))
    return World(clock, people, confluence, jira, authority, face)


def software_project(
    id: str, key: str, name: str, lead: str, assignable: set[str] | None, face: Face = CLOUD
) -> Project:
    """A company-managed project: Task, Bug, Epic and Sub-task, one workflow, all usual fields on the create screens.

    On Data Center only a sub-task has a parent; other types name their epic in a field that Jira Software brings.
    """
    types = [IssueType("10001", "Task"), IssueType("10002", "Bug"), IssueType("10000", "Epic", 1)]
    types.append(IssueType("10003", "Sub-task", -1))
    fields = [
        FieldOnScreen("summary", "Summary", required=True),
        FieldOnScreen("issuetype", "Issue Type", required=True),
        FieldOnScreen("project", "Project", required=True),
        FieldOnScreen("description", "Description"),
        FieldOnScreen("assignee", "Assignee"),
        FieldOnScreen("duedate", "Due date"),
        FieldOnScreen("priority", "Priority", has_default=True),
        FieldOnScreen("labels", "Labels"),
        FieldOnScreen("customfield_10010", "Team"),
    ]
    screens = {each.id: [*fields, *_above(each, face)] for each in types}
    statuses = [
        WorkflowStatus("10000", "To Do", "new"),
        WorkflowStatus("10001", "In Progress", "indeterminate"),
        WorkflowStatus("10002", "In Review", "indeterminate"),
        WorkflowStatus("10003", "Done", "done"),
    ]
    transitions = [
        Transition("11", "Start work", "10001", frozenset({"10000"})),
        Transition("21", "Ask for review", "10002", frozenset({"10001"})),
        Transition("31", "Done", "10003", frozenset({"10001", "10002"})),
        Transition("41", "Reopen", "10000", frozenset({"10003"})),
        Transition("51", "Back to work", "10001", frozenset({"10002"})),
    ]
    return Project(
        id, key, name, lead, types, screens, statuses, transitions,
        default_priority="3", assignable=assignable,
    )  # fmt: skip


def _above(type_: IssueType, face: Face) -> list[FieldOnScreen]:
    if face is CLOUD:
        return [FieldOnScreen("parent", "Parent")]
    match type_.level:
        case -1:
            return [FieldOnScreen("parent", "Parent", required=True)]
        case 0:
            return [FieldOnScreen(EPIC_LINK, "Epic Link")]
        case _:
            return [FieldOnScreen(EPIC_NAME, "Epic Name", required=True)]


def _person(account_id: str, name: str, email: str | None = None) -> Person:
    first = name.split(maxsplit=1)[0].lower()
    return Person(
        account_id, name, email or f"{first}@example.com", tokens={f"sandbox-token-{first}": None},
        password=f"sandbox-password-{first}",
        access_tokens={product: {access_token(product, first): None} for product in ("confluence", "jira")},
    )  # fmt: skip


def _priorities() -> list[Priority]:
    return [
        Priority("1", "Highest", "#d04437"),
        Priority("2", "High", "#f15C75"),
        Priority("3", "Medium", "#f79232"),
        Priority("4", "Low", "#707070"),
        Priority("5", "Lowest", "#999999"),
    ]
