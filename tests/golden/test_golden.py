"""Every golden page becomes what its files say, changes nowhere else, and is settled after one pass."""

from __future__ import annotations

import re
from collections import Counter
from difflib import unified_diff

import pytest

from tests.golden.case import CASES, DEPLOYMENTS, load, names
from tests.golden.synced import decide, stored, sync
from tests.golden.written import files
from worker.document.parse import parse
from worker.reconcile.claims import encode, says_more
from worker.reconcile.extract import extract

VISIBLE = str.maketrans({" ": "▩", "\n": "↩", "\r": "␍", "\t": "⇥", "\u00a0": "⍽", "\u200b": "∅"})


def difference(golden: str, made: str) -> str:
    """What differs, line by line, with white space that can be seen."""
    before, after = ([line.translate(VISIBLE) for line in text.splitlines(keepends=True)] for text in (golden, made))
    return "\n".join(unified_diff(before, after, "golden", "made now", lineterm="", n=1))


@pytest.mark.parametrize("name", names())
def test_page_becomes_what_its_files_say(name: str) -> None:
    """Plan, page and tickets are those that were read and committed; `make golden` writes them anew."""
    made = files(name)
    golden = {file: (CASES / name / file).read_bytes().decode() for file in made}

    assert golden == made, "\n\n".join(difference(golden[file], made[file]) for file in made)


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("name", names())
def test_nothing_outside_the_edits_changes(name: str, deployment: str) -> None:
    """Taken apart at its edits, the page after the pass has every byte of the page before."""
    case = load(name, deployment)
    synced = sync(case)
    before, after = case.body.encode(), synced.after.encode()
    read = written = 0
    for edit in sorted(synced.edits, key=lambda edit: edit.span.start):
        kept = before[read : edit.span.start]
        assert kept == after[written : written + len(kept)]
        new = edit.replacement.encode()
        written += len(kept)
        assert new == after[written : written + len(new)]
        read, written = edit.span.end, written + len(new)

    assert before[read:] == after[written:]


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("name", names())
def test_edits_replace_only_own_places(name: str, deployment: str) -> None:
    """What is replaced is the inside of a ticket cell, a status cell, a task's tail or its tick; the rest is inserted."""
    synced = sync(load(name, deployment))
    own = set()
    for item in synced.before.items:
        own.update({item.ticket.span, item.status.span if item.status else None, item.tick_span})
    replaced = {edit.span for edit in synced.edits if edit.span.start < edit.span.end}

    assert set() == replaced - own


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("name", names())
def test_a_second_pass_is_silent(name: str, deployment: str) -> None:
    """On the page as it was sent there is nothing to make, to show, or to remember."""
    case = load(name, deployment)
    synced = sync(case)
    claims = stored(synced.decision.claims)
    again = decide(case, extract(parse(synced.after), case.mapping.items), claims, synced.tickets)

    assert () == again.creates
    assert [] == [(each.change.item.action, each.display) for each in again.decisions if not each.display.empty]
    assert not says_more(again.claims, encode(claims))


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("name", names())
def test_every_ticket_stands_on_the_page_once(name: str, deployment: str) -> None:
    """The page after the pass is well-formed, and exactly one of its items names each ticket that was made."""
    case = load(name, deployment)
    synced = sync(case)
    items = extract(parse(synced.after), case.mapping.items).items
    named = Counter(key for item in items for key in item.ticket.keys)
    linked = Counter(re.findall(r'(?:href="[^"]*/browse/|ac:name="key">)([A-Z]+-\d+)["<]', synced.after))
    made = [key for key, _ in synced.made]

    assert dict.fromkeys(made, 1) == {key: named[key] for key in made}
    assert dict.fromkeys(made, 1) == {key: linked[key] for key in made}
    assert len(synced.before.items) == len(items)


def test_a_difference_shows_white_space() -> None:
    """A blank too many can be seen."""
    assert "--- golden\n+++ made now\n@@ -1 +1 @@\n-<p>▩</p>↩\n+<p>▩▩</p>␍↩" == difference(
        "<p> </p>\n", "<p>  </p>\r\n"
    )
