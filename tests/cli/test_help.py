"""What the command line says about itself, and how quickly."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.commands import ROOT, environment, run
from tests.planted import heard
from worker import __version__
from worker.cli import main

COMMANDS = {
    "check": ["--live", "--format", "--help"],
    "demo": ["--serve", "--port", "--help"],
    "init": ["--space", "--label", "--project", "--type", "--team", "--output", "--help"],
    "plan": ["--team", "--page", "--since", "--format", "--report", "--help"],
    "sandbox": ["--sample", "--port", "--deployment", "--help"],
    "schema": ["--help"],
    "sync": ["--team", "--page", "--since", "--format", "--report", "--approve", "--adopt", "--help"],
}
HEAVY = (
    "atlassian",
    "jinja2",
    "pydantic",
    "requests",
    "rich",
    "ruamel",
    "starlette",
    "structlog",
    "tenacity",
    "uvicorn",
)


def test_commands_are_those_that_are_documented() -> None:
    """There are these seven commands and no others."""
    assert sorted(main.commands) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_options_are_those_that_are_documented(command: str) -> None:
    """A command has exactly its options, and every option but --help has a sentence."""
    parameters = main.commands[command].get_params(
        main.make_context("postmortem-sync", [command, "--help"], resilient_parsing=True)
    )

    assert [max(parameter.opts, key=len) for parameter in parameters] == COMMANDS[command]
    assert all(getattr(parameter, "help", None) for parameter in parameters)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """The help text of a command begins with its name as people type it, and is printed with exit code 0."""
    ended = CliRunner().invoke(main, [command, "--help"])

    assert ended.exit_code == 0
    assert ended.output.startswith(f"Usage: postmortem-sync {command} [OPTIONS]\n")


def test_first_sentences_fit_the_overview() -> None:
    """In the list of commands no sentence is cut off."""
    _, _, overview = CliRunner().invoke(main, ["--help"]).output.partition("Commands:\n")

    assert len(overview.splitlines()) == len(COMMANDS)
    assert "..." not in overview


def test_version_is_the_package_s(tmp_path: Path) -> None:
    """``python -m worker`` goes by the name of the command."""
    assert run(tmp_path, "--version").out == f"postmortem-sync, version {__version__}\n"


@pytest.mark.parametrize("words", [("--help",), ("sync", "--help")])
def test_help_loads_nothing_heavy(words: tuple[str, ...], tmp_path: Path) -> None:
    """Help is quick because none of the large libraries is loaded for it."""
    program = (
        "import sys\n"
        "from worker.cli import main\n"
        f"main({list(words)!r}, standalone_mode=False)\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = heard.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.splitlines()[-1].strip() == "loaded:"


def test_offline_check_loads_no_client(tmp_path: Path) -> None:
    """Judging files asks nobody, so neither the client library nor what draws on terminals is loaded for it."""
    program = (
        "import sys\n"
        "from worker.cli import main\n"
        "main(['check'], standalone_mode=False)\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = heard.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment({"MAPPINGS_DIR": str(tmp_path)}), capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip

    assert done.stdout.splitlines()[-1] == "loaded: pydantic ruamel"
