"""The offline check reports settings and every mapping, each by itself."""

from __future__ import annotations

from pathlib import Path

from worker.check import CheckRow, check_offline
from worker.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]


def good() -> Settings:
    return load_settings(
        {
            "CONFLUENCE_URL": "https://example.atlassian.net/wiki",
            "JIRA_URL": "https://example.atlassian.net",
            "CONFLUENCE_USERNAME": "worker@example.com",
            "CONFLUENCE_TOKEN": "s3cret",
            "SECRETS_DIR": "/nowhere",
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
            "SECRETS_DIR": "/nowhere",
        },
        None,
    )


def bad() -> Settings:
    return load_settings({"SECRETS_DIR": "/nowhere"}, None)


def test_everything_fine() -> None:
    """A row says where the worker would sign in and as whom, and one for each mapping what it would do."""
    report = check_offline(good, ROOT / "mappings")

    assert report.ok
    assert (
        CheckRow(
            ok=True,
            where="settings",
            sentence="Cloud: https://example.atlassian.net/wiki and https://example.atlassian.net "
            "as user name worker@example.com with a token or password",
        ),
        CheckRow(
            ok=True,
            where=(ROOT / "mappings/payments.yaml").as_posix(),
            sentence="Payments: pages in PAY labelled post-mortem, created since 2026-11-01, become Task tickets in PAY",
        ),
    ) == report.rows


def test_each_product_has_its_own_credentials_on_data_center() -> None:
    """Where the products are signed in to differently, the row says how for each."""
    row = check_offline(datacenter, ROOT / "mappings").rows[0]

    assert (
        "Data Center: https://wiki.example.com as a personal access token, https://jira.example.com/jira as user name bot "
        "with a token or password"
    ) == row.sentence


def test_mappings_are_judged_when_settings_are_wrong(tmp_path: Path) -> None:
    """Wrong settings do not hide what is wrong with a mapping, and a wrong mapping does not hide the good one."""
    (tmp_path / "a.yaml").write_text("team: A\npages: {under: 5, since: 2026-11-01}\nticket: {project: PAY}\n", "utf-8")
    (tmp_path / "b.yaml").write_text(
        "team: B\npages: {cql: type = page, since: soon}\nticket: {project: PAY}\n", "utf-8"
    )

    report = check_offline(bad, tmp_path)

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
    """A folder without mappings is a problem of the folder."""
    assert [False] == [row.ok for row in check_offline(good, tmp_path).rows if row.where == tmp_path.as_posix()]
