"""The stakeholder report of a week, or of any span of days: which sections, in which order."""

from __future__ import annotations

from datetime import datetime, time
from types import ModuleType
from typing import Literal

from data_access.records import Records
from data_access.store import Store
from metrics.errors import AppError
from metrics.periods import Period
from reports.blocks import Failure, Section
from reports.context import Context
from reports.report import Caution, Report, Status
from reports.sections import (
    actions,
    agreement,
    appendix,
    bottlenecks,
    brief,
    changes,
    control,
    decisions,
    delivery,
    desk,
    improvements,
    issues,
    lots,
    measures,
    notes,
    outlook,
    quality,
    requirements,
    reviews,
    risks,
    top,
)

# To add a section: one module with KEY, TITLE and section(context), and its line here.
SECTIONS: tuple[ModuleType, ...] = (
    top, brief, measures, decisions, changes, control, bottlenecks, quality, reviews, agreement,
    lots, delivery, outlook, requirements, improvements, risks, issues, desk, actions, notes,
    appendix,
)  # fmt: skip
_TITLES = {
    "weekly": "Weekly operations and quality report",
    "period": "Operations and quality report",
}
_FIRST_PAGE = ("top", "brief", "measures", "decisions")
_NOT_DATA = (
    "targets", "markers", "working_hours", "holidays", "sla_policies", "escalation_ladder",
    "assignments",
)  # fmt: skip


def build(
    store: Store,
    records: Records,
    period: Period,
    *,
    versus: Period | None = None,
    kind: str = "weekly",
) -> Report:
    """The report as blocks, read from the store's one snapshot.

    A section that cannot be computed is there and says so.

    Args:
        store: the numbers; its clock is the time of preparation.
        records: what people wrote.
        period: what it covers.
        versus: the window compared with; the period before unless given.
        kind: "weekly" or "period".
    """
    context = Context(store, records, period, versus=versus)
    sections = tuple(_made(module, context) for module in SECTIONS)
    return _report(context, "weekly" if kind == "weekly" else "period", sections)


def _report(
    context: Context, kind: Literal["weekly", "period"], sections: tuple[Section, ...]
) -> Report:
    store, period, settings = context.store, context.period, context.store.settings
    status, cautions = _standing(context)
    return Report(
        title=_TITLES[kind],
        organization=settings.organization,
        audience=settings.audience,
        kind=kind,
        period=period.name,
        period_label=period.label,
        since=period.since,
        until=period.until,
        data_to=_data_to(context),
        prepared=context.local(store.clock),
        zone=settings.reporting_zone,
        snapshot=store.snapshot,
        page="A4" if settings.page == "A4" else "Letter",
        is_sample=settings.is_sample,
        status=status,
        uploads=store.upload_ids(),
        sections=sections,
        cautions=cautions,
    )


def _made(module: ModuleType, context: Context) -> Section:
    try:
        section: Section = module.section(context)
        return section
    except Exception as error:  # noqa: BLE001 - whatever failed, the report says so and goes on
        title = (module.TITLE or "Overview").format(noun=context.noun)
        what = error.what if isinstance(error, AppError) else f"{type(error).__name__}: {error}"
        text = f"{title} could not be computed: {what}"
        return Section(
            module.KEY,
            title,
            (Failure(text if text.endswith(".") else f"{text}."),),
            is_first_page=module.KEY in _FIRST_PAGE,
            is_landscape=module is appendix,
        )


def _standing(context: Context) -> tuple[str, tuple[Caution, ...]]:
    try:
        return context.overview.status.value, context.overview.warnings
    except AppError as error:
        return Status.MISSING.value, (
            Caution("failed", "The overview could not be computed", error.what, Status.MISSING),
        )


def _data_to(context: Context) -> datetime | None:
    """The newest moment in the data, not after the period."""
    found = [
        context.local(state.newest_at)
        for state in context.store.sources()
        if state.newest_at is not None and state.extract not in _NOT_DATA
    ]
    if not found:
        return None
    return min(max(found), datetime.combine(context.period.last_day, time(23, 59)))
