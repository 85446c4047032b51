"""What one run of a page looks at: the pinned data, the window, the filters, the theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from data_access.store import Store
from metrics.periods import Period
from metrics.scope import Scope

Theme = Literal["light", "dark"]
_KEY = "_view"


@dataclass(frozen=True)
class View:
    """One run's question.

    Attributes:
        store: the pinned snapshot; every number of the run comes from it.
        scope: the period and the filters of the bar.
        versus: the window compared with.
        versus_words: that window as "vs week 45", or "vs target".
        is_versus_target: the change shown is the distance to the target.
        title: the page's name, from the menu.
        theme: of the reader's browser.
    """

    store: Store
    scope: Scope
    versus: Period
    versus_words: str
    is_versus_target: bool
    title: str
    theme: Theme

    @property
    def is_empty(self) -> bool:
        """Whether the workspace holds no rows at all."""
        return self.store.extent() is None

    def keep(self) -> None:
        """Make it the current view of this session, for pages, dialogs and fragments."""
        st.session_state[_KEY] = self


def current() -> View:
    """The view of the run under way; inside a dialog or fragment, of the last full run."""
    view: View = st.session_state[_KEY]
    return view


def browser_theme() -> Theme:
    """The reader's theme; light until the browser has told."""
    return "dark" if st.context.theme.type == "dark" else "light"
