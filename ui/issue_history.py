"""What successive exports of a tracker show: cumulative flow, ageing, and the newest changes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.issue_flow import (
    CATEGORIES,
    ISSUES_STANDING,
    KINDS,
    NEWEST_CHANGES,
    Aged,
    IssueFlow,
    between,
    issue_flow,
    newest,
    oldest_in_status,
    shown_category,
)
from charts import Band, Chart, Level, cumulative
from metrics.issues import ISSUES_TRACKED
from metrics.periods import show_date
from metrics.scope import Scope
from ui import explain, rows
from ui.cards import head
from ui.drawing import draw
from ui.memo import remember
from ui.messages import quiet
from ui.text import count_of, md_escape
from ui.times import in_zone
from ui.view import View

_HOW = (
    "The slope of Done is how fast issues are solved. Exports say nothing of the time between "
    "them: a change counts on its exact day where the export gives one, else on the day of the "
    "first export that shows it; the bounds stand behind each point."
)
_SHOWN = 200


def flow(view: View) -> None:
    """The cumulative flow of issues, from the first export on, with its bounds in words."""
    where = _since_first(view)
    found = remember((*view.key, "issue_flow", where), lambda: issue_flow(view.store, where))
    with st.container(border=True, key="issue_flow"):
        small = f"{count_of(found.exports, 'export')}, by status category. {found.doubt}"
        head(found.lead, small, ISSUES_TRACKED, where, key="issue_flow_explain")
        chart = remember((*view.key, "issue_flow", where, view.theme), lambda: _chart(view, found))
        draw(chart, key="issue_flow_chart", empty="No export covers this window.", how=_HOW)


def _since_first(view: View) -> Scope:
    """From the first export to the end of the period: the flow grows with each upload."""
    known = view.store.extent(ISSUES_TRACKED)
    if known is None or known.since >= view.period.until:
        return view.scope
    return view.scope.during(type(view.period)(known.since, view.period.until))


def _chart(view: View, found: IssueFlow) -> Chart:
    bands = []
    for name in CATEGORIES:
        levels = [Level(p.on, p.value, p.low, p.high) for p in found.points if p.category == name]
        if any(level.value or level.high for level in levels):
            bands.append(Band(shown_category(name), levels))
    return cumulative(bands, theme=view.theme, what="Issues by status category", grain=found.grain)


def oldest(view: View) -> None:
    """The issues longest in their status, with the least and the most days it can be."""
    found = oldest_in_status(view.store, view.scope)
    where = view.scope.during(newest(view.store))
    count = view.store.row_count(ISSUES_STANDING, where)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.header(
                "Oldest in their status", anchor=False,
                help="At least: since the first export that shows the status, or its last update. "
                "At most: since the last export that shows another one, or its creation.",
            )  # fmt: skip
            some = f"{len(found)} of {count:,} not done, " if count else ""
            st.markdown(f":small[:gray[{some}as the newest export shows them]]")
        explain.button(ISSUES_STANDING, where, key="oldest_issues_explain")
        if count:
            zone = view.store.settings.reporting_zone
            rows.downloads(
                lambda: in_zone(view.store.rows(ISSUES_STANDING, where), zone),
                name="issues_in_their_status", key="oldest_issues", count=count,
            )  # fmt: skip
    if not found:
        st.markdown(":gray[No issue of the newest export is still to be done here.]")
        return
    st.dataframe(
        _oldest_table(found), hide_index=True, key="oldest_issues", placeholder="",
        alt="Issues longest in their status",
        column_config={
            name: st.column_config.NumberColumn(name, format="%.1f d", width=130)
            for name in ("Days, at least", "Days, at most")
        },
    )  # fmt: skip


def _oldest_table(found: tuple[Aged, ...]) -> pa.Table:
    columns: dict[str, Any] = {
        "Issue": [one.issue_key for one in found],
        "Summary": [one.summary for one in found],
        "Status": [one.status for one in found],
        "Days, at least": pa.array([round(one.at_least, 1) for one in found], pa.float64()),
        "Days, at most": pa.array([round(one.at_most, 1) for one in found], pa.float64()),
        "Priority": [one.priority for one in found],
        "Assignee": [one.assignee for one in found],
        "Team": [one.team for one in found],
    }
    return pa.table(columns)


def changes(view: View) -> None:
    """What the newest export shows for the first time, by kind, with all of it to download."""
    exports = view.store.exports("issues")
    where = view.scope.during(newest(view.store))
    counts = {
        value.segment: int(value.value or 0)
        for value in view.store.breakdown_values((NEWEST_CHANGES,), where, "kind")[
            NEWEST_CHANGES.name
        ]
    }
    told = [name for name in KINDS if counts.get(name)]
    st.header(
        "What changed since the last export", anchor=False,
        help="Two exports of a source are compared. Re-scoped: type, labels or story points. A "
        "column counts only where both exports have it.",
    )  # fmt: skip
    if len(exports) < 2 or not told:
        only = "There is one export so far; the next one is compared with it."
        none = "Nothing changed between the last two exports."
        quiet(only if len(exports) < 2 else none)
        return
    chosen = st.pills(
        "Kinds of change", told, key="issue_change_kinds", selection_mode="multi",
        format_func=lambda name: f"{KINDS[name]} {counts[name]:,}", label_visibility="collapsed",
    )  # fmt: skip
    _changes_table(view, _of_kinds(where, tuple(chosen)))


def _of_kinds(where: Scope, kinds: tuple[str, ...]) -> Scope:
    if not kinds:
        return where
    filters = tuple(sorted((*where.filters, ("kind", tuple(sorted(kinds))))))
    return Scope(where.period, filters)


def _changes_table(view: View, where: Scope) -> None:
    zone = view.store.settings.reporting_zone
    count = view.store.row_count(NEWEST_CHANGES, where)
    shown = view.store.rows(NEWEST_CHANGES, where, limit=_SHOWN)
    with st.container(horizontal=True, vertical_alignment="center"):
        last = max(export.as_of for export in view.store.exports("issues"))
        some = f"{min(_SHOWN, count):,} of {count:,}" if count > _SHOWN else f"{count:,}"
        st.markdown(
            f"**{some} {'change' if count == 1 else 'changes'}** "
            f":small[:gray[newest data {md_escape(show_date(last.date()))}]]", width="stretch",
        )  # fmt: skip
        explain.button(NEWEST_CHANGES, where, key="issue_changes_explain")
        rows.downloads(
            lambda: in_zone(view.store.rows(NEWEST_CHANGES, where), zone),
            name="issue_changes", key="issue_changes", count=count,
        )  # fmt: skip
    st.dataframe(
        _told(shown), hide_index=True, key="issue_changes", placeholder="",
        alt="Changes of issues since the last export",
    )  # fmt: skip


def _told(found: pa.Table) -> pa.Table:
    """The changes as a reader meets them: what, from, to, and between which days."""
    told = found.to_pylist()
    columns: dict[str, Any] = {
        "Issue": [row["issue_key"] for row in told],
        "Change": [KINDS[row["kind"]] for row in told],
        "From": [row["from_value"] for row in told],
        "To": [row["to_value"] for row in told],
        "When": [between(row["after_on"], row["by_on"]) for row in told],
        "Summary": [row["summary"] for row in told],
        "Assignee": [row["assignee"] for row in told],
        "Team": [row["team"] for row in told],
    }
    return pa.table(columns)
