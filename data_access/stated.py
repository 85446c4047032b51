"""What the store tells of what was stated: targets, markers, exports, terminal stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class TargetRow:
    """One stated target; `filters` as text like "team=Radiology", "" for everywhere."""

    metric: str
    filters: str
    value: float
    valid_from: date


@dataclass(frozen=True)
class MarkerRow:
    """One event drawn on charts."""

    on: date
    kind: str
    label: str


@dataclass(frozen=True)
class Export:
    """One upload in force; `as_of`, UTC, says how new it is."""

    upload_id: str
    source: str
    as_of: datetime
    file_name: str


@dataclass(frozen=True)
class TerminalStage:
    """At which stage a project's items are complete: the setting, else the suggestion.

    Attributes:
        project: as in the items, "(not recorded)" for items without one.
        stage: in force.
        suggested: the stage that is the last of most items; None when no item ended anywhere.
        items_ending_there: the items whose last visit finished at the suggested stage.
    """

    project: str
    stage: str
    suggested: str | None
    items_ending_there: int
