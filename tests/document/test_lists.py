"""Which plain lists a page has."""

from __future__ import annotations

from worker.document.lists import plain_lists
from worker.document.parse import parse


def test_the_outermost_lists_outside_cells_and_tasks_are_found() -> None:
    """A list inside another one, in a cell or in a task is part of that."""
    inner = "<ul><li>x</li></ul>"
    body = (
        f"<ol><li>a{inner}</li></ol><table><tr><td>{inner}</td></tr></table><ac:structured-macro ac:name='panel'>"
        f"<ac:rich-text-body>{inner}</ac:rich-text-body></ac:structured-macro><ac:task-list><ac:task><ac:task-body>{inner}"
        "</ac:task-body></ac:task></ac:task-list>"
    )
    found = plain_lists(parse(body))
    assert [("ol", []), ("ul", ["ac:structured-macro", "ac:rich-text-body"])] == [
        (each.element.tag, [around.tag for around in each.ancestors]) for each in found
    ]
