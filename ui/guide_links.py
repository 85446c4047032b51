"""Links from pages, measures and charts to the guides that belong to them: one place."""

from __future__ import annotations

import streamlit as st

from data_access.guides import Guide, for_thing, shipped
from ui.text import md_escape
from ui.view import View, current, records

PARAMETER = "guide"
PAGE = "pages/data/guides.py"
_TITLES = "_page_titles"


def keep_titles(titles: list[str]) -> None:
    """Remember what the pages of the menu are called."""
    st.session_state[_TITLES] = titles


def page_titles() -> list[str]:
    """The pages of the menu."""
    return list(st.session_state.get(_TITLES, []))


def of_page(view: View) -> None:
    """The guides of this page as small links; nothing where there is none."""
    _links(_found(view, "pages", view.title)[:2], lead="Guide: ")


def of_measure(view: View, name: str) -> None:
    """The guides of a measure, with what backs it."""
    _links(_found(view, "metrics", name)[:3], lead="Guide: ")


def of_chart(kind: str, *, how: str = "") -> None:
    """How to read a chart of this kind, by the team's own guide where it has one.

    Args:
        kind: see `charts.model.Chart`.
        how: what holds for this chart alone, told where the link is pointed at.
    """
    _of_charts(kind, "How to read this chart", how)


def of_small_charts() -> None:
    """How to read the sparklines of a wall, once for all of them."""
    _of_charts("sparkline", "How to read the small charts", "")


def _of_charts(kind: str, label: str, how: str) -> None:
    found = _found(current(), "charts", kind)
    if found:
        _link(found[0], label, help=how or None)


def safe(text: str) -> str:
    """A guide's Markdown for the page: pictures are not loaded, they show as text."""
    return text.replace("![", r"!\[")


def _found(view: View, kind: str, name: str) -> tuple[Guide, ...]:
    own = records(view.store.workspace).guides.current()
    return for_thing((*own, *shipped()), kind, name)


def _links(found: tuple[Guide, ...], *, lead: str) -> None:
    if found:
        with st.container(horizontal=True, gap="small"):
            for guide in found:
                _link(guide, f"{lead}{md_escape(guide.title)}")


def _link(guide: Guide, label: str, *, help: str | None = None) -> None:  # noqa: A002
    st.page_link(
        PAGE, label=f":small[:primary[{label}]]", query_params={PARAMETER: guide.key},
        width="content", help=help,
    )  # fmt: skip
