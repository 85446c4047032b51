"""Files and databases while other threads and processes hold them."""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from data_access.duck import connect
from data_access.files import remove, sweep_parts
from data_access.manifests import uploads, withdraw
from data_access.workspace import Workspace
from metrics.errors import AppError
from tests.uploading import upload

CLOCK = datetime(2026, 11, 16, 9)


def together(count: int, do) -> list[AppError]:
    """The errors of as many threads that do the same at the same moment."""
    gate, errors = threading.Barrier(count), []

    def run() -> None:
        gate.wait()
        try:
            do()
        except AppError as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_threads_that_open_one_snapshot_at_once_all_get_it(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table t as select 1 as one")

    def read() -> None:
        with connect(path, temp=tmp_path / "temp", read_only=True) as con:
            assert con.execute("select one from t").fetchall() == [(1,)]

    for _ in range(25):
        assert together(8, read) == []


def test_a_reader_whose_query_outgrows_its_memory_goes_on_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "snapshot.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table t as select range as n from range(2000000)")
    monkeypatch.setenv("PLUMBLINE_MEMORY", "60MB")
    monkeypatch.setenv("PLUMBLINE_THREADS", "2")
    with connect(path, temp=tmp_path / "no" / "such" / "folder", read_only=True) as con:
        query = "select count(*) from (select distinct hash(n)::varchar || repeat('a', 40) from t)"
        assert con.execute(query).fetchall() == [(2_000_000,)]


def test_an_upload_restored_at_the_moment_it_is_read_is_in_force_and_not_damaged(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload(workspace, "reviews", [])
    withdraw(workspace, made.upload_id, by="A", at=CLOCK)
    read_text = Path.read_text

    def restored_just_before(self: Path, encoding: str) -> str:
        if self.name.endswith(".withdrawn.json"):
            self.unlink()
        return read_text(self, encoding=encoding)

    monkeypatch.setattr(Path, "read_text", restored_just_before)
    assert uploads(workspace) == [made]


def test_a_file_that_another_process_holds_for_a_moment_is_removed_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, tries, unlink = tmp_path / "held", [], Path.unlink
    path.write_text("")

    def held_twice(self: Path, missing_ok: bool = False) -> None:
        tries.append(self)
        if len(tries) < 3:
            raise PermissionError("another process holds it")  # what Windows says
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", held_twice)
    remove(path)
    assert not path.exists()
    assert len(tries) == 3


def test_halves_of_small_files_are_swept_after_an_hour(tmp_path: Path) -> None:
    old, young = tmp_path / ".a.json.1.2.part", tmp_path / ".b.json.1.2.part"
    for path in (old, young, tmp_path / "a.json"):
        path.write_text("")
    os.utime(old, (time.time() - 4000,) * 2)
    sweep_parts(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.json.1.2.part", "a.json"]
