"""Targets: what managers want a metric to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data_access.extracts.model import Column, Extract, Type
from metrics.catalog import METRICS
from metrics.errors import AppError, suggest
from metrics.scope import parse_filters
from metrics.units import PERCENT


def _broken(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Why a target cannot hold: no such metric, no such scope, a share outside 0 to 1."""
    metric = METRICS.get(row["metric"])
    if metric is None:
        close = suggest(row["metric"], METRICS)
        return "metric", f"There is no metric of this name. {close}".strip()
    try:
        parse_filters(row["scope"] or "")
    except AppError as error:
        return "scope", f"{error.what} {error.next_step}"
    if metric.unit is PERCENT and not 0 <= row["value"] <= 1:
        return "value", "A share lies between 0 and 1; write 0.9 or 90%."
    return None


TARGETS = Extract(
    name="targets",
    label="Targets",
    description="One row per target: a metric, where it holds, its value and its first day.",
    columns=(
        Column(
            name="metric",
            label="Metric",
            type=Type.TEXT,
            required=True,
            example="first_pass_acceptance",
            description="The metric's name, as on the Definitions page.",
        ),
        Column(
            name="scope",
            label="Scope",
            type=Type.TEXT,
            example="team=Radiology",
            description='Where it holds, like team=Radiology; empty or "all" for everywhere.',
            aliases=("where", "applies to"),
        ),
        Column(
            name="value",
            label="Value",
            type=Type.DECIMAL,
            required=True,
            example="0.9",
            description="The target in the metric's unit; shares between 0 and 1 or as 90%.",
            aliases=("target",),
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
    key=("metric", "scope", "valid_from"),
    time_columns=("valid_from",),
    cadence_days=366,
    is_stated=True,
    usual_coverage="everything",
    check_row=_broken,
)
