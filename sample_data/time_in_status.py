"""Jira's Time in Status of resolved tickets: which statuses they went through, how long, how often.

The newest export carries it, as on a site where the field was added last week. Each ticket draws
from a stream of its own, so that nothing else of the sample changes.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from sample_data.exports import ISSUE_COLUMNS, Sample, issue_export
from sample_data.issues import Issue, seen
from sample_data.working_time import seconds

COLUMN = "Custom field ([CHART] Time in Status)"
TO_DO, PROGRESS, REVIEW, DONE = "10000", "3", "10010", "10001"
NAMES = {TO_DO: "To Do", PROGRESS: "In Progress", REVIEW: "In Review", DONE: "Done"}
CAME_BACK = 0.2  # of tickets, reviewed and sent back once
_REVIEW_SHARE = (2.0, 4.0)  # of the active time, a third on average


def with_times(sample: Sample, day: date) -> tuple[tuple[str, ...], list[list[str]]]:
    """The header and the rows of a day's tracker export with the column."""
    by_key = {issue.key: issue for issue in sample.issues}
    rows = issue_export(sample, day)
    place = ISSUE_COLUMNS.index("Issue key")
    return (*ISSUE_COLUMNS, COLUMN), [
        [*row, _cell(sample.seed, by_key[row[place]], seconds(day))] for row in rows
    ]


def _cell(seed: int, issue: Issue, at: int) -> str:
    """What Jira packs for a ticket; "" where it is not resolved or its clock was wrong."""
    shown = seen(issue, at)
    if shown is None or shown.resolved is None or shown.resolved < issue.created:
        return ""
    rng = np.random.default_rng([seed, 31, int(issue.key.rsplit("-", 1)[1])])
    visits = 1 + int(rng.random() < CAME_BACK)
    is_again = shown.resolved == issue.resolved_again and issue.reopened is not None
    rested = issue.reopened - issue.resolved if is_again and issue.reopened else 0
    waited = issue.started - issue.created
    active = shown.resolved - issue.created - rested - waited
    reviewed = int(rng.beta(*_REVIEW_SHARE) * active)
    spent = {
        TO_DO: (1, waited),
        PROGRESS: (visits + is_again, active - reviewed),
        REVIEW: (visits, reviewed),
        DONE: (1 + is_again, rested),
    }
    return "_*|*_".join(f"{one}_*:*_{n}_*:*_{time * 1000}" for one, (n, time) in spent.items())
