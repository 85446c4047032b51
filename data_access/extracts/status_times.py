"""Status times: how long and how often each issue was in each status of the tracker."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Rule, Type

STATUS_TIMES = Extract(
    name="status_times",
    label="Time in status",
    description=(
        "One row per resolved issue and status it was in. It comes out of an issue export with "
        "Jira's field Time in Status by itself."
    ),
    columns=(
        Column(
            name="issue_key",
            label="Key",
            type=Type.TEXT,
            required=True,
            example="OPS-412",
            description="The issue's key, as in the issue export.",
        ),
        Column(
            name="status_id",
            label="Status id",
            type=Type.TEXT,
            required=True,
            example="10001",
            description="The tracker's own number of the status.",
        ),
        Column(
            name="status",
            label="Status",
            type=Type.TEXT,
            example="In review",
            description=(
                "What the status is called; named by a person at the first upload, and changed at "
                "a later one. The name accepted last holds for every row of its source."
            ),
        ),
        Column(
            name="visits",
            label="Visits",
            type=Type.INTEGER,
            required=True,
            minimum=0,
            example="2",
            description="How often the issue came into the status.",
        ),
        Column(
            name="hours",
            label="Hours",
            type=Type.DECIMAL,
            required=True,
            minimum=0,
            unit="hours",
            example="18.25",
            description="How long it was in the status, all visits together, nights included.",
        ),
        Column(
            name="created_at",
            label="Created",
            type=Type.TIMESTAMP,
            example="2026-11-02 09:14:00",
            description="When the issue was raised.",
        ),
        Column(
            name="resolved_at",
            label="Resolved",
            type=Type.TIMESTAMP,
            example="2026-11-04 16:00:00",
            description="When it was solved.",
        ),
        Column(
            name="total_hours",
            label="Total hours",
            type=Type.DECIMAL,
            minimum=0,
            unit="hours",
            example="54.77",
            description=(
                "The hours of all its statuses, in the first row of the issue; compared with the "
                "time from created to resolved."
            ),
        ),
    ),
    key=("issue_key", "status_id"),
    rules=(
        Rule(
            name="does_not_add_up",
            broken_when=(
                "abs(epoch(resolved_at) - epoch(created_at) - total_hours * 3600) > 60 "
                "and resolved_at >= created_at"
            ),
            column="total_hours",
            refuses=False,
            reason=(
                "The hours in its statuses differ from the time between created and resolved by "
                "more than a minute."
            ),
        ),
    ),
    time_columns=("resolved_at", "created_at"),
    cadence_days=7,
)
