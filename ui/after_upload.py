"""One sentence that says what an accepted file changed on *This week*."""

from __future__ import annotations

from analysis.headline_set import KEY_METRICS
from analysis.words import in_sentence, listed, x_of_y
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.scope import Scope
from metrics.value import Value
from ui.windows import newest_week

_NAMED = 3


def told(before: Store, workspace: Workspace) -> str:
    """What changed between a store from before the upload and the workspace as it is now."""
    after = Store.open(workspace)
    week = newest_week(after.extent(), after.today)
    old_week = newest_week(before.extent(), before.today)
    now = after.values(KEY_METRICS, Scope(week))
    there = sum(value.value is not None for value in now.values())
    shown = x_of_y(there, len(KEY_METRICS))
    if before.extent() is None:
        return f"This week now shows {week.short}: {shown} measures have a value."
    if week != old_week:
        return (
            f"This week now shows {week.short} instead of {old_week.short}: {shown} measures have "
            "a value."
        )
    then = before.values(KEY_METRICS, Scope(week))
    moved = [now[name] for name in now if now[name].value != then[name].value]
    if not moved:
        return f"Nothing changed on This week: all measures of {week.short} are the same."
    named = listed([_move(value, then[value.metric.name]) for value in moved[:_NAMED]], most=_NAMED)
    rest = len(moved) - _NAMED
    more = f", and {rest} more {'measure' if rest == 1 else 'measures'} changed" if rest > 0 else ""
    return f"On This week, {week.short}: {named}{more}."


def _move(now: Value, then: Value) -> str:
    label = in_sentence(now.metric.label)
    return (
        f"{label} is {now.text} (was {then.text})"
        if not now.metric.is_plural
        else (f"{label} are {now.text} (were {then.text})")
    )
