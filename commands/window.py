"""Which store, days and slices a command asks about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from metrics.model import Metric
from metrics.periods import Period, last_complete_week
from metrics.scope import Scope, parse_filters, scope

if TYPE_CHECKING:
    from data_access.store import Store
    from data_access.workspace import Workspace

Since = Annotated[str, typer.Option(help="First day, like 2026-11-09.")]
Until = Annotated[str, typer.Option(help="Last day, included, like 2026-11-15.")]
Where = Annotated[
    list[str] | None, typer.Option(help="Filter, like team=Radiology. Repeat for more.")
]


def active_workspace() -> Workspace:
    """The workspace in use."""
    from data_access.workspace import active

    return active()


def open_store() -> Store:
    """A store on its current snapshot."""
    from data_access.store import Store

    return Store.open(active_workspace())


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text} is not a day; write it like 2026-11-09.", param_hint=option
        ) from None


def period_asked(store: Store, about: Metric | None, since: str, until: str) -> Period:
    """The window asked for; open ends reach as far as the data."""
    extent = store.extent(about) or last_complete_week(store.today)
    first = _day(since, "--since") if since else extent.since
    end = _day(until, "--until") + timedelta(days=1) if until else extent.until
    return Period(first, end)


def scope_asked(
    store: Store, about: Metric, since: str, until: str, where: list[str] | None
) -> Scope:
    """The window and the filters of the options, checked."""
    filters: dict[str, tuple[str, ...]] = {}
    for part in where or []:
        for name, values in parse_filters(part).items():
            filters[name] = (*filters.get(name, ()), *values)
    return scope(period_asked(store, about, since, until), filters)
