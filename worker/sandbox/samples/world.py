"""Lets the sample weeks pass in a new sandbox: people write pages and make tickets, one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from worker.sandbox.face import DATACENTER
from worker.sandbox.issues import Transition
from worker.sandbox.samples import PROJECT, SPACE, sample_body
from worker.sandbox.samples.catalogue import ELSEWHERE, PAGES, TICKETS, TICKETS_MADE, TODAY, TOMAS, SamplePage
from worker.sandbox.samples.datacenter import as_on_datacenter
from worker.sandbox.samples.dates import moved as moved_days
from worker.sandbox.world import World


def sample_world(world: World, address: str, today: datetime = TODAY) -> None:
    """Fills a new world with the sample post-mortems and a few older tickets.

    ``address`` is where the sandbox is served, without a slash at the end: links on the pages lead there. The clock
    begins in the sample weeks and stands at ``today`` (aware) afterwards, a moment after the newest page; what the
    catalogue and the due dates of the pages say for ``TODAY`` moves along. The project gets the workflow that Jira
    gives a new one: every status can be reached from every other, so that a ticked task of a ticket in To Do closes it.
    """
    moved = today - TODAY
    world.clock.start_at(TICKETS_MADE + moved)
    world.people.add(replace(TOMAS))
    project = world.jira.projects[PROJECT]
    if project.assignable is not None:
        project.assignable.add(TOMAS.account_id)
    project.transitions = [Transition(str(11 + 10 * n), to.name, to.id) for n, to in enumerate(project.statuses)]
    _make_tickets(world)
    for page in sorted(PAGES, key=lambda page: page.created):
        _wait_until(world, page.created + moved)
        _write(world, page, address, today.date() - TODAY.date())
    _wait_until(world, today)


def _make_tickets(world: World) -> None:
    jira = world.jira
    project = jira.projects[PROJECT]
    task = project.types[0].id
    for ticket in TICKETS:
        reporter, assignee = (world.people.named(name).account_id for name in (ticket.reporter, ticket.assignee))
        priority = jira.priority(ticket.priority)
        values = {"summary": ticket.summary, "type": task, "assignee": assignee}
        issue = jira.create(project, reporter, values | ({"priority": priority.id} if priority else {}), {})
        jira.transition(issue.key, ticket.status, assignee)


def _write(world: World, page: SamplePage, address: str, later: timedelta) -> None:
    """The body is stored as it stands in the file (on Data Center, in the words of its own editor; its days so much
    later), as if an editor or an import had written exactly these bytes.
    """
    author = world.people.named(page.author).account_id
    stored = world.confluence.create_page(SPACE, page.title, "<p />", author)
    body = moved_days(sample_body(page.file), later)
    if world.face is DATACENTER:
        body = as_on_datacenter(body, world.people)
    body = body.replace(f"{ELSEWHERE}/wiki", address + world.face.confluence)
    body = body.replace(ELSEWHERE, address + world.face.jira)
    stored.versions[-1] = replace(stored.version, body=body)
    world.confluence.add_labels(stored.id, page.labels, author)
    if page.restricted:
        lead = world.jira.projects[PROJECT].lead
        world.confluence.restrict(stored.id, readers={author, lead, world.worker.account_id})


def _wait_until(world: World, moment: datetime) -> None:
    world.clock.advance(seconds=max(moment - world.clock.now(), timedelta()).total_seconds())
