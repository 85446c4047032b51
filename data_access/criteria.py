"""What a requirement is checked by: a measure, where, when, against what; and its steps."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from data_access.marts import mart
from data_access.text import clean_text
from metrics.catalog import metric as metric_named
from metrics.errors import AppError, UnknownDimensionError
from metrics.model import Kind, Metric
from metrics.periods import Period, parse_period, period_of
from metrics.scope import parse_filters

Comparison = Literal["at least", "at most", "between"]
COMPARISONS: tuple[Comparison, ...] = ("at least", "at most", "between")
WHOLE = "whole batch"
MOST_WEEKS = 52
WITH_INTERVAL = (Kind.RATE, Kind.MEAN)  # the kinds of measures whose value has an interval
_LAST_WEEKS = re.compile(r"last (\d{1,3}) weeks?")
_NAME_LIMIT, _TEXT_LIMIT = 200, 4_000


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the work that leads to what was asked.

    Attributes:
        text: what is done.
        responsible: who does it.
        evidence: what shows that it was done.
    """

    text: str
    responsible: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One check on the catalogue that can be worked out by anybody at any time.

    Attributes:
        metric: the measure's name in the catalogue.
        filters: the slices, like "team=Radiology; dataset=CT"; "" for everything.
        window: which days: a week, month or two days as `Period.name` writes them, "last 4 weeks"
            (complete ones), or "whole batch" (all its rows up to today and to `due_on`).
        comparison: which side of the threshold is good; both ends count as met.
        threshold: in the measure's own unit, unscaled (0.92 for 92%).
        upper: the upper end for "between", else None.
        min_n: with fewer rows there is not enough evidence.
        due_on: the last day to meet it by.
        must_clear: the whole 95% interval has to meet it, not the value alone.
    """

    metric: str
    filters: str = ""
    window: str
    comparison: Comparison = "at least"
    threshold: float
    upper: float | None = None
    min_n: int = 1
    due_on: date
    must_clear: bool = False


def last_weeks(window: str) -> int:
    """How many complete weeks a window like "last 4 weeks" has; 0 for any other window.

    >>> last_weeks("last 4 weeks"), last_weeks("2026-W46")
    (4, 0)
    """
    match = _LAST_WEEKS.fullmatch(window)
    return int(match[1]) if match else 0


def fixed_days(window: str) -> Period | None:
    """The days of a window that names them; None for the other kinds.

    Raises:
        BadPeriodError: it is no window of any kind.
    """
    return None if window == WHOLE or last_weeks(window) else parse_period(window)


def weeks_before(count: int, day: date) -> Period:
    """The last `count` ISO weeks that are over when `day` begins.

    >>> weeks_before(2, date(2026, 11, 16)).name
    '2026-11-02..2026-11-15'
    """
    monday = period_of(day, "week").since
    return Period(monday - timedelta(weeks=count), monday)


def checked_criterion(criterion: Criterion) -> Criterion:
    """The criterion in clean text, or an error that names what is wrong and the valid choices.

    Raises:
        AppError: an unknown measure or dimension, a window that cannot be read, a threshold that
            cannot be met, or a wish for an interval where the measure has none.
    """
    measure = metric_named(criterion.metric.strip())
    _check_threshold(criterion, measure)
    if criterion.min_n < 1:
        raise AppError("The smallest n must be at least 1.", where=measure.label)
    if criterion.must_clear and measure.kind not in WITH_INTERVAL:
        raise AppError(
            f"{measure.label} has no interval that could clear the threshold.",
            next_step="Compare the value itself, with a smallest n.",
        )
    return replace(
        criterion,
        metric=measure.name,
        filters=checked_filters(criterion.filters, measure),
        window=_checked_window(criterion, measure),
    )


def checked_filters(text: str, measure: Metric) -> str:
    """The filters in canonical text.

    Raises:
        AppError: a part is no filter, or the measure's rows do not have the dimension.
    """
    found = parse_filters(clean_text(text.strip(), limit=_TEXT_LIMIT))
    rows = mart(measure.source)
    for name in found:
        rows.check_dimension(name)
        if name in measure.not_by:
            raise UnknownDimensionError(
                f"{measure.label} cannot be filtered by {name}.",
                choices=[n for n in rows.dimensions if n not in measure.not_by],
            )
    return "; ".join(
        f"{name}={value}" for name, values in sorted(found.items()) for value in values
    )


def _check_threshold(criterion: Criterion, measure: Metric) -> None:
    if criterion.comparison not in COMPARISONS:
        raise AppError(f"{criterion.comparison} is not a comparison.", choices=COMPARISONS)
    ends = [criterion.threshold] + ([criterion.upper] if criterion.upper is not None else [])
    if not all(map(math.isfinite, ends)):
        raise AppError("The threshold is not a number.", where=measure.label)
    is_between = criterion.comparison == "between"
    if is_between != (criterion.upper is not None):
        raise AppError("An upper end belongs to “between”, and to it alone.", where=measure.label)
    if is_between and ends[1] <= ends[0]:
        raise AppError("The upper end must be above the lower one.", where=measure.label)
    if measure.kind is Kind.RATE and not all(0 <= end <= 1 for end in ends):
        raise AppError("A share lies between 0% and 100%.", where=measure.label)


def _checked_window(criterion: Criterion, measure: Metric) -> str:
    window = " ".join(criterion.window.split())
    if weeks := _LAST_WEEKS.fullmatch(window):
        if not 1 <= int(weeks[1]) <= MOST_WEEKS:
            raise AppError(f"Between 1 and {MOST_WEEKS} weeks can be asked for.", where=window)
        return window
    if window != WHOLE:
        return parse_period(window).name
    if measure.is_stock:
        raise AppError(
            f"{measure.label} is counted at a moment, so it has no value for a whole batch.",
            next_step="Choose a week or two dates; the last moment in them counts.",
        )
    if "batch" not in parse_filters(criterion.filters):
        raise AppError("Name the batch in the filters.", next_step="Write it like batch=CXR-B12.")
    return window


# --- as text in a column

T = TypeVar("T", Step, Criterion)


def checked_step(step: Step) -> Step:
    """The step in clean text.

    Raises:
        AppError: it does not say what is done.
    """
    if not step.text.strip():
        raise AppError("A step needs a few words of what is done.")
    return Step(
        text=clean_text(step.text.strip(), limit=_TEXT_LIMIT),
        responsible=clean_text(step.responsible.strip(), limit=_NAME_LIMIT),
        evidence=clean_text(step.evidence.strip(), limit=_TEXT_LIMIT),
    )


def to_text(things: Sequence[Step] | Sequence[Criterion]) -> str:
    """The steps or criteria as JSON, in order."""
    return json.dumps([asdict(thing) for thing in things], default=str, ensure_ascii=False)


def from_text(kind: type[T], text: str) -> tuple[T, ...]:
    """What `to_text` wrote."""
    known = {field.name for field in fields(kind)}
    found: list[T] = []
    for stored in json.loads(text or "[]"):
        values: dict[str, Any] = {name: v for name, v in stored.items() if name in known}
        if "due_on" in values:
            values["due_on"] = date.fromisoformat(values["due_on"])
        found.append(kind(**values))
    return tuple(found)
