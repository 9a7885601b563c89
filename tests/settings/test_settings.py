"""Settings are read from several places, judged as a whole, and never show a secret."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from worker.errors import ConfigurationError
from worker.remote.signin import ApiGateway, Basic, Bearer, CloudSite, ServiceAccount
from worker.settings import Deployment, Settings, load_settings
from worker.sources import read
from worker.variables import NAMES

NOTHING_HERE = str(Path(__file__).parent)
"""A secrets folder with nothing of ours in it, whatever this machine has."""
CLOUD = {
    "CONFLUENCE_URL": "https://example.atlassian.net/wiki",
    "JIRA_URL": "https://example.atlassian.net",
    "CONFLUENCE_USERNAME": "worker@example.com",
    "CONFLUENCE_TOKEN": "s3cret",
}
DATACENTER = {
    "CONFLUENCE_URL": "https://wiki.example.com/confluence",
    "JIRA_URL": "https://jira.example.com",
    "CONFLUENCE_TOKEN": "wiki-token",
    "JIRA_TOKEN": "jira-token",
}
GATEWAY = {
    "CONFLUENCE_URL": "https://api.atlassian.com/ex/confluence/11-22",
    "JIRA_URL": "https://api.atlassian.com/ex/jira/11-22",
    "ATLASSIAN_CLIENT_ID": "id",
    "ATLASSIAN_CLIENT_SECRET": "s3cret",
}
LOOPBACK = {
    "CONFLUENCE_URL": "http://127.0.0.1:8123/wiki",
    "JIRA_URL": "http://127.0.0.1:8123",
    "CONFLUENCE_USERNAME": "sandbox",
    "CONFLUENCE_TOKEN": "sandbox",
}


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """An environment whose secrets folder is empty, whatever this machine has."""
    (tmp_path / "no-secrets").mkdir()
    return {"SECRETS_DIR": (tmp_path / "no-secrets").as_posix()}


def problems_of(environ: dict[str, str], env_file: Path | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environ, env_file)
    return list(caught.value.problems)


def outcome(environ: dict[str, str]) -> Settings | tuple[str, ...]:
    try:
        return load_settings(environ, None)
    except ConfigurationError as error:
        return error.problems


def without(given: dict[str, str], *names: str) -> dict[str, str]:
    return {name: text for name, text in given.items() if name not in names}


def test_cloud_site(nowhere: dict[str, str]) -> None:
    """Two addresses, an e-mail address and a token are enough; Jira's credentials are Confluence's."""
    settings = load_settings(nowhere | CLOUD, None)

    assert Deployment.CLOUD == settings.deployment
    assert ("https://example.atlassian.net/wiki", "https://example.atlassian.net") == (
        settings.confluence.base,
        settings.jira.base,
    )
    assert (
        Basic("worker@example.com", SecretStr("s3cret")) == settings.confluence.credentials == settings.jira.credentials
    )


def test_defaults(nowhere: dict[str, str]) -> None:
    """What is not set has the documented defaults."""
    settings = load_settings(nowhere | CLOUD, None)

    assert (Path("mappings"), timedelta(seconds=300), 4, timedelta(seconds=840), "info", "auto") == (
        settings.mappings_dir,
        settings.search_lag,
        settings.concurrency,
        settings.deadline,
        settings.log_level,
        settings.log_format,
    )


@pytest.mark.parametrize(
    ("confluence", "jira", "base", "jira_base"),
    [
        (
            "https://a.atlassian.net",
            "https://a.atlassian.net/",
            "https://a.atlassian.net/wiki",
            "https://a.atlassian.net",
        ),
        (
            "https://A.atlassian.net/wiki/",
            "https://a.atlassian.net",
            "https://a.atlassian.net/wiki",
            "https://a.atlassian.net",
        ),
        (
            "https://api.atlassian.com/ex/confluence/1",
            "https://api.atlassian.com/ex/jira/1",
            "https://api.atlassian.com/ex/confluence/1/wiki",
            "https://api.atlassian.com/ex/jira/1",
        ),
        (
            "https://a.atlassian.net:443",
            "https://a.atlassian.net",
            "https://a.atlassian.net/wiki",
            "https://a.atlassian.net",
        ),
        ("http://localhost:1", "http://[::1]:2", "http://localhost:1/wiki", "http://[::1]:2"),
    ],
)
def test_cloud_addresses_are_completed(
    nowhere: dict[str, str], confluence: str, jira: str, base: str, jira_base: str
) -> None:
    """Confluence Cloud is reached below /wiki, on the site, behind the gateway and on loopback."""
    settings = load_settings(nowhere | CLOUD | {"CONFLUENCE_URL": confluence, "JIRA_URL": jira}, None)

    assert (base, jira_base) == (settings.confluence.base, settings.jira.base)


def test_gateway_has_no_site(nowhere: dict[str, str]) -> None:
    """Behind the gateway only the products know the address that people use."""
    settings = load_settings(nowhere | GATEWAY, None)

    assert (None, None) == (settings.confluence.site, settings.jira.site)
    assert ServiceAccount("id", SecretStr("s3cret")) == settings.jira.credentials


def test_jira_may_have_its_own_token_on_cloud(nowhere: dict[str, str]) -> None:
    """Tokens with scopes are made for one product: the account stays the same, and Jira has its own token."""
    settings = load_settings(nowhere | CLOUD | {"JIRA_TOKEN": "for-jira"}, None)

    assert Basic("worker@example.com", SecretStr("for-jira")) == settings.jira.credentials


def test_same_username_twice_needs_one_token(nowhere: dict[str, str]) -> None:
    """Naming the same account for Jira again changes nothing."""
    again = {"JIRA_USERNAME": CLOUD["CONFLUENCE_USERNAME"]}

    assert load_settings(nowhere | CLOUD, None) == load_settings(nowhere | CLOUD | again, None)


def test_datacenter_with_tokens(nowhere: dict[str, str]) -> None:
    """Any other host is Data Center, where each product has its own token and context path."""
    settings = load_settings(nowhere | DATACENTER, None)

    assert Deployment.DATACENTER == settings.deployment
    assert "https://wiki.example.com/confluence" == settings.confluence.base
    assert (Bearer(SecretStr("wiki-token")), Bearer(SecretStr("jira-token"))) == (
        settings.confluence.credentials,
        settings.jira.credentials,
    )


def test_datacenter_with_passwords(nowhere: dict[str, str]) -> None:
    """A user name beside the token makes it a password."""
    settings = load_settings(nowhere | DATACENTER | {"JIRA_USERNAME": "bot"}, None)

    assert Basic("bot", SecretStr("jira-token")) == settings.jira.credentials


def test_loopback_is_cloud_unless_said_otherwise(nowhere: dict[str, str]) -> None:
    """Loopback counts as Cloud, where the sandbox is; ATLASSIAN_DEPLOYMENT changes that."""
    datacenter = (
        nowhere | without(LOOPBACK, "CONFLUENCE_USERNAME") | {"JIRA_TOKEN": "x", "ATLASSIAN_DEPLOYMENT": "DataCenter"}
    )

    assert Deployment.CLOUD == load_settings(nowhere | LOOPBACK, None).deployment
    assert Deployment.DATACENTER == load_settings(datacenter, None).deployment


def test_search_lag_may_be_short_on_loopback(nowhere: dict[str, str]) -> None:
    """Less than a minute of search lag is for loopback only."""
    assert timedelta(seconds=3) == load_settings(nowhere | LOOPBACK | {"SEARCH_LAG_SECONDS": "3"}, None).search_lag
    assert [
        "SEARCH_LAG_SECONDS (environment) is 59, and less than 60 risks a second ticket for a row whose first one Jira does not show yet; "
        "leave it out for 300"
    ] == problems_of(nowhere | CLOUD | {"SEARCH_LAG_SECONDS": "59"})


def test_a_delay_that_leaves_no_time_is_refused(nowhere: dict[str, str]) -> None:
    """The delay of scheduled passes is a part of the deadline, so it has to be shorter."""
    settings = load_settings(nowhere | CLOUD | {"START_JITTER_SECONDS": "60", "MAX_REQUESTS_PER_PASS": "500"}, None)

    assert (timedelta(seconds=60), 500) == (settings.start_jitter, settings.max_requests)
    [problem] = problems_of(nowhere | CLOUD | {"START_JITTER_SECONDS": "60", "DEADLINE_SECONDS": "60"})
    assert "START_JITTER_SECONDS (environment) is 60 and DEADLINE_SECONDS 60" in problem


def test_nothing_set(nowhere: dict[str, str]) -> None:
    """Somebody who has set nothing learns everything that is needed."""
    assert [
        "CONFLUENCE_URL is missing; write the address of Confluence",
        "JIRA_URL is missing; write the address of Jira",
        "CONFLUENCE_USERNAME is missing; write the e-mail address of the account that owns the API token",
        "CONFLUENCE_TOKEN is missing; make an API token in the settings of the Atlassian account",
    ] == problems_of(nowhere)


def test_all_problems_at_once(nowhere: dict[str, str]) -> None:
    """Problems of single values and of combinations are reported together."""
    assert [
        "CONFLUENCE_TOKN (environment) is no setting; did you mean CONFLUENCE_TOKEN? Rename it, or keep it out "
        "of this job if it belongs to another program",
        "CONCURRENCY (environment) must be at most 16",
        "DEADLINE_SECONDS (environment) must be a whole number, without a unit",
        "LOG_FORMAT (environment) must be one of auto, console or json",
        "CONFLUENCE_URL (environment) has a path that Cloud does not know; write https://example.atlassian.net/wiki",
        "CONFLUENCE_USERNAME (environment) is not an e-mail address, and Cloud signs in with the account's",
    ] == problems_of(
        nowhere
        | without(CLOUD, "CONFLUENCE_TOKEN")
        | {
            "CONFLUENCE_URL": "https://example.atlassian.net/wiki/spaces/PAY",
            "CONFLUENCE_USERNAME": "worker",
            "CONFLUENCE_TOKN": "s3cret",
            "CONCURRENCY": "17",
            "DEADLINE_SECONDS": "10m",
            "LOG_FORMAT": "xml",
        }
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"JIRA_URL": "jira.example.com"},
            "JIRA_URL (environment) is not an address; write it like https://example.atlassian.net",
        ),
        (
            {"CONFLUENCE_URL": "Foo.atlassian.net/wiki/"},
            "CONFLUENCE_URL (environment) lacks its beginning; write https://foo.atlassian.net/wiki",
        ),
        (
            {"JIRA_URL": "https://bo:s3cret@example.atlassian.net"},
            "JIRA_URL (environment) holds a user name or password, which logs would show; use the USERNAME and TOKEN variables",
        ),
        (
            {"JIRA_URL": "http://example.atlassian.net"},
            "JIRA_URL (environment) would send the token in the clear; write https://example.atlassian.net",
        ),
        (
            {"JIRA_URL": "https://example.atlassian.net/browse?x=1"},
            "JIRA_URL (environment) is the address of one page; write only https://example.atlassian.net and the context path",
        ),
        (
            {"JIRA_URL": "https://example.atlassian.net/jira"},
            "JIRA_URL (environment) has a path that Cloud does not know; write https://example.atlassian.net",
        ),
        (
            {"JIRA_URL": "https://api.atlassian.com/ex/confluence/1"},
            "JIRA_URL (environment) must be https://api.atlassian.com/ex/jira/CLOUDID at the API gateway",
        ),
        (
            {"JIRA_URL": "https://jira.example.com"},
            "CONFLUENCE_URL (environment) looks like Cloud and JIRA_URL like Data Center; people cannot be matched between the two, so "
            "name two of a kind, or set ATLASSIAN_DEPLOYMENT to cloud or datacenter",
        ),
        (
            {"JIRA_USERNAME": "other@example.com"},
            "JIRA_TOKEN is missing; make an API token in the settings of the Atlassian account",
        ),
        (
            {"CONFLUENCE_TOKEN": "s3\ncret"},
            "CONFLUENCE_TOKEN (environment) holds a line break or an invisible character; copy it again",
        ),
        (
            {"CA_BUNDLE": "/nowhere/ca.pem"},
            "CA_BUNDLE (environment) names /nowhere/ca.pem, which is not there; name a PEM file, or leave it out",
        ),
        (
            {"HTTPS_PROXY": "bo:s3cret@proxy:3128"},
            "HTTPS_PROXY (environment) lacks its beginning; write it like http://proxy.example.com:3128",
        ),
        (
            {"https_proxy": "socks5://proxy:1080"},
            "HTTPS_PROXY (environment) names a proxy of a kind that is not served, such as SOCKS; name one for http, and "
            "write it like http://proxy.example.com:3128",
        ),
        (
            {"HTTPS_PROXY": "http://wpad.example.com/proxy.pac"},
            "HTTPS_PROXY (environment) is the address of a page or script; write it like http://proxy.example.com:3128, "
            "which is where the proxy itself listens",
        ),
        (
            {"HTTPS_PROXY": "http://pro xy:s3cret@"},
            "HTTPS_PROXY (environment) is not an address; write it like http://proxy.example.com:3128",
        ),
        ({"CONCURRENCY": "0"}, "CONCURRENCY (environment) must be at least 1"),
        (
            {"WORKER_NAME": "pay/ments"},
            "WORKER_NAME (environment) must begin with a letter or digit, and hold these, dots, hyphens and underscores "
            "only, 63 at most",
        ),
        (
            {"JOB_COMPLETION_INDEX": "1"},
            "JOB_COMPLETION_COUNT is missing; Kubernetes tells an indexed pod its index only, so write the job's `completions`",
        ),
        (
            {"JOB_COMPLETION_COUNT": "4"},
            "JOB_COMPLETION_INDEX is missing; give each worker its own, from 0 to 3, as Kubernetes does in an Indexed Job",
        ),
        (
            {"JOB_COMPLETION_INDEX": "4", "JOB_COMPLETION_COUNT": "4"},
            "JOB_COMPLETION_INDEX (environment) is 4 and JOB_COMPLETION_COUNT 4, but indexes count from 0; set the count to the job's "
            "`completions`",
        ),
        (
            {"ATLASSIAN_DEPLOYMENT": "server"},
            "ATLASSIAN_DEPLOYMENT (environment) must be one of auto, cloud or datacenter",
        ),
    ],
)
def test_one_problem(nowhere: dict[str, str], changes: dict[str, str], expected: str) -> None:
    """Each slip has its sentence: the variable, what is wrong, and what to write."""
    assert [expected] == problems_of(nowhere | CLOUD | changes)


def test_service_account_finds_the_gateway(nowhere: dict[str, str]) -> None:
    """A service account may be given the site's own addresses: they tell where the cloud id is asked for."""
    site = {name: CLOUD[name] for name in ("CONFLUENCE_URL", "JIRA_URL")}
    settings = load_settings(nowhere | GATEWAY | site, None)

    assert (settings.confluence.site, settings.jira.site) == tuple(site.values())
    assert settings.confluence.place == CloudSite(
        "https://example.atlassian.net/_edge/tenant_info", ("https://api.atlassian.com/ex/confluence/", "/wiki")
    )
    assert settings.jira.place == CloudSite(
        "https://example.atlassian.net/_edge/tenant_info", ("https://api.atlassian.com/ex/jira/", "")
    )


def test_loopback_plays_the_gateway_and_the_token_endpoint(nowhere: dict[str, str]) -> None:
    """On loopback nothing leads elsewhere: gateway and token endpoint are the sandbox's."""
    account = {"ATLASSIAN_CLIENT_ID": "id", "ATLASSIAN_CLIENT_SECRET": "s3cret"}
    here = {"CONFLUENCE_URL": "http://127.0.0.1:8123/ex/confluence/1-2/wiki", "JIRA_URL": "http://127.0.0.1:8123"}
    settings = load_settings(nowhere | here | account, None)

    assert (settings.confluence.place, settings.confluence.site) == (ApiGateway(), None)
    assert settings.jira.place == CloudSite(
        "http://127.0.0.1:8123/_edge/tenant_info", ("http://127.0.0.1:8123/ex/jira/", "")
    )
    assert settings.jira.credentials == ServiceAccount("id", SecretStr("s3cret"), "http://127.0.0.1:8123/oauth/token")


def test_two_kinds_of_credentials(nowhere: dict[str, str]) -> None:
    """A service account beside a user's token is ambiguous and refused."""
    assert [
        "ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET replace user names and tokens, and both kinds are set; "
        "remove one kind"
    ] == problems_of(nowhere | GATEWAY | {"CONFLUENCE_TOKEN": "x"})


def test_a_token_is_ascii_and_a_password_is_anything(nowhere: dict[str, str]) -> None:
    """A dash of a word processor in a token is a slip of copying; in a password it may be meant."""
    slip = "holds a letter or sign that no token has, such as a long dash; copy it again"

    assert [f"CONFLUENCE_TOKEN (environment) {slip}"] == problems_of(nowhere | CLOUD | {"CONFLUENCE_TOKEN": "a–b"})
    assert [f"JIRA_TOKEN (environment) {slip}"] == problems_of(nowhere | DATACENTER | {"JIRA_TOKEN": "a–b"})
    assert [f"ATLASSIAN_CLIENT_SECRET (environment) {slip}"] == problems_of(
        nowhere | GATEWAY | {"ATLASSIAN_CLIENT_SECRET": "a–b"}
    )
    settings = load_settings(nowhere | DATACENTER | {"JIRA_USERNAME": "bo", "JIRA_TOKEN": "a–b"}, None)
    assert Basic("bo", SecretStr("a–b")) == settings.jira.credentials


@pytest.mark.parametrize(
    ("confluence", "jira"),
    [
        ("https://wiki.example.com/confluence", "https://wiki.example.com/confluence/"),
        ("https://wiki.example.com", "https://wiki.example.com:443"),
        ("https://wiki.example.com:443/a", "HTTPS://WIKI.Example.com/a/"),
        ("http://127.0.0.1:80", "http://127.0.0.1:"),
        ("https://[2001:DB8::1]:0443", "https://[2001:db8::1]"),
    ],
)
def test_two_products_have_two_addresses_on_data_center(nowhere: dict[str, str], confluence: str, jira: str) -> None:
    """One place written twice, in whatever way, is told with the variable that is probably wrong."""
    given = {"CONFLUENCE_URL": confluence, "JIRA_URL": jira, "ATLASSIAN_DEPLOYMENT": "datacenter"}
    assert problems_of(nowhere | DATACENTER | given) == [
        "JIRA_URL (environment) is the address of Confluence too, and each product has its own; write the base URL of "
        "Jira, with its context path"
    ]


@pytest.mark.parametrize(
    ("confluence", "jira"),
    [
        ("https://example.com/confluence", "https://example.com/jira"),
        ("https://example.com", "https://example.com/jira"),
        ("https://example.com/tools/wiki", "https://example.com/tools"),
        ("https://example.com/projects/wiki", "https://example.com/secure/browse"),
        ("https://example.com", "https://example.com:8443"),
        ("https://example.com/Wiki", "https://example.com/wiki"),
    ],
)
def test_two_products_may_share_a_host_on_data_center(nowhere: dict[str, str], confluence: str, jira: str) -> None:
    """Context paths are an administrator's choice, and their case counts; a reverse proxy can hold both products."""
    settings = load_settings(nowhere | DATACENTER | {"CONFLUENCE_URL": confluence, "JIRA_URL": jira}, None)

    assert (confluence, jira) == (settings.confluence.base, settings.jira.base)


@pytest.mark.parametrize(
    ("jira", "instead"),
    [
        ("https://wiki.example.com/confluence/rest/api", "https://wiki.example.com/confluence"),
        ("https://wiki.example.com/confluence/display/PAY", "https://wiki.example.com/confluence"),
        ("https://wiki.example.com/confluence/pages/viewpage.action", "https://wiki.example.com/confluence"),
        ("https://jira.example.com/jira/browse/PAY-1", "https://jira.example.com/jira"),
        ("https://jira.example.com/projects/PAY/issues", "https://jira.example.com"),
        ("https://jira.example.com:443/secure/Dashboard.jspa", "https://jira.example.com"),
    ],
)
def test_a_page_below_a_product_is_no_address_of_one(nowhere: dict[str, str], jira: str, instead: str) -> None:
    """What a browser shows is not the base URL, and the sentence says what is."""
    assert problems_of(nowhere | DATACENTER | {"JIRA_URL": jira}) == [
        f"JIRA_URL (environment) is the address of one page; write {instead}"
    ]


def test_datacenter_has_no_common_credentials(nowhere: dict[str, str]) -> None:
    """On Data Center Jira's token is not taken from Confluence."""
    assert [
        "JIRA_TOKEN is missing; write a personal access token of Jira, or a password beside JIRA_USERNAME"
    ] == problems_of(nowhere | without(DATACENTER, "JIRA_TOKEN"))


def test_empty_values_are_not_given(nowhere: dict[str, str]) -> None:
    """An empty or blank value is as if the variable were not there."""
    empty = {"JIRA_TOKEN": "", "CONCURRENCY": " ", "LOG_LEVEL": "\t"}

    assert load_settings(nowhere | CLOUD, None) == load_settings(nowhere | CLOUD | empty, None)


def test_any_variable_can_be_in_a_file(tmp_path: Path, nowhere: dict[str, str]) -> None:
    """NAME_FILE stands for NAME, for every variable; blanks at the ends of the file are dropped."""
    environ = dict(nowhere)
    for name, text in (CLOUD | {"CONCURRENCY": "7", "LOG_LEVEL": "debug"}).items():
        (tmp_path / name).write_text(f"  {text}\n", encoding="utf-8")
        environ[f"{name}_FILE"] = (tmp_path / name).as_posix()

    settings = load_settings(environ, None)

    assert load_settings(nowhere | CLOUD | {"CONCURRENCY": "7", "LOG_LEVEL": "debug"}, None) == settings


def test_files_that_cannot_be_used(tmp_path: Path, nowhere: dict[str, str]) -> None:
    """A file that is missing, empty, no text or set twice is a problem of its own."""
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    problems = problems_of(
        nowhere
        | CLOUD
        | {
            "CONFLUENCE_TOKEN_FILE": "token",
            "LOG_LEVEL_FILE": (tmp_path / "none").as_posix(),
            "LOG_FORMAT_FILE": (tmp_path / "empty").as_posix(),
            "NO_PROXY_FILE": (tmp_path / "binary").as_posix(),
        }
    )

    assert [
        "CONFLUENCE_TOKEN and CONFLUENCE_TOKEN_FILE (environment) are both set; keep one of them",
        "NO_PROXY_FILE (environment) names F/binary, which cannot be read (it is not UTF-8 text); name a text file that this "
        "account may read",
        "LOG_LEVEL_FILE (environment) names F/none, which cannot be read (No such file or directory); name a text file that "
        "this account may read",
        "LOG_FORMAT_FILE (environment) names F/empty, which is empty; write the value of LOG_FORMAT into it",
    ] == [problem.replace(tmp_path.as_posix(), "F") for problem in problems]


def test_places_in_their_order(tmp_path: Path) -> None:
    """The environment wins over `.env`, and `.env` over the secrets folder."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name, text in (CLOUD | {"CONCURRENCY": "1", "LOG_LEVEL": "debug", "DEADLINE_SECONDS": "60"}).items():
        (secrets / name).write_text(text + "\n", encoding="utf-8")
    env_file = tmp_path / ".env"
    env_file.write_text(
        f"SECRETS_DIR={secrets}\nCONCURRENCY=2\nLOG_LEVEL='warning'\n# DEADLINE_SECONDS=1\n", encoding="utf-8"
    )

    settings = load_settings({"CONCURRENCY": "3"}, env_file)

    assert (3, "warning", timedelta(seconds=60)) == (settings.concurrency, settings.log_level, settings.deadline)


@pytest.mark.parametrize(
    ("environ", "dotenv", "secret", "place"),
    [
        ({"CONCURRENCY": "99"}, "", "", "environment"),
        ({"concurrency": "99"}, "CONCURRENCY=1", "", "environment"),
        ({}, "# first\n\nCONCURRENCY=1\nCONCURRENCY=99\n", "", "F/.env:4"),
        ({}, "LOG_LEVEL='a\nb'\nexport CONCURRENCY=99\n", "", "F/.env:3"),
        ({}, "", "99\n", "F/secrets/CONCURRENCY"),
        ({"CONCURRENCY_FILE": "F/secrets/CONCURRENCY"}, "CONCURRENCY=1", "99\n", "F/secrets/CONCURRENCY"),
    ],
)
def test_a_problem_names_the_place_of_its_value(
    tmp_path: Path, environ: dict[str, str], dotenv: str, secret: str, place: str
) -> None:
    """Whoever has to correct a value is told where it stands: environment, line of `.env`, or file."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    if secret:
        (folder / "CONCURRENCY").write_text(secret, "utf-8")
    (tmp_path / ".env").write_text(dotenv, "utf-8")
    given = {name: text.replace("F/", f"{tmp_path}/") for name, text in environ.items()}
    problems = problems_of(CLOUD | given | {"SECRETS_DIR": folder.as_posix()}, tmp_path / ".env")

    assert f"CONCURRENCY ({place}) must be at most 16" in [each.replace(tmp_path.as_posix(), "F") for each in problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CONFLUENCE_TOKN", "CONFLUENCE_TOKEN"),
        ("confluence_toke", "CONFLUENCE_TOKEN"),
        ("CONFLUENCE_TOKEN_FLE", "CONFLUENCE_TOKEN_FILE"),
        ("CONFLUENCE_API_TOKEN", "CONFLUENCE_TOKEN"),
        ("HEARTBEAT_URI", "HEARTBEAT_URL"),
        ("PUSH_GATEWAY_URL", "PUSHGATEWAY_URL"),
        ("START_JITTER", "START_JITTER_SECONDS"),
        ("DEADLINE", "DEADLINE_SECONDS"),
        ("MAX_REQUESTS", "MAX_REQUESTS_PER_PASS"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env", "secrets"])
def test_a_mistyped_name_is_noticed_wherever_it_stands(tmp_path: Path, written: str, meant: str, place: str) -> None:
    """A name that looks like one of ours that is not set is one problem, with the name that was meant and no value."""
    (tmp_path / "secrets").mkdir()
    environ = without(CLOUD, meant.removesuffix("_FILE")) | {"SECRETS_DIR": (tmp_path / "secrets").as_posix()}
    if place == "environment":
        environ[written] = "s3cret"
    else:
        file = tmp_path / ".env" if place == ".env" else tmp_path / "secrets" / written
        file.write_text(f"{written}=s3cret\n" if place == ".env" else "s3cret", "utf-8")
    [problem] = problems_of(environ, tmp_path / ".env")

    where = {"environment": "environment", ".env": f"{tmp_path}/.env:1", "secrets": f"{tmp_path}/secrets/{written}"}
    assert problem.startswith(f"{written} ({where[place]}) is no setting; did you mean {meant}? Rename it, or keep")
    assert "s3cret" not in problem


@pytest.mark.parametrize(
    ("written", "given"),
    [("HEARTBEAT_URLL", "HEARTBEAT_URL"), ("SECRET_DIR", "SECRETS_DIR"), ("confluence_tokens", "CONFLUENCE_TOKEN")],
)
def test_a_mistyped_name_is_noticed_beside_the_right_one(nowhere: dict[str, str], written: str, given: str) -> None:
    """Whoever writes a new value under a name with a slip is told that the old value is in force."""
    environ = nowhere | CLOUD | {"HEARTBEAT_URL": "https://watch.example.com/1"}

    assert problems_of(environ | {written: "s3cret"}) == [
        f"{written} (environment) is no setting, and {given} (environment) is set; remove the one that is not meant, or "
        "keep it out of this job if it belongs to another program"
    ]


def test_names_of_other_programs_are_left_alone(nowhere: dict[str, str]) -> None:
    """Other proxies, what Kubernetes sets for services, and other programs' names for what is set are no slips."""
    others = {"HTTP_PROXY": "x", "http_proxy": "x", "ALL_PROXY": "x", "JIRA_PORT": "x", "CONFLUENCE_PORT": "x"}
    others |= {"CONFLUENCE_SERVICE_HOST": "x", "CONFLUENCE_API_TOKEN": "x", "JIRA": "x", "PATH": "x"}

    assert load_settings(nowhere | CLOUD, None) == load_settings(nowhere | CLOUD | others, None)


def test_secrets_folder_as_it_is_mounted(tmp_path: Path) -> None:
    """Kubernetes mounts links to files in a folder that begins with dots; a name in lower case counts too."""
    (tmp_path / "..data").mkdir()
    for name, text in CLOUD.items():
        (tmp_path / "..data" / name.lower()).write_text(f"\ufeff{text}\r\n", "utf-8")
        (tmp_path / name.lower()).symlink_to(tmp_path / "..data" / name.lower())

    settings = load_settings({"SECRETS_DIR": tmp_path.as_posix()}, None)

    assert Basic("worker@example.com", SecretStr("s3cret")) == settings.confluence.credentials


def test_secrets_that_cannot_be_used(tmp_path: Path) -> None:
    """An empty or unreadable secret is one problem that names its file; so is a secrets folder that is not there."""
    (tmp_path / "CONFLUENCE_TOKEN").touch()
    (tmp_path / "CONFLUENCE_USERNAME").write_bytes(b"\xff")
    environ = without(CLOUD, "CONFLUENCE_TOKEN", "CONFLUENCE_USERNAME")
    told = problems_of(environ | {"SECRETS_DIR": tmp_path.as_posix()})

    assert [
        "CONFLUENCE_TOKEN (F/CONFLUENCE_TOKEN) is empty; write its value into it, or remove it",
        "CONFLUENCE_USERNAME (F/CONFLUENCE_USERNAME) cannot be read (it is not UTF-8 text); name a text file that this "
        "account may read",
    ] == [each.replace(tmp_path.as_posix(), "F") for each in told]
    assert ["SECRETS_DIR (environment) names F/none, which is no folder; mount it, or leave SECRETS_DIR out"] == [
        each.replace(tmp_path.as_posix(), "F")
        for each in problems_of(CLOUD | {"SECRETS_DIR": (tmp_path / "none").as_posix()})
    ]


def test_settings_never_show_a_secret(nowhere: dict[str, str]) -> None:
    """No print of settings, sign-in or what was read holds a token, a client secret or a proxy's password."""
    for environ in (CLOUD, GATEWAY):
        given = nowhere | environ | {"HTTPS_PROXY": "http://bo:s3cret@proxy:3128"}
        settings = load_settings(given, None)
        assert "s3cret" not in f"{settings!r} {settings} {read(given, None)!r}"


def test_env_file_that_is_no_text(tmp_path: Path, nowhere: dict[str, str]) -> None:
    """A `.env` file that cannot be read is a problem, not a crash."""
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"CONCURRENCY=\xff\n")

    assert [
        f"{env_file} cannot be read (it is not UTF-8 text); make it a readable UTF-8 text file, or remove it"
    ] == problems_of(nowhere | CLOUD, env_file)


def test_broken_lines_of_the_env_file(
    tmp_path: Path, nowhere: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Each line that cannot be read is named once, in our words, without what it holds; the other lines count."""
    env_file = tmp_path / ".env"
    env_file.write_text("# ours\nLOG_LEVEL='s3cret\nCONCURRENCY=99\n= s3cret\n", encoding="utf-8")
    problems = problems_of(nowhere | CLOUD, env_file)

    assert [f"{env_file}:2", f"{env_file}:4", f"CONCURRENCY ({env_file}:3) must be at most 16"] == [
        problem.partition(": ")[0] for problem in problems
    ]
    assert "s3cret" not in "".join(problems)
    assert [] == caplog.messages


def test_variable_of_a_broken_line_is_not_missing_too(tmp_path: Path, nowhere: dict[str, str]) -> None:
    """A line that cannot be read is one problem, even where it names a variable that is required."""
    env_file = tmp_path / ".env"
    env_file.write_text("export CONFLUENCE_TOKEN='half\n", encoding="utf-8")

    [problem] = problems_of(nowhere | without(CLOUD, "CONFLUENCE_TOKEN"), env_file)

    assert problem.startswith(f"{env_file}:1: this line cannot be read; ")


def test_proxy_may_hold_a_password_and_is_not_shown(nowhere: dict[str, str]) -> None:
    """The proxy's address reaches the session with its password, and no print of the settings."""
    settings = load_settings(nowhere | CLOUD | {"https_proxy": "http://bo:s3cret@proxy:3128"}, None)

    assert "http://bo:s3cret@proxy:3128" == settings.https_proxy
    assert "s3cret" not in repr(settings)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30), max_size=len(NAMES)))
def test_any_values_give_settings_or_sentences(environ: dict[str, str]) -> None:
    """Whatever the variables hold, the answer is settings or sentences that name a variable."""
    match outcome(environ | {"SECRETS_DIR": NOTHING_HERE}):
        case Settings() as settings:
            assert settings.confluence.base.startswith("http")
        case problems:
            assert all(problem.startswith(NAMES) for problem in problems)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789\x00\x7f ").map(lambda text: f"zq{text}zq"))
def test_no_sentence_holds_a_secret(secret: str) -> None:
    """A secret in its own variable, or by mistake in another one, is in no sentence."""
    environ = {name: secret for name in NAMES if name not in {"MAPPINGS_DIR", "CA_BUNDLE", "CLIENT_CERT"}}
    problems = problems_of(environ | {"SECRETS_DIR": NOTHING_HERE})

    assert [] == [problem for problem in problems if secret.strip() in problem]
