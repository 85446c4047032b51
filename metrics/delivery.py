"""Delivery: what was promised, what arrived, what was accepted. All placed by the promised day."""

from __future__ import annotations

from metrics.model import Better, Kind, Metric
from metrics.units import COUNT, DAYS, PERCENT

_OWNER = "Delivery manager"
_DELIVERED_OR_OVERDUE = (
    "(delivered_on is not null"
    " or promised_on < {as_of} and (left_on is null or left_on >= {as_of}))"
)

_IS_LATE = (
    "(delivered_on > promised_on or delivered_on is null and promised_on < {as_of}"
    " and (left_on is null or left_on > promised_on))"
)

DELIVERIES_DUE = Metric(
    name="deliveries_due",
    label="Deliveries due",
    definition="Batches promised for a day in the period.",
    source="deliveries",
    at="promised_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="deliveries",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="delivery",
    is_plural=True,
)
ON_TIME_DELIVERY = Metric(
    name="on_time_delivery",
    label="On-time delivery",
    definition=(
        "Share of the batches promised in the period that were delivered on or before the "
        "promised day. A batch not delivered after its promised day is late; one not yet due and "
        "not delivered is not counted, nor is one that vanished from its source undelivered: from "
        "that day on it is no longer promised."
    ),
    source="deliveries",
    at="promised_on",
    kind=Kind.RATE,
    n_of="deliveries",
    where=_DELIVERED_OR_OVERDUE,
    numerator="count(*) filter (delivered_on <= promised_on)",
    denominator="count(*)",
    unit=PERCENT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="delivery",
    target=0.9,
    near=0.05,
)
DELIVERIES_OVERDUE = Metric(
    name="deliveries_overdue",
    label="Deliveries overdue",
    definition=(
        "Batches whose promised day was over and that were not delivered at the last instant of "
        "the period. Batches that vanished from their source leave."
    ),
    source="deliveries",
    at="promised_on",
    left_at="left_on",
    kind=Kind.LEVEL,
    where="promised_on < {as_of}",
    value_sql="count(*)",
    n_of="deliveries",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="delivery",
    is_plural=True,
)
ACCEPTED_SHARE = Metric(
    name="accepted_share",
    label="Accepted share of delivered items",
    definition=(
        "Items accepted by the receiving team over items delivered, for the batches promised in "
        "the period that record both."
    ),
    source="deliveries",
    at="promised_on",
    kind=Kind.RATIO,
    n_of="deliveries",
    where="items_accepted is not null and items_delivered is not null",
    numerator="sum(items_accepted)",
    denominator="sum(items_delivered)",
    unit=PERCENT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="delivery",
    target=0.95,
    near=0.02,
)
DAYS_LATE = Metric(
    name="days_late",
    label="Mean days late",
    definition=(
        "Mean days between the promised and the delivered day of the batches promised in the "
        "period; early and on-time batches count 0, late ones not yet delivered count the days "
        "so far, up to now and not only to the end of the period. A batch that vanished "
        "from its source undelivered is not counted from that day on."
    ),
    source="deliveries",
    at="promised_on",
    kind=Kind.MEAN,
    n_of="deliveries",
    where=_DELIVERED_OR_OVERDUE,
    value_sql="avg(greatest(0, date_diff('day', promised_on, coalesce(left_on, {today} - 1))))",
    unit=DAYS,
    better=Better.LOWER,
    owner=_OWNER,
    family="delivery",
    is_plural=True,
)
LATE_DELIVERIES = Metric(
    name="late_deliveries",
    label="Late deliveries",
    definition=(
        "Batches promised in the period that were delivered after the promised day, or were not "
        "delivered when it was over; one that was taken off the list later stays late. By reason: "
        "as the delivery list says it, whatever the cause."
    ),
    source="deliveries",
    at="promised_on",
    kind=Kind.COUNT,
    where=_IS_LATE,
    value_sql="count(*)",
    n_of="deliveries",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="delivery",
    is_plural=True,
)
DAYS_TO_ACCEPTANCE = Metric(
    name="days_to_acceptance",
    label="Mean days to acceptance",
    definition=(
        "Mean days from the delivery to its acceptance by the receiving team, of the batches "
        "promised in the period that record both days. An acceptance before its delivery is left "
        "out."
    ),
    source="deliveries",
    at="promised_on",
    kind=Kind.MEAN,
    n_of="deliveries",
    where="days_to_acceptance is not null",
    value_sql="avg(days_to_acceptance)",
    unit=DAYS,
    better=Better.LOWER,
    owner=_OWNER,
    family="delivery",
    fills_later="the newest deliveries are still being looked at",
    is_plural=True,
)
