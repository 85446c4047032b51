"""One file, several extracts: one dry run, one acceptance, one undo."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest

from data_access import manifests
from data_access.ingest import accept, discard, prepare, restore, withdraw
from data_access.ingest.leftovers import UNFINISHED, sweep
from data_access.manifests import Upload, uploads
from data_access.verify import verify_data
from data_access.warehouse import current, open_snapshot
from data_access.workspace import Workspace
from metrics.errors import AppError
from tests.ingest.exports import Json, annotation, choice, read, review, task

CLOCK = datetime(2026, 11, 16, 9)


def export(*reviews: Json, label: str = "a", updated: str = "2026-11-09T10:05:00Z") -> list[Json]:
    made = annotation(11, choice(label), updated_at=updated, reviews=list(reviews))
    return [task(1, made), task(2, annotation(21, choice("b")))]


def taken(workspace: Workspace, tmp_path: Path, content: list[Json], **answers: str) -> Upload:
    return accept(workspace, read(workspace, tmp_path, content, **answers), by="Ana", clock=CLOCK)


def in_force(workspace: Workspace, kind: str) -> int:
    with open_snapshot(workspace, current(workspace)) as con:
        query = f"select count(*) from current_{kind} where vanished_at is null"
        (count,) = con.execute(query).fetchall()[0]
    return int(count)


def test_both_tables_are_stored_under_one_upload(workspace: Workspace, tmp_path: Path) -> None:
    first = taken(workspace, tmp_path, export(review(1, accepted=True)))
    main, also = sorted(uploads(workspace), key=lambda upload: upload.part_of)
    assert (main.upload_id, main.extract, main.rows, main.part_of) == (
        first.upload_id, "annotations", 2, "",
    )  # fmt: skip
    assert (also.upload_id, also.part_of) == (f"{first.upload_id}-reviews", first.upload_id)
    assert (also.extract, also.rows, also.source, also.sha256) == (
        "reviews", 1, main.source, main.sha256,
    )  # fmt: skip
    assert (also.as_of, also.coverage, also.zone) == (main.as_of, main.coverage, main.zone)
    assert (in_force(workspace, "annotations"), in_force(workspace, "reviews")) == (2, 1)
    assert all(verdict.is_ok for verdict in verify_data(workspace))
    assert list((workspace.root / "staging").iterdir()) == []


def test_the_originals_kept_are_the_mapped_columns_of_each_table(
    workspace: Workspace, tmp_path: Path
) -> None:
    taken(workspace, tmp_path, export(review(1, accepted=True)))
    kept = {
        upload.extract: gzip.decompress(
            upload.rows_path.with_name("original.csv.gz").read_bytes()
        ).decode()
        for upload in uploads(workspace)
    }
    assert kept["reviews"].splitlines()[1].startswith("1,1,11,58,1,7,lead@example.org,2026-11-10")
    assert "nobody keeps" not in "".join(kept.values())


def test_the_same_file_again_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    content = export(review(1, accepted=True))
    first = taken(workspace, tmp_path, content)
    again = read(workspace, tmp_path, content)
    assert (again.is_same_file, again.same_as, again.also) == (True, first.upload_id, ())
    assert accept(workspace, again, by="Ana", clock=CLOCK).was_there
    assert len(uploads(workspace)) == 2


def test_the_next_export_is_compared_table_by_table(workspace: Workspace, tmp_path: Path) -> None:
    taken(workspace, tmp_path, export(review(1, accepted=False), review(2, accepted=False)))
    later = export(
        review(1, accepted=True), review(3, accepted=True), updated="2026-11-12T10:00:00Z"
    )
    found = read(workspace, tmp_path, later, coverage="everything")
    (also,) = found.also
    assert (found.new, found.changed, found.same) == (0, 1, 1)
    assert (also.new, also.changed, also.same, also.vanished) == (1, 1, 0, 1)


def test_undo_takes_both_and_restore_brings_both_back(workspace: Workspace, tmp_path: Path) -> None:
    first = taken(workspace, tmp_path, export(review(1, accepted=True)))
    withdraw(workspace, first.upload_id, by="Ana", clock=CLOCK)
    assert [upload.withdrawn_at for upload in uploads(workspace)] == [CLOCK, CLOCK]
    assert (in_force(workspace, "annotations"), in_force(workspace, "reviews")) == (0, 0)
    restore(workspace, first.upload_id, by="Ana", clock=CLOCK)
    assert (in_force(workspace, "annotations"), in_force(workspace, "reviews")) == (2, 1)


def test_a_table_cannot_be_undone_without_its_file(workspace: Workspace, tmp_path: Path) -> None:
    first = taken(workspace, tmp_path, export(review(1, accepted=True)))
    for change in (withdraw, restore):
        with pytest.raises(AppError) as refused:
            change(workspace, f"{first.upload_id}-reviews", by="Ana", clock=CLOCK)
        assert f"Undo or restore {first.upload_id}" in refused.value.text
    with pytest.raises(AppError) as unknown:
        withdraw(workspace, "000009-00000000", by="Ana", clock=CLOCK)
    assert unknown.value.choices == (first.upload_id,)


def test_a_table_without_its_file_does_not_exist_and_is_swept(
    workspace: Workspace, tmp_path: Path
) -> None:
    """What a process leaves that dies between the two manifests."""
    first = taken(workspace, tmp_path, export(review(1, accepted=True)))
    folder = workspace.uploads / f"{first.upload_id}-reviews"
    (folder / UNFINISHED).touch()
    (workspace.uploads / f"{first.upload_id}.json").unlink()
    (workspace.uploads / first.upload_id / UNFINISHED).touch()
    assert uploads(workspace) == []
    sweep(workspace)
    assert [path.name for path in workspace.uploads.iterdir()] == ["remembered.json"]


def test_a_finished_file_with_marks_left_is_whole(workspace: Workspace, tmp_path: Path) -> None:
    """What a process leaves that dies right after the last manifest."""
    taken(workspace, tmp_path, export(review(1, accepted=True)))
    for upload in uploads(workspace):
        upload.rows_path.with_name(UNFINISHED).touch()
    sweep(workspace)
    assert len(uploads(workspace)) == 2
    assert list(workspace.uploads.glob(f"*/{UNFINISHED}")) == []


def test_a_lost_manifest_of_the_file_is_told_and_nothing_is_swept(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = taken(workspace, tmp_path, export(review(1, accepted=True)))
    (workspace.uploads / f"{first.upload_id}.json").unlink()
    sweep(workspace)
    wrong = [verdict.what for verdict in verify_data(workspace) if not verdict.is_ok]
    assert f"Folder {first.upload_id}" in wrong
    assert f"Folder {first.upload_id}-reviews" in wrong


def test_answers_are_remembered_for_both_tables(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_text(json.dumps(export(review(1, accepted=True))), encoding="utf-8")
    found = prepare(workspace, path, file_name="team.json", answers={"coverage": "part"})
    assert "source" in [question.key for question in found.questions]
    assert found.also[0].coverage == "part"
    accept(workspace, found, by="Ana", clock=CLOCK)
    path.write_text(
        json.dumps(export(review(2, accepted=True), updated="2026-11-12T10:00:00Z")), "utf-8"
    )
    later = prepare(workspace, path, file_name="team.json")
    assert later.questions == ()
    assert (later.coverage, later.also[0].coverage) == ("part", "part")
    assert later.also[0].source == "team"


def test_exports_of_two_projects_are_two_sources_and_of_two_weeks_one(
    workspace: Workspace, tmp_path: Path
) -> None:
    """All exports of a tool have one header, so only the name can tell."""
    path = tmp_path / "export"
    names = {  # as the tool names its files → the source by hand
        "project-5-at-2026-11-09-10-10-2f34c467.json": "project-5",
        "project-5-at-2026-11-16-10-12-00c4a467.json": "project-5",
        "project-51-at-2026-11-16-10-12-11111111.json": "project-51",
    }
    for number, (name, source) in enumerate(names.items(), start=1):
        path.write_text(json.dumps([task(number, annotation(number, choice("a")))]), "utf-8")
        found = prepare(workspace, path, file_name=name)
        assert found.source == source
        accept(workspace, found, by="Ana", clock=CLOCK)
    assert len(uploads(workspace)) == 3


def test_refused_reviews_do_not_hold_the_annotations_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    undated = review(1, accepted=True) | {"created_at": None}
    found = read(workspace, tmp_path, export(undated))
    (also,) = found.also
    assert also.refusal is not None
    accept(workspace, found, by="Ana", clock=CLOCK)
    assert [upload.extract for upload in uploads(workspace)] == ["annotations"]
    assert list((workspace.root / "staging").iterdir()) == []


def test_a_forgotten_dry_run_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    discard(read(workspace, tmp_path, export(review(1, accepted=True))))
    assert list((workspace.root / "staging").iterdir()) == []


def test_saying_the_type_of_a_table_means_its_file(workspace: Workspace, tmp_path: Path) -> None:
    content = export(review(1, accepted=True))
    for kind in ("reviews", "annotations"):
        found = read(workspace, tmp_path, content, extract=kind)
        assert (found.extract, [one.extract for one in found.also]) == ("annotations", ["reviews"])


def test_old_manifests_without_the_new_fields_are_read(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = taken(workspace, tmp_path, export())
    path = workspace.uploads / f"{first.upload_id}.json"
    record = json.loads(path.read_text("utf-8"))
    for name in ("format", "fields", "part_of"):
        del record[name]
    path.write_text(json.dumps(record), "utf-8")
    (found,) = uploads(workspace)
    assert (found.part_of, found.fields) == ("", "")
    assert manifests.with_parts(workspace, first.upload_id) == [found]
