"""A test in which the product lets a planted token out fails, whichever way it comes out."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.planted.tokens import PLANTED, leaks
from worker.sandbox.world import (
    WORKER_CLIENT_ID,
    WORKER_CLIENT_SECRET,
    WORKER_CONFLUENCE_TOKEN,
    WORKER_JIRA_TOKEN,
    WORKER_PASSWORD,
    WORKER_TOKEN,
    access_token,
)

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "sandbox-token-" + "of-a-test"
WAYS = {
    "printed": f"print({TOKEN!r})",
    "on stderr": f"import sys; sys.stderr.write({TOKEN!r})",
    "read by the test itself": f"print({TOKEN!r}); capsys.readouterr()",
    "in the log": f"import logging; logging.getLogger('worker').warning('refused: %s', {TOKEN!r})",
    "from a process": f"from tests.planted.heard import run; run(['echo', {TOKEN!r}], capture_output=True)",
    "from a process that was begun": (
        f"from tests.planted.heard import Popen; Popen(['echo', {TOKEN!r}], stdout=subprocess.PIPE).communicate()"
    ),
    "from a process, unread": f"import os; os.system('echo {TOKEN}')",
    "in a report": f"(tmp_path / 'report.html').write_text('<p>{TOKEN}</p>')",
    "in base64": f"import base64; print(base64.b64encode(b'a@example.com:{TOKEN}').decode())",
    "over a wire": (
        "import requests; from tests.telemetry.services import service\n"
        f"    with service() as other: requests.post(other.url, data='token={TOKEN}', timeout=10)"
    ),
    "in a header over a wire": (
        "import requests; from tests.telemetry.services import service\n"
        f"    with service() as other: requests.get(other.url, auth=('a@example.com', {TOKEN!r}), timeout=10)"
    ),
}  # fmt: skip


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder for tests that leak on purpose, out of sight of the search in this run's own folders."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def outcome(folder: Path, body: str, mark: str = "") -> str:
    """What pytest says of a test with that body, run with the plugin and capturing file descriptors as usual."""
    (folder / "test_it.py").write_text(
        f"import subprocess, sys, pytest\n{mark}\ndef test_it(tmp_path, capsys):\n    {body}\n", encoding="utf-8"
    )
    options = ["-q", "-p", "tests.planted.plugin", "-p", "no:cacheprovider", "--rootdir=.", "--basetemp=tmp"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_it.py"],
        cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_a_token_that_comes_out_fails_the_test(elsewhere: Path, way: str) -> None:
    """However a token leaves, a test that is content with everything else fails, and the reason is told."""
    said = outcome(elsewhere, WAYS[way])

    assert "1 failed" in said
    assert "A planted token came out:" in said


def test_a_test_without_a_leak_passes(elsewhere: Path) -> None:
    """The plugin fails nothing else, nor for secrets in files in which people hand them in."""
    body = f"print('sandbox-client'); (tmp_path / '.env').write_text({TOKEN!r}); (tmp_path / 'JIRA_TOKEN').write_text({TOKEN!r})"

    assert "1 passed" in outcome(elsewhere, body)


def test_only_a_reason_excuses_a_test(elsewhere: Path) -> None:
    """A test whose command shows tokens on purpose says why; the mark alone is not enough."""
    body = WAYS["printed"]

    assert "1 passed" in outcome(elsewhere, body, "@pytest.mark.shows_tokens('it tells how to sign in')")
    assert "1 failed" in outcome(elsewhere, body, "@pytest.mark.shows_tokens")


def test_a_failure_keeps_its_own_reason(elsewhere: Path) -> None:
    """A test that fails anyway tells both."""
    said = outcome(elsewhere, f"print({TOKEN!r}); assert 1 == 2")

    assert "assert 1 == 2" in said
    assert "A planted token came out:" in said


@pytest.mark.parametrize(
    "secret",
    [
        WORKER_TOKEN, WORKER_CONFLUENCE_TOKEN, WORKER_JIRA_TOKEN, WORKER_CLIENT_SECRET, WORKER_PASSWORD,
        access_token("confluence"), access_token("jira"), f"{WORKER_TOKEN}-0a1b", "sandbox-access-7", "tok-3n-of-mine",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["", "a", "bo", "worker@example.com"])
def test_every_secret_of_the_sandbox_is_known(secret: str, name: str) -> None:
    """Each is found by itself, in a sentence, and in the header by which it is sent, whoever it belongs to."""
    header = base64.b64encode(f"{name}:{secret}".encode()).decode()

    assert PLANTED.fullmatch(secret)
    assert len(list(leaks("log", f'{{"event": "sent {secret}"}}\nAuthorization: Basic {header}\nnothing'))) == 2


def test_what_is_no_secret_is_not_taken_for_one() -> None:
    """The id of a client and ordinary words about the sandbox may be shown."""
    assert [] == list(leaks("log", f"{WORKER_CLIENT_ID} made a token in the sandbox, sandbox-wide: [secret]"))


def test_processes_of_the_product_are_overheard() -> None:
    """No test of the suite starts the worker past the ear."""
    starts = re.compile(r'"-m", "worker"|\barguments\(|from worker\.cli import main')
    past = re.compile(r"\bsubprocess\.(run|Popen|check_output)\(")
    deaf = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != Path(__file__).resolve() and "bench" not in path.parts  # which no test runs
        and starts.search(text := path.read_text(encoding="utf-8")) and past.search(text)
    ]  # fmt: skip

    assert deaf == []
