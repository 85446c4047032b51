"""Which store, days and slices a command asks about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from metrics.errors import AppError
from metrics.model import Metric
from metrics.periods import Period, last_complete_week
from metrics.scope import Scope, parse_filters, scope

if TYPE_CHECKING:
    from data_access.store import Store
    from data_access.workspace import Workspace


def checked_day(text: str) -> str:
    """The text of a day; refused where the options are read, before any data are."""
    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a day; write it like 2026-11-09.") from None
    return text


Since = Annotated[str, typer.Option(help="First day, like 2026-11-09.", callback=checked_day)]
Until = Annotated[
    str, typer.Option(help="Last day, included, like 2026-11-15.", callback=checked_day)
]
Where = Annotated[
    list[str] | None, typer.Option(help="Filter, like team=Radiology. Repeat for more.")
]


def active_workspace() -> Workspace:
    """The workspace in use."""
    from data_access.workspace import active

    return active()


def open_store() -> Store:
    """A store on its current snapshot.

    Raises:
        AppError: there is nothing yet that could be answered from.
    """
    from data_access.store import Store
    from data_access.warehouse import is_behind, is_made

    workspace = active_workspace()
    if not is_made(workspace):
        raise AppError(
            "There are no data yet.",
            where=str(workspace.root),
            next_step="Run python start.py once for the sample data, or ingest a file of yours.",
        )
    if is_behind(workspace):
        typer.echo("Note: accepted files are not in the numbers yet. Run: rebuild", err=True)
    return Store.open(workspace)


def period_asked(store: Store, about: Metric | None, since: str, until: str) -> Period:
    """The window asked for; open ends reach as far as the data."""
    extent = store.extent(about) or last_complete_week(store.today)
    first = date.fromisoformat(since) if since else extent.since
    end = date.fromisoformat(until) + timedelta(days=1) if until else extent.until
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
