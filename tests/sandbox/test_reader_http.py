"""What people do in the browser: every form is posted over HTTP, as a browser without scripts would."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
import requests
import uvicorn
from starlette.applications import Starlette

from worker.sandbox.pages import StoredPage
from worker.sandbox.reader.routes import reader_routes
from worker.sandbox.samples.world import sample_world
from worker.sandbox.world import World, default_world


@dataclass(frozen=True, slots=True)
class Browser:
    """A served sample world, and a person who looks at it."""

    world: World
    root: str

    def page(self, title: str) -> StoredPage:
        """The stored page of that title."""
        return self.world.confluence.page_titled(title)

    def get(self, path: str, status: int = 200) -> str:
        """The HTML behind an address."""
        answer = requests.get(self.root + path, timeout=5)
        assert answer.status_code == status
        return answer.text

    def post(self, path: str, fields: dict[str, str | list[str]], status: int = 200) -> str:
        """The HTML after a form was sent and a redirect, if any, was followed."""
        answer = requests.post(self.root + path, data=fields, timeout=5)
        assert answer.status_code == status
        return answer.text

    def open(self, title: str) -> tuple[str, str]:
        """The address of a page and its HTML."""
        answer = requests.get(f"{self.root}/wiki/pages/viewpage.action?pageId={self.page(title).id}", timeout=5)
        return answer.url.removeprefix(self.root), answer.text


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser on a sample world that is served on a free port of this machine."""
    world = default_world()
    sample_world(world, "http://127.0.0.1:1")
    app = Starlette(routes=reader_routes(world))
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Browser(world, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join()


def row_of(html: str, text: str) -> tuple[str, str]:
    """The number of the pencil in the table row that holds the text, and that row."""
    row = next(row for row in html.split("<tr>") if text in row)
    found = re.search(r"\?edit=(\d+)", row)
    assert found is not None
    return found[1], row


def form_of(html: str) -> dict[str, str | list[str]]:
    """What a browser would send of the form that a row or task is edited in."""
    texts = [unescape(text) for text in re.findall(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', html))
    return {**hidden, "text": texts, "do": "save"}


CARDS = "Card authorisations timed out"


def test_home_lists_pages_and_tickets(browser: Browser) -> None:
    """Every current page and every ticket can be reached from the home page."""
    html = browser.get("/")

    assert len(re.findall(r'href="/wiki/spaces/PAY/pages/\d+/', html)) == 12
    assert re.findall(r'href="/browse/(PAY-\d)"', html) == ["PAY-3", "PAY-2", "PAY-4", "PAY-1"]


def test_an_edited_cell_becomes_a_new_version_by_a_person(browser: Browser) -> None:
    """The row form saves one cell; the rest of the body stays byte for byte."""
    url, html = browser.open("The ledger replica was forty minutes behind")
    before = browser.page("The ledger replica was forty minutes behind").body
    at, _ = row_of(html, "Show the age of a balance")
    form = form_of(browser.get(f"{url}?edit={at}"))
    assert form["text"] == ["Show the age of a balance in the portal", "@Tomás Herrera", "2027-01-31", "", ""]

    form["text"] = ["Show how old a balance is", "@Tomás Herrera", "2027-01-31", "", ""]
    browser.post(f"{url}/row", form)

    page = browser.page("The ledger replica was forty minutes behind")
    assert page.version.number == 2
    assert page.version.by == browser.world.people.named("Alice Moreau").account_id
    assert "Show how old a balance is" in page.body
    assert before.count("<tr>") == page.body.count("<tr")


def test_a_form_opened_before_another_save_changes_nothing(browser: Browser) -> None:
    """The version in the form is older than the newest one, so the edit is refused."""
    url, html = browser.open(CARDS)
    at, _ = row_of(html, "Add a slow vault")
    form = form_of(browser.get(f"{url}?edit={at}"))
    browser.world.confluence.person_replaces(browser.page(CARDS).id, "Add a slow vault", "Add a very slow vault", "x")

    told = browser.post(f"{url}/row", form, 409)

    assert "Nothing was changed" in told
    assert browser.page(CARDS).version.number == 2


def test_a_form_sent_back_as_it_came_saves_nothing(browser: Browser) -> None:
    """No version appears when no text was changed."""
    url, html = browser.open(CARDS)
    at, _ = row_of(html, "Add a slow vault")

    browser.post(f"{url}/row", form_of(browser.get(f"{url}?edit={at}")))

    assert browser.page(CARDS).version.number == 1


def test_rows_are_added_and_removed(browser: Browser) -> None:
    """An empty row below and its removal are two versions."""
    url, html = browser.open(CARDS)
    at, _ = row_of(html, "Add a slow vault")

    added = browser.post(f"{url}/row", {"version": "1", "at": at, "do": "add"})
    new, row = row_of(added.split("Add a slow vault")[1].split("</tr>", 1)[1], "tool")
    browser.post(f"{url}/row", {"version": "2", "at": new, "do": "remove"})

    assert re.sub("<[^>]+>", "", row).strip(" ✎\n") == ""
    assert browser.page(CARDS).version.number == 3


def test_a_post_mortem_is_written_from_the_template(browser: Browser) -> None:
    """A new page has the template's body and the label by which the worker finds it."""
    html = browser.post("/wiki/pages/create", {"title": "A test  of our own"})

    assert "<h1>A test of our own</h1>" in html
    assert browser.page("A test of our own").labels == ["post-mortem"]
    assert "already exists" in browser.post("/wiki/pages/create", {"title": "A test of our own"}, 400)


def test_a_box_is_ticked_with_a_button(browser: Browser) -> None:
    """The button beside a task turns its box over."""
    url, html = browser.open("412 payouts were sent twice")
    action = re.search(r'action="([^"]+)"', html)
    assert action is not None

    browser.post(unescape(action[1]), {})

    version = browser.page("412 payouts were sent twice").version
    assert version.number == 2
    assert version.body.count(">complete<") == 2
    assert url in action[1]


def test_a_malformed_body_is_refused_and_shown_again(browser: Browser) -> None:
    """The storage form keeps what was typed and says what is wrong with it."""
    url, _ = browser.open(CARDS)

    html = browser.post(f"{url}/source", {"version": "1", "body": "<p>a<b></p>"}, 400)

    assert "&lt;p&gt;a&lt;b&gt;&lt;/p&gt;" in html
    assert browser.page(CARDS).version.number == 1


def test_a_malformed_page_is_repaired_in_its_storage_form(browser: Browser) -> None:
    """The one sample that cannot be shown can be mended."""
    url, html = browser.open("The status page said all green")
    assert "not well-formed" in html
    body = browser.page("The status page said all green").body.replace("</ac:link> </td>", "</ac:link> </p></td>")

    assert "@Carla Nunes" in browser.post(f"{url}/source", {"version": "1", "body": body})


def test_a_comparison_marks_the_cell_that_changed(browser: Browser) -> None:
    """Both sides are shown, with one highlighted cell each."""
    url, html = browser.open(CARDS)
    at, _ = row_of(html, "Add a slow vault")
    form = form_of(browser.get(f"{url}?edit={at}"))
    form["text"] = ["Add a slow vault to the nightly load test", "@Ella Okafor", "2027-01-15", "P3", "", ""]
    browser.post(f"{url}/row", form)

    html = browser.get(f"{url}?version=2&diff=1")

    assert re.findall(r'class="gone">.*?@([^<]+)<', html) == ["Dai Nguyen"]
    assert re.findall(r'class="come">.*?@([^<]+)<', html) == ["Ella Okafor"]


def test_an_old_version_is_shown_without_tools(browser: Browser) -> None:
    """Only the newest version can be edited."""
    url, _ = browser.open(CARDS)
    browser.world.confluence.person_saves(browser.page(CARDS).id, "<p>new</p>", "x")

    html = browser.get(f"{url}?version=1")

    assert "This is an old version" in html
    assert "✎" not in html


STEP = re.compile(r'<button name="step" value="(\d+)"[^>]*>→ ([^<]+)</button>')


def test_a_status_button_moves_the_ticket(browser: Browser) -> None:
    """The button names the status it leads to; pages show it at once in their smart links."""
    steps = {to: step for step, to in STEP.findall(browser.get("/browse/PAY-4"))}

    browser.post("/browse/PAY-4/status", {"step": steps["Done"]})

    assert browser.world.jira.issue("PAY-4").resolved is not None
    assert '<span class="lozenge green">Done</span></a>' in browser.open("Webhook deliveries fell behind")[1]


def test_a_ticket_offers_the_steps_that_its_workflow_has(browser: Browser) -> None:
    """Buttons are what the API offers from there, and a step that is not open is refused in the browser too."""
    world, alice = browser.world, browser.world.people.named("Alice Moreau").account_id
    issue = world.jira.create(world.jira.projects["OPS"], alice, {"summary": "Rotate", "type": "10001"}, {})
    open_ = world.jira.transitions(issue, alice)

    assert [("11", "In Progress")] == STEP.findall(browser.get(f"/browse/{issue.key}"))
    assert ["11"] == [each.id for each in open_]
    assert "illegal workflow operation" in browser.post(f"/browse/{issue.key}/status", {"step": "31"}, 400)


def test_a_new_sample_ticket_can_be_done_at_once(browser: Browser) -> None:
    """The sample team's workflow leads from To Do everywhere, and nowhere to where the ticket is."""
    assert ["In Progress", "In Review", "Done"] == [to for _, to in STEP.findall(browser.get("/browse/PAY-3"))]


def test_ticket_fields_are_saved_as_a_person(browser: Browser) -> None:
    """Summary, assignee, due date and priority are taken from the form; what is equal leaves no trace."""
    ella = browser.world.people.named("Ella Okafor").account_id
    fields: dict[str, str | list[str]] = {
        "summary": "Review rules older than a year", "assignee": ella, "due": "2026-12-24", "priority": "Low",
    }  # fmt: skip

    browser.post("/browse/PAY-3/fields", fields)

    changed = [(entry.field, entry.after) for entry in browser.world.jira.issue("PAY-3").history]
    assert changed[1:] == [("assignee", ella), ("due", "2026-12-24")]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/browse/PAY-99", 404), ("/wiki/spaces/PAY/pages/1/x", 404), ("/wiki/pages/viewpage.action", 404)],
)
def test_what_is_not_there_is_said_so(browser: Browser, path: str, status: int) -> None:
    """A wrong address gets a page that says so."""
    assert "That is not here" in browser.get(path, status)


def test_a_form_with_nonsense_is_refused(browser: Browser) -> None:
    """An unknown status and an unreadable date change nothing and crash nothing."""
    assert "That cannot be done" in browser.post("/browse/PAY-3/status", {"step": "Lost"}, 400)
    assert "That cannot be done" in browser.post("/browse/PAY-3/fields", {"due": "soon"}, 400)


def test_no_answer_may_run_scripts(browser: Browser) -> None:
    """The browser is told to run nothing and to send forms to this site only."""
    policy = requests.get(browser.root, timeout=5).headers["Content-Security-Policy"]

    assert policy == "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'"
