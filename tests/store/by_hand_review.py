"""The way of each item through review, worked out from the raw rows in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

Answer = tuple[float | None, int]
Rows = list[Thing]
Raw = dict[str, Any]
Share = Callable[[Sequence[float], float], float | None]


def paths(
    rows: Mapping[str, list[Raw]],
    deliveries: Rows,
    on: Callable[[datetime | None], date | None],
) -> Rows:
    """One thing per item; items of one name in one project are one, whichever source tells."""
    parts: dict[tuple[str, str], Thing] = {}
    for row in _annotation_rows(rows["annotations"]):
        _part(parts, row).annotations.append(row)
    for row in rows["reviews"]:
        _part(parts, row).reviews.append(row)
    together: dict[tuple[str | None, ...], Rows] = defaultdict(list)
    for part in parts.values():
        told = part.annotations or part.reviews
        part.project = _first(told, "project") or _first(part.reviews, "project")
        home = (part.project,) if part.project else (None, part.source)
        together[(*home, part.item_id)].append(part)
    found = [_path(group, _batch(group, rows["work_log"]), on) for group in together.values()]
    for path in found:
        _deliver(path, deliveries)
    homes: dict[Any, Rows] = defaultdict(list)
    for path in found:
        homes[path.project or (path.source,)].append(path)
    for of_home in homes.values():
        for path in of_home:
            path.says_annotations = any(p.annotated_on for p in of_home)
            path.says_reviews = any(p.reviews for p in of_home)
            path.says_sampling = any(
                r.get("sampled") is not None for p in of_home for r in p.reviews
            )
            path.says_deliveries = any(p.is_promised for p in of_home)
    return found


def _annotation_rows(rows: list[Raw]) -> list[Raw]:
    """Those of the annotations as they stand, without skipped ones and gold of nobody."""
    newest: dict[tuple[str, str], datetime] = {}
    there = [row for row in rows if row["gone"] is None]
    for row in there:
        key = (row["source"], row["annotation_id"])
        newest[key] = max(row["newness"], newest.get(key, row["newness"]))
    return [
        row
        for row in there
        if row["newness"] == newest[row["source"], row["annotation_id"]]
        and not row.get("is_skipped")
        and not (row.get("annotator") is None and row.get("is_gold"))
    ]


def _part(parts: dict[tuple[str, str], Thing], row: Raw) -> Thing:
    key = (row["source"], row["item_id"])
    blank = Thing(source=key[0], item_id=key[1], annotations=[], reviews=[])
    return parts.setdefault(key, blank)


def _time(row: Raw) -> datetime:
    return row.get("created_at") or row.get("updated_at") or row["newness"]


def _first(rows: list[Raw], name: str) -> str | None:
    """What the first row that names one has."""
    ids = "annotation_id" if rows and "annotation_id" in rows[0] else "review_id"
    when = "created_at" if ids == "annotation_id" else "reviewed_at"
    named = [row for row in rows if row.get(name) and row.get(when)]
    return min(named, key=lambda row: (row[when], row[ids]))[name] if named else None


def _path(group: Rows, batch: str | None, on: Callable[..., Any]) -> Thing:
    group.sort(key=lambda part: (not part.annotations, part.source))
    annotations = [row for part in group for row in part.annotations]
    reviews = sorted(
        (row for part in group for row in part.reviews),
        key=lambda row: (row["reviewed_at"], row["review_stage"], row["source"], row["review_id"]),
    )
    path = Thing(
        source=group[0].source,
        item_id=group[0].item_id,
        project=group[0].project,
        dataset=_of(group, "dataset"),
        team=_of(group, "team"),
        batch=batch,
        reviews=reviews,
        annotated_on=on(min(map(_time, annotations), default=None)),
        first_reviewed_on=on(reviews[0]["reviewed_at"]) if reviews else None,
        rejections=sum(row["outcome"] == "rejected" for row in reviews),
        fixes=sum(row["outcome"] == "fixed" for row in reviews),
        rework_loops=sum(
            row["outcome"] == "rejected" and bool(_after(reviews, place, annotations))
            for place, row in enumerate(reviews)
        ),
        review_stage=str(max(row["review_stage"] for row in reviews)) if reviews else None,
        outcome=reviews[-1]["outcome"] if reviews else None,
        was_sampled=any(row.get("sampled") for row in reviews),
    )
    days = [day for day in (path.annotated_on, path.first_reviewed_on) if day]
    path.started_on = min(days)
    path.review_due_on = path.annotated_on and path.annotated_on + timedelta(days=7)
    accepted = _accepted_at(reviews, annotations)
    made = min((r["created_at"] for r in annotations if r.get("created_at")), default=None)
    path.accepted_on = on(accepted)
    path.hours = None
    if accepted and made and accepted >= made:
        path.hours = (accepted - made).total_seconds() / 3600
    return path


def _of(group: Rows, name: str) -> str | None:
    for part in group:
        value = _first(part.annotations, name) or _first(part.reviews, name)
        if value:
            return value
    return None


def _after(reviews: list[Raw], place: int, annotations: list[Raw]) -> list[Raw]:
    """The later reviews that answer one: of the same annotation, or of one not made before it."""
    made: dict[str, list[datetime]] = defaultdict(list)
    for row in annotations:
        if row.get("created_at") or row.get("updated_at"):
            made[row["annotation_id"]].append(row.get("created_at") or row["updated_at"])
    one = reviews[place]
    found = []
    for later in reviews[place + 1 :]:
        is_same = later.get("annotation_id") == one.get("annotation_id")
        born = min(made.get(later.get("annotation_id"), []), default=None)
        if is_same or born is None or born >= one["reviewed_at"]:
            found.append(later)
    return found


def _accepted_at(reviews: list[Raw], annotations: list[Raw]) -> datetime | None:
    """The last good review at the highest stage that no rejection answers, if none is open."""
    highest = max((row["review_stage"] for row in reviews), default=0)
    good = []
    for place, row in enumerate(reviews):
        after = _after(reviews, place, annotations)
        if row["outcome"] == "rejected":
            if not after or after[-1]["outcome"] == "rejected":
                return None
        elif row["review_stage"] == highest and all(r["outcome"] != "rejected" for r in after):
            good.append(row["reviewed_at"])
    return max(good, default=None)


def _batch(group: Rows, work_log: list[Raw]) -> str | None:
    for part in sorted(group, key=lambda part: part.source):
        if batch := _first(part.annotations, "batch"):
            return batch
    work: dict[tuple[str, str], list[Raw]] = defaultdict(list)
    for row in work_log:
        if row["item_id"] == group[0].item_id:
            work[row["source"], row["item_id"]].append(row)
    for (source, _), rows in sorted(work.items()):
        batch = max((row["batch"] for row in rows if row.get("batch")), default=None)
        project = max((row["project"] for row in rows if row.get("project")), default=None)
        is_same_source = source in {part.source for part in group}
        if batch and (is_same_source or (project and project == group[0].project)):
            return str(batch)
    return None


def _deliver(path: Thing, deliveries: Rows) -> None:
    mine = [
        batch
        for batch in deliveries
        if path.batch
        and batch.batch == path.batch
        and (not path.project or not batch.project or path.project == batch.project)
    ]
    days = [batch.delivered_on for batch in mine if batch.delivered_on]
    path.is_promised = bool(mine)
    path.delivered_on = min(days, default=None)


def metrics(quantile: Share) -> dict[str, tuple[str, str, str, Callable[[Rows, date], Answer]]]:
    """Metric → (facts, time column, "", the sum), as `by_hand.METRICS`."""

    def counted(keep: Callable[[Thing], bool]) -> tuple[str, str, str, Callable[..., Answer]]:
        def work_out(rows: Rows, _: date) -> Answer:
            kept = [row for row in rows if keep(row)]
            return float(len(kept)), len(kept)

        return "review_paths", "started_on", "", work_out

    def share(
        keep: Callable[[Thing], bool], among: Callable[[Thing], bool]
    ) -> tuple[str, str, str, Callable[..., Answer]]:
        def work_out(rows: Rows, _: date) -> Answer:
            kept = [row for row in rows if among(row)]
            return (sum(map(keep, kept)) / len(kept) if kept else None), len(kept)

        return "review_paths", "review_due_on", "", work_out

    def hours(part: float) -> tuple[str, str, str, Callable[..., Answer]]:
        def work_out(rows: Rows, _: date) -> Answer:
            values = [row.hours for row in rows if row.hours is not None]
            return quantile(values, part), len(values)

        return "review_paths", "accepted_on", "", work_out

    def loops(rows: Rows, _: date) -> Answer:
        whole = sum(row.rework_loops for row in rows)
        return (whole / len(rows) if rows else None), len(rows)

    def acceptance(rows: Rows, _: date) -> Answer:
        good = sum(row.outcome == "accepted" for row in rows)
        return (good / len(rows) if rows else None), len(rows)

    def rejections(rows: Rows, _: date) -> Answer:
        found = [row for row in rows if row.outcome == "rejected"]
        return float(len(found)), len(found)

    return {
        "items_annotated": counted(lambda p: p.annotated_on is not None),
        "items_reviewed": counted(lambda p: bool(p.reviews)),
        "items_fixed": counted(lambda p: p.fixes > 0),
        "items_rejected": counted(lambda p: p.rejections > 0),
        "items_accepted": counted(lambda p: p.accepted_on is not None),
        "items_delivered": counted(lambda p: bool(p.accepted_on and p.delivered_on)),
        "delivered_unaccepted": counted(lambda p: bool(not p.accepted_on and p.delivered_on)),
        "reviewed_unannotated": counted(lambda p: not p.annotated_on),
        "review_coverage": share(
            lambda p: bool(p.first_reviewed_on and p.first_reviewed_on <= p.review_due_on),
            lambda p: p.says_reviews,
        ),
        "sampled_share": share(lambda p: p.was_sampled, lambda p: p.says_sampling),
        "time_to_acceptance_p50": hours(0.5),
        "time_to_acceptance_p85": hours(0.85),
        "review_loops": ("review_paths", "accepted_on", "", loops),
        "acceptance_rate": ("reviews", "reviewed_on", "", acceptance),
        "rejections": ("reviews", "reviewed_on", "", rejections),
    }
