"""What ``kubectl kustomize`` makes of an overlay, as plain data."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
OVERLAYS = ("dry-run", "production", "sharded")


@cache
def rendered(overlay: str) -> tuple[dict[str, Any], ...]:
    """All objects of the overlay, in the order given; the test is skipped where there is no kubectl."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed")  # — the overlays are kustomize's to read
    text = subprocess.run(
        [kubectl, "kustomize", str(ROOT / "deploy/overlays" / overlay)],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    return tuple(YAML(typ="safe", pure=True).load_all(text))


def one(overlay: str, kind: str) -> dict[str, Any]:
    """The overlay's only object of that kind."""
    (found,) = [each for each in rendered(overlay) if each["kind"] == kind]
    return found


def job(overlay: str) -> dict[str, Any]:
    """What the CronJob says of each pass."""
    return one(overlay, "CronJob")["spec"]["jobTemplate"]["spec"]


def pod(overlay: str) -> dict[str, Any]:
    """What the CronJob says of a pod."""
    return job(overlay)["template"]["spec"]


def container(overlay: str) -> dict[str, Any]:
    """The only container of a pod."""
    (found,) = pod(overlay)["containers"]
    return found


def settings(overlay: str) -> dict[str, str]:
    """The settings that the pod's environment is made of."""
    (found,) = [
        each["data"] for each in rendered(overlay)
        if each["kind"] == "ConfigMap" and each["metadata"]["name"].startswith("postmortem-sync-settings")
    ]  # fmt: skip
    return found
