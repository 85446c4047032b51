"""Label Studio: every shape of its exports, worked by hand."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data_access.readers import detect
from data_access.readers.model import Asked
from data_access.workspace import Workspace
from tests.ingest.exports import annotation, choice, labels, read, review, rows, span, task
from tests.ingest.making import dry_run


def test_a_task_with_an_annotation_becomes_a_row_per_field_and_label(
    workspace: Workspace, tmp_path: Path
) -> None:
    one = annotation(11, span("Date"), span("Time", 9), span("Date", 20), choice("pos"))
    found = read(workspace, tmp_path, [task(1, one, agreement=80.5)])
    assert (found.extract, found.detected.words) == ("annotations", "Label Studio JSON")
    assert labels(found) == [
        ("11", "label", "span", "Date", 2),
        ("11", "label", "span", "Time", 1),
        ("11", "sentiment", "choice", "pos", 1),
    ]
    assert rows(found)[0] == {
        "annotation_id": "11", "item_id": "1", "annotator": "7", "field": "label",
        "field_type": "span", "label": "Date", "label_count": 2,
        "created_at": datetime(2026, 11, 9, 10), "updated_at": datetime(2026, 11, 9, 10, 5),
        "lead_time_seconds": 12.5, "is_skipped": False, "is_gold": False, "project": "58",
        "tool_agreement": 0.805, "line": 1,
    }  # fmt: skip
    assert found.also == ()


def result(kind: str, value: object, field: str = "f") -> dict[str, Any]:
    return {"from_name": field, "to_name": "x", "type": kind, "value": value}


RESULTS = {  # what the tool writes → (type, label, number, count) by hand
    "several_choices": (result("choices", {"choices": ["a", "b"]}),
                        [("choice", "a", None, 1), ("choice", "b", None, 1)]),
    "nested_choice": (result("choices", {"choices": [["a", "b"]]}), [("choice", "a/b", None, 1)]),
    "taxonomy": (result("taxonomy", {"taxonomy": [["A", "B"], ["C"]]}),
                 [("taxonomy", "A/B", None, 1), ("taxonomy", "C", None, 1)]),
    "signs_in_a_path": (result("taxonomy",
                               {"taxonomy": [["A", "B/C"], ["A/B", "C"], ["A\\", "B"]]}),
                        [("taxonomy", r"A/B\/C", None, 1), ("taxonomy", r"A\/B/C", None, 1),
                         ("taxonomy", r"A\\/B", None, 1)]),
    "slash_in_a_choice": (result("choices", {"choices": ["and/or"]}),
                          [("choice", "and/or", None, 1)]),
    "rating": (result("rating", {"rating": 4}), [("rating", "4", 4.0, 1)]),
    "number": (result("number", {"number": 3.5}), [("number", "3.5", 3.5, 1)]),
    "text": (result("textarea", {"text": ["never", "kept"]}), [("text", None, None, 2)]),
    "box": (result("rectanglelabels",
                   {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]}),
            [("box", "Car", None, 1)]),
    "polygon": (result("polygonlabels", {"points": [[1, 2]], "polygonlabels": ["Plane"]}),
                [("box", "Plane", None, 1)]),
    "brush": (result("brushlabels", {"format": "rle", "rle": [1], "brushlabels": ["Lung"]}),
              [("box", "Lung", None, 1)]),
    "bare_box": (result("rectangle", {"x": 1, "y": 2, "width": 3, "height": 4}),
                 [("box", None, None, 1)]),
    "hypertext": (result("hypertextlabels",
                         {"start": "/p[1]", "end": "/p[1]", "hypertextlabels": ["Org"]}),
                  [("span", "Org", None, 1)]),
    "time_series": (result("timeserieslabels",
                           {"start": 1, "end": 2, "timeserieslabels": ["Run"]}),
                    [("span", "Run", None, 1)]),
    "video": (result("videorectangle", {"sequence": [], "labels": ["Man"]}),
              [("box", "Man", None, 1)]),
    "pairwise": (result("pairwise", {"selected": "left"}), [("choice", "left", None, 1)]),
    "ranker": (result("ranker", {"ranker": ["b", "a"]}), [("ranking", "b > a", None, 1)]),
    "signs_in_a_ranking": (result("ranker", {"ranker": ["b > a", "a", '"c']}),
                           [("ranking", '"b > a" > a > """c"', None, 1)]),
    "ranked_buckets": (result("ranker", {"ranker": {"best": ["b", "a"], "x: y": ["c > d"]}}),
                       [("ranking", "best: b > a", None, 1),
                        ("ranking", '"x: y": "c > d"', None, 1)]),
    "unknown": (result("hologram", {"hologram": "words"}), [("other", None, None, 1)]),
    "relation": ({"type": "relation", "from_id": "a", "to_id": "b", "labels": ["causes"]},
                 [("other", "causes", None, 1)]),
    "no_value": (result("choices", None), []),
    "odd_value": (result("choices", "just a text"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
def test_every_type_of_result_is_read(name: str, workspace: Workspace, tmp_path: Path) -> None:
    given, wanted = RESULTS[name]
    found = read(workspace, tmp_path, [task(1, annotation(11, given))])
    read_as = [
        (row["field_type"], row.get("label"), row.get("number"), row["label_count"])
        for row in rows(found)
        if "field" in row
    ]
    assert read_as == wanted
    assert len(rows(found)) == max(len(wanted), 1)
    assert ("not known" in " ".join(found.notes)) == (name == "unknown")


def test_no_free_text_and_no_data_is_stored(workspace: Workspace, tmp_path: Path) -> None:
    one = annotation(11, span("Date"), result("textarea", {"text": ["a private sentence"]}))
    found = read(workspace, tmp_path, [task(1, one)])
    stored = json.dumps(rows(found), default=str)
    for words in ("private sentence", "secret words", "nobody keeps"):
        assert words not in stored


def test_an_annotation_without_an_answer_is_one_row(workspace: Workspace, tmp_path: Path) -> None:
    skipped = annotation(12, was_cancelled=True, last_action="skipped")
    found = read(workspace, tmp_path, [task(1, annotation(11), skipped), task(2)])
    assert labels(found) == [("11", None, None, None, None), ("12", None, None, None, None)]
    assert [row["is_skipped"] for row in rows(found)] == [False, True]
    told = " ".join(found.notes)
    assert "2 annotations of 2 tasks" in told
    assert "2 of them have no answer" in told
    assert "1 of the tasks have no annotation" in told


PEOPLE = {
    "a_number": (7, "7"),
    "an_object": ({"id": 7, "email": "a@example.org", "first_name": "A"}, "a@example.org"),
    "without_address": ({"id": 7, "first_name": "Ana", "last_name": "Ruiz"}, "Ana Ruiz"),
    "only_an_id": ({"id": 7, "email": ""}, "7"),
    "a_text": ("ana", "ana"),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_the_annotator_is_told_in_every_shape(
    name: str, workspace: Workspace, tmp_path: Path
) -> None:
    given, wanted = PEOPLE[name]
    found = read(workspace, tmp_path, [task(1, annotation(11, choice("a"), by=given))])
    assert [row["annotator"] for row in rows(found)] == [wanted]


def test_completions_of_2020_with_times_in_seconds_are_read(
    workspace: Workspace, tmp_path: Path
) -> None:
    old = {
        "id": 348,
        "data": {"text": "x"},
        "completions": [
            {"id": 348001, "created_username": " admin@example.org, 1", "created_at": 1592391235,
             "created_ago": "5 hours", "lead_time": 72.138, "skipped": False,
             "result": [span("Name", field="ner")]},
        ],
    }  # fmt: skip
    (row,) = rows(read(workspace, tmp_path, [old]))
    # 1592391235 s after 1970 is 2020-06-17 10:53:55 UTC
    assert row["created_at"] == datetime(2020, 6, 17, 10, 53, 55)
    assert (row["annotation_id"], row["annotator"]) == ("348001", "admin@example.org, 1")
    assert (row["field"], row["is_skipped"]) == ("ner", False)


@pytest.mark.parametrize("shape", ["array", "lines", "single", "bom", "utf16", "returns"])
def test_tasks_come_as_an_array_as_lines_or_alone(
    shape: str, workspace: Workspace, tmp_path: Path
) -> None:
    tasks = [task(n, annotation(n * 10, choice("é"))) for n in (1, 2)]
    whole = json.dumps(tasks, ensure_ascii=False, indent=1)
    content = {
        "array": whole.encode(),
        "lines": "\n\n".join(map(json.dumps, tasks)).encode(),
        "single": json.dumps(tasks[0], indent=2).encode(),
        "bom": b"\xef\xbb\xbf" + whole.encode(),
        "utf16": whole.encode("utf-16"),
        "returns": whole.replace("\n", "\r\n").encode(),
    }[shape]
    found = read(workspace, tmp_path, content)
    assert [row["label"] for row in rows(found)] == ["é"] * (1 if shape == "single" else 2)
    assert [row["line"] for row in rows(found)] == [1, 2][: len(rows(found))]


def test_reviews_come_with_their_outcome(workspace: Workspace, tmp_path: Path) -> None:
    reviewed = annotation(
        11,
        choice("a"),
        by={"id": 7, "email": "a@example.org"},
        reviews=[
            review(1, accepted=False),
            review(2, accepted=True, fixed_annotation_history=55),
            review(3, accepted=True, fixed_annotation_history=None),
        ],
    )
    found = read(workspace, tmp_path, [task(1, reviewed)])
    (also,) = found.also
    assert (also.extract, also.accepted, also.source) == ("reviews", 3, found.source)
    assert [row["outcome"] for row in rows(also)] == ["rejected", "fixed", "accepted"]
    assert rows(also)[0] == {
        "review_id": "1", "item_id": "1", "annotation_id": "11", "project": "58",
        "review_stage": 1, "annotator": "a@example.org", "reviewer": "lead@example.org",
        "reviewed_at": datetime(2026, 11, 10, 9), "outcome": "rejected", "line": 1,
    }  # fmt: skip


def test_a_history_speaks_only_where_no_reviews_are_listed(
    workspace: Workspace, tmp_path: Path
) -> None:
    steps = [
        {"id": 1, "action": "submitted", "created_at": "2026-11-09T10:00:00Z", "created_by": 7},
        {"id": 2, "action": "fixed_and_accepted", "review_id": 90, "created_by": 2,
         "created_at": "2026-11-10T10:00:00Z"},
    ]  # fmt: skip
    listed = annotation(11, choice("a"), history=steps, reviews=[])
    alone = annotation(12, choice("a"), history=steps)
    found = read(workspace, tmp_path, [task(1, listed, alone)])
    assert [row["last_action"] for row in rows(found)] == ["fixed_and_accepted"] * 2
    (only,) = rows(found.also[0])
    assert (only["review_id"], only["annotation_id"], only["outcome"]) == ("90", "12", "fixed")


def test_a_review_without_a_verdict_is_refused_and_the_rest_stays(
    workspace: Workspace, tmp_path: Path
) -> None:
    odd = review(1, accepted=True) | {"accepted": None}
    one = annotation(11, choice("a"), reviews=[odd, review(2, accepted=True)])
    found = read(workspace, tmp_path, [task(1, one)])
    (also,) = found.also
    assert (also.accepted, also.refused) == (1, 1)
    assert also.first_refused[0].column == "outcome"
    assert found.can_accept


FOR_IMPORT = {
    "predictions": [{"data": {"text": "x"}, "predictions": [{"result": [span("A")]}]}],
    "data_only": [{"data": {"text": "x"}}, {"data": {"text": "y"}}],
    "unsigned": [{"data": {"text": "x"}, "annotations": [{"result": [span("A")]}]}],
}


@pytest.mark.parametrize("name", FOR_IMPORT)
def test_a_file_made_for_import_is_refused_with_the_reason(
    name: str, workspace: Workspace, tmp_path: Path
) -> None:
    found = read(workspace, tmp_path, FOR_IMPORT[name])
    assert found.refusal is not None
    assert "made for import" in found.refusal.text
    assert "no annotator or time in this file" in found.refusal.text
    assert "Import it, annotate, then export" in found.refusal.text


def test_an_export_without_annotations_is_refused_as_such(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = read(workspace, tmp_path, [task(1), task(2)])
    assert found.refusal is not None
    assert "2 tasks and not one annotation" in found.refusal.text


def test_a_file_that_is_cut_off_is_refused_wherever_it_is_cut(
    workspace: Workspace, tmp_path: Path
) -> None:
    whole = json.dumps([task(n, annotation(n * 10, choice("a"))) for n in range(1, 4)])
    third = whole.index('"id": 3')
    for at in (third, third + 60, len(whole) - 1):
        found = read(workspace, tmp_path, whole[:at])
        assert found.refusal is not None
        assert "cut off" in found.refusal.text
        assert f"byte {at:,}" in found.refusal.text
        assert (found.accepted, found.folder) == (0, None)
    assert "in the middle of task 3" in read(workspace, tmp_path, whole[:third]).refusal.text


def test_broken_json_is_named_by_line_and_byte(workspace: Workspace, tmp_path: Path) -> None:
    text = json.dumps([task(1, annotation(11, choice("a"))), task(2)], indent=1)
    at = text.index('"id": 2') + len('"id": ')
    found = read(workspace, tmp_path, f"{text[:at]}oops{text[at:]}")
    assert found.refusal is not None
    line = text[:at].count("\n") + 1
    assert "broken in task 2" in found.refusal.text
    assert f"line {line}, byte {at + 1}" in found.refusal.text  # o, the first of oops


def test_the_break_is_found_far_inside_a_large_file(workspace: Workspace, tmp_path: Path) -> None:
    tasks = [task(n, annotation(n, choice("a"))) for n in range(1, 6_000)]
    text = "[" + ",\n".join(map(json.dumps, tasks)) + "]"
    at = text.index('"id": 5555')
    found = read(workspace, tmp_path, f"{text[:at]}!{text[at:]}")
    assert len(text) > 1 << 20  # more than one piece of the file
    assert f"line 5,555, byte {at + 1:,}" in found.refusal.text
    assert found.folder is None


GARBAGE = {
    "numbers": [1, "a", None, task(1, annotation(11, choice("a")))],
    "annotation_is_text": [task(1, annotation(11, choice("a")), "no annotation")],  # type: ignore[arg-type]
    "odd_keys": [task(1, annotation(11, choice("a"), reviews="x", history=5, completed_by=7)),
                 {"id": [], "annotations": {"a": 1}, "data": None}],
    "result_is_garbage": [task(1, annotation(11, choice("a")), {**annotation(12), "result": 5}),
                          task(2, annotation(13, "x", 5, None, [], {"type": 1}))],  # type: ignore[arg-type]
    "huge_numbers": [task(1, annotation(11, choice("a"), lead_time=10**30),
                          annotation(12, result("number", {"number": 10**25})))],
}  # fmt: skip


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_beside_a_good_annotation_never_sinks_it(
    name: str, workspace: Workspace, tmp_path: Path
) -> None:
    found = read(workspace, tmp_path, GARBAGE[name])
    assert "11" in [row["annotation_id"] for row in rows(found)]
    assert found.accepted + found.refused + found.repeated == found.rows


def test_what_is_no_task_is_refused_with_its_place(workspace: Workspace, tmp_path: Path) -> None:
    found = read(workspace, tmp_path, GARBAGE["numbers"])
    assert (found.rows, found.accepted, found.refused) == (4, 1, 3)
    assert [row.line for row in found.first_refused] == [1, 2, 3]
    assert "no task" in found.first_refused[0].reason


def test_a_task_without_an_id_is_refused_alone(workspace: Workspace, tmp_path: Path) -> None:
    nameless = task(1, annotation(12, choice("a")))
    del nameless["id"]
    found = read(workspace, tmp_path, [task(1, annotation(11, choice("a"))), nameless])
    assert (found.accepted, found.refused) == (1, 1)
    assert found.first_refused[0].column == "item_id"
    nameless["annotations"][0]["task"] = 9  # the annotation knows it
    found = read(workspace, tmp_path, [nameless])
    assert [row["item_id"] for row in rows(found)] == ["9"]


def test_duplicate_annotation_ids_count_once_when_alike(
    workspace: Workspace, tmp_path: Path
) -> None:
    one, other = annotation(11, choice("a")), annotation(11, choice("a"), lead_time=99)
    alike = read(workspace, tmp_path, [task(1, one), task(1, one)])
    assert (alike.accepted, alike.repeated, alike.refused) == (1, 1, 0)
    differing = read(workspace, tmp_path, [task(1, one), task(1, other)])
    assert (differing.accepted, differing.refused) == (0, 2)


def test_empty_dates_and_a_missing_annotator_are_told(workspace: Workspace, tmp_path: Path) -> None:
    undated = annotation(11, choice("a"), created_at=None, updated_at=None)
    nobody = annotation(12, choice("a"), by=None)
    gold = annotation(13, choice("a"), by=None, ground_truth=True)
    found = read(workspace, tmp_path, [task(1, undated, nobody, gold)])
    assert [row["annotation_id"] for row in rows(found)] == ["11", "13"]
    assert "created_at" not in rows(found)[0]
    assert found.refused == 1


def test_huge_texts_and_deep_nesting_do_no_harm(workspace: Workspace, tmp_path: Path) -> None:
    big = task(1, annotation(11, choice("a")))
    big["data"] = {"text": "[" * 3_000_000, "more": "é" * 1_000_000}
    assert read(workspace, tmp_path, [big]).accepted == 1
    deep = '[{"id": 1, "annotations": ' + "[" * 100_000
    found = read(workspace, tmp_path, deep)
    assert found.refusal is not None
    assert "nested more than 1,000 levels" in found.refusal.text


def test_reading_keeps_one_task_in_memory_however_long_the_file(tmp_path: Path) -> None:
    """Of a file of 40 MB the reader holds a piece, a task and a batch of short cells."""
    path = tmp_path / "export"
    with path.open("w", encoding="utf-8") as out:
        for n in range(2_000):
            one = task(n, annotation(n, choice("a")), data={"text": "x" * 20_000})
            out.write(json.dumps(one) + "\n")
    assert path.stat().st_size > 40_000_000
    asked = Asked(
        folder=tmp_path, names=frozenset(), answers={}, limit_bytes=1 << 40,
        progress=lambda _share, _text: None,
    )  # fmt: skip
    detect(path, asked)  # what is imported on the way is not counted
    tracemalloc.start()
    found = detect(path, asked)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.rows == 2_000
    assert peak < 10_000_000


def test_labels_in_any_script_stand(workspace: Workspace, tmp_path: Path) -> None:
    names = ["日本", "naïve", "👩‍⚕️", 'a "quoted", one', "tab\tinside"]
    found = read(workspace, tmp_path, [task(1, annotation(11, choice(*names)))])
    assert [row["label"] for row in rows(found)] == names


def test_half_a_letter_is_no_crash(workspace: Workspace, tmp_path: Path) -> None:
    text = json.dumps([task(1, annotation(11, choice("LABEL")))]).replace("LABEL", "\\ud83d x")
    assert read(workspace, tmp_path, text).accepted == 1


# --- the flat exports


def flat(*made: dict[str, Any], delimiter: str = ",") -> str:
    """Rows as the tool writes them: sorted columns, quotes around all that is no number."""
    out = io.StringIO()
    names = sorted({name for row in made for name in row})
    writer = csv.DictWriter(out, names, quoting=csv.QUOTE_NONNUMERIC, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(made)
    return out.getvalue()


def flat_row(own: int, item: int, *, by: object = "a@example.org", **more: Any) -> dict[str, Any]:
    return {
        "annotation_id": own, "annotator": by, "created_at": "2026-11-09T10:00:00.000000Z",
        "id": item, "lead_time": 4.5, "updated_at": "2026-11-09T10:00:00.000000Z", **more,
    }  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_the_classic_csv_tells_the_answer_from_the_text(
    delimiter: str, workspace: Workspace, tmp_path: Path
) -> None:
    made = [
        flat_row(n, n // 2, sentiment=("pos", "neg")[n % 3 == 0], text=f"Sentence number {n // 2}")
        for n in range(12)
    ]
    found = dry_run(workspace, tmp_path, flat(*made, delimiter=delimiter), name="export.csv")
    assert found.detected.words == f"Label Studio {'CSV' if delimiter == ',' else 'TSV'}"
    assert {row["field"] for row in rows(found)} == {"sentiment"}
    assert [row["label"] for row in rows(found)][:4] == ["neg", "pos", "pos", "neg"]
    assert [question.key for question in found.questions] == []
    told = " ".join(found.notes)
    assert "has no skips, reviews or gold answers: export JSON for those" in told
    assert "left out: text" in told
    assert rows(found)[0]["line"] == 2


def test_json_in_a_cell_is_read_as_what_it_is(workspace: Workspace, tmp_path: Path) -> None:
    regions = [{"start": 0, "end": 4, "text": "x", "labels": ["Org"]},
               {"start": 9, "end": 12, "text": "y", "labels": ["Org"]}]  # fmt: skip
    made = flat_row(
        1, 1, topics=json.dumps({"choices": ["a", "b"]}), ner=json.dumps(regions),
        meta=json.dumps({"source": "web"}), url="https://example.org/1.png",
    )  # fmt: skip
    found = dry_run(workspace, tmp_path, flat(made), name="export.csv")
    assert sorted(labels(found)) == [
        ("1", "ner", "span", "Org", 2),
        ("1", "topics", "choice", "a", 1),
        ("1", "topics", "choice", "b", 1),
    ]


def test_columns_that_could_be_either_are_asked_about(workspace: Workspace, tmp_path: Path) -> None:
    made = [
        flat_row(n, n, sentiment=("pos", "neg")[n % 2], origin=("web", "mail")[n % 3 == 0])
        for n in range(30)
    ]
    text = flat(*made)
    asked = dry_run(workspace, tmp_path, text, name="export.csv")
    (question,) = asked.must_answer
    assert question.key == "fields"
    assert set(question.choices) >= {"origin", "sentiment", "origin, sentiment"}
    assert not asked.can_accept
    found = dry_run(workspace, tmp_path, text, name="export.csv", fields="sentiment")
    assert {row["field"] for row in rows(found)} == {"sentiment"}
    assert found.can_accept
    odd = dry_run(workspace, tmp_path, text, name="export.csv", fields="no such column")
    assert [q.key for q in odd.must_answer] == ["fields"]


def test_clashing_names_and_addresses_are_data(workspace: Workspace, tmp_path: Path) -> None:
    made = [
        flat_row(n, n, label=("a", "b")[n % 2], _data_label="x y"[n % 3], img=f"/data/{n}.png")
        for n in range(20)
    ]
    found = dry_run(workspace, tmp_path, flat(*made), name="export.csv")
    assert {row["field"] for row in rows(found)} == {"label"}


def test_ratings_in_a_csv_have_numbers_and_free_text_none(
    workspace: Workspace, tmp_path: Path
) -> None:
    made = [
        flat_row(n, n // 2, stars=n % 5 + 1, why=f"A long reason that only I gave, number {n}")
        for n in range(40)
    ]
    found = dry_run(workspace, tmp_path, flat(*made), name="export.csv")
    stars = [row for row in rows(found) if row["field"] == "stars"]
    assert [(row["label"], row["number"]) for row in stars[:3]] == [("1", 1), ("2", 2), ("3", 3)]
    why = {(row["field_type"], row.get("label")) for row in rows(found) if row["field"] == "why"}
    assert why == {("text", None)}


def test_tasks_without_an_annotation_are_passed_over(workspace: Workspace, tmp_path: Path) -> None:
    made = [flat_row(1, 1, tag="a"), flat_row(2, 1, tag="b")]
    bare = {**flat_row(0, 2, tag=""), "annotation_id": "", "annotator": "", "created_at": "",
            "updated_at": "", "lead_time": ""}  # fmt: skip
    found = dry_run(workspace, tmp_path, flat(*made, bare), name="export.csv")
    assert found.accepted == 2
    assert "1 tasks have no annotation" in " ".join(found.notes)


def test_json_min_is_one_object_per_annotation(workspace: Workspace, tmp_path: Path) -> None:
    made = [
        flat_row(n, n // 2, by=n % 2 + 1, text=f"Sentence {n // 2}", sentiment="pos" if n % 3 else
                 {"choices": ["pos", "neg"]}, agreement=50)
        for n in range(8)
    ]  # fmt: skip
    found = read(workspace, tmp_path, made)
    assert found.detected.words == "Label Studio JSON-MIN"
    assert labels(found)[:3] == [
        ("0", "sentiment", "choice", "pos", 1),
        ("0", "sentiment", "choice", "neg", 1),
        ("1", "sentiment", "choice", "pos", 1),
    ]
    assert rows(found)[0]["tool_agreement"] == 0.5
    assert "JSON-MIN has no skips" in " ".join(found.notes)
    assert "Sentence" not in json.dumps(rows(found), default=str)


def test_a_cell_nested_without_end_is_taken_for_text(workspace: Workspace, tmp_path: Path) -> None:
    made = [flat_row(n, n, tag="ab"[n % 2], text="[" * 50_000 if n == 3 else "x") for n in range(6)]
    found = dry_run(workspace, tmp_path, flat(*made), name="export.csv")
    assert (found.accepted, found.refused) == (6, 0)
