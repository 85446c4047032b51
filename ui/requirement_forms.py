"""Dialogs to write a requirement: its details, text, steps and criteria, checked while typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from data_access.criteria import Criterion, Step
from data_access.requirements import PRIORITIES, Edition, Requirement
from metrics.errors import AppError
from ui import criterion_form, who
from ui.messages import error
from ui.view import current, records

T = TypeVar("T")


def add(signed: str) -> None:
    """A dialog for a new requirement."""
    st.dialog("Add a requirement", width="large")(_new)(signed)


def details(one: Requirement, signed: str) -> None:
    """A dialog to change who asks, where it belongs and who answers for it."""
    st.dialog(f"{one.code}: details")(_details)(one, signed)


def text(one: Requirement, edition: Edition, signed: str) -> None:
    """A dialog for what is asked, in plain words."""
    st.dialog(f"{one.code}: what is asked")(_text)(one, edition, signed)


def step(one: Requirement, edition: Edition, place: int | None, signed: str) -> None:
    """A dialog for one step; a new one without a place."""
    title = f"{one.code}: new step" if place is None else f"{one.code}: step {place + 1}"
    st.dialog(title)(_step)(one, edition, place, signed)


def criterion(one: Requirement, edition: Edition, place: int | None, signed: str) -> None:
    """A dialog for one criterion; a new one without a place."""
    title = f"{one.code}: new criterion" if place is None else f"{one.code}: criterion {place + 1}"
    st.dialog(title, width="large")(_criterion)(one, edition, place, signed)


def _fields(one: Requirement) -> Requirement:
    title = st.text_input("Title", value=one.title, max_chars=200, key="req_title")
    left, right = st.columns(2)
    asked_by = left.text_input("Asked by", value=one.asked_by, max_chars=200, key="req_asked_by")
    owner = right.text_input("Owner", value=one.owner, max_chars=200, key="req_owner")
    project = left.text_input("Project", value=one.project, max_chars=200, key="req_project")
    priority = right.selectbox(
        "Priority", PRIORITIES, index=PRIORITIES.index(one.priority), key="req_priority"
    )
    return replace(
        one, title=title or "", asked_by=asked_by or "", owner=owner or "", project=project or "",
        priority=priority,
    )  # fmt: skip


def _new(signed: str) -> None:
    typed = _fields(Requirement(title=""))
    words = st.text_area(
        "What is asked, in plain words", max_chars=4_000, key="req_text",
        help="As the person who asked would say it. Steps and criteria come next.",
    )  # fmt: skip
    if st.button("Save as a draft", type="primary", key="req_save"):
        door, at = records(current().store.workspace).requirements, current().store.clock

        def keep() -> None:
            kept = door.add(typed, words or "", by=who.required(signed), at=at)
            st.session_state["requirement_open"] = kept.number

        _done(keep)


def _details(one: Requirement, signed: str) -> None:
    typed = _fields(one)
    if st.button("Save", type="primary", key="req_save"):
        door, at = records(current().store.workspace).requirements, current().store.clock
        _done(lambda: door.change(typed, by=who.required(signed), at=at))


def _text(one: Requirement, edition: Edition, signed: str) -> None:
    typed = st.text_area(
        "What is asked, in plain words", value=edition.text, max_chars=4_000, key="req_text"
    )
    if st.button("Save", type="primary", key="req_save"):
        _write(one, replace(edition, text=typed or ""), signed)


def _step(one: Requirement, edition: Edition, place: int | None, signed: str) -> None:
    old = Step(text="") if place is None else edition.steps[place]
    what = st.text_input("What is done", value=old.text, max_chars=1_000, key="req_step")
    by = st.text_input("Responsible", value=old.responsible, max_chars=200, key="req_by")
    shown = st.text_input(
        "Evidence expected", value=old.evidence, max_chars=1_000, key="req_evidence",
        help="What will show that the step was done: a file, a list, a signature.",
    )  # fmt: skip
    new = Step(text=what or "", responsible=by or "", evidence=shown or "")
    is_saved, is_removed = _buttons(is_new=place is None, disabled=False)
    if is_saved or is_removed:
        steps = _with(edition.steps, place, None if is_removed else new)
        _write(one, replace(edition, steps=steps), signed)


def _criterion(one: Requirement, edition: Edition, place: int | None, signed: str) -> None:
    old = None if place is None else edition.criteria[place]
    new: Criterion | None = criterion_form.fields(current(), old)
    is_saved, is_removed = _buttons(is_new=place is None, disabled=new is None)
    if is_removed or (is_saved and new is not None):
        criteria = _with(edition.criteria, place, None if is_removed else new)
        _write(one, replace(edition, criteria=criteria), signed)


def _buttons(*, is_new: bool, disabled: bool) -> tuple[bool, bool]:
    save, remove = st.columns(2)
    is_saved = save.button(
        "Save", type="primary", width="stretch", key="req_save", disabled=disabled
    )
    is_removed = not is_new and remove.button("Remove", width="stretch", key="req_remove")
    return is_saved, is_removed


def _with(things: tuple[T, ...], place: int | None, new: T | None) -> tuple[T, ...]:
    """The things with one added, replaced or, without a new one, taken out."""
    added = () if new is None else (new,)
    if place is None:
        return (*things, *added)
    return (*things[:place], *added, *things[place + 1 :])


def _write(one: Requirement, edition: Edition, signed: str) -> None:
    door, at = records(current().store.workspace).requirements, current().store.clock
    _done(
        lambda: door.write(
            one, text=edition.text, steps=edition.steps, criteria=edition.criteria,
            by=who.required(signed), at=at,
        )
    )  # fmt: skip


def _done(keep: Callable[[], object]) -> None:
    """Keep what was typed and close the dialog; an error stays in it, with what was typed."""
    try:
        keep()
    except AppError as problem:
        error(problem)
        return
    st.rerun()
