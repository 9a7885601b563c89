"""Tests of whole passes run on both faces of the sandbox."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["cloud", "datacenter"])
def deployment(request: pytest.FixtureRequest) -> str:
    """The face on which the test runs."""
    return str(request.param)
