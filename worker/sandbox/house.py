"""Puts a face together: its doors, the routes of both products over one world, and what a worker needs to get in."""

from __future__ import annotations

from starlette.routing import Route

from worker.sandbox.cloud_doors import CloudDoors
from worker.sandbox.confluence_cloud import ConfluenceCloud
from worker.sandbox.confluence_datacenter import ConfluenceDatacenter
from worker.sandbox.confluence_search import ConfluenceSearch
from worker.sandbox.datacenter_doors import DatacenterDoors
from worker.sandbox.doors import Doors
from worker.sandbox.face import CLOUD, DATACENTER, Face
from worker.sandbox.jira_cloud import JiraCloud
from worker.sandbox.jira_cloud_site import JiraCloudSite
from worker.sandbox.jira_datacenter import JiraDatacenter
from worker.sandbox.jira_datacenter_site import JiraDatacenterSite
from worker.sandbox.settings import Settings
from worker.sandbox.world import WORKER_EMAIL, WORKER_TOKEN, World, access_token


def built(world: World, settings: Settings) -> tuple[Doors, list[Route]]:
    """The doors of this deployment, and the routes of both products behind them."""
    if world.face is DATACENTER:
        return DatacenterDoors(world.people, world.clock, settings), [
            *ConfluenceDatacenter(world.confluence, settings).routes(),
            *JiraDatacenterSite(world.jira, settings).routes(),
            *JiraDatacenter(world.jira, settings).routes(),
        ]
    doors = CloudDoors(world.people, world.authority, world.clock, settings)
    return doors, [
        *ConfluenceSearch(world.confluence, settings).routes(),
        *ConfluenceCloud(world.confluence, settings).routes(),
        *JiraCloudSite(world.jira).routes(),
        *JiraCloud(world.jira, settings).routes(),
        *doors.routes(),
    ]


def variables(face: Face) -> dict[str, str]:
    """The variables by which the worker's own account signs in."""
    if face is CLOUD:
        return {
            "ATLASSIAN_DEPLOYMENT": "cloud", "CONFLUENCE_USERNAME": WORKER_EMAIL, "CONFLUENCE_TOKEN": WORKER_TOKEN,
        }  # fmt: skip
    return {
        "ATLASSIAN_DEPLOYMENT": "datacenter",
        "CONFLUENCE_TOKEN": access_token("confluence"),
        "JIRA_TOKEN": access_token("jira"),
    }
