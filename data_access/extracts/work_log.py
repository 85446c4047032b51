"""The work log: visits of work items to stages."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Rule, Type

WORK_LOG = Extract(
    name="work_log",
    label="Work log",
    description=(
        "One row per visit of a work item to a stage, from the annotation tool or workflow "
        "system. An event log with one time an event is accepted too. Visits of an item with the "
        "same time of entry follow each other by their finish, an open one last, then by their "
        "lines in the file."
    ),
    columns=(
        Column(
            name="item_id",
            label="Item",
            type=Type.TEXT,
            required=True,
            example="CT-00042",
            description="The work item: a task, case, document or image.",
            aliases=(
                "item",
                "task",
                "task id",
                "case",
                "case id",
                "caseid",
                "case:concept:name",
                "document",
                "document id",
                "work item",
                "id",
            ),
        ),
        Column(
            name="project",
            label="Project",
            type=Type.TEXT,
            example="Chest CT",
            description="The project the item belongs to.",
            aliases=("project name", "case:project", "program"),
        ),
        Column(
            name="dataset",
            label="Dataset",
            type=Type.TEXT,
            example="CT batch 7",
            description="The dataset or collection the item belongs to.",
            aliases=("data set", "collection", "case:dataset"),
        ),
        Column(
            name="team",
            label="Team",
            type=Type.TEXT,
            example="Radiology",
            description="The team that did the visit.",
            aliases=("org:group", "group", "department", "team name"),
        ),
        Column(
            name="stage",
            label="Stage",
            type=Type.TEXT,
            required=True,
            example="First review",
            description="The stage or activity visited.",
            aliases=("activity", "concept:name", "step", "status", "task name", "event"),
        ),
        Column(
            name="assignee",
            label="Assignee",
            type=Type.TEXT,
            example="A. Novak",
            is_person=True,
            description="Who did the visit.",
            aliases=("org:resource", "resource", "user", "worker", "assigned to", "performer"),
        ),
        Column(
            name="entered_at",
            label="Entered at",
            type=Type.TIMESTAMP,
            example="2026-11-09 08:15:00",
            description="When the item arrived at the stage.",
            aliases=("entered", "arrived at", "arrived", "queued at", "enqueued at"),
        ),
        Column(
            name="started_at",
            label="Started at",
            type=Type.TIMESTAMP,
            example="2026-11-09 10:40:00",
            description="When somebody began working on it.",
            aliases=("started", "start time", "start", "start_timestamp", "begin"),
        ),
        Column(
            name="finished_at",
            label="Finished at",
            type=Type.TIMESTAMP,
            example="2026-11-09 11:05:00",
            description="When the visit ended; empty while it lasts.",
            aliases=("finished", "finish time", "end", "end time", "completed at", "ended at"),
        ),
        Column(
            name="event_at",
            label="Event at",
            type=Type.TIMESTAMP,
            example="",
            description=(
                "The one time of an event log; leave entered, started and finished empty."
            ),
            aliases=(
                "at",
                "timestamp",
                "time:timestamp",
                "event time",
                "time",
                "complete timestamp",
            ),
        ),
        Column(
            name="outcome",
            label="Outcome",
            type=Type.TEXT,
            example="done",
            description="How the visit ended, in the source's words.",
            aliases=("result", "lifecycle:transition"),
        ),
        Column(
            name="batch",
            label="Batch",
            type=Type.TEXT,
            example="CT-B07",
            description="The delivery batch the item belongs to.",
            aliases=("batch id", "delivery", "lot"),
        ),
        Column(
            name="due_at",
            label="Due at",
            type=Type.TIMESTAMP,
            example="2026-11-20 17:00:00",
            description="When the item should be complete, as the source states it.",
            aliases=("due", "deadline", "planned end", "case:enddate_planned", "case:deadline"),
        ),
        Column(
            name="closed_at",
            label="Closed at",
            type=Type.TIMESTAMP,
            example="2026-11-12 15:20:00",
            description="When the item was closed, as the source states it.",
            aliases=("closed", "case:enddate", "case end"),
        ),
    ),
    key=("item_id", "stage", ("entered_at", "event_at")),
    one_of=(("entered_at", "event_at"),),
    rules=(
        Rule(
            name="starts_before_it_enters",
            broken_when="started_at < entered_at",
            column="started_at",
            refuses=False,
            reason="It was started before it was entered; its queue time is left out.",
        ),
        Rule(
            name="finishes_before_it_starts",
            broken_when="finished_at < greatest(started_at, entered_at)",
            column="finished_at",
            refuses=False,
            reason="It finished before it began; its times are left out.",
        ),
    ),
    time_columns=("finished_at", "event_at", "started_at", "entered_at"),
    cadence_days=7,
    asks_closed_cases=True,
)
