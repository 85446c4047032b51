"""The issue desk as it was worked: policies, a ladder, a dozen issues handled. See TRUTHS.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from data_access.cases import TRIAGED, WAITING, Case
from data_access.store import Store
from metrics.issues import ISSUES_OPENED, ISSUES_RESOLVED
from metrics.periods import Period
from metrics.scope import scope
from sample_data.plants import CLOCK, FIRST_DAY

if TYPE_CHECKING:
    from data_access.records import Records

POLICY_COLUMNS = (
    "Severity", "Team", "Response hours", "Resolution hours", "Clock", "Pauses", "Valid from",
)  # fmt: skip
_PAUSES = "Waiting for the reporter; On hold"
POLICIES = (
    ("Critical", "", "2", "16", "calendar", "", "2026-01-01"),
    ("High", "", "4", "40", "business", _PAUSES, "2026-01-01"),
    ("Medium", "", "8", "60", "business", _PAUSES, "2026-01-01"),
    ("Low", "", "24", "120", "business", _PAUSES, "2026-01-01"),
)
LADDER_COLUMNS = ("Level", "Team", "Escalate to", "After", "Hours", "Valid from")
LADDER = (
    ("1", "", "Team lead", "resolution breached", "0", "2026-01-01"),
    ("2", "", "Ops director", "resolution breached", "72", "2026-01-01"),
    ("3", "", "AI governance board", "resolution breached", "480", "2026-01-01"),
)
_CLOSED = 5  # issues resolved in the last week that the desk closed, too
_LAST_WEEK = Period(date(2026, 11, 9), date(2026, 11, 16))

# What was done, each with its hours after the issue was created: (hours, what, values).
_Steps = Sequence[tuple[float, str, dict[str, Any]]]
_TRIAGE = _UPDATE = "triage"
_OF_OPEN: tuple[_Steps, ...] = (  # the oldest open issues, in order
    (
        (4, _TRIAGE, {"owner": "A. Levin", "next_step": "Reproduce it with the reporter's case",
                      "due": 2}),
        (26, _UPDATE, {"owner": "A. Levin", "next_step": "Get an example", "due": 5,
                       "waits_for": "the reporter"}),
        (98, _UPDATE, {"owner": "A. Levin", "next_step": "Agree on a fix with the tool team",
                       "due": 7}),
        (240, "escalate", {"level": 1, "to": "Team lead",
                           "reason": "The fix has no date and the work stands"}),
        (600, "escalate", {"level": 2, "to": "Ops director",
                           "reason": "It came back after the first fix"}),
        (626, "note", {"text": "The tool team promised a build for Wednesday"}),
    ),
    (
        (5, _TRIAGE, {"owner": "K. Sato", "next_step": "Measure how often it happens", "due": 5}),
        (50, _UPDATE, {"owner": "K. Sato", "next_step": "Decide on a second server", "due": 14,
                       "waits_for": "a decision"}),
        (330, "escalate", {"level": 1, "to": "Team lead",
                           "reason": "Nobody decided in two weeks"}),
    ),
    (
        (8, _TRIAGE, {"owner": "W. Baker", "next_step": "Ask for the new names", "due": 3}),
        (22, _UPDATE, {"owner": "W. Baker", "next_step": "Enter the names", "due": 12,
                       "waits_for": "the reporter"}),
    ),
    ((6, _TRIAGE, {"owner": "E. Garcia", "next_step": "Ask the pathology lead", "due": 4}),),
    (
        (3, _TRIAGE, {"owner": "H. Weiss", "next_step": "Read the access log", "due": 4,
                      "severity": "High"}),
        (27, _UPDATE, {"owner": "H. Weiss", "next_step": "Get the log of the storage", "due": 6,
                       "severity": "High", "waits_for": "another team"}),
    ),
    (
        (20, _TRIAGE, {"owner": "T. Brandt", "next_step": "Compare with the older request",
                       "due": 5}),
        (28, "close", {"reason": "Duplicate", "note": "The same as an older request"}),
        (52, "reopen", {"reason": "Another batch: not the same after all"}),
    ),
)  # fmt: skip


def write_desk(records: Records, store: Store, *, by: str) -> None:
    """Handle the six oldest open issues, five of those resolved last week, and one that vanished.

    Everything else that is open stays new.
    """
    everything = scope(Period(FIRST_DAY, CLOCK.date()))
    opened = store.rows(ISSUES_OPENED, everything).to_pylist()
    opened.sort(key=lambda row: (row["created_at"], row["issue_key"]))
    still_open = [row for row in opened if row["left_on"] is None]
    for row, steps in zip(still_open, _OF_OPEN, strict=False):
        _handle(records, row, steps, by)
    resolved = store.rows(ISSUES_RESOLVED, scope(_LAST_WEEK)).to_pylist()
    resolved.sort(key=lambda row: (row["resolved_at"], row["issue_key"]))
    for row in [row for row in resolved if not row["has_bad_clock"]][:_CLOSED]:
        hours = (row["resolved_at"] - row["created_at"]) / timedelta(hours=1)
        triaged = min(3.0, hours / 2)
        _handle(records, row, (
            (triaged, _TRIAGE, {"owner": "K. Sato", "next_step": "Answer it", "due": 7}),
            (hours + 2, "close", {"reason": "Resolved", "note": "Checked with the reporter"}),
        ), by)  # fmt: skip
    gone = [row for row in opened if row["left_on"] is not None and row["resolved_at"] is None]
    for row in gone[-1:]:
        asked = {"owner": "K. Sato", "next_step": "Ask what it is about", "due": 3}
        _handle(records, row, ((3, _TRIAGE, asked),), by)


def _handle(records: Records, row: dict[str, Any], steps: _Steps, by: str) -> None:
    """Do the steps that lie before the clock of the sample."""
    case = Case(source=row["source"], issue_key=row["issue_key"], summary=row["summary"])
    for hours, what, values in steps:
        at = (row["created_at"] + timedelta(hours=hours)).replace(second=0, microsecond=0)
        if at < CLOCK:
            case = _step(records, case, what, values, row["created_at"], at, by)


def _step(
    records: Records,
    case: Case,
    what: str,
    values: dict[str, Any],
    created: datetime,
    at: datetime,
    by: str,
) -> Case:
    if what != _TRIAGE:
        done: Case = getattr(records.desk, what)(case, **values, by=by, at=at)
        return done
    waits = values.get("waits_for", "")
    return records.desk.triage(
        replace(
            case,
            owner=values["owner"],
            next_step=values["next_step"],
            due_on=created.date() + timedelta(days=values["due"]),
            severity=values.get("severity", ""),
            state=WAITING if waits else TRIAGED,
            waits_for=waits,
        ),
        by=by,
        at=at,
    )
