"""What people are told when a search is refused, or finds less than they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.passes.stage import Stage, actions, stage, team
from worker.errors import ConfigurationError, RemoteError
from worker.mapping.model import TeamMapping
from worker.searches import Search, notices, trouble, unselected
from worker.terms import Scope

BEGINNING = "Page 7 is not among the pages that the mappings select: "


def mapping(**pages: object) -> TeamMapping:
    return team(pages={"since": "2026-11-01", "skip_labels": [], **pages})


def search(left_out: Mapping[str, str] = {}, found: int = 0, failed: bool = False, name: str = "Payments") -> Search:
    return Search(team(team=name), f"{name.lower()}.yaml", "type = page", found, left_out, failed)


@pytest.mark.parametrize(
    ("pages", "said", "key"),
    [
        ({"cql": "space = PAYY"}, "Could not parse cql : no space with key 'PAYY'", "pages.cql"),
        ({"space": "PAY", "under": "7"}, "No content found for ancestor 7", "pages.under"),
        ({"space": "PAY", "labels": ["a"]}, "", "pages.space, pages.labels and pages.since"),
    ],
)
def test_refused_query_names_its_key(pages: dict[str, object], said: str, key: str) -> None:
    """A query that Confluence refuses is told with the file and the key that it probably comes from."""
    told = trouble(mapping(**pages), "a.yaml", "q", RemoteError("long", status=400, said=said))

    assert told.startswith(
        f"a.yaml: Confluence refuses the search that {key} asks for: {said or 'it gave no reason'}. "
    )
    assert told.endswith(" The query, a day early to be right in every time zone, was: q")


@pytest.mark.parametrize(
    ("space", "told"),
    [
        ("PAYY", "pages.space PAYY does not exist, or is hidden"),
        (["PAY", "PAYY"], "pages.space PAYY does not exist, or is hidden"),
        (["ONE", "TWO"], "pages.space ONE and TWO do not exist, or are hidden"),
    ],
)
def test_a_space_that_is_not_there_is_told_in_words_of_the_mapping(space: object, told: str) -> None:
    """With what to do, and without the query, which nobody wrote."""
    error = RemoteError("long", status=400, said="Could not parse cql : no space with key 'PAYY'")

    assert (
        f"a.yaml: {told} from the worker's account. Correct it there (the KEY in the space's addresses, "
        "…/spaces/KEY/…), or let the account view it; `postmortem-sync check --live` suggests names."
    ) == trouble(mapping(space=space), "a.yaml", "q", error)


def test_other_trouble_is_no_fault_of_the_mapping() -> None:
    """A server that is down is told as it is."""
    assert (
        "Payments: the search for its pages failed (down). The query, a day early to be right in every time zone, was: q"
        == trouble(team(), "a.yaml", "q", RemoteError("down", status=503))
    )


@pytest.mark.parametrize(
    ("searches", "teams", "scope", "expected"),
    [
        (
            [
                search(
                    left_out={
                        "7": "“Outage” was created on 2026-10-31, before pages.since (2026-11-01) (payments.yaml)"
                    }
                )
            ],
            {},
            Scope(pages=frozenset("7")),
            f"{BEGINNING}“Outage” was created on 2026-10-31, before pages.since (2026-11-01) (payments.yaml). Change that",
        ),
        (
            [search()],
            {},
            Scope(pages=frozenset("7")),
            f"{BEGINNING}no mapping's search finds it. What counts is pages.",
        ),
        ([search(found=1)], {}, Scope(adopt=frozenset("7")), f"{BEGINNING}no mapping's search finds it."),
        (
            [search(found=1)],
            {"7": "Payments"},
            Scope(pages=frozenset("7"), teams=frozenset({"Checkout"})),
            "Page 7 is a page of Payments, which --team leaves out.",
        ),
        (
            [search(found=1)],
            {"8": "Payments"},
            Scope(pages=frozenset("8"), approve=frozenset("7")),
            "Page 7 is not among those that --page names, so it was not looked at.",
        ),
        (
            [search()],
            {},
            Scope(),
            "Payments has no pages: Confluence finds none. If there should be some, look at pages.",
        ),
        (
            [search(left_out={"7": "", "8": ""})],
            {},
            Scope(),
            "Payments has no pages: what Confluence finds (2) is left out by",
        ),
    ],
)
def test_notices_say_which_condition_fails(
    searches: list[Search], teams: dict[str, str], scope: Scope, expected: str
) -> None:
    """Whoever asks for a page, or has none at all, learns where on the way it was lost."""
    [told] = notices(searches, teams, scope, {})

    assert told.startswith(expected)


def test_nothing_is_noticed_where_nothing_is_amiss() -> None:
    """A team with pages, a team that is not asked for and a search that failed have no notice."""
    others = [search(found=3), search(name="Checkout"), search(failed=True)]

    assert () == notices(others, {"7": "Payments"}, Scope(teams=frozenset({"Payments"}), approve=frozenset("7")), {})


@pytest.fixture
def payments(deployment: str) -> Stage:
    """A sandbox with the Payments team."""
    with stage(deployment) as scene:
        yield scene


def test_skipped_page_is_told_as_such(payments: Stage) -> None:
    """A page that bears a label to skip is told when it is asked for by its number."""
    page = payments.page(actions("Alert on the queue"))
    payments.as_person(lambda who: payments.sandbox.confluence.add_labels(page.id, ["no-ticket-sync"], who))

    [told] = payments.plan(pages=frozenset({page.id})).notices

    assert told == (
        f"Page {page.id} is not among the pages that the mappings select: “Checkout outage” bears the label no-ticket-sync "
        "of pages.skip_labels (payments.yaml). Change that, if the page is to be selected."
    )


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"labels": ["retro"]}, "lacks the label post-mortem"),
        ({"space": "OPS"}, "is in the space OPS now"),
        ({"space": "OPS", "labels": ["retro"]}, "is in the space OPS now and lacks the label post-mortem"),
    ],
)
def test_a_page_asked_for_is_told_what_keeps_it_out(payments: Stage, written: dict[str, Any], why: str) -> None:
    """One more search looks at it, and a pass over pages that are all found sends none."""
    mine, other = payments.page(actions("One")), payments.page(actions("Two"), title="Elsewhere", **written)

    calm = payments.plan(pages=frozenset({mine.id}))
    asked = payments.plan(pages=frozenset({mine.id, other.id}))

    [told] = asked.notices
    assert f": “Elsewhere” {why} (payments.yaml). Change that" in told
    assert () == calm.notices
    assert calm.requests + 1 == asked.requests


def test_a_page_from_before_the_mappings_day_is_told_its_day(deployment: str) -> None:
    """Whoever asks for it reads when it was created, and since when pages count."""
    with stage(deployment, pages={"space": "PAY", "labels": ["post-mortem"], "since": "2099-01-01"}) as scene:
        page = scene.page(actions("One"))
        day = scene.sandbox.confluence.page(page.id).created_at.date()
        [told] = scene.plan(pages=frozenset({page.id})).notices

    assert f"“Checkout outage” was created on {day}, before pages.since (2099-01-01) (payments.yaml)." in told


@pytest.mark.parametrize("option", ["approve", "adopt"])
def test_a_page_to_be_treated_apart_has_to_be_of_the_pass(payments: Stage, option: str) -> None:
    """A number that no team's pages have is told before anything is written, also not on other pages."""
    payments.page(actions("Alert on the queue"))

    with pytest.raises(ConfigurationError) as told:
        payments.sync(**{option: frozenset({"999999"})})

    [sentence] = told.value.problems
    assert sentence.startswith(f"--{option}: Page 999999 is not among the pages that the mappings select: no mapping's")
    assert (0, []) == (payments.sandbox.writes, payments.issues())


def test_nobody_is_contradicted_while_a_search_fails() -> None:
    """The page may be among those that it would have found."""
    assert () == unselected([search(failed=True), search(found=1)], {}, Scope(approve=frozenset("7")), {})
