"""What becomes of a ticket's text, owner, due date and priority when people change them on either side."""

from __future__ import annotations

from datetime import date

from tests.lifecycle.life import BORN, SHOWN, Life, Lives, blank
from tests.passes.stage import mention, team

DAY = '<time datetime="2027-01-15" />'
LATER = '<time datetime="2027-02-28" />'


def _owner(life: Life, name: str) -> None:
    life.write(1, 1, life.scene.markup(mention(life.account(name))))


def test_reworded_slightly(life: Life, codes: list[str]) -> None:
    """One word in common is enough for the ticket to follow."""
    life.replace("Add an alert", "Add a pager alert")
    life.sync()

    assert codes == life.codes
    assert "Add a pager alert | PAY-1 | To Do" == life.shows()[0]
    assert BORN.replace("Add an alert", "Add a pager alert") == life.tickets()["PAY-1"]


def test_reworded_completely(life: Life, codes: list[str]) -> None:
    """It looks like a new item in an old row, and a person has to say which it is."""
    life.replace("Add an alert", "Hire someone")
    life.sync()

    assert codes == life.codes
    assert "Hire someone | PAY-1 | To Do" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_owner_changed_on_the_page(life: Life, codes: list[str]) -> None:
    """The ticket is assigned anew."""
    _owner(life, "Bob Lindqvist")
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert BORN.replace("Alice Moreau", "Bob Lindqvist") == life.tickets()["PAY-1"]


def test_due_date_changed_on_the_page(life: Life, codes: list[str]) -> None:
    """The ticket gets it."""
    life.replace(DAY, LATER)
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert BORN.replace("2027-01-15", "2027-02-28") == life.tickets()["PAY-1"]


def test_priority_changed_on_the_page(life: Life, codes: list[str]) -> None:
    """By the mapping, or by Jira's own name for it."""
    life.write(1, 3, "Low")
    life.write(2, 3, "P1")
    life.sync()

    assert codes == life.codes
    assert BORN.replace("Highest", "Low") == life.tickets()["PAY-1"]
    assert "Highest" in life.tickets()["PAY-2"]


def test_priority_changed_to_one_nobody_knows(life: Life, codes: list[str]) -> None:
    """It is not sent, what else changed is, and the finding stays, without a write, until the row is mended."""
    life.write(1, 3, "urgent!")
    life.write(1, 2, LATER)
    life.sync()

    assert codes == life.codes
    assert BORN.replace("2027-01-15", "2027-02-28") == life.tickets()["PAY-1"]
    assert "so PAY-1 keeps its priority Highest; write one of P1" in life.messages[0]
    again = life.sync()

    assert codes == life.codes
    assert 0 == again.totals.updated
    life.write(1, 3, "Low")
    life.sync()

    assert [] == life.codes
    assert BORN.replace("2027-01-15", "2027-02-28").replace("Highest", "Low") == life.tickets()["PAY-1"]


def test_owner_changed_in_jira(life: Life, codes: list[str]) -> None:
    """People's cells stay, and the row says what differs."""
    life.jira(lambda jira: jira.assign("PAY-1", life.account("Bob Lindqvist")))
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 (The ticket is assigned to someone else.) | To Do" == life.shows()[0]
    assert BORN.replace("Alice Moreau", "Bob Lindqvist") == life.tickets()["PAY-1"]


def test_due_date_changed_in_jira(life: Life, codes: list[str]) -> None:
    """The row says it, and stops saying it once both sides agree."""
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31"))
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 (The ticket is due 2027-03-31.) | To Do" == life.shows()[0]
    assert BORN.replace("2027-01-15", "2027-03-31") == life.tickets()["PAY-1"]

    life.replace(DAY, '<time datetime="2027-03-31" />')
    life.sync()

    assert SHOWN == life.shows()[0]


def test_text_or_priority_changed_in_jira(life: Life, codes: list[str]) -> None:
    """Rewording a summary is everyday work in Jira, and no news for the page."""
    life.jira(lambda jira: jira.person_edits("PAY-1", summary="Alert on refunds", priority="Low"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert "Alert on refunds, Alice Moreau, 2027-01-15, Low, To Do" == life.tickets()["PAY-1"]


def _both(life: Life) -> None:
    _owner(life, "Bob Lindqvist")
    life.write(1, 2, LATER)
    life.write(1, 3, "High")
    life.replace("Add an alert", "Add two alerts")
    life.jira(lambda jira: jira.assign("PAY-1", life.account("Carla Nunes")))
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31", priority="Low", summary="Alert on refunds"))


def test_changed_on_both_sides(life: Life, codes: list[str]) -> None:
    """The page wins unless the mapping says otherwise, and a finding tells what was on either side."""
    _both(life)
    life.sync()

    assert codes == life.codes
    assert "Add two alerts | PAY-1 | To Do" == life.shows()[0]
    assert "Add two alerts, Bob Lindqvist, 2027-02-28, High, To Do" == life.tickets()["PAY-1"]


def test_changed_alike_on_both_sides(life: Life, codes: list[str]) -> None:
    """They agree, so the next change of one side is a change of one side."""
    life.replace(DAY, LATER)
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-02-28"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    life.replace(LATER, '<time datetime="2027-03-31" />')
    life.sync()

    assert codes == life.codes
    assert BORN.replace("2027-01-15", "2027-03-31") == life.tickets()["PAY-1"]


def test_changed_on_both_sides_where_jira_wins(lives: Lives, codes: list[str]) -> None:
    """The finding stays for as long as the two differ."""
    follow = dict.fromkeys(("summary", "owner", "due", "priority"), "jira")
    with lives(ticket={"project": "PAY", "priority": {"P1": "Highest"}, "follow": follow}) as life:
        _both(life)
        life.sync()

        assert codes == life.codes
        note = "(The ticket is assigned to someone else and is due 2027-03-31.)"
        assert f"Add two alerts | PAY-1 {note} | To Do" == life.shows()[0]
        assert "Alert on refunds, Carla Nunes, 2027-03-31, Low, To Do" == life.tickets()["PAY-1"]


def test_changed_where_nothing_follows(lives: Lives, codes: list[str]) -> None:
    """The mapping says that tickets are never edited after their creation."""
    with lives(ticket={"project": "PAY", "priority": {"P1": "Highest"}, "follow": "off"}) as life:
        life.replace(DAY, LATER)
        life.replace("Add an alert", "Add two alerts")
        life.sync()

        assert codes == life.codes
        assert "Add two alerts | PAY-1 (The ticket is due 2027-01-15.) | To Do" == life.shows()[0]
        assert BORN == life.tickets()["PAY-1"]


def test_owner_due_date_and_priority_emptied(life: Life, codes: list[str]) -> None:
    """What is no longer said is no instruction."""
    for column in (1, 2, 3):
        life.write(1, column, "")
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_owner_emptied_where_the_team_has_a_default(lives: Lives, codes: list[str]) -> None:
    """The default is for new tickets."""
    with lives(owners={"default": "557058:22220000-0000-4000-8000-0000000000b0"}) as life:
        life.write(1, 1, "")
        life.sync()

        assert codes == life.codes
        assert SHOWN == life.shows()[0]
        assert BORN == life.tickets()["PAY-1"]


def test_assignee_and_due_date_taken_away_in_jira(life: Life, codes: list[str]) -> None:
    """A person did that, not Jira."""
    life.jira(lambda jira: jira.person_edits("PAY-1", assignee=None, due=None))
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 (The ticket has no assignee and has no due date.) | To Do" == life.shows()[0]
    assert "Add an alert, nothing, nothing, Highest, To Do" == life.tickets()["PAY-1"]


def test_due_date_made_ambiguous(lives: Lives, codes: list[str]) -> None:
    """It is not guessed, and not passed over in silence either."""
    with lives(due={"day_first": None}) as life:
        life.replace(DAY, "3/4")
        life.sync()

        assert codes == life.codes
        note = "(The ticket stays due 2027-01-15 (“3/4” cannot be read for sure, write one like 2026-12-31).)"
        assert f"Add an alert | PAY-1 {note} | To Do" == life.shows()[0]
        assert BORN == life.tickets()["PAY-1"]


def test_owner_changed_to_a_name_nobody_knows(life: Life, codes: list[str]) -> None:
    """Names are not looked up."""
    life.write(1, 1, "Robin")
    life.sync()

    assert codes == life.codes
    note = "(The ticket keeps its assignee (“Robin” is not known here, mention them with @).)"
    assert f"Add an alert | PAY-1 {note} | To Do" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_owner_changed_to_someone_who_cannot_be_assigned(life: Life, codes: list[str]) -> None:
    """Jira is asked before, once."""
    _owner(life, "Noor Visiting")
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 (The ticket is assigned to someone else.) | To Do" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_alias_added_for_a_name_nobody_knew(lives: Lives, codes: list[str]) -> None:
    """What could not be read when the ticket was made is made up for, but not over what people did meanwhile."""
    with lives() as life:
        added = "".join(blank(text).replace("<p></p>", "<p>DBA team</p>", 1) for text in ("Page them", "Thank them"))
        life.edit(lambda body: body.replace("</tbody>", f"{added}</tbody>"))
        life.sync()
        assert "Page them, nothing, nothing, Medium, To Do" == life.tickets()["PAY-4"]
        life.jira(lambda jira: jira.person_edits("PAY-5", assignee=life.account("Alice Moreau")))
        bob = life.account("Bob Lindqvist")
        life.scene.mapping = team(owners={"aliases": {"DBA team": bob}}, due={"day_first": True, "default_after": "4w"})
        life.sync()

        assert codes == life.codes
        assert "Page them, Bob Lindqvist, nothing, Medium, To Do" == life.tickets()["PAY-4"]
        assert "Thank them, Alice Moreau, nothing, Medium, To Do" == life.tickets()["PAY-5"]
        assert "Page them | PAY-4 | To Do" == life.shows()[3]
        assert "(The ticket is assigned to someone else.)" in life.shows()[4]


def test_mapping_reads_a_date_or_priority_otherwise(lives: Lives, codes: list[str]) -> None:
    """A corrected mapping corrects its tickets, as long as nobody did so in Jira."""
    with lives(ticket={"project": "PAY", "priority": {"P1": "High"}}) as life:
        life.replace(DAY, "3/4/2027")
        life.sync()
        assert "Add an alert, Alice Moreau, 2027-04-03, High, To Do" == life.tickets()["PAY-1"]
        life.scene.mapping = team(due={"day_first": False})
        life.sync()

        assert codes == life.codes
        assert "Add an alert, Alice Moreau, 2027-03-04, Highest, To Do" == life.tickets()["PAY-1"]
        assert SHOWN == life.shows()[0]


def test_mapping_reads_otherwise_what_was_changed_in_jira(lives: Lives, codes: list[str]) -> None:
    """The row did not change, so nobody's word stands against Jira's."""
    with lives() as life:
        life.replace(DAY, "3/4/2027")
        life.sync()
        life.jira(lambda jira: jira.person_edits("PAY-1", due=date(2027, 5, 1), priority=jira.priority("Low").id))
        priorities = {"project": "PAY", "priority": {"P1": "High"}}
        life.scene.mapping = team(ticket=priorities, due={"day_first": False})
        life.sync()

        assert codes == life.codes
        assert "2027-05-01" in life.tickets()["PAY-1"]
        assert "Add an alert | PAY-1 (The ticket is due 2027-05-01.) | To Do" == life.shows()[0]


def test_defaults_project_or_type_changed_in_the_mapping(lives: Lives, codes: list[str]) -> None:
    """Tickets that exist keep what they have."""
    with lives() as life:
        life.edit(lambda body: body.replace("</tbody>", f"{blank('Page them')}</tbody>"))
        life.sync()
        before = life.tickets()
        life.scene.mapping = team(
            ticket={"project": "OPS", "type": "Bug", "priority": {"P1": "Highest"}},
            owners={"default": life.account("Bob Lindqvist")},
            due={"day_first": True, "default_after": "4w"},
        )
        life.sync()

        assert codes == life.codes
        assert before == life.tickets()


def test_owner_leaves_the_company(life: Life, codes: list[str]) -> None:
    """Jira keeps the assignee, and so does the worker until somebody names another."""
    life.scene.sandbox.world.people.named("Alice Moreau").active = False
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]
