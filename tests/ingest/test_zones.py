"""Wall-clock times as UTC: as Python's own zones say, at every change of every kind of clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest

from data_access.ingest import zones

ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "UTC",
    "Pacific/Apia",
)


def told(zone: str, moment: datetime) -> tuple[datetime, int]:
    """What Python says: the second of two readings, and an hour on where there is none."""
    rules = ZoneInfo(zone)
    early, late = (moment.replace(tzinfo=rules, fold=fold) for fold in (0, 1))
    there = [
        at.astimezone(UTC)
        for at in (early, late)
        if at.astimezone(UTC).astimezone(rules).replace(tzinfo=None) == moment
    ]
    if not there:
        return early.astimezone(UTC).replace(tzinfo=None), zones.NEVER
    kind = zones.TWICE if len(set(there)) == 2 else zones.ONCE
    return there[-1].replace(tzinfo=None), kind


@pytest.mark.parametrize("zone", ZONES)
def test_every_half_hour_of_three_years_and_some_far_ones_is_read_as_python_reads_it(
    zone: str,
) -> None:
    moments = [datetime(2025, 1, 1) + timedelta(minutes=30 * n) for n in range(3 * 365 * 48)]
    moments += [datetime(1995, 7, 1, 12), datetime(2031, 1, 1), datetime(1998, 10, 25, 2, 30)]
    at = zones.clock(zone, (2024, 2028))
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        rows = con.execute(
            f"select {zones.utc_sql('l', at)}, {zones.kind_sql('l', at)} "
            "from (select unnest(?::timestamp[]) as l)",
            [moments],
        ).fetchall()
    assert rows == [told(zone, moment) for moment in moments]
