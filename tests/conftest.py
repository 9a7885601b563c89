"""What all tests share: where outside material lies, and how hard Hypothesis tries."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.planted import plugin

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile(
    "ci",
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # a shared machine may be slow, which says nothing about the code
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Has every output of every test searched for planted tokens."""
    config.pluginmanager.register(plugin)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the folders that a checkout does not hold; an empty value counts as not given."""
    parser.addoption("--corpus", default="", metavar="DIR", help="folder of storage-format documents (*.xml)")
    parser.addoption("--rewrite", action="store_true", help="write the golden stories of tests/lifecycle anew")
    parser.addoption("--specs", default="", metavar="DIR", help="folder of Atlassian's API descriptions (*.json)")
    parser.addoption("--image", action="store_true", help="build the container image, from the network, and run it")
    parser.addoption("--machine", action="store_true", help="make a clean machine, from the network, and run its cron")


def _folder(config: pytest.Config, option: str, holds: str) -> Path:
    given = str(config.getoption(option))
    if not given:
        pytest.skip(f"needs {holds}: give their folder with {option} DIR")  # — theirs, not shipped
    folder = Path(given)
    if not folder.is_dir():
        pytest.fail(f"{option} {given} is not a folder")
    return folder


@pytest.fixture(scope="session")
def corpus(pytestconfig: pytest.Config) -> Path:
    """The folder of real documents; without it the test is skipped."""
    return _folder(pytestconfig, "--corpus", "storage-format documents")


@pytest.fixture(scope="session")
def specs(pytestconfig: pytest.Config) -> Path:
    """The folder of API descriptions; without it the test is skipped."""
    return _folder(pytestconfig, "--specs", "Atlassian's API descriptions")
