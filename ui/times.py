"""Times for readers: stored in UTC, shown in the reporting zone and under its name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa


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
