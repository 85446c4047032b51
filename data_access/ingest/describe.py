"""The dry run as plain values, for the command line and for scripts."""

from __future__ import annotations

from typing import Any

from data_access.ingest.model import DryRun, Summary
from data_access.ingest.refused import rows_as_dicts


def describe(dry_run: DryRun) -> dict[str, Any]:
    """The dry run as values that JSON can hold; `lines` says it in sentences."""
    return {
        "lines": lines(dry_run),
        "file": dry_run.file_name,
        "sha256": dry_run.sha256,
        "type": dry_run.extract,
        "source": dry_run.source,
        "read_as": dry_run.detected.words if dry_run.detected else "",
        "columns": dry_run.mapping,
        "left_out": {left.theirs: left.why for left in dry_run.left_out},
        "rows": dry_run.rows,
        "accepted": dry_run.accepted,
        "new": dry_run.new,
        "changed": dry_run.changed,
        "same": dry_run.same,
        "vanished": dry_run.vanished,
        "refused": dry_run.refused,
        "repeated": dry_run.repeated,
        "flagged": [
            {"column": f.column, "reason": f.reason, "rows": f.rows} for f in dry_run.flagged
        ],
        "as_of": dry_run.as_of.isoformat() if dry_run.as_of else None,
        "zone": dry_run.zone,
        "coverage": dry_run.coverage,
        "summaries": [_summary(s, dry_run.previous.get(s.name)) for s in dry_run.summaries],
        "refused_rows": rows_as_dicts(dry_run.first_refused),
        "questions": [
            {"key": q.key, "text": q.text, "choices": list(q.choices), "default": q.default}
            for q in dry_run.questions
        ],
        "notes": list(dry_run.notes),
        "refusal": dry_run.refusal.text if dry_run.refusal else "",
        "first_fix": dry_run.refusal.first_fix if dry_run.refusal else "",
        "same_as": dry_run.same_as,
        "also": [describe(one) for one in dry_run.also],
    }


def lines(dry_run: DryRun) -> list[str]:
    """The dry run in sentences."""
    told = []
    if dry_run.detected and dry_run.columns:
        told.append(
            f"{dry_run.columns.extract.label} · {dry_run.detected.words} · "
            f"{len(dry_run.matched)} columns used, {len(dry_run.left_out)} left out"
        )
    if dry_run.source:
        told.append(f"Source: {dry_run.source}")
    if dry_run.refusal:
        return [*told, f"Refused. {dry_run.refusal.text}"]
    if dry_run.is_same_file:
        return [*told, *dry_run.notes]
    if dry_run.accepted:
        told.append(
            f"{dry_run.accepted:,} of {dry_run.rows:,} rows can be accepted: {dry_run.new:,} new, "
            f"{dry_run.changed:,} changed, {dry_run.same:,} same; {dry_run.vanished:,} vanished, "
            f"{dry_run.refused:,} refused."
        )
    told += [f"Also in this file: {beside(one)}." for one in dry_run.also]
    told += dry_run.notes
    if dry_run.left_out:
        told.append(f"Left out: {', '.join(left.theirs for left in dry_run.left_out)}.")
    if dry_run.refused > len(dry_run.first_refused):
        shown = len(dry_run.first_refused)
        told.append(f"{shown:,} of the {dry_run.refused:,} refused rows are shown here.")
    return told


def beside(one: DryRun) -> str:
    """A further table of a file in a few words: "305 reviews (300 new, 5 refused)"."""
    name = one.extract.replace("_", " ")
    if one.refusal:
        return f"{name}, which are refused: {one.refusal.error.what.rstrip('.')}"
    counts = {
        "new": one.new,
        "changed": one.changed,
        "same": one.same,
        "vanished": one.vanished,
        "refused": one.refused,
    }
    shown = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    return f"{_of_kind(one.rows, one)} ({shown})"


def left_beside(one: DryRun) -> str:
    """The refused rows of a further table: "5 reviews"; "" without any."""
    return _of_kind(one.refused, one) if one.refused else ""


def _of_kind(count: int, one: DryRun) -> str:
    name = one.extract.replace("_", " ")
    return f"{count:,} {name.removesuffix('s') if count == 1 else name}"


def _summary(now: Summary, before: Summary | None) -> dict[str, Any]:
    def values(s: Summary) -> dict[str, Any]:
        return {
            "filled": s.filled,
            "distinct": s.distinct,
            "minimum": s.minimum,
            "maximum": s.maximum,
            "mean": s.mean,
            "most_frequent": s.most_frequent,
        }

    return {"column": now.name, **values(now), "before": values(before) if before else None}
