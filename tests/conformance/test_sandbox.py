"""The Cloud adapters at work against the sandbox: what they achieve, and whether both sides speak as described."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.conformance.judge import Judge
from worker.confluence.cloud import CloudPageReader, CloudPageWriter, people_address
from worker.errors import AccessError, ConfigurationError, Missing, NoAnswer, Stale
from worker.jira import cloud as jira
from worker.model.page import Account
from worker.model.ticket import (
    Answer,
    Base,
    Bullets,
    Category,
    Created,
    Draft,
    Link,
    Origin,
    Paragraph,
    Refused,
    Status,
    Text,
    Unknown,
)
from worker.remote.gateway import Counter, Exchange, Gateway
from worker.remote.patience import Patience
from worker.remote.signin import Basic, SignIn
from worker.sandbox.faults import Fault
from worker.sandbox.server import Sandbox
from worker.sandbox.settings import Settings
from worker.sandbox.world import WORKER_EMAIL, WORKER_TOKEN

BODY = "<h1>Action items</h1><p>Who&nbsp;does what – and when?</p>"
LABEL = "post-mortem-action"
CQL = 'space = "PAY" AND label = "post-mortem" AND type = page'


@dataclass
class Stage:
    """A sandbox with one page, the adapters in front of it, and all that was said between them."""

    sandbox: Sandbox
    exchanges: list[Exchange]
    naps: list[float]
    page_id: str
    pages: CloudPageReader
    page_writer: CloudPageWriter
    tickets: jira.CloudTicketReader
    ticket_writer: jira.CloudTicketWriter
    confluence: Gateway
    jira: Gateway

    def draft(self, **changes) -> Draft:
        draft = Draft(
            project="PAY",
            type="Task",
            summary="Add an alarm",
            description=(
                Paragraph((Text("From "), Link("Outage", f"{self.pages.site}/x"), Text("\nwith care"))),
                Bullets(((Text("Team: Pay"),),)),
            ),
            assignee=self.person("Alice Moreau"),
            due=date(2026, 12, 24),
            priority="High",
            labels=(LABEL,),
            parent=None,
            origin=Origin(self.pages.site, self.page_id, "i-1", "n-1", (("due", Base(None, "2026-12-24")),)),
        )
        return replace(draft, **changes)

    def create(self, *drafts: Draft) -> tuple[Answer, ...]:
        return self.ticket_writer.create(drafts, self.tickets.create_form("PAY", "Task"), within=60)

    def person(self, name: str) -> str:
        return self.sandbox.world.people.named(name).account_id


@contextmanager
def stage(settings: Settings | None = None, token: str = WORKER_TOKEN) -> Iterator[Stage]:
    exchanges: list[Exchange] = []
    naps: list[float] = []
    with Sandbox(settings=settings) as sandbox:
        alice = sandbox.world.people.named("Alice Moreau").account_id
        page = sandbox.confluence.create_page("PAY", "Outage & “more”", BODY, alice, labels=["post-mortem", "q4"])
        credentials = Basic(WORKER_EMAIL, SecretStr(token))
        counter = Counter()
        gateways = [
            Gateway(
                SignIn(base, credentials),
                product=product,
                concurrency=2,
                counter=counter,
                patience=Patience(sleep=naps.append, space=naps.append),
                on_exchange=exchanges.append,
            )
            for product, base in (("Confluence", sandbox.confluence_url), ("Jira", sandbox.jira_url))
        ]
        yield Stage(
            sandbox,
            exchanges,
            naps,
            page.id,
            CloudPageReader(gateways[0], sandbox.confluence_url),
            CloudPageWriter(gateways[0], sandbox.confluence_url),
            jira.CloudTicketReader(gateways[1], sandbox.jira_url),
            jira.CloudTicketWriter(gateways[1]),
            *gateways,
        )
        for gateway in gateways:
            gateway.close()


@pytest.fixture(scope="module")
def judged(pytestconfig):
    """Judges a conversation where descriptions were given; what the adapters achieve is tested without them too."""
    folder = pytestconfig.getoption("--specs")
    judge = Judge(Path(folder)) if folder else None

    def judged(exchanges: list[Exchange]) -> list[str]:
        if judge is None:
            return []
        documents = [
            update["fields"]["description"]
            for exchange in exchanges
            if exchange.path.endswith("issue/bulk")
            for update in exchange.body["issueUpdates"]
        ]
        return [fault for exchange in exchanges for fault in judge.faults(exchange)] + [
            fault for document in documents for fault in judge.document_faults(document)
        ]

    return judged


@pytest.fixture
def on(judged):
    """A stage whose whole conversation is judged in the end."""
    with stage() as set_up:
        yield set_up
    assert judged(set_up.exchanges) == []


@pytest.fixture
def troubled():
    """A stage on which something else than the products answers now and then, which nobody describes."""
    with stage() as set_up:
        yield set_up


def test_both_know_who_we_are_and_where_people_reach_them(on):
    """Sign-in names the same account on both products, and each tells its address."""
    assert on.pages.whoami().name == on.tickets.whoami().name == "Post-mortem sync"
    assert people_address(on.confluence) == on.sandbox.confluence_url
    assert jira.people_address(on.jira) == on.sandbox.jira_url
    assert abs((on.pages.now() - datetime.now(UTC)).total_seconds()) < 10


def test_search_brings_everything_in_one_request(on):
    """One search gives body, labels, privacy and property, and what it gives equals the read by id."""
    prop = on.page_writer.add_property(on.page_id, "postmortem-sync", {"v": 1})
    before = len(on.exchanges)
    (found,) = on.pages.search(CQL)
    assert len(on.exchanges) == before + 1
    assert found.page == on.pages.page(on.page_id)
    assert (found.space, found.labels, found.restricted) == ("PAY", frozenset({"post-mortem", "q4"}), False)
    assert found.claims == prop


def test_a_restricted_page_says_so(on):
    """A page that only some may read is marked."""
    readers = [on.person("Post-mortem sync"), on.person("Alice Moreau")]
    on.sandbox.run(lambda: on.sandbox.confluence.restrict(on.page_id, readers=readers))
    (found,) = on.pages.search(CQL)
    assert found.restricted is True


def test_sixty_pages_come_in_two_parts_each_once(on):
    """More pages than one part holds are walked through by cursor."""
    alice = on.person("Alice Moreau")
    for number in range(59):
        on.sandbox.confluence.create_page("PAY", f"Outage {number}", BODY, alice, labels=["post-mortem"])
    assert len({found.page.id for found in on.pages.search(CQL)}) == 60
    assert len(on.exchanges) == 2


def test_a_save_on_the_version_read_holds_and_on_an_older_one_is_stale(on):
    """The version after the one read is saved; a second save from the same reading is refused."""
    page = on.pages.page(on.page_id)
    on.page_writer.save(page, BODY + "<p>new</p>", "1 ticket")
    after = on.pages.page(on.page_id)
    assert (after.version.number, after.version.message, after.title) == (2, "1 ticket", page.title)
    assert after.version.by == on.person("Post-mortem sync")
    with pytest.raises(Stale):
        on.page_writer.save(page, BODY, "too late")


def test_a_page_that_is_gone_is_missing(on):
    """Reading and saving what is not there are both Missing."""
    page = on.pages.page(on.page_id)
    on.sandbox.run(lambda: on.sandbox.confluence.purge(on.page_id))
    with pytest.raises(Missing):
        on.pages.page(on.page_id)
    with pytest.raises(Missing):
        on.page_writer.save(page, BODY, "m")


def test_a_property_is_added_swapped_and_withdrawn(on):
    """Each write needs the version before it; what lost is Stale, and withdrawing twice is fine."""
    first = on.page_writer.add_property(on.page_id, "postmortem-sync", {"v": 1, "n": 1})
    with pytest.raises(Stale):
        on.page_writer.add_property(on.page_id, "postmortem-sync", {"v": 1, "n": 2})
    second = on.page_writer.replace_property(on.page_id, first, {"v": 1, "n": 3})
    assert (second.id, second.version, second.value) == (first.id, first.version + 1, {"v": 1, "n": 3})
    with pytest.raises(Stale):
        on.page_writer.replace_property(on.page_id, first, {"v": 1, "n": 4})
    assert on.pages.properties(on.page_id, "postmortem-sync") == (second,)
    on.page_writer.withdraw_property(on.page_id, second)
    on.page_writer.withdraw_property(on.page_id, second)
    assert on.pages.properties(on.page_id, "postmortem-sync") == ()
    with pytest.raises(Stale):
        on.page_writer.replace_property(on.page_id, second, {})


def test_names_of_people(on):
    """Known accounts have a name, others are left out."""
    alice = on.person("Alice Moreau")
    assert on.pages.names([alice, "557058:nobody"]) == {alice: "Alice Moreau"}


def test_a_ticket_is_created_whole_and_read_back(on):
    """All fields and the origin arrive in one request and read back as they were meant."""
    draft = on.draft()
    (made,) = on.create(draft)
    assert isinstance(made, Created)
    found = on.tickets.tickets([made.id, made.key])
    ticket = found[made.key]
    assert found[made.id] == ticket
    assert (ticket.summary, ticket.assignee, ticket.due, ticket.priority) == (
        draft.summary,
        draft.assignee,
        draft.due,
        "High",
    )
    assert (ticket.status, ticket.origin, ticket.project) == (Status("To Do", Category.TODO), draft.origin, "PAY")
    assert ticket.url == f"{on.sandbox.jira_url}/browse/{made.key}"


def test_a_refused_draft_among_others_is_told_apart(on):
    """Only the draft with somebody who may not be assigned is refused, and the field is named."""
    noor = on.person("Noor Visiting")
    made = on.create(on.draft(), on.draft(assignee=noor), on.draft())
    assert [type(answer) for answer in made] == [Created, Refused, Created]
    assert [field for field, _ in made[1].fields] == ["assignee"]


def test_drafts_that_are_all_refused_each_say_why(on):
    """When nothing could be made every draft has its own reason."""
    made = on.create(on.draft(priority="Urgent"), on.draft(labels=("has space",)))
    assert [[field for field, _ in answer.fields] for answer in made] == [["priority"], ["labels"]]


def test_tickets_are_found_by_label_and_day_with_their_origin(on):
    """The search gives ours and not the unlabelled one."""
    first, _ = on.create(on.draft(), on.draft(labels=()))
    (found,) = on.tickets.search("PAY", LABEL, datetime.now(UTC).date())
    assert (found.key, found.origin) == (first.key, on.draft().origin)
    assert list(on.tickets.search("PAY", LABEL, datetime.now(UTC).date() + timedelta(days=9))) == []


def test_a_search_of_many_parts_gives_each_ticket_once(on):
    """More tickets than one part holds are walked through by page token."""
    for start in range(0, 120, 40):
        on.create(*[on.draft(summary=f"Number {start + n}") for n in range(40)])
    found = list(on.tickets.search("PAY", LABEL, date(2026, 1, 1)))
    assert len({ticket.id for ticket in found}) == len(found) == 120


def test_the_newest_number_is_the_highest_key(on):
    """An empty project has none, and afterwards the last key counts."""
    assert on.tickets.newest_number("OPS") == 0
    made = on.create(*[on.draft()] * 12)
    assert on.tickets.newest_number("PAY") == int(made[-1].key.rpartition("-")[2])


def test_a_moved_ticket_is_found_under_its_old_key_and_a_deleted_one_is_not(on):
    """The old key leads to the new one; what is deleted is left out."""
    moved, deleted = on.create(on.draft(), on.draft())
    on.sandbox.run(lambda: on.sandbox.jira.move_issue(moved.key, "OPS"))
    on.sandbox.run(lambda: on.sandbox.jira.delete_issue(deleted.key))
    found = on.tickets.tickets([moved.key, deleted.key])
    assert {ref: (ticket.project, ticket.id) for ref, ticket in found.items()} == {moved.key: ("OPS", moved.id)}


def test_a_status_is_read_with_its_category(on):
    """A renamed status keeps its category."""
    (made,) = on.create(on.draft())
    on.sandbox.run(lambda: on.sandbox.jira.rename_status("PAY", "Done", "Erledigt"))
    on.sandbox.run(lambda: on.sandbox.jira.transition(made.key, "Erledigt"))
    assert on.tickets.tickets([made.id])[made.id].status == Status("Erledigt", Category.DONE)


def test_the_create_form_tells_what_a_ticket_takes(on):
    """The form lists the fields on the screen and the values of a priority."""
    form = on.tickets.create_form("PAY", "task")
    assert form.type == "Task"
    assert form.field("summary").required is True
    assert "High" in form.field("priority").allowed


def test_a_form_that_is_not_there_is_a_fault_of_the_mapping(on):
    """An unknown type and an unknown project are told apart."""
    with pytest.raises(ConfigurationError, match=r"ticket\.type: project PAY has no type Story"):
        on.tickets.create_form("PAY", "Story")
    with pytest.raises(ConfigurationError, match=r"ticket\.project:"):
        on.tickets.create_form("NOPE", "Task")


@pytest.mark.parametrize(("name", "fine"), [("Alice Moreau", True), ("Noor Visiting", False), ("Ines Former", False)])
def test_who_may_be_assigned(on, name, fine):
    """People with the right may, visitors and deactivated accounts may not."""
    person = on.person(name)
    assert on.tickets.assignable("PAY", person) == (Account(person, name) if fine else None)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_to_a_create_is_unknown_and_sent_once(on, when):
    """Whether Jira acted or not, the draft is Unknown and nothing is repeated."""
    form = on.tickets.create_form("PAY", "Task")
    on.sandbox.faults.append(Fault(("POST", "/issue/bulk$"), "drop", when=when))
    (answer,) = on.ticket_writer.create([on.draft()], form, within=60)
    assert isinstance(answer, Unknown)
    made = list(on.tickets.search("PAY", LABEL, date(2026, 1, 1)))
    assert len(made) == (1 if when == "after" else 0)


def test_a_busy_jira_makes_one_ticket(on):
    """After 429 the same create goes out again, and there is one ticket."""
    form = on.tickets.create_form("PAY", "Task")
    on.sandbox.faults.append(Fault(("POST", "/issue/bulk$"), "status:429"))
    (answer,) = on.ticket_writer.create([on.draft()], form, within=60)
    assert isinstance(answer, Created)
    assert len(on.naps) == 1
    assert len(list(on.tickets.search("PAY", LABEL, date(2026, 1, 1)))) == 1


@pytest.mark.parametrize("do", ["drop", "garbage", "status:503", "status:502", "status:429"])
def test_a_read_comes_through_trouble(troubled, do):
    """Reads are repeated until they answer."""
    troubled.sandbox.faults.append(Fault(("GET", f"/pages/{troubled.page_id}$"), do, times=3))
    assert troubled.pages.page(troubled.page_id).version.number == 1
    assert len(troubled.naps) == 3


def test_a_save_whose_answer_was_lost_is_not_repeated(on):
    """The page has the new version once, and we know that we do not know."""
    page = on.pages.page(on.page_id)
    on.sandbox.faults.append(Fault(("PUT", f"/pages/{on.page_id}$"), "drop", when="after"))
    with pytest.raises(NoAnswer):
        on.page_writer.save(page, BODY + "<p>new</p>", "m")
    assert on.pages.page(on.page_id).version.number == 2


@pytest.mark.parametrize("do", ["html", "redirect"])
def test_a_login_page_stops_the_pass(troubled, do):
    """Where single sign-on answers for Confluence nothing is read out of it."""
    troubled.sandbox.faults.append(Fault(("GET", "/user/current"), do))
    with pytest.raises(AccessError):
        troubled.pages.whoami()


def test_a_wrong_token_is_refused_or_anonymous_but_never_an_empty_site():
    """Both ways in which Cloud answers a wrong token stop the pass at the first request."""
    for settings in (Settings(wrong_token="refuse"), Settings(wrong_token="anonymous")):
        with stage(settings, token="wrong") as on:
            for ask in (on.pages.whoami, on.tickets.whoami, lambda on=on: list(on.pages.search(CQL))):
                with pytest.raises(AccessError) as failure:
                    ask()
                assert WORKER_EMAIL in str(failure.value)
            with pytest.raises(AccessError):
                list(on.tickets.search("PAY", LABEL, date(2026, 1, 1)))


def test_a_search_that_drops_expands_still_gives_the_property(judged):
    """The property is read separately, and a page whose privacy is unknown counts as restricted."""
    with stage(Settings(search_answers_expands=False)) as on:
        prop = on.page_writer.add_property(on.page_id, "postmortem-sync", {"v": 1})
        (found,) = on.pages.search(CQL)
    assert (found.claims, found.restricted) == (prop, True)
    assert judged(on.exchanges) == []
