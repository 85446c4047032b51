"""Files that once gave a wrong number without a word, each with its numbers worked by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from data_access import warehouse
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.periods import Period, parse_period, week
from metrics.scope import scope
from tests.uploading import Row, upload

CLOCK = datetime(2026, 11, 16, 9)  # a Monday
WEEKS = Period(date(2026, 10, 26), date(2026, 11, 16))  # 2026-W44 to W46


def published(workspace: Workspace, **settings: Any) -> Store:
    workspace.save_settings(Settings(**settings))
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def fetched(store: Store, text: str) -> list[tuple[Any, ...]]:
    return store._pinned.fetch(Query(text))


def number(store: Store, name: str, period: str | Period) -> float | None:
    window = parse_period(period) if isinstance(period, str) else period
    return store.value(METRICS[name], scope(window)).value


def batch(name: str, promised: str, delivered: str | None = None, **more: Any) -> Row:
    return {"batch": name, "promised_on": promised, "delivered_at": delivered} | more


def test_items_accepted_of_an_unknown_number_are_in_no_share(workspace: Workspace):
    """90 of 100, and 100 of nobody knows how many: 90%, not 190 of 100."""
    rows = [
        batch("B1", "2026-11-10", "2026-11-10 09:00", items_delivered=100, items_accepted=90),
        batch("B2", "2026-11-11", "2026-11-11 09:00", items_accepted=100),
    ]
    upload(workspace, "deliveries", rows)
    store = published(workspace)
    value = store.value(METRICS["accepted_share"], scope(week("2026-W46")))
    assert (value.value, value.numerator, value.n) == (0.9, 90.0, 1)
    assert store.notes(scope(week("2026-W46"))) == [
        "1 batch has accepted items without a count of delivered ones: left out of the accepted "
        "share."
    ]


def test_a_batch_that_vanished_is_promised_no_longer_from_that_day(workspace: Workspace):
    """B2, promised for 28 October, is in the list of 2 November and not in that of the 16th."""
    kept = batch("B1", "2026-10-27", "2026-10-27 10:00")
    upload(workspace, "deliveries", [kept, batch("B2", "2026-10-28")], as_of="2026-11-02 08:00")
    upload(workspace, "deliveries", [kept], as_of="2026-11-12 08:00")
    store = published(workspace)
    overdue = store.series_values(METRICS["deliveries_overdue"], scope(WEEKS), "week")[
        "deliveries_overdue"
    ]
    assert [(v.period.name, v.value) for v in overdue] == [
        ("2026-W44", 1.0),
        ("2026-W45", 1.0),
        ("2026-W46", 0.0),
    ]
    # the week that ended before it vanished keeps it as late, by 15 days until it vanished
    assert number(store, "on_time_delivery", "2026-W44") == 0.5
    assert number(store, "days_late", "2026-W44") == 15 / 2
    # the three weeks to 15 November know that nobody waits for it
    assert (number(store, "on_time_delivery", WEEKS), number(store, "days_late", WEEKS)) == (1, 0)
    assert number(store, "deliveries_due", WEEKS) == 2.0
    assert store.notes(scope(week("2026-W46"))) == [
        "1 batch vanished from its source before it was delivered and is no longer promised."
    ]


def test_a_batch_that_never_came_is_not_less_late_than_one_that_did(workspace: Workspace):
    """Promised for 5 October: one came on the 23rd, the other is 41 days late on 15 November."""
    rows = [batch("B1", "2026-10-05", "2026-10-23 10:00"), batch("B2", "2026-10-05")]
    upload(workspace, "deliveries", rows)
    store = published(workspace)
    for window in ("2026-W41", "2026-10"):
        table = store.breakdown(METRICS["days_late"], scope(parse_period(window)), "batch")
        assert dict(zip(table["segment"], table["value"], strict=True)) == {"B1": 18, "B2": 41}
    weeks = store.series_values(METRICS["days_late"], scope(parse_period("2026-10")), "week")
    assert weeks["days_late"][0].value == 29.5


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_delivery_day_without_a_time_is_that_day_in_every_zone(workspace: Workspace, zone: str):
    upload(workspace, "deliveries", [batch("B1", "2026-11-10", "2026-11-11")])
    store = published(workspace, reporting_zone=zone)
    assert number(store, "on_time_delivery", "2026-W46") == 0.0
    assert number(store, "days_late", "2026-W46") == 1.0


def test_a_delivery_time_is_placed_in_the_reporting_zone(workspace: Workspace):
    """03:00 UTC on 11 November is 22:00 on the 10th in New York: on time there."""
    upload(workspace, "deliveries", [batch("B1", "2026-11-10", "2026-11-11 03:00")])
    store = published(workspace, reporting_zone="America/New_York")
    assert number(store, "on_time_delivery", "2026-W46") == 1.0
