"""What the log looks like off a terminal, and that it keeps secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.render.reports import PAGE, SETTLED, report
from worker import logs
from worker.model.report import Exit


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root, worker = logging.getLogger(), logging.getLogger("worker")
    before = (root.handlers, root.level, worker.level)
    yield
    root.handlers = before[0]
    root.setLevel(before[1])
    worker.setLevel(before[2])
    logging.captureWarnings(False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    written = capsys.readouterr()
    assert written.out == ""
    return [json.loads(line) for line in written.err.splitlines()]


def test_lines_are_json_with_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Off a terminal a line is an object on stderr with run, level, logger, time and what the caller gave."""
    logs.configure(run="ab12")
    logs.log("pass").info("page done", page="7")
    [line] = lines(capsys)
    stamp = line.pop("timestamp")

    assert line == {"run": "ab12", "event": "page done", "page": "7", "level": "info", "logger": "worker.pass"}
    assert str(stamp).endswith("Z")


def test_lines_for_programs_name_their_worker(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON says whose line it is; on a terminal nobody needs to be told."""
    logs.configure(run="ab12", worker="payments")
    logs.log("pass").info("page done")
    [line] = lines(capsys)
    logs.configure(run="ab12", worker="payments", format="console")
    logs.log("pass").info("page done")

    assert (line["run"], line["worker"]) == ("ab12", "payments")
    assert "payments" not in capsys.readouterr().err


def test_level_hides_what_is_below(capsys: pytest.CaptureFixture[str]) -> None:
    """With level warning an info line is not written."""
    logs.configure(run="ab12", level="warning")
    logs.log("pass").info("page done")
    logs.log("pass").warning("slow")

    assert [line["event"] for line in lines(capsys)] == ["slow"]


def test_other_libraries_go_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    """Another library's warning is a line like ours; what it says below that is not written, whatever our level."""
    logs.configure(run="ab12", level="debug")
    logging.getLogger("urllib3.connectionpool").debug("body: %s", "page text")
    logging.getLogger("urllib3.connectionpool").warning("pool is %s", "full")
    [line] = lines(capsys)

    assert (line["run"], line["event"], line["logger"]) == ("ab12", "pool is full", "urllib3.connectionpool")


def test_secrets_are_blotted_out_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """A secret in a field, in another library's message or in a traceback is blotted out, quotes in it or not."""
    secret = 's3cr"et-value'
    logs.configure(run="ab12", secrets=[secret])
    logs.log("x").info("field", header=f"Bearer {secret}")
    logging.getLogger("other").warning("token %s", secret)
    try:
        raise ValueError(f"bad {secret}")
    except ValueError:
        logs.log("x").exception("crashed")
    written = capsys.readouterr().err

    assert "s3cr" not in written
    assert written.count("[secret]") == 3
    assert [json.loads(line)["event"] for line in written.splitlines()] == ["field", "token [secret]", "crashed"]


def test_console_lines_are_for_eyes(capsys: pytest.CaptureFixture[str]) -> None:
    """When asked for, a line is text, without colours where stderr is no terminal."""
    logs.configure(run="ab12", format="console")
    logs.log("pass").info("page done", page="7")
    written = capsys.readouterr().err

    assert "page done" in written
    assert "page=7" in written
    assert "\x1b" not in written


def test_pass_has_one_line_a_page_and_one_for_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """The canonical lines count what became of a page and of the pass and what they cost, and hold no text of the page;
    what failed makes them warnings.
    """
    from rich.console import Console

    from worker.remote.gateway import Exchange, Pause
    from worker.render.progress import PassProgress
    from worker.telemetry.tally import Tally

    logs.configure(run="ab12", level="warning")
    told, tally = report(PAGE, command="sync", saved=True), Tally()
    answered = Exchange("Jira", "GET", "rest/api/3/myself", {}, None, 200, {})
    with PassProgress(Console(stderr=True), tally, bar=False) as progress:
        tally.exchange(answered)
        progress.read(1)
        progress.begin(1)
        progress.start("101")
        tally.exchange(answered)
        tally.exchange(answered)
        tally.pause(Pause("Jira", "GET", "rest/api/3/myself", "answered 503", 2.04))
        progress.done(told.pages[0])
        progress.ended(replace(told, traffic=tally.traffic()))
    page, whole = lines(capsys)
    for line in (page, whole):
        assert line["level"] == "warning"
        del line["timestamp"], line["run"], line["level"], line["logger"]
    took = page.pop("seconds")

    assert isinstance(took, float)
    assert 0 <= took < 60
    assert page == {
        "event": "page done", "team": "Payments", "page": "101", "version": 7, "create": 1, "update": 1, "keep": 1, "hold": 1,
        "failed": 1, "findings": ["owner-missing", "page-read-only"], "page_failed": False, "saved": True, "requests": 2,
        "waits": 1, "waited_seconds": 2.0,
    }  # fmt: skip
    assert whole == {
        "event": "pass done", "command": "sync", "pages": 1, "created": 1, "updated": 1, "kept": 1, "held": 1, "failed": 1,
        "waiting": 1, "pages_saved": 1, "requests": 9, "pages_failed": 0, "confluence_requests": 0, "confluence_waits": 0, "jira_requests": 3,
        "jira_waits": 1, "waited_seconds": 2.0, "seconds": 2.34, "findings": [], "stopped": None,
            "resumes_at": None,
        "exit_code": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "level"),
    [({}, "info"), ({"errors": ("A search failed.",)}, "warning"), ({"refused": Exit.UNREACHABLE}, "error")],
)
def test_level_says_whether_anybody_is_needed(
    more: dict[str, object], level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A settled pass is for the record, a failed one for whoever wants to look, and a refused one needs somebody; a plan is called one,
    for what its totals count was not done.
    """
    from rich.console import Console

    from worker.render.progress import PassProgress
    from worker.telemetry.tally import Tally

    logs.configure(run="ab12")
    with PassProgress(Console(stderr=True), Tally(), bar=False) as progress:
        progress.ended(report(**more))

    assert [(line["event"], line["level"]) for line in lines(capsys)] == [("plan done", level)]


def test_debug_lines_tell_requests_without_what_they_said(capsys: pytest.CaptureFixture[str]) -> None:
    """At level debug each request is a line with method, path and status; parameters, bodies and answers are left out."""
    from rich.console import Console

    from worker.remote.gateway import Exchange
    from worker.render.progress import PassProgress
    from worker.telemetry.tally import Tally

    logs.configure(run="ab12", level="debug", format="console")
    with PassProgress(Console(stderr=True), Tally(), bar=False) as progress:
        progress.exchange(
            Exchange("Jira", "POST", "rest/api/3/issue/bulk", {"q": "words"}, {"a": "words"}, 201, "words")
        )
    written = capsys.readouterr().err

    assert "POST rest/api/3/issue/bulk" in written
    assert "status=201" in written
    assert "words" not in written


def test_bar_counts_what_became_of_items_and_tells_the_time_left() -> None:
    """On a terminal the bar shows pages done of all, what became of their items, and how long the rest may take."""
    from io import StringIO

    from rich.console import Console

    from worker.render.progress import PassProgress
    from worker.telemetry.tally import Tally

    paper = StringIO()
    told = report(PAGE, SETTLED, command="sync", saved=True)
    with PassProgress(Console(file=paper, force_terminal=True, width=140), Tally(), bar=True) as progress:
        progress.read(2)
        progress.begin(2)
        progress.start("101")
        in_work = progress.under_way()
        progress.done(told.pages[0])
    shown = paper.getvalue()

    assert in_work == "1 page in work is finished"
    assert "1/2" in shown
    assert "1 created, 1 updated, 1 held, 1 failed" in shown
    assert shown.rstrip().count(" left") > 0


def test_pages_without_work_have_their_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    """A page that nobody worked on is logged at the end, and none is logged twice."""
    from rich.console import Console

    from worker.render.progress import PassProgress
    from worker.telemetry.tally import Tally

    logs.configure(run="ab12")
    told = report(PAGE)
    with PassProgress(Console(stderr=True), Tally(), bar=False) as progress:
        progress.ended(told)

    assert [line["event"] for line in lines(capsys)] == ["page done", "plan done"]


def test_waits_are_seen_and_long_ones_are_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    """A request that is repeated has a line with what happened and how long the wait is; beyond 5 s it is a warning."""
    from rich.console import Console

    from worker.remote.gateway import Pause
    from worker.render.progress import PassProgress
    from worker.telemetry.tally import Tally

    logs.configure(run="ab12")
    with PassProgress(Console(stderr=True), Tally(), bar=False) as progress:
        progress.pause(Pause("Jira", "GET", "rest/api/3/myself", "answered 503", 2.04))
        progress.pause(Pause("Jira", "GET", "rest/api/3/myself", "answered 429", 60.0))
    short, long = lines(capsys)

    assert ("info", "answered 503", 2.0) == (short["level"], short["cause"], short["seconds"])
    assert ("warning", "answered 429", 60.0, "Jira", "GET", "rest/api/3/myself") == tuple(
        long[name] for name in ("level", "cause", "seconds", "product", "method", "path")
    )
