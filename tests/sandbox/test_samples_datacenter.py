"""The sample pages as Data Center's editor would have written them, and what the worker makes of them there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from worker.document.parse import Malformed, parse
from worker.model.report import Report
from worker.sandbox.face import DATACENTER
from worker.sandbox.passes import passes_on
from worker.sandbox.reader.html import render_storage
from worker.sandbox.reader.routes import reader_routes
from worker.sandbox.reader.site import site_of
from worker.sandbox.samples.datacenter import JIRA_SERVER_ID, as_on_datacenter
from worker.sandbox.samples.world import sample_world
from worker.sandbox.server import Sandbox
from worker.sandbox.world import default_world


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    world = default_world(DATACENTER)
    with Sandbox(world, routes=reader_routes(world)) as running:
        running.run(lambda: sample_world(world, running.address))
        yield running


def bodies(sandbox: Sandbox) -> dict[str, str]:
    return {page.title: page.body for page in sandbox.confluence.pages.values()}


def test_nothing_of_cloud_is_left(sandbox: Sandbox) -> None:
    """No account ids, local ids, smart links or addresses of Cloud; people by key, tables of the legacy editor."""
    everything = "".join(bodies(sandbox).values())

    assert not re.search(r"account-id|local-id|data-card-appearance|data-layout|atlassian\.net|/wiki/", everything)
    assert {'ri:userkey="8a7f8081', '<table class="wrapped">', '<td colspan="1"><div class="content-wrapper">'} <= set(
        re.findall(
            r'ri:userkey="8a7f8081|<table class="wrapped">|<td colspan="1"><div class="content-wrapper">', everything
        )
    )


def test_pages_stay_as_well_formed_as_they_were(sandbox: Sandbox) -> None:
    """One is malformed on purpose, and its mistake is still there."""
    broken = []
    for title, body in bodies(sandbox).items():
        try:
            parse(body)
        except Malformed:
            broken.append(title)

    assert broken == ["The status page said all green"]


def test_one_page_shows_a_ticket_by_a_macro_with_the_server_of_this_site(sandbox: Sandbox) -> None:
    """From which the worker can learn the server."""
    body = bodies(sandbox)["Webhook deliveries fell behind"]

    assert f'<ac:parameter ac:name="serverId">{JIRA_SERVER_ID}</ac:parameter>' in body
    assert '<ac:parameter ac:name="key">PAY-4</ac:parameter>' in body


def test_a_body_of_data_center_is_left_as_it_is(sandbox: Sandbox) -> None:
    """Writing it once more changes nothing."""
    for body in bodies(sandbox).values():
        assert as_on_datacenter(body, sandbox.world.people) == body


def test_rendered_samples_leave_nobody_unknown(sandbox: Sandbox) -> None:
    """Names are found by user key."""
    site = site_of(sandbox.world)
    shown = "".join(render_storage(body, site) for body in bodies(sandbox).values())

    assert "unknown person" not in shown
    assert "@Alice Moreau" in shown


def test_the_worker_settles_the_samples(sandbox: Sandbox) -> None:
    """As many tickets as on Cloud, macros in the rows, and a second pass that writes nothing."""
    passes = passes_on(sandbox.variables)
    first: Report = passes.sync()
    written = sandbox.writes
    second = passes.sync()

    assert (first.totals.created, first.totals.failed, first.totals.pages_saved) == (35, 0, 8)
    assert (second.totals.created, second.totals.kept, sandbox.writes - written) == (0, 41, 0)
    page = sandbox.confluence.page_titled("Card authorisations timed out")
    assert "PAY-5" in page.body
    assert page.version.minor


def test_people_read_and_change_both_products_in_the_browser(sandbox: Sandbox) -> None:
    """Home, a page by its number, a ticket with its wiki markup, and a form, below the context paths."""
    passes_on(sandbox.variables).sync()
    page = sandbox.confluence.page_titled("Card authorisations timed out")
    home = requests.get(f"{sandbox.address}/", timeout=5).text
    shown = requests.get(f"{sandbox.confluence_url}/pages/viewpage.action?pageId={page.id}", timeout=5)
    ticket = requests.get(f"{sandbox.jira_url}/browse/PAY-5", timeout=5).text
    moved = requests.post(f"{sandbox.jira_url}/browse/PAY-5/status", data={"step": "41"}, timeout=5)

    assert "/jira/browse/PAY-5" in home
    assert shown.url.startswith(f"{sandbox.confluence_url}/spaces/PAY/pages/{page.id}/")
    assert f'href="{sandbox.jira_url}/browse/PAY-5"' in shown.text
    assert f'<p>Action item of the post-mortem <a href="{sandbox.confluence_url}/' in ticket
    assert moved.url == f"{sandbox.jira_url}/browse/PAY-5"
    assert sandbox.jira.issue("PAY-5").resolved is not None


def test_a_person_edits_a_row_and_mentions_by_user_key(sandbox: Sandbox) -> None:
    """What the browser's form stores is Data Center's own markup."""
    page = sandbox.confluence.page_titled("Card authorisations timed out")
    address = f"{sandbox.confluence_url}/spaces/PAY/pages/{page.id}/x"
    html = requests.get(address, timeout=5).text
    found = re.search(r"\?edit=(\d+)\"[^<]*<[^<]*", html[html.index("Give vault retries") - 2000 :])
    assert found is not None
    form = requests.get(f"{address}?edit={found[1]}", timeout=5).text
    texts = [text.strip() for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)]
    texts[1] = "@Ella Okafor"
    sent = {"version": str(page.version.number), "at": found[1], "text": texts}
    requests.post(f"{address}/row", data=sent, timeout=5)

    assert page.version.number == 2
    ella = sandbox.world.people.named("Ella Okafor")
    assert page.body.count(ella.userkey) == page.versions[0].body.count(ella.userkey) + 1
    assert "account-id" not in page.body
