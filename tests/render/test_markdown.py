"""The result in a pull request or a job's summary."""

from __future__ import annotations

from tests.render.reports import PAGE, hold, report
from worker.model.finding import Finding
from worker.model.plan import PagePlan, Wait
from worker.render.markdown import link, render, words


def test_plan_as_markdown() -> None:
    """Changes are a table, findings and tables are lists, and nothing of a page is read as Markdown."""
    expected = r"""# postmortem-sync: plan

1 page: 1 to create, 1 to update, 1 to keep, 1 waiting, 1 failed; 1 page would be saved. 9 requests in 2.3 s.

- To do this, run “postmortem-sync sync” with the same options.
- What failed is tried again by the next pass; the reason stands beside it.
- Every finding is explained in the project's docs/findings.md.

## [Cash-out outage \[red\]](<https://example.atlassian.net/wiki/spaces/PAY/pages/101>)

Team Payments, version 7, would be saved.

| change | ticket | action item | why |
| --- | --- | --- | --- |
| create |  | Alert on queue depth \| \`page\` the duty engineer | The row has no ticket yet. |
| update | PAY-12 | Rewrite the runbook | Its status moved to In Progress. |
| keep | PAY-9 | Größe der Warteschlange begrenzen | It agrees with its ticket. |
| hold | PAY-13 | \[bold\]Move\[/bold\] \<b\>the\</b\> cron job | waits for people: Two rows could be meant. |
| failed |  | Drop the old table / and tell the DBA team | Jira refused the summary. |

Findings:

- `owner-missing` “Alert on queue depth \| \`page\` the duty engineer”: Row 1 names nobody; write a name.
- `page-read-only` The worker may not edit this page; ask an admin of PAY.

Tables and lists:

- taken under “Action items” (Action, Owner): its headers name an action
- left alone under “Timeline” (Time, What \*happened\*): no heading of the mapping stands above it
"""

    assert expected == render(report(PAGE))


def test_words_stay_words() -> None:
    """Everything that Markdown or HTML would read is escaped."""
    assert words("a\\b *c* _d_ ~e~ $f$ &amp; #1 <img>\n| x") == (
        r"a\\b \*c\* \_d\_ \~e\~ \$f\$ \&amp; \#1 \<img\> / \| x"
    )


def test_link_leads_to_web_addresses_only() -> None:
    """An address a browser would run is not linked, and one cannot end its own link."""
    assert link("a", "javascript:alert(1)") == "a"
    assert link("a]", "https://a.example/x> [b](c)|") == r"[a\]](<https://a.example/x%3E%20[b](c)%7C>)"


def test_tickets_of_pages_that_left_stand_below_the_pages() -> None:
    """Under a heading of their own."""
    left = Finding("ticket-elsewhere", "PAY-1 was made from page 7, which is archived.")
    end = "\n## Pages that are not listed any more\n\n- `ticket-elsewhere` PAY-1 was made from page 7, which is archived.\n"

    assert render(report(PAGE, findings=(left,))).endswith(end)


def test_a_finding_that_a_held_row_tells_is_told_once() -> None:
    """Its code stands behind the reason."""
    held = hold("Add an alert", Wait.PEOPLE)
    page = PagePlan("7", "Outage", "https://x/7", "Payments", 1, (held,), (Finding("row-ambiguous", held.reason),))
    shown = render(report(page))

    assert 1 == shown.count(held.reason)
    assert f"waits for people: {held.reason} (row-ambiguous)" in shown
