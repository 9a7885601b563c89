"""The commands that help to set up, as people run them against a site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import run, write_mapping
from tests.setup.site import MAPPING, site, variables


def test_init_writes_a_file_that_check_live_takes(tmp_path: Path) -> None:
    """The mapping goes to the file, what was looked at to stderr; check --live then exits with 0."""
    with site() as sandbox:
        ended = run(
            tmp_path, "init", "--space", "PAY", "--output", "mappings/payments.yaml", settings=variables(sandbox)
        )
        assert (0, "") == (ended.code, ended.out)
        assert (
            "postmortem-sync: 1 page looked at, 1 action item found on them. Written to mappings/payments.yaml."
            in ended.err
        )
        checked = run(tmp_path, "check", "--live", settings=variables(sandbox))
        assert (0, "Nothing is wrong.") == (checked.code, checked.out.splitlines()[-1])
        assert 0 == sandbox.writes


def test_init_tells_that_no_page_bears_the_label(tmp_path: Path) -> None:
    """The mapping is written, and stderr names the label and the key to correct."""
    with site() as sandbox:
        ended = run(tmp_path, "init", "--space", "PAY", "--label", "retro", settings=variables(sandbox))

    assert (0, True) == (ended.code, "labels: [retro]" in ended.out)
    assert "Confluence finds no page with the label retro in PAY. If there should be some, correct" in ended.err


def test_init_makes_no_other_folder_than_that_of_the_mappings(tmp_path: Path) -> None:
    """A path that is not there is told, after the site was asked and before anything is lost: stdout is the way out."""
    with site() as sandbox:
        ended = run(tmp_path, "init", "--space", "PAY", "--output", "elsewhere/a.yaml", settings=variables(sandbox))

    assert (2, False) == (ended.code, (tmp_path / "elsewhere").exists())
    assert "--output elsewhere/a.yaml cannot be written: No such file or directory; name another one" in ended.err


def test_init_never_writes_over_a_file(tmp_path: Path) -> None:
    """A file that is there is refused before anybody is asked, and stays as it is."""
    write_mapping(tmp_path, text="mine")
    file = next((tmp_path / "mappings").iterdir())
    ended = run(tmp_path, "init", "--output", str(file.relative_to(tmp_path)))

    assert (2, "mine") == (ended.code, file.read_text("utf-8"))
    assert "the file is there already, and stays as it is; name another one" in ended.err


def test_check_live_as_json(tmp_path: Path) -> None:
    """Programs get every row with its state, and the request to an administrator beside it."""
    write_mapping(tmp_path, text=MAPPING)
    with site() as sandbox:
        sandbox.run(lambda: setattr(sandbox.jira.projects["PAY"], "movers", set()))
        ended = run(tmp_path, "check", "--live", "--format", "json", settings=variables(sandbox))

    result = json.loads(ended.out)
    (wrong,) = [row for row in result["rows"] if not row["ok"]]
    assert (2, "check", False, 1) == (ended.code, result["command"], result["ok"], result["problems"])
    assert ("permissions", "wrong", "Jira") == (wrong["about"], wrong["state"], wrong["ask"]["product"])


def test_check_live_as_markdown_holds_what_to_send(tmp_path: Path) -> None:
    """The requests stand together under a heading, ready for whoever administers Jira."""
    write_mapping(tmp_path, text=MAPPING)
    with site() as sandbox:
        sandbox.run(lambda: setattr(sandbox.jira.projects["PAY"], "schedulers", set()))
        ended = run(tmp_path, "check", "--live", "--format", "markdown", settings=variables(sandbox))

    *_, heading, _, request = ended.out.splitlines()
    assert "## For the administrators of Jira" == heading
    assert "the permission “Schedule issues” in the project PAY." in request


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_check_live_without_network_ends_with_5(tmp_path: Path, format: str) -> None:
    """A product that cannot be reached is told in the result, whatever its format."""
    write_mapping(tmp_path, text=MAPPING)
    with site() as sandbox:
        settings = {**variables(sandbox), "JIRA_URL": "http://127.0.0.1:1", "DEADLINE_SECONDS": "1"}
        ended = run(tmp_path, "check", "--live", "--format", format, settings=settings)

    assert 5 == ended.code
    assert "could not be reached at" in ended.out


def test_check_live_needs_sound_settings(tmp_path: Path) -> None:
    """With settings that are wrong nobody is asked, and the problems are those of check."""
    write_mapping(tmp_path, text=MAPPING)
    ended = run(tmp_path, "check", "--live", settings={"CONFLUENCE_URL": "https://example.atlassian.net"})

    assert (2, True) == (ended.code, "wrong  settings: JIRA_URL is missing" in ended.out)
