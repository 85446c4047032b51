"""Numbers, choices, yes and no: read as meant, refused with a reason, asked where two are meant."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.ingest import DryRun
from data_access.workspace import Workspace
from tests.ingest.making import dry_run

TARGETS = "metric,scope,value,valid_from\n"
DELIVERIES = "batch,promised_on,items_promised\n"


def targets(*cells: str) -> str:
    rows = (f'turnaround_p50,,"{cell}",2026-01-{n:02d}\n' for n, cell in enumerate(cells, 1))
    return TARGETS + "".join(rows)


def deliveries(*cells: str) -> str:
    return DELIVERIES + "".join(f'B{n},2026-01-09,"{cell}"\n' for n, cell in enumerate(cells))


def column(found: DryRun, name: str) -> list[object]:
    return pq.read_table(found.folder / "rows.parquet")[name].to_pylist()


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("0.9", "36", "1e2"), [0.9, 36.0, 100.0]),
        (("0,37", "12,5"), [0.37, 12.5]),
        (("90%", "12.5 %"), [0.9, 0.125]),
        (("1,037.5", "1,037"), [1037.5, 1037.0]),
        (("1.037,5", "1.037"), [1037.5, 1037.0]),
        (("0.785", "1.037"), [0.785, 1.037]),
        (("1 037.5", "2'000.25"), [1037.5, 2000.25]),
        (("1,234,567", "1,037"), [1234567.0, 1037.0]),
        (("0,5", "0.25"), [0.5, 0.25]),
        (("-3", "+4.5"), [-3.0, 4.5]),
    ],
)
def test_a_number_is_read_as_its_column_tells(
    cells: tuple[str, ...], numbers: list[float], workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, targets(*cells), name="targets.csv")
    assert found.must_answer == ()
    assert column(found, "value") == pytest.approx(numbers, rel=1e-15)


@pytest.mark.parametrize("cells", [("1.037",), ("1,037", "2,500")])
def test_a_number_that_can_be_read_in_two_ways_is_asked(
    cells: tuple[str, ...], workspace: Workspace, tmp_path: Path
) -> None:
    asked = dry_run(workspace, tmp_path, targets(*cells), name="targets.csv")
    assert [q.key for q in asked.must_answer] == ["decimal:value"]
    point = dry_run(workspace, tmp_path, targets(*cells), name="t.csv", decimal__value="point")
    comma = dry_run(workspace, tmp_path, targets(*cells), name="t.csv", decimal__value="comma")
    first = cells[0].replace(",", ".")
    as_group, as_decimal = float(first.replace(".", "")), float(first)
    expected = {"point": as_group, "comma": as_decimal}
    if "." in cells[0]:
        expected = {"point": as_decimal, "comma": as_group}
    assert column(point, "value")[0] == expected["point"]
    assert column(comma, "value")[0] == expected["comma"]


@pytest.mark.parametrize(
    "cell", ["NaN", "inf", "-inf", "1e999", "1_000", "0x1F", "#REF!", "12a", "--3", "1,2,3", "½"]
)
def test_what_is_no_number_refuses_its_row(cell: str, workspace: Workspace, tmp_path: Path) -> None:
    found = dry_run(workspace, tmp_path, targets("5", cell), name="targets.csv")
    assert (found.accepted, found.refused) == (1, 1)
    assert found.first_refused[0].reason.startswith("Not a number")


def test_a_whole_number_may_have_groups_or_a_zero_after_its_point_and_nothing_else(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(
        workspace, tmp_path, deliveries("1,037", "12.0", "400", "12.5", "-1"), name="deliveries.csv"
    )
    assert column(found, "items_promised") == [1037, 12, 400]
    reasons = [row.reason for row in found.first_refused]
    assert reasons == ["Not a whole number; expected one like 400.", "It must be 0 or more."]


def test_a_choice_is_read_in_any_case_and_by_its_other_names(
    workspace: Workspace, tmp_path: Path
) -> None:
    words = ["ACCEPTED", "Approved", "Fixed_and_accepted", "reject", "perhaps"]
    content = "review_id,item_id,review_stage,reviewed_at,outcome,sampled\n" + "".join(
        f"R{n},I,1,2026-11-09,{word},{yes}\n"
        for n, (word, yes) in enumerate(zip(words, ["yes", "FALSE", "x", "", "1"], strict=True))
    )
    found = dry_run(workspace, tmp_path, content)
    assert column(found, "outcome") == ["accepted", "accepted", "fixed", "rejected"]
    assert column(found, "sampled") == [True, False, True, None]
    assert found.first_refused[0].reason == "Not one of accepted, fixed, rejected."


def test_a_row_with_several_faults_tells_them_all(workspace: Workspace, tmp_path: Path) -> None:
    content = (
        "review_id,item_id,review_stage,reviewed_at,outcome\n"
        "R1,I,1,2026-11-09,accepted\nR2,,0,soon,maybe\n"
    )
    found = dry_run(workspace, tmp_path, content)
    (row,) = found.first_refused
    assert row.reason.startswith("Item is required. Also review_stage: It must be 1 or more.")
    assert "reviewed_at: Not a date" in row.reason
    assert "outcome: Not one of" in row.reason


def test_a_rule_over_two_columns_refuses_or_flags(workspace: Workspace, tmp_path: Path) -> None:
    content = (
        "batch,promised_on,items_delivered,items_accepted\nB1,2026-11-09,10,11\nB2,2026-11-09,9,9\n"
    )
    found = dry_run(workspace, tmp_path, content, name="deliveries.csv")
    assert found.first_refused[0].reason == "More items accepted than delivered."
    content = "key,created,resolved\nA-1,2026-11-09,2026-11-08\nA-2,2026-11-09,2026-11-10\n"
    found = dry_run(workspace, tmp_path, content, name="issues.csv")
    assert (found.accepted, found.refused) == (2, 0)
    assert [(f.rows, f.column) for f in found.flagged] == [(1, "resolved")]


def test_targets_are_checked_against_the_catalogue(workspace: Workspace, tmp_path: Path) -> None:
    content = TARGETS + (
        "first_pass_acceptance,team=Radiology,90%,2026-07-01\n"
        "first_pas_acceptance,,0.9,2026-07-01\n"
        "first_pass_acceptance,tem=Radiology,0.9,2026-07-01\n"
        "first_pass_acceptance,,90,2026-07-01\n"
    )
    found = dry_run(workspace, tmp_path, content, name="targets.csv")
    assert found.accepted == 1
    assert [row.column for row in found.first_refused] == ["metric", "scope", "value"]
    assert "Did you mean first_pass_acceptance?" in found.first_refused[0].reason
    assert "Write it like team=Radiology" in found.first_refused[1].reason
    assert "0.9 or 90%" in found.first_refused[2].reason


def test_a_done_issue_without_a_time_of_resolution_takes_that_of_its_status(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "Issue key,Created,Resolved,Status Category,Status Category Changed\n"
        "A-1,2026-11-01,2026-11-02,Done,2026-11-05\n"  # its own time stands
        "A-2,2026-11-01,,Done,2026-11-05\n"  # the status stands in
        "A-3,2026-11-01,,To Do,2026-11-05\n"  # open
        "A-4,2026-11-01,soon,Done,2026-11-05\n"  # unreadable: refused, not filled
        "A-5,2026-11-01,,Done,2026-10-05\n"  # what stands in is checked like any other
    )
    found = dry_run(workspace, tmp_path, content)
    days = [at and at.day for at in column(found, "resolved_at")]
    assert days == [2, 5, None, 5]
    assert [row.line for row in found.first_refused] == [5]
    assert sorted(flag.rows for flag in found.flagged) == [1, 2]
