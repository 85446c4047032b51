"""Markers: events that explain a jump in a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data_access.extracts.model import Column, Extract, Type
from metrics.errors import AppError
from metrics.scope import parse_filters


def _broken(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Why a marker cannot be drawn: its scope names no known dimension."""
    try:
        parse_filters(row["scope"] or "")
    except AppError as error:
        return "scope", f"{error.what} {error.next_step}"
    return None


MARKERS = Extract(
    name="markers",
    label="Markers",
    description="One row per event drawn on every time chart: guideline change, release, outage.",
    columns=(
        Column(
            name="marked_on",
            label="Day",
            type=Type.DATE,
            required=True,
            example="2026-09-14",
            description="The day it happened.",
            aliases=("date", "on", "day"),
        ),
        Column(
            name="kind",
            label="Kind",
            type=Type.CHOICE,
            required=True,
            example="guideline change",
            choices=("guideline change", "release", "outage", "other"),
            choice_aliases={"guideline": "guideline change", "incident": "outage"},
            description="What kind of event it was.",
            aliases=("type",),
        ),
        Column(
            name="label",
            label="Label",
            type=Type.TEXT,
            required=True,
            example="Guideline v3",
            description="The words on the chart; keep them short.",
            aliases=("name", "title", "event"),
        ),
        Column(
            name="scope",
            label="Scope",
            type=Type.TEXT,
            example="dataset=CT batch 7",
            description="Where it matters, like dataset=CT batch 7; empty for everywhere.",
            aliases=("where", "applies to"),
        ),
    ),
    key=("marked_on", "label"),
    time_columns=("marked_on",),
    cadence_days=366,
    is_stated=True,
    usual_coverage="everything",
    check_row=_broken,
)
