"""Times for readers: stored in UTC, shown in the reporting zone and under its name."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa


def local(moment: datetime, zone: str) -> datetime:
    """A UTC time in a zone, without a zone of its own.

    >>> local(datetime(2026, 11, 9, 20), "Asia/Tokyo")
    datetime.datetime(2026, 11, 10, 5, 0)
    """
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def in_zone(rows: pa.Table, zone: str) -> pa.Table:
    """The rows with every UTC time in a zone, which the column's name then says."""
    names, columns = [], []
    for name in rows.column_names:
        column = rows.column(name)
        if pa.types.is_timestamp(column.type):
            name, column = f"{name} ({zone})", _moved(column, zone)
        names.append(name)
        columns.append(column)
    return pa.table(columns, names=names)


def _moved(column: pa.ChunkedArray, zone: str) -> pa.Array:
    moments = pd.Series(column.to_pandas()).dt.tz_localize("UTC").dt.tz_convert(ZoneInfo(zone))
    return pa.array(moments.dt.tz_localize(None), pa.timestamp("us"), from_pandas=True)
