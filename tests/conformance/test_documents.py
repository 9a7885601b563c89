"""Descriptions of tickets against the schema of the Atlassian Document Format."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.judge import Judge
from worker.jira.adf import document, text_document
from worker.model.ticket import Bullets, Link, Paragraph, Text

runs = st.lists(st.one_of(st.builds(Text, st.text()), st.builds(Link, st.text(), st.text())), max_size=4).map(tuple)
blocks = st.one_of(st.builds(Paragraph, runs), st.builds(Bullets, st.lists(runs, max_size=4).map(tuple)))


@pytest.fixture(scope="module")
def judge(specs):
    return Judge(specs)


def test_a_typical_description_is_a_valid_document(judge):
    """Paragraphs, links, line breaks and bullets are as the schema wants them."""
    description = (
        Paragraph((Text("From "), Link("Outage", "https://acme.example/wiki/x"), Text("\nof today"))),
        Bullets(((Text("Team: Pay"),), (Link("Page", "https://acme.example"),))),
    )
    assert judge.document_faults(document(description)) == []


@pytest.mark.parametrize("text", ["", "\n\n", "one\ntwo", "\x00"])
def test_a_multi_line_field_is_a_valid_document(judge, text):
    """Any text of a mapping makes a valid document."""
    assert judge.document_faults(text_document(text)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(description=st.lists(blocks, max_size=3).map(tuple))
def test_any_description_is_a_valid_document(judge, description):
    """Whatever people write, the document is one the schema accepts."""
    assert judge.document_faults(document(description)) == []
