"""The sandbox's search by CQL: what it finds, cuts, leaves out and refuses."""

from __future__ import annotations

import pytest


def pages(sandbox, alice, *titles, **more):
    return [
        sandbox.run(lambda t=title: sandbox.confluence.create_page("PAY", t, "<p>x</p>", alice, **more)).id
        for title in titles
    ]


def test_a_query_with_all_connectives_is_really_evaluated(sandbox, worker, alice):
    """and, or, not and parentheses decide which pages are found."""
    (root,) = pages(sandbox, alice, "Root")
    pages(sandbox, alice, "Below, labelled", parent=root, labels=["post-mortem"])
    pages(sandbox, alice, "Below, skipped", parent=root, labels=["post-mortem", "draft-only"])
    pages(sandbox, alice, "Elsewhere", labels=["post-mortem"])
    cql = f'space = "PAY" and type = page and (ancestor = {root} or id = {root}) and not label in (draft-only)'
    assert ["Root", "Below, labelled"] == worker.search(cql)


@pytest.mark.parametrize(
    ("cql", "found"),
    [
        ('created >= now("-1d")', True),
        ('created < now("-1d")', False),
        ('lastmodified >= "2020-01-01"', True),
        ('lastmodified >= "2020-01-01 10:30"', True),
        ('title ~ "out"', True),
        ('title !~ "out"', False),
        ('title = "outage" and label = "POST-MORTEM"', True),
        ("creator = currentUser()", False),
        ("space not in (OPS, HR)", True),
        ("space != PAY", False),
        ("id in (1, 2)", False),
    ],
)
def test_each_clause_says_what_it_says(worker, page, cql, found):
    """A clause finds the page or does not."""
    assert (["Outage"] if found else []) == worker.search(cql)


@pytest.mark.parametrize(
    "cql",
    [
        "",
        "colour = red",
        "type = page and",
        "space = NOPE",
        'created >= "yesterday"',
        'created >= endOfYear("-1d")',
        "ancestor = Root",
        'label ~ "x"',
        "type = page order by colour",
        "type = page)",
        "label = 'unclosed",
        'title = "a\x07b"',
    ],
)
def test_what_it_cannot_read_is_refused(worker, cql):
    """An unknown field, function, space, order or a broken query is 400, never an empty result."""
    answer = worker("GET", "/wiki/rest/api/content/search", cql=cql)
    assert 400 == answer.status_code
    assert 400 == answer.json()["statusCode"]


def test_a_page_of_results_with_bodies_is_cut_to_50(sandbox, worker, alice):
    """Asking for bodies lowers the limit without a word, and next leads on without the context path."""
    pages(sandbox, alice, *(f"Page {n}" for n in range(60)))
    first = worker.get("/wiki/rest/api/content/search", cql="space = PAY", limit=200, expand="body.storage")
    assert 50 == len(first["results"])
    assert first["_links"]["next"].startswith("/rest/api/content/search?")
    assert first["_links"]["base"].endswith("/wiki")
    second = worker.session.get(first["_links"]["base"] + first["_links"]["next"], timeout=10).json()
    assert 10 == len(second["results"])
    assert "next" not in second["_links"]
    assert 60 == len({each["id"] for each in first["results"] + second["results"]})
    assert all("storage" in each["body"] for each in second["results"])


def test_pages_that_come_and_go_in_between_move_nothing(sandbox, worker, alice):
    """A cursor neither repeats nor skips a page when others are made, saved or trashed meanwhile."""
    ids = pages(sandbox, alice, *(f"Page {n}" for n in range(6)))
    cql = "space = PAY order by lastmodified desc"
    answer = worker.get("/wiki/rest/api/content/search", cql=cql, limit=2)
    seen = [each["id"] for each in answer["results"]]
    sandbox.run(lambda: sandbox.confluence.trash(ids[5]))
    sandbox.run(lambda: sandbox.confluence.person_saves(ids[0], "<p>again</p>", alice))
    pages(sandbox, alice, "New meanwhile")
    while "next" in answer["_links"]:
        answer = worker.session.get(sandbox.confluence_url + answer["_links"]["next"], timeout=10).json()
        seen += [each["id"] for each in answer["results"]]
    assert list(reversed(ids)) == seen


def test_a_cursor_belongs_to_its_query(sandbox, worker, alice):
    """A cursor sent with another query is 400."""
    pages(sandbox, alice, "One", "Two")
    following = worker.get("/wiki/rest/api/content/search", cql="space = PAY", limit=1)["_links"]["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]
    answer = worker("GET", "/wiki/rest/api/content/search", cql="space = OPS", limit=1, cursor=cursor)
    assert 400 == answer.status_code


def test_the_index_lags_behind_the_store(sandbox, worker, page, alice):
    """Search shows the old body, version and property until the lag has passed, while a read by id shows the new ones."""
    sandbox.world.clock.advance(seconds=60)
    sandbox.settings.confluence_lag_seconds = 30
    sandbox.run(lambda: sandbox.confluence.person_saves(page, "<p>new</p>", alice))
    sandbox.run(lambda: sandbox.confluence.add_property(page, "key", {"n": 1}, alice))

    def found():
        expand = "body.storage,version,metadata.properties.key"
        (result,) = worker.get("/wiki/rest/api/content/search", cql=f"id = {page}", expand=expand)["results"]
        return (
            result["version"]["number"],
            "new" in result["body"]["storage"]["value"],
            "key" in result["metadata"]["properties"],
        )

    assert (1, False, False) == found()
    assert 2 == worker.get(f"/wiki/api/v2/pages/{page}")["version"]["number"]
    sandbox.world.clock.advance(seconds=31)
    assert (2, True, True) == found()


def test_a_new_page_is_not_found_before_the_lag_has_passed(sandbox, worker, alice):
    """A search right after a page was made answers 200 with nothing."""
    sandbox.settings.confluence_lag_seconds = 30
    pages(sandbox, alice, "Fresh")
    assert [] == worker.search("space = PAY")
    sandbox.world.clock.advance(seconds=31)
    assert ["Fresh"] == worker.search("space = PAY")


def test_hidden_pages_make_a_page_of_results_short(sandbox, worker, alice):
    """What the caller may not see is left out after the cut, so fewer results than the limit are not the end."""
    ids = pages(sandbox, alice, "One", "Two", "Three")
    sandbox.run(lambda: sandbox.confluence.restrict(ids[0], readers=[alice]))
    first = worker.get("/wiki/rest/api/content/search", cql="space = PAY", limit=2)
    assert ["Two"] == [each["title"] for each in first["results"]]
    assert "next" in first["_links"]


@pytest.mark.parametrize("gone", ["archive", "trash", "purge"])
def test_archived_and_trashed_pages_are_not_found(sandbox, worker, page, gone):
    """Search knows current pages only."""
    sandbox.run(lambda: getattr(sandbox.confluence, gone)(page))
    assert [] == worker.search("space = PAY")


def test_only_what_was_asked_is_expanded(sandbox, worker, page, alice):
    """Without expand there is no body, version, space or property; with it there are labels and restrictions too."""
    bare = worker.get("/wiki/rest/api/content/search", cql=f"id = {page}")["results"][0]
    assert not {"body", "version", "space", "metadata", "restrictions", "history"} & bare.keys()
    sandbox.run(lambda: sandbox.confluence.restrict(page, readers=[alice, sandbox.world.worker.account_id]))
    expand = "space,history,metadata.labels,restrictions.read.restrictions.user,restrictions.read.restrictions.group"
    full = worker.get("/wiki/rest/api/content/search", cql=f"id = {page}", expand=expand)["results"][0]
    assert "PAY" == full["space"]["key"]
    assert ["post-mortem"] == [label["name"] for label in full["metadata"]["labels"]["results"]]
    assert 2 == full["restrictions"]["read"]["restrictions"]["user"]["size"]
    assert 0 == full["restrictions"]["read"]["restrictions"]["group"]["size"]
    assert "body" not in full


def test_search_can_leave_properties_unexpanded(sandbox, worker, page, alice):
    """A site whose search does not answer the expand of properties and restrictions simply leaves them out."""
    sandbox.settings.search_answers_expands = False
    expand = "metadata.properties.key,metadata.labels"
    found = worker.get("/wiki/rest/api/content/search", cql=f"id = {page}", expand=expand)["results"][0]
    assert {"labels", "_expandable"} == found["metadata"].keys()


def test_dates_are_read_in_the_callers_time_zone(sandbox, worker, page):
    """The same date means another instant for a caller whose profile is in another zone."""
    now = sandbox.world.clock.now()
    soon = f"{now:%Y-%m-%d %H:%M}"
    assert ["Outage"] == worker.search(f'created >= "{soon}"') or ["Outage"] == worker.search('created >= now("-2m")')
    sandbox.world.worker.timezone = "America/Los_Angeles"
    assert [] == worker.search(f'created >= "{soon}"')
