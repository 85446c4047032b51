"""Data notes: every warning, what was left out, what was restated, how fresh the sources are."""

from __future__ import annotations

from data_access.store import SourceState
from metrics.errors import ReportError
from metrics.units import COUNT
from reports import restated
from reports.blocks import (
    Bullets,
    Cell,
    Column,
    Row,
    Run,
    Runs,
    Section,
    Table,
    sentence,
)
from reports.context import Context, joined

KEY, TITLE = "notes", "Data notes"
# refused rows are told with their source, missing names in the table of actions
_TOLD_ELSEWHERE = ("refused_rows", "no_owner", "no_commentary")
# no figure comes from their rows
_CALENDARS = ("working_hours", "holidays", "sla_policies", "escalation_ladder")


def section(context: Context) -> Section:
    """The lines in words, then the table of sources."""
    items: list[Runs] = [
        (Run(f"{caution.shape} {caution.text}.", is_bold=True), Run(f" {caution.detail}"))
        for caution in context.overview.warnings
        if caution.kind not in _TOLD_ELSEWHERE
    ]
    items += [sentence(note) for note in context.store.notes(context.asked)]
    items += [sentence(note) for note in restated.sentences(context.store, context.period)]
    zone = f"Times are {context.store.settings.reporting_zone}."
    names = "People are shown under stable pseudonyms." if context.store.settings.hide_names else ""
    items.append(sentence(joined((zone, names))))
    return Section(KEY, TITLE, (Bullets(tuple(items)), *_restated(context), _sources(context)))


def _restated(context: Context) -> tuple[Table, ...]:
    """The ledger of numbers that earlier reports gave otherwise; none without any."""
    try:
        found = restated.ledger(context.store, before=context.period)
    except ReportError:
        return ()  # said in words
    return (restated.table(found),) if found else ()


def _sources(context: Context) -> Table:
    states = [s for s in context.store.sources() if s.extract not in _CALENDARS]
    return Table(
        name="sources",
        caption="Where the figures come from",
        columns=(
            Column("Extract", width=1.3, chars=22),
            Column("Source", width=1.25, chars=24),
            Column("Newest data", kind="time", width=1.3, chars=19),
            Column("Last upload", kind="time", width=1.3, chars=19),
            Column("Rows", kind="number", width=0.7, chars=12),
            Column("State", kind="status", width=1.5, chars=24),
        ),
        rows=tuple(_source(context, state) for state in states),
        description="One row per source with its newest data, its last upload and its rows.",
        sheet="Data notes",
    )


def _source(context: Context, state: SourceState) -> Row:
    if state.is_missing:
        face = Cell("○ Never uploaded", tone="grey")
    elif state.is_stale:
        face = Cell(f"■ Stale, {state.age_days or 0:,} days old", tone="red")
    else:
        face = Cell("● Up to date", tone="green")
    times = (state.newest_at, state.last_upload_at)
    return Row(
        (
            Cell(state.label),
            Cell(state.source or "–"),
            *(Cell(context.local(t)) if t else Cell("–") for t in times),
            Cell(state.rows, unit=COUNT.name),
            face,
        ),
        key=f"{state.extract}:{state.source}",
    )
