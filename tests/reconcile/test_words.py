"""Words by which a row says that it needs no ticket."""

from __future__ import annotations

import pytest

from tests.reconcile.made import row, task
from worker.mapping.model import Words
from worker.reconcile.words import Standing, standing


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("", Standing.OPEN),
        ("In progress", Standing.OPEN),
        ("done", Standing.DONE),
        ("DONE!", Standing.DONE),
        ("✅ Closed", Standing.DONE),
        ("Won’t do", Standing.DECLINED),
        ("Not  doing", Standing.DECLINED),
        ("Proposed", Standing.PROPOSED),
        ("NO TICKET", Standing.UNTRACKED),
        ("not done", Standing.OPEN),
        ("done, see PAY-1", Standing.OPEN),
    ],
)
def test_a_word_is_the_whole_status_cell(word, expected):
    """Case, punctuation and emoji do not count; any further word does."""
    assert expected is standing(row(status_word=word), Words())


def test_a_team_can_have_words_of_its_own():
    """Signs count as words when the mapping names them, and the default words are replaced."""
    words = Words(done=("erledigt", "✔"))
    assert [Standing.DONE, Standing.DONE, Standing.OPEN] == [
        standing(row(status_word=word), words) for word in ("Erledigt.", "✔", "done")
    ]


def test_a_ticked_task_is_done_whatever_it_begins_with():
    """The box is the stronger word."""
    assert Standing.DONE is standing(task(ticked=True, status_word="Proposed"), Words())


def test_an_unticked_task_is_read_by_its_first_word():
    """An open box says nothing by itself."""
    assert [Standing.OPEN, Standing.DECLINED] == [
        standing(task(status_word=word), Words()) for word in ("", "Declined")
    ]
