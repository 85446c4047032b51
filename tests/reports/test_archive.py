from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data_access import manifests
from data_access.manifests import Upload
from metrics.errors import AppError, ReportError
from reports import archive, excel, word
from tests.reports import handmade

MONDAY = datetime(2026, 11, 16, 8)


def test_an_issued_report_keeps_both_files_and_all_values(workspace):
    made = handmade.report()
    one = archive.issue(workspace, made, by="Lea Haddad", clock=MONDAY)
    assert one.folder == workspace.reports / made.id
    assert one.word_path.name == "weekly-report-2026-W46.docx"
    assert one.word_path.read_bytes() == word.write(made)
    assert one.excel_path.read_bytes() == excel.write(made)
    assert archive.archived(workspace, one.id) == made
    assert archive.issued(workspace) == [one]
    assert (one.by, one.issued_at, one.snapshot) == ("Lea Haddad", MONDAY, made.snapshot)
    assert list(archive.verify(workspace)) == []


def test_a_report_issued_again_stays_as_it_was_issued_first(workspace):
    first = archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    later = handmade.report(prepared=MONDAY + timedelta(days=1))
    again = archive.issue(workspace, later, by="Ana", clock=MONDAY + timedelta(days=1))
    assert again == first
    assert len(archive.issued(workspace)) == 1


def test_reports_are_listed_newest_first(workspace):
    made = handmade.report()
    old = archive.issue(workspace, made, by="Lea", clock=MONDAY)
    new = archive.issue(
        workspace, replace(made, organization="Else"), by="Lea", clock=MONDAY + timedelta(hours=1)
    )
    assert [one.id for one in archive.issued(workspace)] == [new.id, old.id]


def test_laying_the_archived_model_out_again_gives_the_same_bytes_in_another_process(workspace):
    one = archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    code = (
        "import sys; from pathlib import Path; from data_access.workspace import Workspace\n"
        "from reports import archive\n"
        "again = archive.reissue(Workspace(Path(sys.argv[1])), sys.argv[2])\n"
        "assert again.is_same and again.is_same_release\n"
        "Path(sys.argv[3]).write_bytes(again.word + again.excel)\n"
    )
    out = workspace.root / "again"
    subprocess.run(
        [sys.executable, "-c", code, workspace.root, one.id, out],
        check=True,
        timeout=120,
        cwd=Path(archive.__file__).parents[1],
        env={"PYTHONHASHSEED": "12345", "PATH": ""},
    )
    assert out.read_bytes() == one.word_path.read_bytes() + one.excel_path.read_bytes()


def test_a_report_that_was_laid_out_otherwise_is_told_to_differ(workspace):
    one = archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    manifest = one.folder / "manifest.json"
    record = json.loads(manifest.read_text())
    record["release"] = "plumbline 000000000000"
    record["digests"]["weekly-report-2026-W46.docx"] = "0" * 64
    manifest.write_text(json.dumps(record))
    again = archive.reissue(workspace, one.id)
    assert (again.is_same, again.is_same_release) == (False, False)


def test_a_report_whose_upload_was_undone_says_which(workspace):
    workspace.uploads.mkdir(parents=True)
    upload = Upload(
        upload_id="000001-3fa2b1c9",
        extract="work_log",
        source="s",
        as_of=MONDAY,
        accepted_at=MONDAY,
    )
    manifests.write(workspace, upload)
    archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    assert archive.issued(workspace)[0].withdrawn == ()
    undone = workspace.uploads / "000001-3fa2b1c9.withdrawn.json"
    undone.write_text(json.dumps({"at": MONDAY.isoformat(), "by": "Lea"}))
    assert archive.issued(workspace)[0].withdrawn == ("000001-3fa2b1c9",)


def test_verify_names_what_is_missing_changed_or_unfinished(workspace):
    one = archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    one.word_path.write_bytes(b"changed")
    (one.folder / "report.json").unlink()
    (workspace.reports / "2026-W45-0000000000").mkdir()
    assert sorted(archive.verify(workspace)) == [
        "2026-W45-0000000000: not issued to the end; it can be deleted and issued again.",
        f"{one.id}: report.json is missing.",
        f"{one.id}: weekly-report-2026-W46.docx was changed after it was issued.",
    ]
    (one.folder / "manifest.json").write_text("{")
    assert f"{one.id}: The manifest of an issued report cannot be read." in list(
        archive.verify(workspace)
    )


def test_a_report_is_issued_only_when_its_manifest_is_written(workspace, monkeypatch):
    write = archive.write_atomically

    def die_at_the_manifest(path, data):
        if path.name == "manifest.json":
            raise OSError("disk full")
        write(path, data)

    monkeypatch.setattr(archive, "write_atomically", die_at_the_manifest)
    with pytest.raises(ReportError, match="could not be archived: disk full"):
        archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    assert archive.issued(workspace) == []
    assert list(archive.verify(workspace)) == [], "nothing half is left"
    monkeypatch.undo()
    archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    assert list(archive.verify(workspace)) == []


_ISSUER = """
import sys
from datetime import datetime
from pathlib import Path
from data_access.workspace import Workspace
from reports import archive
from tests.reports import handmade
sys.stdin.readline()
one = archive.issue(
    Workspace(Path(sys.argv[1])), handmade.report(), by=sys.argv[2], clock=datetime(2026, 11, 16, 8)
)
print(one.by)
"""


def test_two_who_issue_the_same_report_at_once_get_the_one_that_was_first(workspace):
    issuers = [
        subprocess.Popen(
            [sys.executable, "-c", _ISSUER, workspace.root, name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(archive.__file__).parents[1],
        )
        for name in ("Lea", "Ana")
    ]  # fmt: skip
    for issuer in issuers:
        issuer.stdin.write("go\n")
        issuer.stdin.flush()
    signed = {issuer.communicate(timeout=120)[0].strip() for issuer in issuers}
    (one,) = archive.issued(workspace)
    assert signed == {one.by}
    assert list(archive.verify(workspace)) == []


def test_a_report_being_issued_when_another_is_put_in_place_gives_way(workspace, monkeypatch):
    made, lay_out = handmade.report(), archive._laid_out
    others = []

    def somebody_else_is_faster(report):
        files = lay_out(report)
        if not others:
            others.append("under way")
            others.append(archive.issue(workspace, report, by="Lea", clock=MONDAY))
        return files

    monkeypatch.setattr(archive, "_laid_out", somebody_else_is_faster)
    mine = archive.issue(workspace, made, by="Ana", clock=MONDAY + timedelta(hours=1))
    assert mine == others[1]
    assert mine.by == "Lea"
    assert list(archive.verify(workspace)) == []


def test_what_an_older_release_left_half_is_written_anew(workspace):
    made = handmade.report()
    (workspace.reports / made.id).mkdir(parents=True)
    (workspace.reports / made.id / "report.json").write_text("{")
    archive.issue(workspace, made, by="Lea", clock=MONDAY)
    assert list(archive.verify(workspace)) == []
    assert archive.archived(workspace, made.id) == made


def test_nothing_is_issued_without_a_name(workspace):
    with pytest.raises(AppError, match="name is needed"):
        archive.issue(workspace, handmade.report(), by="  ", clock=MONDAY)
    assert archive.issued(workspace) == []


def test_a_report_that_was_never_issued_is_told_with_those_that_were(workspace):
    one = archive.issue(workspace, handmade.report(), by="Lea", clock=MONDAY)
    with pytest.raises(ReportError, match=f"No report 2026-W01-x .*{one.id}"):
        archive.archived(workspace, "2026-W01-x")
