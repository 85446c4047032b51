"""The escalation ladder: to whom an issue goes next, and when that is due."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Type

ESCALATION_LADDER = Extract(
    name="escalation_ladder",
    label="Escalation ladder",
    description=(
        "One row per rung: the level, to whom an issue is escalated, and after what. A team's own "
        "rungs stand in for those of all teams."
    ),
    columns=(
        Column(
            name="level",
            label="Level",
            type=Type.INTEGER,
            required=True,
            example="1",
            minimum=1,
            description="The rung, from 1 upwards.",
            aliases=("rung", "step", "escalation level"),
        ),
        Column(
            name="team",
            label="Team",
            type=Type.TEXT,
            example="Radiology",
            description="For the issues of which team; empty for all.",
            aliases=("squad",),
        ),
        Column(
            name="escalate_to",
            label="Escalate to",
            type=Type.TEXT,
            required=True,
            example="Ops director",
            description="The person or role on this rung.",
            aliases=("to", "whom", "to whom", "contact", "role"),
        ),
        Column(
            name="after",
            label="After",
            type=Type.CHOICE,
            required=True,
            example="resolution breached",
            choices=("response breached", "resolution breached", "past due", "age"),
            choice_aliases={
                "response": "response breached",
                "response breach": "response breached",
                "resolution": "resolution breached",
                "resolution breach": "resolution breached",
                "breach": "resolution breached",
                "breached": "resolution breached",
                "overdue": "past due",
                "due": "past due",
            },
            description=(
                "What makes this rung due: the response or the resolution clock ran out, the "
                "due day passed, or the issue is that old."
            ),
            aliases=("trigger", "when"),
        ),
        Column(
            name="hours",
            label="Hours",
            type=Type.DECIMAL,
            example="24",
            minimum=0,
            unit="hours",
            description="So many calendar hours after that; empty for at once.",
            aliases=("after hours", "delay hours"),
        ),
        Column(
            name="valid_from",
            label="Valid from",
            type=Type.DATE,
            required=True,
            example="2026-07-01",
            description="The first day it holds.",
            aliases=("from", "since", "start date"),
        ),
    ),
    key=("level", "team", "valid_from"),
    time_columns=("valid_from",),
    cadence_days=366,
    is_stated=True,
    usual_coverage="everything",
)
