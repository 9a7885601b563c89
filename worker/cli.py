"""The commands and their options; what a command needs is imported when it runs, so that help is quick."""

from __future__ import annotations

import errno
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import click

from worker import __version__
from worker.commandline import NAME, Commands, complain, emit

Format = Literal["text", "json", "markdown"]
PassFormat = Literal["text", "json", "markdown", "none"]
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _collect_seldom() -> None:
    """Keeps the collector of cycles away from what is loaded by now, and lets it look at the rest less often.

    A page is thousands of small objects without a cycle; looking for one takes a seventh of a pass.
    """
    gc.freeze()
    gc.set_threshold(10_000)


def _page_numbers(_ctx: click.Context, _option: click.Parameter, pages: tuple[str, ...]) -> tuple[str, ...]:
    for page in pages:
        if not (page.isascii() and page.isdigit()):
            raise click.BadParameter(f"{page!r} is not a page; write the number in its address: …/pages/NUMBER/…")
    return pages


def _day(_ctx: click.Context, _option: click.Parameter, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(f"“{given}” is no day; write it as YYYY-MM-DD, such as 2026-11-01.") from None


def _several_pages(option: str, help: str) -> Callable[[_Command], _Command]:
    return click.option(option, multiple=True, metavar="PAGE", callback=_page_numbers, help=help)


def _format(help: str, *formats: str) -> Callable[[_Command], _Command]:
    return click.option("--format", type=click.Choice(formats), default="text", show_default=True, help=help)


def _pass_options(command: _Command) -> _Command:
    """What ``plan`` and ``sync`` share; given in the reverse of the order of the help text."""
    command = click.option(
        "--report",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Also write the result to a file that ends in .html, .md or .json.",
    )(command)
    command = _format(
        "How the result is printed; none prints nothing, and exit code and log tell.", *get_args(PassFormat)
    )(command)
    command = click.option(
        "--since",
        metavar="DATE",
        callback=_day,
        help="Only pages whose newest version is of that day or later, as in 2026-11-01.",
    )(command)
    command = click.option(
        "--page",
        multiple=True,
        metavar="ID",
        callback=_page_numbers,
        help="Only this page, by the number in its address. May be repeated.",
    )(command)
    return click.option("--team", multiple=True, metavar="NAME", help="Only this team's pages. May be repeated.")(
        command
    )


def _port(default: int, shown: str) -> Callable[[_Command], _Command]:
    return click.option(
        "--port", type=click.IntRange(0, 65535), default=default, help=f"Port on loopback.  [default: {shown}]"
    )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=NAME)
def main() -> None:
    """Turns the action items of Confluence post-mortems into Jira tickets and keeps their status on the page.

    Settings come from the environment, a .env file or a folder of secrets; which pages and what tickets, from one
    mapping a team. Start with "demo", which needs no account, or with "check" and "plan", which never write.

    Exit codes: 0 settled, or only waiting for people; 1 a bug; 2 command line, settings or mapping are wrong; 3 a
    request or page failed, the rest is done; 4 something was held by a limit, the rest is done; 5 Confluence or Jira
    refused the credentials or could not be reached.
    """


@main.command()
@click.option("--serve", is_flag=True, help="Leave the sandbox open in the browser afterwards.")
@_port(0, "a free one")
@click.pass_context
def demo(ctx: click.Context, serve: bool, port: int) -> None:
    """Show the worker at work in a sandbox.

    Starts the embedded Confluence and Jira on loopback, fills them with sample post-mortems, plans, syncs, moves some
    tickets along, and syncs again. Needs no account.
    """
    _need_sandbox()
    from rich.console import Console

    from worker.sandbox.demo import run_demo

    with _port_is_free(port):
        code = run_demo(Console(), serve, port)
    ctx.exit(code)


@main.command()
@click.option("--sample", is_flag=True, help="Begin with the sample post-mortems instead of empty spaces.")
@_port(8090, "8090; 0 takes a free one")
@click.option(
    "--deployment",
    type=click.Choice(["cloud", "datacenter"]),
    default="cloud",
    show_default=True,
    help="Which family of products it plays; datacenter serves them below /confluence and /jira.",
)
def sandbox(sample: bool, port: int, deployment: str) -> None:
    """Serve an embedded Confluence and Jira.

    On loopback only, until Ctrl-C; what people and programs write is gone afterwards.
    """
    _need_sandbox()
    from rich.console import Console

    from worker.sandbox.face import FACES
    from worker.sandbox.standalone import serve_alone

    with _port_is_free(port):
        serve_alone(Console(), face=FACES[deployment], sample=sample, port=port)


@main.command()
@click.option("--space", metavar="KEY", help="Space with the post-mortems.")
@click.option("--label", multiple=True, metavar="NAME", help="Label that post-mortems bear. May be repeated.")
@click.option("--project", metavar="KEY", help="Jira project for the tickets.")
@click.option("--type", metavar="NAME", help="Ticket type.")
@click.option("--team", metavar="NAME", help="Name of the team; the space's name unless given.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of to stdout.")
@click.pass_context
def init(
    ctx: click.Context,
    space: str | None,
    label: tuple[str, ...],
    project: str | None,
    type: str | None,
    team: str | None,
    output: Path | None,
) -> None:
    """Write a first mapping from what the site has.

    Reads some pages and proposes columns, words and priorities as they stand there. On a terminal it asks for what
    the options leave open. Never writes to Confluence or Jira, nor over a file.
    """
    from worker import setup
    from worker.init.wanted import Given

    ctx.exit(setup.init(Given(team, space, label, project, type), output))


@main.command()
@click.option("--live", is_flag=True, help="Also ask Confluence and Jira whether each mapping can work.")
@_format("How the result is written.", *get_args(Format))
@click.pass_context
def check(ctx: click.Context, live: bool, format: Format) -> None:
    """Judge the settings and every mapping.

    Asks nobody, unless --live is given; never writes. Exits with 2 when something is to be solved. Markdown is made
    to be sent to whoever administers Confluence and Jira.
    """
    from worker import setup

    ctx.exit(setup.check(live=live, format=format))


@main.command()
@_pass_options
@click.pass_context
def plan(
    ctx: click.Context,
    team: tuple[str, ...],
    page: tuple[str, ...],
    since: date | None,
    format: PassFormat,
    report: Path | None,
) -> None:
    """Print what sync would do, and why.

    Reads everything and cannot write: it is not handed anything that could.
    """
    from worker import passes

    _collect_seldom()
    ctx.exit(passes.plan(passes.Asked(team, page, since, format, report)))


@main.command()
@_pass_options
@_several_pages("--approve", "Lift the limits for this page, once; the rest of the pass is done too. May be repeated.")
@_several_pages(
    "--adopt",
    "Make this copied page the home of the tickets its rows name; the rest of the pass is done too. May be repeated.",
)
@click.pass_context
def sync(
    ctx: click.Context,
    team: tuple[str, ...],
    page: tuple[str, ...],
    since: date | None,
    format: PassFormat,
    report: Path | None,
    approve: tuple[str, ...],
    adopt: tuple[str, ...],
) -> None:
    """Make one pass, then exit.

    Tickets are created and brought up to date; pages get keys, statuses and notes in the worker's own cells.
    """
    from worker import passes

    _collect_seldom()
    ctx.exit(passes.sync(passes.Asked(team, page, since, format, report, approve, adopt)))


@main.command()
def schema() -> None:
    """Print the JSON Schema of a mapping."""
    from worker.mapping.schema import mapping_schema_text

    emit(mapping_schema_text())


def _need_sandbox() -> None:
    from importlib.util import find_spec

    if not all(find_spec(module) for module in ("jinja2", "python_multipart", "starlette", "uvicorn")):
        complain(["The sandbox is not installed; install it with: pip install 'postmortem-sync[sandbox]'"])
        raise click.exceptions.Exit(2)


@contextmanager
def _port_is_free(port: int) -> Iterator[None]:
    """Says in a sentence that the port is taken, or may not be taken by us."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        complain([f"--port {port} cannot be used: {error.strerror}. Name another one, or 0 for a free one."])
        raise click.exceptions.Exit(2) from None
