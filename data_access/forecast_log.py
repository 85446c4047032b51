"""Forecasts that were sent out: what an issued report said of each batch, to be judged later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from data_access.recording import META, Database, signed, write_audit


@dataclass(frozen=True, kw_only=True)
class SentForecast:
    """What a report said of a batch.

    Attributes:
        report: id of the issued report; "" before it is kept.
        source, batch: of which batch, by the names in its delivery list.
        as_of: the first day that the forecast did not know.
        promised_on: the day promised then.
        items_left: items still to be accepted then.
        p50, p85: the dates given; None beyond the horizon.
        chance: that the promise holds, 0 to 1.
        by, at: who sent the report and when (UTC); "" and None before it is kept.
    """

    source: str
    batch: str
    as_of: date
    promised_on: date
    items_left: int
    p50: date | None
    p85: date | None
    chance: float
    report: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class _Kept:
    """What the trail says of a report's forecasts."""

    report: str
    batches: int


_TYPES: dict[str, Any] = {
    "str": sa.Text,
    "int": sa.Integer,
    "float": sa.Float,
    "date": sa.Date,
    "date | None": sa.Date,
    "datetime | None": sa.DateTime,
}
_KEY = ("report", "source", "batch")
_SENT = sa.Table(
    "sent_forecasts",
    META,
    *(
        sa.Column(
            field.name,
            sa.String(200) if field.name in _KEY else _TYPES[str(field.type)],
            nullable="None" in str(field.type),
            primary_key=field.name in _KEY,
        )
        for field in fields(SentForecast)
    ),
)


class ForecastLog:
    """The door to forecasts that were sent out. They are added, never changed."""

    def __init__(self, database: Database) -> None:
        """Use `Records.forecasts`."""
        self._database = database

    def all(self) -> tuple[SentForecast, ...]:
        """Every forecast, in the order in which they were sent."""
        query = sa.select(_SENT).order_by(_SENT.c.at, _SENT.c.report, _SENT.c.source, _SENT.c.batch)
        with self._database.reading() as connection:
            return tuple(
                SentForecast(**{field.name: row[field.name] for field in fields(SentForecast)})
                for row in connection.execute(query).mappings()
            )

    def keep(self, report: str, told: Iterable[SentForecast], *, by: str, at: datetime) -> int:
        """Keep the forecasts of an issued report; returns how many. Once: a second time none.

        Raises:
            AppError: nobody signed it.
        """
        who = signed(by)
        rows = [replace(one, report=report, by=who, at=at) for one in told]
        with self._database.writing() as connection:
            query = sa.select(sa.func.count()).where(_SENT.c.report == report)
            if not rows or connection.execute(query).scalar_one():
                return 0
            connection.execute(
                sa.insert(_SENT),
                [{field.name: getattr(row, field.name) for field in fields(row)} for row in rows],
            )
            kept = _Kept(report, len(rows))
            write_audit(connection, who, at, "forecast", f"forecasts {report}", None, kept)
        return len(rows)
