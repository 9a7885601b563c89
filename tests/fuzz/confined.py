"""Takes bombs in processes whose memory and processor time the operating system bounds: ``KIND``, one of bombs.KINDS."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import traceback
from pathlib import Path

from tests.fuzz import bombs, judged

SECONDS = 60
"""Of the processor, far more than any of them takes: whoever needs them hangs."""
MEGABYTES = 1_024
"""Of address space, for the interpreter, the bomb itself, and all that is made of it."""


def taken(kind: str) -> dict[str, str]:
    """By name of the bomb: what was said of it, or how the process died that read it."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.fuzz.confined", kind]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(line) for line in done.stdout.splitlines())


def main() -> None:
    """One process for each bomb of the kind, one after the other."""
    kind = sys.argv[1]
    for name in bombs.KINDS[kind]:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.write(writing, _outcome(kind, name).encode(errors="backslashreplace"))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as said:
            outcome = said.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps([name, outcome if status == 0 else f"died of {-status}"]) + "\n")
        sys.stdout.flush()


def _outcome(kind: str, name: str) -> str:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    make, _ = bombs.KINDS[kind][name]
    try:
        bomb = make()
        said = judged.mapping(bomb) if isinstance(bomb, bytes) else judged.page(bomb)
    except BaseException:  # noqa: BLE001 — the parent is told of everything, memory that ran out included
        said = traceback.format_exc(limit=-2)
    return said[:1000]


if __name__ == "__main__":
    main()
