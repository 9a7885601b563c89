"""What is wrong with the command line, settings or mappings is told in one go, before anything is attempted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import SETTINGS, run, write_mapping


def test_unknown_option_is_refused(tmp_path: Path) -> None:
    """An option that is not there ends with 2 and says where help is."""
    ended = run(tmp_path, "plan", "--tema", "Payments")

    assert (ended.code, ended.out) == (2, "")
    assert "Try 'postmortem-sync plan --help' for help." in ended.err
    assert "No such option '--tema'" in ended.err


def test_page_is_a_number(tmp_path: Path) -> None:
    """A title or address in place of a page's number is refused with where to find it."""
    ended = run(tmp_path, "sync", "--approve", "Outage")

    assert ended.code == 2
    assert "'Outage' is not a page; write the number in its address: …/pages/NUMBER/…" in ended.err


@pytest.mark.parametrize("command", ["plan", "sync"])
def test_problems_of_all_kinds_are_told_at_once(command: str, tmp_path: Path) -> None:
    """A wrong report file, missing settings and a wrong mapping are all told by the first run."""
    write_mapping(tmp_path, text="team: Payments\npages: {space: PAY, since: 2026-11-01}\nticket: {projekt: PAY}\n")
    ended = run(
        tmp_path, command, "--report", "result.pdf", settings={"CONFLUENCE_URL": "https://example.atlassian.net/wiki"}
    )
    lines = ended.err.splitlines()

    assert (ended.code, ended.out) == (2, "")
    assert all(line.startswith("postmortem-sync: ") for line in lines)
    assert "result.pdf ends in no suffix that is known" in lines[0]
    assert [line.split()[1] for line in lines[1:4]] == ["JIRA_URL", "CONFLUENCE_USERNAME", "CONFLUENCE_TOKEN"]
    assert lines[4].startswith("postmortem-sync: mappings/payments.yaml:3: ")


def test_missing_mappings_folder_is_told(tmp_path: Path) -> None:
    """A folder that is not there is named together with the variable that chooses it."""
    ended = run(tmp_path, "plan", settings={**SETTINGS, "MAPPINGS_DIR": "nowhere"})

    assert ended.code == 2
    assert ended.err == (
        "postmortem-sync: nowhere: the folder of mappings cannot be read (No such file or directory); "
        "name it in MAPPINGS_DIR, or let `postmortem-sync init` write a first mapping\n"
    )


def test_unknown_team_is_told(tmp_path: Path) -> None:
    """A team that no mapping names is refused with the name that was probably meant."""
    write_mapping(tmp_path)
    ended = run(tmp_path, "plan", "--team", "Paymets")

    assert ended.code == 2
    assert ended.err == "postmortem-sync: no mapping in mappings is for the team `Paymets`; did you mean `Payments`?\n"


def test_taken_port_is_told(tmp_path: Path) -> None:
    """A port that we may not take is refused in a sentence."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run(tmp_path, "sandbox", "--port", str(port))

    assert ended.code == 2
    assert ended.err == (
        f"postmortem-sync: --port {port} cannot be used: Address already in use. Name another one, or 0 for a free one.\n"
    )


def test_check_passes_over_good_files(tmp_path: Path) -> None:
    """With complete settings and a good mapping check ends with 0, one line a file, and nothing on stderr."""
    write_mapping(tmp_path)
    ended = run(tmp_path, "check")

    assert (ended.code, ended.err) == (0, "")
    assert [line.split()[:2] for line in ended.out.splitlines()] == [
        ["ok", "settings:"], ["ok", "mappings/payments.yaml:"], [], ["Nothing", "is"],
    ]  # fmt: skip
    assert "a-made-up-token" not in ended.out


def test_check_tells_all_problems_as_json(tmp_path: Path) -> None:
    """Missing settings and every mapping's problems are rows of one result on stdout, with exit code 2."""
    write_mapping(tmp_path, "a.yaml", "team: A\n")
    write_mapping(tmp_path, "b.yaml")
    ended = run(tmp_path, "check", "--format", "json", settings={})
    rows = json.loads(ended.out)["rows"]

    assert (ended.code, ended.err) == (2, "")
    assert [(row["ok"], row["where"]) for row in rows] == [
        (False, "settings"), (False, "settings"), (False, "settings"), (False, "settings"),
        (False, "mappings/a.yaml:1"), (False, "mappings/a.yaml:1"), (True, "mappings/b.yaml"),
    ]  # fmt: skip


def test_schema_is_json(tmp_path: Path) -> None:
    """The schema is printed alone, so that it can be saved; it needs no settings."""
    ended = run(tmp_path, "schema", settings={})

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["title"] == "postmortem-sync mapping"
