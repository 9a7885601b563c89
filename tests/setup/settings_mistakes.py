"""Mistakes in the settings, each with the sentence that leads out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InSettings:
    """Variables that are set otherwise (None: not at all) on a Cloud site."""

    name: str
    changed: Mapping[str, str | None]
    sentence: str


SITE = "https://example.atlassian.net"

SETTINGS = (
    InSettings("no address of Jira", {"JIRA_URL": None}, "JIRA_URL is missing; write the address of Jira"),
    InSettings(
        "address without scheme",
        {"CONFLUENCE_URL": "example.atlassian.net/wiki"},
        "CONFLUENCE_URL (environment) lacks its beginning; write https://example.atlassian.net/wiki",
    ),
    InSettings(
        "address of a page",
        {"CONFLUENCE_URL": f"{SITE}/wiki/spaces/PAY?src=x"},
        "CONFLUENCE_URL (environment) is the address of one page; write only https://example.atlassian.net and the context path",
    ),
    InSettings(
        "path of Data Center at Cloud",
        {"CONFLUENCE_URL": "http://127.0.0.1:8090/confluence", "JIRA_URL": "http://127.0.0.1:8090/jira"},
        "JIRA_URL (environment) has a path that Cloud does not know; write http://127.0.0.1:8090; for Data Center set "
        "ATLASSIAN_DEPLOYMENT=datacenter",
    ),
    InSettings(
        "plain http",
        {"JIRA_URL": "http://example.atlassian.net"},
        "JIRA_URL (environment) would send the token in the clear; write https://example.atlassian.net",
    ),
    InSettings(
        "password in the address",
        {"JIRA_URL": "https://me:secret@example.atlassian.net"},
        "JIRA_URL (environment) holds a user name or password, which logs would show; use the USERNAME and TOKEN variables",
    ),
    InSettings(
        "two sites",
        {"JIRA_URL": "https://other.atlassian.net"},
        "CONFLUENCE_URL is of one site and JIRA_URL of another (https://example.atlassian.net and "
        "https://other.atlassian.net), so links would not fit; write the address of the same site into both",
    ),
    InSettings(
        "two cloud ids",
        {
            "CONFLUENCE_URL": "https://api.atlassian.com/ex/confluence/aaa",
            "JIRA_URL": "https://api.atlassian.com/ex/jira/bbb",
        },
        "write the cloud id of the same site into both",
    ),
    InSettings(
        "one address for both products",
        {"CONFLUENCE_URL": "https://tools.example.com", "JIRA_URL": "https://Tools.example.com:443/"},
        "JIRA_URL (environment) is the address of Confluence too, and each product has its own; write the base URL of Jira",
    ),
    InSettings(
        "address of a page of Data Center",
        {
            "CONFLUENCE_URL": "https://tools.example.com/wiki/display/PAY",
            "JIRA_URL": "https://tools.example.com/jira",
        },
        "CONFLUENCE_URL (environment) is the address of one page; write https://tools.example.com/wiki",
    ),
    InSettings(
        "no e-mail address",
        {"CONFLUENCE_USERNAME": "worker"},
        "CONFLUENCE_USERNAME (environment) is not an e-mail address, and Cloud signs in with the account's",
    ),
    InSettings("no token", {"CONFLUENCE_TOKEN": None}, "CONFLUENCE_TOKEN is missing; make an API token"),
    InSettings(
        "variable mistyped",
        {"CONFLUENCE_TOKEN": None, "CONFLUENCE_TOKN": "x"},
        "CONFLUENCE_TOKN (environment) is no setting; did you mean CONFLUENCE_TOKEN",
    ),
    InSettings(
        "token with a line break",
        {"CONFLUENCE_TOKEN": "half\nhalf"},
        "CONFLUENCE_TOKEN (environment) holds a line break or an invisible character; copy it again",
    ),
    InSettings(
        "search lag too short",
        {"SEARCH_LAG_SECONDS": "5"},
        "less than 60 risks a second ticket for a row whose first one Jira does not show yet; leave it out for 300",
    ),
    InSettings(
        "number with a unit",
        {"CONCURRENCY": "4 pages"},
        "CONCURRENCY (environment) must be a whole number, without a unit",
    ),
    InSettings(
        "certificates that are not there",
        {"CA_BUNDLE": "/nowhere/ca.pem"},
        "CA_BUNDLE (environment) names /nowhere/ca.pem, which is not there; name a PEM file, or leave it out",
    ),
    InSettings(
        "token twice",
        {"CONFLUENCE_TOKEN_FILE": "/nowhere"},
        "CONFLUENCE_TOKEN and CONFLUENCE_TOKEN_FILE (environment) are both set; keep one of them",
    ),
)
