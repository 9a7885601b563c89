"""Makes ``python -m worker`` the same as ``postmortem-sync``."""

from worker.cli import main

main()
