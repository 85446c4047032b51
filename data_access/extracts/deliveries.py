"""Deliveries: batches promised to and received by other teams."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Rule, Type

DELIVERIES = Extract(
    name="deliveries",
    label="Delivery list",
    description="One row per batch promised to a receiving team.",
    columns=(
        Column(
            name="batch",
            label="Batch",
            type=Type.TEXT,
            required=True,
            example="CT-B07",
            description="The batch.",
            aliases=("batch id", "delivery", "delivery id", "id"),
        ),
        Column(
            name="project",
            label="Project",
            type=Type.TEXT,
            example="Chest CT",
            description="The project it belongs to.",
            aliases=("project name",),
        ),
        Column(
            name="dataset",
            label="Dataset",
            type=Type.TEXT,
            example="CT batch 7",
            description="The dataset it holds.",
            aliases=("data set", "collection"),
        ),
        Column(
            name="team",
            label="Receiving team",
            type=Type.TEXT,
            example="ML imaging",
            description="The team that receives it.",
            aliases=("receiving team", "receiver", "customer", "client"),
        ),
        Column(
            name="specification",
            label="Specification",
            type=Type.TEXT,
            example="CT spec v2",
            description="What was agreed.",
            aliases=("spec",),
        ),
        Column(
            name="agreed_on",
            label="Agreed on",
            type=Type.DATE,
            example="2026-10-19",
            description="The day on which specification and date were agreed.",
            aliases=("agreed", "agreement date", "ordered on", "order date", "requested on"),
        ),
        Column(
            name="promised_on",
            label="Promised on",
            type=Type.DATE,
            required=True,
            example="2026-11-13",
            description="The day it was promised for.",
            aliases=("promised", "due", "due date", "promise date", "deadline"),
        ),
        Column(
            name="delivered_at",
            label="Delivered at",
            type=Type.TIMESTAMP,
            example="2026-11-12 16:30:00",
            description=(
                "When it was handed over. A day without a time, or midnight where it was written, "
                "is that day in every zone."
            ),
            aliases=("delivered", "delivery date", "delivered on", "submitted"),
        ),
        Column(
            name="items_promised",
            label="Items promised",
            type=Type.INTEGER,
            example="400",
            minimum=0,
            unit="items",
            description="How many items were promised.",
            aliases=("promised items", "quantity promised", "quantity"),
        ),
        Column(
            name="items_delivered",
            label="Items delivered",
            type=Type.INTEGER,
            example="400",
            minimum=0,
            unit="items",
            description="How many items were handed over.",
            aliases=("delivered items", "quantity delivered"),
        ),
        Column(
            name="items_accepted",
            label="Items accepted",
            type=Type.INTEGER,
            example="391",
            minimum=0,
            unit="items",
            description="How many of them the receiver accepted.",
            aliases=("accepted items", "quantity accepted"),
        ),
        Column(
            name="accepted_on",
            label="Accepted on",
            type=Type.DATE,
            example="2026-11-16",
            description="The day on which the receiver accepted the batch.",
            aliases=("acceptance date", "date accepted", "signed off on"),
        ),
        Column(
            name="late_reason",
            label="Reason late",
            type=Type.TEXT,
            example="Second review full",
            description="Why it came late, as whoever keeps the list says.",
            aliases=("late reason", "reason for delay", "delay reason", "cause of delay"),
        ),
    ),
    key=("batch",),
    rules=(
        Rule(
            name="accepts_more_than_delivered",
            broken_when="items_accepted > items_delivered",
            column="items_accepted",
            reason="More items accepted than delivered.",
        ),
        Rule(
            name="accepts_without_delivered",
            broken_when="items_accepted is not null and items_delivered is null",
            column="items_accepted",
            refuses=False,
            reason=(
                "Accepted items without a count of delivered ones; it is left out of the accepted "
                "share."
            ),
        ),
        Rule(
            name="accepted_before_delivered",
            broken_when="accepted_on < cast(delivered_at as date) - 1",
            column="accepted_on",
            refuses=False,
            reason=(
                "Accepted on a day before it was delivered; it is left out of the days to "
                "acceptance."
            ),
        ),
    ),
    time_columns=("delivered_at",),
    cadence_days=7,
    usual_coverage="everything",
)
