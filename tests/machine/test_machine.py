"""Whatever people, troubles and passes do, and in whatever order: the promises hold."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.stories import Stories

STEPS = 20


def test_promises_hold_in_every_story() -> None:
    """A fifth as many stories as other properties get examples, because each is long."""
    examples = settings().max_examples // 5
    run_state_machine_as_test(Stories, settings=settings(max_examples=examples, stateful_step_count=STEPS))


def test_promises_hold_in_stories_that_are_always_the_same() -> None:
    """Among them is one for each seeded mistake that can be seen through the ports; see ``seeded``."""
    always = settings(
        max_examples=250,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),  # a slow machine breaks no promise
    )
    run_state_machine_as_test(Stories, settings=always)
