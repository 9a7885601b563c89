"""What TicketReader and TicketWriter promise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.contract.worlds import SINCE, World
from worker.errors import ConfigurationError, NoAnswer
from worker.model.ticket import (
    Base,
    Category,
    Created,
    Draft,
    NotMade,
    Origin,
    Paragraph,
    Refused,
    Text,
    TicketEdit,
    Unknown,
)

LABEL = "post-mortem-action"
ORIGIN = Origin("https://acme.example/wiki", "4711", "0123456789", "a1b2c3d4", (("due", Base("2027-01-15", None)),))


def draft(summary: str = "Add an alert", **more: Any) -> Draft:
    """A ticket as it should be."""
    plain = {
        "assignee": None, "due": date(2027, 1, 15), "priority": "High", "labels": (LABEL,), "parent": None,
        "origin": ORIGIN,
    }  # fmt: skip
    return Draft("PAY", "Task", summary, (Paragraph((Text("See the page."),)),), **{**plain, **more})


def create(world: World, *drafts: Draft):
    """One bulk request."""
    form = world.readers.tickets.create_form("PAY", "Task")
    return world.writers.tickets.create(drafts, form, within=60)


def made(world: World, **more: Any) -> Created:
    """One ticket that the worker made."""
    (answer,) = create(world, draft(**more))
    assert isinstance(answer, Created)
    return answer


def read(world: World, ref: str):
    """One ticket."""
    return world.readers.tickets.tickets([ref])[ref]


def test_a_created_ticket_is_what_its_draft_says(world: World) -> None:
    """With its origin, in the first status, read by id and by key at once though search is behind."""
    world.lag(tickets=60)
    answer = made(world, assignee=world.alice)
    ticket = read(world, answer.id)

    assert (answer.id, answer.key, "PAY") == (ticket.id, ticket.key, ticket.project)
    assert ("Add an alert", world.alice, date(2027, 1, 15)) == (ticket.summary, ticket.assignee, ticket.due)
    assert ("High", "To Do", Category.TODO) == (ticket.priority, ticket.status.name, ticket.status.category)
    assert ORIGIN == ticket.origin
    assert f"{world.readers.tickets.site}/browse/{answer.key}" == ticket.url
    assert ticket == read(world, answer.key)


def test_answers_come_in_the_order_of_the_drafts(world: World) -> None:
    """A bulk of fifty, which is the most one request takes."""
    summaries = [f"Action {number}" for number in range(50)]
    answers = create(world, *map(draft, summaries))

    assert all(isinstance(answer, Created) for answer in answers)
    assert summaries == [read(world, answer.id).summary for answer in answers]


def test_one_refused_draft_keeps_the_others_from_nothing(world: World) -> None:
    """The refused one is named by field in our words, and is not there."""
    first, second, third = create(
        world, draft("One"), draft("Two", assignee=world.noor), draft("Three", priority="Urgent")
    )

    assert isinstance(first, Created)
    assert isinstance(second, Refused)
    assert ["assignee"] == [name for name, _ in second.fields]
    assert second.message
    assert isinstance(third, Refused)
    assert ["priority"] == [name for name, _ in third.fields]
    assert [first.key] == world.all_keys()


def test_when_all_are_refused_each_says_why(world: World) -> None:
    """Nothing is made."""
    answers = create(world, draft(priority="Urgent"), draft(parent="PAY-99"))

    assert [["priority"], ["parent"]] == [[name for name, _ in answer.fields] for answer in answers]
    assert [] == world.all_keys()


@pytest.mark.parametrize("acted", [True, False])
def test_a_lost_answer_leaves_every_draft_unknown(world: World, *, acted: bool) -> None:
    """Never raised, and never sent again."""
    world.lose("create", acted=acted)
    answers = create(world, draft("One"), draft("Two"))

    assert [Unknown, Unknown] == [type(answer) for answer in answers]
    assert (2 if acted else 0) == len(world.all_keys())


def test_no_draft_gives_no_answer(world: World) -> None:
    """Nothing is asked."""
    assert () == create(world)


def test_absent_and_hidden_tickets_are_left_out(world: World) -> None:
    """Deleted, hidden and never made cannot be told apart, by key or by id."""
    kept, hidden, deleted = (made(world, summary=name) for name in ("Kept", "Hidden", "Deleted"))
    world.hide_ticket(hidden.key)
    world.delete(deleted.key)
    refs = [kept.key, hidden.key, hidden.id, deleted.key, deleted.id, "PAY-999", "999999"]

    assert [kept.key] == list(world.readers.tickets.tickets(refs))


def test_more_tickets_than_one_request_takes_are_all_read(world: World) -> None:
    """A hundred and twenty, in two requests."""
    keys = [world.person_creates("PAY", f"Ticket {number}") for number in range(120)]

    assert keys == list(world.readers.tickets.tickets(keys))


def test_a_moved_ticket_is_found_under_its_old_key_too(world: World) -> None:
    """And by its id, which survives the move."""
    answer, other = made(world), made(world)
    new = world.move_project(answer.key, "OPS")
    seen = world.readers.tickets.tickets([answer.key, answer.id, other.key])

    assert {answer.key: new, answer.id: new, other.key: other.key} == {ref: ticket.key for ref, ticket in seen.items()}
    assert [new] == list(world.readers.tickets.tickets([new]))
    assert "OPS" == seen[answer.id].project
    assert ORIGIN == seen[answer.id].origin


def test_a_moved_ticket_is_found_by_both_keys_at_once(world: World) -> None:
    """Asked for together, the old key is no less found than the new one; one that nobody has is left out."""
    old = world.person_creates("PAY", "Add an alert")
    new = world.move_project(old, "OPS")
    found = world.readers.tickets.tickets([old, new, "PAY-999"])

    assert {old: new, new: new} == {ref: ticket.key for ref, ticket in found.items()}


@pytest.mark.parametrize("moved", [1, 3, 40])
def test_moved_tickets_among_a_hundred_keys_are_all_found(world: World, moved: int) -> None:
    """Each under its old key, also one that was moved to and fro and has two former keys there."""
    keys = [world.person_creates("PAY", f"Ticket {number}") for number in range(60)]
    now = {key: key for key in keys}
    for key in keys[5 : 5 + moved]:
        now[key] = world.move_project(key, "OPS")
    back = world.move_project(now[keys[5]], "PAY")
    away = world.move_project(back, "OPS")
    now |= {keys[5]: away, back: away}
    asked = [*keys, back, *(f"PAY-{number}" for number in range(900, 939))]
    found = world.readers.tickets.tickets(asked)

    assert now == {ref: ticket.key for ref, ticket in found.items()}


def test_a_clone_has_an_origin_only_where_its_properties_were_copied(world: World) -> None:
    """A later id than the original's in any case."""
    answer = made(world)
    plain, full = (world.clone(answer.key, with_properties=copied) for copied in (False, True))

    assert read(world, plain).origin is None
    assert ORIGIN == read(world, full).origin
    assert int(answer.id) < int(read(world, plain).id) < int(read(world, full).id)


def test_search_gives_the_projects_tickets_with_the_label_oldest_first(world: World) -> None:
    """Each once, over more than one part of an answer, and none of another project or label."""
    world.person_creates("OPS", "Elsewhere", labels=[LABEL])
    world.person_creates("PAY", "Unlabelled")
    summaries = [f"Action {number}" for number in range(110)]
    for summary in summaries:
        world.person_creates("PAY", summary, labels=[LABEL])

    assert summaries == [ticket.summary for ticket in world.readers.tickets.search("PAY", LABEL, SINCE)]


def test_open_ids_are_those_of_labelled_tickets_that_are_not_done(world: World) -> None:
    """Of every project, over more than one hundred, and only as far as search knows."""
    world.lag(tickets=60)
    wanted = {world.person_creates("PAY", f"Action {number}", labels=[LABEL, "x"]) for number in range(105)}
    wanted.add(world.person_creates("OPS", "Elsewhere", labels=["another"]))
    world.person_creates("PAY", "Unlabelled")
    done = world.person_creates("PAY", "Done", labels=[LABEL])
    world.person_edits(done, status="Done")

    assert frozenset() == world.readers.tickets.open_ids([LABEL, "another"], SINCE)
    world.advance(61)

    found = world.readers.tickets.open_ids([LABEL, "another"], SINCE)
    assert {ticket.id for ticket in world.readers.tickets.tickets(sorted(wanted)).values()} == found


def test_search_and_the_newest_number_may_be_behind(world: World) -> None:
    """So absence proves nothing."""
    world.lag(tickets=60)
    answer = made(world)

    assert [] == list(world.readers.tickets.search("PAY", LABEL, SINCE))
    assert 0 == world.readers.tickets.newest_number("PAY")
    world.advance(61)

    assert [answer.key] == [ticket.key for ticket in world.readers.tickets.search("PAY", LABEL, SINCE)]
    assert 1 == world.readers.tickets.newest_number("PAY")


def test_the_newest_number_is_the_highest_one(world: World) -> None:
    """Of the project alone, moved tickets included."""
    first = world.person_creates("PAY", "One")
    world.person_creates("PAY", "Two")
    elsewhere = world.person_creates("OPS", "Three")
    world.delete(first)
    world.move_project(elsewhere, "PAY")

    assert 3 == world.readers.tickets.newest_number("PAY")
    assert 0 == world.readers.tickets.newest_number("OPS")


def test_the_create_form_names_type_and_fields(world: World) -> None:
    """The type in any case."""
    form = world.readers.tickets.create_form("PAY", "task")

    assert ("PAY", "Task") == (form.project, form.type)
    assert {"assignee", "duedate", "priority", "labels", "parent"} <= {field.id for field in form.fields}
    assert "High" in form.field("priority").allowed


@pytest.mark.parametrize(("project", "kind"), [("NONE", "Task"), ("PAY", "Chore")])
def test_no_such_project_or_type_is_a_mistake_in_the_mapping(world: World, project: str, kind: str) -> None:
    """And says which."""
    with pytest.raises(ConfigurationError, match=project):
        world.readers.tickets.create_form(project, kind)


def test_only_open_transitions_are_offered_and_done(world: World) -> None:
    """From To Do nothing leads to Done."""
    answer = made(world)
    (start,) = world.readers.tickets.transitions(answer.id)

    assert ("In Progress", Category.DOING) == (start.to.name, start.to.category)
    assert world.writers.tickets.move(answer.id, start.id) is None
    assert "In Progress" == read(world, answer.id).status.name
    assert {"Done"} <= {way.to.name for way in world.readers.tickets.transitions(answer.id)}


def test_a_transition_that_is_not_open_is_refused(world: World) -> None:
    """The ticket stays where it is."""
    answer = made(world)

    assert isinstance(world.writers.tickets.move(answer.id, "31"), Refused)
    assert "To Do" == read(world, answer.id).status.name


@pytest.mark.parametrize("acted", [True, False])
def test_a_transition_without_answer_is_unknown(world: World, *, acted: bool) -> None:
    """NoAnswer, whether it was done or not."""
    answer = made(world)
    world.lose("move", acted=acted)

    with pytest.raises(NoAnswer):
        world.writers.tickets.move(answer.id, "11")
    assert ("In Progress" if acted else "To Do") == read(world, answer.id).status.name


CHANGED = Origin(ORIGIN.site, ORIGIN.page, ORIGIN.item, ORIGIN.attempt, (("due", Base("2027-02-28", "2027-02-28")),))


def test_an_edit_stores_its_values_and_the_origin_together(world: World) -> None:
    """Only the named fields change."""
    answer = made(world)
    values = (("due", "2027-02-28"), ("owner", world.alice), ("priority", "Low"), ("summary", "Add two alerts"))

    assert world.writers.tickets.edit(TicketEdit(answer.id, CHANGED, values)) is None
    ticket = read(world, answer.id)
    assert ("Add two alerts", world.alice, date(2027, 2, 28), "Low") == (
        ticket.summary, ticket.assignee, ticket.due, ticket.priority,
    )  # fmt: skip
    assert CHANGED == ticket.origin


def test_an_edit_of_nothing_stores_the_origin(world: World) -> None:
    """Everything else stays as people left it."""
    answer = made(world)
    world.person_edits(answer.key, summary="Add three alerts")

    assert world.writers.tickets.edit(TicketEdit(answer.id, CHANGED)) is None
    assert ("Add three alerts", CHANGED) == (read(world, answer.id).summary, read(world, answer.id).origin)


def test_an_edit_takes_an_owner_away(world: World) -> None:
    """None is a value."""
    answer = made(world, assignee=world.alice)

    assert world.writers.tickets.edit(TicketEdit(answer.id, CHANGED, (("owner", None),))) is None
    assert read(world, answer.id).assignee is None


def test_a_refused_edit_changes_nothing_at_all(world: World) -> None:
    """Not even the origin; the field is named."""
    answer = made(world)
    refused = world.writers.tickets.edit(
        TicketEdit(answer.id, CHANGED, (("owner", world.noor), ("summary", "Something else")))
    )

    assert isinstance(refused, Refused)
    assert ["assignee"] == [name for name, _ in refused.fields]
    assert ("Add an alert", ORIGIN) == (read(world, answer.id).summary, read(world, answer.id).origin)


def test_an_edit_of_a_ticket_that_is_gone_is_refused(world: World) -> None:
    """Jira definitely changed nothing."""
    answer = made(world)
    world.delete(answer.key)

    assert isinstance(world.writers.tickets.edit(TicketEdit(answer.id, CHANGED)), Refused | NotMade)


@pytest.mark.parametrize("acted", [True, False])
def test_an_edit_without_answer_is_unknown(world: World, *, acted: bool) -> None:
    """Values and origin are both there, or neither."""
    answer = made(world)
    world.lose("edit", acted=acted)

    with pytest.raises(NoAnswer):
        world.writers.tickets.edit(TicketEdit(answer.id, CHANGED, (("due", "2027-02-28"),)))
    ticket = read(world, answer.id)
    assert ((date(2027, 2, 28), CHANGED) if acted else (date(2027, 1, 15), ORIGIN)) == (ticket.due, ticket.origin)


def test_what_people_do_to_a_ticket_is_seen_at_once(world: World) -> None:
    """Reads by id come from the store."""
    world.lag(tickets=60)
    answer = made(world)
    world.transition(answer.key, "Done")
    world.person_edits(answer.key, due=date(2027, 3, 1))
    ticket = read(world, answer.id)

    assert ("Done", Category.DONE, date(2027, 3, 1)) == (ticket.status.name, ticket.status.category, ticket.due)


def test_only_people_with_the_right_are_assignable(world: World) -> None:
    """Asked by account, and told by name."""
    found = world.readers.tickets.assignable("PAY", world.alice)
    assert found is not None
    assert (world.alice, True) == (found.id, found.name.startswith("Alice"))
    assert world.readers.tickets.assignable("PAY", world.noor) is None
