"""Decided lots: where each series stands, the history, the certificate, and the way back."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.sampling.history import Closed, Series, closed, standings
from analysis.sampling.model import Severity
from analysis.sampling.switching import Standing
from data_access.entries import Audited
from data_access.lots import ACCEPTED, Lot
from metrics.local_time import local
from metrics.periods import show_date
from metrics.units import PERCENT
from ui import messages, who
from ui.badges import badge
from ui.text import md_escape
from ui.view import View, records

_ABOUT = "take_back"
_MOST_TRAIL = 50
_TONES = {Severity.NORMAL: "green", Severity.TIGHTENED: "red", Severity.REDUCED: "grey"}
_SHAPES = {Severity.NORMAL: "●", Severity.TIGHTENED: "■", Severity.REDUCED: "○"}


def history(view: View, lots: Sequence[Lot], signed: str) -> None:
    """Where each series of lots stands, then the decided lots, newest first."""
    st.header(
        "Decided lots", anchor=False,
        help="How strictly the next lot is inspected follows from the lots before of the same "
        "project, AQL and level, by the rules of ISO 2859-1. Lots inspected more or less strictly "
        "than asked for do not count, and neither do lots that come back.",
    )  # fmt: skip
    messages.told(_ABOUT)
    if not lots:
        st.markdown(":gray[No lot was decided yet. Inspection starts normal.]")
        return
    with messages.section("The history"):
        with st.container(border=True, gap="small", key="standings"):
            for series, standing in sorted(standings(lots).items()):
                st.markdown(_line(series, standing))
        found = closed(lots, records(view.store.workspace).lots.items)[::-1]
        _table(view, found)
        _certificate(view, found, signed)


def _line(series: Series, standing: Standing) -> str:
    label = "Stopped" if standing.is_stopped else standing.severity.label
    face = badge(_TONES[standing.severity], f"{_SHAPES[standing.severity]} {label}")
    whose = f"**{md_escape(series.project)}**, {series.words}"
    return f"{face} {whose}  \n:small[:gray[{md_escape(standing.rule)}]]"


def _table(view: View, found: Sequence[Closed]) -> None:
    frame = pd.DataFrame(
        [
            (
                one.lot.code,
                one.lot.name,
                one.lot.project,
                show_date(_when(view, one.lot).date()),
                one.lot.decision.capitalize(),
                f"n {one.plan.n:,}, Ac {one.plan.ac:,}",
                one.counts_words,
                _rate(one),
                one.plan.severity.label if one.plan.severity else "",
                one.lot.decided_by,
            )
            for one in found
        ],
        columns=[
            "No.", "Lot", "Project", "Decided", "Decision", "Plan", "Found", "Defective rate",
            "Inspection", "By",
        ],
    )  # fmt: skip
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="",
        key="lot_history",
        alt="Decided lots, newest first",
        column_config={
            name: st.column_config.TextColumn(width=width)
            for name, width in zip(
                frame.columns, (55, 210, 120, 100, 110, 100, 220, 210, 95, 110), strict=True
            )
        },
    )


def _rate(one: Closed) -> str:
    if one.weighted is None:
        return one.rate_words
    return f"{one.rate_words}; by annotator's weight {PERCENT.show(one.weighted.rate)}"


def _when(view: View, lot: Lot) -> pd.Timestamp:
    return pd.Timestamp(
        local(lot.decided_at or lot.drawn_at, view.store.settings.reporting_zone)
    )  # fmt: skip


def _certificate(view: View, found: Sequence[Closed], signed: str) -> None:
    """The certificate of one lot, and the way to take its decision back."""
    by_number = {one.lot.number: one for one in found}
    number = st.selectbox(
        "Certificate of", list(by_number), key=f"lot_certificate_{found[0].lot.number}",
        format_func=lambda n: f"{by_number[n].lot.code} {by_number[n].lot.name}",
    )  # fmt: skip
    one = by_number[number]
    with st.container(border=True, gap="small", key="certificate"):
        is_good = one.lot.decision == ACCEPTED
        face = badge("green", "● Accepted") if is_good else badge("red", "■ Not accepted")
        st.markdown(f"{face} **{md_escape(one.lot.name)}**")
        zone = view.store.settings.reporting_zone
        when = _when(view, one.lot)
        facts = [
            ("Items", f"{one.lot.size:,} in the lot, {one.lot.drawn:,} drawn"),
            (
                "Plan",
                f"{one.plan_words}: n {one.plan.n:,}, Ac {one.plan.ac:,}, Re {one.plan.re:,}",
            ),
            ("Found", one.found_words),
            ("Inspection", one.standing_words),
            ("Afterwards", one.after.rule),
            ("Draw", f"seed {one.lot.seed}, by {one.lot.drawn_by}"),
            ("Decided", f"{show_date(when.date())}, {when:%H:%M} {zone}, by {one.lot.decided_by}"),
        ]
        st.markdown(
            "\n".join(f"- :gray[{name}:] {md_escape(text)}" for name, text in facts if text)
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.popover("Take the decision back", key=f"take_back_{number}_{one.lot.version}"):
                st.markdown(
                    f"**{md_escape(one.lot.code)} {md_escape(one.lot.name)}** opens again, so that "
                    "a wrong result can be corrected. The trail keeps the decision and who took "
                    "it back."
                )
                st.button(
                    f"Take back {one.lot.code}", key="take_back", disabled=not signed,
                    on_click=_take_back, args=(view, one.lot, signed),
                )  # fmt: skip
            with st.popover("Trail", key=f"trail_{number}"):
                _trail(view, one.lot)


def _trail(view: View, lot: Lot) -> None:
    """What was done with a lot, newest first: who, when, what."""
    zone = view.store.settings.reporting_zone
    for entry in records(view.store.workspace).audit(limit=_MOST_TRAIL, about=lot.code):
        when = local(entry.at, zone)
        st.markdown(
            f"{md_escape(_done(entry))}  \n:small[:gray[{show_date(when.date())}, {when:%H:%M} "
            f"{md_escape(zone)}, by {md_escape(entry.by)}]]"
        )


def _done(entry: Audited) -> str:
    """One line of the trail in words: "Result of No. 3: fail, before pass"."""
    before, after = (json.loads(text) if text else {} for text in (entry.before, entry.after))
    if entry.what == "result":
        was = f", before {before['result']}" if before.get("result") else ""
        return f"Result of No. {after.get('place')}: {after.get('result') or 'none'}{was}"
    said = after.get("decision") or before.get("decision") or ""
    return f"{entry.what.capitalize()}{f': {said}' if said else ''}"


def _take_back(view: View, lot: Lot, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).lots.take_back(
            lot, by=who.required(signed), at=view.store.clock
        )
