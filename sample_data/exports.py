"""What each export of a tool shows: frames of text, with the tool's own column names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data import labeling, world
from sample_data.annotating import Annotations, annotations_of
from sample_data.deliveries import deliveries_of
from sample_data.issues import Issue, Seen, issues_of, seen
from sample_data.plants import CLOCK, REJECTIONS_SINCE, Plant
from sample_data.reviews import reviews_of
from sample_data.work import Simulation
from sample_data.working_time import DAY, Seconds, seconds

ISSUE_EXPORTS, DELIVERY_LISTS, LOG_EXPORTS = 8, 4, 3  # weekly, the newest before the clock
_LATE_SHARE, _LATE_DAYS = 0.02, 4  # rows of the last days that come with the next export
_UNASSIGNED_SHARE = 0.08  # of visits that wait: nobody has been named yet
_NEVER = 2**40
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def mondays(count: int) -> tuple[date, ...]:
    """The days of the last weekly exports, oldest first; each shows all until its midnight."""
    return tuple(CLOCK.date() - timedelta(weeks=back) for back in range(count - 1, -1, -1))


@dataclass
class Sample:
    """All that was simulated, before any export cuts it."""

    seed: int
    plants: frozenset[Plant]
    items: pd.DataFrame = field(init=False)
    visits: pd.DataFrame = field(init=False)
    reviews: pd.DataFrame = field(init=False)
    annotations: Annotations = field(init=False)
    deliveries: pd.DataFrame = field(init=False)
    issues: list[Issue] = field(init=False)
    late_visits: int = field(init=False)
    late_reviews: int = field(init=False)
    faults: int = field(init=False)

    def __post_init__(self) -> None:
        """Simulate; then hold back late rows and set some clocks wrong."""
        simulation = Simulation(self.seed, self.plants)
        self.items, self.visits = simulation.items, simulation.visits()
        self.reviews = reviews_of(self.items, self.visits, self.plants)
        self.annotations = annotations_of(self.items, self.visits, self.seed, self.plants)
        self.deliveries = deliveries_of(self.items, self.seed, self.plants)
        self.issues = issues_of(self.seed, tuple(seconds(day) for day in mondays(ISSUE_EXPORTS)))
        rng = np.random.default_rng([self.seed, 5])
        self.visits["known"] = _known(rng, self.visits["finished"].to_numpy())
        self.reviews["known"] = _known(rng, self.reviews["reviewed"].to_numpy())
        self.late_visits = int((self.visits["known"] > self.visits["finished"]).sum())
        self.late_reviews = int((self.reviews["known"] > self.reviews["reviewed"]).sum())
        self.faults = _set_clocks_wrong(np.random.default_rng([self.seed, 6]), self.visits)


def _known(rng: np.random.Generator, finished: Seconds) -> Seconds:
    """When each row reaches an export: when it is finished, or a week late."""
    known = finished.copy()
    uniform = rng.random(finished.size)
    for day in mondays(LOG_EXPORTS)[:-1]:
        cut = seconds(day)
        is_recent = (finished >= cut - _LATE_DAYS * DAY) & (finished < cut)
        known[is_recent & (uniform < _LATE_SHARE)] = cut
    return known


_FINISH_FAULTS, _START_FAULTS = 12, 4


def _set_clocks_wrong(rng: np.random.Generator, visits: pd.DataFrame) -> int:
    """Let a few visits finish before they start, or start before they are entered."""
    last = seconds(REJECTIONS_SINCE)  # before any plant: the same visits in the twin
    stages = [world.ANNOTATION.name, world.FIRST_REVIEW.name]
    hit = visits.index[visits["stage"].isin(stages) & (visits["finished"] < last)]
    chosen = rng.choice(hit.to_numpy(), size=_FINISH_FAULTS + _START_FAULTS, replace=False)
    minutes = rng.integers(4, 40, chosen.size) * 60
    late, early = chosen[:_FINISH_FAULTS], chosen[_FINISH_FAULTS:]
    visits.loc[late, "finished"] = visits.loc[late, "started"] - minutes[:_FINISH_FAULTS]
    visits.loc[early, "started"] = visits.loc[early, "entered"] - minutes[_FINISH_FAULTS:]
    return int(chosen.size)


def _utc(when: Seconds, *, before: int, mark: str = "T", zone: str = "Z") -> NDArray[np.str_]:
    """Times as text; "" for what is not before a moment."""
    text = np.datetime_as_string(when.astype("datetime64[s]"))
    text = np.char.add(np.char.replace(text, "T", mark), zone)
    return np.where(when < before, text, "")


def work_log(sample: Sample, export: int) -> pd.DataFrame:
    """The rows of a work-log export: the history first, then what changed in a week.

    Args:
        sample: the simulation.
        export: 0 for the history, then 1, 2.
    """
    days = mondays(LOG_EXPORTS)
    cut = seconds(days[export])
    since = seconds(days[export - 1]) if export else 0
    visits = sample.visits
    times = visits[["entered", "started", "known"]]
    is_new = ((times >= since) & (times < cut)).any(axis=1)
    is_shown = (visits["entered"] < cut) & ((visits["finished"] >= cut) | (visits["known"] < cut))
    return _log_rows(sample, visits[is_shown & is_new], cut)


def _log_rows(sample: Sample, rows: pd.DataFrame, cut: int) -> pd.DataFrame:
    items = sample.items.iloc[rows["item"]]
    is_done = (rows["finished"] < cut).to_numpy()
    has_name = (rows["started"] < cut) | (rows["sampled"] >= _UNASSIGNED_SHARE)
    return pd.DataFrame(
        {
            "Task": items["item_id"].to_numpy(),
            "Project": items["project"].to_numpy(),
            "Dataset": items["dataset"].to_numpy(),
            "Team": items["team"].to_numpy(),
            "Stage": rows["stage"].to_numpy(),
            "Assignee": np.where(has_name, rows["assignee"], ""),
            "Entered": _utc(rows["entered"].to_numpy(), before=cut),
            "Started": _utc(rows["started"].to_numpy(), before=cut),
            "Finished": _utc(rows["finished"].to_numpy(), before=cut),
            "Outcome": np.where(is_done, rows["outcome"], ""),
            "Batch": items["batch"].to_numpy(),
            "Due": _utc(items["due"].to_numpy(), before=_NEVER),
        }
    )


def reviews(sample: Sample, export: int) -> pd.DataFrame:
    """The rows of a review-sheet export; numbered as `work_log`'s."""
    days = mondays(LOG_EXPORTS)
    cut = seconds(days[export])
    since = seconds(days[export - 1]) if export else 0
    found = sample.reviews
    rows = found[(found["known"] >= since) & (found["known"] < cut)]
    items = sample.items.iloc[rows["item"]]
    return pd.DataFrame(
        {
            "Review": rows["review_id"].to_numpy(),
            "Task": items["item_id"].to_numpy(),
            "Annotation": rows["annotation_id"].to_numpy(),
            "Project": items["project"].to_numpy(),
            "Dataset": items["dataset"].to_numpy(),
            "Team": items["team"].to_numpy(),
            "Review stage": rows["review_stage"].to_numpy(),
            "Annotator": rows["annotator"].to_numpy(),
            "Reviewer": rows["reviewer"].to_numpy(),
            "Reviewed at": _utc(rows["reviewed"].to_numpy(), before=cut, mark=" ", zone=""),
            "Outcome": rows["outcome"].to_numpy(),
            "Error type": rows["error_type"].to_numpy(),
            "Severity": rows["severity"].to_numpy(),
            "Sampled": np.where(rows["is_sampled"], "yes", "no"),
            "Lot": np.where(rows["is_sampled"], items["batch"] + "-L1", ""),
        }
    )


def ratings(sample: Sample, day: date) -> pd.DataFrame:
    """The full list of annotations on a day."""
    return labeling.rows(sample.annotations, cut=seconds(day))


def delivery_list(sample: Sample, day: date) -> pd.DataFrame:
    """The full delivery list on a day: what is promised for the next three weeks and before."""
    cut = seconds(day)
    found = sample.deliveries
    is_told = (found["promised_on"] < day + timedelta(days=21)) & (found["agreed_on"] < day)
    rows = found[is_told]
    is_here = (rows["delivered"] < cut).to_numpy()
    is_known = (rows["known"] < cut).to_numpy()
    due = np.array([seconds(promised) + DAY for promised in rows["promised_on"]])
    is_late = (rows["delivered"].to_numpy() >= due) & (due <= cut)
    delivered = _utc(rows["delivered"].to_numpy(), before=cut, mark=" ", zone="")
    return pd.DataFrame(
        {
            "Batch": rows["batch"].to_numpy(),
            "Project": rows["project"].to_numpy(),
            "Dataset": rows["dataset"].to_numpy(),
            "Receiving team": rows["team"].to_numpy(),
            "Specification": rows["specification"].to_numpy(),
            "Agreed on": rows["agreed_on"].astype(str).to_numpy(),
            "Promised on": rows["promised_on"].astype(str).to_numpy(),
            "Delivered at": delivered,
            "Items promised": rows["items_promised"].to_numpy(),
            "Items delivered": np.where(is_here, rows["items_delivered"].astype(str), ""),
            "Items accepted": np.where(is_known, rows["items_accepted"].astype(str), ""),
            "Accepted on": [text[:10] for text in _utc(rows["known"].to_numpy(), before=cut)],
            "Reason late": np.where(is_late, rows["late_reason"], ""),
        }
    )


ISSUE_COLUMNS = (
    "Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project key", "Project name",
    "Priority", "Resolution", "Assignee", "Reporter", "Creator", "Created", "Updated", "Resolved",
    "Due date", "Labels", "Labels", "Labels", "Custom field (Team)",
    "Escalated to", "Status Category",
)  # fmt: skip


def issue_export(sample: Sample, day: date) -> list[list[str]]:
    """The rows of a full tracker export on a day, newest issue first, as Jira writes it."""
    shown = [seen(issue, seconds(day)) for issue in sample.issues]
    return [_issue_row(one) for one in reversed(shown) if one is not None]


def _issue_row(one: Seen) -> list[str]:
    issue = one.issue
    labels = [*issue.labels, "", "", ""][:3]
    number = issue.key.rsplit("-", 1)[1]
    due = "" if one.due is None else _jira(seconds(one.due))
    return [
        issue.summary, issue.key, f"10{number}", issue.type, one.status, "OPS", issue.project,
        issue.priority, "Done" if one.resolved else "", issue.assignee, issue.reporter,
        issue.reporter, _jira(issue.created), _jira(one.updated), _jira(one.resolved), due,
        *labels, issue.team, issue.escalation, one.category,
    ]  # fmt: skip


def _jira(at: int | None) -> str:
    """A time as Jira writes it, like 13/Nov/26 4:05 PM; "" for None."""
    if at is None:
        return ""
    moment = datetime.fromtimestamp(at, UTC)
    clock = f"{moment:%I:%M %p}".lstrip("0")
    return f"{moment.day:02d}/{_MONTHS[moment.month - 1]}/{moment:%y} {clock}"
