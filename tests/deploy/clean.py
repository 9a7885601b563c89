"""A clean Debian in a folder, on which root types what docs/operations.md says, and whose cron and systemd are run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.deploy.installed import MAPPING
from tests.deploy.page import ROOT, blocks
from tests.passes.stage import Stage

NEEDED = ("debootstrap", "systemd-nspawn", "unshare")
PACKAGES = "systemd,systemd-sysv,cron,logrotate,ca-certificates,python3,python3-venv"
BARE = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
MAKING = 1200
"""Seconds that making the machine, or installing the worker, may take."""
PATIENCE = 120
"""Seconds that a pass may take to come about: cron begins at a full minute."""
_TYPED = """
[Service]
Type=oneshot
ExecStart=/bin/sh -e /srv/typed.sh
ExecStopPost=systemctl --no-block poweroff
StandardOutput=file:/srv/typed.out
StandardError=file:/srv/typed.out
"""


class CleanMachine:
    """Its network is this machine's, so that it reaches the sandbox; its processes and mounts are its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(self.root)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=MAKING)
        left_out = shutil.ignore_patterns(".*", "__pycache__", "tests")
        shutil.copytree(ROOT, self.root / "srv/checkout", ignore=left_out)
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", self.root / "etc" / name)
        self._lend_index()
        self.typed(blocks("On a machine")[0], patience=MAKING)

    def _lend_index(self) -> None:
        """Lets pip inside reach what pip out here reaches: the same index, the same authority."""
        listed = [sys.executable, "-m", "pip", "config", "list"]
        text = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
        said = dict(re.findall(r"^(?:global|user|:env:)\.(index-url|cert)='([^']+)'$", text, re.MULTILINE))
        if "cert" in said:
            shutil.copy(said["cert"], self.root / "srv/ca.pem")
            said["cert"] = "/srv/ca.pem"
        lines = "".join(f"{key} = {value}\n" for key, value in said.items())
        (self.root / "etc/pip.conf").write_text(f"[global]\n{lines}", encoding="utf-8")

    def typed(self, script: str, on_stdin: str = "", patience: float = PATIENCE) -> str:
        """What root's shell prints when that is typed at the root of the checkout."""
        inside = (
            f'mount -t proc proc {self.root}/proc; mount --rbind /dev {self.root}/dev; exec chroot {self.root} "$@"'
        )
        command = [
            "unshare",
            "--mount",
            "sh",
            "-e",
            "-c",
            inside,
            "sh",
            "/bin/sh",
            "-e",
            "-c",
            f"cd /srv/checkout\n{script}",
        ]
        done = subprocess.run(
            command, env=BARE, input=on_stdin, capture_output=True, text=True, timeout=patience, check=False
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def set_up(self, scene: Stage) -> None:
        """Settings, secrets and mapping for that stage, by the page's commands."""
        variables = dict(scene.variables)
        _, settings, secrets, mappings = blocks("On a machine")
        for name in ("CONFLUENCE_URL", "JIRA_URL"):
            settings = re.sub(rf"^{name}=.*$", f"{name}={variables.pop(name)}", settings, flags=re.MULTILINE)
        self.typed(settings)
        for line in secrets.splitlines():
            self.typed(line, on_stdin=f"{variables.pop(line.rpartition('/')[2])}\n")
        (self.root / "srv/checkout/mappings/payments.yaml").write_text(MAPPING, encoding="utf-8")
        self.typed(mappings)
        with (self.root / "etc/postmortem-sync/.env").open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in variables.items())

    def cron(self, until: Callable[[], bool]) -> None:
        """Runs the machine's cron until that is so."""
        inside = f"mount -t proc proc {self.root}/proc; exec chroot {self.root} cron -f"
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-e", "-c", inside]
        process = subprocess.Popen(command, env=BARE)
        try:
            end = time.monotonic() + PATIENCE
            while not until() and time.monotonic() < end:
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()

    def booted(self, script: str) -> str:
        """What is printed when the machine is started, that is typed by root, and it is switched off."""
        (self.root / "srv/typed.sh").write_text(f"cd /srv/checkout\n{script}", encoding="utf-8")
        (self.root / "etc/systemd/system/typed.service").write_text(_TYPED, encoding="utf-8")
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", f"--directory={self.root}", "--boot"]
        subprocess.run(
            [*command, "--console=pipe", "systemd.unit=typed.service"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return (self.root / "srv/typed.out").read_text(encoding="utf-8")
