"""How far past dates were right: every past week forecast again, and what reports had promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.forecast import sentences
from analysis.forecast.walk_back import Calibration, Judged, calibration_of, judged_sent, walk_back
from charts.reliability import reliability
from metrics.units import PERCENT
from ui import rows
from ui.drawing import draw
from ui.forecast import Desk
from ui.memo import remember
from ui.messages import quiet
from ui.text import count_of, md_escape
from ui.view import records

_HELP = (
    "For each past week every batch that was open then is forecast again with the items and "
    "reviews before that day, and compared with what came. Rows that arrived late are seen at the "
    "day they speak of, an item that was taken up again at its last end, and a batch without a day "
    "of agreement is taken as known four weeks ahead. "
    "Forecasts of one batch share their luck, so the interval counts batches."
)


def calibration(desk: Desk) -> None:
    """How often 50% and 85% dates held, the picture of it, and the forecasts that were sent."""
    key = (*desk.view.key, "walk back", desk.view.scope.filters, desk.known.by)
    found = remember(key, lambda: walk_back(desk.known, desk.known_at))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("How often such dates held", anchor=False, width="stretch", help=_HELP)
        if found.judged:
            rows.downloads(
                lambda: _plain(found.judged),
                name="past_forecasts",
                key="past_forecasts",
                count=len(found.judged),
            )
    if not found.judged:
        st.markdown(
            ":gray[No past week can be forecast yet: that needs 8 whole weeks before it, and a "
            "batch that was open then.]"
        )
    else:
        _cards(desk, found)
    _sent(desk)


def _cards(desk: Desk, found: Calibration) -> None:
    left, right = st.columns([6, 6], gap="medium")
    with left, st.container(border=True, height="stretch", key="held_card"):
        st.markdown(f"**{md_escape(sentences.held(found.most))}**")
        st.markdown(md_escape(sentences.held(found.half)))
        quiet(
            f"{count_of(len(found.judged), 'forecast')} of {count_of(found.weeks, 'past week')}, "
            "each made with the items accepted before its day."
        )
        st.table(_table(found), hide_index=True, border="horizontal")
    with right, st.container(border=True, height="stretch", key="reliability_card"):
        st.markdown(
            f"**{md_escape(sentences.promises(found))}**  \n:small[:gray[Chance given (across) "
            "and share that held (up) with 95% interval by batches; on the dashed line they held "
            "as often as said]]"
        )
        chart = remember(
            (*desk.view.key, "reliability", desk.view.scope.filters, desk.known.by,
             desk.view.theme),
            lambda: reliability(found.bins, theme=desk.view.theme),
        )  # fmt: skip
        draw(chart, key="reliability", empty="No promise that was forecast is over yet.")


def _table(found: Calibration) -> pa.Table:
    told = (found.half, found.most)
    return pa.table(
        {
            "Date": [f"{one.said:.0%}" for one in told],
            "Held": [PERCENT.show(one.share) for one in told],
            "95% interval": [
                PERCENT.show_range(*one.interval) if one.interval else "Too few" for one in told
            ],
            "Forecasts": [f"{one.n:,}" for one in told],
            "Batches": [f"{one.batches:,}" for one in told],
        }
    )


def _sent(desk: Desk) -> None:
    """What issued reports said, judged by what came."""
    sent = records(desk.view.store.workspace).forecasts.all()
    if not sent:
        quiet(
            "Forecasts in reports that you download are kept from the first one on, and judged "
            "here once their dates are over."
        )
        return
    found = calibration_of(judged_sent(desk.known, sent))
    reports = count_of(len({one.report for one in sent}), "issued report")
    st.markdown(
        f"**Forecasts that were sent:** {count_of(len(sent), 'forecast')} in {reports}. "
        f"{md_escape(sentences.held(found.most))}"
    )


def _plain(found: Sequence[Judged]) -> pa.Table:
    columns: dict[str, Any] = {
        "source": [one.source for one in found],
        "batch": [one.batch for one in found],
        "made_on": pa.array([one.made_on for one in found], pa.date32()),
        "promised_on": pa.array([one.promised_on for one in found], pa.date32()),
        "p50": pa.array([one.p50 for one in found], pa.date32()),
        "p85": pa.array([one.p85 for one in found], pa.date32()),
        "chance": pa.array([one.chance for one in found], pa.float64()),
        "done_on": pa.array([one.done_on for one in found], pa.date32()),
        "held_85": pa.array([one.held(one.p85) for one in found], pa.bool_()),
    }
    return pa.table(columns)
