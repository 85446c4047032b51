"""The register of requirements: the answer, the matrix of criteria, and one of them opened."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.requirements import Answer, Timing, answers, banner
from analysis.verdicts import Verdict
from data_access.requirements import WITHDRAWN, Edition, Requirement
from ui import messages, requirement_detail, requirement_forms, who
from ui.badges import badge
from ui.memo import remember
from ui.text import count_of, dotted, md_escape
from ui.view import View, records

_OPEN = "requirement_open"
_MOST_COLUMNS = 3


def register(view: View) -> None:
    """The whole of the page."""
    door = records(view.store.workspace).requirements
    kept, editions = door.all(), door.editions()
    found = _answers(view, kept, editions)
    _banner(found)
    with st.container(width=420):
        signed = who.ask(key="requirements")
        if not signed:
            messages.quiet("Type your name to write, to agree and to sign off.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(
            "Requirements and their criteria", anchor=False, width="stretch",
            help="A criterion is a check on a measure: where, which days, which threshold, how "
            "many rows at least, by when. It passes, fails, or has not enough evidence: too few "
            "rows, days that are not over, or a value that is withheld. A requirement passes when "
            "all its criteria pass.",
        )  # fmt: skip
        if st.button(
            ":primary[Add]", type="tertiary", icon=":material/add:", key="add_requirement",
            disabled=not signed,
        ):  # fmt: skip
            requirement_forms.add(signed)
    if not found:
        st.markdown(
            ":gray[Write down what a team asked for, the steps that lead to it and the checks that "
            "tell whether it was met. Agree on them before the data exist.]"
        )
        return
    _matrix(found)
    by_number = {answer.requirement.number: answer for answer in found}
    if st.session_state.get(_OPEN) not in by_number:
        st.session_state[_OPEN] = _first(found)
    number = st.selectbox(
        "Open", list(by_number), key=_OPEN,
        format_func=lambda n: f"{by_number[n].requirement.code} {by_number[n].requirement.title}",
    )  # fmt: skip
    with messages.section("The requirement"):
        requirement_detail.opened(view, by_number[number], editions[number], signed)


def _answers(
    view: View, kept: tuple[Requirement, ...], editions: dict[int, tuple[Edition, ...]]
) -> tuple[Answer, ...]:
    versions = tuple((number, each) for number, each in sorted(editions.items()))
    return remember(
        (*view.key, view.store.settings.reporting_zone, "requirements", kept, versions),
        lambda: answers(view.store, kept, editions),
    )


def _first(found: Sequence[Answer]) -> int:
    """The one to look at first: one that fails, else the first."""
    failing = [a for a in found if a.is_counted and a.verdict is Verdict.FAIL]
    return (failing or list(found))[0].requirement.number


def _banner(found: Sequence[Answer]) -> None:
    verdict, sentence = banner(found)
    tell = {
        Verdict.PASS: st.success, Verdict.FAIL: st.error, Verdict.NOT_ENOUGH: st.warning,
        Verdict.DRAFT: st.info,
    }[verdict]  # fmt: skip
    late = sum(a.is_counted and a.due.startswith("overdue") for a in found)
    ready = sum(a.is_ready for a in found)
    after = dotted(
        f"{count_of(late, 'requirement')} overdue" if late else "",
        f"{count_of(ready, 'requirement')} to sign off" if ready else "",
    )
    tell(f"**{verdict.shape} {md_escape(sentence)}** {after}")


def _matrix(found: Sequence[Answer]) -> None:
    """One row a requirement, one column a criterion."""
    most = min(_MOST_COLUMNS, max((len(answer.checks) for answer in found), default=0))
    rows = []
    for answer in found:
        row = {"Requirement": _name(answer), "Verdict": _verdict(answer)}
        row |= {f"Criterion {i + 1}": _cell(answer, i, most) for i in range(most)}
        rows.append(row)
    st.table(
        pd.DataFrame(rows), hide_index=True, border="horizontal",
        alt="Requirements, one row each, with the verdict of each criterion",
    )  # fmt: skip


def _name(answer: Answer) -> str:
    one = answer.requirement
    facts = ", ".join(md_escape(part) for part in (one.asked_by, one.priority) if part)
    return f"**{one.code}** {md_escape(one.title)} :small[:gray[{facts}]]"


def _verdict(answer: Answer) -> str:
    if answer.requirement.state == WITHDRAWN:
        return badge("grey", "○ Withdrawn")
    face = verdict_badge(answer.verdict)
    state = answer.requirement.state
    also = state if state in ("accepted", "rejected") else answer.due
    return f"{face} :small[:gray[{also}]]" if also else face


def verdict_badge(verdict: Verdict) -> str:
    """A verdict as a badge in Markdown: ● Pass on a green tint."""
    return badge(verdict.tone, verdict.face)


def _cell(answer: Answer, place: int, most: int) -> str:
    if place >= len(answer.checks):
        return ""
    check = answer.checks[place]
    text = f"{check.label} {check.value_text}" if check.value else check.label
    if check.timing is Timing.AFTER:
        text += f", {check.timing.value.lower()}"
    left = len(answer.checks) - most
    more = f", {left} more below" if left > 0 and place == most - 1 else ""
    return f"{verdict_badge(check.verdict)} :small[:gray[{md_escape(text + more)}]]"
