"""The commands plan and sync from the command line to the sandbox and back."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.commands import arguments, environment, run, write_mapping
from tests.planted.heard import Popen
from tests.telemetry.services import service
from worker.sandbox.faults import Fault
from worker.sandbox.server import Sandbox
from worker.sandbox.world import WORKER_CONFLUENCE_TOKEN, WORKER_EMAIL, WORKER_JIRA_TOKEN, WORKER_TOKEN

BODY = (
    "<h2>Action items</h2><table><tbody>"
    "<tr><th>Action item</th><th>Owner</th><th>Ticket</th></tr>"
    "<tr><td>Alert on the depth of the queue</td><td>Nobody</td><td></td></tr>"
    "</tbody></table>"
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with one post-mortem of one row."""
    with Sandbox() as served:

        def write() -> None:
            world = served.world
            alice = world.people.named("Alice Moreau").account_id
            page = world.confluence.create_page("PAY", "Queue outage", BODY, alice)
            world.confluence.add_labels(page.id, ["post-mortem"], alice)

        served.run(write)
        yield served


def settings(sandbox: Sandbox, **more: str) -> Mapping[str, str]:
    return {
        "CONFLUENCE_URL": sandbox.confluence_url,
        "JIRA_URL": sandbox.jira_url,
        "CONFLUENCE_USERNAME": WORKER_EMAIL,
        "CONFLUENCE_TOKEN": WORKER_TOKEN,
        "SEARCH_LAG_SECONDS": "1",
        **more,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the mapping of one team."""
    text = "team: Payments\npages: {space: PAY, labels: [post-mortem], since: 2020-01-01, quiet: 0}\nticket: {project: PAY}\n"
    write_mapping(tmp_path, text=text)
    return tmp_path


def test_plan_shows_and_writes_nothing(sandbox: Sandbox, folder: Path) -> None:
    """A plan prints what would be done with exit code 0; the sandbox counts no write."""
    ended = run(folder, "plan", settings=settings(sandbox))

    assert ended.code == 0
    assert "  + create  Alert on the depth of the queue\n" in ended.out
    assert "\x1b" not in ended.out + ended.err
    assert sandbox.writes == 0


def test_sync_does_and_tells(sandbox: Sandbox, folder: Path) -> None:
    """A sync makes the ticket, prints one JSON object, logs JSON lines, and writes the report; a second one is silent."""
    first = run(folder, "sync", "--format", "json", "--report", "result.html", settings=settings(sandbox))
    result = json.loads(first.out)
    log = [json.loads(line) for line in first.err.splitlines()]
    [key] = [issue.key for issue in sandbox.jira.issues.values()]
    writes = sandbox.writes
    second = json.loads(run(folder, "sync", "--format", "json", settings=settings(sandbox)).out)

    assert (first.code, result["exit_code"]) == (0, 0)
    assert [(change["kind"], change["ticket"]) for change in result["pages"][0]["changes"]] == [("create", key)]
    assert result["pages"][0]["saved"] is True
    assert [line["event"] for line in log] == ["page done", "pass done"]
    assert log[1]["requests"] == result["totals"]["requests"] == len(sandbox.requests) - second["totals"]["requests"]
    assert f'<a href="{sandbox.jira_url}/browse/{key}">{key}</a>' in (folder / "result.html").read_text("utf-8")
    assert (second["totals"]["created"], second["totals"]["pages_saved"], sandbox.writes) == (0, 0, writes)


@pytest.mark.parametrize("command", ["plan", "sync"])
def test_no_result_is_printed_where_none_is_asked_for(command: str, sandbox: Sandbox, folder: Path) -> None:
    """With --format none stdout is empty, and the log has the lines of pages and pass without text of a page."""
    ended = run(folder, command, "--format", "none", "--report", "result.md", settings=settings(sandbox))
    events = [json.loads(line)["event"] for line in ended.err.splitlines()]

    assert (ended.code, ended.out) == (0, "")
    assert events == ["page done", f"{'plan' if command == 'plan' else 'pass'} done"]
    assert "depth of the queue" not in ended.err
    assert "Queue outage" not in ended.err
    assert "depth of the queue" in (folder / "result.md").read_text("utf-8")


def test_what_failed_beside_any_page_is_in_the_log_where_no_result_is_printed(sandbox: Sandbox, folder: Path) -> None:
    """A space that is not there, and a team without pages: each has its line, and the exit code is the same."""
    for number, space in enumerate(("space: NOPE, labels: [post-mortem]", "space: PAY, labels: [nobody-has-it]")):
        text = f"team: T{number}\npages: {{{space}, since: 2020-01-01}}\nticket: {{project: PAY}}\n"
        write_mapping(folder, f"team{number}.yaml", text)
    ended = run(folder, "sync", "--format", "none", settings=settings(sandbox))
    log = [json.loads(line) for line in ended.err.splitlines()]
    [error] = [line for line in log if line["event"] == "failed beside any page"]
    [notice] = [line for line in log if line["event"] == "notice"]

    assert (ended.code, ended.out) == (3, "")
    assert "NOPE" in error["error"]
    assert notice["notice"].startswith("T1 has no pages")
    assert [line["exit_code"] for line in log if line["event"] == "pass done"] == [3]


def test_wrong_token_ends_with_5(sandbox: Sandbox, folder: Path) -> None:
    """Refused credentials end with 5 and a sentence, before anything is read, and the token is nowhere."""
    ended = run(folder, "sync", settings=settings(sandbox, CONFLUENCE_TOKEN="sandbox-token-wrong"))

    assert (ended.code, ended.out) == (5, "")
    line, sentence = ended.err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["exit_code"]) == ("pass done", "error", 5)
    assert sentence.startswith("postmortem-sync: ")
    assert "sandbox-token-wrong" not in ended.err


@pytest.mark.parametrize(
    ("project", "options", "said"),
    [("NOPE", (), "NOPE"), ("PAY", ("--approve", "999999"), "--approve: Page 999999 is not among the pages")],
)
def test_what_only_the_site_can_contradict_ends_with_2_and_a_result(
    project: str, options: tuple[str, ...], said: str, sandbox: Sandbox, folder: Path
) -> None:
    """Programs get their JSON, people the sentence on stderr, and nothing is written."""
    mapping = folder / "mappings" / "payments.yaml"
    mapping.write_text(mapping.read_text("utf-8").replace("project: PAY", f"project: {project}"), "utf-8")
    plain = run(folder, "sync", *options, settings=settings(sandbox))
    ended = run(folder, "sync", "--format", "json", *options, settings=settings(sandbox))
    result = json.loads(ended.out)

    assert (plain.code, plain.out, ended.code, result["exit_code"], sandbox.writes) == (2, "", 2, 2, 0)
    assert result["stopped"] == "it cannot work as it was asked for, so nothing was attempted"
    assert said in result["errors"][0]
    assert f"postmortem-sync: {result['errors'][0]}" in ended.err.splitlines()
    assert result["totals"]["requests"] > 0


@pytest.mark.parametrize(("command", "code"), [("sync", 0), ("plan", 3)])
def test_a_used_up_quota_is_told_with_its_end(command: str, code: int, sandbox: Sandbox, folder: Path) -> None:
    """Result, report and log tell until when; a sync ended in good order, a plan that says nothing failed."""
    sandbox.faults.append(Fault(("*", "/rest/api/3/"), "quota:1800", times=99))
    ended = run(folder, command, "--format", "json", "--report", "result.md", settings=settings(sandbox))
    result, line = json.loads(ended.out), json.loads(ended.err.splitlines()[-1])

    assert (ended.code, result["exit_code"], line["exit_code"]) == (code, code, code)
    assert result["resumes_at"] == line["resumes_at"]
    assert f"no more before {result['resumes_at']}" in result["stopped"]
    assert result["stopped"] in (folder / "result.md").read_text("utf-8").replace("\\", "")
    assert sandbox.writes == 0


@pytest.mark.parametrize("command", ["sync", "plan"])
def test_a_cap_that_lets_no_page_begin_is_an_error_that_says_what_to_raise(
    command: str, sandbox: Sandbox, folder: Path
) -> None:
    """It ends with 3, for people and for programs, and nothing promises that a later pass goes on."""
    capped = settings(sandbox, MAX_REQUESTS_PER_PASS="3")
    plain = run(folder, command, settings=capped)
    ended = run(folder, command, "--format", "json", "--report", "result.md", settings=capped)
    result, report = json.loads(ended.out), (folder / "result.md").read_text("utf-8").replace("\\", "")
    [error] = result["errors"]

    assert (plain.code, plain.out, ended.code, result["exit_code"], sandbox.writes) == (3, "", 3, 3, 0)
    assert error.startswith("the pass had sent 3 requests when it met MAX_REQUESTS_PER_PASS (3), all of them to read")
    assert ": raise MAX_REQUESTS_PER_PASS; " in error
    assert (result["stopped"], result["totals"]["requests"]) == (error, 3)
    assert f"postmortem-sync: {error}" in plain.err.splitlines()
    assert f"postmortem-sync: {error}" in ended.err.splitlines()
    assert error in report
    assert "is corrected, as said above" in report
    assert "next pass" not in report


@pytest.mark.parametrize(
    ("command", "do", "code", "said"),
    [
        ("sync", "quota:1800", 0, "Jira has had enough requests"),
        ("plan", "quota:1800", 3, "Jira has had enough requests"),
        ("sync", "status:401", 5, "refused user"),
        ("sync", "status:500", 5, "Jira did not say under which address people reach it"),
    ],
)
def test_a_pass_that_ends_while_it_connects_is_told_like_any_other(
    command: str, do: str, code: int, said: str, sandbox: Sandbox, folder: Path
) -> None:
    """Behind the API gateway each product is asked for its address first: what that brings is in the result, the
    report, the log and the figures, with the requests it took.
    """
    sandbox.faults.append(Fault(("*", "/ex/jira/"), do, times=99))
    with service() as watch:
        behind = {
            "CONFLUENCE_URL": sandbox.confluence_gateway,
            "JIRA_URL": sandbox.jira_gateway,
            "CONFLUENCE_TOKEN": WORKER_CONFLUENCE_TOKEN,
            "JIRA_TOKEN": WORKER_JIRA_TOKEN,
            "HEARTBEAT_URL": f"{watch.url}/some-id",
            "METRICS_FILE": "sync.prom",
        }
        words = (command, "--format", "json", "--report", "result.md")
        ended = run(folder, *words, settings=settings(sandbox, **behind))
    result = json.loads(ended.out)
    [line] = [json.loads(each) for each in ended.err.splitlines() if each.startswith("{")]

    assert (ended.code, result["exit_code"], line["exit_code"]) == (code, code, code)
    assert said in result["stopped"]
    assert said in (folder / "result.md").read_text("utf-8")
    assert result["totals"]["requests"] == line["confluence_requests"] + line["jira_requests"] == 2
    assert (result["resumes_at"] is not None) == do.startswith("quota")
    assert result["errors"] == ([] if code == 0 else [result["stopped"]])
    if command == "sync":
        assert [path for _, path, _ in watch.heard] == ["/some-id/start", f"/some-id/{code}"]
        assert f'postmortem_sync_pass_exit_code{{shard="0",worker="postmortem-sync"}} {code}.0' in (
            folder / "sync.prom"
        ).read_text("utf-8")


def test_nobody_there_ends_with_5(folder: Path) -> None:
    """A product that cannot be reached ends with 5 and a sentence."""
    settings = {
        "CONFLUENCE_URL": "http://127.0.0.1:9/wiki", "JIRA_URL": "http://127.0.0.1:9", "CONFLUENCE_USERNAME": WORKER_EMAIL,
        "CONFLUENCE_TOKEN": WORKER_TOKEN, "DEADLINE_SECONDS": "1",
    }  # fmt: skip
    ended = run(folder, "plan", settings=settings)

    assert (ended.code, ended.out) == (5, "")
    assert [line.startswith("postmortem-sync: ") for line in ended.err.splitlines()] == [False, True]


def test_reader_that_leaves_is_no_error(sandbox: Sandbox, folder: Path) -> None:
    """When whoever reads stdout leaves, the exit code is still that of the pass and nothing is complained about."""
    process = Popen(
        arguments("plan"), cwd=folder, env=environment(settings(sandbox, LOG_LEVEL="warning")), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize(("command", "code"), [("sync", 0), ("plan", 130)])
def test_ctrl_c_ends_in_good_order(command: str, code: int, sandbox: Sandbox, folder: Path) -> None:
    """A sync that is asked to stop while it reads asks no more, prints its result and ends with 0; a plan just ends."""
    sandbox.settings.latency_seconds = 0.2
    process = Popen(
        arguments(command, "--format", "json"), cwd=folder, env=environment(settings(sandbox)), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    while not sandbox.requests and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert process.returncode == code
    assert b"Traceback" not in err
    assert (b"Stopping: " in err) == (command == "sync")
    assert sandbox.jira.issues == {}
    if command == "plan":
        assert out == b""
    else:
        assert json.loads(out)["stopped"] == "the worker was asked to stop"
        assert json.loads(out)["totals"]["requests"] == len(sandbox.requests) < 5


@pytest.mark.parametrize("format", ["text", "none", "json"])
def test_a_pass_that_got_nowhere_leaves_figures_of_what_it_sent(format: str, sandbox: Sandbox, folder: Path) -> None:
    """However its result is printed, and a text has nothing to add to the sentence on stderr."""
    capped = settings(sandbox, MAX_REQUESTS_PER_PASS="3", METRICS_FILE="sync.prom")
    ended = run(folder, "sync", "--format", format, settings=capped)
    figures = (folder / "sync.prom").read_text("utf-8")

    assert (ended.code, bool(ended.out)) == (3, format == "json")
    assert ended.err.count("raise MAX_REQUESTS_PER_PASS") == 1 + ended.err.count('"stopped"')
    assert 'postmortem_sync_pass_ended_early{shard="0",worker="postmortem-sync"} 1.0' in figures
    assert sum(float(line.split()[-1]) for line in figures.splitlines() if "sync_requests{" in line) == 3


def test_unselected_page_is_noticed(sandbox: Sandbox, folder: Path) -> None:
    """A page number that no mapping selects is told in the first line and as a warning, with exit code 0."""
    ended = run(folder, "plan", "--page", "999999", settings=settings(sandbox))

    assert ended.code == 0
    assert ended.out.startswith(
        "Page 999999 is not among the pages that the mappings select: no mapping's search finds it. "
        "What counts is pages.space, pages.labels, pages.since and pages.skip_labels, "
    )
    assert [("warning", ended.out.splitlines()[0])] == [
        (line["level"], line["notice"]) for line in map(json.loads, ended.err.splitlines()) if line["event"] == "notice"
    ]


def test_wrong_space_is_told_with_file_and_key(sandbox: Sandbox, folder: Path) -> None:
    """A space that is not there ends with 3 and names the mapping, the key and what to do, and not that it heals."""
    path = folder / "mappings/payments.yaml"
    path.write_text(path.read_text("utf-8").replace("space: PAY", "space: PAYY"), "utf-8")
    ended = run(folder, "plan", settings=settings(sandbox))

    assert ended.code == 3
    assert (
        "mappings/payments.yaml: pages.space PAYY does not exist, or is hidden from the worker's account. Correct it "
    ) in ended.out
    assert "cql" not in ended.out
    assert "tried again" not in ended.out
    assert "fails in every pass until it is corrected" in ended.out


def test_team_without_pages_is_noticed(sandbox: Sandbox, folder: Path) -> None:
    """A search that finds no page is told with its query, for it may be mistyped."""
    path = folder / "mappings/payments.yaml"
    path.write_text(path.read_text("utf-8").replace("[post-mortem]", "[postmortem]"), "utf-8")
    ended = run(folder, "plan", settings=settings(sandbox))

    assert ended.code == 0
    assert ended.out.startswith("Payments has no pages: Confluence finds none. ")
    assert 'label = "postmortem"' in ended.out


def test_a_sync_is_told_and_a_look_is_not(sandbox: Sandbox, folder: Path) -> None:
    """A whole sync pings the watch and leaves figures; a plan and a sync of one page do neither."""
    with service() as watch:
        told = settings(sandbox, HEARTBEAT_URL=f"{watch.url}/some-id", METRICS_FILE="sync.prom", WORKER_NAME="pay")
        narrow = (["--page", "1"], ["--team", "Payments"], ["--since", "2026-01-01"])
        for words in (["plan"], *(["sync", *words] for words in narrow)):
            assert run(folder, *words, settings=told).code == 0
        looked = list(watch.heard)
        synced = run(folder, "sync", settings=told)
    figures = (folder / "sync.prom").read_text("utf-8")

    assert (looked, synced.code) == ([], 0)
    assert [path for _, path, _ in watch.heard] == ["/some-id/start", "/some-id/0"]
    assert 'postmortem_sync_tickets{shard="0",state="open",team="Payments",worker="pay"} 1.0' in figures
    assert 'postmortem_sync_requests{product="Jira",shard="0",worker="pay"} ' in figures
    assert {json.loads(line)["worker"] for line in synced.err.splitlines()} == {"pay"}


def test_a_refused_sync_is_told_with_its_code(sandbox: Sandbox, folder: Path) -> None:
    """The watch hears 5 and the figures hold it, and trouble with a Pushgateway changes nothing of that."""
    with service() as watch, service(status=400) as gateway:
        more = {"HEARTBEAT_URL": f"{watch.url}/some-id", "METRICS_FILE": "sync.prom", "PUSHGATEWAY_URL": gateway.url}
        ended = run(folder, "sync", settings=settings(sandbox, CONFLUENCE_TOKEN="wrong", **more))
    lines = [json.loads(line) for line in ended.err.splitlines() if line.startswith("{")]

    assert (ended.code, [path for _, path, _ in watch.heard]) == (5, ["/some-id/start", "/some-id/5"])
    assert 'postmortem_sync_pass_exit_code{shard="0",worker="postmortem-sync"} 5.0' in (folder / "sync.prom").read_text(
        "utf-8"
    )
    assert [(line["level"], line["setting"], line["cause"]) for line in lines if "setting" in line] == [
        ("warning", "PUSHGATEWAY_URL", "answered 400")
    ]


def test_a_sync_with_a_wrong_mapping_is_told_with_its_code(sandbox: Sandbox, folder: Path) -> None:
    """Where the settings are sound, the watch hears 2 and the figures hold it, before any product is asked."""
    write_mapping(folder, "search.yaml", "team: Search\n")
    with service() as watch:
        more = {"HEARTBEAT_URL": f"{watch.url}/some-id", "METRICS_FILE": "sync.prom"}
        ended = run(folder, "sync", settings=settings(sandbox, **more))

    assert (ended.code, [path for _, path, _ in watch.heard]) == (2, ["/some-id/start", "/some-id/2"])
    assert ended.err.startswith("postmortem-sync: mappings/search.yaml:1: ")
    assert 'postmortem_sync_pass_exit_code{shard="0",worker="postmortem-sync"} 2.0' in (folder / "sync.prom").read_text(
        "utf-8"
    )
    assert sandbox.requests == []


def test_since_leaves_older_pages_out_and_says_how_many(sandbox: Sandbox, folder: Path) -> None:
    """A page whose newest version is older is not read; the first line says how many there are."""
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    ended = run(folder, "plan", "--since", str(tomorrow), settings=settings(sandbox))
    wrong = run(folder, "plan", "--since", "01.11.2026", settings=settings(sandbox))

    assert ended.code == 0
    assert ended.out.splitlines()[0] == f"--since {tomorrow} left out 1 page whose newest version is older."
    assert (wrong.code, "“01.11.2026” is no day; write it as YYYY-MM-DD, such as 2026-11-01." in wrong.err) == (2, True)
