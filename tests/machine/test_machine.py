"""Stories of people, troubles and passes in any order: the promises hold at every step, and calm ends in silence."""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.fakes.wire import Fault, Moment, Trouble
from tests.machine.people import TOKEN, Page, People, Tickets, token
from tests.machine.scene import Scene
from worker.model.plan import Hold, Keep, Wait

NUMBERS = st.integers(0, 9)
EDITS = st.tuples(st.sampled_from([*Page, *[Page.ADD, Page.REWORD, Page.DATE] * 3]), NUMBERS, NUMBERS)
ACTS = st.tuples(st.sampled_from([*Tickets, *[Tickets.MOVE, Tickets.DATE] * 3]), NUMBERS, NUMBERS)
CALLS = ("create", "save", "add_property", "replace_property", "edit", "page")
PLACES = st.one_of(
    st.tuples(st.sampled_from(CALLS), st.sampled_from([1, 1, 2])), st.tuples(st.just("*"), st.integers(1, 25))
)
"""At which of a pass' calls something happens: the n-th of one kind, or the n-th of all."""
DISTURBANCES = st.lists(
    st.tuples(st.one_of(st.just("pass"), EDITS, st.sampled_from(Trouble), ACTS), PLACES), min_size=1, max_size=2
)
ORDINARY = {"status": "current", "hidden": False, "read_only": False, "restricted": False}


class Stories(RuleBasedStateMachine):
    """One page of one team, and everything that may happen to it."""

    @initialize(
        pages_behind=st.integers(0, 4),
        tickets_behind=st.sampled_from([0, 4, 30]),
        updates=st.sampled_from(["each change", "category", "daily"]),
        rows=st.integers(1, 4),
        synced=st.booleans(),
    )
    def begin(self, pages_behind: int, tickets_behind: int, updates: str, rows: int, *, synced: bool) -> None:
        """A person writes the page; half of the stories begin after its first pass."""
        self.scene = Scene(
            pages_behind=pages_behind, tickets_behind=tickets_behind, page={"status_updates": updates}
        )  # fmt: skip
        self.people = People(self.scene, "")
        self.people.page = self.scene.write(*(self.people.new_row(number) for number in range(rows)))
        if synced:
            self.time_passes(5)
            self.a_pass_runs()
            self.time_passes(5)

    @rule(edit=EDITS)
    def a_person_edits(self, edit: tuple[Page, int, int]) -> None:
        """Between two passes."""
        self.people.edit(*edit)

    @rule(act=ACTS)
    def a_ticket_changes(self, act: tuple[Tickets, int, int]) -> None:
        """Between two passes."""
        self.people.act(*act)

    @rule(
        state=st.sampled_from([
            {"status": "archived"}, {"status": "trashed"}, {"hidden": True}, {"read_only": True}, {"restricted": True},
            *[ORDINARY] * 3,
        ])
    )  # fmt: skip
    def the_page_changes(self, state: dict) -> None:
        """It is put away, or kept from the worker, or made an ordinary page again."""
        self.scene.world.confluence.change(self.people.page, **state)

    @precondition(lambda self: len(self.scene.world.confluence.pages) < 3)
    @rule()
    def the_page_is_copied(self) -> None:
        """With its keys."""
        confluence = self.scene.world.confluence
        confluence.copy(self.people.page, f"Copy {len(confluence.pages)}")

    @rule(which=NUMBERS)
    def a_page_is_made_the_home_of_its_tickets(self, which: int) -> None:
        """By ``sync --adopt``; which of two pages shows a ticket from now on is no plain matter."""
        pages = list(self.scene.world.confluence.pages)
        if len(pages) > 1:
            self.people.copied |= self.people.tokens()
            self.scene.sync(adopt=frozenset({pages[which % len(pages)]}))
            self.scene.world.clock.tick()

    @rule(field=st.sampled_from(["due", "assignee", "summary"]), refused=st.booleans())
    def jira_is_configured(self, field: str, *, refused: bool) -> None:
        """An admin takes a field off the screens, or puts it back."""
        refuses = self.scene.world.jira.refuses
        refuses.pop(field, None)
        if refused:
            refuses[field] = "it is not on the screen"

    @rule(twin=st.booleans())
    def confluence_has_its_fault(self, *, twin: bool) -> None:
        """Two properties of one key can be made."""
        self.scene.world.confluence.twin_fault = twin

    @rule(ticks=st.sampled_from([1, 3, 8, 14, 40]))
    def time_passes(self, ticks: int) -> None:
        """Searches catch up, and late creates land."""
        self.scene.world.clock.tick(ticks)

    @rule()
    def a_pass_runs(self) -> None:
        """Undisturbed."""
        self.scene.sync()
        self.scene.world.clock.tick()

    @rule(work=st.lists(EDITS, max_size=2), disturbances=DISTURBANCES)
    def a_pass_is_disturbed(self, work: list, disturbances: list) -> None:
        """By trouble, by people or by a whole other pass, at some of its calls; mostly it has something to do."""
        for edit in work:
            self.people.edit(*edit)
        self.scene.world.clock.tick(self.scene.world.confluence.index.lag if work else 0)
        self.scene.sync(*(self._trouble(what, *place) for what, place in disturbances))
        self.scene.world.clock.tick()

    @rule(at=st.sampled_from(CALLS), row=NUMBERS)
    def two_workers_meet(self, at: str, row: int) -> None:
        """Over a new row, at one of the calls that matter."""
        self._add(row)
        self.scene.sync(Moment(self.scene.sync, at))

    @rule(trouble=st.sampled_from([Trouble.LATE, Trouble.LOST, Trouble.NEVER, Trouble.KILLED_AFTER]), row=NUMBERS)
    def a_create_gets_no_answer(self, trouble: Trouble, row: int) -> None:
        """And the next passes come before and after it can have landed."""
        self._add(row)
        self.scene.sync(Fault(trouble, "create"))
        for ticks in (1, 14):
            self.scene.world.clock.tick(ticks)
            self.scene.sync()

    def _add(self, row: int) -> None:
        self.people.edit(Page.ADD, row, row)
        self.scene.world.clock.tick(self.scene.world.confluence.index.lag)

    def _trouble(self, what, name: str, nth: int) -> Fault | Moment:
        match what:
            case Trouble():
                return Fault(what, name, nth)
            case (Page(), _, _):
                return Moment(lambda: self.people.edit(*what), name, nth)
            case (Tickets(), _, _):
                return Moment(lambda: self.people.act(*what), name, nth)
            case _:
                return Moment(self.scene.sync, name, nth)

    @rule()
    def a_plan_is_made(self) -> None:
        """It writes nothing."""
        self.scene.plan()

    @invariant()
    def promises_are_kept(self) -> None:
        """One ticket an item, whoever counts: by the origin, or by what the rows are about."""
        if not hasattr(self, "scene"):
            return
        self.scene.keeps_its_promises()
        births = self.scene.world.jira.births
        about = Counter((draft.origin.page, TOKEN.search(draft.summary)[0]) for _, draft in births)

        assert [] == [name for (_, name), count in about.items() if count > 1 and name not in self.people.copied]

    def _unseen(self) -> set[str]:
        """What those tickets are about that people deleted or hid."""
        jira = self.scene.world.jira
        seen = {each.ticket.id for each in jira.tickets.values() if not each.hidden}
        return {TOKEN.search(draft.summary)[0] for ticket, draft in jira.births if ticket not in seen}

    def teardown(self) -> None:
        """Calm: passes come to rest, and every plain row shows the one ticket it got."""
        if not hasattr(self, "scene"):
            return
        self.the_page_changes(ORDINARY)
        report = self.scene.calm_down()
        self.promises_are_kept()
        changes = [change for page in report.pages for change in page.plan.changes]

        assert [] == [each for each in changes if not isinstance(each, Keep | Hold)]
        assert [] == [each for each in changes if isinstance(each, Hold) and each.wait is Wait.TIME]
        waiting = self.scene.waiting_for_people(report)
        unusual = self.people.copied | self.people.disturbed | self._unseen()
        rows = [each for each in self.scene.read(self.people.page).rows if token(each) not in unusual]
        assert [] == [each.action for each in rows if len(each.keys) != 1 and each.action not in waiting]


def test_promises_hold_in_every_story() -> None:
    """Whatever people, troubles and passes do, and in whatever order."""
    examples = settings().max_examples // 5
    run_state_machine_as_test(Stories, settings=settings(max_examples=examples, stateful_step_count=20))
