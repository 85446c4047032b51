"""Holidays: days on which a team does not work."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Type

HOLIDAYS = Extract(
    name="holidays",
    label="Holidays",
    description=(
        "One row per day on which a team does not work, or nobody does. Such a day has no "
        "business hours, whatever the working hours say of its weekday."
    ),
    columns=(
        Column(
            name="team",
            label="Team",
            type=Type.TEXT,
            example="Radiology",
            description="The team that does not work; empty for everybody.",
            aliases=("group", "department", "team name"),
        ),
        Column(
            name="day",
            label="Day",
            type=Type.DATE,
            required=True,
            example="2026-12-25",
            description="The day, by the team's clock.",
            aliases=("date", "on", "holiday"),
        ),
        Column(
            name="name",
            label="Name",
            type=Type.TEXT,
            example="Christmas Day",
            description="What the day is called.",
            aliases=("holiday name", "title", "label", "occasion"),
        ),
    ),
    key=("team", "day"),
    time_columns=("day",),
    cadence_days=366,
    is_stated=True,
    usual_coverage="everything",
)
