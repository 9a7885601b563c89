"""Mistakes in a mapping that it shows by itself, each with the sentence that leads out of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InMapping:
    """One place of the mapping, written otherwise; ``second`` is the mapping of another team beside it."""

    name: str
    written: str
    instead: str
    sentence: str
    second: tuple[str, str] | None = None


MAPPINGS = (
    InMapping("key mistyped", "  labels:", "  lables:", "`lables` is not a key here; did you mean `labels`?"),
    InMapping(
        "role mistyped",
        "owners:",
        "items: {columns: {deu: [Due]}}\nowners:",
        "`deu` is not a key here; did you mean `due`?",
    ),
    InMapping("key elsewhere", "team: Payments", "team: Payments\nspace: PAY", "it belongs at `pages.space`"),
    InMapping(
        "no since", "  since: 2020-01-01\n", "", "`pages` lacks `since`; add it, for example `since: 2026-11-01`"
    ),
    InMapping(
        "since in the future",
        "2020-01-01",
        "2126-01-01",
        "`since` is 2126-01-01, which is yet to come, so that no page is selected; write 2026-11-25",
    ),
    InMapping("day out of the calendar", "2020-01-01", "2026-02-30", "there is no such day in the calendar"),
    InMapping(
        "space by its name",
        "space: PAY",
        "space: Payment post-mortems",
        "`space` cannot be `Payment post-mortems`; write the key that its addresses show, like PAY, not its name",
    ),
    InMapping(
        "project by its name",
        "project: PAY",
        "project: Payments",
        "write the key of the Jira project as its tickets begin: capitals and digits, like PAY",
    ),
    InMapping(
        "label wanted and skipped",
        "[post-mortem]",
        "[post-mortem]\n  skip_labels: [Post-mortem]",
        "`post-mortem` is under `labels` and under `skip_labels`, so that no page is ever selected",
    ),
    InMapping(
        "two teams, one folder of pages",
        "team: Payments",
        "team: Payments",
        "`pages` claims pages of Payments too (",
        ("team: Payments", "team: Ledger"),
    ),
    InMapping(
        "query with an open quote",
        "space: PAY\n  labels: [post-mortem]",
        "cql: 'label = \"post-mortem'",
        "`cql` has a quote that is never closed; close it",
    ),
    InMapping(
        "query with an order",
        "space: PAY\n  labels: [post-mortem]",
        "cql: space = PAY order by title",
        "`cql` holds ORDER BY, and the worker orders and narrows the query itself; remove it",
    ),
    InMapping(
        "quiet for a year",
        "[post-mortem]",
        "[post-mortem]\n  quiet: 52w",
        "so that a page which somebody edits now and then is never touched; write minutes or hours, like 10m",
    ),
    InMapping(
        "column under two roles",
        "owners:",
        "items: {columns: {action: [What], due: [What]}}\nowners:",
        "the column `What` is under `action` and under `due`; keep it under one of them",
    ),
    InMapping(
        "column that another role has by default",
        "owners:",
        "items: {columns: {action: [Owner]}}\nowners:",
        "the column `Owner` is under `action`, and `owner` has it by default; write `owner` too, without it",
    ),
    InMapping(
        "word that another role has by default",
        "owners:",
        "items: {words: {declined: [not doing, Done]}}\nowners:",
        "the word `Done` is under `declined`, and `done` has it by default; write `done` too, without it",
    ),
    InMapping(
        "heading without letters",
        "owners:",
        'items: {headings: ["—"]}\nowners:',
        "`—` has neither letter nor digit, so it never matches; write words, or remove it",
    ),
    InMapping(
        "limit that is never reached",
        "owners:",
        "limits: {new_tickets_per_page: 200}\nowners:",
        "a page may bring 200 new tickets and a pass only 100, so the page's limit is never reached",
    ),
    InMapping(
        "limit of nothing",
        "owners:",
        "limits: {new_tickets_per_page: 0}\nowners:",
        "less than 1 would hold every page; to look without writing, use `plan`",
    ),
    InMapping(
        "alias is an e-mail address",
        'lead: "557058:11110000-0000-4000-8000-00000000a11c"',
        "lead: alice@example.com",
        "`alice@example.com` is an e-mail address, and Cloud needs an account id; open the person's profile",
    ),
    InMapping(
        "alias is a name",
        'lead: "557058:11110000-0000-4000-8000-00000000a11c"',
        "lead: Alice Moreau",
        "`Alice Moreau` looks like a person's name, and Jira needs the account",
    ),
    InMapping(
        "one alias, two people",
        "{On-call lead:",
        '{on-call  LEAD: "5b10ac8d82e05b22cc7d4ef5", On-call lead:',
        "the name `On-call lead` is `on-call  LEAD` in another spelling, and they mean two things; keep one of them",
    ),
    InMapping(
        "time zone mistyped",
        "owners:",
        "due: {timezone: Europe/Berln}\nowners:",
        "`timezone` cannot be `Europe/Berln`; did you mean `Europe/Berlin`?",
    ),
    InMapping(
        "default for a priority nobody can write",
        "owners:",
        "due: {default_after: {P7: 2w}}\nowners:",
        "no row can have the priority `P7` by `ticket.priority`; write one of P1, P2",
    ),
    InMapping(
        "default of a century",
        "owners:",
        "due: {default_after: 5200w}\nowners:",
        "`5200w` is more than ten years, which nobody waits for; write weeks, like 4w",
    ),
    InMapping(
        "duration without unit",
        "owners:",
        "due: {default_after: 4}\nowners:",
        "write a number and a unit, like 4w",
    ),
    InMapping(
        "field by its name",
        "type: Task",
        "type: Task\n  fields: {Team Name: Platform}",
        "`Team Name` is a field's name, and Jira needs its id; write it like customfield_10010",
    ),
    InMapping(
        "field of the worker's",
        "type: Task",
        "type: Task\n  fields: {duedate: 2026-12-01}",
        "`duedate` is filled from the due column; remove it from `fields`",
    ),
    InMapping(
        "label with a blank",
        "type: Task",
        "type: Task\n  labels: [post mortem]",
        "labels are single words, and Jira refuses blanks in them; write it with a hyphen",
    ),
    InMapping("tab", "  space: PAY", "\tspace: PAY", "a tab cannot indent YAML; use spaces"),
)
