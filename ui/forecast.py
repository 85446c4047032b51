"""The Delivery forecast page: one batch with its dates, fan and levers; then all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.forecast import levers as lever
from analysis.forecast import sentences
from analysis.forecast.desk import Outlook, by_urgency, fan, outlook_of, outlooks
from analysis.forecast.model import Forecast, Lever
from analysis.forecast.work import ALL_WORK, LINES, Work, work
from charts.fan import fan_chart
from metrics.delivery import DELIVERIES_DUE
from metrics.periods import show_date
from metrics.scope import DIMENSIONS
from metrics.units import PERCENT, POINTS
from ui import rows
from ui.drawing import draw
from ui.findings import banner
from ui.memo import remember
from ui.messages import quiet
from ui.text import md_escape
from ui.view import View

BATCH, SHARED, FIRST = "batch_forecast", "shared_by", "first"
_METHOD = """
**Accepted** is an item that is complete, unless its last review is a rejection that nothing
followed. Where no work log is there: an item that the highest review stage accepted or fixed.

**The dates.** 4,000 possible futures are drawn. Each repeats whole weeks of the last 26, in blocks
of neighboring weeks (moving-block bootstrap, Künsch 1989), from a history that is itself drawn
anew, so that a short history gives wider dates. The batch is accepted in 50 of 100 runs by the 50%
date, in 85 of 100 by the 85% date.

**Who comes first.** Batches of one dataset share its work: it goes to the one promised first, then
to the next. *This batch first* shows the batch with all of it.

**The last items** of a batch come later than the count alone says, because work also goes to later
batches and comes round again from rework. How many days, is taken from the batches of the last 13
weeks; the dates have them, the fan has not.

**What breaks it:** weeks to come that are not like those before: a trend, new people, other work.
Promises nobody made here: nothing says what holds the work up.
"""


@dataclass(frozen=True)
class Desk:
    """What the page is about.

    Attributes:
        view: the run's question.
        known: batches and work.
        found: the lines with their forecasts, the chosen batch first where that was asked.
        forecast, outlook: of the chosen batch.
    """

    view: View
    known: Work
    found: tuple[Outlook, ...]
    forecast: Forecast
    outlook: Outlook

    @property
    def key(self) -> tuple[object, ...]:
        """What all numbers of the page depend on."""
        chosen, first = self.forecast.batch.key, self.outlook.batches[0].key
        return (*self.view.key, "forecast", self.view.scope.filters, self.known.by, chosen, first)

    def known_at(self, day: date) -> Work:
        """Batches and work as they were known at the start of a day."""
        return work(self.view.store, self.view.scope, by=self.known.by, until=day)


def known_until(view: View) -> str:
    """The last day that forecasts know of, and the filters that count."""
    known = _known(view, LINES[0])
    words = view.scope.without(*_ignored(view)).words
    day = f"as known at the start of {show_date(known.until)}"
    return f"{day} · {md_escape(words)}" if words else day


def _ignored(view: View) -> list[str]:
    return [name for name, _ in view.scope.filters if name not in ("project", "dataset")]


def _known(view: View, by: str) -> Work:
    return remember(
        (*view.key, "work", view.scope.filters, by), lambda: work(view.store, view.scope, by=by)
    )


def choose(view: View) -> Desk | None:
    """The batch looked at, and by what batches share their work; None when no batch is open."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="forecast_bar"
    ):
        spot = st.container()
        by = st.selectbox(
            "Work shared by",
            LINES,
            key=SHARED,
            bind="query-params",
            width=230,
            format_func=_shared_words,
            label_visibility="collapsed",
            help="Batches of one line share its weekly work, the one promised first before others.",
        )
        is_first = st.toggle("This batch first", key=FIRST, bind="query-params")
    known = _known(view, by)
    found = remember(
        (*view.key, "outlooks", view.scope.filters, by), lambda: outlooks(known, known.until)
    )
    told = by_urgency(found)
    if ignored := _ignored(view):
        names = ", ".join(DIMENSIONS[name][0].lower() for name in ignored)
        quiet(f"Filters by {md_escape(names)} do not apply here: batches are promised as a whole.")
    if not told:
        _nothing(view)
        return None
    chosen = _batch(spot, told)
    if is_first:
        found = remember(
            (*view.key, "outlooks", view.scope.filters, by, chosen),
            lambda: outlooks(known, known.until, first=chosen),
        )
    batch = next(one.batch for one in told if one.batch.key == chosen)
    line = outlook_of(found, batch)
    (mine,) = (one for one in line.forecasts if one.batch == batch)
    return Desk(view, known, found, mine, line)


def _shared_words(by: str) -> str:
    return "All work shared" if by == ALL_WORK else f"Work shared by {DIMENSIONS[by][0].lower()}"


def _batch(spot: Any, told: Sequence[Forecast]) -> str:
    names = Counter(one.batch.batch for one in told)
    labels = {
        one.batch.key: one.batch.batch
        if names[one.batch.batch] == 1
        else f"{one.batch.batch} ({one.batch.source})"
        for one in told
    }
    chosen: str = spot.selectbox(
        "Batch",
        list(labels),
        key=BATCH,
        bind="query-params",
        width=230,
        format_func=lambda key: labels.get(key, str(key)),
        label_visibility="collapsed",
    )
    return chosen


def _nothing(view: View) -> None:
    if view.store.extent(DELIVERIES_DUE) is None:
        st.info(
            "**○ No delivery list was uploaded.** It says which batch is promised for which day, "
            "with how many items."
        )
        st.page_link("pages/data/upload.py", label="Upload a delivery list")
        return
    st.info(
        "**○ No batch is open.** Every batch of the delivery list in these filters is delivered."
    )


def answer(desk: Desk) -> None:
    """The banner of the chosen batch, and how all open batches stand."""
    lead, rest = sentences.answer(desk.forecast)
    banner(sentences.status(desk.forecast), lead, rest)
    told = by_urgency(desk.found)
    quiet(md_escape(sentences.summary(told)))


def picture(desk: Desk) -> None:
    """The fan of the chosen batch under its evidence, with what it takes for given."""
    one, line = desk.forecast, desk.outlook
    with st.container(border=True, key="forecast_card"):
        with st.container(horizontal=True, gap="small", vertical_alignment="top", wrap=False):
            named = f"**Accepted items of {md_escape(one.batch.batch)}**"
            if one.batch.specification:
                named += f" :gray[{md_escape(one.batch.specification)}]"
            small = md_escape(sentences.evidence(one, line))
            st.markdown(f"{named}  \n:small[:gray[{small}]]", width="stretch")
            with st.popover("Method", type="tertiary", key="forecast_method"):
                st.markdown(_METHOD)
        chart = remember(
            (*desk.key, "fan", desk.view.theme),
            lambda: fan_chart(fan(desk.known, line, one.batch), one, theme=desk.view.theme),
        )
        empty = "All items are accepted: there is nothing to forecast." if one.is_done else one.why
        draw(chart, key="forecast_fan", empty=md_escape(empty or "There is no forecast to draw."))
        held = sentences.assumption(line, one.as_of)
        if held and one.has_date:
            quiet(
                f"Dark: 70 of 100 runs, light: 90 of 100; dotted: the middle one. {md_escape(held)}"
            )


def levers(desk: Desk) -> None:
    """What would bring the batch sooner, one thing at a time."""
    if not desk.forecast.has_date:
        return
    found = remember(
        (*desk.key, "levers"),
        lambda: lever.levers(desk.known, desk.outlook, desk.forecast.batch),
    )
    st.header(
        f"What would move {md_escape(desk.forecast.batch.batch)}",
        anchor=False,
        help="One thing better at a time, in the same runs, all else equal. ± is the Monte Carlo "
        "standard error: how far the luck of the runs moves the number. A rejection that no "
        "longer happens is taken as an accepted item more.",
    )
    st.markdown(f"**{md_escape(sentences.lever(found, desk.forecast))}**")
    st.table(_lever_table(found), hide_index=True, border="horizontal")


def _lever_table(found: Sequence[Lever]) -> pa.Table:
    return pa.table(
        {
            "If": [one.name[:1].upper() + one.name[1:] for one in found],
            "85% by": [show_date(one.p85) if one.p85 else "–" for one in found],
            "85% date moves": [_days(one) for one in found],
            "Chance moves": [_chance(one) for one in found],
            "Note": [one.why_not or ("" if one.is_clear else "No clear effect") for one in found],
        }
    )


def _days(one: Lever) -> str:
    if one.days is None or one.why_not:
        return "–"
    days = round(abs(one.days))
    way = "sooner" if one.days < 0 else "later"
    moved = f"{days} {'day' if days == 1 else 'days'} {way}" if days else "0 days"
    return f"{moved} (±{one.days_error:.1f})"


def _chance(one: Lever) -> str:
    if one.why_not:
        return "–"
    return f"{POINTS.show_change(one.chance)} (±{one.chance_error * 100:.1f})"


def table(desk: Desk) -> None:
    """All open batches, the smallest chance first, with all columns as a file."""
    told = by_urgency(desk.found)
    made = _batch_table(desk, told)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("All open batches", anchor=False, width="stretch")
        rows.downloads(lambda: made, name="delivery_forecast", key="batches", count=len(told))
    st.dataframe(
        made,
        hide_index=True,
        placeholder="",
        key="batch_table",
        alt="Open batches: promised, items left, 50% and 85% dates, chance",
        column_config={
            "Batch": st.column_config.TextColumn("Batch", width=90),
            "Promise": st.column_config.TextColumn("Promise", width=125),
            "Promised": _date("Promised"),
            "50% by": _date("50% by"),
            "85% by": _date("85% by"),
            "Chance": st.column_config.ProgressColumn(
                "Chance", format="%.0f%%", min_value=0, max_value=100, color="primary", width=130
            ),
            "Left": st.column_config.NumberColumn("Left", format="localized", width=70),
            "Items": st.column_config.NumberColumn("Items", format="localized", width=75),
            "Work": st.column_config.TextColumn("Work", width=170),
            "After": st.column_config.TextColumn("After", width=140),
            "Specification": st.column_config.TextColumn("Specification", width=140),
            "Note": st.column_config.TextColumn("Note", width=300),
        },
    )


def _date(name: str) -> Any:
    return st.column_config.DateColumn(name, format="D MMM YYYY", width=110)


def _batch_table(desk: Desk, told: Sequence[Forecast]) -> pa.Table:
    faces = [sentences.status(one).shape for one in told]
    chance = [float(PERCENT.show(one.chance).rstrip("%")) if one.chance is not None else None
              for one in told]  # fmt: skip
    columns: dict[str, Any] = {
        "Batch": [one.batch.batch for one in told],
        "Promise": [
            f"{face} {sentences.promise(one)}" for face, one in zip(faces, told, strict=True)
        ],
        "85% by": pa.array([one.p85 for one in told], pa.date32()),
        "Promised": pa.array([one.batch.promised_on for one in told], pa.date32()),
        "50% by": pa.array([one.p50 for one in told], pa.date32()),
        "Chance": pa.array(chance, pa.float64()),
        "Left": pa.array([one.batch.left for one in told], pa.int64()),
        "Items": pa.array([one.batch.promised for one in told], pa.int64()),
        "Work": [one.batch.line or "All work" for one in told],
        "After": [
            sentences.after_whom(one.batch, outlook_of(desk.found, one.batch)) for one in told
        ],
        "Specification": [one.batch.specification for one in told],
        "Note": [one.why for one in told],
    }
    return pa.table(columns)
