"""What a look at the site found, in its three formats."""

from __future__ import annotations

from worker.live.rows import Ask, Group, LiveRow, State, exit_code, fine, told, wrong
from worker.render.live import as_markdown, as_rows, as_text

ASK = Ask("Jira", "Please give the account A the permission “Edit issues” in the project PAY.")
GROUPS = (
    Group("Confluence and Jira", (fine("Jira sign-in", "as A."), told("token", "Note the day."))),
    Group("A (a.yaml)", (wrong("permissions", "This account lacks one | of them.", ASK), wrong("type", "No.", ASK))),
)


def test_text_has_a_sign_a_row_and_each_request_once() -> None:
    """Rows are aligned below their group, and what two rows ask for is asked once."""
    assert as_text(GROUPS).splitlines() == [
        "",
        "Confluence and Jira",
        "  ✓ Jira sign-in  as A.",
        "  · token         Note the day.",
        "",
        "A (a.yaml)",
        "  ✗ permissions  This account lacks one | of them.",
        "  ✗ type         No.",
        "",
        "To ask an administrator (--format markdown writes it ready to send):",
        "  Jira: Please give the account A the permission “Edit issues” in the project PAY.",
    ]


def test_markdown_ends_with_what_to_send() -> None:
    """Tables hold nothing that is read as Markdown, and the requests stand under their product."""
    lines = as_markdown(GROUPS).splitlines()

    assert r"| ✗ | permissions | This account lacks one \| of them. |" in lines
    assert ["## For the administrators of Jira", "", f"- {ASK.sentence}"] == lines[-3:]


def test_rows_for_programs_say_how_each_thing_is() -> None:
    """A row bears its group, its state, and the request to an administrator, or null."""
    first, *_, last = as_rows(GROUPS)

    assert {
        "ok": True,
        "where": "Confluence and Jira",
        "message": "as A.",
        "about": "Jira sign-in",
        "state": "ok",
        "ask": None,
    } == first
    assert ({"product": "Jira", "message": ASK.sentence}, "wrong", False) == (last["ask"], last["state"], last["ok"])


def test_exit_codes_in_their_order() -> None:
    """Refused goes before failed, failed before wrong; notes are no trouble."""
    rows = {state: LiveRow(state, "x", "y") for state in State}

    def code(*states: State) -> int:
        return exit_code((Group("a", tuple(rows[state] for state in states)),))

    assert (5, 3, 2, 0) == (
        code(State.WRONG, State.FAILED, State.REFUSED), code(State.WRONG, State.FAILED), code(State.WRONG),
        code(State.FINE, State.TOLD),
    )  # fmt: skip
