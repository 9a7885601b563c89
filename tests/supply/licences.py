"""Judges the licences of all packages that users install, from what the packages themselves say, offline."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata

from license_expression import AND, OR, ExpressionError, LicenseExpression, Licensing, get_spdx_licensing

from tests.supply.locked import RUNTIME, read_lock

ALLOWED = frozenset({"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "PSF-2.0"})
"""Licences (SPDX) that let the worker be used, changed and passed on under its own, with their notices kept."""

EXCEPTIONS: Mapping[str, tuple[str, str]] = {
    "certifi": ("MPL-2.0", "its copyleft reaches its own files only, and these are passed on unchanged"),
}
"""By package: a licence besides, and why it is no trouble there."""

INSTALLED = (RUNTIME, "requirements-otlp.lock", "requirements-sandbox.lock")
"""The lock files from which users install; tools for work on the project are passed on to nobody."""

_CLASSIFIED = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Classifiers that mean one licence of SPDX. “BSD License” is none of them: there are several."""

READ = {"jinja2": "BSD-3-Clause", "protobuf": "BSD-3-Clause"}
"""By package: what its LICENSE file is, read by a person where the metadata says it in no word of SPDX."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A package whose licence cannot be read off its metadata."""

    why: str


@cache  # reading SPDX's list takes half a second
def _spdx() -> Licensing:
    return get_spdx_licensing()


def licence_of(name: str, version: str) -> str | Untold:
    """The licence of an installed package as an SPDX expression.

    The field ``License-Expression`` counts first (PEP 639), then the older field ``License`` where SPDX knows its
    text, then classifiers where they mean one licence, then ``READ``.
    """
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return Untold("it is not installed here, so nobody knows; run make check, which installs it")
    if told["Version"] != version:
        return Untold(f"{told['Version']} is installed here, not the locked version; run make check, which installs it")
    classified = [_CLASSIFIED.get(each, "") for each in told.get_all("Classifier") or [] if each.startswith("License ")]
    for claim in (told["License-Expression"], told["License"], " AND ".join(classified), READ.get(name)):
        if claim and not _spdx().validate(claim).errors:
            return str(_spdx().parse(claim))
    return Untold("its metadata names no licence that SPDX knows; read its LICENSE and add it to READ")


def suits(expression: str, allowed: frozenset[str]) -> bool:
    """Whether the expression leaves a choice in which every licence is allowed."""
    try:
        return _suits(_spdx().parse(expression), allowed)
    except ExpressionError:
        return False


def _suits(part: LicenseExpression, allowed: frozenset[str]) -> bool:
    match part:
        case AND(args=parts):
            return all(_suits(each, allowed) for each in parts)
        case OR(args=parts):
            return any(_suits(each, allowed) for each in parts)
        case _:
            return str(part) in allowed


def problems(
    licences: Mapping[str, str | Untold], exceptions: Mapping[str, tuple[str, str]] = EXCEPTIONS
) -> Iterator[str]:
    """A sentence for each package whose licence is not allowed, and for each exception that nothing needs."""
    for name, licence in licences.items():
        besides = frozenset({exceptions[name][0]} if name in exceptions else ())
        match licence:
            case Untold(why):
                yield f"{name}: {why}"
            case str() if not suits(licence, ALLOWED | besides):
                yield f"{name} is under {licence}, which is not allowed: do without it, or give it a reasoned exception"
            case str() if besides and suits(licence, ALLOWED):
                yield f"{name} is under {licence} and needs its exception no longer: remove it"
    for name in sorted(exceptions.keys() - licences.keys()):
        yield f"{name} is not locked any longer: remove its exception"


def main() -> int:
    """Prints what was judged, or what is wrong; 1 then."""
    locked = {each.name: each.version for lock in INSTALLED for each in read_lock(lock)}
    licences = {name: licence_of(name, version) for name, version in sorted(locked.items())}
    wrong = tuple(problems(licences))
    for sentence in wrong:
        sys.stderr.write(f"licences: {sentence} (tests/supply/licences.py)\n")
    if not wrong:
        sys.stdout.write(f"licences: all {len(licences)} packages that users install may be passed on\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
