"""Every race in a row of its own: whatever happens at whichever port call, one ticket a row, and then silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.fakes.confluence import SITE
from tests.fakes.wire import Fault, Moment, Trouble, Wire
from tests.machine.laws import LOZENGE, WORDS
from tests.machine.scene import LAG, Scene, calls_of, team
from tests.machine.sheet import STATUS, TICKET, Task, row, sheet
from worker.model.claim import Claim, Claims
from worker.model.page import Property
from worker.model.plan import Create
from worker.model.report import Exit
from worker.reconcile.claims import KEY, PER_PROPERTY, decode, encode
from worker.survey import Team

TOKENS = ("alert", "runbook", "Rotate", "bank")
"""One for each row there ever is, whatever else it says."""


PAGES = {"labels": ["post-mortem"], "since": date(2020, 1, 1), "quiet": 0}


def started() -> Scene:
    """A page with two rows and no ticket yet."""
    scene = Scene()
    scene.write(row("Add an alert", "557058:alice"), row("Write the runbook"))
    return scene


def changed() -> Scene:
    """The same page synced; then a date changed, a row came, and one ticket was moved along."""
    scene = started()
    scene.sync()
    page = the_page(scene)
    first, second = scene.read(page).rows
    scene.save(
        page, with_rows(scene, first.with_cell(2, '<time datetime="2027-02-28" />'), second, row("Rotate the key"))
    )
    scene.world.jira.person_edits("PAY-2", status="In Progress")
    return scene


def the_page(scene: Scene) -> str:
    """The only page."""
    (page,) = scene.world.confluence.pages
    return page


def with_rows(scene: Scene, *rows):
    """The page with other rows."""
    return replace(scene.read(the_page(scene)), rows=rows)


def with_tasks(scene: Scene, page: str, *tasks: Task) -> None:
    """Somebody saves the page with these tasks."""
    scene.save(page, replace(scene.read(page), tasks=tasks))


def settles(scene: Scene) -> None:
    """Every row gets exactly one ticket, which the page shows, and all is silent."""
    scene.laws.hold()
    scene.calm_down()
    for each in scene.read(the_page(scene)).rows:
        assert 1 == len(each.keys), each
        assert [1] == [scene.births(token) for token in TOKENS if token in each.action]


SCENES = pytest.mark.parametrize("scene", [started, changed])


@SCENES
@pytest.mark.parametrize("trouble", list(Trouble))
def test_trouble_at_any_call(scene: Callable[[], Scene], trouble: Trouble) -> None:
    """The worker dies, or an answer does not come, at each of a pass' calls."""
    for number in calls_of(scene):
        disturbed = scene()
        disturbed.sync(Fault(trouble, nth=number))
        settles(disturbed)


@SCENES
@pytest.mark.parametrize("trouble", list(Trouble))
def test_trouble_at_any_call_and_another_pass_at_once(scene: Callable[[], Scene], trouble: Trouble) -> None:
    """The next pass comes right after it, before the lag is over and before a late create has landed."""
    for number in calls_of(scene):
        disturbed = scene()
        disturbed.world.jira.index.lag = 3 * LAG
        disturbed.sync(Fault(trouble, nth=number))
        disturbed.world.clock.tick()
        disturbed.sync()
        settles(disturbed)


@SCENES
def test_two_passes_at_once(scene: Callable[[], Scene]) -> None:
    """A second worker does a whole pass in the middle of the first one's, at any of its calls."""
    for number in calls_of(scene):
        disturbed = scene()
        disturbed.sync(Moment(disturbed.sync, nth=number))
        settles(disturbed)


@SCENES
def test_a_worker_that_pauses_at_any_call(scene: Callable[[], Scene]) -> None:
    """It is halted for longer than the lag, and another one does meanwhile whatever there is to do."""
    for number in calls_of(scene):
        halted = scene()
        halted.sync(Moment(lambda halted=halted: _whatever_there_is_to_do(halted), nth=number))
        settles(halted)


def _whatever_there_is_to_do(scene: Scene) -> None:
    for ticks in (LAG + 2, 1):
        scene.sync()
        scene.world.clock.tick(ticks)


def _twins(scene: Scene, ids: str) -> None:
    """Confluence lets two properties of one key be made, the later one with the higher or the lower id; or does not."""
    scene.world.confluence.twin_fault = ids != "one"
    scene.world.confluence.ids_fall = ids == "falling"


@SCENES
@pytest.mark.parametrize("ids", ["one", "rising", "falling"])
def test_two_passes_at_once_while_search_is_behind(scene: Callable[[], Scene], ids: str) -> None:
    """The second worker's plan knows nothing of the first one's claim, so only the property itself stops it."""
    for number in calls_of(scene):
        disturbed = scene()
        _twins(disturbed, ids)
        disturbed.world.confluence.index.lag = 3
        disturbed.world.clock.tick(3)
        disturbed.sync(Moment(lambda disturbed=disturbed: _after_a_tick(disturbed), nth=number))
        settles(disturbed)


@pytest.mark.parametrize("ids", ["rising", "falling"])
@pytest.mark.parametrize("trouble", [Trouble.KILLED_AFTER, Trouble.LOST, Trouble.NEVER])
@pytest.mark.parametrize("name", ["add_property", "properties", "withdraw_property"])
def test_a_twin_property_that_nobody_withdraws(name: str, trouble: Trouble, ids: str) -> None:
    """The second worker makes it and dies, or hears nothing; whoever writes next mends it, and no ticket is doubled."""
    for number in calls_of(started):
        disturbed = started()
        _twins(disturbed, ids)
        disturbed.world.confluence.index.lag = 3
        disturbed.world.clock.tick(3)
        second = Moment(lambda there=disturbed: there.sync(Fault(trouble, name)), nth=number)
        disturbed.sync(second)
        for _ in range(3):
            disturbed.world.clock.tick()
            disturbed.sync()
        settles(disturbed)


@pytest.mark.parametrize("ids", ["rising", "falling"])
@pytest.mark.parametrize("name", ["properties", "page", "create", "tickets", "replace_property", "save"])
def test_both_workers_die_beside_twin_properties(name: str, ids: str) -> None:
    """What is left are two properties that nobody will ever withdraw; the next passes make one of them."""
    for nth in (1, 2):
        left = started()
        _twins(left, ids)
        left.world.confluence.index.lag = 3
        left.world.clock.tick(3)
        second = Moment(lambda there=left: there.sync(Fault(Trouble.KILLED_AFTER, "add_property")), name, nth)
        left.sync(second, Fault(Trouble.KILLED_AFTER, name, nth))
        left.world.clock.tick()
        left.sync()
        settles(left)


def test_workers_that_claim_in_the_same_instant_both_begin_anew() -> None:
    """Neither finds its property alone, so both withdraw theirs, and the next try has no rival."""
    scene, wire = started(), Wire()
    _twins(scene, "falling")
    confluence, page = scene.world.confluence, the_page(scene)
    theirs: list[Property] = []
    scene.sync(
        Moment(lambda: theirs.append(confluence.add_property(page, KEY, {"v": 1})), "properties"),
        Moment(lambda: confluence.withdraw_property(page, theirs[0]), "withdraw_property"),
        wire=wire,
    )

    assert 2 == wire.calls.count("add_property")
    assert 2 == len(scene.world.jira.births)
    settles(scene)


def _after_a_tick(scene: Scene) -> None:
    scene.world.clock.tick()
    scene.sync()


@SCENES
def test_two_passes_at_once_with_twin_properties(scene: Callable[[], Scene]) -> None:
    """The same while Confluence lets two properties of one key be made."""
    for number in calls_of(scene):
        disturbed = scene()
        disturbed.world.confluence.twin_fault = True
        disturbed.sync(Moment(disturbed.sync, nth=number))
        settles(disturbed)


@SCENES
def test_a_person_saves_at_any_call(scene: Callable[[], Scene]) -> None:
    """What the person wrote is there afterwards, whenever it was."""
    for number in calls_of(scene):
        disturbed = scene()

        def save(disturbed: Scene = disturbed) -> None:
            page = the_page(disturbed)
            first, *more = disturbed.read(page).rows
            disturbed.save(
                page, with_rows(disturbed, *more, row("Call the bank"), first.with_cell(0, "Add an alert now"))
            )

        disturbed.sync(Moment(save, nth=number))
        settles(disturbed)

        assert "Call the bank" in disturbed.world.confluence.body(the_page(disturbed))
        assert "Add an alert now" in disturbed.world.confluence.body(the_page(disturbed))


def test_a_row_that_is_deleted_before_its_create_gets_no_ticket() -> None:
    """The page is read between claim and create."""
    scene = started()

    def delete() -> None:
        page = the_page(scene)
        scene.save(page, with_rows(scene, scene.read(page).rows[1]))

    scene.sync(Moment(delete, "add_property"))
    settles(scene)

    assert 0 == scene.births("alert")


def test_a_late_create_is_waited_for() -> None:
    """A create without answer lands just within the lag; until then nothing is concluded from its absence."""
    scene = started()
    scene.sync(Fault(Trouble.LATE, "create"))
    for _ in range(LAG):
        scene.world.clock.tick()
        scene.sync()
    settles(scene)


def test_a_lost_create_is_found_though_search_lags_behind() -> None:
    """The key scan finds what search does not know yet."""
    scene = started()
    scene.world.jira.index.lag = 10 * LAG
    scene.sync(Fault(Trouble.LOST, "create"))
    scene.world.clock.tick(LAG + 2)
    scene.sync()

    assert 2 == len(scene.world.jira.births)
    settles(scene)


def test_a_create_that_never_happened_is_repeated_after_the_lag_and_not_before() -> None:
    """Two looks agree that nothing was made."""
    scene = started()
    scene.sync(Fault(Trouble.NEVER, "create"))
    scene.world.clock.tick(LAG)
    scene.sync()

    assert [] == scene.world.jira.births
    scene.world.clock.tick(2)
    scene.sync()

    assert 2 == len(scene.world.jira.births)


def test_no_answer_to_a_create_is_not_followed_by_another_in_the_same_pass() -> None:
    """One bulk request a pass and page, whatever became of it."""
    scene, wire = started(), Wire()
    scene.sync(Fault(Trouble.NEVER, "create"), wire=wire)

    assert 1 == wire.calls.count("create")


@pytest.mark.parametrize("name", ["create_form", "newest_number"])
def test_a_project_without_answer_is_no_trouble_of_another(name: str) -> None:
    """Another team's tickets are made in the same pass, and the pass does not end well."""
    scene = started()
    scene.world.confluence.create("Night shift", sheet(row("Call the bank")).markup(), space="OPS")
    other = team(team="Operations", ticket={"project": "OPS"}, pages={**PAGES, "space": "OPS"})
    scene.teams = (Team(other, "operations.yaml"), *scene.teams)
    report = scene.sync(Fault(Trouble.NEVER, name))

    assert report is not None
    assert Exit.FAILED == report.exit
    assert ["PAY", "PAY"] == [draft.project for _, draft in scene.world.jira.births]


def test_a_cleared_key_comes_back() -> None:
    """The claim remembers the ticket, so clearing its key makes no second one."""
    scene = started()
    scene.sync()
    page = the_page(scene)
    scene.save(page, with_rows(scene, *(each.with_cell(TICKET, "") for each in scene.read(page).rows)))
    settles(scene)


def test_a_deleted_ticket_is_not_made_again() -> None:
    """404 means gone or hidden, and is no instruction; also where the key is cleared."""
    scene = started()
    scene.sync()
    scene.world.jira.delete("PAY-1")
    scene.calm_down()
    page = the_page(scene)
    first, second = scene.read(page).rows
    scene.save(page, with_rows(scene, first.with_cell(TICKET, ""), second))
    scene.calm_down()

    assert 2 == len(scene.world.jira.births)


@pytest.mark.parametrize("became", ["deleted", "hidden", "done"])
def test_a_new_task_with_the_number_of_a_former_one_is_held_until_it_is_written_anew(became: str) -> None:
    """It takes neither a ticket that nobody can see nor one that is done, and a number of its own gets it a ticket."""
    scene = Scene()
    alert, runbook = Task(1, False, "<span>Add an alert</span>"), Task(2, False, "<span>Write the runbook</span>")
    page = scene.write(tasks=(alert, runbook))
    scene.sync()
    jira = scene.world.jira
    end = {"deleted": jira.delete, "hidden": jira.hide, "done": lambda key: jira.person_edits(key, status="Done")}
    end[became]("PAY-2")
    scene.calm_down()
    words = "<span>Write the runbook for refunds</span>"
    with_tasks(scene, page, scene.read(page).tasks[0], Task(2, False, words))
    report = scene.calm_down()

    held = scene.read(page).tasks[1]
    assert {"Write the runbook for refunds"} == scene.waiting_for_people(report)
    assert ((), False) == (held.keys, held.ticked)
    with_tasks(scene, page, scene.read(page).tasks[0], held, Task(3, False, words))
    with_tasks(scene, page, scene.read(page).tasks[0], Task(3, False, words))
    scene.calm_down()

    assert [("PAY-1",), ("PAY-3",)] == [each.keys for each in scene.read(page).tasks]


def test_a_clone_with_the_origin_does_not_take_the_row() -> None:
    """Of two tickets with one origin the lower id is the row's, also where the claim never learned it."""
    scene = started()
    scene.sync(Fault(Trouble.KILLED_AFTER, "create"))
    clone = scene.world.jira.clone("PAY-1", with_properties=True)
    scene.calm_down()

    assert clone.key not in scene.world.confluence.body(the_page(scene))
    assert [("PAY-1",), ("PAY-2",)] == [each.keys for each in scene.read(the_page(scene)).rows]


def test_a_reworded_row_without_key_or_editor_id_gets_no_key() -> None:
    """However similar it is to one that is gone: similarity never writes a key."""
    scene = started()
    scene.sync()
    page = the_page(scene)
    _, second = scene.read(page).rows
    scene.save(page, with_rows(scene, row("Add an alert soon"), second))
    scene.calm_down()

    assert ("PAY-1",) not in [each.keys for each in scene.read(page).rows]


def test_a_row_reworded_before_its_key_stands_there_gets_no_second_ticket() -> None:
    """It has no key to keep yet, so it waits for a person where its words are as like as those of a row with its key."""
    scene = started()
    scene.sync(Fault(Trouble.KILLED_BEFORE, "save"))
    page = the_page(scene)
    _, second = scene.read(page).rows
    scene.save(page, with_rows(scene, row("Alert on latency"), second))
    report = scene.calm_down()

    assert {"Alert on latency"} == scene.waiting_for_people(report)
    assert 2 == len(scene.world.jira.births)


@pytest.mark.parametrize("column", [TICKET, STATUS])
@pytest.mark.parametrize("words", [WORDS, LOZENGE])
def test_a_persons_words_in_an_own_cell_stay(column: int, words: str) -> None:
    """Whatever becomes of the ticket."""
    scene = started()
    scene.sync()
    page = the_page(scene)
    first, second = scene.read(page).rows
    scene.save(page, with_rows(scene, first.with_cell(column, words), second))
    scene.sync()
    scene.world.jira.person_edits("PAY-1", status="In Progress")
    scene.calm_down()

    assert f"<p>{words}</p>" == without_ids(scene.read(page).rows[0].cells[column])


def without_ids(markup: str) -> str:
    """Markup without what Confluence adds."""
    return re.sub(r' ac:(?:local-id|macro-id)="[^"]*"', "", markup)


def test_what_a_person_changed_on_the_ticket_stays() -> None:
    """As long as the row does not change too."""
    scene = started()
    scene.sync()
    scene.world.jira.person_edits("PAY-1", due=date(2027, 3, 31), assignee="557058:bob")
    scene.calm_down()

    assert date(2027, 3, 31) == scene.world.jira.ticket("PAY-1").due
    assert "557058:bob" == scene.world.jira.ticket("PAY-1").assignee


def test_plan_says_what_sync_would_create_and_writes_nothing() -> None:
    """It is handed readers only."""
    scene = started()
    report = scene.plan()

    assert 2 == sum(isinstance(change, Create) for page in report.pages for change in page.plan.changes)
    assert [] == scene.world.jira.births


def test_what_a_person_changed_stays_while_a_lost_create_is_looked_for() -> None:
    """Search shows the ticket as it was before; what was read by its id counts."""
    scene = started()
    scene.sync()
    page = the_page(scene)
    first, second = scene.read(page).rows
    scene.save(page, with_rows(scene, first.with_cell(2, '<time datetime="2027-02-28" />'), second))
    scene.world.clock.tick(20)
    scene.world.jira.index.lag = 15
    scene.sync()
    scene.world.jira.person_edits("PAY-1", due=date(2027, 3, 31))
    scene.save(page, with_rows(scene, *scene.read(page).rows, row("Rotate the key")))
    scene.sync(Fault(Trouble.NEVER, "create"))
    scene.world.clock.tick()
    scene.sync()

    assert date(2027, 3, 31) == scene.world.jira.ticket("PAY-1").due
    settles(scene)


def test_a_lost_create_that_is_found_follows_its_row_at_once() -> None:
    """The ticket is read for the first time right before it is edited: until then only search knew it."""
    scene = started()
    scene.sync(Fault(Trouble.LOST, "create"))
    page = the_page(scene)
    first, second = scene.read(page).rows
    scene.save(page, with_rows(scene, first.with_cell(2, '<time datetime="2027-02-28" />'), second))
    scene.world.clock.tick()
    scene.sync()

    assert date(2027, 2, 28) == scene.world.jira.ticket("PAY-1").due
    settles(scene)


def test_what_a_person_changed_after_an_edit_stays() -> None:
    """The worker's own edit is the new base on both sides."""
    scene = changed()
    scene.sync()
    scene.world.jira.person_edits("PAY-1", due=date(2027, 3, 31))
    scene.calm_down()

    assert date(2027, 3, 31) == scene.world.jira.ticket("PAY-1").due


def test_a_worker_that_dies_after_its_save_knows_its_own_cells() -> None:
    """It noted what it would write before it wrote it, so the next status replaces the one it showed."""
    scene = started()
    scene.sync(Fault(Trouble.KILLED_AFTER, "save"))
    scene.world.jira.person_edits("PAY-1", status="In Progress")
    scene.calm_down()

    assert ["In Progress", "To Do"] == [
        re.findall(r'ac:name="title">([^<]*)<', each.cells[STATUS])[0] for each in scene.read(the_page(scene)).rows
    ]


def test_a_ticket_that_was_reopened_is_not_closed_by_a_worker_that_was_slower() -> None:
    """Another worker stored the mark and asked first, and a person had reopened the ticket by then."""
    scene = Scene()
    page = scene.world.confluence.create("T", sheet(tasks=(Task(1, False, "<span>Add an alert</span>"),)).markup())
    scene.calm_down()
    scene.world.jira.person_edits("PAY-1", status="In Progress")
    scene.calm_down()
    before = scene.read(page)
    scene.save(page, replace(before, tasks=(replace(before.tasks[0], ticked=True),)))

    def another_worker_and_a_person() -> None:
        scene.sync()
        assert "Done" == scene.world.jira.ticket("PAY-1").status.name
        scene.world.jira.person_edits("PAY-1", status="In Progress")

    scene.sync(Moment(another_worker_and_a_person, name="replace_property", nth=1))
    scene.calm_down()

    assert "In Progress" == scene.world.jira.ticket("PAY-1").status.name


def test_a_claim_that_stops_between_two_properties_holds_no_row() -> None:
    """No create followed what the first one got of it, so the next try of the same pass claims the rows anew."""
    scene = started()
    page = the_page(scene)
    old = tuple(Claim(f"{number:010x}", None, f"{number:016x}", f"{number:08x}") for number in range(PER_PROPERTY - 1))
    (value,) = encode(Claims(SITE, page, (), old))
    scene.world.confluence.add_property(page, KEY, value)
    scene.sync(Fault(Trouble.NEVER, "add_property"))

    assert 2 == len(scene.world.jira.births)
    settles(scene)


def test_a_second_create_without_answer_is_remembered_whoever_writes_claims_meanwhile() -> None:
    """Jira refused a field of the first one; the claims are read anew, and keep the attempt that came after."""
    scene = Scene(due={"day_first": True, "default_after": None})
    page = scene.write(row("Add an alert"), row("Write the runbook").with_cell(2, ""))
    scene.world.jira.refuses["due"] = "it is not on the screen"
    confluence = scene.world.confluence

    def rewrite() -> None:
        (stored,) = confluence.properties(page, KEY)
        confluence.replace_property(page, stored, stored.value)

    scene.sync(Fault(Trouble.LOST, "create", nth=2), Moment(rewrite, "replace_property", nth=2))
    (stored,) = confluence.properties(page, KEY)
    known = decode([stored.value], site=SITE, page=page)

    assert isinstance(known, Claims)
    assert [1, 0] == [len(claim.attempts) for claim in known.items]
    settles(scene)
