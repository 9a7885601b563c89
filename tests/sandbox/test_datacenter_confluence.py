"""What Confluence of the sandbox's Data Center answers, its refusals above all."""

from __future__ import annotations

import pytest

from tests.sandbox.datacenter_site import BODY, Site, datacenter_site
from worker.sandbox.settings import Settings

KEY = "postmortem-sync"
LABELLED = 'space = "PAY" and label = "post-mortem"'


def swapped(value: object, number: int, key: str = KEY) -> dict[str, object]:
    return {"key": key, "value": value, "version": {"number": number}}


# -- reading -------------------------------------------------------------------------------------------------------


def test_a_page_shows_what_was_asked_to_be_expanded(datacenter: Site) -> None:
    """Without a word history, space and version; with one only that, and the rest by name."""
    page = datacenter.page()
    plain = datacenter.confluence.get(f"content/{page.id}")
    body = datacenter.confluence.get(f"content/{page.id}", expand="body.storage")

    assert {"history", "space", "version"} <= plain.keys()
    assert "body" in plain["_expandable"]
    assert body["body"]["storage"]["value"] == page.body
    assert "version" not in body
    assert plain["_links"]["base"] == datacenter.sandbox.confluence_url


def test_people_are_named_by_user_name_and_key(datacenter: Site) -> None:
    """Either finds them; the account id of Cloud is nowhere."""
    page, alice = datacenter.page(), datacenter.person("Alice Moreau")
    by = datacenter.confluence.get(f"content/{page.id}", expand="version")["version"]["by"]

    assert (by["username"], by["userKey"], by["displayName"]) == ("alice", alice.userkey, "Alice Moreau")
    for wanted in ({"username": "alice"}, {"key": alice.userkey}):
        assert datacenter.confluence.get("user", **wanted)["userKey"] == alice.userkey
    assert alice.account_id not in str(datacenter.confluence.get(f"content/{page.id}"))


@pytest.mark.parametrize(
    ("wanted", "status"), [({"key": "nobody"}, 404), ({"username": "nobody"}, 404), ({}, 400)]
)  # fmt: skip
def test_people_who_are_not_there(datacenter: Site, wanted: dict[str, str], status: int) -> None:
    """Unknown ones are 404; asking for nobody is a mistake."""
    assert datacenter.confluence.status("GET", "user", **wanted) == status


def test_what_is_gone_hidden_or_in_the_trash_is_404(datacenter: Site) -> None:
    """Only a status that is asked for brings back what is in the trash."""
    hidden, trashed = datacenter.page(title="Hidden"), datacenter.page(title="Trashed")
    alice = datacenter.person("Alice Moreau").account_id
    confluence = datacenter.sandbox.confluence
    datacenter.sandbox.run(lambda: confluence.restrict(hidden.id, readers=[alice]))
    datacenter.sandbox.run(lambda: confluence.trash(trashed.id))

    assert [datacenter.confluence.status("GET", f"content/{i}") for i in ("999", hidden.id, trashed.id)] == [404] * 3
    assert datacenter.confluence.get(f"content/{trashed.id}", status="any")["status"] == "trashed"
    assert datacenter.confluence.status("GET", f"content/{hidden.id}", status="any") == 404
    assert datacenter.confluence.status("GET", "content/abc") == 400


# -- finding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expand", "most"),
    [({"expand": "body.storage,version"}, 50), ({"expand": "version"}, 200), ({}, 1000)],
)
def test_parts_of_a_search_are_capped_by_what_is_expanded(datacenter: Site, expand: dict[str, str], most: int) -> None:
    """Without a word; the next part begins after as many as were asked for, not as came."""
    for number in range(60):
        datacenter.page(title=f"Outage {number}")
    found = datacenter.confluence.get("content/search", cql=LABELLED, limit=55, **expand)
    wide = datacenter.confluence.get("content/search", cql=LABELLED, limit=5000, **expand)

    assert (found["limit"], found["size"]) == (min(55, most), min(55, most))
    assert "start=55" in found["_links"]["next"]
    assert wide["limit"] == most


def test_a_search_goes_on_by_position(datacenter: Site) -> None:
    """The last part has no next."""
    for number in range(3):
        datacenter.page(title=f"Outage {number}")
    first = datacenter.confluence.get("content/search", cql=f"{LABELLED} order by title", limit=2)
    last = datacenter.confluence.get("content/search", cql=f"{LABELLED} order by title", limit=2, start=2)

    assert [page["title"] for page in (*first["results"], *last["results"])] == [f"Outage {n}" for n in range(3)]
    assert ("next" in first["_links"], "next" in last["_links"]) == (True, False)
    assert first["_links"]["next"].startswith("/rest/api/content/search?")


@pytest.mark.parametrize(
    "query", ["foo = 1", "space = NOPE", "label =", 'creator = "nobody"', "created > yesterday", ""]
)
def test_a_query_that_cannot_be_read_is_400(datacenter: Site, query: str) -> None:
    """In the envelope of v1."""
    refused = datacenter.confluence("GET", "content/search", cql=query)

    assert refused.status_code == 400
    assert refused.json()["statusCode"] == 400


def test_properties_and_restrictions_come_along(datacenter: Site) -> None:
    """A property's version only where that is asked for too."""
    page, alice = datacenter.page(), datacenter.person("Alice Moreau")
    worker = datacenter.sandbox.world.worker
    datacenter.confluence("PUT", f"content/{page.id}/property/{KEY}", swapped({"v": 1}, 1))
    datacenter.sandbox.run(
        lambda: datacenter.sandbox.confluence.restrict(page.id, readers=[alice.account_id, worker.account_id])
    )
    asked = f"metadata.properties.{KEY},restrictions.read.restrictions.user,restrictions.read.restrictions.group"
    (bare,) = datacenter.confluence.get("content/search", cql=LABELLED, expand=asked)["results"]
    dated = f"{asked},metadata.properties.{KEY}.version"
    (whole,) = datacenter.confluence.get("content/search", cql=LABELLED, expand=dated)["results"]

    assert bare["metadata"]["properties"][KEY]["value"] == {"v": 1}
    assert "version" not in bare["metadata"]["properties"][KEY]
    assert whole["metadata"]["properties"][KEY]["version"]["number"] == 1
    named = bare["restrictions"]["read"]["restrictions"]
    assert sorted(user["username"] for user in named["user"]["results"]) == ["alice", "postmortem-sync"]
    assert named["group"]["results"] == []


def test_nodes_learn_of_a_page_one_after_the_other() -> None:
    """A session stays on its node; a caller without one meets them in turn."""
    with datacenter_site(Settings(nodes=2, other_nodes_lag_seconds=60)) as site:
        site.page()
        site.confluence.session.cookies.clear()

        def sizes(cookie: str) -> list[int]:
            site.confluence.session.headers["Cookie"] = cookie
            return [site.confluence.get("content/search", cql=LABELLED)["size"] for _ in range(3)]

        assert sizes("JSESSIONID=A1.node0") == [1, 1, 1]
        assert sizes("JSESSIONID=A1.node1") == [0, 0, 0]
        assert sorted(sizes("a=b")[:2]) == [0, 1]


# -- saving --------------------------------------------------------------------------------------------------------


def test_the_next_version_is_saved_quietly(datacenter: Site) -> None:
    """A minor edit mails nobody, and the answer holds the stored body."""
    page = datacenter.page()
    saved = datacenter.save(page, 2, "<p>new</p>")

    assert (saved.status_code, saved.json()["version"]["number"], saved.json()["version"]["minorEdit"]) == (
        200,
        2,
        True,
    )
    assert saved.json()["body"]["storage"]["value"] == page.body == "<p>new</p>"
    assert datacenter.sandbox.confluence.mails == []
    datacenter.save(page, 3, version={"number": 3})
    assert [mail.to for mail in datacenter.sandbox.confluence.mails] == [datacenter.person("Alice Moreau").account_id]


def test_the_answer_to_a_save_may_hold_no_body() -> None:
    """No description says whether it does."""
    with datacenter_site(Settings(save_answers_body=False)) as site:
        assert "body" not in site.save(site.page(), 2).json()


@pytest.mark.parametrize("number", [1, 3])
def test_another_version_is_a_conflict(datacenter: Site, number: int) -> None:
    """It says which one is current, and nothing changes."""
    page = datacenter.page()
    refused = datacenter.save(page, number)

    assert refused.status_code == 409
    assert "Version must be incremented on update. Current version is: 1" in refused.json()["message"]
    assert len(page.versions) == 1


@pytest.mark.parametrize(
    "over",
    [
        {"type": None}, {"type": "blogpost"}, {"title": None}, {"title": " "}, {"title": "x" * 256}, {"version": None},
        {"version": {"number": "2"}}, {"version": {"number": True}}, {"status": "draft"}, {"id": "7"},
        {"body": {"storage": {"value": "<p>x</p>", "representation": "wiki"}}},
        {"body": {"storage": {"value": "<p>x</td>", "representation": "storage"}}},
        {"body": {"storage": {"value": "&nbsp;<foo:x/>", "representation": "storage"}}},
    ],
)  # fmt: skip
def test_a_save_that_lacks_something_is_400(datacenter: Site, over: dict[str, object]) -> None:
    """And saves nothing."""
    page = datacenter.page()

    assert datacenter.save(page, 2, **over).status_code == 400
    assert len(page.versions) == 1


def test_a_taken_title_is_400(datacenter: Site) -> None:
    """Titles are unique in a space, whatever their case."""
    page = datacenter.page()
    datacenter.page(title="Other")

    assert datacenter.save(page, 2, title="OTHER").status_code == 400


def test_who_may_not_edit_is_told(datacenter: Site) -> None:
    """403 where the page can be seen, 404 where it cannot; no access, no difference to a page that is not there."""
    seen, hidden = datacenter.page(), datacenter.page(title="Hidden")
    alice = datacenter.person("Alice Moreau").account_id
    datacenter.sandbox.run(lambda: datacenter.sandbox.confluence.restrict(seen.id, editors=[alice]))
    datacenter.sandbox.run(lambda: datacenter.sandbox.confluence.restrict(hidden.id, readers=[alice]))

    assert datacenter.save(seen, 2).status_code == 403
    assert datacenter.save(hidden, 2).status_code == 404
    assert datacenter.confluence.status("PUT", f"content/{seen.id}/property/{KEY}", swapped(1, 1)) == 403
    operations = datacenter.confluence.get(f"content/{seen.id}", expand="operations")["operations"]
    assert [each["operation"] for each in operations] == ["read"]


def test_the_trash_gives_a_page_back_only_when_it_is_said_to_be_current(datacenter: Site) -> None:
    """Its body is left alone then."""
    page = datacenter.page()
    datacenter.sandbox.run(lambda: datacenter.sandbox.confluence.trash(page.id))
    assert (datacenter.save(page, 2).status_code, page.status) == (404, "trashed")
    before = page.body
    restored = datacenter.save(page, 2, "<p>new</p>", status="current")

    assert (restored.status_code, page.status, page.body) == (200, "current", before)


def test_too_large_a_request_is_413() -> None:
    """Page and property each have their limit."""
    with datacenter_site(Settings(body_limit=1000, property_limit=50)) as site:
        page = site.page()

        assert site.save(page, 2, "x" * 1000).status_code == 413
        assert site.confluence.status("PUT", f"content/{page.id}/property/{KEY}", swapped("x" * 60, 1)) == 413


def test_a_browser_needs_the_header_it_cannot_forge(datacenter: Site) -> None:
    """For writes only."""
    page = datacenter.page()
    datacenter.confluence.session.headers["User-Agent"] = "Mozilla/5.0"
    assert datacenter.save(page, 2).status_code == 403
    datacenter.confluence.session.headers["X-Atlassian-Token"] = "no-check"

    assert datacenter.save(page, 2).status_code == 200


def test_read_only_mode_lets_nobody_write(datacenter: Site) -> None:
    """Reading goes on, and the mode is told."""
    page = datacenter.page()
    datacenter.sandbox.settings.confluence_read_only = True
    writes = (
        datacenter.save(page, 2),
        datacenter.confluence("PUT", f"content/{page.id}/property/{KEY}", swapped(1, 1)),
        datacenter.confluence("POST", f"content/{page.id}/label", [{"name": "x"}]),
    )

    assert [refused.status_code for refused in writes] == [405, 405, 405]
    assert datacenter.confluence.get("accessmode") == "READ_ONLY"
    assert datacenter.confluence.get(f"content/{page.id}")["version"]["number"] == 1


# -- properties and labels -----------------------------------------------------------------------------------------


def test_a_property_is_a_compare_and_swap(datacenter: Site) -> None:
    """Version 1 creates, the next one replaces, any other is a conflict; no page version comes of it."""
    page = datacenter.page()
    path = f"content/{page.id}/property/{KEY}"
    numbers = (2, 1, 1, 3, 2, 2)
    answers = [datacenter.confluence.status("PUT", path, swapped({"n": n}, n)) for n in numbers]

    assert answers == [404, 200, 409, 409, 200, 409]
    assert datacenter.confluence.get(path)["value"] == {"n": 2}
    assert len(page.versions) == 1
    assert [each["key"] for each in datacenter.confluence.get(f"content/{page.id}/property")["results"]] == [KEY]


@pytest.mark.parametrize("status", [400, 409])
def test_creating_a_property_that_exists_is_refused(status: int) -> None:
    """400 is described, 409 was seen."""
    with datacenter_site(Settings(taken_property_status=status)) as site:
        page = site.page()
        made = [
            site.confluence.status("POST", f"content/{page.id}/property", {"key": KEY, "value": {"v": 1}})
            for _ in range(2)
        ]

        assert made == [200, status]


@pytest.mark.parametrize(
    "sent",
    [swapped({"v": 1}, 1, "other"), {"key": KEY, "value": {"v": 1}}, {"key": KEY, "version": {"number": 1}},
     swapped({"v": 1}, True), [], {"key": "", "value": 1}],
)  # fmt: skip
def test_a_property_that_lacks_something_is_400(datacenter: Site, sent: object) -> None:
    """And is not stored."""
    page = datacenter.page()

    assert datacenter.confluence.status("PUT", f"content/{page.id}/property/{KEY}", sent) == 400
    assert page.properties == {}


def test_a_property_is_removed_by_its_key(datacenter: Site) -> None:
    """Twice is 404."""
    page = datacenter.page()
    path = f"content/{page.id}/property/{KEY}"
    datacenter.confluence("PUT", path, swapped(1, 1))

    assert [datacenter.confluence.status("DELETE", path) for _ in range(2)] == [204, 404]
    assert datacenter.confluence.status("GET", path) == 404


def test_labels_come_and_go(datacenter: Site) -> None:
    """A name with a space is refused."""
    page = datacenter.page()
    path = f"content/{page.id}/label"

    assert datacenter.confluence.status("POST", path, [{"prefix": "global", "name": "Q4"}]) == 200
    assert [label["name"] for label in datacenter.confluence.get(path)["results"]] == ["post-mortem", "q4"]
    assert datacenter.confluence.status("POST", path, [{"name": "a b"}]) == 400
    assert [datacenter.confluence.status("DELETE", path, name="q4") for _ in range(2)] == [204, 404]


# -- what a save makes of a body -----------------------------------------------------------------------------------


def test_people_are_stored_under_their_key_and_nothing_is_added_to_tables(datacenter: Site) -> None:
    """No local ids, no paragraphs in cells; macros are completed."""
    page, alice = datacenter.page(), datacenter.person("Alice Moreau")
    lozenge = (
        '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">Done</ac:parameter></ac:structured-macro>'
    )
    datacenter.save(
        page, 2, f'<table><tbody><tr><td><ri:user ri:username="alice" /></td></tr></tbody></table>{lozenge}'
    )

    assert f'<td><ri:user ri:userkey="{alice.userkey}" /></td>' in page.body
    assert "local-id" not in page.body
    assert 'ac:schema-version="1" ac:macro-id="' in page.body


@pytest.mark.parametrize("kept", [True, False])
def test_a_smart_link_may_become_a_plain_one(datacenter: Site, *, kept: bool) -> None:
    """Whether the attribute is dropped is not known, so that is a switch."""
    datacenter.sandbox.confluence.keeps_cards = kept
    page = datacenter.page()
    datacenter.save(page, 2, '<p><a href="https://x/browse/PAY-1" data-card-appearance="inline">PAY-1</a></p>')

    assert ("data-card-appearance" in page.body) is kept
    assert '<a href="https://x/browse/PAY-1"' in page.body


def test_a_jira_macro_keeps_its_server(datacenter: Site) -> None:
    """Its parameters come back as they were sent."""
    macro = (
        '<ac:structured-macro ac:name="jira" ac:schema-version="1" ac:macro-id="m1"><ac:parameter ac:name="server">'
        'System Jira</ac:parameter><ac:parameter ac:name="serverId">abc</ac:parameter><ac:parameter ac:name="key">'
        "PAY-1</ac:parameter></ac:structured-macro>"
    )
    page = datacenter.page()
    datacenter.save(page, 2, f"<p>{macro}</p>")

    assert page.body == f"<p>{macro}</p>"
    assert BODY != page.body
