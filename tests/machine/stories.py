"""Stories of people, troubles and passes in any order: the laws hold at every step, and calm ends in silence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.fakes.jira import STATUSES
from tests.fakes.wire import Fault, Moment, Trouble
from tests.machine.laws import about
from tests.machine.people import Claims, Page, People, Tickets
from tests.machine.scene import LAG, Scene
from tests.machine.sheet import STATUS, Row, Task
from worker.model.plan import Hold, Keep, Wait
from worker.model.report import Report
from worker.model.ticket import Category

NUMBERS = st.integers(0, 9)
EDITS = st.tuples(st.sampled_from([*Page, *[Page.ADD, Page.REWORD, Page.DATE] * 3]), NUMBERS, NUMBERS)
ACTS = st.tuples(st.sampled_from([*Tickets, *[Tickets.MOVE, Tickets.DATE] * 3]), NUMBERS, NUMBERS)
CALLS = ("create", "save", "add_property", "replace_property", "edit", "page")
PLACES = st.one_of(
    st.tuples(st.sampled_from(CALLS), st.sampled_from([1, 1, 2])), st.tuples(st.just("*"), st.integers(1, 25))
)
"""At which of a pass' calls something happens: the n-th of one kind, or the n-th of all."""
RIVALS = st.one_of(
    st.just(("pass",)),
    st.just(("pause",)),
    st.tuples(st.just("pass"), st.sampled_from(Trouble), st.sampled_from(CALLS)),
)
"""Another pass, whole or with trouble of its own; or one while the first is halted for longer than the lag."""
UNANSWERED = st.sampled_from([Trouble.LATE, Trouble.LOST, Trouble.NEVER, Trouble.KILLED_AFTER])
"""What can happen to a create."""
DISTURBANCES = st.lists(
    st.tuples(st.one_of(RIVALS, EDITS, st.sampled_from(Trouble), ACTS, st.sampled_from(Claims)), PLACES),
    min_size=1,
    max_size=2,
)
TITLE = re.compile(r'ac:name="title">([^<]*)<')
ORDINARY = {"status": "current", "hidden": False, "read_only": False, "restricted": False}
STRANGE = ({"status": "archived"}, {"status": "trashed"}, {"hidden": True}, {"read_only": True}, {"restricted": True})


class Stories(RuleBasedStateMachine):
    """Pages of one team, people who work on the first of them, and everything that may happen."""

    @initialize(
        pages_behind=st.integers(0, 4),
        tickets_behind=st.sampled_from([0, 4, 30, 30]),
        updates=st.sampled_from(["each change", "each change", "category", "daily", "never"]),
        quiet=st.sampled_from([0, 0, 0, 1]),
        limit=st.sampled_from([30, 30, 2]),
        rows=st.integers(1, 4),
        tasks=st.integers(0, 2),
        synced=st.booleans(),
    )
    def begin(
        self, pages_behind: int, tickets_behind: int, updates: str, quiet: int, limit: int, rows: int, tasks: int, *,
        synced: bool,
    ) -> None:  # fmt: skip
        """A person writes the page; half of the stories begin after its first pass."""
        self.updates = updates
        self.scene = Scene(
            pages_behind=pages_behind,
            tickets_behind=tickets_behind,
            page={"status_updates": updates},
            pages={"quiet": f"{quiet}m" if quiet else 0},
            limits={"new_tickets_per_page": limit, "new_tickets_per_run": limit + 1},
        )
        self.people = People(self.scene, "")
        self.people.page = self._write(rows, tasks)
        if synced:
            self.time_passes(70 if quiet else 5)
            self.a_pass_runs()
            self.time_passes(5)

    def _write(self, rows: int, tasks: int = 0) -> str:
        new = self.people
        return self.scene.write(
            *(new.new_row(n) for n in range(rows)), tasks=tuple(new.new_task() for _ in range(tasks))
        )

    # -- what people do ----------------------------------------------------------------------------------------------

    @rule(edit=EDITS)
    def a_person_edits(self, edit: tuple[Page, int, int]) -> None:
        """Between two passes."""
        self.people.edit(*edit)

    @rule(act=ACTS)
    def a_ticket_changes(self, act: tuple[Tickets, int, int]) -> None:
        """Between two passes."""
        self.people.act(*act)

    @rule(what=st.sampled_from(Claims))
    def a_script_goes_wrong(self, what: Claims) -> None:
        """Over the claims of the page."""
        self.people.script(what)

    @rule(state=st.sampled_from([*STRANGE, *[ORDINARY] * 3]))
    def the_page_changes(self, state: dict) -> None:
        """It is put away, or kept from the worker, or made an ordinary page again."""
        self.scene.world.confluence.change(self.people.page, **state)

    @precondition(lambda self: len(self.scene.world.confluence.pages) < 3)
    @rule(whole=st.booleans())
    def the_page_is_copied(self, *, whole: bool) -> None:
        """With its keys, and perhaps with its claims."""
        confluence = self.scene.world.confluence
        confluence.copy(self.people.page, f"Copy {len(confluence.pages)}", properties=whole)

    @rule(which=NUMBERS)
    def a_page_is_made_the_home_of_its_tickets(self, which: int) -> None:
        """By ``sync --adopt``; which of two pages shows a ticket from now on is no plain matter."""
        pages = list(self.scene.world.confluence.pages)
        if len(pages) > 1:
            self.scene.laws.excused |= self.people.tokens()
            self.scene.sync(adopt=frozenset({pages[which % len(pages)]}))
            self.scene.world.clock.tick()

    @rule()
    def a_page_is_approved(self) -> None:
        """By ``sync --approve``."""
        self.scene.sync(approve=frozenset({self.people.page}))
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

    # -- passes ------------------------------------------------------------------------------------------------------

    @rule(ticks=st.sampled_from([1, 3, 8, 14, 40, 70]))
    def time_passes(self, ticks: int) -> None:
        """Searches catch up, late creates land, and pages grow quiet."""
        self.scene.world.clock.tick(ticks)

    @rule()
    def a_plan_is_made(self) -> None:
        """It writes nothing."""
        self.scene.plan()

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
        if work:
            self._seen_by_search()
        self.scene.sync(*(self._trouble(what, *place) for what, place in disturbances))
        self.scene.world.clock.tick()

    @rule(at=st.sampled_from(CALLS), row=NUMBERS, rival=RIVALS, fresh=st.booleans())
    def two_workers_meet(self, at: str, row: int, rival: tuple, *, fresh: bool) -> None:
        """Over a new row, or over a page that is new, at one of the calls that matter."""
        if fresh and len(self.scene.world.confluence.pages) < 4:
            self._write(1 + row % 2)
            self._seen_by_search()
        else:
            self._add(row)
        self.scene.sync(self._trouble(rival, at, 1))

    @precondition(lambda self: len(self.scene.world.confluence.pages) < 4)
    @rule(trouble=UNANSWERED, twin=st.sampled_from([True, True, False]))
    def two_workers_claim_a_new_page(self, trouble: Trouble, *, twin: bool) -> None:
        """In the same instant, so that each makes the page's first claim; one of them hears nothing of its create."""
        self._write(1)
        self._seen_by_search()
        self.scene.world.confluence.twin_fault = twin
        self.scene.sync(Moment(lambda: self.scene.sync(Fault(trouble, "create")), "add_property"))

    @rule(row=NUMBERS, at=st.sampled_from(["page", "create", "create"]))
    def a_worker_is_halted_behind_its_claim(self, row: int, at: str) -> None:
        """Others conclude that it made nothing, and then it goes on."""
        self._add(row)
        self.scene.sync(Moment(self._others_work_on, at))

    @rule(
        trouble=UNANSWERED,
        row=NUMBERS,
        cloned=st.booleans(),
    )
    def a_create_gets_no_answer(self, trouble: Trouble, row: int, *, cloned: bool) -> None:
        """And the next passes come before and after it can have landed; a clone of it may be older news than itself."""
        self._add(row)
        self.scene.sync(Fault(trouble, "create"))
        if cloned:
            self.people.act(Tickets.CLONE_ALL, len(self.scene.world.jira.tickets) - 1, 0)
        for ticks in (1, 4, 10):
            self.scene.world.clock.tick(ticks)
            self.scene.sync()

    @rule(edit=EDITS)
    def a_person_is_faster_than_the_save(self, edit: tuple[Page, int, int]) -> None:
        """The page that is about to be saved has a new version."""
        self._add(0)
        self.scene.sync(Moment(lambda: self.people.edit(*edit), "save"))

    @rule()
    def a_row_goes_while_it_is_claimed(self) -> None:
        """The page is read again between claim and create, so it gets no ticket."""
        self._add(0)
        gone = about(self.scene.read(self.people.page).rows[0].action)
        struck = []

        def goes() -> None:
            sheet = self.scene.read(self.people.page)
            self.scene.save(
                self.people.page, replace(sheet, rows=tuple(each for each in sheet.rows if about(each.action) != gone))
            )
            struck.append(gone)

        claimed = self.scene.world.confluence.pages[self.people.page].properties
        self.scene.sync(Moment(goes, "replace_property" if claimed else "add_property"))
        made = {about(draft.summary) for _, draft in self.scene.world.jira.births}

        assert made.isdisjoint(struck)

    @rule(which=NUMBERS, deleted=st.booleans())
    def a_ticket_goes_and_then_its_key(self, which: int, *, deleted: bool) -> None:
        """A ticket that nobody can see is no reason to make another one."""
        rows = self.scene.read(self.people.page).rows
        keyed = [number for number, each in enumerate(rows) if each.keys]
        if keyed:
            which = keyed[which % len(keyed)]
            jira, key = self.scene.world.jira, rows[which].keys[0]
            if jira.id_of(key) in jira.tickets:
                jira.delete(key) if deleted else jira.hide(key)
            self.people.edit(Page.CLEAR, which, 0)
            self._seen_by_search()
            self.scene.sync()

    @rule(which=NUMBERS, how=NUMBERS)
    def a_row_changes_and_then_its_ticket(self, which: int, how: int) -> None:
        """The ticket follows the row, and what a person makes of it afterwards stays."""
        self.people.edit(Page.DATE, which, how)
        self._seen_by_search()
        self.scene.sync()
        rows, jira = self.scene.read(self.people.page).rows, self.scene.world.jira
        for key in rows[which % len(rows)].keys[:1] if rows else ():
            if jira.id_of(key) in jira.tickets:
                jira.person_edits(key, due=date(2027, 6, 1 + how))
        self.scene.sync()

    @rule(which=NUMBERS)
    def a_row_makes_place_for_another(self, which: int) -> None:
        """Which may seem to be the old one in other words, and is not."""
        self.people.edit(Page.REPLACE, which, 0)
        self._seen_by_search()
        self.scene.sync()

    @rule(what=st.sampled_from([Page.WORDS, Page.LOZENGE]), which=NUMBERS, how=NUMBERS)
    def a_person_writes_where_the_worker_does(self, what: Page, which: int, how: int) -> None:
        """And then the ticket has another status, which is to be shown there."""
        self.people.edit(what, which, how)
        for status in (how, how + 1):
            self.people.act(Tickets.MOVE, which, status)
        self._seen_by_search()
        self.scene.sync()

    @rule(status=NUMBERS)
    def a_worker_dies_after_its_save(self, status: int) -> None:
        """It showed a status that its successor has to know for its own."""
        self.people.act(Tickets.MOVE, status, status)
        self.scene.sync(Fault(Trouble.KILLED_AFTER, "save"))
        self.scene.world.clock.tick()

    def _add(self, row: int) -> None:
        self.people.edit(Page.ADD, row, row)
        self._seen_by_search()

    def _seen_by_search(self) -> None:
        self.scene.world.clock.tick(max(self.scene.world.confluence.index.lag, self.scene.quiet))

    def _trouble(self, what, name: str, nth: int) -> Fault | Moment:
        match what:
            case Trouble():
                return Fault(what, name, nth)
            case Claims():
                return Moment(lambda: self.people.script(what), name, nth)
            case (Page(), _, _):
                return Moment(lambda: self.people.edit(*what), name, nth)
            case (Tickets(), _, _):
                return Moment(lambda: self.people.act(*what), name, nth)
            case ("pass", trouble, at):
                return Moment(lambda: self.scene.sync(Fault(trouble, at)), name, nth)
            case ("pause",):
                return Moment(self._others_work_on, name, nth)
            case _:
                return Moment(self.scene.sync, name, nth)

    def _others_work_on(self) -> None:
        """As long as one worker is halted: until another concludes that what it claimed was never made."""
        for ticks in (1, LAG + 2, 1):
            self.scene.sync()
            self.scene.world.clock.tick(ticks)

    # -- what holds --------------------------------------------------------------------------------------------------

    @invariant()
    def laws_hold(self) -> None:
        """After every step."""
        if hasattr(self, "scene"):
            self.scene.laws.hold()
            assert len(self.scene.world.jira.worker_moves) <= self.people.ticks

    def teardown(self) -> None:
        """Calm: passes come to rest, every plain item shows the one ticket it got, and each how far its ticket is."""
        if not hasattr(self, "scene"):
            return
        self.the_page_changes(ORDINARY)
        self.people.script(Claims.MEND)
        report = self.scene.calm_down()
        self.laws_hold()
        changes = [change for page in report.pages for change in page.plan.changes]

        assert [] == [each for each in changes if not isinstance(each, Keep | Hold)]
        assert [] == [each for each in changes if isinstance(each, Hold) and each.wait is Wait.TIME]
        sheet, waiting = self.scene.read(self.people.page), self.scene.waiting_for_people(report)
        items = [each for each in (*sheet.rows, *sheet.tasks) if self._is_plain(each) and each.action not in waiting]
        assert [] == [each.action for each in items if len(each.keys) != 1 and not getattr(each, "ticked", False)]
        if not self._is_held(report):
            assert [] == [each for each in items if each.keys and not self._shows_its_status(each)]

    def _is_plain(self, item: Row | Task) -> bool:
        jira = self.scene.world.jira
        seen = {each.ticket.id for each in jira.tickets.values() if not each.hidden}
        unseen = {about(draft.summary) for ticket, draft in jira.births if ticket not in seen}
        return about(item.action) not in self.scene.laws.excused | self.people.disturbed | unseen

    def _is_held(self, report: Report) -> bool:
        """Whether people are to look first, so that statuses may be as they were."""
        holds = [each for page in report.pages for each in page.plan.changes if isinstance(each, Hold)]
        return any(each.wait.imposed for each in holds)

    def _shows_its_status(self, item: Row | Task) -> bool:
        if self.updates in ("never", "daily"):
            return True
        status = self.scene.world.jira.ticket(item.keys[0]).status
        titles = TITLE.findall(item.cells[STATUS] if isinstance(item, Row) else item.body)
        if isinstance(item, Task) and (status.category is Category.DONE) > item.ticked:
            return False
        if self.updates == "category":
            return [status.category] == [STATUSES[title].category for title in titles]
        return [status.name] == titles
