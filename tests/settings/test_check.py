"""The offline check reports settings and every mapping, each by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.commands import SETTINGS
from worker.check import CheckRow, check_offline
from worker.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
NOTHING_HERE = str(Path(__file__).parent)
"""A secrets folder with nothing of ours in it, whatever this machine has."""
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def good() -> Settings:
    return load_settings(
        {
            "CONFLUENCE_URL": "https://example.atlassian.net/wiki",
            "JIRA_URL": "https://example.atlassian.net",
            "CONFLUENCE_USERNAME": "worker@example.com",
            "CONFLUENCE_TOKEN": "s3cret",
            "SECRETS_DIR": NOTHING_HERE,
        },
        None,
    )


def datacenter() -> Settings:
    return load_settings(
        {
            "CONFLUENCE_URL": "https://wiki.example.com",
            "JIRA_URL": "https://jira.example.com/jira",
            "CONFLUENCE_TOKEN": "s3cret",
            "JIRA_USERNAME": "bot",
            "JIRA_TOKEN": "s3cret",
            "SECRETS_DIR": NOTHING_HERE,
        },
        None,
    )


def bad() -> Settings:
    return load_settings({"SECRETS_DIR": NOTHING_HERE}, None)


def test_everything_fine() -> None:
    """A row says where the worker would sign in and as whom, and one for each mapping what it would do."""
    report = check_offline(good, ROOT / "mappings", NOW)

    assert report.ok
    assert (
        CheckRow(
            ok=True,
            where="settings",
            sentence="Cloud: https://example.atlassian.net/wiki and https://example.atlassian.net "
            "as user worker@example.com",
        ),
        CheckRow(
            ok=True,
            where=(ROOT / "mappings/payments.yaml").as_posix(),
            sentence="Payments: pages in PAY labelled post-mortem, created since 2026-11-01, become Task tickets in PAY",
        ),
    ) == report.rows


def test_each_product_has_its_own_credentials_on_data_center() -> None:
    """Where the products are signed in to differently, the row says how for each."""
    row = check_offline(datacenter, ROOT / "mappings", NOW).rows[0]

    assert (
        "Data Center: https://wiki.example.com as a personal access token, https://jira.example.com/jira as user bot"
    ) == row.sentence


def test_mappings_are_judged_when_settings_are_wrong(tmp_path: Path) -> None:
    """Wrong settings do not hide what is wrong with a mapping, and a wrong mapping does not hide the good one."""
    (tmp_path / "a.yaml").write_text("team: A\npages: {under: 5, since: 2026-11-01}\nticket: {project: PAY}\n", "utf-8")
    (tmp_path / "b.yaml").write_text(
        "team: B\npages: {cql: type = page, since: soon}\nticket: {project: PAY}\n", "utf-8"
    )

    report = check_offline(bad, tmp_path, NOW)

    assert not report.ok
    assert ["settings"] * 4 == [row.where for row in report.rows[:4]]
    assert (
        CheckRow(
            ok=True,
            where=f"{tmp_path}/a.yaml",
            sentence="A: pages below 5, created since 2026-11-01, become Task tickets in PAY",
        ),
        CheckRow(
            ok=False,
            where=f"{tmp_path}/b.yaml:2",
            sentence="`since` cannot be `soon`; write a day as year-month-day, like 2026-11-01",
        ),
    ) == report.rows[4:]


def test_no_mappings(tmp_path: Path) -> None:
    """A folder without mappings is a problem of the folder, which is named once."""
    [problem] = check_offline(good, tmp_path, NOW).rows[1:]

    assert (False, tmp_path.as_posix()) == (problem.ok, problem.where)
    assert problem.sentence.startswith("there is no mapping in this folder; ")


def test_what_looks_like_data_center_needs_its_tokens() -> None:
    """Addresses that are no Cloud site's are taken for Data Center, which wants a token for each product."""

    def own_domain() -> Settings:
        given = {"CONFLUENCE_URL": "https://wiki.example.com", "JIRA_URL": "https://jira.example.com"}
        return load_settings(given | {"SECRETS_DIR": NOTHING_HERE}, None)

    said = [row.sentence for row in check_offline(own_domain, ROOT / "mappings", NOW).rows if row.where == "settings"]

    assert ["CONFLUENCE_TOKEN is missing;", "JIRA_TOKEN is missing;"] == [" ".join(each.split()[:3]) for each in said]


@pytest.mark.parametrize(
    ("url", "count", "told"),
    [("https://watch/sync", "4", True), ("https://watch/sync-{shard}", "4", False), ("https://watch/sync", "1", False)],
)
def test_shards_that_ping_one_address_are_told(url: str, count: str, told: bool) -> None:
    """Where several share a pass, each needs a heartbeat of its own; a pass is not stopped for that."""

    def watched() -> Settings:
        given = {"JOB_COMPLETION_INDEX": "0", "JOB_COMPLETION_COUNT": count, "HEARTBEAT_URL": url}
        return load_settings({**SETTINGS, "SECRETS_DIR": NOTHING_HERE, **given}, None)

    problems = [row.sentence for row in check_offline(watched, ROOT / "mappings", NOW).rows if not row.ok]

    assert problems == (
        [
            "HEARTBEAT_URL is one address for the 4 workers that share a pass, so that the watch notices none that stays "
            "away; write {shard} into it where the number of each is to stand"
        ]
        if told
        else []
    )


def test_broken_line_of_the_env_file_has_a_row_of_its_own(tmp_path: Path) -> None:
    """What is wrong in a file of settings is placed there, like what is wrong in a mapping."""
    env_file = tmp_path / ".env"
    env_file.write_text("CONCURRENCY=2\nCONFLUENCE_TOKEN='half\n", "utf-8")

    row = check_offline(lambda: load_settings({"SECRETS_DIR": NOTHING_HERE}, env_file), ROOT / "mappings", NOW).rows[0]

    assert (f"{env_file}:2", True) == (row.where, row.sentence.startswith("this line cannot be read; "))


DOUBTFUL = """\
team: A
pages:
  space: PAY
  since: 2026-11-26
ticket: {project: PAY}
owners:
  aliases:
    Bo: bo@example.com
    DBA team: 557058:f58131cb-b67d-43c7-b30d-6b58d40bd077
    Kim: 5b10ac8d82e05b22cc7d4ef5
  default: oncall
"""


def test_owners_that_are_no_accounts_and_days_to_come(tmp_path: Path) -> None:
    """E-mail addresses and short names are no account ids of Cloud, and a ``since`` of tomorrow selects nothing."""
    (tmp_path / "a.yaml").write_text(DOUBTFUL, "utf-8")
    rows = check_offline(good, tmp_path, NOW).rows[1:]

    assert [(False, f"{tmp_path}/a.yaml:{line}") for line in (4, 8, 11)] == [(row.ok, row.where) for row in rows]
    assert [
        "`since` is 2026-11-26, which is yet to come, so that no page is selected; write 2026-11-25 for pages from now "
        "on, or an earlier day",
        "`bo@example.com` is an e-mail address, and Cloud needs an account id; open the person's profile in Jira or "
        "Confluence and write what stands at the end of its address: …/people/ACCOUNTID",
        "`oncall` cannot be an account id of Cloud; open the person's profile in Jira or Confluence and write what stands "
        "at the end of its address: …/people/ACCOUNTID",
    ] == [row.sentence for row in rows]


def test_days_begin_in_the_time_zone_of_the_team(tmp_path: Path) -> None:
    """A day that has begun for the team is not yet to come."""
    (tmp_path / "a.yaml").write_text(
        "team: A\npages: {space: PAY, since: 2026-11-26}\nticket: {project: PAY}\ndue: {timezone: Pacific/Auckland}\n",
        "utf-8",
    )

    assert check_offline(good, tmp_path, NOW).ok


def test_any_word_can_be_an_account_on_data_center(tmp_path: Path) -> None:
    """User names of Data Center are left to Jira to judge, but for what only Cloud calls a person."""
    text = DOUBTFUL.replace("11-26", "11-25").replace("  default:", '    Lead: "557058:1234"\n  default:')
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    rows = check_offline(datacenter, tmp_path, NOW).rows[1:]

    assert [
        f"`{account}` is an account id of Cloud; on Data Center write the name with which the person signs in"
        for account in ("557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", "5b10ac8d82e05b22cc7d4ef5", "557058:1234")
    ] == [row.sentence for row in rows]


MANY = """\
team: A
pages: {space: PAY, labels: [one, two words, three, four words], since: 2126-11-26}
items: {columns: {deu: [Due]}, words: {declined: [done]}}
ticket: {project: PAY}
owners: {default: bo@example.com}
"""


def test_mistakes_of_every_kind_are_told_in_one_go(tmp_path: Path) -> None:
    """What the model refuses does not hide what only the rest of the mapping shows, nor that two teams claim a page."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(MANY.replace("team: A", f"team: {name}"), "utf-8")
    rows = [row for row in check_offline(good, tmp_path, NOW).rows if not row.ok]

    told = (
        "`labels` cannot be `two words`",
        "`labels` cannot be `four words`",
        "`since` is 2126-11-26, which is yet to",
    )
    told += (
        "`deu` is not a key here; did you mean `due`?",
        "the word `done` is under `declined`",
        "`bo@example.com` is an",
    )
    for file, more in (("a", ()), ("b", ("`pages` claims pages of a too",))):
        found = [row.sentence for row in rows if row.where.startswith(f"{tmp_path}/{file}.yaml:")]
        assert len(told) + len(more) == len(found)
        assert [] == [start for start in (*told, *more) if not any(sentence.startswith(start) for sentence in found)]
