"""Paths through review on rows written down here: stages, loops, sources, batches, silence."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from data_access import warehouse
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.periods import Period
from metrics.review import (
    DELIVERED_UNACCEPTED,
    ITEMS_ACCEPTED,
    ITEMS_ANNOTATED,
    ITEMS_DELIVERED,
    ITEMS_REVIEWED,
    REVIEW_COVERAGE,
    REVIEWED_UNANNOTATED,
)
from metrics.scope import scope
from tests.uploading import Row, upload

WEEK = Period(date(2026, 11, 9), date(2026, 11, 16))
HERE = scope(WEEK)


def annotation(item: str, day: str = "2026-11-09 08:00", **more: object) -> Row:
    return {
        "annotation_id": f"{item}-{more.get('annotator', 'Ann')}",
        "item_id": item,
        "annotator": "Ann",
        "field": "finding",
        "label": "Mass",
        "created_at": day,
        "updated_at": day,
    } | more


def review(number: int, item: str, outcome: str, at: str, stage: int = 1, **more: object) -> Row:
    return {
        "review_id": f"R{number}",
        "item_id": item,
        "outcome": outcome,
        "reviewed_at": at,
        "review_stage": stage,
        "reviewer": "Max",
    } | more


def store(folder: Path, *files: tuple[str, str, list[Row]]) -> Store:
    workspace = Workspace(folder / "own")
    workspace.root.mkdir(parents=True)
    for extract, source, rows in files:
        upload(workspace, extract, rows, source=source)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=datetime(2026, 11, 16, 12))


def path(of: Store, item: str, columns: str) -> tuple[object, ...]:
    text = f"select {columns} from review_paths where item_id = '{item}'"
    (row,) = of._pinned.fetch(Query(text))
    return row


def number(of: Store, metric: object) -> float | None:
    return of.value(metric, HERE).value


def test_acceptance_is_the_last_one_at_the_highest_stage_with_nothing_rejected_after(tmp_path):
    rows = [
        review(1, "two stages", "rejected", "2026-11-09 10:00"),
        review(2, "two stages", "accepted", "2026-11-09 12:00"),
        review(3, "two stages", "rejected", "2026-11-10 08:00", 2),
        review(4, "two stages", "fixed", "2026-11-10 10:00", 2),
        review(5, "taken back", "accepted", "2026-11-09 10:00"),
        review(6, "taken back", "rejected", "2026-11-09 11:00"),
        review(7, "only first", "accepted", "2026-11-09 09:00"),
        review(8, "waits at two", "accepted", "2026-11-09 09:00"),
        review(9, "waits at two", "rejected", "2026-11-09 10:00", 2),
        review(10, "waits at two", "accepted", "2026-11-09 11:00"),
    ]
    items = ("two stages", "taken back", "only first", "waits at two")
    of = store(
        tmp_path,
        ("reviews", "tool", rows),
        ("annotations", "tool", [annotation(item) for item in items]),
    )
    columns = "accepted_at, review_stage, rework_loops, rejections, fixes, outcome"
    assert path(of, "two stages", columns) == (
        datetime(2026, 11, 10, 10), "2", 2, 2, 1, "fixed",
    )  # fmt: skip
    assert path(of, "taken back", columns) == (None, "1", 0, 1, 0, "rejected")
    assert path(of, "only first", columns)[0] == datetime(2026, 11, 9, 9)
    assert path(of, "waits at two", columns) == (None, "2", 1, 1, 0, "accepted")
    # from 8:00 on the 9th to 10:00 on the 10th
    assert path(of, "two stages", "hours_to_acceptance") == (26,)
    assert number(of, ITEMS_ACCEPTED) == 2


def test_a_sheet_and_an_export_that_name_the_project_tell_of_the_same_item(tmp_path):
    of = store(
        tmp_path,
        ("annotations", "labels", [annotation("I1", project="CT"), annotation("I2", project="CT")]),
        ("reviews", "sheet", [review(1, "I1", "accepted", "2026-11-10", project="CT")]),
    )
    assert [number(of, m) for m in (ITEMS_ANNOTATED, ITEMS_REVIEWED)] == [2, 1]
    assert path(of, "I1", "source, accepted_on") == ("labels", date(2026, 11, 10))
    assert of.value(REVIEW_COVERAGE, HERE).n == 2


def test_items_of_another_project_or_without_one_are_not_put_together(tmp_path):
    of = store(
        tmp_path,
        ("annotations", "labels", [annotation("I1", project="CT")]),
        ("reviews", "sheet", [review(1, "I1", "accepted", "2026-11-10", project="MR")]),
        ("reviews", "other", [review(2, "I1", "accepted", "2026-11-10")]),
    )
    text = "select source, project, annotated_on is null from review_paths order by source"
    assert of._pinned.fetch(Query(text)) == [
        ("labels", "CT", False), ("other", "(not recorded)", True), ("sheet", "MR", True),
    ]  # fmt: skip


def test_a_step_that_nobody_records_is_not_recorded_and_never_zero(tmp_path):
    of = store(tmp_path, ("reviews", "sheet", [review(1, "I1", "accepted", "2026-11-10")]))
    annotated, delivered = of.value(ITEMS_ANNOTATED, HERE), of.value(ITEMS_DELIVERED, HERE)
    assert (annotated.value, annotated.withheld) == (None, "No annotation export has these items.")
    assert delivered.value is None and "No delivery list" in delivered.withheld
    assert number(of, ITEMS_REVIEWED) == 1
    assert of.value(REVIEW_COVERAGE, HERE).value is None

    alone = store(tmp_path / "alone", ("annotations", "labels", [annotation("I1")]))
    reviewed = alone.value(ITEMS_REVIEWED, HERE)
    assert (reviewed.value, reviewed.withheld) == (None, "No review of these items is recorded.")


def test_reviewed_items_that_the_export_lacks_are_counted_and_said(tmp_path):
    of = store(
        tmp_path,
        ("annotations", "tool", [annotation("I1")]),
        (
            "reviews",
            "tool",
            [review(1, "I1", "fixed", "2026-11-10"), review(2, "I2", "fixed", "2026-11-10")],
        ),
    )
    assert [number(of, m) for m in (ITEMS_ANNOTATED, ITEMS_REVIEWED, REVIEWED_UNANNOTATED)] == [
        1, 2, 1,
    ]  # fmt: skip


def test_skipped_annotations_and_gold_of_nobody_are_no_annotation_of_an_item(tmp_path):
    rows = [
        annotation("skipped", is_skipped=True, field=None, label=None),
        annotation("gold", annotator=None, is_gold=True),
        annotation("done"),
    ]
    of = store(tmp_path, ("annotations", "tool", rows))
    assert number(of, ITEMS_ANNOTATED) == 1


def test_an_item_is_delivered_with_its_batch_wherever_that_is_recorded(tmp_path):
    delivered = {"promised_on": "2026-11-12", "delivered_at": "2026-11-13"}
    of = store(
        tmp_path,
        (
            "annotations",
            "labels",
            [
                annotation("I1", project="CT", batch="B1"),
                annotation("I2", project="CT"),
                annotation("I3", project="CT", batch="B3"),
                annotation("I4", project="CT", batch="B1"),
            ],
        ),
        (
            "reviews",
            "labels",
            [review(n, f"I{n}", "accepted", "2026-11-10") for n in (1, 2, 3)]
            + [review(4, "I4", "rejected", "2026-11-10")],
        ),
        (
            "work_log",
            "board",
            [
                {
                    "item_id": "I2",
                    "project": "CT",
                    "stage": "Annotation",
                    "batch": "B2",
                    "entered_at": "2026-11-09",
                }
            ],
        ),
        (
            "deliveries",
            "list",
            [
                {"batch": "B1", "project": "CT"} | delivered,
                {"batch": "B2"} | delivered,
                {"batch": "B3", "project": "MR"} | delivered,
            ],
        ),
    )
    assert path(of, "I2", "batch, delivered_on") == ("B2", date(2026, 11, 13))
    assert path(of, "I3", "batch, delivered_on") == ("B3", None)  # a batch of another project
    assert [number(of, m) for m in (ITEMS_ACCEPTED, ITEMS_DELIVERED, DELIVERED_UNACCEPTED)] == [
        3, 2, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("name", [n for n, m in METRICS.items() if m.source == "review_paths"])
def test_no_later_extract_makes_the_paths_look_fresh(tmp_path, name):
    """A work log of this week says nothing of reviews that ended last month."""
    of = store(
        tmp_path,
        ("reviews", "sheet", [review(1, "I1", "accepted", "2026-10-05")]),
        ("work_log", "board", [{"item_id": "X", "stage": "A", "entered_at": "2026-11-10"}]),
    )
    assert of.extent(METRICS[name]).last_day == date(2026, 10, 5)
