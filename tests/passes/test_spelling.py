"""The address of Confluence as an earlier version spelled it: what was remembered under it is ours."""

from __future__ import annotations

import pytest

from tests.passes.stage import Stage, actions, stage
from worker.model.site import spelled
from worker.sandbox.pages import StoredPage

KEY = "postmortem-sync"


def respell(scene: Stage, page: StoredPage, old: str, new: str) -> None:
    """Claims and origins bear the address in another spelling."""
    claims = [each.value for each in scene.sandbox.confluence.page(page.id).properties.values()]
    for value in (*claims, *(issue.properties[KEY] for issue in scene.issues())):
        value["site"] = f"{value['site']}|".replace(old, new).rstrip("|")


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
@pytest.mark.parametrize(("old", "new"), [("http", "HTTP"), ("|", "/")])
def test_another_spelling_is_the_same_address(deployment: str, old: str, new: str) -> None:
    """It alone is no reason to write anything, and a row that changes still changes its ticket."""
    with stage(deployment) as scene:
        page = scene.page(actions("Add an alert"))
        scene.sync()
        respell(scene, page, old, new)
        before = scene.sandbox.writes
        (report,) = scene.sync().pages

        assert before == scene.sandbox.writes
        assert ["owner-missing"] == [each.code for each in report.plan.findings]
        scene.as_person(
            lambda who: scene.sandbox.confluence.person_replaces(
                page.id, "Add an alert", "Add an alert for refunds", who
            )
        )
        scene.sync()

        assert ["Add an alert for refunds"] == [issue.summary for issue in scene.issues()]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://ACME.example:443/wiki/", "https://acme.example/wiki", True),
        ("http://[::1]:80", "http://[::1]", True),
        ("https://acme.example:8443", "https://acme.example", False),
        ("https://acme.example/Wiki", "https://acme.example/wiki", False),
        ("https://acme.example:x", "https://acme.example", False),
        ("?", "", False),
    ],
)
def test_equal_places_have_one_spelling(one: str, other: str, *, same: bool) -> None:
    """Case of scheme and host, the scheme's own port and a slash at the end make no difference; all else does."""
    assert same == (spelled(one) == spelled(other))
