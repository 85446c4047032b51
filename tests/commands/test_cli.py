"""The command line: what it prints, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from commands.output import Exit
from data_access.workspace import active
from metrics.catalog import METRICS
from metrics.errors import AppError
from tests.ingest.exports import annotation, choice, review, task

HEADER = "item_id,project,team,stage,entered_at,started_at,finished_at\n"
ROWS = (
    "A1,P,Red,Review,2026-11-02 08:00:00,2026-11-02 09:00:00,2026-11-02 10:00:00\n"
    "A2,P,Red,Review,2026-11-03 08:00:00,2026-11-03 09:00:00,2026-11-03 12:00:00\n"
    "A3,P,Blue,Review,2026-11-04 08:00:00,2026-11-04 09:00:00,2026-11-04 11:00:00\n"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: object) -> tuple[int, str]:
    """Exit code and output, as a process would give them (usage errors included)."""
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def run_process(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "cli.py", *map(str, arguments)]
    root = Path(cli.__file__).parent
    return subprocess.run(
        command,
        cwd=root,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_a_clean_file_is_accepted_with_exit_code_0(log: Path) -> None:
    code, output = run("ingest", log, "--yes", "--json")
    told = json.loads(output)
    assert code == Exit.DONE == told["exit_code"]
    assert told["type"] == "work_log"
    assert told["new"] == 3
    assert told["upload"].startswith("000001-")


def test_a_file_with_a_bad_row_is_accepted_without_it_with_exit_code_4(log: Path) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write("A4,P,Blue,,2026-11-04 08:00:00,,\n")
    code, output = run("ingest", log, "--yes", "--json")
    told = json.loads(output)
    assert code == Exit.PARTLY
    assert told["accepted"] == 3
    assert [(row["line"], row["column"]) for row in told["refused_rows"]] == [(5, "stage")]


def test_the_refused_rows_lie_where_the_command_says_before_and_after_accepting(
    log: Path, tmp_path: Path
) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write("A4,P,Blue,,2026-11-04 08:00:00,,\n")
    asked = tmp_path / "to fix.csv"
    code, output = run("ingest", log, "--refused", asked)
    assert (code, "Nothing was stored" in output) == (Exit.QUESTION, True)
    assert f"All refused rows: {asked}" in output
    assert "A4" in asked.read_text(encoding="utf-8-sig")

    told = json.loads(run("ingest", log, "--yes", "--json")[1])
    kept = Path(told["refused_file"])
    assert kept.read_text(encoding="utf-8-sig") == asked.read_text(encoding="utf-8-sig")
    assert kept.parent.name == told["upload"]


def test_an_upload_that_fails_leaves_the_user_in_the_workspace_he_was_in(
    log: Path, home: Path
) -> None:
    (home / "own").mkdir(parents=True)
    (home / "own" / "uploads").write_text("where the folder should be")
    with pytest.raises(OSError, match="uploads"):
        run("ingest", log, "--yes")
    assert active().name == "sample"


def test_what_the_command_suggests_can_be_run_as_it_stands(log: Path) -> None:
    output = run("ingest", log, "--yes")[1]
    upload = json.loads(run("uploads", "--json")[1])[0]["upload"]
    assert f"To undo it: python start.py undo {upload}" in output


def test_the_list_of_uploads_says_what_each_changed(log: Path) -> None:
    run("ingest", log, "--yes")
    log.write_text(HEADER + ROWS.replace("A3", "A4").replace("10:00:00", "10:30:00"))
    run("ingest", log, "--yes", "--answer", "coverage=everything")
    newest = json.loads(run("uploads", "--json")[1])[0]
    assert [newest[name] for name in ("new", "changed", "same", "vanished")] == [1, 1, 1, 1]


def test_the_same_file_again_changes_nothing_with_exit_code_5(log: Path) -> None:
    run("ingest", log, "--yes")
    code, output = run("ingest", log, "--yes")
    assert code == Exit.SAME
    assert "Nothing changes" in output
    assert len(json.loads(run("uploads", "--json")[1])) == 1


def reviewed_export(tmp_path: Path) -> Path:
    path = tmp_path / "team.json"
    reviews = [review(1, accepted=True), review(2, accepted=True) | {"created_at": None}]
    path.write_text(json.dumps([task(1, annotation(11, choice("a"), reviews=reviews))]), "utf-8")
    return path


def test_a_file_of_two_tables_is_told_accepted_and_undone_as_one(tmp_path: Path) -> None:
    export, refused = reviewed_export(tmp_path), tmp_path / "refused.csv"
    code, output = run("ingest", export, "--yes", "--json", "--refused", refused)
    told = json.loads(output)
    assert code == Exit.PARTLY  # of the reviews one is refused
    (also,) = told["also"]
    assert (told["type"], told["accepted"], also["type"]) == ("annotations", 1, "reviews")
    assert (also["accepted"], also["refused"]) == (1, 1)
    assert "Also in this file: 2 reviews (1 new, 1 refused)." in told["lines"]
    assert "reviewed_at" in (tmp_path / "refused_reviews.csv").read_text("utf-8-sig")
    listed = json.loads(run("uploads", "--json")[1])
    assert [(row["upload"], row["type"]) for row in listed] == [
        (told["upload"], "annotations + reviews")
    ]
    done = run_process("undo", f"{told['upload']}-reviews")
    assert done.returncode == Exit.FAILED
    assert f"Undo or restore {told['upload']}" in done.stderr
    assert run("undo", told["upload"])[0] == Exit.DONE
    assert json.loads(run("uploads", "--json")[1])[0]["state"] == "withdrawn"


def test_a_web_page_called_csv_is_refused_with_exit_code_3(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("<!DOCTYPE html><html><body>Please log in</body></html>", encoding="utf-8")
    code, output = run("ingest", path, "--yes")
    assert code == Exit.REFUSED
    assert "web page" in output.lower()
    assert json.loads(run("uploads", "--json")[1]) == []


def test_dates_that_read_both_ways_need_an_answer_with_exit_code_6(tmp_path: Path) -> None:
    path = tmp_path / "issues.csv"
    path.write_text("Key,Created\nA-1,03/04/2026\nA-2,05/06/2026\n", encoding="utf-8")
    code, output = run("ingest", path, "--yes", "--type", "issues", "--json")
    assert code == Exit.QUESTION
    open_ones = [q for q in json.loads(output)["questions"] if q["default"] is None]
    assert [q["key"] for q in open_ones] == ["date_order:created_at"]
    choice = open_ones[0]["choices"][0]
    answered = run(
        "ingest", path, "--yes", "--type", "issues", "--answer", f"date_order:created_at={choice}"
    )
    assert answered[0] == Exit.DONE


def test_without_yes_and_without_a_person_nothing_is_stored(log: Path) -> None:
    code, output = run("ingest", log)
    assert code == Exit.QUESTION
    assert "Nothing was stored" in output
    assert json.loads(run("uploads", "--json")[1]) == []


def test_a_column_with_a_name_of_its_own_is_mapped_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    strange = HEADER.replace("item_id", "Vorgang").replace("stage", "Schritt")
    path.write_text(strange + ROWS, encoding="utf-8")
    assert run("ingest", path, "--type", "work_log", "--yes")[0] in (Exit.REFUSED, Exit.QUESTION)
    code, _ = run(
        "ingest",
        path,
        "--type",
        "work_log",
        "--yes",
        "--map",
        "Vorgang=item_id",
        "--map",
        "Schritt=stage",
    )
    assert code == Exit.DONE


def test_a_value_is_printed_split_by_a_dimension(log: Path) -> None:
    run("ingest", log, "--yes")
    told = json.loads(run("value", "touch_time", "--by", "team", "--json")[1])
    # Red: 1 h and 3 h; Blue: 2 h. All withheld: a mean needs five visits.
    assert {row["segment"]: row["n"] for row in told["values"]} == {"Red": 2, "Blue": 1}
    assert all(row["value"] is None and "Too few" in row["note"] for row in told["values"])
    told = json.loads(run("value", "stage_events", "--where", "team=Red", "--json")[1])
    assert told["values"][0]["value"] == 2


def test_a_series_has_a_row_for_each_day_of_the_window(log: Path) -> None:
    run("ingest", log, "--yes")
    told = json.loads(
        run(
            "value",
            "stage_events",
            "--grain",
            "day",
            "--since",
            "2026-11-02",
            "--until",
            "2026-11-05",
            "--json",
        )[1]
    )
    # the file is a part and its newest row is of the 4th, so it says nothing of the 5th
    assert [row["value"] for row in told["values"]] == [1, 1, 1, None]


def test_the_rows_behind_a_value_lead_to_the_line_of_the_file(log: Path) -> None:
    run("ingest", log, "--yes")
    rows = json.loads(run("rows", "stage_events", "--where", "team=Blue", "--json")[1])
    assert [(row["item_id"], row["line"]) for row in rows] == [("A3", 4)]


def test_undo_takes_an_upload_back_and_redo_brings_it_again(log: Path) -> None:
    upload = json.loads(run("ingest", log, "--yes", "--json")[1])["upload"]
    assert run("undo", upload)[0] == Exit.DONE
    assert json.loads(run("value", "arrivals", "--json")[1])["values"][0]["value"] is None
    run("undo", upload, "--redo")
    assert json.loads(run("value", "arrivals", "--json")[1])["values"][0]["value"] == 3


def test_rebuild_gives_the_same_numbers(log: Path) -> None:
    run("ingest", log, "--yes")
    before = json.loads(run("value", "arrivals", "--json")[1])["values"]
    assert run("rebuild")[0] == Exit.DONE
    assert json.loads(run("value", "arrivals", "--json")[1])["values"] == before


def test_check_finds_accepted_rows_that_were_changed_on_the_disk(log: Path, home: Path) -> None:
    upload = json.loads(run("ingest", log, "--yes", "--json")[1])["upload"]
    assert run("check")[0] == Exit.DONE
    (home / "own" / "uploads" / upload / "rows.parquet").write_bytes(b"PAR1 spoiled")
    code, output = run("check")
    assert code == Exit.FAILED
    assert "FAULT" in output


def test_a_misspelled_metric_is_answered_with_the_right_one() -> None:
    done = run_process("value", "arrivls")
    assert done.returncode == Exit.FAILED
    assert "Did you mean arrivals?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_option_is_a_usage_error_with_exit_code_2() -> None:
    assert run_process("value", "arrivals", "--since", "yesterday").returncode == Exit.USAGE
    assert run_process("fly").returncode == Exit.USAGE


def test_every_metric_is_listed_with_its_definition() -> None:
    told = json.loads(run("metrics", "--json")[1])
    assert [row["metric"] for row in told] == list(METRICS)
    assert all(row["definition"] for row in told)


def test_the_weekly_report_is_written_archived_and_laid_out_again_to_the_byte(
    log: Path, tmp_path: Path
) -> None:
    run("ingest", log, "--yes")
    code, output = run(
        "report",
        "weekly",
        "--week",
        "2026-W45",
        "--out",
        tmp_path / "out",
        "--by",
        "D. Ruiz",
        "--html",
        "--json",
    )
    assert code == Exit.DONE
    told = json.loads(output)
    page = told["files"].pop()
    assert Path(page).read_bytes().startswith(b"<!DOCTYPE html>")
    assert Path(page).suffix == ".html"
    assert sorted(Path(name).suffix for name in told["files"]) == [".docx", ".xlsx"]
    assert [row["report"] for row in json.loads(run("report", "list", "--json")[1])] == [
        told["report"]
    ]
    run("report", "reissue", told["report"], "--out", tmp_path / "again")
    for name in told["files"]:
        again = tmp_path / "again" / Path(name).name
        assert again.read_bytes() == Path(name).read_bytes()
    assert run("check")[0] == Exit.DONE


def test_the_sample_extracts_are_written_to_a_folder(tmp_path: Path) -> None:
    assert run("sample", tmp_path / "sample")[0] == Exit.DONE
    assert list((tmp_path / "sample").rglob("*.csv"))


def test_two_issued_reports_are_compared_and_their_restated_numbers_listed(
    log: Path, tmp_path: Path
):
    run("ingest", log, "--yes")
    with pytest.raises(AppError, match="Two issued reports are needed"):
        run("report", "diff")
    for week in ("2026-W45", "2026-W44"):
        assert run("report", "weekly", "--week", week, "--out", tmp_path / week)[0] == Exit.DONE
    told = json.loads(run("report", "diff", "--json")[1])
    assert (told["old"][:8], told["new"][:8]) == ("2026-W45", "2026-W44")
    assert {"section", "kind", "what", "about", "before", "after"} == set(told["differences"][0])
    assert "2026-W45" in run("report", "diff")[1]
    older, newer = told["old"], told["new"]
    with pytest.raises(AppError, match="No report was issued before") as first:
        run("report", "diff", older)
    assert "report list" in first.value.next_step
    again = json.loads(run("report", "diff", newer, "--json")[1])
    assert (again["old"], again["new"]) == (older, newer)
    with pytest.raises(AppError, match="No report 2026-W99 was issued"):
        run("report", "diff", "2026-W99")
    assert json.loads(run("report", "restated", "--json")[1]) == []
