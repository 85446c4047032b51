"""Issues: tickets of a tracker such as Jira."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Fill, Rule, Type
from data_access.extracts.tracker_words import category_words, headers, status_words


def _from_status() -> str:
    """SQL: the status category of a status that says it by its name; null for another."""
    branches = " ".join(f"when '{name}' then '{c}'" for name, c in status_words().items())
    return f"case lower(status) {branches} end"


_IS_DONE = f"coalesce(status_category, {_from_status()}) = 'Done'"
_WHEN_DONE = (
    "coalesce(canceled_at, "
    f"case when {_IS_DONE} then coalesce(category_changed_at, updated_at) end)"
)
_STANDS_IN = (
    "Done and without a time of resolution; the time its status category changed stands in, or "
    "where there is none the time of its last update, by when it was done."
)

ISSUES = Extract(
    name="issues",
    label="Issue export",
    description="One row per issue of a tracker, from a Jira CSV export or a like one.",
    columns=(
        Column(
            name="issue_key",
            label="Key",
            type=Type.TEXT,
            required=True,
            example="OPS-412",
            description="The issue's key.",
            aliases=("issue key", "key", "id", "ticket", "ticket id", *headers("issue_key")),
        ),
        Column(
            name="project",
            label="Project",
            type=Type.TEXT,
            example="Chest CT",
            description="The project the issue belongs to.",
            aliases=("project name", "project key", *headers("project")),
        ),
        Column(
            name="team",
            label="Team",
            type=Type.TEXT,
            example="Radiology",
            description="The team that owns the issue.",
            aliases=("custom field (team)", "squad", "component", "components", *headers("team")),
        ),
        Column(
            name="type",
            label="Type",
            type=Type.TEXT,
            example="Bug",
            description="The kind of issue.",
            aliases=("issue type", "ticket type", *headers("type")),
        ),
        Column(
            name="summary",
            label="Summary",
            type=Type.TEXT,
            example="Guideline unclear on nodules",
            description="The issue in one line.",
            aliases=("title", "subject", "task", *headers("summary")),
        ),
        Column(
            name="priority",
            label="Priority",
            type=Type.TEXT,
            example="High",
            description="The priority, in the tracker's words.",
            aliases=headers("priority"),
        ),
        Column(
            name="status",
            label="Status",
            type=Type.TEXT,
            example="In Progress",
            description="The status, in the tracker's words.",
            aliases=headers("status"),
        ),
        Column(
            name="status_category",
            label="Status category",
            type=Type.CHOICE,
            example="In Progress",
            choices=("To Do", "In Progress", "Done"),
            choice_aliases={
                "new": "To Do",
                "open": "To Do",
                "indeterminate": "In Progress",
                "complete": "Done",
                "closed": "Done",
                **category_words(),
            },
            asks=True,
            description="What the status means: To Do, In Progress or Done.",
            aliases=headers("status_category"),
        ),
        Column(
            name="category_changed_at",
            label="Status category changed",
            type=Type.TIMESTAMP,
            example="",
            description=(
                "When the status category last changed; stands in for Resolved where an issue is "
                "Done and the tracker does not say when it was resolved. Where this is missing "
                "too, Updated stands in."
            ),
            aliases=("status category changed at", *headers("category_changed_at")),
        ),
        Column(
            name="assignee",
            label="Assignee",
            type=Type.TEXT,
            example="S. Haddad",
            is_person=True,
            description="Who works on it.",
            aliases=("owner", *headers("assignee")),
        ),
        Column(
            name="reporter",
            label="Reporter",
            type=Type.TEXT,
            example="D. Ruiz",
            is_person=True,
            description="Who raised it.",
            aliases=("reported by", *headers("reporter")),
        ),
        Column(
            name="created_at",
            label="Created",
            type=Type.TIMESTAMP,
            required=True,
            example="2026-11-02 09:14:00",
            description="When it was raised.",
            aliases=("created", "date created", "opened", *headers("created_at")),
        ),
        Column(
            name="updated_at",
            label="Updated",
            type=Type.TIMESTAMP,
            example="2026-11-10 16:00:00",
            description="When it last changed.",
            aliases=("updated", "last updated", *headers("updated_at")),
        ),
        Column(
            name="due_on",
            label="Due",
            type=Type.DATE,
            example="2026-11-20",
            description="The day it should be solved by.",
            aliases=("due date", "due", *headers("due_on")),
        ),
        Column(
            name="resolved_at",
            label="Resolved",
            type=Type.TIMESTAMP,
            example="",
            description="When it was solved; empty while it is open.",
            aliases=(
                "resolved",
                "finished date",
                "resolution date",
                "closed",
                *headers("resolved_at"),
            ),
        ),
        Column(
            name="canceled_at",
            label="Canceled",
            type=Type.TIMESTAMP,
            example="",
            description="When it was dropped without being solved; it counts as resolved then.",
            aliases=("cancelled", "cancelled at", *headers("canceled_at")),
        ),
        Column(
            name="resolution",
            label="Resolution",
            type=Type.TEXT,
            example="",
            description="How it was solved.",
            aliases=headers("resolution"),
        ),
        Column(
            name="labels",
            label="Labels",
            type=Type.TEXT,
            example="guideline",
            description="Its labels; repeated columns are joined by a comma.",
            repeats="join",
            aliases=("label", *headers("labels")),
        ),
        Column(
            name="story_points",
            label="Story points",
            type=Type.DECIMAL,
            example="3",
            description="Its estimated size, in the unit of the team.",
            aliases=(
                "custom field (story points)",
                "custom field (story point estimate)",
                "story point estimate",
                "estimate",
            ),
        ),
        Column(
            name="escalation",
            label="Escalation",
            type=Type.TEXT,
            example="",
            description="To whom it was escalated.",
            aliases=("escalated to", "escalated", "custom field (escalated to)"),
        ),
        Column(
            name="sprint",
            label="Sprint",
            type=Type.TEXT,
            example="Sprint 12",
            description="The sprint it is in; of repeated columns the last one that is filled.",
            repeats="last",
            aliases=headers("sprint"),
        ),
        Column(
            name="comments",
            label="Comments",
            type=Type.INTEGER,
            example="2",
            minimum=0,
            description="How many comments it has. What they say is never stored.",
            reads="count",
            aliases=("comment", *headers("comments")),
        ),
        Column(
            name="last_comment_at",
            label="Last comment",
            type=Type.TIMESTAMP,
            example="2026-11-10 16:00:00",
            description="When the last comment was written.",
            reads="moment",
            beside="comments",
        ),
        Column(
            name="logged_hours",
            label="Logged hours",
            type=Type.DECIMAL,
            unit="hours",
            example="",
            minimum=0,
            description=(
                "Hours of work logged on it, summed over the entries of Jira's work log, which "
                "hold seconds. What they say is never stored."
            ),
            reads="hours",
            aliases=("log work", *headers("logged_hours")),
        ),
    ),
    key=("issue_key",),
    fills=(
        Fill(
            column="status_category",
            needs=("status",),
            sql=_from_status(),
            reason="No status category; the status says it by its name.",
            is_said=False,
        ),
        Fill(
            column="resolved_at",
            needs=(),
            sql=_WHEN_DONE,
            reason=_STANDS_IN,
        ),
    ),
    rules=(
        Rule(
            name="resolved_before_created",
            broken_when="resolved_at < created_at",
            column="resolved_at",
            refuses=False,
            reason="Resolved before it was created; its time to resolve is left out.",
        ),
        Rule(
            name="done_without_a_time",
            broken_when="status_category = 'Done' and resolved_at is null",
            column="status_category",
            refuses=False,
            reason="Done, but no time says since when; it counts as open.",
        ),
    ),
    as_of="updated_at",
    time_columns=("updated_at", "resolved_at", "created_at"),
    cadence_days=7,
    is_followed=True,
)
