"""Rewrites the generated files of every golden case; read the difference before you commit it."""

from __future__ import annotations

import sys

from tests.golden.case import CASES, names
from tests.golden.written import files


def main() -> int:
    """Writes what differs and says so."""
    for name in names():
        for file, text in files(name).items():
            path = CASES / name / file
            content = text.encode()
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)
                sys.stdout.write(f"wrote {path.relative_to(CASES.parents[2])}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
