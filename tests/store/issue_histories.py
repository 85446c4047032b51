"""Random lives of issues, the exports of their tracker, and what the exports tell, by pandas.

The lives are the truth; an export is a table of what they are at its moment. `told` compares one
table with the next, cell by cell, and knows nothing of how the warehouse does it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

START = datetime(2026, 9, 1, 6)
WEEKS = 7
CATEGORY = {"To Do": "To Do", "Doing": "In Progress", "Checking": "In Progress", "Done": "Done"}
_FIELDS = {
    "due_on": "re_dated",
    "type": "re_scoped",
    "labels": "re_scoped",
    "story_points": "re_scoped",
    "assignee": "reassigned",
}
Told = tuple[str, str, str, str, str, datetime, datetime]


@dataclass
class Life:
    """One issue: what it was from which moment on; None when it is not in the tracker."""

    key: str
    created_at: datetime
    states: list[tuple[datetime, dict[str, Any] | None]] = field(default_factory=list)

    def at(self, moment: datetime) -> dict[str, Any] | None:
        """What it is at that moment."""
        past = [state for since, state in self.states if since <= moment]
        return past[-1] if past else None


@dataclass
class Shown:
    """One export: when, what, with which columns, and whether it was uploaded at its turn."""

    as_of: datetime
    rows: list[dict[str, Any]]
    is_late: bool = False


def exports_at(draw: random.Random) -> list[datetime]:
    """The moments of the exports: about weekly, some twice a week."""
    found, at = [], START
    for _ in range(WEEKS):
        at += timedelta(hours=draw.randrange(48, 170), minutes=draw.randrange(60))
        found.append(at)
    return found


def lives(draw: random.Random, moments: list[datetime], *, count: int = 40) -> list[Life]:
    """Issues that change up to once between two exports, in any of their fields."""
    return [_life(draw, f"K-{number}", moments) for number in range(count)]


def _life(draw: random.Random, key: str, moments: list[datetime]) -> Life:
    gap = draw.randrange(len(moments) - 1)
    low = START - timedelta(days=60) if gap == 0 else moments[gap - 1]
    created = _between(draw, low, moments[gap])
    state: dict[str, Any] | None = {
        "status": draw.choice(list(CATEGORY)[:3]),
        "type": draw.choice(("Bug", "Task")),
        "labels": draw.choice((None, "a", "b, a")),
        "due_on": draw.choice((None, date(2026, 10, 5))),
        "assignee": draw.choice(("Ann", "Ben", None)),
        "story_points": draw.choice((None, 1.0, 3.0)),
        "resolved_at": None,
        "category_changed_at": created,
        "updated_at": created,
    }
    assert state is not None
    life = Life(key, created, [(created, state)])
    for since, until in zip(moments[gap:], moments[gap + 1 :], strict=False):
        if draw.random() < 0.55:
            at = _between(draw, since, until)
            state = _changed(draw, state, at, life)
            life.states.append((at, state))
    return life


def _between(draw: random.Random, since: datetime, until: datetime) -> datetime:
    seconds = int((until - since).total_seconds())
    return since + timedelta(seconds=draw.randrange(1, seconds))


def _changed(
    draw: random.Random, state: dict[str, Any] | None, at: datetime, life: Life
) -> dict[str, Any] | None:
    if state is None:  # it comes back as it was
        return [before for _, before in life.states if before is not None][-1]
    if draw.random() < 0.12:
        return None
    now = dict(state) | {"updated_at": at}
    for _ in range(draw.choice((1, 1, 2))):
        name = draw.choice(("status", "status", *_FIELDS))
        if name == "status":
            now["status"] = draw.choice([s for s in CATEGORY if s != state["status"]])
        else:
            now[name] = {
                "due_on": date(2026, 10, draw.randrange(6, 28)),
                "type": draw.choice(("Bug", "Task")),
                "labels": draw.choice((None, "a", "a, b", "c")),
                "story_points": draw.choice((None, 1.0, 3.0, 8.0)),
                "assignee": draw.choice(("Ann", "Ben", "Cy", None)),
            }[name]
    if CATEGORY[now["status"]] != CATEGORY[state["status"]]:
        now["category_changed_at"] = at
        now["resolved_at"] = at if now["status"] == "Done" else None
    return now


def shown(
    draw: random.Random, alive: list[Life], moments: list[datetime], *, has_exact: bool
) -> list[Shown]:
    """The exports. Labels and story points come with a later header; one is uploaded late."""
    grown = draw.randrange(1, len(moments) - 1)
    late = draw.randrange(1, len(moments) - 1)
    found = []
    for place, moment in enumerate(moments):
        rows = []
        for life in alive:
            state = life.at(moment)
            if state is None:
                continue
            row = {"issue_key": life.key, "created_at": life.created_at, **state}
            row["status_category"] = CATEGORY[state["status"]]
            if not has_exact:
                del row["category_changed_at"]
            if place < grown:
                row["labels"] = row["story_points"] = None
            rows.append(row)
        draw.shuffle(rows)
        found.append(Shown(moment, rows, is_late=place == late))
    return found


def told(exports: list[Shown]) -> set[Told]:
    """(issue, kind, field, from, to, after, by) of every change, from one table to the next."""
    tables = [pd.DataFrame(e.rows).set_index("issue_key").astype(object) for e in exports]
    tables = [table.where(table.notna(), None) for table in tables]
    have = [{c for c in table if table[c].notna().any()} for table in tables]
    found: set[Told] = set()
    for key in sorted({key for table in tables for key in table.index}):
        at = [place for place, table in enumerate(tables) if key in table.index]
        found |= _entered(key, at[0], exports, tables[at[0]].loc[key])
        for one, two in pairwise(at):
            if two > one + 1:
                span = (exports[one].as_of, exports[one + 1].as_of)
                found.add((key, "vanished", "issue", tables[one].loc[key]["status"], "", *span))
                span = (exports[two - 1].as_of, exports[two].as_of)
                found.add((key, "returned", "issue", "", tables[two].loc[key]["status"], *span))
        if at[-1] < len(tables) - 1:
            span = (exports[at[-1]].as_of, exports[at[-1] + 1].as_of)
            found.add((key, "vanished", "issue", tables[at[-1]].loc[key]["status"], "", *span))
        for name in ("status", *_FIELDS):
            places = [place for place in at if name in have[place]]
            for one, two in pairwise(places):
                found |= _compared(
                    key, name, tables[one].loc[key], tables[two].loc[key],
                    exports[one].as_of, exports[two].as_of,
                )  # fmt: skip
    return found


def _entered(key: str, first: int, exports: list[Shown], row: Any) -> set[Told]:
    if first == 0:
        return set()
    after, by = exports[first - 1].as_of, exports[first].as_of
    created = row["created_at"].to_pydatetime()
    if after < created <= by:
        after = by = created
    return {(key, "entered", "issue", "", row["status"], after, by)}


def _compared(key: str, name: str, old: Any, new: Any, after: datetime, by: datetime) -> set[Told]:
    before, now = (_text(name, row[name]) for row in (old, new))
    if before == now:
        return set()
    exact = None
    kind = _FIELDS.get(name, "status")
    was, is_ = old["status_category"], new["status_category"]
    if name == "status" and was != is_:
        exact = new.get("category_changed_at")
    if name == "status" and (was == "Done") != (is_ == "Done"):
        kind = "resolved" if is_ == "Done" else "reopened"
        exact = new["resolved_at"] if is_ == "Done" else exact
    updated = new["updated_at"].to_pydatetime()
    if exact is not None and after < exact.to_pydatetime() <= by:
        after = by = exact.to_pydatetime()
    elif after < updated < by:
        by = updated
    field_name = "resolution" if kind in ("resolved", "reopened") else name
    return {(key, kind, field_name, before, now, after, by)}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "labels":
        return ", ".join(sorted(label.strip() for label in value.split(",")))
    return str(value)
