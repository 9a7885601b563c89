"""Builds the image and runs it, with Docker where its daemon answers, else with buildah and without a daemon."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = "deploy/Dockerfile"
BUILD = 1200
"""Seconds that building, or making a base, may take."""


class Engine(Protocol):
    """What the tests ask of whatever runs containers."""

    def start(self, *arguments: str, env: Mapping[str, str], mappings: Path) -> subprocess.Popen[str]:
        """The image's own command with arguments, as the image's own user, on a root that cannot be written."""

    def shell(self, script: str) -> str:
        """What a shell in the image prints."""


def engine(folder: Path, tag: str) -> Engine:
    """The image, built under that tag; the test is skipped where nothing here can build one."""
    docker, buildah, debootstrap = (shutil.which(tool) for tool in ("docker", "buildah", "debootstrap"))
    if docker and subprocess.run([docker, "info"], check=False, capture_output=True, timeout=60).returncode == 0:
        return Docker(docker, folder, tag)
    if buildah and debootstrap:
        return Buildah(buildah, debootstrap, folder, tag)
    pytest.skip("neither a Docker daemon nor buildah with debootstrap is here")  # — an image needs an engine


def _secrets(folder: Path) -> list[str]:
    """Build secrets by which pip inside reaches what pip out here reaches: the same index, the same authority."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    said = dict(re.findall(r"^(?:global|user|:env:)\.(index-url|cert)='([^']+)'$", listed, re.MULTILINE))
    lines = ["[global]"]
    secrets = []
    if "index-url" in said:
        lines.append(f"index-url = {said['index-url']}")
    if "cert" in said:
        lines.append("cert = /run/secrets/ca")
        secrets += ["--secret", f"id=ca,src={said['cert']}"]
    (folder / "pip.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["--secret", f"id=pip,src={folder / 'pip.conf'}", *secrets]


@dataclass
class Docker:
    """A Docker daemon."""

    tool: str
    folder: Path
    tag: str

    def __post_init__(self) -> None:
        command = [self.tool, "build", *_secrets(self.folder), "--file", DOCKERFILE, "--tag", self.tag, "."]
        subprocess.run(command, check=True, cwd=ROOT, timeout=BUILD)

    def start(self, *arguments: str, env: Mapping[str, str], mappings: Path) -> subprocess.Popen[str]:
        variables = [f"--env={name}={value}" for name, value in env.items()]
        volume = f"--volume={mappings}:/etc/postmortem-sync/mappings:ro"
        command = [self.tool, "run", "--rm", "--init=false", "--read-only", "--network=host", "--cap-drop=ALL"]
        return subprocess.Popen(
            [*command, "--security-opt=no-new-privileges", *variables, volume, self.tag, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def shell(self, script: str) -> str:
        command = [self.tool, "run", "--rm", "--read-only", "--entrypoint=/bin/sh", self.tag, "-c", script]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


class Buildah:
    """buildah by chroot on a base that debootstrap makes; needs root, and no daemon.

    Its chroot cannot forbid writing to the root, so the image is run from its mounted root, made read-only in a
    namespace of its own, under the user that the image names.
    """

    def __init__(self, tool: str, debootstrap: str, folder: Path, tag: str) -> None:
        self._env = {**os.environ, "BUILDAH_ISOLATION": "chroot"}
        self._tool = [tool, f"--root={folder / 'store'}", f"--runroot={folder / 'run'}", "--storage-driver=vfs"]
        rootfs = folder / "base"
        packages = "ca-certificates,python3,python3-venv"
        command = [debootstrap, "--variant=minbase", f"--include={packages}", "bookworm", str(rootfs)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=BUILD)
        scratch = self._said("from", "scratch")
        self._said("add", "--quiet", scratch, str(rootfs), "/")
        self._said("commit", "--quiet", "--rm", scratch, "base:bookworm")
        shutil.rmtree(rootfs)
        arguments = ["--build-arg=BASE=localhost/base:bookworm", "--file", DOCKERFILE, "--tag", tag, "."]
        subprocess.run(
            [*self._tool, "bud", "--layers", *_secrets(folder), *arguments],
            check=True, cwd=ROOT, env=self._env, timeout=BUILD, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self._mounted = Path(self._said("mount", self._said("from", tag)))
        config = json.loads(self._said("inspect", "--type=image", tag))["OCIv1"]["config"]
        self._user, self._workdir, self._entrypoint = config["User"], config["WorkingDir"], config["Entrypoint"]
        self._variables = dict(each.split("=", 1) for each in config["Env"])

    def _said(self, *arguments: str) -> str:
        command = [*self._tool, *arguments]
        return subprocess.run(
            command, check=True, env=self._env, capture_output=True, text=True, timeout=BUILD
        ).stdout.strip()

    def _inside(self, mappings: Path | None, *command: str) -> list[str]:
        root = str(self._mounted)
        binding = f"mount --bind {mappings} {root}/etc/postmortem-sync/mappings; " if mappings else ""
        script = (
            f"set -e; mount --bind {root} {root}; {binding}mount -t proc proc {root}/proc; "
            f"mount -o remount,bind,ro {root}; "
            # exec all the way, so that the process that is told to stop is the worker
            f'exec chroot --userspec={self._user} {root} /bin/sh -c \'cd {self._workdir}; exec "$@"\' sh "$@"'
        )
        return ["unshare", "--mount", "sh", "-c", script, "sh", *command]

    def start(self, *arguments: str, env: Mapping[str, str], mappings: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._inside(mappings, *self._entrypoint, *arguments),
            env={**self._variables, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def shell(self, script: str) -> str:
        command = self._inside(None, "/bin/sh", "-c", script)
        return subprocess.run(
            command, check=True, env=self._variables, capture_output=True, text=True, timeout=60
        ).stdout
