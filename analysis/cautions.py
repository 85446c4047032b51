"""What a reader must know before trusting the numbers: forced lines, never hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from analysis import words
from analysis.model import Assessment, Caution, Status
from analysis.sources import age_in_words, is_silent
from data_access.manifests import uploads
from data_access.marts import mart
from metrics.periods import Period, elapsed_part, show_date
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import SourceState, Store


def cautions(
    store: Store,
    assessments: Sequence[Assessment],
    scope: Scope,
    *,
    has_commentary: bool | None = None,
    actions_without_owner: int = 0,
    refused_lots: Sequence[str] = (),
) -> tuple[Caution, ...]:
    """All warnings of a period, data that are not there first.

    Args:
        store: where the numbers came from.
        assessments: the measures shown; a source that feeds none of them gets no warning.
        scope: the window asked for, before it was cut to the days that are over.
        has_commentary: whether somebody commented on the period; None when nobody asks.
        actions_without_owner: how many actions nobody owns.
        refused_lots: the lots not accepted in the period, in words.
    """
    found: list[Caution] = []
    for state in store.sources():
        fed = [a for a in assessments if state.extract in mart(a.metric.source).fed_by]
        if fed and _is_chosen(state, scope):
            found += _of_source(store, state, fed, scope.period)
    found += _running(store, scope.period)
    found += _refused(store)
    found += [
        Caution("refused_lot", f"Lot {lot} was not accepted", "See Sampled lots.", Status.AT_RISK)
        for lot in refused_lots
    ]
    found += _unwritten(has_commentary, actions_without_owner)
    return tuple(sorted(found, key=lambda caution: caution.tone != "red"))


def _is_chosen(state: SourceState, scope: Scope) -> bool:
    chosen = dict(scope.filters).get("source")
    return not chosen or state.is_missing or state.source in chosen


def _of_source(
    store: Store, state: SourceState, fed: Sequence[Assessment], period: Period
) -> Iterable[Caution]:
    names = words.listed(words.in_sentence(each.metric.label) for each in fed)
    label = state.label.lower()
    if state.is_missing or state.newest_on is None:
        yield Caution(
            "missing_extract",
            f"No {label} has been uploaded",
            f"There are no data for {names}.",
            Status.MISSING,
        )
        return
    ends = show_date(state.newest_on)
    if state.newest_on < period.since:
        if any(each.status is Status.MISSING for each in fed):
            yield Caution(
                "missing_extract",
                f"The {label} ({state.source}) ends on {ends}",
                f"It has no data for {period.short}: {names}.",
                Status.MISSING,
            )
    elif state.newest_on < period.last_day:
        if state.is_stale:
            yield Caution(
                "stale_source",
                f"The {label} ({state.source}) {age_in_words(state)}",
                f"One is expected every {words.some(state.cadence_days, 'days')}; {names} may be "
                "incomplete.",
                Status.STALE,
            )
        elif is_silent(store, state, period):
            days = (state.newest_on - period.since).days + 1
            yield Caution(
                "gap",
                f"The {label} ({state.source}) ends on {ends}",
                f"It covers {days} of {period.days} days of {period.short}: {names}.",
                Status.AT_RISK,
            )


def _running(store: Store, period: Period) -> Iterable[Caution]:
    if store.today < period.until:
        part = elapsed_part(period, store.today)
        yield Caution(
            "partial_period",
            f"{words.sentence_case(period.short)} is not over",
            f"The numbers cover {part.dates} and are compared with as many days.",
            Status.AT_RISK,
        )


def _refused(store: Store) -> Iterable[Caution]:
    """The newest upload in force of each source, where it has refused rows."""
    newest = {
        (upload.extract, upload.source): upload
        for upload in uploads(store.workspace)
        if upload.withdrawn_at is None
    }
    for upload in newest.values():
        if upload.refused:
            rows = words.some(upload.refused, "rows")
            were, they = ("was", "It is") if upload.refused == 1 else ("were", "They are")
            yield Caution(
                "refused_rows",
                f"{rows} of {upload.file_name} {were} refused",
                f"{they} in no number; see the refused rows on the Upload page.",
                Status.AT_RISK,
            )


def _unwritten(has_commentary: bool | None, without_owner: int) -> Iterable[Caution]:
    if has_commentary is False:
        yield Caution(
            "no_commentary",
            "Nobody has commented on this period",
            "The report is sent without an analyst's note.",
            Status.AT_RISK,
        )
    if without_owner:
        has = "has" if without_owner == 1 else "have"
        yield Caution(
            "no_owner",
            f"{words.some(without_owner, 'actions')} {has} no owner",
            "Name one on the Weekly report page.",
            Status.AT_RISK,
        )
