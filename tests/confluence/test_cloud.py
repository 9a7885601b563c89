"""Confluence Cloud's adapter: what it asks, and what it makes of answers."""

from __future__ import annotations

import pytest

from tests.confluence.answers import BASE, PAGE, PROPERTY, RESULT, SITE, V2_PAGE, V2_PROPERTY, answer, changed
from tests.remote.scripted import Cut, Say, scripted
from worker.confluence.cloud import CloudPageReader, CloudPageWriter, people_address
from worker.errors import AccessError, Missing, NoAnswer, RemoteError, Stale, TooLarge
from worker.model.page import Account, Page, Property, Unread


def search(*answers):
    with scripted(*answers) as (gateway, script):
        return list(CloudPageReader(gateway, SITE).search("type = page")), script


def test_one_search_brings_body_property_labels_and_privacy():
    """A fully expanded result needs a single request."""
    (found,), script = search(answer(RESULT))
    assert (found.page, found.space, found.labels) == (PAGE, "PAY", frozenset({"post-mortem", "q4"}))
    assert (found.restricted, found.claims) == (False, PROPERTY)
    (asked,) = script.asked
    assert (asked.path, asked.query["cql"], asked.query["limit"]) == (
        "/wiki/rest/api/content/search",
        "type = page",
        "50",
    )
    assert "metadata.properties.postmortem-sync" in asked.query["expand"].split(",")


def test_search_follows_cursors_and_gives_each_page_once():
    """A page that drifts into the next part is given once, with the query unchanged."""
    other = {**RESULT, "id": "124"}
    found, script = search(answer(RESULT, link="/rest/api/content/search?cursor=c1"), answer(RESULT, other))
    assert [f.page.id for f in found] == ["123", "124"]
    assert [asked.query.get("cursor") for asked in script.asked] == [None, "c1"]


@pytest.mark.parametrize(("path", "value"), [("type", "blogpost"), ("status", "archived"), ("status", "trashed")])
def test_only_current_pages_are_found(path, value):
    """Blog posts and pages that are archived or in the trash are left out."""
    assert search(answer(changed(path, value)))[0] == []


@pytest.mark.parametrize("path", ["body", "version", "history", "body/storage"])
def test_a_page_without_its_expands_is_read_by_id(path):
    """Where search left out the body, the version or the creation, the page is read."""
    (found,), script = search(answer(changed(path, None)), Say(body=V2_PAGE))
    assert found.page == PAGE
    assert script.lines[1] == "GET /wiki/api/v2/pages/123"


def test_a_page_that_is_gone_by_then_is_skipped():
    """A stale search result whose page answers 404 is left out, and the rest is given."""
    found, _ = search(answer(changed("body", None), {**RESULT, "id": "124"}), Say(404, {"errors": []}))
    assert [f.page.id for f in found] == ["124"]


@pytest.mark.parametrize(
    ("path", "value", "asked"),
    [
        ("body", None, [Say(403, {"message": "no"})]),
        ("metadata/labels", None, [Say(403, {"message": "no"})]),
        ("metadata/properties/postmortem-sync/value", None, []),
        ("body/storage/value", 7, []),
        ("space", "PAY", []),
        ("restrictions/read/restrictions/user", [], []),
    ],
)
def test_a_page_that_cannot_be_read_is_told_and_the_rest_given(path, value, asked):
    """A refused read, or a result of another shape, is that page's own trouble."""
    (unread, found), _ = search(answer(changed(path, value), {**RESULT, "id": "124"}), *asked)
    assert isinstance(unread, Unread)
    assert (unread.page_id, unread.title, unread.url) == (PAGE.id, PAGE.title, PAGE.url)
    assert "403" in unread.reason if asked else "was not understood" in unread.reason
    assert found.page.id == "124"


@pytest.mark.parametrize("result", [7, changed("id", None), changed("title", None)])
def test_a_result_that_is_no_page_to_name_ends_the_search(result):
    """Nobody could be told which page it is."""
    with pytest.raises(RemoteError, match="was not understood"):
        search(answer(result, RESULT))


def test_a_lost_sign_in_is_not_the_trouble_of_a_page():
    """A 401 in the read of one page stops the pass."""
    with pytest.raises(AccessError):
        search(answer(changed("body", None)), *[Say(401, {"message": "expired"})] * 2)


def test_missing_labels_are_read():
    """Where labels were not expanded they are read through v2."""
    labels = Say(body={"results": [{"name": "no-ticket-sync"}], "_links": {}})
    (found,), script = search(answer(changed("metadata/labels", None)), labels)
    assert found.labels == frozenset({"no-ticket-sync"})
    assert script.lines[1] == "GET /wiki/api/v2/pages/123/labels"


def test_a_missing_property_expand_is_read():
    """Where properties were not expanded they are read by key, the lowest id first."""
    listed = Say(body={"results": [{**V2_PROPERTY, "id": "100"}, V2_PROPERTY], "_links": {}})
    (found,), script = search(answer(changed("metadata/properties", None)), listed)
    assert found.claims == PROPERTY
    assert script.asked[1].query == {"key": "postmortem-sync", "limit": "250"}


def test_an_answered_expand_without_the_property_means_there_is_none():
    """No second request is made for a page that has no property."""
    (found,), script = search(answer(changed("metadata/properties", {"_expandable": {}})))
    assert found.claims is None
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("operations", "editable"),
    [
        ([{"operation": "read", "targetType": "page"}], False),
        ([{"operation": "read", "targetType": "page"}, {"operation": "update", "targetType": "page"}], True),
        ([], True),
        ({}, True),
        ("read", True),
        ([7], True),
    ],
)
def test_a_page_counts_as_editable_unless_its_operations_say_otherwise(operations, editable):
    """Where they are not told, or not to be understood, only a write can tell."""
    (found,), script = search(answer(changed("operations", operations)))
    assert (found.editable, len(script.asked)) == (editable, 1)


def test_a_property_without_id_or_version_is_marked_for_reading_again():
    """What search leaves out of a property reads as no id and version 0."""
    (found,), _ = search(answer(changed("metadata/properties", {"postmortem-sync": {"value": {"v": 1}}})))
    assert found.claims == Property("", "postmortem-sync", {"v": 1}, 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("restrictions", None),
        ("restrictions/read/restrictions/user", None),
        ("restrictions/read/restrictions/user/results", [{"accountId": "u1"}]),
        ("restrictions/read/restrictions/group", {"size": 1}),
    ],
)
def test_a_page_is_restricted_when_somebody_is_named_or_nobody_says(path, value):
    """A page whose privacy was not told counts as restricted."""
    (found,), _ = search(answer(changed(path, value)))
    assert found.restricted is True


def test_the_space_is_found_in_its_link_too():
    """Where the space was not expanded its key is taken from the link that stands for it."""
    result = {**changed("space", None), "_expandable": {"space": "/rest/api/space/PAY"}}
    (found,), _ = search(answer(result))
    assert found.space == "PAY"


def test_a_page_is_read_through_v2():
    """Reading by id gives the body byte for byte, with version, author and the site's address."""
    with scripted(Say(body=V2_PAGE)) as (gateway, script):
        assert CloudPageReader(gateway, SITE).page("123") == PAGE
    assert script.asked[0].query == {"body-format": "storage"}


def test_a_page_without_links_gets_an_address_on_the_site():
    """Where the answer names no address the page is reached by its id."""
    with scripted(Say(body={**V2_PAGE, "_links": {}})) as (gateway, _):
        assert CloudPageReader(gateway, SITE).page("123").url == f"{SITE}/pages/viewpage.action?pageId=123"


@pytest.mark.parametrize("body", [None, [], {"id": "1"}, {**V2_PAGE, "body": {}}, {**V2_PAGE, "createdAt": "never"}])
def test_a_page_of_another_shape_is_one_sentence(body):
    """An answer that is no page fails that page with a sentence."""
    with scripted(Say(body=body)) as (gateway, _), pytest.raises(RemoteError):
        CloudPageReader(gateway, SITE).page("123")


def test_properties_are_ordered_by_number():
    """Of several properties with one key, the lowest number comes first, 9 before 10."""
    listed = Say(body={"results": [{**V2_PROPERTY, "id": "10"}, {**V2_PROPERTY, "id": "9"}], "_links": {}})
    with scripted(listed) as (gateway, _):
        found = CloudPageReader(gateway, SITE).properties("123", "postmortem-sync")
    assert [prop.id for prop in found] == ["9", "10"]


def test_whoami_names_the_account():
    """The account is read from the v1 current user."""
    with scripted(Say(body={"type": "known", "accountId": "u1", "displayName": "Sync Bot"})) as (gateway, _):
        assert CloudPageReader(gateway, SITE).whoami() == Account("u1", "Sync Bot")


@pytest.mark.parametrize(
    "said", [Say(body={"type": "anonymous"}), Say(body={"type": "known"}), Say(403, {"message": "no"}), Say(204)]
)
def test_nobody_is_an_access_error(said):
    """An anonymous answer and a refused one stop the pass."""
    with scripted(said) as (gateway, _), pytest.raises(AccessError):
        CloudPageReader(gateway, SITE).whoami()


def test_the_address_for_people_is_asked_of_the_site():
    """Behind the API gateway the site's address comes from an answer's links."""
    with scripted(answer()) as (gateway, _):
        assert people_address(gateway) == BASE


def save(*answers, page=PAGE):
    with scripted(*answers) as (gateway, script):
        return CloudPageWriter(gateway, SITE).save(page, "<p>new</p>", "2 tickets"), script


def test_a_save_names_the_next_version_and_the_title_as_read():
    """The request holds exactly what v2 requires, and the saved page comes back from its answer."""
    after = {
        **V2_PAGE,
        "version": {**V2_PAGE["version"], "number": 8},
        "body": {"storage": {"value": "<p>new</p>"}},
    }
    saved, script = save(Say(body=after))
    assert (saved.version.number, saved.body) == (8, "<p>new</p>")
    assert script.asked[0].body == {
        "id": "123",
        "status": "current",
        "title": "Outage & “more”",
        "body": {"representation": "storage", "value": "<p>new</p>"},
        "version": {"number": 8, "message": "2 tickets"},
    }


@pytest.mark.parametrize("body", [None, {"id": "123"}, {**V2_PAGE, "body": {}}])
def test_a_save_without_a_body_in_its_answer_gives_none(body):
    """A save that worked is never an error because its answer is short."""
    assert save(Say(body=body))[0] is None


def test_a_page_that_is_not_current_is_not_saved():
    """Saving a trashed page would restore it, so nothing is sent."""
    trashed = Page("123", "Old", "u", "trashed", PAGE.created_at, PAGE.version, "")
    with scripted() as (gateway, script):
        with pytest.raises(RemoteError):
            CloudPageWriter(gateway, SITE).save(trashed, "<p/>", "m")
        assert script.asked == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Say(409, {"errors": [{"title": "Version must be incremented when updating a page."}]}), Stale),
        (Say(400, {"errors": [{"title": "Version must be incremented. Current Version: [6]"}]}), Stale),
        (Say(400, {"errors": [{"title": "A page with this title already exists"}]}), RemoteError),
        (Say(404, {}), Missing),
        (Say(413, {}), TooLarge),
        (Say(500, {}), NoAnswer),
        (Say(cut=Cut.BEFORE_ANSWER), NoAnswer),
    ],
)
def test_what_a_refused_save_means(said, kind):
    """Each refusal of a save has its own kind, and it is sent once."""
    with scripted(said) as (gateway, script), pytest.raises(RemoteError) as failure:
        CloudPageWriter(gateway, SITE).save(PAGE, "<p/>", "m")
    assert (type(failure.value), len(script.asked)) == (kind, 1)


def write(action, *answers):
    with scripted(*answers) as (gateway, script):
        return action(CloudPageWriter(gateway, SITE)), script


def test_a_property_is_added():
    """Adding posts key and value and gives id and version."""
    added, script = write(lambda w: w.add_property("123", "postmortem-sync", {"v": 1}), Say(body=V2_PROPERTY))
    assert added == PROPERTY
    assert script.lines == ["POST /wiki/api/v2/pages/123/properties"]
    assert script.asked[0].body == {"key": "postmortem-sync", "value": {"v": 1}}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Say(409, {"errors": [{"title": "CONFLICT"}]}), Stale),
        (Say(400, {"errors": [{"title": "A property with that key already exists"}]}), Stale),
        (Say(400, {"errors": [{"title": "jsonproperty.duplicate.key"}]}), Stale),
        (Say(400, {"errors": [{"title": "value is too large"}]}), RemoteError),
        (Say(200, None), NoAnswer),
        (Say(503, None), NoAnswer),
    ],
)
def test_what_a_refused_property_means(said, kind):
    """A key that exists is Stale; an answer without id leaves it unknown."""
    with pytest.raises(RemoteError) as failure:
        write(lambda w: w.add_property("123", "postmortem-sync", {}), said)
    assert type(failure.value) is kind


def test_a_property_is_replaced_by_number_and_next_version():
    """Replacing is a compare-and-swap: PUT by numeric id with the version after the one that was read."""
    after = {**V2_PROPERTY, "version": {"number": 4}}
    replaced, script = write(lambda w: w.replace_property("123", PROPERTY, {"v": 1}), Say(body=after))
    assert replaced.version == 4
    assert script.lines == ["PUT /wiki/api/v2/pages/123/properties/55"]
    assert script.asked[0].body == {"key": "postmortem-sync", "value": {"v": 1}, "version": {"number": 4}}


@pytest.mark.parametrize("said", [Say(409, {}), Say(400, {"message": "version conflict"}), Say(404, {})])
def test_a_lost_swap_is_stale(said):
    """Somebody faster, and somebody who deleted the property, both mean: read again."""
    with pytest.raises(Stale):
        write(lambda w: w.replace_property("123", PROPERTY, {}), said)


def test_a_property_known_from_search_only_is_not_swapped():
    """Without id and version nothing is sent."""
    with scripted() as (gateway, script):
        with pytest.raises(Stale):
            CloudPageWriter(gateway, SITE).replace_property("123", Property("", "k", {}, 0), {})
        assert script.asked == []


@pytest.mark.parametrize("said", [Say(204), Say(404, {})])
def test_a_property_is_withdrawn_once_or_was_gone(said):
    """Deleting what is gone already is no error."""
    _, script = write(lambda w: w.withdraw_property("123", PROPERTY), said)
    assert script.lines == ["DELETE /wiki/api/v2/pages/123/properties/55"]


def test_the_reader_knows_its_site_and_the_time():
    """The site has no slash at the end, and the time is the server's."""
    with scripted(Say(body={}, headers={"Date": "Tue, 01 Jan 2030 10:00:00 GMT"})) as (gateway, _):
        gateway.get("x")
        reader = CloudPageReader(gateway, SITE + "/")
        assert (reader.site, reader.now().year) == (SITE, 2030)


def test_names_are_looked_up_in_bulk():
    """Each account is asked for once, and whoever has no name to show is left out."""
    people = [{"accountId": "u1", "displayName": "Ann"}, {"accountId": "u2", "publicName": "bob"}, {"accountId": "u3"}]
    with scripted(Say(body={"results": people})) as (gateway, script):
        assert CloudPageReader(gateway, SITE).names(["u1", "u2", "u3", "u1"]) == {"u1": "Ann", "u2": "bob"}
    assert script.lines == ["POST /wiki/api/v2/users-bulk"]
    assert script.asked[0].body == {"accountIds": ["u1", "u2", "u3"]}


@pytest.mark.parametrize("status", [400, 403, 404])
def test_hidden_profiles_are_no_error(status):
    """An account that may not see people gets no names, and nothing fails."""
    with scripted(Say(status, {})) as (gateway, _):
        assert CloudPageReader(gateway, SITE).names(["u1"]) == {}


def test_no_names_take_no_request():
    """Nobody to ask about is nothing to send."""
    with scripted() as (gateway, script):
        assert CloudPageReader(gateway, SITE).names([]) == {}
        assert script.asked == []


def test_names_that_fail_for_another_reason_fail():
    """A fault of the server is not read as people without names."""
    with scripted(Say(500, {})) as (gateway, _), pytest.raises(RemoteError):
        CloudPageReader(gateway, SITE).names(["u1"])
