"""Who gets a ticket."""

from __future__ import annotations

import pytest

from tests.reconcile.made import row, task
from worker.mapping.model import Owners
from worker.model.item import Mention, Stranger, WrittenName
from worker.reconcile.owners import resolve_owners

ALIASES = Owners(aliases={"On-call  lead": "557058:1", "@DBA team": "557058:2"})
A, B = Mention("712020:a"), Mention("712020:b")


@pytest.mark.parametrize(
    ("owners", "assignee", "others", "codes"),
    [
        ((A,), "712020:a", (), []),
        ((A, B), "712020:a", ("712020:b",), ["owner-several"]),
        ((A, A), "712020:a", (), []),
        ((WrittenName("on-call lead"),), "557058:1", (), []),
        ((WrittenName("@On-Call \n Lead"),), "557058:1", (), []),
        ((WrittenName("dba TEAM"),), "557058:2", (), []),
        ((WrittenName("Bo"),), None, ("Bo",), ["owner-unknown"]),
        ((WrittenName("Bo"), A), "712020:a", ("Bo",), ["owner-several", "owner-unknown"]),
        (
            (WrittenName("Bo"), WrittenName("Cy")),
            None,
            ("Bo", "Cy"),
            ["owner-several", "owner-unknown", "owner-unknown"],
        ),
        ((), None, (), ["owner-missing"]),
        ((WrittenName("TBD"),), None, (), ["owner-missing"]),
        ((WrittenName("n/a"), B), "712020:b", (), []),
    ],
)
def test_the_first_owner_who_is_known_gets_the_ticket(owners, assignee, others, codes):
    """Mentions and aliases are known, everybody else is named and reported."""
    reading = resolve_owners(row(owners=owners), ALIASES)
    assert (assignee, others, codes) == (reading.assignee, reading.others, [each.code for each in reading.findings])


def test_a_stranger_is_unknown_and_the_sentence_shows_the_key():
    """Whom Confluence does not know gets no ticket, and an alias for the key makes up for it."""
    someone = row(owners=(Stranger("8a7f02"), A))
    reading = resolve_owners(someone, Owners())
    assert ("712020:a", ("8a7f02",)) == (reading.assignee, reading.others)
    assert ["owner-several", "owner-unknown"] == [each.code for each in reading.findings]
    assert "(8a7f02)" in reading.findings[1].message
    assert "owners.aliases" in reading.findings[1].message
    assert "alice" == resolve_owners(someone, Owners(aliases={"8A7F02": "alice"})).assignee


def test_a_display_name_is_never_looked_up():
    """A written name that looks like an account is still no account."""
    assert resolve_owners(row(owners=(WrittenName("712020:a"),)), Owners()).assignee is None


def test_the_default_gets_what_nobody_is_named_for():
    """A row without an owner goes to the default account, without a finding."""
    reading = resolve_owners(row(owners=()), Owners(default="557058:9"))
    assert ("557058:9", ()) == (reading.assignee, reading.findings)


def test_the_default_does_not_replace_somebody_unknown():
    """Whoever wrote a name meant that person, so the default account stays out of it."""
    reading = resolve_owners(row(owners=(WrittenName("Bo"),)), Owners(default="557058:9"))
    assert (None, ["owner-unknown"]) == (reading.assignee, [each.code for each in reading.findings])


def test_an_unknown_owner_is_reported_with_the_way_out():
    """The message names the place, the name and both remedies."""
    (finding,) = resolve_owners(row(line=3, owners=(WrittenName("Bo"),)), Owners()).findings
    assert (
        "Row 4 of “Action items” names owner “Bo”, whose Jira account is not known: mention the person with @ in its owner "
        "cell, or add the name to owners.aliases in the mapping."
    ) == finding.message


def test_a_task_has_no_owner_cell():
    """The message about a task tells where in a task an owner goes."""
    (finding,) = resolve_owners(task(owners=()), Owners()).findings
    assert "mention someone with @ in the task" in finding.message


def test_a_table_without_owners_asks_for_a_column():
    """There is no cell in which a row could name its owner."""
    (finding,) = resolve_owners(row(owners=(), has_owner_column=False), Owners()).findings
    assert (
        "Row 1 of “Action items” has no owner, so its ticket is assigned to nobody: add an owner column or set owners.default "
        "in the mapping."
    ) == finding.message


@pytest.mark.parametrize(
    ("owners", "title_only", "outcome"),
    [
        ((A, B), False, "the first one whose account is known gets the ticket, the others are named in it."),
        ((A, B), True, "the first one whose account is known gets the ticket."),
        ((WrittenName("Bo"), WrittenName("Cy")), False, "the ticket names them all and is assigned to nobody."),
        ((WrittenName("Bo"), WrittenName("Cy")), True, "the ticket is assigned to nobody."),
    ],
)
def test_several_owners_are_reported_with_what_becomes_of_them(owners, title_only, outcome):
    """A ticket that may only say the page's title names nobody."""
    finding = resolve_owners(row(owners=owners), Owners(), title_only=title_only).findings[0]
    assert (
        f"Row 1 of “Action items” names several owners: {outcome} Leave one owner, or split the item."
        == finding.message
    )
