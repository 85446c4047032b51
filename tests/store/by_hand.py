"""Every metric worked out from the raw rows in plain Python: no SQL, no marts, no code of ours."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from tests.store import by_hand_annotation, by_hand_review
from tests.store.by_hand_working import business_hours
from tests.store.made import CLOCK, ZONE, Sent, World

HOUR, DAY = 3600.0, 86400.0
TODAY = date(2026, 11, 16)
NONE = "(not recorded)"
Thing = SimpleNamespace


def on(moment: datetime | None) -> date | None:
    return moment and moment.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date()


def span(a: datetime | None, b: datetime | None, unit: float) -> float | None:
    if a is None or b is None or b < a:
        return None
    return (b - a).total_seconds() / unit


def quantile(values: Sequence[float], share: float) -> float | None:
    """Linear interpolation between order statistics (Hyndman and Fan's type 7)."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@dataclass
class Current:
    """The newest rows of each extract, with `gone` for when they vanished, and the reopenings."""

    rows: dict[str, list[dict[str, Any]]]
    reopenings: list[dict[str, Any]]
    closed: set[str]


def replayed(world: World) -> Current:
    """The replay of the files, key by key."""
    versions: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for number, sent in enumerate(world.files):
        for line, row in enumerate(sent.rows, 2):
            newness = (row.get("updated_at") or _time(sent.as_of), _time(sent.as_of), number)
            keyed = row | {"line": line, "source": sent.source, "file": newness[1:]}
            versions[_key(sent, row)].append((newness, keyed))
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    reopenings = []
    for (extract, source, *_), told in versions.items():
        told.sort(key=lambda version: version[0])
        for (_, before), (newness, after) in itertools.pairwise(told):
            if extract == "issues" and before["resolved_at"] and not after["resolved_at"]:
                reopenings.append(after | {"reopened_at": newness[0]})
        last = max(told, key=lambda version: version[0][1:])[0]
        full = [
            (_time(sent.as_of), number)
            for number, sent in enumerate(world.files)
            if (sent.extract, sent.source, sent.coverage) == (extract, source, "everything")
        ]
        gone = min((at for at, number in full if (at, number) > last[1:]), default=None)
        rows[extract].append(told[-1][1] | {"gone": gone, "newness": told[-1][0][0]})
    newest = {}
    for sent in sorted(world.files, key=lambda sent: sent.as_of):
        if sent.extract == "work_log":
            newest[sent.source] = sent.is_closed_cases
    return Current(rows, reopenings, {source for source, closed in newest.items() if closed})


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _key(sent: Sent, row: dict[str, Any]) -> tuple[str, ...]:
    own = {
        "work_log": lambda: (
            row["item_id"],
            row["stage"],
            str(row.get("entered_at") or row.get("event_at")),
        ),
        "reviews": lambda: (row["review_id"],),
        "annotations": lambda: (
            row["annotation_id"],
            str(row.get("field")),
            str(row.get("label")),
        ),
        "issues": lambda: (row["issue_key"],),
        "deliveries": lambda: (row["batch"],),
        "working_hours": lambda: (str(row),),
        "holidays": lambda: (str(row),),
    }[sent.extract]()
    return (sent.extract, sent.source, *own)


def facts(world: World) -> dict[str, list[Thing]]:
    """Items, visits, reviews, issues, reopenings and deliveries as plain objects."""
    now = replayed(world)
    items, visits = _work(now)
    deliveries = [_delivery(row) for row in now.rows["deliveries"]]
    return {
        "items": items,
        "item_moves": _moves(items),
        "visits": visits,
        "reviews": _reviews(now.rows["reviews"]),
        "issues": [_issue(row) for row in now.rows["issues"]],
        "issue_transitions": [
            Thing(**row, kind="reopened", by_on=on(row["reopened_at"])) for row in now.reopenings
        ],
        "deliveries": deliveries,
        "review_paths": by_hand_review.paths(now.rows, deliveries, on),
        **by_hand_annotation.facts(now.rows["annotations"], on),
    }


def _work(now: Current) -> tuple[list[Thing], list[Thing]]:
    log: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in now.rows["work_log"]:
        log[row["source"], row["item_id"]].append(row)
    starts = {row["source"] for row in now.rows["work_log"] if row.get("started_at")}
    items, visits = [], []
    for (source, item_id), rows in log.items():
        if any(row["gone"] is None for row in rows):
            rows = [row for row in rows if row["gone"] is None]
        rows.sort(key=_in_order)
        seen: Counter[str] = Counter()
        mine = []
        for place, row in enumerate(rows):
            seen[row["stage"]] += 1
            mine.append(_visit(row, rows[place - 1] if place else None, seen[row["stage"]]))
            mine[-1].has_queue_recorded &= source in starts
            mine[-1].is_closed_case_source = source in now.closed
        items.append(_item(source, item_id, mine))
        visits += mine
    ends = {
        project: Counter(
            item.stage_now
            for item in items
            if (item.project or NONE) == project
            and item.source not in now.closed
            and item.visits[-1].finished_at
        )
        for project in {item.project or NONE for item in items}
    }
    for item in items:
        by_votes = sorted(ends[item.project or NONE].items(), key=lambda end: (-end[1], end[0]))
        terminal = by_votes[0][0] if by_votes else None
        item.is_closed_case_source = item.source in now.closed
        item.completed_at = (
            item.last_event_at if item.is_closed_case_source else _completed(item, terminal)
        )
        item.completed_on = on(item.completed_at)
        item.left_on = on(item.completed_at or item.gone)
        item.turnaround_hours = span(item.first_entered_at, item.completed_at, HOUR)
        item.turnaround_business_hours = business_hours(
            item.first_entered_at, item.completed_at, item.team
        )
        item.case_days = span(item.first_entered_at, item.last_event_at, DAY)
        for visit in item.visits:
            visit.item_completed_on = item.completed_on
            left = [t for t in (visit.gone, item.completed_at) if t]
            visit.queue_left_on = on(
                visit.started_at or visit.finished_at or min(left, default=None)
            )
    return items, visits


def _in_order(row: dict[str, Any]) -> tuple[Any, ...]:
    """By time of entry, then of finish (open ones last), then as the lines of the file stand."""
    came = row.get("entered_at") or row["event_at"]
    ended = row["event_at"] if row.get("entered_at") is None else row["finished_at"]
    return (came, ended is None, ended or came, row["line"], row["file"])


def _completed(item: Thing, terminal: str | None) -> datetime | None:
    """The last possible finish of a visit to the terminal stage, unless a later one is open."""
    ends = [
        (visit.finished_at, place)
        for place, visit in enumerate(item.visits)
        if visit.stage == terminal and visit.finished_at and not visit.is_impossible
    ]
    if not ends:
        return None
    finished, place = max(ends)
    is_open = any(visit.finished_at is None for visit in item.visits[place + 1 :])
    return None if is_open else finished


def _visit(row: dict[str, Any], before: dict[str, Any] | None, number: int) -> Thing:
    is_event = row.get("entered_at") is None
    if is_event:
        start = before["event_at"] if before else row["event_at"]
        visit = Thing(
            entered_at=start,
            started_at=None,
            finished_at=row["event_at"],
            queue_hours=None,
            touch_hours=None,
            stage_hours=span(start, row["event_at"], HOUR) if before else None,
            is_impossible=False,
        )
    else:
        entered, started, finished = row["entered_at"], row["started_at"], row["finished_at"]
        bad = finished is not None and finished < max(started or entered, entered)
        visit = Thing(
            entered_at=entered,
            started_at=started,
            finished_at=finished,
            queue_hours=None if bad else span(entered, started, HOUR),
            touch_hours=None if bad else span(started, finished, HOUR),
            stage_hours=None if bad else span(entered, finished, HOUR),
            is_impossible=bad,
        )
    for known, since, until in (
        ("queue", visit.entered_at, visit.started_at),
        ("stage", visit.entered_at, visit.finished_at),
    ):
        hours = business_hours(since, until, row.get("team"))
        is_known = getattr(visit, f"{known}_hours") is not None
        setattr(visit, f"{known}_business_hours", hours if is_known else None)
    visit.is_event, visit.has_queue_recorded = is_event, not is_event
    visit.is_rework = number > 1 and before["stage"] != row["stage"]
    visit.stage_before = before["stage"] if before else "(first visit)"
    visit.entered_on = on(visit.entered_at)
    visit.finished_on = None if visit.is_impossible else on(visit.finished_at)
    for name in (
        "source",
        "stage",
        "team",
        "assignee",
        "outcome",
        "project",
        "dataset",
        "batch",
        "gone",
    ):
        setattr(visit, name, row.get(name))
    return visit


def _item(source: str, item_id: str, visits: list[Thing]) -> Thing:
    def last(name: str) -> Any:
        return next((v for v in (getattr(v, name) for v in reversed(visits)) if v), None)

    times = [t for v in visits for t in (v.entered_at, v.started_at, v.finished_at) if t]
    came = [v.finished_at if v.is_event else v.entered_at for v in visits]
    return Thing(
        source=source,
        item_id=item_id,
        visits=visits,
        stage_now=visits[-1].stage,
        project=last("project"),
        dataset=last("dataset"),
        team=last("team"),
        batch=last("batch"),
        first_entered_at=min(came),
        first_entered_on=on(min(came)),
        last_event_at=max(times),
        rework_loops=sum(v.is_rework for v in visits),
        path=" → ".join(v.stage for v in visits),
        gone=max((v.gone for v in visits if v.gone), default=None),
    )


def _reviews(rows: list[dict[str, Any]]) -> list[Thing]:
    first: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in rows:
        if row["review_stage"] == 1:
            mark, item = (row["reviewed_at"], row["review_id"]), (row["source"], row["item_id"])
            first[item] = min(mark, first.get(item, mark))
    return [
        Thing(
            **(row | {"review_stage": str(row["review_stage"])}),
            reviewed_on=on(row["reviewed_at"]),
            is_first=row["review_stage"] == 1
            and first[row["source"], row["item_id"]] == (row["reviewed_at"], row["review_id"]),
        )
        for row in rows
    ]


def _issue(row: dict[str, Any]) -> Thing:
    return Thing(
        **row,
        created_on=on(row["created_at"]),
        resolved_on=on(row["resolved_at"]),
        left_on=on(row["resolved_at"] or row["gone"]),
        resolve_days=span(row["created_at"], row["resolved_at"], DAY),
        resolve_business_hours=business_hours(row["created_at"], row["resolved_at"], row["team"]),
    )


def _delivery(row: dict[str, Any]) -> Thing:
    """Midnight UTC, where these files were written, is a day without a time."""
    at = row["delivered_at"]
    day = at.date() if at and at.time() == time() else on(at)
    named = row | {"late_reason": (row["late_reason"] or "").strip() or "(not recorded)"}
    days = (row["accepted_on"] - day).days if day and row["accepted_on"] else None
    return Thing(
        **named,
        delivered_on=day,
        left_on=day or on(row["gone"]),
        days_to_acceptance=days if days is not None and days >= 0 else None,
    )


Answer = tuple[float | None, int]
Rows = list[Thing]


def _mean(values: list[float]) -> Answer:
    return (statistics.fmean(values) if values else None, len(values))


def _share(part: float, whole: float, n: int) -> Answer:
    return (part / whole if whole else None, n)


def _have(rows: Rows, name: str) -> list[float]:
    return [value for row in rows if (value := getattr(row, name)) is not None]


def _spread(rows: Rows) -> Answer:
    reviews: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row.reviewer:
            reviews[row.reviewer].append(row.outcome == "accepted")
    kept = [marks for marks in reviews.values() if len(marks) >= 10]
    n = sum(len(marks) for marks in kept)
    if len(kept) < 2:
        return None, n
    middle = sum(sum(marks) for marks in kept) / n
    squares = sum(len(marks) * (sum(marks) / len(marks) - middle) ** 2 for marks in kept)
    return math.sqrt(squares / n), n


def _queue_share(rows: Rows) -> Answer:
    both = [
        (r.queue_hours, r.touch_hours)
        for r in rows
        if r.queue_hours is not None and r.touch_hours is not None
    ]
    whole = sum(q + t for q, t in both)
    return _share(sum(q for q, _ in both), whole, len(both))


def _awaited(row: Thing, as_of: date) -> bool:
    """Not delivered after its day, and its source still had it when the period ended."""
    is_there = row.gone is None or on(row.gone) >= as_of
    return row.delivered_on is None and row.promised_on < as_of and is_there


def _late(rows: Rows, as_of: date) -> Answer:
    days = []
    for row in rows:
        if row.delivered_on:
            days.append(max(0, (row.delivered_on - row.promised_on).days))
        elif _awaited(row, as_of):
            until = on(row.gone) or TODAY - timedelta(days=1)
            days.append((until - row.promised_on).days)
    return _mean([float(day) for day in days])


def _late_count(rows: Rows, as_of: date) -> Answer:
    late = [
        r
        for r in rows
        if (r.delivered_on or date.min) > r.promised_on
        or (
            r.delivered_on is None
            and r.promised_on < as_of
            and (r.left_on is None or r.left_on > r.promised_on)
        )
    ]
    return _count(late, as_of)


def _on_time(rows: Rows, as_of: date) -> Answer:
    due = [r for r in rows if r.delivered_on or _awaited(r, as_of)]
    good = sum(r.delivered_on is not None and r.delivered_on <= r.promised_on for r in due)
    return _share(good, len(due), len(due))


def _quantile_of(name: str, share: float) -> Callable[[Rows, date], Answer]:
    return lambda rows, _: (quantile(_have(rows, name), share), len(_have(rows, name)))


def _mean_of(name: str) -> Callable[[Rows, date], Answer]:
    return lambda rows, _: _mean([float(value) for value in _have(rows, name)])


def _count(rows: Rows, _: date) -> Answer:
    return float(len(rows)), len(rows)


def _rate_of(outcome: str) -> Callable[[Rows, date], Answer]:
    return lambda rows, _: _share(sum(r.outcome == outcome for r in rows), len(rows), len(rows))


def _first_pass(rows: Rows, _: date) -> Answer:
    first = [row for row in rows if row.is_first]
    return _share(sum(row.outcome == "accepted" for row in first), len(first), len(first))


def _defects(rows: Rows, _: date) -> Answer:
    items = {(row.source, row.item_id) for row in rows}
    return _share(
        sum(bool(getattr(row, "error_type", None)) for row in rows), len(items), len(items)
    )


def _accepted(rows: Rows, _: date) -> Answer:
    told = [r for r in rows if None not in (r.items_accepted, r.items_delivered)]
    whole = sum(row.items_delivered for row in told)
    return _share(sum(row.items_accepted for row in told), whole, len(told))


def _moves(items: list[Thing]) -> list[Thing]:
    """What came and what left: a thing per item for each."""
    found = []
    for item in items:
        found.append(Thing(**vars(item) | {"step": 1, "moved_on": item.first_entered_on}))
        if item.left_on is not None:
            found.append(Thing(**vars(item) | {"step": -1, "moved_on": item.left_on}))
    return found


def _net(rows: Rows, _: date) -> Answer:
    rows = _may_be_open(rows)
    return (float(sum(row.step for row in rows)) if rows else None), len(rows)


def _may_be_open(rows: Rows) -> Rows:
    """Those of sources that hold more than closed cases."""
    return [row for row in rows if not row.is_closed_case_source]


def _ages(rows: Rows, as_of: date) -> Answer:
    rows = _may_be_open(rows)
    return quantile([float((as_of - row.first_entered_on).days) for row in rows], 0.85), len(rows)


# metric → (facts, time column, column on which a row leaves, the sum)
METRICS: dict[str, tuple[str, str, str, Callable[[Rows, date], Answer]]] = {
    "arrivals": ("items", "first_entered_on", "", _count),
    "items_completed": ("items", "completed_on", "", _count),
    "work_in_progress": (
        "items",
        "first_entered_on",
        "left_on",
        lambda rows, _: _count(_may_be_open(rows), _),
    ),
    "net_flow": ("item_moves", "moved_on", "", _net),
    "items_waiting": (
        "visits",
        "entered_on",
        "queue_left_on",
        lambda rows, _: _count([r for r in _may_be_open(rows) if r.has_queue_recorded], _),
    ),
    "turnaround_p50": ("items", "completed_on", "", _quantile_of("turnaround_hours", 0.5)),
    "turnaround_p85": ("items", "completed_on", "", _quantile_of("turnaround_hours", 0.85)),
    "turnaround_p95": ("items", "completed_on", "", _quantile_of("turnaround_hours", 0.95)),
    "turnaround_mean": ("items", "completed_on", "", _mean_of("turnaround_hours")),
    "case_duration_p50": ("items", "completed_on", "", _quantile_of("case_days", 0.5)),
    "case_duration_mean": ("items", "completed_on", "", _mean_of("case_days")),
    "case_duration_p90": ("items", "completed_on", "", _quantile_of("case_days", 0.9)),
    "queue_time": ("visits", "item_completed_on", "", _mean_of("queue_hours")),
    "queue_time_p50": ("visits", "item_completed_on", "", _quantile_of("queue_hours", 0.5)),
    "queue_share": ("visits", "item_completed_on", "", lambda rows, _: _queue_share(rows)),
    "touch_time": ("visits", "item_completed_on", "", _mean_of("touch_hours")),
    "stage_time": ("visits", "item_completed_on", "", _mean_of("stage_hours")),
    "rework_loops": ("items", "completed_on", "", _mean_of("rework_loops")),
    "open_age_p85": ("items", "first_entered_on", "left_on", _ages),
    "stage_events": ("visits", "finished_on", "", _count),
    "visits_entered": ("visits", "entered_on", "", _count),
    "stages_active": (
        "visits",
        "finished_on",
        "",
        lambda rows, _: (float(len({r.stage for r in rows})), len(rows)),
    ),
    "reviews_done": ("reviews", "reviewed_on", "", _count),
    "first_pass_acceptance": ("reviews", "reviewed_on", "", _first_pass),
    "rejection_rate": ("reviews", "reviewed_on", "", _rate_of("rejected")),
    "fix_rate": ("reviews", "reviewed_on", "", _rate_of("fixed")),
    "defects_per_item": ("reviews", "reviewed_on", "", _defects),
    "reviewer_spread": ("reviews", "reviewed_on", "", lambda rows, _: _spread(rows)),
    "issues_opened": ("issues", "created_on", "", _count),
    "issues_resolved": ("issues", "resolved_on", "", _count),
    "issues_open": ("issues", "created_on", "left_on", _count),
    "issues_overdue": (
        "issues",
        "created_on",
        "left_on",
        lambda rows, as_of: _count([r for r in rows if r.due_on and r.due_on < as_of], as_of),
    ),
    "time_to_resolve_p50": ("issues", "resolved_on", "", _quantile_of("resolve_days", 0.5)),
    "issues_reopened": ("issue_transitions", "by_on", "", _count),
    "deliveries_due": ("deliveries", "promised_on", "", _count),
    "on_time_delivery": ("deliveries", "promised_on", "", _on_time),
    "deliveries_overdue": (
        "deliveries",
        "promised_on",
        "left_on",
        lambda rows, as_of: _count([r for r in rows if r.promised_on < as_of], as_of),
    ),
    "accepted_share": ("deliveries", "promised_on", "", _accepted),
    "days_late": ("deliveries", "promised_on", "", _late),
    "late_deliveries": ("deliveries", "promised_on", "", _late_count),
    "days_to_acceptance": ("deliveries", "promised_on", "", _mean_of("days_to_acceptance")),
    "turnaround_business_p50": (
        "items",
        "completed_on",
        "",
        _quantile_of("turnaround_business_hours", 0.5),
    ),
    "queue_time_business": ("visits", "item_completed_on", "", _mean_of("queue_business_hours")),
    "stage_time_business": ("visits", "item_completed_on", "", _mean_of("stage_business_hours")),
    "time_to_resolve_business_p50": (
        "issues",
        "resolved_on",
        "",
        _quantile_of("resolve_business_hours", 0.5),
    ),
    **by_hand_annotation.metrics(quantile),
    **by_hand_review.metrics(quantile),
}


def answer(
    known: dict[str, list[Thing]], name: str, since: date, until: date, **filters: str
) -> Answer:
    """(value, n) of a metric in [since, until), before any is withheld."""
    source, at, left_at, work_out = METRICS[name]
    rows = [
        row
        for row in known[source]
        if all((getattr(row, dim, None) or NONE) == value for dim, value in filters.items())
    ]
    if left_at:
        end = min(until, TODAY + timedelta(days=1))
        rows = [
            row
            for row in rows
            if (came := getattr(row, at)) is not None
            and came < end
            and ((left := getattr(row, left_at)) is None or left >= end)
        ]
    else:
        rows = [
            row for row in rows if (day := getattr(row, at)) is not None and since <= day < until
        ]
    return work_out(rows, min(until, TODAY))


assert on(CLOCK) == TODAY
