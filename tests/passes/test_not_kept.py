"""What becomes of a page from which Confluence, an app or a rule takes away what the worker wrote."""

from __future__ import annotations

from dataclasses import replace

from tests.passes.stage import actions, stage


def test_what_is_not_kept_is_not_written_again() -> None:
    """A version of the worker's own that lacks what its message announces gets no other one; the finding says so."""
    with stage() as scene:
        page = scene.page(actions("Add an alert"))
        before = page.body
        scene.sync()

        def takes_away() -> None:
            page.versions.append(replace(page.versions.pop(), body=before))
            scene.sandbox.confluence._indexed(page)

        scene.sandbox.run(takes_away)
        versions = len(page.versions)
        report = scene.sync()

        assert "page-does-not-keep" in [finding.code for finding in report.pages[0].plan.findings]
        assert 0 == report.exit
        assert (versions, 1) == (len(page.versions), len(scene.issues()))
