"""The overlays are valid, run the worker with few rights, and agree with what the worker does."""

from __future__ import annotations

import kubernetes_validate
import pytest

from tests.deploy.rendered import OVERLAYS, ROOT, container, job, one, pod, rendered, settings
from worker import __version__
from worker.model.report import Exit
from worker.variables import NAMES

KUBERNETES = ("1.33", "1.37")
"""The oldest release whose indexed jobs can do what ``sharded`` asks, and the newest with a published schema."""


@pytest.mark.parametrize("release", KUBERNETES)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_follows_the_schema_of_kubernetes(overlay: str, release: str) -> None:
    """Each object is valid by Kubernetes' own schema, without a key that it does not know."""
    judged = [kubernetes_validate.validate(each, release, strict=True) for each in rendered(overlay)]

    assert len(judged) == 6


def test_an_unknown_key_is_refused() -> None:
    """The schemas are the strict ones: a slip in a manifest would be noticed."""
    wrong = {**one("production", "CronJob"), "concurencyPolicy": "Forbid"}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES[0], strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_pod_has_no_right_it_does_not_need(overlay: str) -> None:
    """Not root, no capability, no privilege to gain, no writable root, the runtime's seccomp profile, no token."""
    assert pod(overlay)["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "fsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container(overlay)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(overlay)["automountServiceAccountToken"] is False
    assert one(overlay, "ServiceAccount")["automountServiceAccountToken"] is False
    assert one(overlay, "Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nobody_reaches_the_pod_and_it_reaches_https_only(overlay: str) -> None:
    """No ingress; egress to name servers and to port 443, except to where clouds hand out credentials."""
    policy = one(overlay, "NetworkPolicy")["spec"]

    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["ingress"] == []
    assert sorted({port["port"] for rule in policy["egress"] for port in rule["ports"]}) == [53, 443]
    assert policy["podSelector"]["matchLabels"].items() <= job(overlay)["template"]["metadata"]["labels"].items()
    https = policy["egress"][1]["to"]
    assert [to["ipBlock"]["except"] for to in https] == [["169.254.169.254/32"], ["fd00:ec2::254/128"]]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_credentials_come_as_files_and_are_in_no_manifest(overlay: str) -> None:
    """Secrets are mounted where the worker looks for them, readable by its group, and none is written down here."""
    mounts = {mount["name"]: mount for mount in container(overlay)["volumeMounts"]}
    secret = next(volume["secret"] for volume in pod(overlay)["volumes"] if volume["name"] == "credentials")

    assert mounts["credentials"]["mountPath"] == settings(overlay)["SECRETS_DIR"]
    assert secret == {"secretName": "postmortem-sync-credentials", "defaultMode": 0o440}
    assert [each["kind"] for each in rendered(overlay) if each["kind"] == "Secret"] == []
    assert {name for name in settings(overlay) if "TOKEN" in name or "PASSWORD" in name or "CLIENT" in name} == set()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_setting_is_one_the_worker_knows(overlay: str) -> None:
    """A setting that the worker does not read would be a slip."""
    assert set(settings(overlay)) <= {*NAMES, "SECRETS_DIR"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pass_ends_before_it_is_ended_and_before_the_next_begins(overlay: str) -> None:
    """The worker's own deadline comes first, then the job's with its grace, then the next start a quarter later."""
    own = int(settings(overlay)["DEADLINE_SECONDS"])
    ended = job(overlay)["activeDeadlineSeconds"]

    assert own < ended
    assert ended + pod(overlay)["terminationGracePeriodSeconds"] <= 15 * 60
    assert one(overlay, "CronJob")["spec"]["concurrencyPolicy"] == "Forbid"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_a_repetition_cannot_mend_is_not_repeated(overlay: str) -> None:
    """Only a pass that reached nobody is tried once more at once; a lost node counts for nothing."""
    disruption, exits = job(overlay)["podFailurePolicy"]["rules"]

    assert disruption["action"] == "Ignore"
    assert sorted(exits["onExitCodes"]["values"]) == sorted(set(Exit) - {Exit.SETTLED, Exit.UNREACHABLE})
    assert exits["onExitCodes"]["containerName"] == container(overlay)["name"]
    assert pod(overlay)["restartPolicy"] == "Never"


def test_each_overlay_runs_its_command() -> None:
    """Only ``production`` and what builds on it may write, and these put no text of pages into the pod's log."""
    assert {overlay: container(overlay)["args"] for overlay in OVERLAYS} == {
        "dry-run": ["plan"],
        "production": ["sync", "--format", "none"],
        "sharded": ["sync", "--format", "none"],
    }


def test_each_shard_knows_how_many_there_are() -> None:
    """The number that the pods are told is the number of indexes, all of them at once, each with its own repetition."""
    (count,) = container("sharded")["env"]

    assert job("sharded")["completionMode"] == "Indexed"
    assert (count["name"], count["value"]) == ("JOB_COMPLETION_COUNT", str(job("sharded")["completions"]))
    assert job("sharded")["parallelism"] == job("sharded")["completions"]
    assert "backoffLimit" not in job("sharded")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_image_is_this_version(overlay: str) -> None:
    """The tag names the version of the checkout that the manifests belong to."""
    assert container(overlay)["image"] == f"postmortem-sync:{__version__}"
    assert f"ARG VERSION={__version__}\n" in (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")


def test_the_example_mapping_is_the_one_of_the_checkout() -> None:
    """Kustomize reads nothing outside its folder, so the example lies there once more, and is the same."""
    assert (ROOT / "deploy/base/mappings/payments.yaml").read_bytes() == (ROOT / "mappings/payments.yaml").read_bytes()
