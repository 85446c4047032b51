"""What was decided on the issue desk as a CSV that Jira's importer takes, and the log as CSV.

Jira's CSV importer maps columns by their heads; "Issue key" makes it update the issue instead of
making one, a comment reads "date;author;text", and dates follow the format stated at the import.
Source: Atlassian, "Import data from a CSV file" (date format dd/MMM/yy h:mm a, comment cells).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from data_access.cases import Case, Step
from data_access.text import csv_bytes

HEADER = ("Issue key", "Summary", "Assignee", "Priority", "Due date", "Labels", "Comment")
DATE_FORMAT = "dd/MMM/yy h:mm a"
LOG_HEADER = (
    "Time (UTC)", "Source", "Issue", "Summary", "What", "State", "Level", "Escalated to", "Owner",
    "Waits for", "Next step", "Due", "Severity", "Note", "By",
)  # fmt: skip
_PRIORITIES = {"Critical": "Highest", "High": "High", "Medium": "Medium", "Low": "Low"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def decisions_csv(cases: Iterable[Case], log: Iterable[Step], *, with_bom: bool) -> bytes:
    """The cases that were handled, one row each, every step of the log as a comment of its own.

    An empty cell leaves the field in Jira as it is. Times are UTC. Text that a spreadsheet would
    take for a formula gets a quote before it.
    """
    steps: dict[tuple[str, str], list[Step]] = {}
    for step in log:
        steps.setdefault((step.case.source, step.case.issue_key), []).append(step)
    listed = [(case, steps.get((case.source, case.issue_key), [])) for case in cases]
    most = max((len(said) for _, said in listed), default=1) or 1
    header = (*HEADER[:-1], *[HEADER[-1]] * most)
    rows = [_row(case, said, most) for case, said in listed]
    return csv_bytes([header, *rows], with_bom=with_bom)


def log_csv(log: Iterable[Step], *, with_bom: bool = True) -> bytes:
    """Steps of the log as CSV, oldest first."""
    rows = [
        (
            f"{s.at:%Y-%m-%d %H:%M:%S}", s.case.source, s.case.issue_key, s.case.summary, s.what,
            s.case.state, str(s.case.level), s.case.escalated_to, s.case.owner, s.case.waits_for,
            s.case.next_step, str(s.case.due_on or ""), s.case.severity, s.note, s.by,
        )
        for s in log
    ]  # fmt: skip
    return csv_bytes([LOG_HEADER, *rows], with_bom=with_bom)


def jira_day(day: date | None) -> str:
    """A day as Jira writes it, "20/Nov/26 12:00 AM"; "" for None."""
    return "" if day is None else f"{day.day:02d}/{_MONTHS[day.month - 1]}/{day:%y} 12:00 AM"


def jira_time(moment: datetime) -> str:
    """A time as Jira writes it, "13/Nov/26 4:05 PM"."""
    clock = f"{moment:%I:%M} {'AM' if moment.hour < 12 else 'PM'}".lstrip("0")
    return f"{moment.day:02d}/{_MONTHS[moment.month - 1]}/{moment:%y} {clock}"


def _row(case: Case, steps: Sequence[Step], most: int) -> tuple[str, ...]:
    comments = [f"{jira_time(s.at)};{s.by.replace(';', ',')};{_said(s)}" for s in steps]
    return (
        case.issue_key,
        case.summary,
        case.owner,
        _PRIORITIES.get(case.severity, ""),
        jira_day(case.due_on),
        f"desk-{case.state.lower()}" if case.version else "",
        *comments,
        *[""] * (most - len(comments)),
    )


def _said(step: Step) -> str:
    """A step as the text of a comment."""
    case = step.case
    parts = [case.closed_as if step.what == "close" else "", step.note]
    if step.what == "escalate":
        parts.insert(0, f"level {case.level}, {case.escalated_to}")
    if step.what in ("triage", "update"):
        parts.insert(0, case.state_words)
        parts.append(f"next: {case.next_step}" if case.next_step else "")
    said = ". ".join(part for part in parts if part)
    verb = step.what.capitalize()
    return f"{verb}: {said}" if said else verb
