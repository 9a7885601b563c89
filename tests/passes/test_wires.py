"""Whole passes by the names of real hosts, through a proxy, TLS of a private authority and client certificates."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import trustme

from tests.passes.stage import actions, stage
from tests.passes.test_signing_in import CLASSIC, CLIENT, SCOPED, SignedIn
from tests.remote.wires import proxy, tls

SITE, GATEWAY, TOKENS = "acme.atlassian.net", "api.atlassian.com", "auth.atlassian.com"
WAYS = [
    (CLASSIC, {SITE}),
    (SCOPED, {SITE, GATEWAY}),
    (CLIENT, {SITE, GATEWAY, TOKENS}),
]


class Company(SignedIn):
    """A worker inside a company: only the proxy leads out, and it sees real host names."""

    surroundings: dict[str, str]

    @property
    def variables(self):
        addresses = {"CONFLUENCE_URL": f"https://{SITE}/wiki", "JIRA_URL": f"https://{SITE}"}
        return {**addresses, **self.surroundings, **self.credentials}


@pytest.mark.parametrize(("credentials", "hosts"), WAYS)
def test_a_pass_inside_a_company_asks_these_hosts_only(tmp_path, credentials, hosts):
    """With the names of real hosts, each way to sign in reaches the hosts it must, and no other, and makes its ticket."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("worker@acme.example").private_key_and_cert_chain_pem.write_to_path(tmp_path / "me.pem")
    with (
        stage() as scene,
        tls(authority.issue_cert(SITE, GATEWAY, TOKENS), scene.sandbox.port, clients=authority) as front,
        proxy(urlsplit(front.url).port) as between,
    ):
        scene.page(actions("Add an alert"))
        worker = Company(scene.sandbox, scene.mapping, credentials)
        worker.surroundings = {
            "CA_BUNDLE": str(tmp_path / "ca.pem"),
            "CLIENT_CERT": str(tmp_path / "me.pem"),
            "HTTPS_PROXY": between.url,
        }
        report = worker.sync()
        body = scene.sandbox.confluence.page(report.pages[0].plan.page).body
    assert (report.exit, [issue.summary for issue in scene.issues()]) == (0, ["Add an alert"])
    assert {line.removeprefix("CONNECT ").removesuffix(":443") for line in between.lines} == hosts
    assert set(front.clients) == {"worker@acme.example"}
    assert f"https://{SITE}/browse/PAY-1" in body
