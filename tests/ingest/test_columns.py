"""Which of their columns becomes which of ours, and what is said of the rest."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.extracts import EXTRACTS
from data_access.extracts.model import Extract
from data_access.extracts.template import template
from data_access.ingest import accept, prepare
from data_access.ingest.columns import match, suggest_extract
from data_access.ingest.sources import clean_name
from data_access.workspace import Workspace
from tests.ingest.making import SETTLED, dry_run

CLOCK = datetime(2026, 11, 16, 9)


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_template_is_recognized_as_its_own_kind_and_accepted(
    name: str, workspace: Workspace, tmp_path: Path
) -> None:
    content = template(EXTRACTS[name])
    header, example = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert header == [column.name for column in EXTRACTS[name].columns]
    assert len(example) == len(header)
    assert suggest_extract(header) == (name, True)
    found = dry_run(workspace, tmp_path, content, name=f"{name}.csv")
    assert (found.extract, found.accepted, found.refused) == (name, 1, 0)


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_alias_finds_its_column_whatever_its_case_and_punctuation(name: str) -> None:
    kind: Extract = EXTRACTS[name]
    for column in kind.columns:
        for alias in (column.name, column.label, *column.aliases):
            for spelled in (alias, alias.upper(), f"  {alias.replace(' ', '_')}. "):
                found = match([spelled], kind)
                assert [m.column.name for m in found.matched] == [column.name], spelled


def test_of_two_columns_for_one_of_ours_the_better_alias_is_used_and_the_other_named() -> None:
    header = [
        "",
        "concept:name",
        "org:resource",
        "time:timestamp",
        "Activity",
        "Resource",
        "case:concept:name",
        "Costs",
    ]
    found = match(header, EXTRACTS["work_log"])
    assert {m.column.name: m.theirs for m in found.matched} == {
        "item_id": "case:concept:name",
        "stage": "Activity",
        "assignee": "org:resource",
        "event_at": "time:timestamp",
    }
    assert {left.theirs: left.why for left in found.left_out} == {
        "concept:name": "Activity is used for Stage",
        "Resource": "org:resource is used for Assignee",
        "Costs": "not part of this extract",
    }


def test_labels_that_stand_in_several_columns_are_joined_and_others_first_filled(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "Issue key,Created,Labels,Assignee,Labels,Assignee,Labels\n"
        "A-1,2026-11-01,red,,blue,Ann,\nA-2,2026-11-01,,Bo,,Cy,green\n"
    )
    found = dry_run(workspace, tmp_path, content)
    rows = pq.read_table(found.folder / "rows.parquet").to_pylist()
    assert [row["labels"] for row in rows] == ["red, blue", "green"]
    assert [row["assignee"] for row in rows] == ["Ann", "Bo"]


def test_a_missing_required_column_is_asked_for_and_the_template_keeps_the_users_own(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = "Num,Who,Created,Zustand\nA-1,Ann,2026-11-01,=1+1\nA-2,Bo,2026-11-02,Open\n"
    found = dry_run(workspace, tmp_path, content, extract="issues")
    assert not found.can_accept
    assert "No column holds Key" in found.refusal.text
    assert [(q.key, q.choices, q.default) for q in found.questions] == [
        ("map:issue_key", ("Num", "Who", "Zustand"), None)
    ]
    rows = list(csv.reader(io.StringIO(found.refusal.template.decode("utf-8-sig"))))
    assert rows == [["issue_key", "created_at"], ["", "2026-11-01"], ["", "2026-11-02"]]

    mapped = dry_run(
        workspace, tmp_path, content, extract="issues", map__issue_key="Num", map__status="Zustand"
    )
    assert mapped.accepted == 2
    assert mapped.mapping == {
        "issue_key": ["Num"],
        "status": ["Zustand"],
        "created_at": ["Created"],
    }


def test_what_a_person_mapped_is_remembered_for_that_header_in_any_order(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = dry_run(
        workspace,
        tmp_path,
        "Num,Created\nA-1,2026-11-01\n",
        extract="issues",
        map__issue_key="Num",
    )
    accept(workspace, first, by="A", clock=CLOCK, publish=False)
    second = dry_run(workspace, tmp_path, "Created,num\n2026-11-02,A-2\n")
    assert (second.extract, second.accepted) == ("issues", 1)
    assert second.refusal is None


def test_a_column_can_be_left_without_a_match_by_hand(workspace: Workspace, tmp_path: Path) -> None:
    content = "key,created,team\nA-1,2026-11-01,whatever\n"
    found = dry_run(workspace, tmp_path, content, map__team="")
    assert "team" not in found.mapping
    assert [left.theirs for left in found.left_out] == ["team"]


def test_a_header_that_no_kind_knows_is_asked_about(workspace: Workspace, tmp_path: Path) -> None:
    found = dry_run(workspace, tmp_path, "alpha,beta\nx,y\n")
    assert [(q.key, q.default) for q in found.must_answer] == [("extract", None)]
    assert set(found.must_answer[0].choices) == set(EXTRACTS)


def test_the_suggested_kind_can_be_overridden(workspace: Workspace, tmp_path: Path) -> None:
    content = "id,item,stage,time,outcome\n1,I1,1,2026-11-01,accepted\n"
    assert dry_run(workspace, tmp_path, content).extract == "reviews"
    other = dry_run(workspace, tmp_path, content, extract="work_log")
    assert (other.extract, other.accepted) == ("work_log", 1)


def test_a_list_made_for_import_is_refused_as_that(workspace: Workspace, tmp_path: Path) -> None:
    content = "Summary,Issue Type,Priority,Labels\nDo it,Task,High,a\n"
    found = dry_run(workspace, tmp_path, content, extract="issues")
    assert "list to import into a tracker" in found.refusal.text


def test_a_tracker_export_without_issues_is_refused_with_what_to_do(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated\n"
    found = dry_run(workspace, tmp_path, content)
    assert "header and no issues" in found.refusal.text
    assert "filter or board" in found.refusal.text


def test_the_refused_rows_can_be_mended_and_sent_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "metric,scope,value,valid_from\nturnaround_p50,,soon,2026-01-01\n"
        "turnaround_p85,,40,2026-01-01\n"
    )
    found = dry_run(workspace, tmp_path, content, name="targets.csv")
    sent_back = found.refused_path.read_text(encoding="utf-8-sig")
    assert sent_back.splitlines()[0] == "line,column,value,reason,metric,scope,value,valid_from"
    mended = sent_back.replace("turnaround_p50,,soon,", "turnaround_p50,,36,")
    again = dry_run(workspace, tmp_path, mended, name="targets.csv")
    assert (again.accepted, again.refused) == (1, 0)
    assert pq.read_table(again.folder / "rows.parquet")["value"].to_pylist() == [36.0]


def test_cells_that_a_spreadsheet_would_compute_are_inert_in_the_refused_rows(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        'key,created,summary\nA-1,never,"=HYPERLINK(""http://x"")"\nA-2,2026-11-01,ok\n@x,-2,+cmd\n'
    )
    found = dry_run(workspace, tmp_path, content)
    rows = list(csv.reader(io.StringIO(found.refused_path.read_text(encoding="utf-8-sig"))))
    assert rows[1][4:] == ["A-1", '\'=HYPERLINK("http://x")', "never"]
    assert rows[2][4:] == ["'@x", "'+cmd", "-2"]


def test_refused_rows_opened_where_semicolons_split_cells_hold_no_formula_and_can_be_sent_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "key,created,summary\nA-1,never,note;=HYPERLINK(1)\nA-2,never,a\t+SUM(A1)\n"
        'A-3,never,"two\n=1+1"\nA-4,never,"1;-2;+3,5%"\nA-5,never,thanks ;-) bye\n'
        "A-6,2026-11-01,ok\n"
    )
    found = dry_run(workspace, tmp_path, content)
    sent_back = found.refused_path.read_text(encoding="utf-8-sig")
    cells = re.split(r"[;\t\n]", sent_back)
    assert [cell for cell in cells if re.match(r"[=@]|[+-]\D", cell)] == ["-) bye,never"]
    assert "1;-2;+3,5%" in sent_back
    again = dry_run(workspace, tmp_path, sent_back.replace("never", "2026-11-02"))
    assert (again.accepted, again.refused) == (5, 0)


@pytest.mark.parametrize(
    ("file_name", "source"),
    [
        ("ops-board-2026-W46.csv", "ops-board"),
        ("ops-board-2026-11-15.csv", "ops-board"),
        ("ops board 15.11.2026.xlsx", "ops board"),
        ("ops-board (3).csv", "ops-board"),
        ("Copy of ops-board.csv", "ops-board"),
        ("ops-board - Copy (2).csv", "ops-board"),
        ("ops_board_20261115T0830.csv.gz", "ops_board"),
        ("W46 ops-board.csv", "ops-board"),
        ("project-14-at-2026-11-22-08-30.csv", "project-14"),
        ("../../../etc/ops-board.csv", "ops-board"),
        ("team_01.csv", "team_01"),
        ("receipt.csv", "receipt"),
        ("2026-11-15.csv", ""),
    ],
)
def test_the_source_is_the_file_name_without_what_passes(file_name: str, source: str) -> None:
    assert clean_name(file_name) == source


def test_two_sources_with_one_header_stay_apart_and_a_numbered_copy_joins_its_own(
    workspace: Workspace, tmp_path: Path
) -> None:
    def source_of(file_name: str, row: str) -> str:
        path = tmp_path / file_name
        path.write_text(f"key,created\n{row},2026-11-01\n")
        found = prepare(
            workspace,
            path,
            file_name=file_name,
            answers={k: v for k, v in SETTLED.items() if k != "source"},
        )
        accept(workspace, found, by="A", clock=CLOCK, publish=False)
        return found.source

    assert source_of("Jira.csv", "A-1") == "Jira"
    assert source_of("Jira2.csv", "A-2") == "Jira"
    assert source_of("tracker-2026-W46.csv", "A-3") == "tracker"
    assert source_of("2026-11-15.csv", "A-4") == "tracker"


def test_a_summary_says_what_a_column_holds_and_no_name_while_names_are_hidden(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "batch,team,promised_on,items_promised\n"
        "B1,ML,2026-11-01,10\nB2,ML,2026-11-05,20\nB3,,2026-11-03,\nB4,QA,2026-11-03,60\n"
    )
    found = {s.name: s for s in dry_run(workspace, tmp_path, content, name="d.csv").summaries}
    team, items, days = found["team"], found["items_promised"], found["promised_on"]
    assert (team.filled, team.distinct, team.most_frequent, team.most_frequent_rows) == (
        3,
        2,
        "ML",
        2,
    )
    assert (items.filled, items.minimum, items.maximum, items.mean) == (3, "10", "60", 30.0)
    assert (days.minimum, days.maximum) == ("2026-11-01", "2026-11-05")

    content = "key,created,assignee\nA-1,2026-11-01,Ann\nA-2,2026-11-01,Ann\n"
    for hidden, shown in ((True, ""), (False, "Ann")):
        workspace.save_settings(replace(workspace.settings, hide_names=hidden))
        found = {s.name: s for s in dry_run(workspace, tmp_path, content).summaries}
        assert (found["assignee"].filled, found["assignee"].most_frequent) == (2, shown)
