"""The bill of materials is valid CycloneDX and says exactly what is locked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.supply.bill import BILL, bill_of_materials
from tests.supply.locked import ROOT, RUNTIME, read_lock
from worker import __version__

LOCKED = read_lock(RUNTIME)


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return json.loads((ROOT / BILL).read_text(encoding="utf-8"))


def test_bill_is_valid() -> None:
    """The file fits the official schema of CycloneDX 1.6, with nothing besides."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str((ROOT / BILL).read_text(encoding="utf-8")) is None


def test_bill_is_the_lock(bill: dict[str, Any]) -> None:
    """It has the packages, versions and hashes of the lock file, and the version of the worker."""
    packages = {
        (each["name"], each["version"], tuple(hash_["content"] for hash_ in each["externalReferences"][0]["hashes"]))
        for each in bill["components"]
    }

    assert packages == {(each.name, each.version, each.hashes) for each in LOCKED}
    assert len(bill["components"]) == len(LOCKED)
    assert bill["metadata"]["component"]["version"] == __version__


def test_every_component_can_be_looked_up(bill: dict[str, Any]) -> None:
    """Each has a package address, which scanners search by, and a licence."""
    assert [each["purl"] for each in bill["components"]] == [f"pkg:pypi/{each.name}@{each.version}" for each in LOCKED]
    assert [] == [each["name"] for each in bill["components"] if not each["licenses"][0]["expression"]]


def test_every_component_is_reached_from_the_worker(bill: dict[str, Any]) -> None:
    """Following who needs whom from the worker leads to every package, so each is there for a reason."""
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    reached, ahead = set(), ["postmortem-sync"]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += needs[name]

    assert reached == {"postmortem-sync", *(each.name for each in LOCKED)}


def test_bill_is_the_same_each_time_it_is_made(bill: dict[str, Any]) -> None:
    """Nothing of when and where it was made is in it."""
    assert bill_of_materials() == bill_of_materials()
    assert "timestamp" not in bill["metadata"]
