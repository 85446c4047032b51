"""What one run of a page looks at: the pinned data, the window, the filters, the theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from analysis.compare import Comparison
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
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
        comparison: the window compared with.
        title: the page's name, from the menu.
        theme: of the reader's browser.
    """

    store: Store
    scope: Scope
    comparison: Comparison
    title: str
    theme: Theme

    @property
    def is_empty(self) -> bool:
        """Whether the workspace holds no rows at all."""
        return self.store.extent() is None

    @property
    def period(self) -> Period:
        """The window shown."""
        return self.scope.period

    @property
    def key(self) -> tuple[object, ...]:
        """What every number of this view depends on; for remembering what was worked out."""
        store = self.store
        return (store.workspace.root, store.snapshot, store.today, store.settings.hide_names)

    @property
    def versus_words(self) -> str:
        """The window compared with, as "vs week 45"; with its year when that is another."""
        return f"vs {self.versus_label}"

    @property
    def versus_label(self) -> str:
        """The window compared with, as "week 45" or "week 46, 2025"."""
        then, label = self.comparison.then, self.comparison.label
        if (
            then is None
            or then.since.year == self.period.since.year
            or str(then.since.year) in label
        ):
            return label
        return f"{label}, {then.since.year}"

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


@st.cache_resource(max_entries=8, show_spinner=False)
def _records(url: str) -> Records:
    return Records(url)


def records(workspace: Workspace) -> Records:
    """What people wrote in a workspace."""
    return _records(workspace.records_url)
