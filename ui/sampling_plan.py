"""The plan of a lot: its scheme, its parameters, what it asks for and what it risks."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.sampling import iso2859, risks, sequential
from analysis.sampling.deciding import chance, plan_words
from analysis.sampling.history import Series
from analysis.sampling.model import Plan, Scheme, Severity
from analysis.sampling.switching import Standing
from analysis.sampling.tables import AQLS, LEVELS
from charts import Chart, characteristic
from metrics.errors import AppError
from metrics.units import PERCENT
from ui import messages
from ui.badges import badge
from ui.drawing import draw
from ui.memo import remember
from ui.text import dotted, md_escape
from ui.view import View

_HELP = {
    Scheme.ISO: "For lots that follow one another. You state the AQL: the defective rate that is "
    "just good enough as a mean over many lots. The tables give the sample.",
    Scheme.RISKS: "For a lot that stands alone. You state a good and a bad defective rate and how "
    "often the plan may be wrong about each.",
    Scheme.ZERO: "The smallest sample: one defective item and the lot is not accepted. Many good "
    "lots are refused, too; the curve says how many.",
    Scheme.SEQUENTIAL: "After every item: accept, do not accept, or check one more. Fewer items on "
    "average than a single sample of the same risks.",
}
_PERCENT_AQLS = tuple(aql for aql in AQLS if aql <= 10)


def choose(
    view: View, size: int, project: str, standings: Mapping[Series, Standing]
) -> Plan | None:
    """Draw the form and the plan that follows; None when there is none, which is said."""
    st.subheader("2 Plan", anchor=False)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        scheme = (
            st.radio("Kind of plan", list(Scheme), format_func=lambda s: s.label, key="lot_scheme")
            or Scheme.ISO
        )
        st.markdown(f":small[:gray[{_HELP[scheme]}]]")
        try:
            plan = _plan(scheme, size, project, standings)
        except AppError as problem:
            messages.error(problem)
            return None
        _face(plan)
    with right:
        _curve(view, plan)
    return plan


def _plan(scheme: Scheme, size: int, project: str, standings: Mapping[Series, Standing]) -> Plan:
    if scheme is Scheme.ISO:
        return _iso(size, project, standings)
    if scheme is Scheme.ZERO:
        one, two = st.columns(2)
        bad = _percent(one, "Bad defective rate", 5.0, "lot_p2", "A lot this bad is to be refused.")
        beta = _percent(two, "Accepted at most", 10.0, "lot_beta", "Consumer's risk.")
        return risks.zero(size, bad, beta)
    one, two = st.columns(2)
    p1 = _percent(one, "Good defective rate", 2.0, "lot_p1", "A lot this good is to be accepted.")
    alpha = _percent(two, "Not accepted at most", 5.0, "lot_alpha", "Producer's risk.")
    p2 = _percent(one, "Bad defective rate", 8.0, "lot_p2", "A lot this bad is to be refused.")
    beta = _percent(two, "Accepted at most", 10.0, "lot_beta", "Consumer's risk.")
    make = risks.by_risks if scheme is Scheme.RISKS else sequential.sequential
    return make(size, p1, alpha, p2, beta)


def _percent(
    where: st.delta_generator.DeltaGenerator, label: str, value: float, key: str, told: str
) -> float:
    found = where.number_input(
        f"{label} (%)", min_value=0.0, max_value=100.0, value=value, step=0.5, key=key, help=told
    )
    return round(float(found) / 100, 6)


def _iso(size: int, project: str, standings: Mapping[Series, Standing]) -> Plan:
    one, two = st.columns(2)
    level = one.selectbox(
        "Inspection level", LEVELS, index=LEVELS.index("II"), key="lot_level",
        help="How large the sample is for the lot: II is usual, I smaller, III larger, S-1 to S-4 "
        "very small.",
    )  # fmt: skip
    aql = two.selectbox(
        "AQL (% defective)", _PERCENT_AQLS, index=_PERCENT_AQLS.index(2.5),
        format_func=iso2859.aql_text, key="lot_aql",
        help="Acceptance quality limit: the worst mean defective rate that is still good enough.",
    )  # fmt: skip
    series = Series(project, aql, level)
    standing = standings.get(series, Standing())
    _elsewhere(series, standings)
    return iso2859.plan(size, level, aql, _severity(series, standing))


def _elsewhere(series: Series, standings: Mapping[Series, Standing]) -> None:
    """Where the project is inspected tightened under another AQL or level, so that it is seen."""
    strict = [
        other.words
        for other, standing in sorted(standings.items())
        if other.project == series.project
        and other != series
        and standing.severity is Severity.TIGHTENED
    ]
    if strict:
        st.markdown(
            badge("amber", "▲ Tightened elsewhere")
            + f" This project is on tightened inspection at {'; '.join(strict)}."
        )


def _severity(series: Series, standing: Standing) -> Severity:
    """How strictly to inspect: preset to what the lots before ask for."""
    choices = list(Severity)
    chosen = st.radio(
        "Inspection", choices, index=choices.index(standing.severity), horizontal=True,
        format_func=lambda s: Severity(s).label,
        key=f"lot_severity_{series.project}_{series.words}_{standing.severity}",
        help="Asked for by the lots before of this project at this AQL and level. Lots inspected "
        "otherwise do not count for the next.",
    )  # fmt: skip
    severity = Severity(chosen)
    st.markdown(f":small[:gray[{series.words}: {md_escape(standing.rule)}]]")
    if standing.is_stopped:
        st.markdown(badge("red", "■ Stopped") + " Mend the process before the next lot.")
    elif not standing.asks_for(severity):
        st.markdown(
            badge("amber", "▲ Not what is due")
            + f" The lots before ask for {standing.severity} inspection. The switching rules do "
            "not count a lot inspected otherwise; the certificate says so."
        )
    return severity


def _face(plan: Plan) -> None:
    st.markdown(f"**{plan_words(plan)}**  \n:small[:gray[{md_escape(plan.source)}]]")
    with st.grid(3, min_column_width=80, gap="small"):
        st.metric("n", f"{plan.n:,}", border=True, help="Items to check.")
        st.metric(
            "Ac",
            f"{plan.ac:,}",
            border=True,
            help="Accepted with so many defective or fewer.",
        )
        st.metric("Re", f"{plan.re:,}", border=True, help="Not accepted with so many or more.")
    if plan.scheme is Scheme.SEQUENTIAL:
        lines = sequential.lines_of(plan)
        counts = range(1, plan.n + 1)
        clean = next(n for n in counts if lines.ac(n) >= 0)
        bad = next((n for n in counts if lines.re(n) <= n), plan.n)
        st.markdown(
            f":small[:gray[Earliest acceptance: the first {clean:,} items without a defect. "
            f"Earliest refusal: the first {bad:,} all defective. After {plan.n:,} items it is "
            "decided in any case.]]"
        )
    if plan.is_found_once:
        st.markdown(
            badge("amber", "▲ One source only")
            + " This cell of the table was found in one public source only. Check it against your "
            "copy of ISO 2859-1 before you rely on it."
        )
    if plan.is_whole_lot and plan.scheme is not Scheme.SEQUENTIAL:
        st.markdown(
            badge("grey", "○ Whole lot")
            + " The plan asks for as many items as the lot has: every item is checked."
        )


def _curve(view: View, plan: Plan) -> None:
    def drawn() -> tuple[tuple[risks.Risk, risks.Risk], Chart]:
        accepts = chance(plan)
        both = risks.risks(plan, accepts)
        return both, characteristic(risks.curve(accepts, most=80), both, theme=view.theme)

    (good, bad), chart = remember(("characteristic", plan, view.theme), drawn)
    with st.container(border=True, height="stretch", key="lot_curve"):
        is_series = plan.scheme in (Scheme.ISO, Scheme.SEQUENTIAL)
        kind = "for a series of lots" if is_series else "for this lot"
        small = dotted(
            "How often lots are accepted, by their true defective rate",
            kind if not plan.is_whole_lot else "every item is checked",
        )
        st.markdown(
            f"**A lot with {risks.share(good.rate)} defective is accepted "
            f"{PERCENT.show(good.accepted)} of the time; with {risks.share(bad.rate)} it is "
            f"{PERCENT.show(bad.accepted)}.**  \n:small[:gray[{small}]]"
        )
        draw(chart, key="lot_curve_chart", empty="There is no curve to draw.")
        if plan.scheme in (Scheme.ISO, Scheme.RISKS, Scheme.ZERO) and not plan.is_whole_lot:
            worst = PERCENT.show(risks.outgoing_limit(plan))
            messages.quiet(
                f"When refused lots are checked whole and mended, at most {worst} defective leaves "
                "on average (AOQL)."
            )
