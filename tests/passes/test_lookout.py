"""A lost create is looked for twice, and its absence counts only late and only when both looks agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from tests.reconcile.made import NOW, PAGE, attempt, claim, claims, row, ticket
from worker.errors import RemoteError
from worker.model.page import Account
from worker.model.ticket import CreateForm, Ticket
from worker.observe import look_for_lost

LAG = timedelta(seconds=300)
EARLIER = NOW - timedelta(hours=1)


@dataclass
class Project:
    """A Jira project whose search may know less than its store, and whose keys are sequential."""

    tickets_by_number: dict[int, Ticket] = field(default_factory=dict)
    searchable: set[int] = field(default_factory=set)
    search_works: bool = True
    scanned: list[str] = field(default_factory=list)
    site: str = "https://acme.atlassian.net"
    longest_scan: int = 10_000

    def closed(self) -> None:
        return None

    def whoami(self) -> Account:
        return Account("bot", "Bot")

    def tickets(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        assert len(refs) <= 100
        self.scanned.extend(refs)
        by_key = {each.key: each for each in self.tickets_by_number.values()}
        return {ref: by_key[ref] for ref in refs if ref in by_key}

    def search(self, project: str, label: str, since: date) -> Iterator[Ticket]:
        if not self.search_works:
            raise RemoteError("search is down")
        yield from (self.tickets_by_number[number] for number in sorted(self.searchable))

    def newest_number(self, project: str) -> int:
        return max(self.searchable, default=0)

    def create_form(self, project: str, type_name: str) -> CreateForm:
        raise NotImplementedError

    def assignable(self, project: str, account: str) -> Account | None:
        raise NotImplementedError

    def now(self) -> datetime:
        return NOW + timedelta(days=1)


OPEN = claims(claim(row(), "aa", attempts=("n1",)), attempts=(attempt("n1", EARLIER, newest=40),))


def test_nothing_is_asked_without_open_claims() -> None:
    """A pass in which no create is in doubt costs no look."""
    jira = Project()
    look_for_lost(jira, [claims(claim(row(), "aa", ticket="10001"))], LAG, NOW)

    assert [] == jira.scanned


def test_a_ticket_that_search_knows_is_found() -> None:
    """The search is one look."""
    ours = ticket(41, item="aa")
    found = look_for_lost(Project({41: ours}, {41}), [OPEN], LAG, NOW)

    assert {(PAGE, "aa"): ours} == found.found


def test_a_ticket_that_search_does_not_know_is_found_by_its_key() -> None:
    """The key scan reads from the store, from the newest key known at claim time on."""
    ours = ticket(173, item="aa")
    found = look_for_lost(Project({173: ours}, set()), [OPEN], LAG, NOW)

    assert {(PAGE, "aa"): ours} == found.found


def test_absence_counts_when_both_looks_agree_and_the_lag_has_passed() -> None:
    """Only then may the item be tried again."""
    jira = Project({50: ticket(50)}, {50})
    found = look_for_lost(jira, [OPEN], LAG, NOW)

    assert {(PAGE, "aa")} == found.absent
    assert "PAY-41" == jira.scanned[0]
    assert "PAY-250" in jira.scanned  # 200 absent keys beyond the newest


def test_absence_does_not_count_while_the_create_may_be_under_way() -> None:
    """A claim younger than the lag waits."""
    young = replace(OPEN, attempts=(attempt("n1", NOW - LAG, newest=40),))

    assert not look_for_lost(Project(), [young], LAG, NOW).absent


def test_the_clock_of_jira_says_nothing_of_a_claims_age() -> None:
    """An attempt bears Confluence's time, and a Jira whose clock is a day ahead makes it no older."""
    fresh = replace(OPEN, attempts=(attempt("n1", NOW, newest=40),))

    assert Project().now() - NOW > LAG
    assert not look_for_lost(Project(), [fresh], LAG, NOW).absent


def test_absence_does_not_count_when_a_look_fails() -> None:
    """An incomplete search proves nothing."""
    assert not look_for_lost(Project(search_works=False), [OPEN], LAG, NOW).absent


def test_a_claim_that_is_too_many_tickets_old_is_left_to_a_person() -> None:
    """A scan has an end, and what it did not reach is not absent."""
    jira = Project({20_000: ticket(20_000)}, {20_000})

    assert not look_for_lost(jira, [OPEN], LAG, NOW).absent


@pytest.mark.parametrize(("made_since", "complete"), [(99, True), (100, True), (101, False)])
def test_a_scan_key_by_key_reads_three_hundred_at_most(made_since: int, complete: bool) -> None:
    """Where every key is a request of its own: those made since and 200 absent ones, and then a person is asked."""
    newest = 40 + made_since
    jira = Project({newest: ticket(newest)}, {newest}, longest_scan=300)
    looked = look_for_lost(jira, [OPEN], LAG, NOW)

    assert min(made_since + 200, 300) == len(jira.scanned)
    assert complete == bool(looked.absent)
    assert complete == (not looked.errors)
    assert all("at most 300 keys" in each for each in looked.errors)


def test_of_two_tickets_with_one_origin_the_lowest_id_is_ours() -> None:
    """A clone copies the origin and has a higher id."""
    original, clone = ticket(41, item="aa"), ticket(42, item="aa")
    found = look_for_lost(Project({41: original, 42: clone}, {41, 42}), [OPEN], LAG, NOW)

    assert original == found.found[PAGE, "aa"]


def test_a_ticket_of_another_page_is_not_ours() -> None:
    """The origin names the page."""
    found = look_for_lost(Project({41: ticket(41, item="aa", page="99")}, {41}), [OPEN], LAG, NOW)

    assert {} == found.found


def test_every_attempt_has_to_be_older_than_the_lag() -> None:
    """A second, young attempt keeps the claim waiting."""
    twice = claims(
        claim(row(), "aa", attempts=("n1", "n2")), attempts=(attempt("n1", EARLIER), attempt("n2", NOW - LAG / 2))
    )

    assert not look_for_lost(Project(), [twice], LAG, NOW).absent
