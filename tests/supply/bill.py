"""Writes the bill of materials of what the image adds to its base: the worker and its locked packages."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tests.supply.licences import Untold, licence_of
from tests.supply.locked import PROJECT, RUNTIME, Locked, read_lock
from worker import __version__

BILL = "deploy/sbom.cdx.json"
_PLACE = "the bill of materials of postmortem-sync"
"""What the bill's serial number is derived from, with its content: the same content has the same number."""


def bill_of_materials() -> str:
    """A CycloneDX 1.6 document, the same for the same lock file and version; no time stands in it.

    Raises LookupError when a locked package is not installed here, since its licence is then not known.
    """
    locked = read_lock(RUNTIME)
    project = Component(
        name=PROJECT,
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref=PROJECT,
        licenses=[LicenseExpression("Apache-2.0")],
    )
    components = {PROJECT: project, **{each.name: _component(each) for each in locked}}
    bom = Bom(components=[components[each.name] for each in locked], metadata=BomMetaData(component=project))
    for name, component in components.items():
        bom.register_dependency(component, [components[each.name] for each in locked if name in each.asked_by])
    return _without_time(bom, locked)


def _component(package: Locked) -> Component:
    address = PackageURL("pypi", None, package.name, package.version)
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=package.name,
        purl=address,
        licenses=[LicenseExpression(_licence(package))],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(address.to_string()),
                comment="what is installed has one of these hashes",
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.hashes],
            )
        ],
    )


def _licence(package: Locked) -> str:
    match licence_of(package.name, package.version):
        case Untold(why):
            raise LookupError(f"{package.name} {package.version}: {why}")
        case licence:
            return licence


def _without_time(bom: Bom, locked: Iterable[Locked]) -> str:
    content = "\n".join(f"{each.name}=={each.version} {' '.join(each.hashes)}" for each in locked)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_OID, f"{_PLACE} {__version__}\n{content}")
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["metadata"]["timestamp"]
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
