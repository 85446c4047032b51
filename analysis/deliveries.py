"""How promised batches stand on a day: on time, late and by how much, overdue, accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from metrics.scope import NOT_RECORDED


class Standing(StrEnum):
    """How a batch stands, worst first."""

    OVERDUE = "overdue"
    LATE = "late"
    NOT_DUE = "not due"
    ON_TIME = "on time"

    @property
    def words(self) -> str:
        """Shape and words."""
        return _FACES[self][0]

    @property
    def tone(self) -> str:
        """Its color: "red", "grey" or "green"."""
        return _FACES[self][1]


_FACES = {
    Standing.OVERDUE: ("■ Overdue", "red"),
    Standing.LATE: ("■ Late", "red"),
    Standing.NOT_DUE: ("○ Not yet due", "grey"),
    Standing.ON_TIME: ("● On time", "green"),
}


@dataclass(frozen=True)
class Delivery:
    """A promised batch, as a row of the mart `deliveries` tells of it.

    Attributes:
        standing: on the day asked for.
        days_late: 0 when it came in time; None while it is not due.
        reason: why it is late, as the list says; "" when it does not.
    """

    source: str
    batch: str
    project: str
    dataset: str
    receiver: str
    specification: str
    agreed_on: date | None
    promised_on: date
    delivered_on: date | None
    accepted_on: date | None
    items_promised: int | None
    items_delivered: int | None
    items_accepted: int | None
    standing: Standing
    days_late: int | None
    reason: str

    @property
    def accepted_share(self) -> float | None:
        """Items accepted over items delivered; None where either is not recorded."""
        if not self.items_delivered or self.items_accepted is None:
            return None
        return self.items_accepted / self.items_delivered


def delivery_of(row: Mapping[str, Any], as_of: date) -> Delivery:
    """The batch of a row as it stands at the start of a day: what is due before it is overdue."""
    promised, delivered = row["promised_on"], row["delivered_on"]
    reason = row["late_reason"]
    return Delivery(
        source=row["source"],
        batch=row["batch"],
        project=row["project"],
        dataset=row["dataset"],
        receiver=row["team"],
        specification=row["specification"] or "",
        agreed_on=row["agreed_on"],
        promised_on=promised,
        delivered_on=delivered,
        accepted_on=row["accepted_on"],
        items_promised=row["items_promised"],
        items_delivered=row["items_delivered"],
        items_accepted=row["items_accepted"],
        standing=_standing(promised, delivered, as_of),
        days_late=_days_late(promised, delivered, as_of),
        reason="" if reason == NOT_RECORDED else reason,
    )


def _standing(promised: date, delivered: date | None, as_of: date) -> Standing:
    if delivered is None:
        return Standing.OVERDUE if promised < as_of else Standing.NOT_DUE
    return Standing.LATE if delivered > promised else Standing.ON_TIME


def _days_late(promised: date, delivered: date | None, as_of: date) -> int | None:
    if delivered is None and promised >= as_of:
        return None
    until = delivered or as_of - timedelta(days=1)
    return max(0, (until - promised).days)
