"""Metrics of annotation worked out from the raw rows in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import combinations
from types import SimpleNamespace as Thing
from typing import Any

Answer = tuple[float | None, int]
Rows = list[Thing]
Share = Callable[[Sequence[float], float], float | None]


def facts(
    rows: list[dict[str, Any]], on: Callable[[datetime | None], date | None]
) -> dict[str, Rows]:
    """Annotations and ratings as plain objects."""
    mine: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["gone"] is None:
            mine[row["source"], row["annotation_id"]].append(row)
    whole = []
    for of_one in mine.values():
        files: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for row in of_one:
            files[row["file"]].append(row)
        newest = max(files, key=lambda n: (max(row["newness"] for row in files[n]), n))
        whole.append(files[newest])
    return {
        "annotations": _annotations(whole, on),
        "ratings": _ratings(whole, on),
    }


def _time(row: dict[str, Any]) -> datetime:
    return row.get("created_at") or row.get("updated_at") or row["newness"]


def _changed(row: dict[str, Any]) -> datetime:
    return row.get("updated_at") or row.get("created_at") or row["newness"]


def _annotations(whole: list[list[dict[str, Any]]], on: Callable[..., Any]) -> Rows:
    found = []
    for rows in whole:
        row = rows[0]
        thing = Thing(
            **{name: row.get(name) for name in (
                "source", "annotation_id", "item_id", "project", "dataset", "team", "batch",
                "annotator", "last_action", "created_at", "tool_agreement",
            )},
            annotated_on=on(_time(row)),
            is_skipped=bool(row.get("is_skipped")),
            says_skips=row.get("is_skipped") is not None,
            is_gold=any(r.get("is_gold") for r in rows),
            is_empty=all(r.get("field") is None for r in rows),
            lead_seconds=row.get("lead_time_seconds"),
        )  # fmt: skip
        found.append(thing)
    _trim(found)
    items: dict[tuple[str, str], Rows] = defaultdict(list)
    for thing in found:
        items[thing.source, thing.item_id].append(thing)
    for of_one in items.values():
        of_one.sort(key=lambda t: (t.created_at is None, t.created_at, t.annotation_id))
        for thing in of_one[1:]:
            thing.tool_agreement = None
    return [t for t in found if not (t.annotator is None and t.is_gold)]


def _trim(found: Rows) -> None:
    people: dict[tuple[str, str | None], Rows] = defaultdict(list)
    for thing in found:
        people[thing.source, thing.annotator].append(thing)
    for (_, person), of_one in people.items():
        of_one.sort(key=lambda t: (t.created_at is None, t.created_at, t.annotation_id))
        before = None
        for thing in of_one:
            lead = thing.lead_seconds
            thing.trimmed_seconds = lead
            if lead is not None and before is not None and person is not None:
                gap = (thing.created_at - before).total_seconds()
                if gap > 0:
                    thing.trimmed_seconds = min(lead, gap)
            thing.capped_seconds = None if lead is None else min(lead, 3600.0)
            before = thing.created_at


def _ratings(whole: list[list[dict[str, Any]]], on: Callable[..., Any]) -> Rows:
    said: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for rows in whole:
        if any(row.get("is_skipped") for row in rows):
            continue
        fields: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            if row.get("field") is not None and row.get("label") is not None:
                fields[row["field"]].append(row)
        for field, answers in fields.items():
            row = answers[0]
            said[row["source"], row["item_id"], field].append(
                Thing(
                    **{name: row.get(name) for name in (
                        "source", "annotation_id", "item_id", "project", "dataset", "team",
                        "batch", "annotator",
                    )},
                    field=field,
                    labels=sorted(set(map(_spelled, answers))),
                    answer=_shown(set(map(_spelled, answers))),
                    at=max(map(_time, answers)),
                    newness=(max(map(_time, answers)), max(map(_changed, answers))),
                    is_gold=any(a.get("is_gold") for a in answers),
                )
            )  # fmt: skip
    return [rating for of_unit in said.values() for rating in _of_unit(of_unit, on)]


def _spelled(row: dict[str, Any]) -> str:
    """The label; of a number its shortest spelling."""
    return row["label"] if row.get("number") is None else f"{row['number']:g}"


def _shown(labels: set[str]) -> str:
    """Labels with " + " between them; one that could be taken for several in quotes."""
    quoted = []
    for label in sorted(labels):
        is_several = label.startswith(('"', "+ ")) or label.endswith(" +") or " + " in label
        quoted.append('"' + label.replace('"', '""') + '"' if is_several else label)
    return " + ".join(quoted)


def _of_unit(of_unit: Rows, on: Callable[..., Any]) -> Rows:
    gold = [thing for thing in of_unit if thing.is_gold]
    right = max(gold, key=lambda t: (t.newness, t.annotation_id)) if gold else None
    newest: dict[str, Thing] = {}
    for thing in sorted(of_unit, key=lambda t: (t.newness, t.annotation_id)):
        if thing.annotator is not None:
            newest[thing.annotator] = thing
    for thing in newest.values():
        thing.answered_on = on(thing.at)
        thing.is_checked = right and not thing.is_gold and thing.annotator != right.annotator
        thing.is_correct = thing.is_checked and thing.labels == right.labels
        thing.rated_on = on(max(each.at for each in newest.values()))
    return list(newest.values())


def _units(rows: Rows) -> dict[str, list[list[str]]]:
    """Field → the answers of each unit."""
    units: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        units[row.field, row.source, row.item_id].append(str(row.labels))
    found: dict[str, list[list[str]]] = defaultdict(list)
    for (field, *_), answers in units.items():
        found[field].append(answers)
    return found


def _agreeing(answers: list[str]) -> float:
    pairs = list(combinations(answers, 2))
    return sum(one == two for one, two in pairs) / len(pairs)


def percent(rows: Rows) -> Answer:
    shares = [_agreeing(a) for units in _units(rows).values() for a in units if len(a) > 1]
    return (sum(shares) / len(shares) if shares else None), len(shares)


def alpha(rows: Rows) -> Answer:
    observed = expected = 0.0
    n = 0
    for units in _units(rows).values():
        shared = [answers for answers in units if len(answers) > 1]
        n += len(shared)
        everything = [answer for answers in shared for answer in answers]
        for answers in shared:
            for one, two in combinations(answers, 2):
                observed += 2 * (one != two) / (len(answers) - 1)
        for one, two in combinations(everything, 2):
            expected += 2 * (one != two) / (len(everything) - 1)
    return (1 - observed / expected if expected else None), n


def ac1(rows: Rows) -> Answer:
    agreed = by_chance = 0.0
    n = 0
    for units in _units(rows).values():
        shared = [answers for answers in units if len(answers) > 1]
        n += len(shared)
        agreed += sum(_agreeing(answers) for answers in shared)
        shares: Counter[str] = Counter()
        for answers in units:
            for answer in answers:
                shares[answer] += 1 / len(answers) / len(units)  # type: ignore[assignment]
        if len(shares) > 1:
            chance = sum(s * (1 - s) for s in shares.values()) / (len(shares) - 1)
            by_chance += len(shared) * chance
    if not n:
        return None, 0
    return (agreed / n - by_chance / n) / (1 - by_chance / n), n


def metrics(quantile: Share) -> dict[str, tuple[str, str, str, Callable[[Rows, date], Answer]]]:
    """Metric → (facts, time column, "", the sum), as `by_hand.METRICS`."""

    def of(
        source: str, work_out: Callable[[Rows], Answer], at: str = ""
    ) -> tuple[str, str, str, Callable[[Rows, date], Answer]]:
        at = at or ("annotated_on" if source == "annotations" else "rated_on")
        return source, at, "", lambda rows, _: work_out(rows)

    def done(rows: Rows) -> Rows:
        return [row for row in rows if not row.is_skipped]

    def timed(rows: Rows) -> Rows:
        return [row for row in done(rows) if row.lead_seconds is not None]

    def times(name: str, share: float) -> Callable[[Rows], Answer]:
        def work_out(rows: Rows) -> Answer:
            values = [getattr(row, name) for row in timed(rows)]
            return quantile(values, share), len(values)

        return work_out

    def rate(hits: Callable[[Thing], bool], among: Callable[[Rows], Rows]) -> Callable[..., Answer]:
        def work_out(rows: Rows) -> Answer:
            kept = among(rows)
            return (sum(map(hits, kept)) / len(kept) if kept else None), len(kept)

        return work_out

    def counted(keep: Callable[[Thing], bool], among: Callable[[Rows], Rows]) -> Callable[..., Any]:
        return lambda rows: (float(sum(map(keep, among(rows)))), len(among(rows)))

    def long_time(rows: Rows) -> Answer:
        kept = timed(rows)
        whole = sum(row.lead_seconds for row in kept)
        part = sum(row.lead_seconds for row in kept if row.lead_seconds > 3600)
        return (part / whole if whole else None), len(kept)

    def tool(rows: Rows) -> Answer:
        values = [row.tool_agreement for row in rows if row.tool_agreement is not None]
        return (sum(values) / len(values) if values else None), len(values)

    everything: Callable[[Rows], Rows] = list

    def told(rows: Rows) -> Rows:
        return [row for row in rows if row.says_skips]

    def checked(rows: Rows) -> Rows:
        return [row for row in rows if row.is_checked]

    lead = {
        f"{prefix}lead_time_{words}": of("annotations", times(f"{name}_seconds", share))
        for prefix, name in (("", "lead"), ("capped_", "capped"), ("trimmed_", "trimmed"))
        for words, share in (("p50", 0.5), ("p95", 0.95))
    }
    return lead | {
        "annotations_done": of("annotations", counted(lambda r: True, done)),
        "gold_annotations": of("annotations", counted(lambda r: r.is_gold, everything)),
        "empty_annotations": of("annotations", counted(lambda r: r.is_empty, done)),
        "skip_rate": of("annotations", rate(lambda r: r.is_skipped, told)),
        "tool_agreement": of("annotations", tool),
        "long_annotations": of("annotations", rate(lambda r: r.lead_seconds > 3600, timed)),
        "long_time_share": of("annotations", long_time),
        "idle_trimmed": of(
            "annotations", rate(lambda r: r.trimmed_seconds < r.lead_seconds, timed)
        ),
        "ratings_given": of("ratings", counted(lambda r: True, everything)),
        "gold_accuracy": of("ratings", rate(lambda r: r.is_correct, checked), "answered_on"),
        "percent_agreement": of("ratings", percent),
        "krippendorff_alpha": of("ratings", alpha),
        "gwet_ac1": of("ratings", ac1),
    }
