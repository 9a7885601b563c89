"""Every way a command can end, and what the process answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from worker.commandline import Commands, emit
from worker.errors import AccessError, ConfigurationError, LimitTooLow, Missing, WorkerError

ERRORS = {
    "wrong": ConfigurationError("JIRA_URL is missing; write it.", "CA_BUNDLE names a.pem, which is not there."),
    "refused": AccessError("Jira refuses the token.\x1b[31m"),
    "capped": LimitTooLow("Raise MAX_REQUESTS_PER_PASS."),
    "gone": Missing("GET page 7 answered 404.", status=404),
    "other": WorkerError("Something else."),
    "bug": ZeroDivisionError("division by zero"),
    "interrupted": KeyboardInterrupt(),
}


@click.group(cls=Commands)
def group() -> None:
    """Commands that end badly."""


@group.command()
@click.argument("name")
def fail(name: str) -> None:
    """Raises the error of that name."""
    raise ERRORS[name]


@group.command()
def tell() -> None:
    """Writes a result that no encoding but UTF-8 holds, and half a character."""
    emit("Größe 💶 \ud800\n")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.mark.parametrize(
    ("name", "code", "err"),
    [
        (
            "wrong",
            2,
            "postmortem-sync: JIRA_URL is missing; write it.\n"
            "postmortem-sync: CA_BUNDLE names a.pem, which is not there.\n",
        ),
        ("refused", 5, "postmortem-sync: Jira refuses the token.\\x1b[31m\n"),
        ("capped", 3, "postmortem-sync: Raise MAX_REQUESTS_PER_PASS.\n"),
        ("gone", 3, "postmortem-sync: GET page 7 answered 404.\n"),
        ("other", 3, "postmortem-sync: Something else.\n"),
        ("interrupted", 130, ""),
    ],
)
def test_errors_become_sentences_and_codes(name: str, code: int, err: str) -> None:
    """What is raised on purpose is told in its own words, one line a problem, and has its exit code."""
    ended = CliRunner().invoke(group, ["fail", name])

    assert (ended.exit_code, ended.stdout, ended.stderr) == (code, "", err)


def test_bug_is_told_with_its_traceback() -> None:
    """What nobody expected ends with 1, a traceback in the log, and a sentence that says whom to tell."""
    ended = CliRunner().invoke(group, ["fail", "bug"])
    logged, sentence = ended.stderr.splitlines()

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert json.loads(logged)["exception"].endswith("ZeroDivisionError: division by zero")
    assert sentence == (
        "postmortem-sync: This is a bug, and the command ended here. Please send the lines above to the maintainers."
    )


def test_result_is_utf_8() -> None:
    """Results are written in UTF-8 whatever the surroundings, and half a character is spelt out."""
    assert CliRunner(charset="latin-1").invoke(group, ["tell"]).stdout_bytes == "Größe 💶 \\ud800\n".encode()
