"""The sandbox's pages: reading by id, saving on a version, permissions, and what people do."""

from __future__ import annotations

import pytest


def stored(worker, page):
    return worker.get(f"/wiki/api/v2/pages/{page}", **{"body-format": "storage"})["body"]["storage"]["value"]


def test_a_save_on_the_next_version_is_kept(worker, page):
    """The version that follows is saved, with its message and author."""
    answer = worker.save(page, 2, "<p>changed</p>")
    assert 200 == answer.status_code
    version = worker.get(f"/wiki/api/v2/pages/{page}")["version"]
    assert (2, "a message", False) == (version["number"], version["message"], version["minorEdit"])
    assert "changed" in stored(worker, page)


@pytest.mark.parametrize("number", [1, 3, 0])
def test_a_save_on_another_version_is_refused(worker, page, number):
    """Any number but the next one is 409 and changes nothing."""
    answer = worker.save(page, number, "<p>changed</p>")
    assert 409 == answer.status_code
    (error,) = answer.json()["errors"]
    expected = f"Version must be incremented when updating a page. Current Version: [1]. Provided version: [{number}]"
    assert (409, "CONFLICT", expected) == (error["status"], error["code"], error["title"])
    assert "changed" not in stored(worker, page)


def test_a_person_who_saved_in_between_wins(sandbox, worker, page, alice):
    """A save based on the version before a person's is refused."""
    sandbox.run(lambda: sandbox.confluence.person_replaces(page, "Add an alert", "Add two alerts", alice))
    assert 409 == worker.save(page, 2).status_code
    assert "Add two alerts" in stored(worker, page)


@pytest.mark.parametrize("left_out", ["id", "status", "title", "body", "version"])
def test_a_save_needs_all_five_parts(worker, page, left_out):
    """Leaving out any of id, status, title, body and version is 400."""
    assert 400 == worker.save(page, 2, **{left_out: None}).status_code


@pytest.mark.parametrize(
    "over",
    [
        {"id": "1"},
        {"status": "draft"},
        {"body": {"representation": "wiki", "value": "x"}},
        {"body": "<p>x</p>"},
        {"version": {"number": "2"}},
        {"version": 2},
        {"title": "x" * 256},
    ],
)
def test_a_save_in_another_shape_is_refused(worker, page, over):
    """A foreign id, a draft, another representation or a version that is no number is 400."""
    assert 400 == worker.save(page, 2, **over).status_code


def test_the_nested_form_of_a_body_is_taken_too(worker, page):
    """A body may be named by its representation."""
    body = {"storage": {"representation": "storage", "value": "<p>nested</p>"}}
    assert 200 == worker.save(page, 2, body=body).status_code
    assert "nested" in stored(worker, page)


@pytest.mark.parametrize("body", ["<p>a<td></p>", "<p>&nosuch;</p>", "a</p>", "<x:y/>", "<p>\x01</p>", "<p>a & b</p>"])
def test_a_malformed_body_is_refused(worker, page, body):
    """What is no well-formed storage format is 400 and says where."""
    answer = worker.save(page, 2, body)
    assert 400 == answer.status_code
    assert "Error parsing xhtml" in answer.json()["errors"][0]["title"]


def test_a_body_over_the_limit_is_refused(sandbox, worker, page):
    """More bytes than Confluence takes is 413 in an envelope of its own."""
    sandbox.settings.body_limit = 2_000
    answer = worker.save(page, 2, "<p>" + "x" * 2_000 + "</p>")
    assert (413, 413) == (answer.status_code, answer.json()["statusCode"])


def test_a_title_that_another_page_has_is_refused(sandbox, worker, page, alice):
    """Titles are unique in a space in any case, and a page in the trash keeps its own."""
    other = sandbox.run(lambda: sandbox.confluence.create_page("PAY", "Taken", "<p/>", alice)).id
    sandbox.run(lambda: sandbox.confluence.trash(other))
    assert 400 == worker.save(page, 2, title="TAKEN").status_code


def test_a_hidden_page_is_404_to_read_and_to_write(sandbox, worker, page, alice):
    """A page restricted away looks as if it were missing."""
    sandbox.run(lambda: sandbox.confluence.restrict(page, readers=[alice]))
    assert 404 == worker("GET", f"/wiki/api/v2/pages/{page}").status_code
    assert 404 == worker.save(page, 2).status_code
    assert [] == worker.get("/wiki/api/v2/pages", id=page)["results"]


def test_a_restriction_above_hides_the_pages_below(sandbox, worker, page, alice):
    """Who may not see a page does not see its descendants either."""
    child = sandbox.run(lambda: sandbox.confluence.create_page("PAY", "Child", "<p/>", alice, parent=page)).id
    sandbox.run(lambda: sandbox.confluence.restrict(page, readers=[alice]))
    assert 404 == worker("GET", f"/wiki/api/v2/pages/{child}").status_code


def test_a_page_that_may_be_viewed_only_refuses_a_save(sandbox, worker, page, alice):
    """Without the right to edit a save is 404, and the operations say so beforehand."""
    sandbox.run(lambda: sandbox.confluence.restrict(page, editors=[alice]))
    assert 404 == worker.save(page, 2).status_code
    asked = worker.get(f"/wiki/api/v2/pages/{page}", **{"include-operations": "true"})
    assert ["read"] == [each["operation"] for each in asked["operations"]["results"]]


def test_an_archived_page_can_be_read_but_not_saved(sandbox, worker, page):
    """An archived page answers a read with its status and a save with 404."""
    sandbox.run(lambda: sandbox.confluence.archive(page))
    assert "archived" == worker.get(f"/wiki/api/v2/pages/{page}")["status"]
    assert 404 == worker.save(page, 2).status_code
    assert 1 == len(worker.get("/wiki/api/v2/pages", id=page)["results"])
    assert [] == worker.get("/wiki/api/v2/pages", id=page, status="current")["results"]


def test_saving_a_trashed_page_restores_it_and_leaves_its_body(sandbox, worker, page):
    """A save with status current brings a page back from the trash without its new body."""
    sandbox.run(lambda: sandbox.confluence.trash(page))
    assert 200 == worker.save(page, 2, "<p>changed</p>").status_code
    assert "current" == worker.get(f"/wiki/api/v2/pages/{page}")["status"]
    assert "changed" not in stored(worker, page)


def test_every_version_can_be_read_again(sandbox, worker, page, alice):
    """Old versions keep their bodies, and restoring one makes a new version."""
    worker.save(page, 2, "<p>second</p>")
    sandbox.run(lambda: sandbox.confluence.restore_version(page, 1, alice))
    numbers = [each["number"] for each in worker.get(f"/wiki/api/v2/pages/{page}/versions")["results"]]
    assert [3, 2, 1] == numbers
    old = worker.get(f"/wiki/api/v2/pages/{page}", version=2, **{"body-format": "storage"})
    assert "second" in old["body"]["storage"]["value"]
    assert "second" not in stored(worker, page)


def test_a_list_of_pages_goes_on_by_its_link(sandbox, worker, alice):
    """A listing names the next page with its context path, in a link and in a header."""
    for n in range(3):
        sandbox.run(lambda n=n: sandbox.confluence.create_page("PAY", f"Page {n}", "<p/>", alice))
    answer = worker("GET", "/wiki/api/v2/pages", limit=2)
    following = answer.json()["_links"]["next"]
    assert following.startswith("/wiki/api/v2/pages?")
    assert f'<{following}>; rel="next"' == answer.headers["link"]
    rest = worker.get(following)
    assert ["Page 2"] == [each["title"] for each in rest["results"]]
    assert "next" not in rest["_links"]


def test_ids_may_be_repeated_or_separated_by_commas(sandbox, worker, page, alice):
    """Both ways of writing a list of ids give the same pages; missing ones are left out."""
    other = sandbox.run(lambda: sandbox.confluence.create_page("OPS", "Other", "<p/>", alice)).id
    assert (
        worker.get("/wiki/api/v2/pages", id=f"{page},{other},99")["results"]
        == worker.get("/wiki/api/v2/pages", id=[other, page])["results"]
    )


@pytest.mark.parametrize(
    "path", ["content/{0}", "content/{0}/property/key", "content", "space", "content/{0}/child/page"]
)
def test_content_routes_of_v1_are_gone(worker, page, path):
    """Reading and writing content by the first API is 410."""
    answer = worker("GET", "/wiki/rest/api/" + path.format(page))
    assert 410 == answer.status_code
    assert "GoneException" in answer.json()["message"]


def test_each_new_version_mails_each_watcher_but_its_author(sandbox, worker, page, alice):
    """A save mails the people who watch the page, once each, and nobody for properties and labels."""
    bob = sandbox.world.people.named("Bob Lindqvist").account_id
    sandbox.run(lambda: sandbox.confluence.watch(page, bob))
    worker.save(page, 2)
    assert sorted([alice, bob]) == sorted(mail.to for mail in sandbox.confluence.mails)
    worker("POST", f"/wiki/api/v2/pages/{page}/properties", {"key": "k", "value": 1})
    worker("POST", f"/wiki/rest/api/content/{page}/label", [{"prefix": "global", "name": "x"}])
    assert 2 == len(sandbox.confluence.mails)
    assert 2 == worker.get(f"/wiki/api/v2/pages/{page}")["version"]["number"]


def test_an_inline_comment_changes_the_body_without_a_version(sandbox, worker, page):
    """A comment puts its marker into the body and leaves the version number alone."""
    ref = sandbox.run(lambda: sandbox.confluence.comment_inline(page, "an alert"))
    assert 1 == worker.get(f"/wiki/api/v2/pages/{page}")["version"]["number"]
    assert f'<ac:inline-comment-marker ac:ref="{ref}">an alert</ac:inline-comment-marker>' in stored(worker, page)


def test_ticking_a_task_is_a_version_by_that_person(sandbox, worker, alice):
    """A tick changes the task's status and nothing else in the body."""
    body = "<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>Do</ac:task-body></ac:task></ac:task-list>"
    page = sandbox.run(lambda: sandbox.confluence.create_page("PAY", "Tasks", body, alice)).id
    before = stored(worker, page)
    sandbox.run(lambda: sandbox.confluence.person_ticks(page, "1", alice))
    assert before.replace("incomplete", "complete") == stored(worker, page)
    assert (2, alice) == (sandbox.confluence.page(page).version.number, sandbox.confluence.page(page).version.by)


def test_a_copy_has_the_same_body_and_another_id(sandbox, worker, page, alice):
    """A copied page keeps the local ids of the original, and its properties only when asked."""
    sandbox.run(lambda: sandbox.confluence.add_property(page, "key", 1, alice))
    plain = sandbox.run(lambda: sandbox.confluence.copy_page(page, "Copy", alice)).id
    whole = sandbox.run(lambda: sandbox.confluence.copy_page(page, "Whole copy", alice, with_properties=True)).id
    assert stored(worker, page) == stored(worker, plain)
    assert [] == worker.get(f"/wiki/api/v2/pages/{plain}/properties")["results"]
    assert [1] == [each["value"] for each in worker.get(f"/wiki/api/v2/pages/{whole}/properties")["results"]]


def test_labels_are_added_once_and_taken_off(worker, page):
    """Adding is idempotent and lower-cases; taking off what is not there is 404."""
    for _ in range(2):
        worker("POST", f"/wiki/rest/api/content/{page}/label", [{"prefix": "global", "name": "New-One"}])
    names = [each["name"] for each in worker.get(f"/wiki/api/v2/pages/{page}/labels")["results"]]
    assert ["post-mortem", "new-one"] == names
    assert 204 == worker("DELETE", f"/wiki/rest/api/content/{page}/label", name="new-one").status_code
    assert 404 == worker("DELETE", f"/wiki/rest/api/content/{page}/label", name="new-one").status_code
    assert 400 == worker("POST", f"/wiki/rest/api/content/{page}/label", [{"name": "two words"}]).status_code


def test_people_and_spaces_are_found_by_id(sandbox, worker, alice):
    """Unknown people are left out of a bulk read and 404 alone."""
    answer = worker("POST", "/wiki/api/v2/users-bulk", {"accountIds": [alice, "nobody"]})
    assert ["Alice Moreau"] == [each["displayName"] for each in answer.json()["results"]]
    assert 404 == worker("GET", "/wiki/rest/api/user", accountId="nobody").status_code
    assert "Alice Moreau" == worker.get("/wiki/rest/api/user", accountId=alice)["displayName"]
    (space,) = worker.get("/wiki/api/v2/spaces", keys="OPS")["results"]
    assert [space] == worker.get("/wiki/api/v2/spaces", ids=space["id"])["results"]


def test_members_of_a_group_may_read_what_is_restricted_to_it(sandbox, worker, page, alice):
    """A restriction to a group admits its members and nobody else."""
    sandbox.confluence.groups["sre"] = {alice}
    sandbox.run(lambda: sandbox.confluence.restrict(page, reader_groups=["sre"]))
    assert 404 == worker("GET", f"/wiki/api/v2/pages/{page}").status_code
    sandbox.confluence.groups["sre"].add(sandbox.world.worker.account_id)
    assert 200 == worker("GET", f"/wiki/api/v2/pages/{page}").status_code


def test_a_moved_page_is_found_below_its_new_parent(sandbox, worker, page, alice):
    """Moving takes the pages below along and makes no version."""
    target = sandbox.run(lambda: sandbox.confluence.create_page("PAY", "Target", "<p/>", alice)).id
    child = sandbox.run(lambda: sandbox.confluence.create_page("PAY", "Child", "<p/>", alice, parent=page)).id
    sandbox.run(lambda: sandbox.confluence.move_page(page, target))
    assert ["Outage", "Child"] == worker.search(f"ancestor = {target}")
    assert ["Outage"] == worker.search(f"parent = {target}")
    assert (1, 1) == tuple(sandbox.confluence.page(each).version.number for each in (page, child))


def test_a_page_comes_back_from_the_archive(sandbox, worker, page):
    """A page that a person brings back can be found and saved again."""
    sandbox.run(lambda: sandbox.confluence.archive(page))
    sandbox.run(lambda: sandbox.confluence.unarchive(page))
    assert ["Outage"] == worker.search("space = PAY")
    assert 200 == worker.save(page, 2).status_code


def test_a_minor_edit_mails_nobody(sandbox, page):
    """Where a product lets a save be quiet, watchers are not mailed."""
    worker_id = sandbox.world.worker.account_id
    sandbox.run(lambda: sandbox.confluence.save(page, "Outage", "<p/>", worker_id, 2, minor=True))
    assert [] == sandbox.confluence.mails


def test_a_property_can_be_looked_up_whoever_asks(sandbox, worker, page):
    """Tests and the demo read a page's state without a request."""
    worker("POST", f"/wiki/api/v2/pages/{page}/properties", {"key": "k", "value": [1]})
    assert [1] == sandbox.confluence.property_named(page, "k")
    with pytest.raises(KeyError):
        sandbox.confluence.property_named(page, "other")
