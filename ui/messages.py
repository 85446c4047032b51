"""Errors and empty states in words, with the page kept alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st

from metrics.errors import AppError
from ui.text import md_escape

_PROBLEMS = "_problems"


def error(problem: AppError) -> None:
    """Show the four parts of an error: what, where, the choices, the next step."""
    lines = [f"**{md_escape(problem.what)}**"]
    if problem.where:
        lines.append(f"Where: {md_escape(problem.where)}.")
    if problem.choices:
        shown = ", ".join(md_escape(choice) for choice in problem.choices[:12])
        more = len(problem.choices) - 12
        lines.append(f"Valid choices: {shown}{f' and {more} more' if more > 0 else ''}.")
    if problem.next_step:
        lines.append(md_escape(problem.next_step))
    st.error("  \n".join(lines))


@contextmanager
def section(name: str) -> Iterator[None]:
    """A part of a page that may fail without taking the rest with it."""
    try:
        yield
    except AppError as problem:
        st.markdown(f"**{name} could not be computed.**")
        error(problem)


def _problems() -> dict[str, AppError]:
    """What went wrong outside of a run, by what it is about; of this session."""
    kept: dict[str, AppError] = st.session_state.setdefault(_PROBLEMS, {})
    return kept


@contextmanager
def told_later(about: str) -> Iterator[None]:
    """What a callback does: an error is told by the run that follows, where it calls `told`."""
    try:
        yield
    except AppError as problem:
        _problems()[about] = problem


def keeping(about: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A download's `make`, whose error is told by the next run; the browser says only "failed"."""
    kept = _problems()

    def making() -> bytes:
        kept.pop(about, None)
        try:
            return make()
        except AppError as problem:
            kept[about] = problem
            raise

    return making


def told(about: str) -> None:
    """Show what went wrong since the last run, once."""
    problem = _problems().pop(about, None)
    if problem is not None:
        error(problem)


def quiet(text: str, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """A small grey line. (st.caption is too pale to read: 4.1 : 1.)"""
    st.markdown(f":small[:gray[{text}]]", width=width)


def no_data() -> None:
    """The friendly empty state of a workspace without data."""
    with st.container(border=True, gap="small", key="empty"):
        st.markdown(
            "**There are no data yet.**  \n:gray[Upload the week's extracts: a work log, exports "
            "of your annotation tool, review sheets, a Jira export, deliveries. You see what would "
            "be accepted and refused before anything is stored, and every upload can be undone.]"
        )
        with st.container(horizontal=True):
            st.page_link(
                "pages/data/upload.py", label="Upload an extract", icon=":material/upload:"
            )
            st.page_link(
                "pages/data/definitions.py",
                label="See what a file must hold",
                icon=":material/menu_book:",
            )
