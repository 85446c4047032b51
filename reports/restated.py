"""The restated ledger: numbers of issued reports that read otherwise now, and why.

Only what a reader would see counts: values that round to the same text are no restatement. Reports
issued before their period was over are left out, because their numbers were not final.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from analysis import words
from data_access.definitions import digest
from data_access.marts import mart
from data_access.store import Store
from metrics.catalog import METRICS
from metrics.errors import ReportError
from metrics.model import Better, Kind, Metric
from metrics.periods import Period, previous
from metrics.scope import scope
from metrics.units import COUNT
from reports import archive
from reports.archive import Issued
from reports.blocks import Cell, Column, Row, Score, Scorecard, Table
from reports.report import Report

UNREADABLE = "An issued report cannot be read, so restated numbers are unknown."
_LATE = Metric(
    name="late_rows",
    label="Rows that came late",
    definition="Rows that arrived or changed after an earlier upload had covered their day.",
    source="restatements",
    at="happened_on",
    kind=Kind.COUNT,
    value_sql="sum(told_rows)",
    n_of="rows",
    unit=COUNT,
    better=Better.LOWER,
    owner="",
    family="",
)


@dataclass(frozen=True)
class Restatement:
    """A number as it was reported, and as it is now.

    Attributes:
        report: id of the report that said it.
        period: that it is about.
        metric, label: which measure.
        issued_at, by: when the report was sent, UTC, and by whom.
        before, now: as a reader sees them.
        before_value, now_value: exact; None when withheld.
        unit: name of the unit.
        late_rows: rows behind the number that came, or moved into its days, after the report.
        cause: why, as it follows a colon.
    """

    report: str
    period: Period
    metric: str
    label: str
    issued_at: datetime
    by: str
    before: str
    now: str
    before_value: float | None
    now_value: float | None
    unit: str
    late_rows: int
    cause: str

    def sentence(self, reading: Period) -> str:
        """What a report about the period `reading` says of it."""
        metric = METRICS[self.metric]
        verb = "are" if metric.is_plural else "is"
        is_last = self.period == previous(reading) and self.period.grain == "week"
        whose = "Last week's" if is_last else f"{words.sentence_case(self.period.short)}'s"
        label = words.in_sentence(self.label)
        return f"{whose} {label} of {self.before} {verb} now {self.now}: {self.cause}."


def ledger(store: Store, *, before: Period | None = None) -> tuple[Restatement, ...]:
    """Every restated number of the newest report of each period, newest period first.

    Args:
        store: as the numbers are now.
        before: only periods that ended when this one began, as a report of it prints.

    Raises:
        ReportError: an issued report cannot be read.
    """
    newest: dict[str, Issued] = {}
    for one in archive.issued(store.workspace):
        newest.setdefault(one.period, one)
    found: list[Restatement] = []
    for one in newest.values():
        then = archive.archived(store.workspace, one.id)
        period = Period(then.since, then.until)
        is_over = then.prepared.date() >= then.until
        if is_over and (before is None or period.until <= before.since):
            found += _of_report(store, one, then, period)
    return tuple(sorted(found, key=lambda each: each.period, reverse=True))


def _of_report(store: Store, one: Issued, then: Report, period: Period) -> list[Restatement]:
    scores = [
        score for card in then.blocks(Scorecard) for score in card.rows if score.metric in METRICS
    ]
    values = store.values([METRICS[score.metric] for score in scores], scope(period))
    found = []
    for score in scores:
        metric = METRICS[score.metric]
        value = values[metric.name].value
        before, now = metric.show(score.value), metric.show(value)
        if before != now or score.unit != metric.unit.name:
            late = _late_rows(store, one, metric, period)
            found.append(_restatement(store, one, period, score, before, now, value, late))
    return found


def _restatement(
    store: Store,
    one: Issued,
    period: Period,
    score: Score,
    before: str,
    now: str,
    value: float | None,
    late: int,
) -> Restatement:
    return Restatement(
        report=one.id,
        period=period,
        metric=score.metric,
        label=score.label,
        issued_at=one.issued_at,
        by=one.by,
        before=before,
        now=now,
        before_value=score.value,
        now_value=value,
        unit=METRICS[score.metric].unit.name,
        late_rows=late,
        cause=_cause(store, one, METRICS[score.metric], late),
    )


def _cause(store: Store, one: Issued, metric: Metric, late: int) -> str:
    known = one.definitions.get(metric.name)
    if known is not None and known != digest(metric):
        return "its definition changed since, so the two do not compare"
    causes = []
    if late:
        causes.append(f"{words.some(late, 'rows')} arrived or changed late")
    undone = len(one.withdrawn)
    if undone:
        them = "an upload" if undone == 1 else f"{undone:,} uploads"
        causes.append(f"{them} that the report used {'was' if undone == 1 else 'were'} undone")
    if not causes and set(store.upload_ids()) - set(one.uploads):
        causes.append("later uploads changed it")
    return words.listed(causes) or "no upload since explains it; a setting may have changed"


def _late_rows(store: Store, one: Issued, metric: Metric, period: Period) -> int:
    """Rows behind the number that uploads after the report brought or moved.

    The restatements know which uploads reached into which days, the metric's own rows which of
    them count: of both, the fewer. Rows that left the number are in neither.
    """
    window = period
    if metric.is_stock:
        known = store.extent(_LATE)
        if known is not None and known.since < period.since:
            window = Period(known.since, period.until)
    fed_by = mart(metric.source).extracts
    told: Counter[tuple[str, date | None]] = Counter()
    for row in store.rows(_LATE, scope(window)).to_pylist():
        if row["upload_id"] not in one.uploads and row["extract"] in fed_by:
            told[row["upload_id"], None if metric.is_stock else row["happened_on"]] += row[
                "told_rows"
            ]
    if not told:
        return 0
    behind = store.rows(metric, scope(period)).select(["upload_id", metric.at]).to_pylist()
    counted = Counter(
        (row["upload_id"], None if metric.is_stock else row[metric.at]) for row in behind
    )
    return (told & counted).total()


def sentences(store: Store, reading: Period, *, most: int = 6) -> list[str]:
    """What a report says: a sentence for each restated number, then how many more there are.

    An archive that cannot be read is said in their place.
    """
    try:
        found = ledger(store, before=reading)
    except ReportError as error:
        return [f"{UNREADABLE} {error.what}"]
    told = [f"Restated: {one.sentence(reading)}" for one in found[:most]]
    if more := len(found) - len(told):
        were, them = ("was", "it") if more == 1 else ("were", "them")
        told.append(f"{words.some(more, 'more numbers')} {were} restated; the ledger lists {them}.")
    return told


def table(found: Iterable[Restatement]) -> Table:
    """The ledger as a table, in Word and on a sheet of its own in Excel."""
    rows = tuple(
        Row(
            (
                Cell(words.sentence_case(one.period.short)),
                Cell(one.label),
                Cell(one.before_value, unit=one.unit),
                Cell(one.now_value, unit=one.unit),
                Cell(one.late_rows, unit=COUNT.name),
                Cell(words.sentence_case(one.cause)),
                Cell(one.report),
            ),
            key=f"{one.report}:{one.metric}",
        )
        for one in found
    )
    return Table(
        name="restated",
        caption=f"{words.sentence_case(words.some(len(rows), 'reported numbers'))} "
        f"{'reads' if len(rows) == 1 else 'read'} otherwise now",
        columns=(
            Column("Period", width=0.8, chars=16),
            Column("Measure", width=1.7, chars=30),
            Column("As reported", kind="number", width=0.9, chars=14),
            Column("Now", kind="number", width=0.8, chars=14),
            Column("Late rows", kind="number", width=0.75, chars=11),
            Column("Why", width=2.05, chars=60),
            Column("Report", width=0, chars=24),
        ),
        rows=rows,
        description="One row per number of an issued report that reads otherwise now.",
        sheet="Restated",
        word_rows=12,
    )
