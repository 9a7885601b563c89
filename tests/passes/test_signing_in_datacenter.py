"""Every way to sign in to Data Center carries whole passes, and what does not is said and not tried again."""

from __future__ import annotations

import pytest

from tests.passes.stage import actions, stage
from tests.passes.test_signing_in import SignedIn, refusal
from worker.sandbox.world import access_token

TOKENS = {"CONFLUENCE_TOKEN": access_token("confluence"), "JIRA_TOKEN": access_token("jira")}
PASSWORD = "correct horse"


@pytest.fixture
def scene():
    with stage("datacenter") as plain:
        plain.sandbox.world.worker.password = PASSWORD
        yield plain


def passwords(scene, password=PASSWORD):
    user = scene.sandbox.world.worker.username
    return {"CONFLUENCE_USERNAME": user, "CONFLUENCE_TOKEN": password, "JIRA_USERNAME": user, "JIRA_TOKEN": password}


def signed(scene, credentials):
    return SignedIn(scene.sandbox, scene.mapping, {"ATLASSIAN_DEPLOYMENT": "datacenter", **credentials})


def failures(scene):
    return scene.sandbox.world.worker.failed_logins


@pytest.mark.parametrize("ways", ["tokens", "passwords", "mixed"])
def test_each_way_to_sign_in_carries_passes(scene, ways):
    """Personal access tokens, passwords, and one of each: a ticket is made, and the second pass is silent."""
    credentials = passwords(scene) if ways != "tokens" else TOKENS
    if ways == "mixed":
        credentials = {
            "CONFLUENCE_TOKEN": TOKENS["CONFLUENCE_TOKEN"],
            **{n: credentials[n] for n in credentials if "JIRA" in n},
        }
    scene.page(actions("Add an alert"))
    worker = signed(scene, credentials)
    assert (worker.sync().exit, len(scene.issues())) == (0, 1)
    writes = scene.sandbox.writes
    assert (worker.sync().exit, scene.sandbox.writes) == (0, writes)


def test_a_wrong_password_is_sent_once(scene):
    """One pass is one failure on the way to a CAPTCHA: nothing is repeated, neither there nor at the other product."""
    told = refusal(signed(scene, passwords(scene, "wrong")))
    assert "its password, before the next pass: failures add up to a CAPTCHA" in told
    assert (failures(scene), [e.status for e in scene.sandbox.requests]) == ({"confluence": 1}, [401])


def test_a_captcha_stops_at_once_though_the_password_is_right(scene):
    """Locked out after failures, the pass says where a person has to go, after one request."""
    failures(scene)["confluence"] = scene.sandbox.settings.captcha_after
    told = refusal(signed(scene, passwords(scene)))
    assert "locked out user" in told
    assert "Sign in with a browser and solve the CAPTCHA there" in told
    assert len(scene.sandbox.requests) == 1


def test_tokens_of_the_two_products_are_not_each_other_s(scene):
    """A personal access token belongs to one product; the sentence says so and how to make another."""
    swapped = {"CONFLUENCE_TOKEN": TOKENS["JIRA_TOKEN"], "JIRA_TOKEN": TOKENS["CONFLUENCE_TOKEN"]}
    assert "or be the other product's; make a new personal access token in Confluence" in refusal(
        signed(scene, swapped)
    )


@pytest.mark.parametrize("way", ["anonymous", "login page", "redirect"])
def test_a_wrong_token_is_never_an_empty_site(scene, way):
    """Answered as to a visitor, with a login page, or with the way to one: each stops the pass."""
    scene.sandbox.settings.wrong_token = way
    scene.page(actions("Add an alert"))
    told = refusal(signed(scene, {**TOKENS, "CONFLUENCE_TOKEN": "revoked"}))
    assert {
        "anonymous": "anonymous visitor (AUTHENTICATED_FAILED). CONFLUENCE_TOKEN may have expired or been revoked",
        "login page": "text/html instead of JSON: usually a login page",
        "redirect": "usually a login page or another address",
    }[way] in told


def test_without_passwords_a_token_is_advised(scene):
    """Where basic authentication is switched off, the sentence says what to use instead."""
    scene.sandbox.settings.basic_auth = False
    assert "use a personal access token and no user name" in refusal(signed(scene, passwords(scene)))


def test_an_account_without_the_product_is_told_apart(scene):
    """An account that may not use a product is known, and an administrator is asked for."""
    scene.sandbox.world.worker.products = frozenset({"confluence"})
    assert "has to give that account access to Jira" in refusal(signed(scene, TOKENS))


def test_a_wrong_context_path_is_told(scene):
    """Where nothing answers at the address, the sentence names the setting."""

    class Elsewhere(SignedIn):
        @property
        def variables(self):
            return {**super().variables, "CONFLUENCE_URL": f"{self.sandbox.confluence_url}/wiki"}

    worker = Elsewhere(scene.sandbox, scene.mapping, {"ATLASSIAN_DEPLOYMENT": "datacenter", **TOKENS})
    assert "look at CONFLUENCE_URL, its context path or cloud id" in refusal(worker)
