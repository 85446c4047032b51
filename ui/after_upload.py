"""One sentence that says what an accepted file changed on *This week*."""

from __future__ import annotations

from analysis.assess import assess
from analysis.headline_set import KEY_METRICS
from analysis.model import Status
from analysis.words import in_sentence, listed, x_of_y
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import Period, newest_week, show_date
from metrics.scope import Scope
from metrics.value import Value

_NAMED = 3


def told(before: Store, workspace: Workspace) -> str:
    """What changed between a store from before the upload and the workspace as it is now."""
    after = Store.open(workspace)
    week, old_week = _week(after), _week(before)
    there = _there(after, week)
    if before.extent() is None or week != old_week or not _there(before, week):
        return _first_sight(after, week, there)
    now = after.values(KEY_METRICS, Scope(week))
    then = before.values(KEY_METRICS, Scope(week))
    moved = [now[name] for name in now if now[name].value != then[name].value]
    if not moved:
        return f"Nothing changed on This week: all measures of {week.short} are the same."
    named = listed([_move(value, then[value.metric.name]) for value in moved[:_NAMED]], most=_NAMED)
    rest = len(moved) - _NAMED
    more = f", and {rest} more {'measure' if rest == 1 else 'measures'} changed" if rest > 0 else ""
    return f"On This week, {week.short}: {named}{more}."


def _week(store: Store) -> Period:
    return newest_week(store.extent(), store.today)


def _there(store: Store, week: Period) -> int:
    """How many of the measures of *This week* have data in the week."""
    return sum(one.status is not Status.MISSING for one in assess(store, KEY_METRICS, Scope(week)))


def _first_sight(store: Store, week: Period, there: int) -> str:
    extent = store.extent()
    if there or extent is None:
        have = "has" if there == 1 else "have"
        return f"This week now shows {week.short}: {x_of_y(there, len(KEY_METRICS))} measures " + (
            f"{have} data."
        )
    return (
        f"This week shows {week.short}, for which none of its measures has data yet; the data so "
        f"far end on {show_date(extent.last_day)}."
    )


def _move(now: Value, then: Value) -> str:
    label = in_sentence(now.metric.label)
    if now.metric.is_plural:
        return f"{label} are {now.text} (were {then.text})"
    return f"{label} is {now.text} (was {then.text})"
