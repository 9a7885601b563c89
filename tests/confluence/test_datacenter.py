"""Confluence Data Center's adapter: what it asks, and what it makes of answers."""

from __future__ import annotations

import pytest

from tests.confluence.answers import DC_PAGE, DC_READ, DC_RESULT, DC_SITE, PROPERTY, V2_PROPERTY, dc_part
from tests.remote.scripted import Say, scripted
from worker.confluence.datacenter import DatacenterPageReader, DatacenterPageWriter
from worker.errors import AccessError, Missing, NoAnswer, RemoteError, Stale
from worker.model.page import Account, Property, Unread

ALICE = {"type": "known", "username": "alice", "userKey": "8a7f01", "displayName": "Alice Moreau"}
NOBODY = Say(404, {"statusCode": 404, "message": "No user found"})


def reading(*answers, context="/confluence"):
    return scripted(*answers, context=context)


def search(*answers):
    with reading(*answers) as (gateway, script):
        return list(DatacenterPageReader(gateway, DC_SITE).search("type = page")), script


def test_one_search_brings_body_property_labels_and_privacy():
    """A fully expanded result needs a single request, below the context path."""
    (found,), script = search(dc_part(DC_RESULT))
    assert (found.page, found.space, found.labels) == (DC_PAGE, "PAY", frozenset({"post-mortem", "q4"}))
    assert (found.restricted, found.claims) == (False, PROPERTY)
    (asked,) = script.asked
    assert asked.path == "/confluence/rest/api/content/search"
    assert (asked.query["cql"], asked.query["limit"], asked.query["start"]) == ("type = page", "50", "0")


def test_the_next_part_begins_behind_what_came():
    """Where the server gives less than was asked for, nothing is stepped over, whatever its link says."""
    first, second, third = ({**DC_RESULT, "id": str(number)} for number in (1, 2, 3))
    found, script = search(dc_part(first, second, more=True), dc_part(third, start=2))
    assert [each.page.id for each in found] == ["1", "2", "3"]
    assert [asked.query["start"] for asked in script.asked] == ["0", "2"]


def test_a_full_part_without_a_link_is_not_the_end():
    """Fifty results and no link: the next part is asked for."""
    pages = [{**DC_RESULT, "id": str(number)} for number in range(51)]
    found, script = search(dc_part(*pages[:50]), dc_part(pages[50], start=50))
    assert len(found) == 51
    assert [asked.query["start"] for asked in script.asked] == ["0", "50"]


def test_a_page_that_drifts_into_the_next_part_is_given_once():
    """Results are told apart by id."""
    other = {**DC_RESULT, "id": "124"}
    found, _ = search(dc_part(DC_RESULT, more=True), dc_part(DC_RESULT, other, start=1))
    assert [each.page.id for each in found] == ["123", "124"]


def test_a_server_that_repeats_itself_is_left():
    """The same part again and again would never end."""
    with pytest.raises(RemoteError, match="in circles"):
        search(*[dc_part(DC_RESULT, more=True)] * 300)


@pytest.mark.parametrize("status", [400, 404])
def test_a_query_that_cannot_be_read_is_a_bad_request(status):
    """REST 10.2 describes 404 for it, and 400 is what is seen; both are told alike."""
    with pytest.raises(RemoteError) as caught:
        search(Say(status, {"statusCode": status, "message": "Could not parse cql : spce = PAY"}))
    assert caught.value.status == 400
    assert "Could not parse cql" in caught.value.said


def test_what_search_leaves_out_is_read():
    """Body, labels and property come from reads by id."""
    bare = {key: value for key, value in DC_RESULT.items() if key not in ("body", "metadata")}
    labels = dc_part({"name": "q4", "id": "1"})
    (found,), script = search(dc_part(bare), dc_part(V2_PROPERTY), Say(body=DC_READ), labels)
    assert (found.page, found.labels, found.claims) == (DC_PAGE, frozenset({"q4"}), PROPERTY)
    assert script.lines[1:] == [
        "GET /confluence/rest/api/content/123/property",
        "GET /confluence/rest/api/content/123",
        "GET /confluence/rest/api/content/123/label",
    ]


@pytest.mark.parametrize(
    ("told", "restricted"), [(DC_RESULT, False), ({"restrictions": None}, True)], ids=["told", "not told"]
)
def test_privacy_that_search_leaves_out_is_read(told, restricted):
    """A page whose privacy nobody tells counts as restricted."""
    bare = {key: value for key, value in DC_RESULT.items() if key != "restrictions"}
    (found,), script = search(dc_part(bare), Say(body=told))
    assert found.restricted is restricted
    assert script.asked[1].query == {
        "expand": "restrictions.read.restrictions.user,restrictions.read.restrictions.group"
    }


def test_a_page_that_is_gone_by_then_is_skipped():
    """A stale search result whose page answers 404 is left out, and the rest is given."""
    bare = {key: value for key, value in DC_RESULT.items() if key != "body"}
    found, _ = search(dc_part(bare, {**DC_RESULT, "id": "124"}), Say(404, {"message": "gone"}))
    assert [each.page.id for each in found] == ["124"]


@pytest.mark.parametrize(
    ("odd", "asked"),
    [
        ({"restrictions": None}, [Say(403, {"message": "no"})]),
        ({"body": None}, [Say(403, {"message": "no"})]),
        ({"metadata": {"labels": {"results": []}, "properties": {"postmortem-sync": {"id": "55"}}}}, []),
        ({"restrictions": {"read": 7}}, []),
        ({"restrictions": None}, [Say(body=[])]),
    ],
)
def test_a_page_that_cannot_be_read_is_told_and_the_rest_given(odd, asked):
    """A refused read, or a result of another shape, is that page's own trouble."""
    (unread, found), _ = search(dc_part({**DC_RESULT, **odd}, {**DC_RESULT, "id": "124"}), *asked)
    assert isinstance(unread, Unread)
    assert (unread.page_id, unread.title, unread.url) == (DC_PAGE.id, DC_PAGE.title, DC_PAGE.url)
    assert "403" in unread.reason or "was not understood" in unread.reason
    assert found.page.id == "124"


def test_a_page_is_read_by_id():
    """With body, version and creation; its author by user name."""
    with reading(Say(body=DC_READ)) as (gateway, script):
        assert DatacenterPageReader(gateway, DC_SITE).page("123") == DC_PAGE
    assert script.asked[0].query == {"expand": "body.storage,version,history"}


def test_properties_are_listed_so_that_a_page_that_is_gone_is_missing():
    """Several of one key come lowest id first, others are left out."""
    rows = ({**V2_PROPERTY, "id": "100"}, V2_PROPERTY, {**V2_PROPERTY, "key": "editor", "id": "7"})
    with reading(dc_part(*rows)) as (gateway, _):
        found = DatacenterPageReader(gateway, DC_SITE).properties("123", "postmortem-sync")
    assert [each.id for each in found] == ["55", "100"]
    with reading(Say(404, {"message": "no page"})) as (gateway, _), pytest.raises(Missing):
        DatacenterPageReader(gateway, DC_SITE).properties("123", "postmortem-sync")


def test_a_save_is_a_minor_edit_of_the_next_version():
    """With the title as read and without a status, which would fetch a page back from the trash."""
    with reading(Say(body={**DC_READ, "version": {**DC_READ["version"], "number": 8}})) as (gateway, script):
        saved = DatacenterPageWriter(gateway, DC_SITE).save(DC_PAGE, "<p>x</p>", "2 tickets")
    assert saved.version.number == 8
    assert script.lines == ["PUT /confluence/rest/api/content/123"]
    assert script.asked[0].body == {
        "id": "123",
        "type": "page",
        "title": "Outage & “more”",
        "body": {"storage": {"value": "<p>x</p>", "representation": "storage"}},
        "version": {"number": 8, "minorEdit": True, "message": "2 tickets"},
    }


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (409, "Version must be incremented on update. Current version is: 9"),
        (400, "Version must be incremented on update. Current version is: 9"),
        (409, "content was being concurrently updated"),
    ],
)
def test_a_save_on_an_old_version_is_stale(status, message):
    """Whatever status Confluence says it with."""
    with reading(Say(status, {"statusCode": status, "message": message})) as (gateway, _), pytest.raises(Stale):
        DatacenterPageWriter(gateway, DC_SITE).save(DC_PAGE, "<p/>", "")


SAVED = Say(body={"id": "123", "version": {"number": 8}})


@pytest.mark.parametrize(
    ("behind", "number"), [(8, 8), (9, None), (None, None)], ids=["as saved", "saved again since", "not to be read"]
)
def test_a_saved_page_without_its_body_is_read(behind, number):
    """What became of the body is known in the same pass, unless somebody saved since or no answer comes."""
    read = Say(body={**DC_READ, "version": {**DC_READ["version"], "number": behind}}) if behind else Say(500, {})
    with reading(SAVED, read) as (gateway, script):
        saved = DatacenterPageWriter(gateway, DC_SITE).save(DC_PAGE, "<p/>", "")
    assert (saved.version.number if saved else None) == number
    assert [line.split()[0] for line in script.lines] == ["PUT", "GET"]


def test_an_answer_that_names_no_version_is_a_save_all_the_same():
    """Nothing more is said of it."""
    with reading(Say(body={})) as (gateway, script):
        assert DatacenterPageWriter(gateway, DC_SITE).save(DC_PAGE, "<p/>", "") is None
    assert len(script.asked) == 1


def test_another_version_in_the_answer_is_told():
    """A page that came back from the trash keeps its version and its old body."""
    with reading(Say(body=DC_READ)) as (gateway, _), pytest.raises(RemoteError, match="version 7"):
        DatacenterPageWriter(gateway, DC_SITE).save(DC_PAGE, "<p/>", "")


def test_a_property_is_created_by_its_first_version():
    """A PUT of version 1 is a compare-and-swap, which a POST is not."""
    with reading(Say(body={**V2_PROPERTY, "version": {"number": 1}})) as (gateway, script):
        made = DatacenterPageWriter(gateway, DC_SITE).add_property("123", "postmortem-sync", {"v": 1})
    assert made == Property("55", "postmortem-sync", {"v": 1}, 1)
    (asked,) = script.asked
    assert (asked.method, asked.path) == ("PUT", "/confluence/rest/api/content/123/property/postmortem-sync")
    assert (asked.body["version"]["number"], asked.body["value"]) == (1, {"v": 1})


@pytest.mark.parametrize(
    "said",
    [Say(409, {"message": "The version is not the expected one"}), Say(400, {"message": "Property already exists"})],
)
def test_creating_what_is_there_is_stale(said):
    """Somebody was faster."""
    with reading(said) as (gateway, _), pytest.raises(Stale):
        DatacenterPageWriter(gateway, DC_SITE).add_property("123", "postmortem-sync", {})


def test_a_property_is_replaced_from_the_version_read():
    """Named by key and id, on exactly the next version."""
    with reading(Say(body={**V2_PROPERTY, "version": {"number": 4}})) as (gateway, script):
        assert DatacenterPageWriter(gateway, DC_SITE).replace_property("123", PROPERTY, {"v": 1}).version == 4
    assert script.asked[0].body == {
        "id": "55", "key": "postmortem-sync", "value": {"v": 1}, "version": {"number": 4, "minorEdit": True},
    }  # fmt: skip


@pytest.mark.parametrize("said", [Say(409, {"message": "x"}), Say(404, {"message": "gone"})])
def test_replacing_what_changed_or_went_is_stale(said):
    """The claims have to be read again."""
    with reading(said) as (gateway, _), pytest.raises(Stale):
        DatacenterPageWriter(gateway, DC_SITE).replace_property("123", PROPERTY, {})


def test_a_property_known_from_search_without_version_is_read_again_first():
    """Nothing is sent."""
    with reading() as (gateway, script), pytest.raises(Stale):
        DatacenterPageWriter(gateway, DC_SITE).replace_property("123", Property("55", "postmortem-sync", {}, 0), {})
    assert script.asked == []


def test_a_write_with_an_answer_that_is_none_is_unknown():
    """Reading tells what became of it."""
    with reading(Say(body={"key": "x"})) as (gateway, _), pytest.raises(NoAnswer):
        DatacenterPageWriter(gateway, DC_SITE).replace_property("123", PROPERTY, {})


def test_our_own_property_is_withdrawn_by_key_when_it_stands_alone():
    """One that is gone already is no error."""
    with reading(dc_part(V2_PROPERTY), Say(204), dc_part()) as (gateway, script):
        writer = DatacenterPageWriter(gateway, DC_SITE)
        writer.withdraw_property("123", PROPERTY)
        writer.withdraw_property("123", PROPERTY)
    assert [line.split()[0] for line in script.lines] == ["GET", "DELETE", "GET"]


def test_of_several_properties_none_is_deleted():
    """Deleting by key could take the winner's claim along."""
    rows = dc_part(V2_PROPERTY, {**V2_PROPERTY, "id": "56"})
    with reading(rows) as (gateway, script), pytest.raises(RemoteError, match=r"lowest id \(55\)"):
        DatacenterPageWriter(gateway, DC_SITE).withdraw_property("123", Property("56", "postmortem-sync", {}, 1))
    assert len(script.asked) == 1


def test_mentions_are_keys_whose_user_names_are_asked_once():
    """A second look at the same person asks nothing, and the name comes along."""
    with reading(Say(body=ALICE)) as (gateway, script):
        reader = DatacenterPageReader(gateway, DC_SITE)
        assert reader.accounts(["8a7f01", "8a7f01"]) == {"8a7f01": "alice"}
        assert reader.accounts(["8a7f01"]) == {"8a7f01": "alice"}
        assert reader.names(["alice"]) == {"alice": "Alice Moreau"}
    assert [asked.query for asked in script.asked] == [{"key": "8a7f01"}]


def test_old_mentions_hold_the_user_name_itself():
    """What is no key is looked up as a name."""
    with reading(NOBODY, Say(body=ALICE)) as (gateway, script):
        assert DatacenterPageReader(gateway, DC_SITE).accounts(["alice"]) == {"alice": "alice"}
    assert [asked.query for asked in script.asked] == [{"key": "alice"}, {"username": "alice"}]


@pytest.mark.parametrize(
    "said", [NOBODY, Say(403, {"message": "no"}), Say(body={"type": "unknown", "username": "8a7f02"})]
)
def test_whom_nobody_knows_is_left_out(said):
    """Also whom this account may not look up; asked once."""
    with reading(said, said) as (gateway, script):
        reader = DatacenterPageReader(gateway, DC_SITE)
        assert reader.accounts(["8a7f02"]) == {}
        assert reader.accounts(["8a7f02"]) == {}
    assert len(script.asked) == 2


def test_no_answer_about_a_person_is_not_taken_for_no_such_person():
    """A server in trouble must not make owners unknown."""
    with reading(Say(500, {"message": "oops"})) as (gateway, _), pytest.raises(RemoteError):
        DatacenterPageReader(gateway, DC_SITE).accounts(["8a7f01"])


def test_we_are_our_user_name():
    """By which saves of our own are known."""
    with reading(Say(body=ALICE)) as (gateway, _):
        assert DatacenterPageReader(gateway, DC_SITE).whoami() == Account("alice", "Alice Moreau")


@pytest.mark.parametrize("said", [Say(body={"type": "anonymous"}), Say(403, {"message": "no"}), Say(body=[])])
def test_nobody_is_refused(said):
    """A revoked token can be answered as an anonymous visitor is."""
    with reading(said) as (gateway, _), pytest.raises(AccessError):
        DatacenterPageReader(gateway, DC_SITE).whoami()


def test_a_captcha_stops_at_once():
    """The sentence says who has to do what, and nothing is tried again."""
    locked = Say(403, {"message": "x"}, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"})
    with reading(locked) as (gateway, script), pytest.raises(AccessError, match="CAPTCHA"):
        DatacenterPageReader(gateway, DC_SITE).page("123")
    assert len(script.asked) == 1


def test_a_login_page_with_status_200_is_a_refusal():
    """Single sign-on in front of Confluence answers with HTML."""
    login = Say(200, raw=b"<html>Log in</html>", kind="text/html")
    with reading(login) as (gateway, _), pytest.raises(AccessError, match="login page"):
        DatacenterPageReader(gateway, DC_SITE).page("123")


def test_the_same_node_is_asked_again():
    """A load balancer's cookie is sent back, so that what was written is read from where it was written."""
    first = Say(body=DC_READ, headers={"Set-Cookie": "node=a; Path=/"})
    with reading(first, Say(body=DC_READ)) as (gateway, script):
        reader = DatacenterPageReader(gateway, DC_SITE)
        reader.page("123")
        reader.page("123")
    assert [asked.headers.get("cookie") for asked in script.asked] == [None, "node=a"]


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        (Say(body="READ_ONLY"), True),
        (Say(body="READ_WRITE"), False),
        (Say(404, {"message": "unknown"}), False),
        (Say(403, {"message": "no"}), False),
    ],
)
def test_read_only_mode_is_told(said, closed):
    """A Confluence that does not tell counts as open."""
    with reading(said) as (gateway, script):
        sentence = DatacenterPageReader(gateway, DC_SITE).closed()
    assert ("read-only mode" in (sentence or "")) is closed
    assert script.lines == ["GET /confluence/rest/api/accessmode"]
