"""One requirement opened: steps, criteria with their evidence, failing rows, versions, sign-off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from analysis.criterion_words import asked, scope_words
from analysis.requirements import Answer, Checked, Timing, outcome_words
from data_access.criteria import Criterion, Step
from data_access.requirements import AGREED, WITHDRAWN, Edition
from metrics.catalog import METRICS
from metrics.local_time import local
from metrics.periods import show_date
from ui import explain, messages, requirement_forms, rows, who
from ui.badges import badge
from ui.text import dotted, md_escape, sentence_start
from ui.view import View, current, records

_ABOUT = "requirement"
_MOST_TRAIL = 50


def opened(view: View, answer: Answer, editions: Sequence[Edition], signed: str) -> None:
    """Everything about one requirement, and what can be done with it."""
    messages.told(_ABOUT)
    with st.container(border=True, gap="small", key="requirement"):
        _head(view, answer)
        edition = answer.edition
        if edition.is_agreed:
            _steps(edition.steps)
            st.subheader("Acceptance criteria", anchor=False)
            for place, check in enumerate(answer.checks):
                _check(check, key=f"{answer.requirement.number}_{place}")
        else:
            _draft(view, answer, edition, signed)
        _actions(view, answer, signed)
    if answer.draft is not None:
        with st.container(border=True, gap="small", key="requirement_draft"):
            st.subheader(f"Version {answer.draft.number}, a draft", anchor=False)
            st.markdown(f":gray[Why: {md_escape(answer.draft.reason)}]")
            _draft(view, answer, answer.draft, signed)
    _versions(view, answer, editions)


def _head(view: View, answer: Answer) -> None:
    one, edition = answer.requirement, answer.edition
    face = badge(answer.verdict.tone, answer.verdict.face)
    if one.state == WITHDRAWN:
        face = badge("grey", "○ Withdrawn")
    signed = f"{one.state} by {one.signed_by} on {_day(view, one.signed_at)}"
    facts = dotted(
        f"asked by {one.asked_by}" if one.asked_by else "",
        one.project,
        one.priority,
        f"owner {one.owner}" if one.owner else "no owner yet",
        _agreed(view, edition),
        signed if one.signed_at else "",
    )
    st.markdown(
        f"{face} **{one.code} {md_escape(one.title)}**  \n{md_escape(edition.text)}  \n"
        f":small[:gray[{md_escape(facts)}]]"
    )
    if one.sign_note:
        st.markdown(f":small[:gray[“{md_escape(one.sign_note)}”]]")
    if edition.is_agreed:
        st.markdown(f"**{md_escape(answer.words)}.**")


def _agreed(view: View, edition: Edition) -> str:
    if not edition.is_agreed:
        return f"version {edition.number}, a draft"
    return f"version {edition.number} agreed by {edition.agreed_by} on " + _day(
        view, edition.agreed_at
    )


def _day(view: View, moment: datetime | None) -> str:
    zone = view.store.settings.reporting_zone
    return show_date(local(moment, zone).date()) if moment else ""


def _steps(steps: Sequence[Step]) -> None:
    if not steps:
        return
    st.subheader("Steps", anchor=False)
    st.table(
        [
            {
                "Step": f"{place}\\. {md_escape(step.text)}",
                "Responsible": md_escape(step.responsible),
                "Evidence": md_escape(step.evidence),
            }
            for place, step in enumerate(steps, start=1)
        ],
        hide_index=True, border="horizontal", alt="Steps of the work, in order",
    )  # fmt: skip


def _check(check: Checked, *, key: str) -> None:
    """A criterion with its verdict, the evidence, and the way to its rows."""
    mark, words, buttons = st.columns([2, 8, 2.6], vertical_alignment="center")
    mark.markdown(badge(check.verdict.tone, check.verdict.face))
    evidence = dotted(
        check.where,
        f"n = {check.n:,} {check.metric.n_of}" if check.metric and check.value else "",
        check.interval,
        f"margin {check.gap_text}" if check.gap_text else "",
        check.due,
    )
    late = badge("amber", f"▲ {check.timing.value}") if check.timing is not Timing.BEFORE else ""
    words.markdown(
        f"**{md_escape(check.label)} {md_escape(check.asked)}.** {md_escape(check.sentence)} {late}"
        f"  \n:small[:gray[{md_escape(evidence)}]]"
    )
    if check.metric is None or check.scope is None or check.value is None:
        return
    with buttons, st.container(horizontal=True, horizontal_alignment="right"):
        explain.button(check.metric, check.scope, key=f"explain_{key}")
        label = "Failing rows" if check.is_failing_told else "Rows"
        if st.button(f":primary[:small[{label}]]", type="tertiary", key=f"rows_{key}"):
            st.dialog(f"{label}: {check.label}", width="large")(_rows)(check)


def _rows(check: Checked) -> None:
    view = current()
    if check.failing is None or check.scope is None:
        return
    told = "The rows that keep the share from its threshold."
    if not check.is_failing_told:
        told = "The rows behind the value; its definition does not tell which of them miss."
    messages.quiet(told)
    with messages.section("The rows"):
        rows.panel(view, check.failing, check.scope, key="failing")


def _draft(view: View, answer: Answer, edition: Edition, signed: str) -> None:
    """What is drafted, each part with its way to change it; no result before it is agreed."""
    number = answer.requirement.number
    messages.quiet(
        "A draft shows no result: a criterion is agreed before anybody sees what it comes to."
    )
    for place, step in enumerate(edition.steps):
        told = dotted(step.responsible, step.evidence)
        words = f"{place + 1}\\. {md_escape(step.text)} :small[:gray[{md_escape(told)}]]"
        if _line(words, key=f"step_{number}_{place}", disabled=not signed):
            requirement_forms.step(answer.requirement, edition, place, signed)
    for place, criterion in enumerate(edition.criteria):
        if _line(_drafted(criterion), key=f"criterion_{number}_{place}", disabled=not signed):
            requirement_forms.criterion(answer.requirement, edition, place, signed)
    with st.container(horizontal=True):
        _opener("Edit the text", "text", lambda: requirement_forms.text(
            answer.requirement, edition, signed), signed)  # fmt: skip
        _opener("Add a step", "add_step", lambda: requirement_forms.step(
            answer.requirement, edition, None, signed), signed)  # fmt: skip
        _opener("Add a criterion", "add_criterion", lambda: requirement_forms.criterion(
            answer.requirement, edition, None, signed), signed)  # fmt: skip
        st.button(
            f"Agree on version {edition.number}", type="primary", key="agree",
            disabled=not signed or not edition.criteria, on_click=_agree,
            args=(view, answer, signed),
            help=None if edition.criteria else "Add a criterion first.",
        )  # fmt: skip
        if edition.number > 1:
            st.button(
                "Take the draft back", key="drop_draft", disabled=not signed,
                on_click=_drop, args=(view, answer, signed),
            )  # fmt: skip


def _opener(label: str, key: str, open_form: Callable[[], None], signed: str) -> None:
    if st.button(label, key=key, disabled=not signed):
        open_form()


def _line(words: str, *, key: str, disabled: bool) -> bool:
    left, right = st.columns([10, 1.4], vertical_alignment="center")
    left.markdown(words)
    with right:
        return st.button(":primary[Edit]", type="tertiary", key=f"edit_{key}", disabled=disabled)


def _drafted(criterion: Criterion) -> str:
    metric = METRICS.get(criterion.metric)
    label = metric.label if metric else criterion.metric
    evidence = dotted(scope_words(criterion, None), f"by {show_date(criterion.due_on)}")
    return (
        f"**{md_escape(label)} {md_escape(asked(criterion, metric))}**  \n"
        f":small[:gray[{md_escape(evidence)}]]"
    )


def _actions(view: View, answer: Answer, signed: str) -> None:
    one = answer.requirement
    with st.container(horizontal=True, vertical_alignment="center"):
        if one.state == AGREED and answer.draft is None:
            with st.popover("Sign off", disabled=not signed, key=f"sign_off_{one.version}"):
                st.markdown(f"**{md_escape(answer.words)}.** Who signs answers for the decision.")
                note = st.text_area("Note", key=f"sign_note_{one.version}", max_chars=2_000)
                for decision, label in (("accepted", "Accept"), ("rejected", "Reject")):
                    st.button(
                        f"{label} {one.code}", key=f"sign_{decision}",
                        on_click=_sign, args=(view, answer, decision, note or "", signed),
                    )  # fmt: skip
        if answer.edition.is_agreed and answer.draft is None:
            with st.popover("New version", disabled=not signed, key=f"revise_{one.version}"):
                st.markdown(
                    "What was agreed stays with its result; the new version starts as its copy."
                )
                why = st.text_area("Reason", key=f"revise_why_{one.version}", max_chars=2_000)
                st.button(
                    f"Begin version {answer.edition.number + 1}", key="revise",
                    disabled=not (why or "").strip(),
                    on_click=_revise, args=(view, answer, why or "", signed),
                )  # fmt: skip
        _opener("Edit details", "details", lambda: requirement_forms.details(one, signed), signed)
        if one.state != WITHDRAWN:
            with st.popover("Withdraw", disabled=not signed, key=f"withdraw_{one.version}"):
                why = st.text_input("Reason", key=f"withdraw_why_{one.version}", max_chars=500)
                st.button(
                    f"Withdraw {one.code}", key="withdraw", disabled=not (why or "").strip(),
                    on_click=_withdraw, args=(view, answer, why or "", signed),
                )  # fmt: skip


def _versions(view: View, answer: Answer, editions: Sequence[Edition]) -> None:
    """Every version, newest first, with what came out of those that were replaced or signed."""
    with st.expander(f"Versions ({len(editions)}) and trail", key="versions"):
        for edition in reversed(editions):
            lines = [f"**{sentence_start(md_escape(_agreed(view, edition)))}**"]
            lines += [f":gray[Why: {md_escape(edition.reason)}]"] if edition.reason else []
            for criterion in edition.criteria:
                metric = METRICS.get(criterion.metric)
                label = metric.label if metric else criterion.metric
                told = f"{label} {asked(criterion, metric)} · {scope_words(criterion, None)}"
                lines.append(md_escape(told))
            lines += [
                f":small[:gray[Result: {md_escape(line)}]]" for line in edition.outcome.splitlines()
            ]
            st.markdown("  \n".join(lines))
        st.markdown("**Trail**")
        zone = view.store.settings.reporting_zone
        about = answer.requirement.code
        for entry in records(view.store.workspace).audit(limit=_MOST_TRAIL, about=about):
            when = local(entry.at, zone)
            st.markdown(
                f":small[{md_escape(sentence_start(entry.what))} {md_escape(entry.thing)} :gray["
                f"{show_date(when.date())}, {when:%H:%M} {md_escape(zone)}, by "
                f"{md_escape(entry.by)}]]"
            )


def _agree(view: View, answer: Answer, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).requirements.agree(
            answer.requirement, by=who.required(signed), at=view.store.clock
        )


def _drop(view: View, answer: Answer, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).requirements.drop_draft(
            answer.requirement, by=who.required(signed), at=view.store.clock
        )


def _sign(view: View, answer: Answer, decision: str, note: str, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).requirements.sign_off(
            answer.requirement, decision, note=note,
            outcome=outcome_words(answer, view.store.today), by=who.required(signed),
            at=view.store.clock,
        )  # fmt: skip


def _revise(view: View, answer: Answer, why: str, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).requirements.revise(
            answer.requirement, why, outcome=outcome_words(answer, view.store.today),
            by=who.required(signed), at=view.store.clock,
        )  # fmt: skip


def _withdraw(view: View, answer: Answer, why: str, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).requirements.withdraw(
            answer.requirement, why, by=who.required(signed), at=view.store.clock
        )
