"""What counts as a person's answer, and what is held against the gold answer, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access import warehouse
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.annotation import GOLD_ACCURACY, PERCENT_AGREEMENT
from metrics.periods import Period, week
from metrics.scope import scope
from tests.uploading import Row, upload

MORNING = "2026-11-09 08:00"
NOVEMBER = Period(date(2026, 11, 2), date(2026, 11, 16))


def said(item: str, who: str | None, label: str | None, **more: Any) -> Row:
    return {
        "annotation_id": f"{item}-{who}",
        "item_id": item,
        "annotator": who,
        "field": "f",
        "label": label,
        "created_at": MORNING,
        "updated_at": MORNING,
    } | more


def published(workspace: Workspace) -> Store:
    workspace.save_settings(Settings(hide_names=False))
    warehouse.publish(workspace)
    return Store.open(workspace, clock=datetime(2026, 11, 16, 9))


def rows(store: Store, columns: str) -> list[tuple[Any, ...]]:
    return store._pinned.fetch(Query(f"select {columns} from ratings order by all"))


NO_TIMES = {"created_at": None, "updated_at": None}


@pytest.mark.parametrize("times", [{}, NO_TIMES], ids=["same_times", "no_times"])
@pytest.mark.parametrize("as_of", ["2026-11-10", "2026-11-11"], ids=["same_as_of", "newer"])
def test_a_later_part_replaces_the_answers_of_its_annotations(
    times: Row, as_of: str, workspace: Workspace
):
    before = [said("I1", "Ana", "x", **times), said("I1", "Ana", "z", **times)]
    upload(workspace, "annotations", [*before, said("I2", "Ana", "x", **times)], as_of="2026-11-10")
    upload(
        workspace,
        "annotations",
        [said("I1", "Ana", "y", **times)],
        as_of=as_of,
        coverage="part",
    )
    store = published(workspace)
    assert rows(store, "item_id, labels") == [("I1", ["y"]), ("I2", ["x"])]


def test_a_label_taken_back_in_a_later_part_is_gone(workspace: Workspace):
    upload(workspace, "annotations", [said("I1", "Ana", "x"), said("I1", "Ana", "y")])
    upload(workspace, "annotations", [said("I1", "Ana", "x")], coverage="part")
    assert rows(published(workspace), "labels") == [(["x"],)]


def test_a_part_with_older_times_replaces_nothing(workspace: Workspace):
    older = said("I1", "Ana", "x", updated_at="2026-11-08 08:00")
    upload(workspace, "annotations", [said("I1", "Ana", "y")], as_of="2026-11-10")
    upload(workspace, "annotations", [older], as_of="2026-11-11", coverage="part")
    assert rows(published(workspace), "labels") == [(["y"],)]


def test_a_label_that_an_older_export_repeats_stays_beside_the_others(workspace: Workspace):
    older = said("I1", "Ana", "x", updated_at="2026-11-08 08:00")
    both = [said("I1", "Ana", "x"), said("I1", "Ana", "y")]
    upload(workspace, "annotations", both, as_of="2026-11-10")
    upload(workspace, "annotations", [older], as_of="2026-11-11", coverage="part")
    assert rows(published(workspace), "labels") == [(["x", "y"],)]


def test_answers_of_one_annotation_may_have_times_of_their_own(workspace: Workspace):
    other = said("I1", "Ana", "y", field="g", updated_at="2026-11-09 08:01")
    upload(workspace, "annotations", [said("I1", "Ana", "x"), other])
    assert rows(published(workspace), "field, labels") == [("f", ["x"]), ("g", ["y"])]
    later = said("I1", "Ana", "z", updated_at="2026-11-09 09:00")
    upload(workspace, "annotations", [later, other], coverage="part")
    assert rows(published(workspace), "field, labels") == [("f", ["z"]), ("g", ["y"])]


def test_a_row_that_a_later_part_refused_stays(workspace: Workspace):
    """Its line could not be read in the newer file; that takes nothing back."""
    both = [said("I1", "Ana", "x"), said("I1", "Ana", "y", field="g")]
    upload(workspace, "annotations", both, as_of="2026-11-10")
    later = upload(
        workspace, "annotations", [both[0]], as_of="2026-11-11", coverage="part", refused=1
    )
    there = {name: [both[1][name]] for name in ("annotation_id", "field", "label")}
    pq.write_table(pa.table(there), later.seen_path)
    assert rows(published(workspace), "field, labels") == [("f", ["x"]), ("g", ["y"])]


@pytest.mark.parametrize(
    "one, two",
    [
        (["A + B"], ["A", "B"]),
        (['"A', 'B"'], ["A + B"]),
        (["A +", "B"], ["A", "+ B"]),
        (['"A + B"'], ["A + B"]),
    ],
)
def test_different_sets_of_labels_are_different_answers(
    one: list[str], two: list[str], workspace: Workspace
):
    upload(
        workspace,
        "annotations",
        [
            *(said("I1", "Ana", label) for label in one),
            *(said("I1", "Bo", label) for label in two),
            *(said("I1", "Cy", label) for label in reversed(two)),
        ],
    )
    store = published(workspace)
    ana, bo, cy = rows(store, "annotator, code, answer")
    assert ana[1] != bo[1] == cy[1]
    assert ana[2] != bo[2] == cy[2]
    # of three pairs of people one agrees
    assert store.value(
        replace(PERCENT_AGREEMENT, min_rows=1), scope(NOVEMBER)
    ).value == pytest.approx(1 / 3)


def test_plain_labels_are_shown_as_they_are_and_one_with_a_plus_in_quotes(workspace: Workspace):
    labels = {"Ana": ["A+B", 'say "C"'], "Bo": ["A + B", "C"]}
    upload(
        workspace,
        "annotations",
        [said("I1", who, label) for who, given in labels.items() for label in given],
    )
    found = rows(published(workspace), "annotator, answer")
    assert found == [("Ana", 'A+B + say "C"'), ("Bo", '"A + B" + C')]


def test_gold_is_compared_label_by_label_and_without_spaces_around(workspace: Workspace):
    gold = {"annotation_id": "G1", "is_gold": True}
    upload(
        workspace,
        "annotations",
        [
            said("I1", None, "x ", **gold),
            said("I1", None, "y", **gold),
            said("I1", "Ana", "y"),
            said("I1", "Ana", "x"),
            said("I1", "Bo", "x + y"),
            said("I2", "Ana", "x"),
        ],
    )
    store = published(workspace)
    assert rows(store, "annotator, item_id, gold_answer, is_correct") == [
        ("Ana", "I1", "x + y", True),
        ("Ana", "I2", None, None),
        ("Bo", "I1", "x + y", False),
    ]


def test_nobody_is_held_against_a_gold_answer_of_their_own(workspace: Workspace):
    later = {"annotation_id": "again", "created_at": "2026-11-10 08:00"}
    upload(
        workspace,
        "annotations",
        [
            said("I1", "Ana", "x", is_gold=True),
            said("I1", "Ana", "y", **later),
            said("I1", "Bo", "y"),
        ],
    )
    store = published(workspace)
    assert rows(store, "annotator, labels, gold_answer, is_correct") == [
        ("Ana", ["y"], "x", None),
        ("Bo", ["y"], "x", False),
    ]
    assert store.value(GOLD_ACCURACY, scope(NOVEMBER)).n == 1


def test_a_check_against_gold_is_of_the_day_of_the_persons_own_answer(workspace: Workspace):
    """Agreement counts an item on the day of its newest rating, gold accuracy each by itself."""
    week_before = "2026-11-02 23:30"
    upload(
        workspace,
        "annotations",
        [
            said("I1", None, "x", annotation_id="G1", is_gold=True),
            said("I1", "Ana", "x", created_at=week_before),
            said("I1", "Bo", "x"),
        ],
    )
    store = published(workspace)
    spans = week("2026-W45"), week("2026-W46")
    assert rows(store, "annotator, answered_on, rated_on") == [
        ("Ana", date(2026, 11, 2), date(2026, 11, 9)),
        ("Bo", date(2026, 11, 9), date(2026, 11, 9)),
    ]
    assert [store.value(GOLD_ACCURACY, scope(span)).n for span in spans] == [1, 1]
    assert [store.value(PERCENT_AGREEMENT, scope(span)).n for span in spans] == [0, 1]


def test_of_answers_made_at_one_time_the_one_changed_last_counts(workspace: Workspace):
    changed = said("I1", "Ana", "y", annotation_id="A", updated_at="2026-11-09 09:00")
    upload(workspace, "annotations", [said("I1", "Ana", "x", annotation_id="B"), changed])
    assert rows(published(workspace), "labels") == [(["y"],)]


def test_a_number_is_one_answer_however_it_is_spelled(workspace: Workspace):
    spelled = {"Ana": ("1", 1.0), "Bo": ("1.0", 1.0), "Cy": ("2.50", 2.5), "Di": ("good", 1.0)}
    upload(
        workspace,
        "annotations",
        [said("I1", who, label, number=number) for who, (label, number) in spelled.items()],
    )
    found = rows(published(workspace), "annotator, answer, labels, number")
    assert found == [
        ("Ana", "1", ["1"], 1.0),
        ("Bo", "1", ["1"], 1.0),
        ("Cy", "2.5", ["2.5"], 2.5),
        ("Di", "good", ["good"], 1.0),
    ]
