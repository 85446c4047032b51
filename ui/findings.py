"""The banner and the findings: what is off, in sentences, with the way to rows, SQL and chart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.model import Finding, Overview, Signal, Status
from metrics.model import Metric
from ui import explain
from ui.badges import mark, signal_word, status_badge
from ui.judging import in_brief, slices
from ui.text import md_escape
from ui.view import View

_BANNERS = {"green": st.success, "amber": st.warning, "red": st.error, "grey": st.info}
_MOST_SLICES = 6
_ACTIONS: tuple[tuple[str, explain.Tab], ...] = (
    ("Rows", "Rows"),
    ("SQL", "SQL"),
    ("Chart", "Chart"),
)


def banner(status: Status, lead: str, rest: str = "") -> None:
    """The answer of the page in one sentence, its first words in bold."""
    text = f"**{status.shape} {md_escape(lead)}**{md_escape(rest)}"
    _BANNERS[status.tone](text)


def answer(view: View, metrics: Sequence[Metric]) -> Overview:
    """The banner of the period, and its overview for what follows."""
    brief = in_brief(view, metrics)
    banner(brief.status, f"{brief.status.label}.", f" {brief.sentence}")
    return brief


def listed(findings: Sequence[Finding], *, key: str, empty: str) -> None:
    """Findings in a card, loudest first; each opens its rows, its SQL and its chart."""
    with st.container(border=True, gap="small", key=key):
        if not findings:
            st.markdown(f":gray[{empty}]")
        for number, finding in enumerate(findings):
            _row(finding, key=f"{key}_{number}")


def out_of_line(view: View, *, key: str, family: str = "") -> None:
    """The slices that differ from their own past or from their peers, loudest first."""
    listed(
        slices(view, family=family)[:_MOST_SLICES],
        key=key,
        empty="No stage, dataset, team or person is out of line.",
    )


def _row(finding: Finding, *, key: str) -> None:
    badge, words, ways = st.columns([1.45, 9, 1.9], vertical_alignment="center")
    badge.markdown(_badge(finding))
    words.markdown(
        f"**{md_escape(finding.lead)}**{md_escape(finding.rest)}  \n:small[{_evidence(finding)}]"
    )
    with ways.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for label, tab in _ACTIONS:
            explain.button(finding.metric, finding.scope, key=f"{key}_{tab}", label=label, tab=tab)


def _badge(finding: Finding) -> str:
    if finding.status is Status.NO_TARGET and finding.signal.is_change:
        color = "orange" if finding.signal is Signal.WORSENING else "blue"  # the word says which
        return f":{color}-badge[{finding.signal.label}]"
    return status_badge(finding.status)


def _evidence(finding: Finding) -> str:
    parts = [f":gray[{md_escape(finding.evidence)}]"] if finding.evidence else []
    if finding.signal is not Signal.UNJUDGED:
        parts.insert(0, signal_word(finding.signal, capital=True))
    if finding.next_step:
        parts.append(f":gray[{md_escape(finding.next_step)}]")
    return " :gray[\N{MIDDLE DOT}] ".join(parts)


def notes(brief: Overview) -> None:
    """Moves since the period before and the count of the routine rest, in one grey line."""
    text = " ".join(part for part in (brief.moves, brief.routine) if part)
    if text:
        st.markdown(f":small[:gray[{md_escape(text)}]]")


def warnings(brief: Overview) -> None:
    """What the reader must know before trusting the numbers, worst first."""
    for caution in brief.warnings:
        st.markdown(
            f"{mark(caution.tone, caution.shape)} **{md_escape(caution.text)}**  \n"
            f":small[:gray[{md_escape(caution.detail)}]]"
        )
