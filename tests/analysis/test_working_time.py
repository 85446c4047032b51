"""Business hours: against minutes counted one by one, and in Python as in the database."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analysis.working_time import WorkingTime, working_time
from data_access import warehouse
from data_access.question import Query
from data_access.snapshots import pin
from data_access.store import Store
from data_access.working_time import HolidayRow, WorkingHoursRow, WorkingTimeRows
from data_access.workspace import Workspace
from metrics.errors import AppError
from tests import count
from tests.uploading import Row, upload

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFFICE = DAYS[:5]


def hours(
    *spans: tuple[str, str], team: str = "", zone: str = "UTC", days: tuple[str, ...] = OFFICE,
    since: str = "2026-01-01",
) -> list[WorkingHoursRow]:  # fmt: skip
    return [
        WorkingHoursRow(team, day, opens, closes, zone, date.fromisoformat(since))
        for day in days
        for opens, closes in spans
    ]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


BERLIN = WorkingTime(
    WorkingTimeRows(
        (*hours(("08:00", "12:00"), ("13:00", "17:00"), zone="Europe/Berlin"),),
        (HolidayRow("", date(2026, 12, 25), "Christmas"), HolidayRow("A", date(2026, 12, 24), "")),
    )
)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-11-16 07:00", "2026-11-16 16:00", 8.0),  # a day, 08:00 to 17:00 in Berlin
        ("2026-11-16 10:30", "2026-11-16 12:30", 1.0),  # lunch is 11:00 to 12:00 UTC
        ("2026-11-13 15:00", "2026-11-16 08:00", 2.0),  # over a weekend
        ("2026-11-14 00:00", "2026-11-15 23:00", 0.0),  # a weekend
        ("2026-03-27 15:00", "2026-03-30 07:00", 2.0),  # summer time: opens an hour earlier, UTC
        ("2026-10-23 14:00", "2026-10-26 08:00", 2.0),  # and later again
        ("2026-12-24 07:00", "2026-12-28 07:00", 8.0),  # a holiday of everybody
        ("2026-11-16 16:00", "2026-11-16 07:00", -8.0),  # backwards
    ],
)
def test_business_hours_leave_out_nights_lunch_weekends_and_holidays(since, until, expected):
    assert BERLIN.hours_between(at(since), at(until), "B") == pytest.approx(expected)


def test_a_holiday_of_one_team_is_no_holiday_of_another():
    day = at("2026-12-24 00:00"), at("2026-12-25 00:00")
    assert BERLIN.hours_between(*day, "A") == 0.0
    assert BERLIN.hours_between(*day, "B") == 8.0


def test_a_later_first_day_replaces_the_whole_week_of_a_team():
    shorter = hours(("09:00", "12:00"), days=("Monday",), team="A", since="2026-11-09")
    clock = WorkingTime(WorkingTimeRows((*hours(("08:00", "16:00")), *shorter)))
    week = at("2026-11-02"), at("2026-11-09")
    after = at("2026-11-09"), at("2026-11-16")
    assert clock.hours_between(*week, "A") == 40.0
    assert clock.hours_between(*after, "A") == 3.0
    assert clock.hours_between(*after, "B") == 40.0


def test_a_night_shift_ends_on_the_next_day_and_overlapping_spans_count_once():
    night = hours(("22:00", "06:00"), days=("Friday",))
    early = hours(("05:00", "09:00"), days=("Saturday",))
    clock = WorkingTime(WorkingTimeRows((*night, *early)))
    assert clock.hours_between(at("2026-11-13"), at("2026-11-16"), "") == 11.0


def test_without_a_calendar_hours_are_calendar_hours_and_it_says_so():
    nothing = WorkingTime(WorkingTimeRows())
    since, until = at("2026-11-13 12:00"), at("2026-11-16 12:00")
    assert nothing.hours_between(since, until, "A") == 72.0
    assert nothing.add_hours(since, 72, "A") == until
    assert not nothing.has_calendar("A", since)
    assert "calendar hours" in nothing.words("A", since)
    before = at("2025-12-31 12:00")  # the hours are stated from 2026 on
    assert not BERLIN.has_calendar("B", before)
    assert BERLIN.hours_between(before, before + timedelta(hours=30), "B") == 30.0


def test_the_calendar_is_told_in_words():
    told = BERLIN.words("B", at("2026-11-16 12:00"))
    assert told == (
        "Business hours of B: Monday to Friday 08:00–12:00 and 13:00–17:00 (Europe/Berlin), "
        "without holidays."
    )


@pytest.mark.parametrize(
    ("start", "add", "expected"),
    [
        ("2026-11-16 07:00", 8, "2026-11-16 16:00"),  # when the day closes, not the next opening
        ("2026-11-16 07:00", 8.5, "2026-11-17 07:30"),
        ("2026-11-14 12:00", 1, "2026-11-16 08:00"),
        ("2026-12-23 15:00", 10, "2026-12-28 08:00"),  # the 24th works, Christmas does not
    ],
)
def test_a_deadline_lies_in_working_time(start, add, expected):
    assert BERLIN.add_hours(at(start), add, "B") == at(expected)


def test_a_deadline_that_cannot_be_is_refused():
    with pytest.raises(AppError, match="negative"):
        BERLIN.add_hours(at("2026-11-16"), -1, "B")
    with pytest.raises(AppError, match="50 years"):
        BERLIN.add_hours(at("2026-11-16"), 1e6, "B")


# An independent oracle: every minute is looked at by the clock on the wall of the team's zone.

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
SPANS = ((("08:00", "17:00"),), (("06:15", "12:00"), ("12:30", "22:45")), (("00:00", "24:00"),),
         (("09:00", "11:00"), ("10:00", "13:30")))  # fmt: skip


def minute_by_minute(rows: WorkingTimeRows, since: datetime, until: datetime, team: str) -> float:
    """Working hours, by asking of every minute whether it is one of work; no night shifts."""
    minute, worked = since, 0
    while minute < until:
        worked += _is_worked(rows, minute, team)
        minute += timedelta(minutes=1)
    return worked / 60


def _is_worked(rows: WorkingTimeRows, minute: datetime, team: str) -> bool:
    for row in rows.hours:
        shown = minute.replace(tzinfo=UTC).astimezone(ZoneInfo(row.time_zone))
        own = [r.valid_from for r in rows.hours if r.team == team and r.valid_from <= shown.date()]
        whose = team if own else ""
        begun = [
            r.valid_from for r in rows.hours if r.team == whose and r.valid_from <= shown.date()
        ]
        is_free = any(h.day == shown.date() and h.team in ("", team) for h in rows.holidays)
        wall = f"{shown:%H:%M}"
        if (
            begun and not is_free and (row.team, row.valid_from) == (whose, max(begun))
            and row.weekday == DAYS[shown.weekday()] and row.opens <= wall < row.closes
        ):  # fmt: skip
            return True
    return False


def made(draw: random.Random) -> WorkingTimeRows:
    """Two teams with weeks of their own and everybody's; one zone a team, so no day is in two."""
    rows: list[WorkingHoursRow] = []
    for team in ("", "A", "B"):
        zone = draw.choice(ZONES)
        for since in draw.sample(["2026-02-02", "2026-03-25", "2026-10-27"], draw.randint(1, 3)):
            days = tuple(draw.sample(DAYS, draw.randint(1, 7)))
            rows += hours(*draw.choice(SPANS), team=team, zone=zone, days=days, since=since)
    free = [
        HolidayRow(draw.choice(["", "A", "C"]), date(2026, 3, 20) + timedelta(days=n), "Free")
        for n in draw.sample(range(20), 4)
    ]
    return WorkingTimeRows(tuple(rows), tuple(free))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(count(60)))
def test_business_hours_equal_minutes_counted_one_by_one(seed: int):
    draw = random.Random(seed)
    rows = made(draw)
    clock = WorkingTime(rows)
    for team in ("A", "B", "C"):
        start = at(draw.choice(["2026-03-27", "2026-10-23", "2026-06-12", "2026-04-03"]))
        since = start + timedelta(minutes=draw.randrange(1440))
        until = since + timedelta(minutes=draw.randrange(5 * 1440))
        if not clock.has_calendar(team, since):
            continue
        counted = minute_by_minute(rows, since, until, team)
        assert clock.hours_between(since, until, team) == pytest.approx(counted)
        if counted:
            reached = clock.add_hours(since, counted, team)
            assert reached <= until
            assert clock.hours_between(since, reached, team) == pytest.approx(counted)


# The same numbers in the database.


def stated(rows: WorkingTimeRows) -> tuple[list[Row], list[Row]]:
    return (
        [vars(row) | {"team": row.team or None} for row in rows.hours],
        [vars(row) | {"team": row.team or None} for row in rows.holidays],
    )


def published(root: Path, rows: WorkingTimeRows, **tables: list[Row]) -> Store:
    workspace = Workspace(root)
    for extract, sent in zip(("working_hours", "holidays"), stated(rows), strict=True):
        if sent:
            upload(workspace, extract, sent)
    for extract, sent in tables.items():
        upload(workspace, extract, sent)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=at("2026-11-16 07:00"))


def spans_of(draw: random.Random) -> list[tuple[datetime, datetime, str | None]]:
    """Pairs of moments through the year, some before any calendar, some at a clock change."""
    found = []
    for _ in range(60):
        start = draw.choice(["2026-01-15", "2026-02-01", "2026-03-28", "2026-07-01", "2026-10-24"])
        since = at(start) + timedelta(seconds=draw.randrange(4 * 86400))
        until = since + timedelta(seconds=draw.randrange(-3600, 9 * 86400))
        found.append((since, until, draw.choice(["A", "B", "C", None, " A "])))
    return found


def expected(clock: WorkingTime, since: datetime, until: datetime, team: str | None) -> Any:
    if until < since or not clock.has_calendar(team or "", since):
        return None
    return pytest.approx(clock.hours_between(since, until, team or ""), abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_database_counts_the_same_business_hours(tmp_path: Path, seed: int):
    draw = random.Random(1000 + seed)
    rows = made(draw)
    night = hours(("22:00", "06:00"), ("02:30", "03:00"), team="B", zone="Europe/Berlin", days=DAYS)
    rows = WorkingTimeRows((*rows.hours, *night), rows.holidays)
    asked = spans_of(draw)
    issues = [
        {"issue_key": f"K{n}", "created_at": since, "resolved_at": until, "team": team}
        for n, (since, until, team) in enumerate(asked)
    ]
    visits = [
        {"item_id": f"I{n}", "stage": "S", "entered_at": since, "started_at": since,
         "finished_at": until, "team": team}
        for n, (since, until, team) in enumerate(asked)
    ]  # fmt: skip
    store = published(tmp_path, rows, issues=issues, work_log=visits)
    clock = working_time(store)
    assert clock.has_calendar("C", at("2026-07-01")) and len(store.working_time().hours) > 8
    wanted = [expected(clock, *one) for one in asked]
    assert sum(one is None for one in wanted) < len(wanted) / 2
    for table, key, column in (
        ("issues", "issue_key", "resolve_business_hours"),
        ("visits", "item_id", "stage_business_hours"),
        ("visits", "item_id", "touch_business_hours"),
        ("items", "item_id", "turnaround_business_hours"),
    ):
        text = f"select {column} from {table} order by cast({key}[2:] as integer)"
        found = pin(store.workspace).fetch(Query(text))
        assert [None if v is None else float(v) for (v,) in found] == wanted, column


@pytest.mark.parametrize(
    ("zone", "spans", "since", "until", "expected"),
    [
        # round the clock, Berlin: every hour works, and the spans of all days are one span
        ("Europe/Berlin", (("00:00", "24:00"),), "2026-11-03 12:00", "2026-11-05 15:30", 51.5),
        ("UTC", (("08:00", "08:00"),), "2026-11-03 12:00", "2026-11-05 15:30", 51.5),
        # two shifts, to 06:00 on the next day: on Tuesday from 12:00 on 12 hours, on Wednesday all
        # but 06:00 to 08:00, which is 22, on Thursday until 03:00 another 3
        ("UTC", (("08:00", "18:00"), ("18:00", "06:00")),
         "2026-11-03 12:00", "2026-11-05 03:00", 37.0),
    ],
)  # fmt: skip
def test_round_the_clock_and_after_midnight_no_day_is_lost(
    tmp_path: Path, zone: str, spans: tuple[tuple[str, str], ...], since: str, until: str, expected
):
    rows = WorkingTimeRows((*hours(*spans, zone=zone, days=DAYS),))
    issue = {"issue_key": "K1", "created_at": since, "resolved_at": until}
    store = published(tmp_path, rows, issues=[issue])
    found = pin(store.workspace).fetch(Query("select resolve_business_hours from issues"))
    assert [None if v is None else float(v) for (v,) in found] == [expected]


def test_without_working_hours_no_row_has_business_hours(tmp_path: Path):
    issue = {"issue_key": "K1", "created_at": "2026-11-02", "resolved_at": "2026-11-09"}
    free = WorkingTimeRows((), (HolidayRow("A", date(2026, 11, 3), "Free"),))
    store = published(tmp_path, free, issues=[issue, issue | {"issue_key": "K2", "team": "A"}])
    found = pin(store.workspace).fetch(Query("select resolve_business_hours from issues"))
    assert found == [(None,), (None,)]
