"""SLA policies: within how many hours an issue must be answered and resolved."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Type

SLA_POLICIES = Extract(
    name="sla_policies",
    label="SLA policies",
    description=(
        "One row per promise: for which severity and team, within how many hours an issue is "
        "answered and resolved, and by which clock. Of the policies that hold for an issue on the "
        "day it was created the most specific one counts, severity before team, then the newest. "
        "The severity set on the desk chooses before the tracker's priority does."
    ),
    columns=(
        Column(
            name="severity",
            label="Severity",
            type=Type.TEXT,
            example="High",
            description=(
                "The severity (Critical, High, Medium, Low) or a priority in the tracker's words; "
                "empty for all."
            ),
            aliases=("priority", "sla severity"),
        ),
        Column(
            name="team",
            label="Team",
            type=Type.TEXT,
            example="Radiology",
            description="For which team; empty for all.",
            aliases=("squad",),
        ),
        Column(
            name="response_hours",
            label="Response hours",
            type=Type.DECIMAL,
            example="4",
            minimum=0,
            unit="hours",
            description="Within how many hours an issue is triaged for the first time.",
            aliases=("first response hours", "response", "respond within hours"),
        ),
        Column(
            name="resolution_hours",
            label="Resolution hours",
            type=Type.DECIMAL,
            example="24",
            minimum=0,
            unit="hours",
            description="Within how many hours it is resolved.",
            aliases=("resolve hours", "resolution", "resolve within hours"),
        ),
        Column(
            name="clock",
            label="Clock",
            type=Type.CHOICE,
            required=True,
            example="business",
            choices=("business", "calendar"),
            choice_aliases={"business hours": "business", "24x7": "calendar", "24/7": "calendar"},
            description=(
                "Business: only the team's working hours count. Calendar: every hour counts."
            ),
        ),
        Column(
            name="pauses",
            label="Pauses",
            type=Type.TEXT,
            example="Waiting for the reporter; On hold",
            description=(
                "States of the desk and statuses of the tracker in which the clock stands, split "
                "by semicolons; empty for none."
            ),
            aliases=("pause statuses", "pause status", "paused in"),
        ),
        Column(
            name="valid_from",
            label="Valid from",
            type=Type.DATE,
            required=True,
            example="2026-07-01",
            description="Holds for issues created from this day on.",
            aliases=("from", "since", "start date"),
        ),
    ),
    key=("severity", "team", "valid_from"),
    one_of=(("response_hours", "resolution_hours"),),
    time_columns=("valid_from",),
    cadence_days=366,
    is_stated=True,
    usual_coverage="everything",
)
