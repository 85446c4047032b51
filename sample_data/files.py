"""The sample as files on disk, and the order in which they are uploaded."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pandas as pd

from data_access.extracts import EXTRACTS
from sample_data import assignments, desk, exports, office
from sample_data.deliveries import late_batch
from sample_data.exports import DELIVERY_LISTS, ISSUE_EXPORTS, LOG_EXPORTS, Sample, mondays
from sample_data.plants import ALL, CLOCK, Plant, Truths, truths_of
from sample_data.time_in_status import NAMES, with_times
from sample_data.working_time import seconds


@dataclass(frozen=True)
class SampleFile:
    """One file to upload.

    Attributes:
        path: where it is.
        extract: its type.
        answers: question key → answer.
        at: the moment of its upload, naive UTC.
        by: who uploads it.
    """

    path: Path
    extract: str
    answers: dict[str, str]
    at: datetime
    by: str


INTERN, LEAD = "D. Ruiz", "S. Haddad"
_FULL, _PART = {"coverage": "everything"}, {"coverage": "part"}
_UTC = {"zone": "UTC"}


def files(folder: Path) -> tuple[SampleFile, ...]:
    """What to upload, in order, with the answers a person would give."""
    first = mondays(ISSUE_EXPORTS)[0]
    found = [
        _file(folder, "assignments", first, 4, {"source": "Staffing plan"} | _FULL, LEAD),
        _file(folder, "targets", first, 5, {"source": "Targets"} | _FULL, LEAD),
        _file(folder, "markers", first, 6, {"source": "Markers"} | _FULL, LEAD),
        _file(folder, "working_hours", first, 7, {"source": "Office hours"} | _FULL, LEAD),
        _file(folder, "holidays", first, 8, {"source": "Office hours"} | _FULL, LEAD),
        _file(folder, "sla_policies", first, 9, {"source": "Service levels"} | _FULL, LEAD),
        _file(folder, "escalation_ladder", first, 9, {"source": "Service levels"} | _FULL, LEAD),
    ]
    named = {f"status:{one}": name for one, name in NAMES.items()}
    for day in mondays(ISSUE_EXPORTS):
        jira = {"source": "Jira"} | _UTC | _FULL | (named if day == CLOCK.date() else {})
        found.append(_file(folder, "issues", day, 10, jira, INTERN))
        if day in mondays(DELIVERY_LISTS):
            answers = {"source": "Delivery tracker"} | _UTC | _FULL
            found.append(_file(folder, "deliveries", day, 14, answers, INTERN))
        if day in mondays(LOG_EXPORTS):
            log = {"source": "Label Studio", "closed_cases": "no"} | _PART
            found.append(_file(folder, "work_log", day, 20, log, INTERN))
            sheet = {"source": "Review sheets"} | _UTC | _PART
            found.append(_file(folder, "reviews", day, 26, sheet, INTERN))
    ratings = {"source": "Label Studio"} | _FULL
    found.append(_file(folder, "annotations", CLOCK.date(), 32, ratings, INTERN))
    return tuple(found)


def _file(
    folder: Path, extract: str, monday: date, minute: int, answers: dict[str, str], by: str
) -> SampleFile:
    at = datetime.combine(monday, time(6, minute))
    return SampleFile(folder / _name(extract, monday), extract, answers, at, by)


def _name(extract: str, monday: date) -> str:
    if EXTRACTS[extract].is_stated:  # one file each
        return f"{extract}.csv"
    year, week, _ = (monday - timedelta(days=1)).isocalendar()
    return f"{extract}_{year}-W{week:02d}.csv"


# Rows that no contract accepts: somebody's test entries. See TRUTHS.md.
_BAD_LOG_ROWS = {
    0: (
        {"Task": "TEST-1", "Stage": "Intake", "Entered": "2026-06-31T09:00:00Z"},
        {"Task": "TEST-2", "Stage": "", "Entered": "2026-07-01T09:00:00Z"},
    ),
    2: ({"Task": "", "Stage": "Intake", "Entered": "2026-11-10T09:00:00Z"},),
}
_BAD_REVIEW = {
    "Review": "R-TEST", "Task": "RAD-00001", "Review stage": "1",
    "Reviewed at": "2026-11-10 09:00:00", "Outcome": "pending",
}  # fmt: skip
_BAD_REVIEW_ROWS = {2: (_BAD_REVIEW,)}
REFUSED_ROWS = {"work_log": (2, 0, 1), "reviews": (0, 0, 1)}  # per export

# Absolute targets belong to a team's size, so they are data; shares have defaults in the metrics.
TARGETS = (
    ("turnaround_p50", "", "54", "2026-05-18"),
    ("work_in_progress", "", "170", "2026-05-18"),
    ("items_waiting", "", "150", "2026-05-18"),
    ("items_completed", "", "380", "2026-05-18"),
    ("first_pass_acceptance", "", "85%", "2026-05-18"),
    ("first_pass_acceptance", "dataset=Discharge notes", "87%", "2026-07-01"),
    ("rejection_rate", "", "9%", "2026-05-18"),
    ("on_time_delivery", "", "90%", "2026-05-18"),
    ("accepted_share", "", "96%", "2026-05-18"),
    ("issues_overdue", "", "5", "2026-05-18"),
)
MARKERS = (
    ("2026-07-14", "release", "Label tool 5.2", ""),
    ("2026-08-22", "outage", "Storage outage", ""),
    ("2026-09-21", "guideline change", "Guideline v3", "dataset=Radiology reports"),
    ("2026-09-28", "guideline change", "Topic list v2", "dataset=Discharge notes"),
)


def write(folder: Path, *, seed: int = 7, plants: frozenset[Plant] = ALL) -> Truths:
    """Write all extracts as CSV files and say what is planted in them.

    Args:
        folder: made when missing; files of the same names are replaced.
        seed: the same seed gives the same bytes.
        plants: what to plant; `frozenset()` gives the twin without plants, from the same draws.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sample = Sample(seed, plants)
    for number, day in enumerate(mondays(LOG_EXPORTS)):
        log = _with_bad_rows(exports.work_log(sample, number), _BAD_LOG_ROWS.get(number, ()))
        log.to_csv(folder / _name("work_log", day), index=False, lineterminator="\n")
        sheet = _with_bad_rows(exports.reviews(sample, number), _BAD_REVIEW_ROWS.get(number, ()))
        sheet.to_csv(folder / _name("reviews", day), index=False, lineterminator="\n")
    answered = exports.ratings(sample, CLOCK.date())
    answered.to_csv(folder / _name("annotations", CLOCK.date()), index=False, lineterminator="\n")
    for day in mondays(DELIVERY_LISTS):
        listed = exports.delivery_list(sample, day)
        listed.to_csv(folder / _name("deliveries", day), index=False, lineterminator="\n")
    for day in mondays(ISSUE_EXPORTS):
        header: tuple[str, ...] = exports.ISSUE_COLUMNS
        rows = exports.issue_export(sample, day)
        if day == CLOCK.date():
            header, rows = with_times(sample, day)
        _write_rows(folder / _name("issues", day), header, rows)
    _write_rows(folder / "targets.csv", ("Metric", "Scope", "Value", "Valid from"), TARGETS)
    _write_rows(folder / "working_hours.csv", office.OFFICE_HOURS_COLUMNS, office.OFFICE_HOURS)
    _write_rows(folder / "holidays.csv", office.CLOSED_COLUMNS, office.CLOSED)
    _write_rows(folder / "markers.csv", ("Day", "Kind", "Label", "Scope"), MARKERS)
    _write_rows(folder / "sla_policies.csv", desk.POLICY_COLUMNS, desk.POLICIES)
    _write_rows(folder / "escalation_ladder.csv", desk.LADDER_COLUMNS, desk.LADDER)
    _write_rows(folder / "assignments.csv", assignments.COLUMNS, assignments.rows())
    return Truths(seed, CLOCK, truths_of(plants, *late_batch()), _counts(sample))


def _with_bad_rows(rows: pd.DataFrame, bad: Iterable[dict[str, str]]) -> pd.DataFrame:
    extra = pd.DataFrame([*bad], columns=rows.columns)
    return rows if extra.empty else pd.concat([rows.astype(str), extra], ignore_index=True)


def _write_rows(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _counts(sample: Sample) -> dict[str, int]:
    """What the files hold, each thing counted once."""
    cut = seconds(CLOCK.date())
    visits, reviews = sample.visits, sample.reviews
    shown = visits[visits["entered"] < cut]
    made = [issue for issue in sample.issues if issue.created < cut]
    exported = seconds(mondays(ISSUE_EXPORTS)[0])  # what changed before is not seen to change
    listed = exports.delivery_list(sample, CLOCK.date())
    answered = exports.ratings(sample, CLOCK.date())
    is_gold = answered.drop_duplicates("annotation_id")["is_gold"] == "yes"
    return {
        "items": int(shown["item"].nunique()),
        "visits": len(shown),
        "reviews": int((reviews["reviewed"] < cut).sum()),
        "issues": len(made),
        "deliveries": len(listed),
        "late visits": sample.late_visits,
        "late reviews": sample.late_reviews,
        "reopened issues": sum((issue.reopened or 0) >= exported for issue in made),
        "redated issues": sum((issue.redated or 0) >= exported for issue in made),
        "vanished issues": sum(issue.vanished is not None for issue in made),
        "refused rows": sum(map(sum, REFUSED_ROWS.values())),
        "flagged visits": sample.faults,
        "flagged issues": sum(issue.resolved < issue.created for issue in made),
        "annotations": int((~is_gold).sum()),
        "annotation rows": len(answered),
        "gold items": int(is_gold.sum()),
    }
