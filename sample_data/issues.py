"""Tickets of the tracker, and what a full export shows of them on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from sample_data import world
from sample_data.work import chosen
from sample_data.working_time import DAY, WorkingClock, arrivals, seconds

_SINCE = date(2026, 3, 2)  # the tracker is older than the log: no ramp in its open issues
_WEEKS = 37
_A_WEEK = 13.5
_TYPES = (("Task", 0.40), ("Bug", 0.30), ("Question", 0.20), ("Incident", 0.10))
_PRIORITIES = (("Highest", 0.06), ("High", 0.22), ("Medium", 0.50), ("Low", 0.22))
_DUE_DAYS = {"Highest": 3, "High": 5, "Medium": 9, "Low": 16}
_OWNERS = ("A. Levin", "H. Weiss", "K. Sato", "W. Baker", "E. Garcia", "T. Brandt")
_REPORTERS = (*world.FIRST_REVIEWERS, *world.SECOND_REVIEWERS, *world.COORDINATORS)
_LABELS = ("guideline", "tooling", "data-quality", "access", "export", "training")
_ESCALATED_TO = ("Ops director", "AI governance board")
_SUMMARIES = {
    "Task": ("Prepare calibration set for {0}", "Add {0} to the sampling plan",
             "Update reviewer roster for {0}", "Write worked examples for {0}"),
    "Bug": ("Label tool drops zoom on {0}", "Export of {0} lacks two columns",
            "Duplicate rows in {0}", "Wrong default label on {0}"),
    "Question": ("Guideline unclear on {0}", "Who signs off {0}?",
                 "How to label borderline cases in {0}?"),
    "Incident": ("Sync of {0} failed overnight", "Access to {0} lost for an hour",
                 "{0} opened slowly this morning"),
}  # fmt: skip
_FAULTY = 3


@dataclass
class Issue:
    """One ticket and what happens to it; times in seconds, None = never.

    Attributes:
        key, project, team, type, summary, priority, assignee, reporter, labels, escalation: as
            in an export.
        created, started, resolved: its first life.
        reopened, resolved_again: its second life.
        due, new_due, redated: the day it is due, the later day, and when that was agreed.
        vanished: when it was deleted.
    """

    key: str
    project: str
    team: str
    type: str
    summary: str
    priority: str
    assignee: str
    reporter: str
    labels: tuple[str, ...]
    escalation: str
    created: int
    started: int
    resolved: int
    due: date | None
    reopened: int | None = None
    resolved_again: int | None = None
    new_due: date | None = None
    redated: int | None = None
    vanished: int | None = None


@dataclass(frozen=True)
class Seen:
    """What an export shows of a ticket at one moment."""

    issue: Issue
    status: str
    category: str
    updated: int
    resolved: int | None
    due: date | None


def issues_of(seed: int, snapshots: tuple[int, ...]) -> list[Issue]:
    """All tickets by time of creation; some live twice, move their due day or vanish.

    Args:
        seed: of the random draws.
        snapshots: the moments of the exports, in seconds, oldest first.
    """
    rng = np.random.default_rng([seed, 15])
    created = arrivals(rng, _SINCE, _WEEKS, a_week=_A_WEEK)
    clock = WorkingClock(_SINCE, _WEEKS + 30)
    found = [_issue(rng, number, int(at), clock) for number, at in enumerate(created, start=101)]
    weeks = tuple(range(seconds(_SINCE) + 14 * DAY, snapshots[-1] + 1, 7 * DAY))
    _reopen(rng, found, weeks)
    _redate(rng, found, weeks)
    _vanish(found, snapshots)
    _fault(rng, found)
    return found


def _issue(rng: np.random.Generator, number: int, created: int, clock: WorkingClock) -> Issue:
    dataset = world.DATASETS[int(rng.choice(6, p=[d.share for d in world.DATASETS]))]
    team = dataset.teams[int(chosen(rng.random(1), np.array([s for _, s in dataset.teams]))[0])][0]
    kind, priority = (
        names[int(rng.choice(len(names), p=[share for _, share in names]))][0]
        for names in (_TYPES, _PRIORITIES)
    )
    hours = rng.lognormal(np.log(30.0), 0.75) * (5.0 if rng.random() < 0.03 else 1.0)
    resolved = int(clock.after(np.array([created]), np.array([hours]))[0])
    summaries = _SUMMARIES[kind]
    labels = rng.choice(_LABELS, size=int(rng.integers(0, 4)), replace=False)
    has_due, is_escalated = rng.random() < 0.8, rng.random() < 0.04
    return Issue(
        key=f"OPS-{number}",
        project=dataset.project,
        team=team,
        type=kind,
        summary=summaries[int(rng.integers(len(summaries)))].format(dataset.name),
        priority=priority,
        assignee=str(rng.choice(_OWNERS)),
        reporter=str(rng.choice(_REPORTERS)),
        labels=tuple(sorted(str(label) for label in labels)),
        escalation=str(rng.choice(_ESCALATED_TO)) if is_escalated else "",
        created=created,
        started=created + int(0.3 * (resolved - created)),
        resolved=resolved,
        due=_day(created) + timedelta(days=_DUE_DAYS[priority]) if has_due else None,
    )


def _day(at: int) -> date:
    return date(1970, 1, 1) + timedelta(days=at // DAY)


def _reopen(rng: np.random.Generator, issues: list[Issue], weeks: tuple[int, ...]) -> None:
    """Each week, reopen one issue that was resolved when the week began and is not at its end.

    A tracker keeps only the last resolution, so reopened issues look open all the time. They are
    as many before the first export as after, or open issues would seem to rise.
    """
    for begin, end in pairwise(weeks):
        resolved = [i for i in issues if begin - 7 * DAY < i.resolved < begin and not i.reopened]
        issue = resolved[int(rng.integers(len(resolved)))]
        issue.reopened = begin + int(rng.uniform(0.3, 4.5) * DAY)
        issue.resolved_again = end + int(rng.uniform(0.4, 4.4) * DAY)


def _redate(rng: np.random.Generator, issues: list[Issue], weeks: tuple[int, ...]) -> None:
    """Each week, agree on a later due day for one issue that was open when the week began."""
    for begin in weeks[:-1]:
        open_ones = [
            i for i in issues if i.created < begin < i.resolved and i.due and not i.redated
        ]
        if open_ones:
            issue = open_ones[int(rng.integers(len(open_ones)))]
            issue.redated = begin + min(3 * DAY, (issue.resolved - begin) // 5)
            issue.new_due = issue.due + timedelta(days=7) if issue.due else None


def _vanish(issues: list[Issue], snapshots: tuple[int, ...]) -> None:
    """Delete the youngest issue of the last export but two, open until then."""
    shown, gone = snapshots[-3], snapshots[-2]
    issue = [i for i in issues if i.created < shown and not i.reopened][-1]
    issue.resolved = max(issue.resolved, gone)
    issue.vanished = gone - DAY


def _fault(rng: np.random.Generator, issues: list[Issue]) -> None:
    """Set the clock of some old issues wrong: resolved before created."""
    old = [i for i in issues[60:220] if not i.reopened]
    for index in rng.choice(len(old), size=_FAULTY, replace=False):
        old[int(index)].resolved = old[int(index)].created - 1800


def seen(issue: Issue, at: int) -> Seen | None:
    """What an export at that moment shows of the ticket; None when it is not in it."""
    if issue.created >= at or (issue.vanished is not None and issue.vanished < at):
        return None
    is_again = issue.reopened is not None and issue.reopened < at
    resolved = issue.resolved_again if is_again else issue.resolved
    is_done = resolved is not None and resolved < at
    is_moved = issue.redated is not None and issue.redated < at
    moments = [issue.created, issue.started, issue.resolved, issue.reopened]
    moments += [issue.resolved_again, issue.redated]
    status, category = _status(issue, at, is_done=is_done, is_again=is_again)
    return Seen(
        issue=issue,
        status=status,
        category=category,
        updated=max(moment for moment in moments if moment is not None and moment < at),
        resolved=resolved if is_done else None,
        due=issue.new_due if is_moved else issue.due,
    )


def _status(issue: Issue, at: int, *, is_done: bool, is_again: bool) -> tuple[str, str]:
    if is_done:
        return "Done", "Done"
    if is_again:
        return "Reopened", "In Progress"
    return ("In Progress", "In Progress") if issue.started < at else ("To Do", "To Do")
