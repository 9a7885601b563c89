"""While a product of Data Center is in read-only mode nothing is attempted, and nothing is wrong."""

from __future__ import annotations

import pytest

from tests.passes.stage import actions, stage


@pytest.mark.parametrize("product", ["confluence", "jira"])
def test_nothing_is_attempted_and_the_next_pass_catches_up(product: str) -> None:
    """Exit 0 with a notice, only the modes are asked for; afterwards the ticket is made."""
    with stage("datacenter") as scene:
        scene.page(actions("Add an alert"))
        setattr(scene.sandbox.settings, f"{product}_read_only", True)
        report = scene.sync()
        asked = [each.path for each in scene.sandbox.requests]

        assert (0, ()) == (report.exit, report.pages)
        assert [f"{product.capitalize()} is in read-only mode"] == [
            each.partition(" for ")[0] for each in report.notices
        ]
        assert ["/confluence/rest/api/accessmode", "/jira/rest/api/2/readonly-mode"] == asked
        assert [] == scene.issues()

        setattr(scene.sandbox.settings, f"{product}_read_only", False)
        assert 1 == scene.sync().totals.created


@pytest.mark.parametrize("product", ["confluence", "jira"])
def test_a_plan_is_made_all_the_same_and_says_what_it_waits_for(product: str) -> None:
    """It writes nothing anyway, and tells that a sync would not either."""
    with stage("datacenter") as scene:
        scene.page(actions("Add an alert"))
        setattr(scene.sandbox.settings, f"{product}_read_only", True)
        report = scene.plan()

        assert (0, 1) == (report.exit, report.totals.created)
        assert (
            f"{product.capitalize()} is in read-only mode for maintenance: until that ends, `sync` attempts nothing.",
        ) == report.notices
