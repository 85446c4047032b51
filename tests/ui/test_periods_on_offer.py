"""Which periods the filter bar offers, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.periods import Period, newest_week, parse_period, week
from ui.windows import by_name, choices

MONDAY = date(2026, 11, 16)
DATA = Period(date(2026, 5, 18), date(2026, 11, 17))


def test_the_first_choice_is_the_last_complete_week() -> None:
    first = choices(DATA, MONDAY)[0]
    assert (first.code, first.label) == ("2026-W46", "Week 46 · 9–15 Nov 2026")


def test_a_running_week_is_offered_second_and_says_so() -> None:
    wednesday = date(2026, 11, 18)
    second = choices(Period(DATA.since, date(2026, 11, 19)), wednesday)[1]
    assert (second.code, second.label) == ("2026-W47", "Week 47 · 16–22 Nov 2026, running")


def test_spans_end_with_the_last_complete_week() -> None:
    spans = {choice.code: choice.period for choice in choices(DATA, MONDAY)}
    assert spans["last-4-weeks"] == parse_period("2026-10-19..2026-11-15")
    assert spans["last-13-weeks"] == parse_period("2026-08-17..2026-11-15")
    assert spans["last-26-weeks"] == parse_period("2026-05-18..2026-11-15")
    assert spans["all"] == Period(date(2026, 5, 18), MONDAY)
    assert spans["custom"] is None


def test_every_week_and_month_with_data_is_offered_once_and_named_once() -> None:
    offered = choices(DATA, MONDAY)
    codes = [choice.code for choice in offered]
    assert len(set(codes)) == len(codes)
    assert len({choice.label for choice in offered}) == len(offered)
    assert [code for code in codes if "-W" in code][:3] == ["2026-W46", "2026-W45", "2026-W44"]
    assert codes[-7:] == [f"2026-{month:02d}" for month in (11, 10, 9, 8, 7, 6, 5)]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2026, 11, 15), "2026-W46"),  # data up to yesterday
        (date(2026, 11, 3), "2026-W46"),  # a file is late: the page must show that
        (date(2026, 10, 20), "2026-W43"),  # old data: the last week that has any
        (date(2012, 3, 1), "2012-W09"),
    ],
)
def test_old_data_open_on_their_own_last_week(last: date, expected: str) -> None:
    extent = Period(date(2011, 1, 1), Period(last, date.fromordinal(last.toordinal() + 1)).until)
    assert newest_week(extent, MONDAY) == week(expected)


def test_an_empty_workspace_offers_the_last_week_and_custom_days() -> None:
    assert [choice.code for choice in choices(None, MONDAY)] == ["2026-W46", "custom"]


@pytest.mark.parametrize(
    ("name", "code", "days"),
    [
        ("2026-W40", "2026-W40", None),
        ("2026-w40", "2026-W40", None),
        ("last-13-weeks", "last-13-weeks", None),
        ("2026-09", "2026-09", None),
        ("2026-11-03", "custom", parse_period("2026-11-03")),
        ("2020-W01", "custom", week("2020-W01")),
    ],
)
def test_a_name_in_a_link_finds_its_choice(name: str, code: str, days: Period | None) -> None:
    assert by_name(name, choices(DATA, MONDAY)) == (code, days)


@pytest.mark.parametrize("name", ["", "week 40", "2026-W99", "2026-13", "a..b", "all days"])
def test_what_is_no_period_finds_nothing(name: str) -> None:
    assert by_name(name, choices(DATA, MONDAY)) is None


def test_data_that_are_all_still_to_come_offer_a_period() -> None:
    future = Period(date(2026, 12, 1), date(2026, 12, 5))
    assert choices(future, MONDAY)[0].code == "2026-W46"
