"""Three successive uploads, their counts worked by hand; undo, redo, and the same file again."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from data_access.ingest import accept, describe, prepare, restore, withdraw
from data_access.ingest.leftovers import UNFINISHED, staging_name
from data_access.manifests import Upload, uploads
from data_access.verify import verify_data
from data_access.warehouse import current, open_snapshot, publish
from data_access.workspace import Settings, Workspace
from metrics.errors import AppError, BadExtractError, QuestionError
from tests.ingest.making import dry_run, reviews, text

HEADER = "Issue key,Issue Type,Status,Created,Updated,Assignee Id\n"
CLOCK = datetime(2026, 11, 16, 9)
WEEK_1 = (
    "A-1,Bug,Open,2026-10-01,2026-11-01,u1\n"
    "A-2,Bug,Open,2026-10-02,2026-11-02,u2\n"
    "A-3,Bug,Open,2026-10-03,2026-11-03,u3\n"
)
WEEK_2 = (  # A-1 changed, A-2 same, A-3 gone, A-4 new
    "A-1,Bug,Done,2026-10-01,2026-11-08,u1\n"
    "A-2,Bug,Open,2026-10-02,2026-11-02,u2\n"
    "A-4,Task,Open,2026-11-04,2026-11-09,u4\n"
)
WEEK_3 = (  # A-1 same, A-2 changed, A-3 back, A-4 gone, A-5 new, A-6 refused
    "A-1,Bug,Done,2026-10-01,2026-11-08,u1\n"
    "A-2,Bug,Done,2026-10-02,2026-11-15,u2\n"
    "A-3,Bug,Open,2026-10-03,2026-11-03,u3\n"
    "A-5,Bug,Open,2026-11-12,2026-11-12,u5\n"
    "A-6,Bug,Open,soon,2026-11-12,u6\n"
)


def load(
    workspace: Workspace,
    tmp_path: Path,
    rows: str,
    *,
    coverage: str = "everything",
    minutes: int = 0,
) -> Upload:
    found = dry_run(workspace, tmp_path, HEADER + rows, name="board.csv", coverage=coverage)
    return accept(workspace, found, by="D. Ruiz", clock=CLOCK + timedelta(minutes=minutes))


def counts(upload: Upload) -> tuple[int, int, int, int, int]:
    return upload.new, upload.changed, upload.same, upload.vanished, upload.refused


def shown(workspace: Workspace) -> dict[str, tuple[str, bool]]:
    """Key → (status, whether it is gone) in the snapshot in force."""
    with open_snapshot(workspace, current(workspace)) as con:
        rows = con.execute(
            "select issue_key, status, vanished_at is not null from current_issues order by 1"
        ).fetchall()
    return {key: (status, gone) for key, status, gone in rows}


def test_new_changed_same_vanished_and_refused_over_three_weeks(
    workspace: Workspace, tmp_path: Path
) -> None:
    assert counts(load(workspace, tmp_path, WEEK_1)) == (3, 0, 0, 0, 0)
    assert counts(load(workspace, tmp_path, WEEK_2)) == (1, 1, 1, 1, 0)
    assert shown(workspace) == {
        "A-1": ("Done", False),
        "A-2": ("Open", False),
        "A-3": ("Open", True),
        "A-4": ("Open", False),
    }
    assert counts(load(workspace, tmp_path, WEEK_3)) == (1, 2, 1, 1, 1)
    assert shown(workspace) == {
        "A-1": ("Done", False),
        "A-2": ("Done", False),
        "A-3": ("Open", False),
        "A-4": ("Open", True),
        "A-5": ("Open", False),
    }


def test_the_counts_are_the_same_when_the_snapshot_is_behind(
    workspace: Workspace, tmp_path: Path
) -> None:
    for rows, expected in (
        (WEEK_1, (3, 0, 0, 0, 0)),
        (WEEK_2, (1, 1, 1, 1, 0)),
        (WEEK_3, (1, 2, 1, 1, 1)),
    ):
        found = dry_run(workspace, tmp_path, HEADER + rows, name="board.csv", coverage="everything")
        assert (
            counts(accept(workspace, found, by="D. Ruiz", clock=CLOCK, publish=False)) == expected
        )
    assert current(workspace) == ""


def test_a_part_makes_no_row_vanish(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path, WEEK_1, coverage="part")
    assert counts(load(workspace, tmp_path, WEEK_2, coverage="part")) == (1, 1, 1, 0, 0)
    assert not any(gone for _, gone in shown(workspace).values())


def test_a_row_that_is_refused_does_not_make_what_is_there_vanish(
    workspace: Workspace, tmp_path: Path
) -> None:
    load(workspace, tmp_path, WEEK_1)
    broken = WEEK_1.replace("A-2,Bug,Open,2026-10-02", "A-2,Bug,Open,someday")
    assert counts(load(workspace, tmp_path, broken)) == (0, 0, 2, 0, 1)
    assert shown(workspace)["A-2"] == ("Open", False)


def test_the_same_file_again_changes_nothing_and_says_when_it_was_loaded(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = load(workspace, tmp_path, WEEK_1)
    before = current(workspace), sorted(p.name for p in workspace.uploads.iterdir())
    again = dry_run(
        workspace, tmp_path, HEADER + WEEK_1, name="board (2).csv", coverage="everything"
    )
    assert again.is_same_file
    assert not again.can_accept
    assert "accepted on 2026-11-16 09:00 UTC by D. Ruiz" in again.notes[-1]
    assert accept(workspace, again, by="M. Chen", clock=CLOCK) == first
    after = current(workspace), sorted(p.name for p in workspace.uploads.iterdir())
    assert after == before


def test_two_who_accept_the_same_file_at_once_make_one_upload(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = dry_run(workspace, tmp_path, HEADER + WEEK_1, name="board.csv")
    second = dry_run(workspace, tmp_path, HEADER + WEEK_1, name="board.csv")
    one = accept(workspace, first, by="A", clock=CLOCK)
    two = accept(workspace, second, by="B", clock=CLOCK)
    assert one == two
    assert (one.was_there, two.was_there) == (False, True)
    assert len(uploads(workspace)) == 1


TARGETS = "metric,value,valid_from\nturnaround_p50,{},2026-01-01\n"
LOG = "item_id,stage,event_at\nI-1,Review,2026-11-02 08:00\nI-2,Review,2026-11-03 08:00\n"


@pytest.mark.parametrize(
    ("content", "first", "corrected", "value"),
    [
        (HEADER + WEEK_1, {"zone": "UTC"}, {"zone": "Europe/Madrid"}, "zone"),
        (HEADER + WEEK_1, {"coverage": "part"}, {"coverage": "everything"}, "coverage"),
        (LOG, {"closed_cases": "no"}, {"closed_cases": "yes"}, "is_closed_cases"),
        (TARGETS.format('"1,037"'), {"decimal__value": "point"}, {"decimal__value": "comma"},
         "decimals"),
    ],
)  # fmt: skip
def test_a_corrected_answer_is_not_taken_for_the_same_file(
    workspace: Workspace,
    tmp_path: Path,
    content: str,
    first: dict[str, str],
    corrected: dict[str, str],
    value: str,
) -> None:
    one = dry_run(workspace, tmp_path, content, name="a.csv", **first)
    beside = dry_run(workspace, tmp_path, content, name="b.csv", **corrected)
    accepted = accept(workspace, one, by="A", clock=CLOCK)
    with pytest.raises(QuestionError, match="since the dry run"):
        accept(workspace, beside, by="B", clock=CLOCK)
    again = dry_run(workspace, tmp_path, content, name="a.csv", **corrected)
    assert not again.is_same_file
    second = accept(workspace, again, by="A", clock=CLOCK)
    assert not second.was_there
    assert getattr(second, value) != getattr(accepted, value)
    back = dry_run(workspace, tmp_path, content, name="a.csv", **corrected)
    assert back.is_same_file


def test_an_answer_that_changes_nothing_about_a_file_leaves_it_the_same(
    workspace: Workspace, tmp_path: Path
) -> None:
    load(workspace, tmp_path, WEEK_1)
    again = dry_run(
        workspace,
        tmp_path,
        HEADER + WEEK_1,
        name="board.csv",
        coverage="everything",
        date_order__created_at="day first",  # its dates are in the ISO form
    )
    assert again.is_same_file
    assert again.folder is None


def test_the_names_of_people_in_an_older_summary_are_hidden_while_names_are(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.save_settings(Settings(hide_names=False))
    rows = reviews(30)
    for row in rows:
        row[3] = "Ana Novak"
    found = dry_run(workspace, tmp_path, text(rows[:20]))
    accept(workspace, found, by="A", clock=CLOCK)
    assert "Ana Novak" in str(describe(dry_run(workspace, tmp_path, text(rows)))["summaries"])
    workspace.save_settings(Settings(hide_names=True))
    told = str(describe(dry_run(workspace, tmp_path, text(rows)))["summaries"])
    assert "Ana Novak" not in told
    assert "accepted" in told


def test_a_dry_run_that_another_upload_overtook_is_not_accepted(
    workspace: Workspace, tmp_path: Path
) -> None:
    stale = dry_run(workspace, tmp_path, HEADER + WEEK_1, name="board.csv")
    load(workspace, tmp_path, WEEK_2)
    with pytest.raises(QuestionError, match="since the dry run"):
        accept(workspace, stale, by="A", clock=CLOCK)
    assert len(uploads(workspace)) == 1


def test_undo_brings_back_what_the_upload_replaced_and_redo_takes_it_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    load(workspace, tmp_path, WEEK_1)
    after_one = shown(workspace)
    second = load(workspace, tmp_path, WEEK_2)
    after_two = shown(workspace)
    for _ in range(2):
        withdraw(workspace, second.upload_id, by="M. Chen", clock=CLOCK)
        assert shown(workspace) == after_one
        restore(workspace, second.upload_id, by="M. Chen", clock=CLOCK)
        assert shown(workspace) == after_two
    kept = sorted(p.name for p in workspace.uploads.glob(f"{second.upload_id}.restored-*"))
    assert kept == [f"{second.upload_id}.restored-1.json", f"{second.upload_id}.restored-2.json"]


def test_undo_twice_and_of_nothing_is_said(workspace: Workspace, tmp_path: Path) -> None:
    first = load(workspace, tmp_path, WEEK_1)
    withdraw(workspace, first.upload_id, by="A", clock=CLOCK)
    with pytest.raises(AppError, match="withdrawn already"):
        withdraw(workspace, first.upload_id, by="A", clock=CLOCK)
    restore(workspace, first.upload_id, by="A", clock=CLOCK)
    with pytest.raises(AppError, match="in force already"):
        restore(workspace, first.upload_id, by="A", clock=CLOCK)
    with pytest.raises(AppError, match="There is no upload 000009-none"):
        withdraw(workspace, "000009-none", by="A", clock=CLOCK)


def test_a_withdrawn_file_may_be_loaded_again(workspace: Workspace, tmp_path: Path) -> None:
    first = load(workspace, tmp_path, WEEK_1)
    withdraw(workspace, first.upload_id, by="A", clock=CLOCK)
    again = load(workspace, tmp_path, WEEK_1)
    assert again.upload_id != first.upload_id
    assert again.new == 3


def test_an_older_file_loaded_late_changes_nothing_newer(
    workspace: Workspace, tmp_path: Path
) -> None:
    load(workspace, tmp_path, WEEK_2, coverage="part")
    late = dry_run(workspace, tmp_path, HEADER + WEEK_1, name="board.csv", coverage="part")
    assert [q.key for q in late.questions] == ["as_of"]
    assert (late.new, late.changed, late.same, late.outdated) == (1, 0, 2, 1)
    accept(workspace, late, by="A", clock=CLOCK)
    assert shown(workspace)["A-1"] == ("Done", False)


def test_what_was_answered_once_is_remembered_for_the_source(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "board-2026-W45.csv"
    path.write_text(HEADER + WEEK_1)
    first = prepare(workspace, path, file_name=path.name)
    assert [q.key for q in first.questions] == ["source", "zone", "coverage"]
    assert first.source == "board"
    answers = {"source": "board", "zone": "Europe/Madrid", "coverage": "everything"}
    accept(
        workspace,
        prepare(workspace, path, file_name=path.name, answers=answers),
        by="A",
        clock=CLOCK,
    )

    path = tmp_path / "board-2026-W46.csv"
    path.write_text(HEADER + WEEK_2)
    second = prepare(workspace, path, file_name=path.name)
    assert second.questions == ()
    assert (second.source, second.zone, second.coverage) == ("board", "Europe/Madrid", "everything")
    assert second.vanished == 1
    assert second.previous["issue_key"].filled == 3


def test_only_mapped_columns_are_ever_stored(workspace: Workspace, tmp_path: Path) -> None:
    upload = load(workspace, tmp_path, WEEK_1 + "A-9,Bug,Open,never,,secret-u9\n")
    folder = workspace.uploads / upload.upload_id
    original = gzip.decompress((folder / "original.csv.gz").read_bytes()).decode()
    assert original.splitlines()[0] == "Issue key,Issue Type,Status,Created,Updated"
    assert len(original.splitlines()) == 5
    refused = (folder / "refused.csv").read_text(encoding="utf-8-sig")
    assert "A-9" in refused
    for path in workspace.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"secret-u9" not in content, path
    assert "secret" not in original + refused
    assert not any((workspace.root / "staging").iterdir())


def test_the_manifest_says_who_when_what_and_how_much(workspace: Workspace, tmp_path: Path) -> None:
    upload = load(workspace, tmp_path, WEEK_3)
    stored = json.loads((workspace.uploads / f"{upload.upload_id}.json").read_text())
    assert stored["by"] == "D. Ruiz"
    assert stored["accepted_at"] == "2026-11-16T09:00:00"
    assert (stored["rows"], stored["refused"]) == (4, 1)
    assert stored["mapping"]["issue_key"] == ["Issue key"]
    assert stored["as_of"] == "2026-11-15T00:00:00"
    assert uploads(workspace) == [upload]
    with duckdb.connect() as con:
        lines = con.execute(
            "select issue_key, line from read_parquet(?) order by 2", [str(upload.rows_path)]
        ).fetchall()
    assert lines == [("A-1", 2), ("A-2", 3), ("A-3", 4), ("A-5", 5)]


def test_a_folder_whose_writer_died_is_swept_and_its_number_not_reused_for_another(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = load(workspace, tmp_path, WEEK_1)
    (workspace.uploads / "000002-deadbeef").mkdir()
    (workspace.uploads / "000002-deadbeef" / UNFINISHED).touch()
    assert uploads(workspace) == [first]
    second = load(workspace, tmp_path, WEEK_2)
    assert second.upload_id.startswith("000002-")
    assert not (workspace.uploads / "000002-deadbeef").exists()


def test_rows_whose_manifest_is_away_for_repair_outlive_the_next_upload_and_are_reported(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = load(workspace, tmp_path, WEEK_1, coverage="part")
    manifest = workspace.uploads / f"{first.upload_id}.json"
    manifest.rename(tmp_path / manifest.name)
    load(workspace, tmp_path, WEEK_2, coverage="part")
    assert first.rows_path.exists()
    (told,) = [v for v in verify_data(workspace) if not v.is_ok]
    assert (told.what, "no manifest" in told.detail) == (f"Folder {first.upload_id}", True)
    (tmp_path / manifest.name).rename(manifest)
    publish(workspace)
    assert set(shown(workspace)) == {"A-1", "A-2", "A-3", "A-4"}
    assert all(v.is_ok for v in verify_data(workspace))


def test_a_changed_value_in_any_kept_file_is_found_and_an_old_manifest_stays_valid(
    workspace: Workspace, tmp_path: Path
) -> None:
    upload = load(workspace, tmp_path, WEEK_3)
    assert all(v.is_ok for v in verify_data(workspace))
    kept = sorted(upload.files)
    assert kept == ["original.csv.gz", "refused.csv", "rows.parquet", "seen.parquet"]
    for name in kept:
        path = upload.rows_path.with_name(name)
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        (fault,) = [v for v in verify_data(workspace) if not v.is_ok]
        assert f"{name} was changed" in fault.detail
        path.write_bytes(before)
    manifest = workspace.uploads / f"{upload.upload_id}.json"
    stored = json.loads(manifest.read_text())
    del stored["files"], stored["decimals"]
    manifest.write_text(json.dumps(stored))
    assert all(v.is_ok for v in verify_data(workspace))
    assert dry_run(
        workspace, tmp_path, HEADER + WEEK_3, name="board.csv", coverage="everything"
    ).is_same_file


def test_what_dead_processes_left_is_swept_and_what_living_ones_use_is_kept(
    workspace: Workspace, tmp_path: Path
) -> None:
    load(workspace, tmp_path, WEEK_1)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    temp, staged = workspace.warehouse / "temp", workspace.root / "staging"
    mine = staged / staging_name()
    theirs = staged / staging_name().replace(str(os.getpid()), str(dead.pid))
    elsewhere = staged / f"0000abcd-{dead.pid}-1"  # on another machine, alive or not
    spills = [temp / f"reader-{dead.pid}", temp / f"reader-{os.getpid()}"]
    part = workspace.uploads / ".remembered.json.1.2.part"
    for folder in (mine, theirs, elsewhere, *spills):
        folder.mkdir(parents=True)
    part.touch()
    for path in (part, *spills):
        os.utime(path, (0, 0))
    load(workspace, tmp_path, WEEK_2)
    assert [path.exists() for path in (mine, theirs, elsewhere)] == [True, False, True]
    assert [path.exists() for path in (*spills, part)] == [False, True, False]


def test_a_file_that_changed_since_the_dry_run_is_not_accepted(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, HEADER + WEEK_1, name="board.csv")
    found.path.write_text(HEADER + WEEK_2)
    with pytest.raises(BadExtractError, match="changed since it was checked"):
        accept(workspace, found, by="A", clock=CLOCK)
    assert uploads(workspace) == []


def test_rows_that_stand_in_another_source_already_are_told_before_they_count_twice(
    workspace: Workspace, tmp_path: Path
) -> None:
    load(workspace, tmp_path, WEEK_1)

    def told(source: str) -> list[str]:
        more = WEEK_2 + "B-9,Bug,Open,2026-11-01,2026-11-09,u9\n"
        found = dry_run(workspace, tmp_path, HEADER + more, name="next.csv", source=source)
        return [note for note in found.notes if "count" in note and "twice" in note]

    (warning,) = told("another")
    assert warning.startswith("2 of 4 rows stand in the source tool already")
    assert told("tool") == []
