"""Annotations: what annotators answered, from an annotation tool or a plain list of ratings."""

from __future__ import annotations

from data_access.extracts.model import Column, Extract, Rule, Type

_WHO_AND_WHAT = (
    Column(
        name="annotation_id",
        label="Annotation",
        type=Type.TEXT,
        required=True,
        example="A-88213",
        description="The annotation; its answers stand in as many rows as it has labels.",
        aliases=("annotation", "assignment id", "response id"),
    ),
    Column(
        name="item_id",
        label="Item",
        type=Type.TEXT,
        required=True,
        example="CT-00042",
        description="The work item that was annotated.",
        aliases=("item", "task id", "unit", "unit id", "subject", "document id", "inner id"),
    ),
    Column(
        name="annotator",
        label="Annotator",
        type=Type.TEXT,
        example="D. Ruiz",
        is_person=True,
        description="Who made it; empty only for a gold answer that nobody of the team gave.",
        aliases=("annotated by", "labeler", "completed by", "worker id", "rater", "coder"),
    ),
)
_ANSWER = (
    Column(
        name="field",
        label="Field",
        type=Type.TEXT,
        example="Category",
        description="The question answered; empty for an annotation without any answer.",
        aliases=("question", "from name", "attribute", "variable"),
    ),
    Column(
        name="field_type",
        label="Field type",
        type=Type.CHOICE,
        example="choice",
        choices=(
            "choice",
            "taxonomy",
            "rating",
            "number",
            "span",
            "box",
            "ranking",
            "text",
            "other",
        ),
        description="What kind of answer the field takes.",
        aliases=("answer type",),
    ),
    Column(
        name="label",
        label="Label",
        type=Type.TEXT,
        example="Nodule",
        description=(
            "The answer: a label, a path of a taxonomy with / between its steps (a / inside a step "
            "has a backslash before it), or a number. Free text is not kept."
        ),
        aliases=("answer", "value", "annotation label", "choice", "class"),
    ),
    Column(
        name="number",
        label="Number",
        type=Type.DECIMAL,
        example="4",
        description="The value of a rating or a number.",
        aliases=("rating", "score"),
    ),
    Column(
        name="label_count",
        label="Times",
        type=Type.INTEGER,
        example="1",
        minimum=0,
        description="How many spans or boxes of the annotation have the label; 1 for a choice.",
        aliases=("label count", "mentions"),
    ),
)
_CIRCUMSTANCES = (
    Column(
        name="created_at",
        label="Created",
        type=Type.TIMESTAMP,
        example="2026-11-10 14:02:00",
        description="When the annotation was first handed in.",
        aliases=("created", "submitted", "submitted at", "annotated at", "time", "timestamp"),
    ),
    Column(
        name="updated_at",
        label="Updated",
        type=Type.TIMESTAMP,
        example="2026-11-10 15:40:00",
        description="When it was last changed.",
        aliases=("updated", "last modified", "modified at"),
    ),
    Column(
        name="lead_time_seconds",
        label="Lead time",
        type=Type.DECIMAL,
        example="152.4",
        minimum=0,
        unit="seconds",
        description="Seconds on the wall clock that the annotation was open, idle time included.",
        aliases=("lead time", "duration seconds", "time spent seconds"),
    ),
    Column(
        name="is_skipped",
        label="Skipped",
        type=Type.BOOLEAN,
        example="no",
        description="Whether the annotator skipped the item.",
        aliases=("skipped", "was cancelled", "cancelled"),
    ),
    Column(
        name="is_gold",
        label="Gold",
        type=Type.BOOLEAN,
        example="no",
        description="Whether the annotation holds the right answers that others are checked by.",
        aliases=("gold", "ground truth", "is ground truth", "golden"),
    ),
    Column(
        name="last_action",
        label="Last action",
        type=Type.TEXT,
        example="submitted",
        description="What was done with it last, in the tool's words.",
        aliases=("action",),
    ),
    Column(
        name="project",
        label="Project",
        type=Type.TEXT,
        example="Chest CT",
        description="The project the item belongs to.",
        aliases=("project name", "project id"),
    ),
    Column(
        name="dataset",
        label="Dataset",
        type=Type.TEXT,
        example="CT batch 7",
        description="The dataset the item belongs to.",
        aliases=("data set", "collection"),
    ),
    Column(
        name="batch",
        label="Batch",
        type=Type.TEXT,
        example="CT-B07",
        description="The delivery batch the item belongs to.",
        aliases=("batch id", "delivery batch"),
    ),
    Column(
        name="team",
        label="Team",
        type=Type.TEXT,
        example="Radiology",
        description="The annotator's team.",
        aliases=("group", "team name"),
    ),
    Column(
        name="tool_agreement",
        label="Agreement by the tool",
        type=Type.DECIMAL,
        example="0.71",
        minimum=0,
        unit="share of 0 to 1",
        description="The item's agreement as the annotation tool states it.",
        aliases=("task agreement",),
    ),
)

ANNOTATIONS = Extract(
    name="annotations",
    label="Annotation export",
    description=(
        "One row per annotation, field and label, from an annotation tool's export or a plain list "
        "of ratings."
    ),
    columns=(*_WHO_AND_WHAT, *_ANSWER, *_CIRCUMSTANCES),
    key=("annotation_id", "field", "label"),
    rules=(
        Rule(
            name="nobody",
            broken_when="annotator is null and not coalesce(is_gold, false)",
            column="annotation_id",
            reason="It names no annotator and is no gold answer.",
        ),
        Rule(
            name="agreement_above_one",
            broken_when="tool_agreement > 1",
            column="tool_agreement",
            reason="An agreement is a share of 0 to 1.",
        ),
    ),
    as_of="updated_at",
    time_columns=("updated_at", "created_at"),
    cadence_days=7,
    usual_coverage="everything",
)
