"""Asks whether a locked package has a known vulnerability, and tells “none known” from “nobody could be asked”."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tests.supply.locked import LOCKS, ROOT

ACCEPTED: Mapping[str, str] = {}
"""By id: a vulnerability that cannot be mended yet, and why it does not reach the worker."""
_PATIENCE = 300
"""Seconds that all questions together may take."""


class Ending(IntEnum):
    """How an audit ended; the value is the exit code."""

    CLEAN = 0
    VULNERABLE = 1
    NOT_DONE = 3
    """Nothing bad is known, and something could not be asked."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was answered about the packages of the lock files."""

    clean: tuple[str, ...]
    """Packages without a known vulnerability, with their versions."""
    vulnerable: tuple[str, ...]
    """A sentence for each vulnerability."""
    unanswered: tuple[str, ...]
    """Why packages could not be asked about, a sentence each; or one for all of them."""

    @property
    def ending(self) -> Ending:
        """A vulnerability counts, whatever else could not be asked."""
        if self.vulnerable:
            return Ending.VULNERABLE
        return Ending.NOT_DONE if self.unanswered or not self.clean else Ending.CLEAN


def audit(locks: Sequence[str], *options: str) -> Audit:
    """Asks about every package of the lock files; ``options`` are further ones of pip-audit.

    pip-audit ends with 0 when it could ask about nothing, and with 1 for a vulnerability and a broken line alike.
    So only what it wrote counts.
    """
    accepted = [f"--ignore-vuln={each}" for each in ACCEPTED]
    wanted = [f"--requirement={lock}" for lock in locks]
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--desc=off"]
    try:
        done = subprocess.run(
            [*command, "--require-hashes", "--disable-pip", *wanted, *accepted, *options],
            cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Audit((), (), (f"the vulnerability service did not answer within {_PATIENCE} seconds",))
    try:
        return _read(json.loads(done.stdout))
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return Audit((), (), (f"the vulnerability service could not be asked: {last}",))


def _read(answer: Mapping[str, Any]) -> Audit:
    packages = answer["dependencies"]
    return Audit(
        clean=tuple(f"{each['name']} {each['version']}" for each in packages if each.get("vulns") == []),
        vulnerable=tuple(
            _sentence(each, vulnerability) for each in packages for vulnerability in each.get("vulns", ())
        ),
        unanswered=tuple(each["skip_reason"] for each in packages if "skip_reason" in each),
    )


def _sentence(package: Mapping[str, Any], vulnerability: Mapping[str, Any]) -> str:
    mended = ", ".join(vulnerability["fix_versions"])
    remedy = f"mended in {mended}: run make lock" if mended else "not mended yet"
    return f"{package['name']} {package['version']} has {vulnerability['id']}, {remedy}"


def told(found: Audit) -> str:
    """What a person reads, a line for each thing."""
    lines = list(found.vulnerable)
    if found.unanswered:
        more = f" (and {len(found.unanswered) - 1} more like it)" if len(found.unanswered) > 1 else ""
        lines.append(f"NOT DONE, {len(found.clean)} packages were answered about: {found.unanswered[0]}{more}")
        lines.append("Run make audit where the vulnerability service can be reached.")
    elif not found.clean and not found.vulnerable:
        lines.append("NOT DONE: no package was asked about")
    elif not found.vulnerable:
        lines.append(f"no known vulnerability in {len(found.clean)} packages")
    return "".join(f"audit: {line}\n" for line in lines)


def main(options: Sequence[str]) -> int:
    """Prints what was found; see ``Ending`` for the exit code."""
    found = audit(LOCKS, *options)
    (sys.stdout if found.ending is Ending.CLEAN else sys.stderr).write(told(found))
    return found.ending


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
