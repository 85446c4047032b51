"""Files that nobody on this project wrote: their known counts come out."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from data_access.ingest import DryRun, prepare
from data_access.workspace import Workspace

FOLDER = os.environ.get("REAL_EXTRACTS_DIR", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="REAL_EXTRACTS_DIR is not set")


def taken(workspace: Workspace, name: str, **answers: str) -> DryRun:
    path = Path(FOLDER) / name
    found = prepare(workspace, path, file_name=path.name, answers=answers)
    assert found.refusal is None
    assert found.must_answer == ()
    return found


def rows(found: DryRun) -> list[dict[str, object]]:
    return pq.read_table(found.folder / "rows.parquet").to_pylist()


def test_the_permit_log_is_a_work_log_of_8577_events(workspace: Workspace) -> None:
    found = taken(workspace, "event_logs/receipt.csv")
    assert (found.extract, found.accepted, found.refused) == ("work_log", 8577, 0)
    assert found.is_closed_cases
    assert "zone" not in [question.key for question in found.questions]
    events = rows(found)
    assert len({event["item_id"] for event in events}) == 1434
    assert len({event["stage"] for event in events}) == 27
    # 2011-10-11 13:45:40.276+02:00 and, after the clock change, 2011-11-24 15:36:51.302+01:00
    assert events[0]["event_at"] == datetime(2011, 10, 11, 11, 45, 40, 276000)
    assert events[2]["event_at"] == datetime(2011, 11, 24, 14, 36, 51, 302000)
    late = {
        event["item_id"]: event["closed_at"] > event["due_at"]
        for event in events
        if event["closed_at"] and event["due_at"]
    }
    assert (sum(late.values()), len(late)) == (389, 1329)


def test_the_textbook_log_has_42_events_of_6_cases(workspace: Workspace) -> None:
    found = taken(workspace, "event_logs/running-example.csv")
    assert (found.extract, found.accepted, found.refused) == ("work_log", 42, 0)
    events = rows(found)
    assert len({event["item_id"] for event in events}) == 6
    assert len({event["stage"] for event in events}) == 8


@pytest.mark.parametrize(
    ("name", "issues"),
    [("gallery_2021", 127), ("migration_2025", 22), ("werkplaats_nl_2023", 26)],
)
def test_a_jira_export_has_its_issues(name: str, issues: int, workspace: Workspace) -> None:
    found = taken(workspace, f"jira/{name}.csv", zone="Europe/Amsterdam")
    assert (found.extract, found.accepted, found.refused) == ("issues", issues, 0)
    kept = rows(found)
    assert len({row["issue_key"] for row in kept}) == issues
    assert all(row["status_category"] for row in kept)
    if name == "migration_2025":
        assert sum(row["resolved_at"] is not None for row in kept) == 10


@pytest.mark.parametrize("name", ["gallery_2021", "migration_2025", "werkplaats_nl_2023"])
def test_sprints_and_comments_of_a_jira_export_are_those_in_its_cells(
    name: str, workspace: Workspace
) -> None:
    """Beside the file, read by the standard library."""
    with (Path(FOLDER) / f"jira/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)

    def cells(line: list[str], column: str) -> list[str]:
        return [line[i] for i, one in enumerate(header) if one == column and line[i]]

    def last_time(line: list[str]) -> datetime | None:
        found = [cell.split(";")[0] for cell in cells(line, "Comment")]
        return max((datetime.strptime(at, "%d/%b/%y %I:%M %p") for at in found), default=None)

    wanted = {
        line[header.index("Issue key")]: (
            next(iter(cells(line, "Sprint")[::-1]), None),
            len(cells(line, "Comment")) if "Comment" in header else None,
            last_time(line),
        )
        for line in lines
    }
    found = rows(taken(workspace, f"jira/{name}.csv", zone="UTC"))
    names = ("sprint", "comments", "last_comment_at")
    assert {row["issue_key"]: tuple(row[n] for n in names) for row in found} == wanted


def test_lines_of_a_jira_export_with_breaks_in_its_cells_are_those_of_the_file(
    workspace: Workspace,
) -> None:
    found = taken(workspace, "jira/gallery_2021.csv", zone="UTC")
    lines = (Path(FOLDER) / "jira/gallery_2021.csv").read_text("utf-8-sig").split("\n")
    for row in rows(found):
        start = str(row["summary"]).split("\n")[0].split('"')[0][:20].strip()
        assert start in lines[row["line"] - 1]


def test_the_tickets_with_bad_clocks_are_kept_and_said(workspace: Workspace) -> None:
    found = taken(workspace, "jira/agile_project_tickets.csv")
    assert (found.extract, found.accepted, found.refused) == ("issues", 4123, 0)
    assert [(flag.column, flag.rows) for flag in found.flagged] == [("finished_date", 1662)]
    assert Counter(row["project"] for row in rows(found)) == {"0": 2427, "1": 1696}


def test_an_enterprise_export_has_389_annotations_of_which_130_are_gold(
    workspace: Workspace,
) -> None:
    found = taken(workspace, "label_studio/team_01.json")
    made = by_annotation(found)
    assert (found.extract, found.refused, found.also) == ("annotations", 0, ())
    assert len(made) == 389
    assert sum(row["is_gold"] for row in made.values()) == 130
    assert sum(row["field"] is None for row in made.values()) == 4
    assert len({row["annotator"] for row in made.values()}) == 3
    lead = sorted(row["lead_time_seconds"] for row in made.values())
    assert round(np.quantile(lead, 0.5), 3) == 155.287
    assert round(np.quantile(lead, 0.95), 3) == 683.889
    assert round(lead[-1], 1) == 35_409.1
    of_task = {row["item_id"]: row["tool_agreement"] for row in made.values()}
    assert len(of_task) == 130
    assert round(100 * sum(of_task.values()) / 130, 4) == 71.2835


def test_a_reviewed_export_has_463_annotations_and_305_reviews(workspace: Workspace) -> None:
    found = taken(workspace, "label_studio/team_10.json")
    made = by_annotation(found)
    assert len(made) == 463
    assert Counter(row["last_action"] for row in made.values()) == {
        "accepted": 240, "deleted_review": 164, "rejected": 39, "updated": 20,
    }  # fmt: skip
    (also,) = found.also
    reviews = rows(also)
    assert (also.extract, len(reviews)) == ("reviews", 305)
    assert Counter(row["outcome"] for row in reviews) == {"accepted": 266, "rejected": 39}
    assert {row["annotation_id"] for row in reviews} <= made.keys()
    lead = sorted(row["lead_time_seconds"] for row in made.values())
    assert round(np.quantile(lead, 0.5), 3) == 273.208
    assert round(np.quantile(lead, 0.95), 3) == 22_723.973
    of_task = {row["item_id"]: row["tool_agreement"] for row in made.values()}
    assert round(100 * sum(of_task.values()) / len(of_task), 3) == 76.664


@pytest.mark.parametrize("name", ["team_01", "team_10"])
def test_every_label_of_an_export_is_counted(name: str, workspace: Workspace) -> None:
    """Beside the file, read by the standard library: labels and paths by annotation."""
    path = Path(FOLDER) / "label_studio" / f"{name}.json"
    wanted: Counter[tuple[str, str, str]] = Counter()
    for task in json.loads(path.read_text("utf-8")):
        for made in task["annotations"]:
            for result in made["result"]:
                value = result["value"]
                names = value.get("labels") or ["/".join(p) for p in value["taxonomy"]]
                for label in names:
                    wanted[str(made["id"]), result["from_name"], label.strip()] += 1
    found = Counter()
    for row in rows(taken(workspace, f"label_studio/{name}.json")):
        if row["label"] is not None:
            found[row["annotation_id"], row["field"], row["label"]] += row["label_count"]
    assert found == wanted


VENDOR = {  # file → (annotation, item, field, type, label) and reviews by (annotation, outcome)
    "csv_test.json": (
        [("7", "1", "label", "box", "Car"), ("8", "2", "label", "box", "Car")],
        [("7", "rejected"), ("8", "rejected")],
    ),
    "csv_test_history.json": ([("18047", "6141", "sentiment", "choice", "Positive")], []),
    "json_min_source.json": ([("22", "87", "label", "box", "Airplane")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", VENDOR)
def test_the_vendors_own_fixtures_are_read(name: str, workspace: Workspace) -> None:
    wanted, reviews = VENDOR[name]
    found = taken(workspace, f"label_studio/{name}")
    names = ("annotation_id", "item_id", "field", "field_type", "label")
    assert [tuple(row[n] for n in names) for row in rows(found)] == wanted
    assert [(r["annotation_id"], r["outcome"]) for one in found.also for r in rows(one)] == reviews


def test_the_vendors_csv_is_its_json_without_the_answer(workspace: Workspace) -> None:
    """The fixture's tag points nowhere, so the vendor's converter left its answer out."""
    (whole,) = rows(taken(workspace, "label_studio/csv_test2.json"))
    (flat,) = rows(taken(workspace, "label_studio/csv_test2_result.csv"))
    same = ("annotation_id", "item_id", "annotator", "created_at", "updated_at",
            "lead_time_seconds", "tool_agreement")  # fmt: skip
    assert {n: whole[n] for n in same} == {n: flat[n] for n in same}
    assert (whole["field"], flat["field"]) == ("uri_selection", None)


RATINGS = {  # file → units with a rating, raters, ratings; counted in the file
    "cac.raw4raters": (12, 4, 41),
    "fleiss1971_psychiatric_30x6_raw": (30, 6, 180),
    "krippendorff_canonical_15x3": (13, 3, 27),
}


@pytest.mark.parametrize("name", RATINGS)
def test_a_table_of_raters_has_every_rating(name: str, workspace: Workspace) -> None:
    found = rows(taken(workspace, f"agreement/{name}.csv"))
    told = (len({r["item_id"] for r in found}), len({r["annotator"] for r in found}), len(found))
    assert told == RATINGS[name]
    with (Path(FOLDER) / "agreement" / f"{name}.csv").open(encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    wanted = {
        (line[0], header[i], float(line[i]))
        for line in lines
        for i in range(1, len(line))
        if line[i]
    }
    assert {(r["item_id"], r["annotator"], r["number"]) for r in found} == wanted
    assert all(r["label"] == f"{r['number']:g}" for r in found)


def by_annotation(found: DryRun) -> dict[str, dict[str, object]]:
    """One row of each annotation."""
    return {str(row["annotation_id"]): row for row in rows(found)}
