"""How a ticket's key is written on a page."""

from __future__ import annotations

import pytest

from worker.document.cells import own_cell
from worker.document.document import Document
from worker.document.parse import parse
from worker.document.ticket_links import Macros, SmartLinks

URL = "https://jira.example.com/jira/browse/PAY-12"
SERVER = "144880e9-a353-312f-9412-ed028e8166fa"


def macro(*parameters: tuple[str, str]) -> str:
    """A Jira macro."""
    given = "".join(f'<ac:parameter ac:name="{name}">{value}</ac:parameter>' for name, value in parameters)
    return f'<p><ac:structured-macro ac:name="jira" ac:schema-version="1">{given}</ac:structured-macro></p>'


def keys(written: str) -> tuple[str, ...]:
    """What the worker reads in a cell that it wrote so."""
    document = parse(f"<td><p>{written}</p></td>")
    (cell,) = document.root.elements()
    return own_cell(cell, document).keys


def write(page: Document, server_id: str | None = None) -> str:
    """PAY-12 as it is written on a page of Data Center."""
    return Macros().on(page, "PAY", server_id)("PAY-12", URL)


def test_cloud_gets_a_smart_link() -> None:
    """Whatever stands on the page."""
    written = SmartLinks().on(parse("<p/>"), "PAY", None)("PAY-12", URL)

    assert f'<a href="{URL}" data-card-appearance="inline">{URL}</a>' == written
    assert ("PAY-12",) == keys(written)


def test_without_a_macro_of_the_project_it_is_a_link() -> None:
    """A link works everywhere, and a macro with a wrong Jira shows an error."""
    elsewhere = macro(("server", "Partner Jira"), ("serverId", SERVER), ("key", "EXT-1"))
    query = macro(("serverId", SERVER), ("jqlQuery", "project = PAY"))

    for page in ("<p/>", elsewhere, query, macro(("key", "PAY-1"))):
        assert f'<a href="{URL}">PAY-12</a>' == write(parse(page))
    assert ("PAY-12",) == keys(write(parse("<p/>")))


def test_the_jira_of_a_macro_on_the_page_is_named_again() -> None:
    """Name and id are those of the first macro that shows a ticket of the same project."""
    page = macro(("serverId", "other"), ("key", "EXT-1")) + macro(
        ("columns", "key"), ("server", "System Jira"), ("serverId", SERVER), ("key", "PAY-3")
    )
    written = write(parse(page))

    assert written == (
        '<ac:structured-macro ac:name="jira" ac:schema-version="1"><ac:parameter ac:name="server">System Jira'
        f'</ac:parameter><ac:parameter ac:name="serverId">{SERVER}</ac:parameter><ac:parameter ac:name="showSummary">'
        'false</ac:parameter><ac:parameter ac:name="key">PAY-12</ac:parameter></ac:structured-macro>'
    )
    assert ("PAY-12",) == keys(written)


@pytest.mark.parametrize("body", ["<p/>", macro(("serverId", "other"), ("key", "PAY-1"))])
def test_the_mapping_has_the_last_word_on_the_jira(body: str) -> None:
    """Its id is used on every page, whatever macros say."""
    assert f'"serverId">{SERVER}<' in write(parse(body), SERVER)
