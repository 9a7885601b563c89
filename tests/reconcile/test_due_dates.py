"""When an item is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.made import row, task
from worker.mapping.model import Due
from worker.model.item import PickedDate, WrittenDate
from worker.reconcile.due_dates import DueReading, read_due
from worker.reconcile.written_dates import Day, read_written

CREATED = date(2026, 8, 20)
TODAY = date(2026, 8, 27)
PLAIN = Due()


def due(*said: str | PickedDate, rules: Due = PLAIN, priority: str = "", ticked: bool | None = None) -> DueReading:
    dates = tuple(each if isinstance(each, PickedDate) else WrittenDate(each) for each in said)
    return read_due(row(dates=dates, ticked=ticked), rules, CREATED, priority, TODAY)


def codes(reading: DueReading) -> list[str]:
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("2026-09-12", date(2026, 9, 12)),
        ("2026-09-12T23:30:00.000-11:00", date(2026, 9, 12)),
        (" 2026-09-12 ", date(2026, 9, 12)),
        ("2026-02-30", None),
        ("1026-09-12", None),
        ("junk", None),
        ("2026-09-123", None),
    ],
)
def test_a_picked_date_is_a_calendar_day(attribute, expected):
    """The first ten characters count, whatever zone follows; junk is reported."""
    reading = due(PickedDate(attribute))
    assert (expected, [] if expected else ["date-unreadable"]) == (reading.due, codes(reading))


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-12", "2026-09-12 17:00 PST", "2026-09-12T10:00:00Z", "2026/09/12", "2026.9.12", "12 Sep 2026", "12 sept 2026",
        "Sep 12, 2026", "September 12th, 2026", "12th of September 2026", "12-Sep-26", "12.Sep.2026", "2026 Sep 12",
        "Saturday 12 September 2026", "Sat, 12 Sep", "12th Sept", "Sep 12", "16-Sep", "by 12 Sep 2026 (tentative)", "due: Sept. 12",
        "before 12 Sep", "until 12 September", "EOD 2026-09-12", "12 Sep 2026, EOD", "１２ Sep 2026",
    ],
)  # fmt: skip
def test_dates_are_read_in_the_forms_people_use(text):
    """None of these depends on the order of day and month."""
    expected = date(2026, 9, 16 if text.startswith("16") else 12)
    assert [Day(expected)] * 3 == [read_written(text, day_first, CREATED) for day_first in (None, True, False)]


@pytest.mark.parametrize(
    "text",
    [
        "next Friday", "Friday", "Q1", "Q4 2026", "Week of 7th Apr", "Week of 7th Apr W-15", "ASAP", "2 weeks", "sprint 12", "Sep 2026",
        "September", "2026", "12", "1.5", "3-4", "10:30", "end of May", "12 Sep - 15 Sep", "12 or 13 Sep 2026", "12 Sep 2026?",
        "31/4/2026", "2026-13-01", "0/0", "12 Sep 1926", "12/09/0024", "12/09/2199", "Sep 31", "by", "v2.1.3.4", "2026-09-12x",
        "PAY-12", "a" * 300, "," * 5000 + "x", "(" * 5000,
    ],
)  # fmt: skip
def test_prose_is_never_turned_into_a_day(text):
    """What names no single day is reported as unreadable, and no default takes its place."""
    reading = due(text, rules=Due(default_after=timedelta(weeks=4), day_first=True))
    assert (None, True, False, ["date-unreadable"]) == (reading.due, reading.written, reading.defaulted, codes(reading))


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("12/09/2026", True, date(2026, 9, 12)),
        ("12.09.2026", True, date(2026, 9, 12)),
        ("09/12/2026", False, date(2026, 9, 12)),
        ("12/09/26", True, date(2026, 9, 12)),
        ("12.09.", True, date(2026, 9, 12)),
        ("13/9/2026", None, date(2026, 9, 13)),
        ("9/13/2026", None, date(2026, 9, 13)),
        ("9/9/2026", None, date(2026, 9, 9)),
        ("12/09/2026", None, None),
        ("3/4/2026", None, None),
        ("13/9/2026", False, None),
        ("9/13/2026", True, None),
    ],
)
def test_the_mapping_says_which_number_is_the_day(text, day_first, expected):
    """Without it, or against it, a date that has two readings is ambiguous."""
    reading = due(text, rules=Due(day_first=day_first))
    assert (expected, expected is None) == (reading.due, "date-ambiguous" in codes(reading))


def test_an_ambiguous_date_is_reported_with_both_readings():
    """The message names the place, the text, both days and the way out."""
    (finding,) = read_due(row(line=3, dates=(WrittenDate("3/9/2026"),)), Due(), CREATED, "", TODAY).findings
    assert (
        "Row 4 of “Action items” says “3/9/2026”, which can be 2026-09-03 or 2026-03-09 (either number can be the month), so "
        "its ticket has no due date; pick one by typing // in its due date cell, or write it like 2026-12-31, or set "
        "due.day_first in the mapping."
    ) == finding.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 Aug", date(2026, 8, 20)),
        ("19 Feb", date(2027, 2, 19)),
        ("19 Aug", None),
        ("20 Feb", None),
        ("29 Feb", None),
    ],
)
def test_a_date_without_a_year_is_the_next_such_day_if_that_is_near(text, expected):
    """It counts from the page's creation, for 183 days."""
    reading = due(text)
    assert (expected, expected is None) == (reading.due, "date-ambiguous" in codes(reading))


def test_a_leap_day_without_a_year_is_found_in_a_leap_year():
    """The 29th of February is a day like others in the year that has it."""
    assert Day(date(2028, 2, 29)) == read_written("29 Feb", None, date(2027, 12, 1))


def test_a_weekday_that_does_not_fit_makes_a_date_ambiguous():
    """Either the weekday or the number is wrong, and only the author knows which."""
    (finding,) = due("Friday 12 September").findings
    assert ("date-ambiguous", True) == (finding.code, "2026-09-12 is a Saturday" in finding.message)


def test_of_several_dates_the_first_counts():
    """Others are reported, unless they say the same or nothing."""
    one, other = PickedDate("2026-09-12"), PickedDate("2026-10-01")
    assert [(date(2026, 9, 12), ["date-several"]), (date(2026, 9, 12), []), (date(2026, 9, 12), [])] == [
        (reading.due, codes(reading)) for reading in (due(one, other), due(one, one), due("TBD", one, "was earlier"))
    ]


def test_each_line_of_a_written_date_is_a_date():
    """A remark on a line of its own does not spoil the date, and a second date is reported."""
    assert [(date(2026, 9, 12), []), (date(2026, 9, 12), ["date-several"])] == [
        (reading.due, codes(reading)) for reading in (due("12 Sep 2026\nif Ann agrees"), due("12 Sep 2026; 1 Oct 2026"))
    ]


def test_a_past_date_is_kept_and_reported():
    """Today is not past."""
    assert [(date(2026, 8, 26), ["date-past"]), (date(2026, 8, 27), [])] == [
        (reading.due, codes(reading)) for reading in (due("2026-08-26"), due("2026-08-27"))
    ]


def test_a_past_date_of_a_ticked_task_is_nobodys_trouble():
    """What is done in time or late is done."""
    reading = read_due(task(ticked=True, dates=(PickedDate("2026-08-01"),)), Due(), CREATED, "", TODAY)
    assert (date(2026, 8, 1), ()) == (reading.due, reading.findings)


@pytest.mark.parametrize("said", [(), ("TBD",), ("-",), ("n/a",), ("?",)])
def test_a_row_that_says_nothing_gets_the_default(said):
    """It counts from the page's creation and is marked as a default."""
    expected = DueReading(date(2026, 9, 17), written=False, defaulted=True, findings=())
    assert expected == due(*said, rules=Due(default_after=timedelta(weeks=4)))


def test_a_default_is_never_past():
    """On an old page it is today."""
    assert TODAY == due(rules=Due(default_after=timedelta(days=1))).due


@pytest.mark.parametrize(
    ("priority", "expected"), [("p1", date(2026, 9, 3)), (" P2 ", date(2026, 9, 17)), ("P3", None), ("", None)]
)
def test_a_default_can_depend_on_the_written_priority(priority, expected):
    """A priority without a default leaves the date missing."""
    reading = due(rules=Due(default_after={"P1": timedelta(weeks=2), "P2": timedelta(weeks=4)}), priority=priority)
    assert (expected, [] if expected else ["date-missing"]) == (reading.due, codes(reading))


def test_without_a_default_a_missing_date_is_reported():
    """The message says where a date goes, or where a default."""
    (finding,) = due().findings
    assert (
        "Row 1 of “Action items” has no due date, so its ticket has none: pick one by typing // in its due date cell, or set "
        "due.default_after in the mapping."
    ) == finding.message


def test_a_table_without_dates_asks_for_a_column():
    """There is no cell in which a row could say its date."""
    (finding,) = read_due(row(dates=(), has_due_column=False), Due(), CREATED, "", TODAY).findings
    assert (
        "Row 1 of “Action items” has no due date, so its ticket has none: add a due date column or set due.default_after in "
        "the mapping."
    ) == finding.message


@given(
    st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%Y/%m/%d"])
)
def test_a_written_out_day_is_read_as_itself(day, form):
    """Whatever the mapping says about the order."""
    assert {Day(day)} == {read_written(day.strftime(form), day_first, CREATED) for day_first in (None, True, False)}


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(["/", ".", "-"]))
def test_numbers_are_read_in_the_order_of_the_mapping(day, sign):
    """The same digits mean what the team says they mean."""
    day_first, month_first = day.strftime(f"%d{sign}%m{sign}%Y"), day.strftime(f"%m{sign}%d{sign}%Y")
    assert [Day(day)] * 2 == [read_written(day_first, True, CREATED), read_written(month_first, False, CREATED)]


@given(st.text(alphabet="0123456789/.-, Sepmaytfri()'th年²٣", max_size=20))
def test_any_text_at_all_has_a_meaning(text):
    """Reading never fails, and a day is always in range."""
    found = read_written(text, None, CREATED)
    assert not isinstance(found, Day) or 2000 <= found.day.year <= 2100
