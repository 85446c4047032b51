"""Toloka, CVAT, Prodigy and plain tables of ratings, each by a small file worked by hand."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data_access import warehouse
from data_access.ingest import DryRun, accept
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from tests.ingest.exports import labels, read, rows
from tests.ingest.making import dry_run, text

TOLOKA = (
    "INPUT:image", "OUTPUT:result", "OUTPUT:comment", "GOLDEN:result", "HINT:text",
    "HINT:default_language", "ASSIGNMENT:link", "ASSIGNMENT:task_id", "ASSIGNMENT:assignment_id",
    "ASSIGNMENT:worker_id", "ASSIGNMENT:status", "ASSIGNMENT:started", "ASSIGNMENT:submitted",
)  # fmt: skip


def toloka_row(task: str, assignment: str, worker: str, result: str, **more: str) -> list[str]:
    cells = {
        "INPUT:image": f"{task}.png", "OUTPUT:result": result, "ASSIGNMENT:task_id": task,
        "ASSIGNMENT:assignment_id": assignment, "ASSIGNMENT:worker_id": worker,
        "ASSIGNMENT:status": "APPROVED", "ASSIGNMENT:started": "2026-11-09T10:00:00.000",
        "ASSIGNMENT:submitted": "2026-11-09T10:01:00.500", **more,
    }  # fmt: skip
    return [cells.get(name, "") for name in TOLOKA]


def test_toloka_gives_answers_gold_and_verdicts(workspace: Workspace, tmp_path: Path) -> None:
    made = [
        toloka_row("t1", "a1", "w1", "cat", **{"GOLDEN:result": "cat"}),
        toloka_row("t2", "a1", "w1", "dog"),
        toloka_row("t1", "a2", "w2", "dog", **{"GOLDEN:result": "cat",
                                               "ASSIGNMENT:status": "REJECTED"}),
        toloka_row("t2", "a3", "w3", "", **{"ASSIGNMENT:status": "SKIPPED"}),
    ]  # fmt: skip
    content = text(made, header=TOLOKA, delimiter="\t")
    found = dry_run(workspace, tmp_path, content, name="assignments.tsv", zone="UTC")
    assert (found.extract, found.detected.words) == ("annotations", "Toloka TSV")
    assert labels(found) == [
        ("gold-t1", "result", "choice", "cat", 1),
        ("a1|t1", "result", "choice", "cat", 1),
        ("a1|t2", "result", "choice", "dog", 1),
        ("a2|t1", "result", "choice", "dog", 1),
        ("a3|t2", None, None, None, None),
    ]
    gold, first, *_, skipped = rows(found)
    assert (gold["is_gold"], "annotator" in gold, gold["item_id"]) == (True, False, "t1")
    # 60.5 seconds for the two tasks of the assignment
    assert (first["annotator"], first["lead_time_seconds"]) == ("w1", 30.25)
    # when it was handed in: it was started at 10:00:00
    assert first["created_at"] == datetime(2026, 11, 9, 10, 1, 0, 500_000)
    assert skipped["is_skipped"] is True
    (also,) = found.also
    assert [(r["annotation_id"], r["outcome"], r["annotator"]) for r in rows(also)] == [
        ("a1|t1", "accepted", "w1"), ("a1|t2", "accepted", "w1"), ("a2|t1", "rejected", "w2"),
    ]  # fmt: skip
    assert "when an assignment was accepted" in " ".join(found.notes)


def test_toloka_asks_in_which_zone_its_times_are(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "assignments"
    content = text([toloka_row("t1", "a1", "w1", "cat")], header=TOLOKA, delimiter="\t")
    path.write_text(content, encoding="utf-8")
    from data_access.ingest import prepare

    found = prepare(workspace, path, file_name="assignments.tsv")
    assert "zone" in [question.key for question in found.questions]
    later = prepare(workspace, path, file_name="a.tsv", answers={"zone": "Europe/Madrid"})
    assert rows(later)[0]["created_at"] == datetime(2026, 11, 9, 9, 1, 0, 500_000)
    assert rows(later.also[0])[0]["reviewed_at"] == datetime(2026, 11, 9, 9, 1, 0, 500_000)


CVAT = (
    "Task ID", "Task name", "Job ID", "Type", "Frame Count", "Exists", "Objects", "Assignee",
    "Stage", "State", "User", "Working time (ms)", "Start UTC time", "End UTC time",
    "Created objects", "Updated objects", "Deleted objects",
)  # fmt: skip


def cvat_row(job: str, stage: str, state: str, user: str, *counts: int, ms: int = 0) -> list[str]:
    created, updated, deleted = counts or (0, 0, 0)
    return [
        "5", "Street", job, "Annotation", "40", "True", "12", "ana", stage, state, user, str(ms),
        "2026-11-09 10:00:00", "2026-11-09 11:00:00", str(created), str(updated), str(deleted),
    ]  # fmt: skip


@pytest.mark.parametrize("header", [CVAT, tuple(name.upper().replace(" ", "_") for name in CVAT)])
def test_cvat_events_give_work_and_verdicts(
    header: tuple[str, ...], workspace: Workspace, tmp_path: Path
) -> None:
    made = [
        cvat_row("1", "annotation", "completed", "ana", 10, 3, 0, ms=90_500),
        cvat_row("2", "annotation", "in progress", "bo"),
        cvat_row("1", "validation", "rejected", "lea"),
        cvat_row("2", "validation", "completed", "lea", 0, 2, 0),
        cvat_row("2", "acceptance", "completed", "max"),
        cvat_row("3", "validation", "in progress", "lea"),
    ]
    content = text(made, header=header)
    found = dry_run(workspace, tmp_path, content, name="events.csv")
    assert found.detected.words == "CVAT events"
    assert [row[1:] for row in labels(found)] == [
        ("objects", "box", "created", 10),
        ("objects", "box", "updated", 3),
        (None, None, None, None),
    ]
    first = rows(found)[0]
    assert (first["item_id"], first["annotator"], first["dataset"]) == ("1", "ana", "Street")
    assert (first["lead_time_seconds"], first["updated_at"]) == (90.5, datetime(2026, 11, 9, 11))
    (also,) = found.also
    told = [(r["item_id"], r["review_stage"], r["outcome"], r["annotator"]) for r in rows(also)]
    assert told == [
        ("1", 1, "rejected", "ana"), ("2", 1, "fixed", "bo"), ("2", 2, "accepted", "bo"),
    ]  # fmt: skip
    assert "1 reviews are not decided yet" in " ".join(found.notes)


def prodigy(number: int, **more: object) -> dict[str, object]:
    return {
        "text": "a text nobody keeps", "_input_hash": number, "_task_hash": number + 100,
        "_session_id": "news-ana", "_annotator_id": "news-ana", "_view_id": "choice",
        "answer": "accept", "_timestamp": 1690289516, **more,
    }  # fmt: skip


PRODIGY = {  # the task → (field, type, label, count) by hand
    "choice": (prodigy(1, options=[{"id": "A", "text": "x"}], accept=["A", "B"]),
               [("accept", "choice", "A", 1), ("accept", "choice", "B", 1)]),
    "all_rejected": (prodigy(1, options=[{"id": "A", "text": "x"}], accept=["A"], answer="reject"),
                     [("accept", "choice", "(rejected)", 1)]),
    "rejected_unseen": (prodigy(1, label="TOPIC", options=[{"id": "A"}], answer="reject"),
                        [("accept", "choice", "(rejected)", 1)]),
    "accepted_unchosen": (prodigy(1, options=[{"id": "A"}]), [(None, None, None, None)]),
    "nothing_chosen": (prodigy(1, options=[], accept=[]), [(None, None, None, None)]),
    "yes": (prodigy(1, label="SPORTS"), [("SPORTS", "choice", "accept", 1)]),
    "no": (prodigy(1, label="SPORTS", answer="reject"), [("SPORTS", "choice", "reject", 1)]),
    "spans": (prodigy(1, spans=[{"start": 0, "end": 2, "label": "REF"},
                                {"start": 5, "end": 9, "label": "REF"}]),
              [("spans", "span", "REF", 2)]),
    "boxes": (prodigy(1, spans=[{"label": "CAR", "points": [[1, 2]], "type": "rect"}]),
              [("spans", "box", "CAR", 1)]),
    "text": (prodigy(1, user_input="my own words"), [("user_input", "text", None, 1)]),
    "ignored": (prodigy(1, answer="ignore", label="SPORTS"), [(None, None, None, None)]),
}  # fmt: skip


@pytest.mark.parametrize("name", PRODIGY)
def test_prodigy_tasks_are_read_by_their_interface(
    name: str, workspace: Workspace, tmp_path: Path
) -> None:
    given, wanted = PRODIGY[name]
    found = read(workspace, tmp_path, json.dumps(given), name="news.jsonl")
    assert found.detected.words == "Prodigy JSON Lines"
    assert [row[1:] for row in labels(found)] == wanted
    (first, *_) = rows(found)
    assert (first["annotation_id"], first["item_id"]) == ("101|news-ana", "1")
    # 1690289516 s after 1970 is 2023-07-25 12:51:56 UTC
    assert first["created_at"] == datetime(2023, 7, 25, 12, 51, 56)
    assert first["is_skipped"] is (name == "ignored")
    assert "own words" not in json.dumps(rows(found), default=str)
    assert "no lead time, reviews or gold" in " ".join(found.notes).replace("keeps ", "")


def test_unanswered_prodigy_tasks_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    lines = '{"text": "x", "_input_hash": 1, "_task_hash": 2}\n' * 3
    found = read(workspace, tmp_path, lines, name="news.jsonl")
    assert found.refusal is not None
    assert "no annotator or time in this file" in found.refusal.text


WIDE = "unit,note,coderA,coderB,coderC\n1,n,1.0,2.50,\n2,n,,,yes\n\n3,n,3,3,3\n"


def test_a_column_per_rater_is_one_rating_each(workspace: Workspace, tmp_path: Path) -> None:
    found = dry_run(workspace, tmp_path, WIDE, name="ratings.csv")
    assert (found.extract, found.accepted) == ("annotations", 6)
    told = [
        (r["item_id"], r["annotator"], r["label"], r.get("number"), r["field_type"], r["line"])
        for r in rows(found)
    ]
    assert told == [
        ("1", "coderA", "1", 1.0, "rating", 2),
        ("1", "coderB", "2.5", 2.5, "rating", 2),
        ("2", "coderC", "yes", None, "choice", 3),
        ("3", "coderA", "3", 3.0, "rating", 5),
        ("3", "coderB", "3", 3.0, "rating", 5),
        ("3", "coderC", "3", 3.0, "rating", 5),
    ]
    assert {row["field"] for row in rows(found)} == {"rating"}
    told_also = " ".join(found.notes)
    assert "no dates" in told_also
    assert "Left out and never stored: note" in told_also


def test_a_sheet_of_raters_is_read_like_a_csv(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["Subject", "Rater 1", "Rater 2"], ["s1", 4, 5], ["s2", 3.5, None]]:
        book.active.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    found = dry_run(workspace, tmp_path, path.read_bytes(), name="ratings.xlsx")
    assert [(r["annotation_id"], r["label"], r["line"]) for r in rows(found)] == [
        ("s1|Rater 1", "4", 2), ("s1|Rater 2", "5", 2), ("s2|Rater 1", "3.5", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header", ["unit,week1,week2", "q1,q2,q3", "rater1,rater2", "item,rater1,notes"]
)
def test_other_tables_are_not_taken_for_raters(
    header: str, workspace: Workspace, tmp_path: Path
) -> None:
    cells = ",".join("1" for _ in header.split(","))
    found = dry_run(workspace, tmp_path, f"{header}\n{cells}\n", name="table.csv")
    assert found.accepted == 0


def test_any_shared_stem_will_do_once_it_is_said(workspace: Workspace, tmp_path: Path) -> None:
    content = "unit,team1,team2\nu1,a,b\n"
    found = dry_run(workspace, tmp_path, content, name="table.csv", extract="annotations")
    assert [(r["annotator"], r["label"]) for r in rows(found)] == [("team1", "a"), ("team2", "b")]


def test_a_plain_list_gets_its_ids_from_item_and_annotator(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "Item,Annotator,Field,Label,Submitted\n"
        "i1,ana,tone,warm,2026-11-09 10:00\ni1,bo,tone,cold,2026-11-09 11:00\n"
        "i1,ana,topic,news,2026-11-09 10:00\n,bo,tone,cold,2026-11-09 11:00\n"
    )
    found = dry_run(workspace, tmp_path, content, name="answers.csv")
    assert [(r["annotation_id"], r["field"], r["label"], r["line"]) for r in rows(found)] == [
        ("i1|ana", "tone", "warm", 2), ("i1|bo", "tone", "cold", 3), ("i1|ana", "topic", "news", 4),
    ]  # fmt: skip
    assert rows(found)[0]["created_at"] == datetime(2026, 11, 9, 10)
    assert (found.refused, found.first_refused[0].line) == (1, 5)


@pytest.mark.parametrize("answer", ["Label", "Score"])
def test_a_plain_list_of_one_question_is_of_a_field(
    answer: str, workspace: Workspace, tmp_path: Path
) -> None:
    content = f"item,annotator,{answer}\ni1,ana,4\ni1,bo,5\ni2,ana,\n"
    found = dry_run(workspace, tmp_path, content, name="answers.csv")
    assert [(r.get("field"), r.get("label")) for r in rows(found)] == [
        ("rating", "4"), ("rating", "5"), (None, None),
    ]  # fmt: skip


def test_a_list_with_ids_but_no_field_keeps_its_ids(workspace: Workspace, tmp_path: Path) -> None:
    content = "annotation_id,item,annotator,label\nx1,i1,ana,warm\nx2,i1,bo,cold\n"
    found = dry_run(workspace, tmp_path, content, name="answers.csv")
    assert labels(found) == [
        ("x1", "rating", None, "warm", None),
        ("x2", "rating", None, "cold", None),
    ]
    assert "names no field" in " ".join(found.notes)


def test_of_a_plain_list_the_newest_answer_of_a_person_counts(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Bo answers two fields a minute apart, which is one annotation; ana changes her mind."""
    content = (
        "item,annotator,field,label,created_at\n"
        "i1,bo,tone,warm,2026-11-09 10:00:00\ni1,bo,topic,news,2026-11-09 10:01:00\n"
        "i1,ana,tone,cold,2026-11-10 11:00:00\ni1,ana,tone,warm,2026-11-09 10:00:00\n"
    )
    found = dry_run(workspace, tmp_path, content, name="answers.csv")
    assert [r["annotation_id"] for r in rows(found)] == [
        "i1|bo", "i1|bo", "i1|ana", "i1|ana|2026-11-09 10:00:00",
    ]  # fmt: skip
    assert "1 rows answer a field of an item again" in " ".join(found.notes)
    assert ratings_of(workspace, found) == [
        ("i1", "tone", "ana", ["cold"]),
        ("i1", "tone", "bo", ["warm"]),
        ("i1", "topic", "bo", ["news"]),
    ]


@pytest.mark.parametrize("time", ["", ",2026-11-09 10:00:00"], ids=["no_time", "one_time"])
def test_labels_of_a_plain_list_without_times_of_their_own_are_one_answer(
    time: str, workspace: Workspace, tmp_path: Path
) -> None:
    header = "item,annotator,field,label" + (",created_at" if time else "")
    content = f"{header}\ni1,ana,tags,b{time}\ni1,ana,tags,a{time}\ni1,bo,tags,a{time}\n"
    found = dry_run(workspace, tmp_path, content, name="answers.csv")
    assert "1 rows give an item, annotator and field that came before" in " ".join(found.notes)
    assert ratings_of(workspace, found) == [
        ("i1", "tags", "ana", ["a", "b"]), ("i1", "tags", "bo", ["a"]),
    ]  # fmt: skip


def test_numbers_of_a_plain_list_have_one_spelling_where_a_field_has_only_numbers(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "item,annotator,field,label\n"
        "i1,ana,score,1\ni1,bo,score,1.0\ni2,ana,score,2.50\n"
        "i1,ana,mixed,1.0\ni2,ana,mixed,none\ni1,bo,code,007\n"
    )
    found = dry_run(workspace, tmp_path, content, name="answers.csv")
    assert [
        (r["field"], r["label"], r.get("number"), r.get("field_type")) for r in rows(found)
    ] == [
        ("score", "1", 1.0, "rating"),
        ("score", "1", 1.0, "rating"),
        ("score", "2.5", 2.5, "rating"),
        ("mixed", "1.0", None, None),
        ("mixed", "none", None, None),
        ("code", "007", None, None),
    ]


def ratings_of(workspace: Workspace, found: DryRun) -> list[tuple[Any, ...]]:
    """Item, field, annotator and labels of the mart once the file is accepted."""
    workspace.save_settings(Settings(hide_names=False))
    accept(workspace, found, by="Test", clock=datetime(2026, 11, 16, 9))
    warehouse.publish(workspace)
    query = Query("select item_id, field, annotator, labels from ratings order by all")
    return Store.open(workspace)._pinned.fetch(query)


def test_a_list_with_ids_is_an_ordinary_table(workspace: Workspace, tmp_path: Path) -> None:
    content = "annotation_id,item_id,annotator,field,label\nx1,i1,ana,tone,warm\n"
    found = dry_run(workspace, tmp_path, content, name="answers.csv")
    assert (found.extract, found.detected.kind, found.accepted) == ("annotations", "csv", 1)


def test_a_broken_line_of_a_tools_table_is_refused_alone(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, WIDE + "4,n,1\n", name="ratings.csv")
    assert (found.accepted, found.refused) == (6, 1)
    assert found.first_refused[0].line == 6
    assert "cells" in found.first_refused[0].reason


def test_review_sheets_stay_review_sheets(workspace: Workspace, tmp_path: Path) -> None:
    content = (
        "review_id,item,annotator,label,review_stage,reviewed_at,outcome\n"
        "r1,i1,ana,x,1,2026-11-09 10:00,accepted\n"
    )
    found = dry_run(workspace, tmp_path, content, name="sheet.csv")
    assert (found.extract, found.accepted) == ("reviews", 1)
