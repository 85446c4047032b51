"""Publishing: whole or not at all, beside readers, the same built anew or built on."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from data_access import build as builder
from data_access import warehouse
from data_access.lock import writer_lock
from data_access.manifests import uploads
from data_access.snapshots import pin
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.errors import WarehouseError
from metrics.scope import scope
from tests import count, tenth
from tests.store.made import CLOCK, WINDOW, build, world
from tests.uploading import upload

REVIEWS = METRICS["reviews_done"]


def review(number: int) -> dict[str, object]:
    return {
        "review_id": f"R{number}",
        "item_id": "I1",
        "review_stage": 1,
        "outcome": "accepted",
        "reviewed_at": "2026-11-10",
        "reviewer": f"Checker {number}",
    }


def files(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.warehouse.iterdir() if path.is_file())


def test_a_snapshot_has_a_name_of_its_own_and_three_are_kept(workspace: Workspace):
    names = [warehouse.publish(workspace) for _ in range(5)]
    assert len(set(names)) == 5 and names == sorted(names)
    assert files(workspace) == ["CURRENT", *names[-3:]]
    assert warehouse.current(workspace) == names[-1]


def test_a_reader_keeps_the_snapshot_it_opened(workspace: Workspace):
    upload(workspace, "reviews", [review(1)], as_of="2026-11-10")
    warehouse.publish(workspace)
    before = Store.open(workspace, clock=CLOCK)
    for number in range(2, 7):  # the file it reads is pruned meanwhile
        upload(workspace, "reviews", [review(number)], as_of=f"2026-11-1{number}", coverage="part")
        warehouse.publish(workspace, {"reviews"})
    after = Store.open(workspace, clock=CLOCK)
    assert before.value(REVIEWS, scope(WINDOW)).value == 1.0
    assert after.value(REVIEWS, scope(WINDOW)).value == 6.0
    assert before.snapshot != after.snapshot


def test_opening_again_shares_the_opened_snapshot_and_its_results(workspace: Workspace):
    warehouse.publish(workspace)
    assert pin(workspace) is pin(workspace)
    first = pin(workspace)
    warehouse.publish(workspace)
    assert pin(workspace) is not first


def test_settings_that_change_no_table_publish_nothing(workspace: Workspace):
    upload(workspace, "reviews", [review(1)])
    name = warehouse.publish(workspace)
    assert warehouse.save_settings(workspace, Settings(organization="Other")) == name
    assert warehouse.save_settings(workspace, Settings(reporting_zone="Asia/Tokyo")) != name


@pytest.mark.slow
def test_a_step_that_fails_while_publishing_leaves_a_whole_snapshot(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    """Every statement and every file operation fails once, the first to the last."""
    upload(workspace, "reviews", [review(n) for n in range(10)], as_of="2026-11-10")
    warehouse.publish(workspace)
    upload(workspace, "reviews", [review(n) for n in range(12)], as_of="2026-11-11")
    steps = _steps(workspace, monkeypatch, fail_at=None)
    assert steps > 50
    failed = 0
    chosen = tenth(range(1, steps))
    for step in chosen:
        try:
            _steps(workspace, monkeypatch, fail_at=step)
        except WarehouseError:
            failed += 1
        store = Store.open(workspace, clock=CLOCK)
        assert store.value(REVIEWS, scope(WINDOW)).value == 12.0
    assert failed >= len(chosen) - 3  # a folder that cannot be synced stops nobody
    warehouse.publish(workspace)
    assert not [name for name in files(workspace) if "building" in name]


def _steps(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, *, fail_at: int | None) -> int:
    """How many steps a publish took; the one numbered `fail_at` failed."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == fail_at:
            raise OSError(28, "No space left on device")

    class Counted:
        def __init__(self, con: object) -> None:
            self.con = con

        def execute(self, *asked: object) -> object:
            step()
            return self.con.execute(*asked)  # type: ignore[attr-defined]

        def __getattr__(self, name: str) -> object:
            return getattr(self.con, name)

    def counted(function):
        def called(*given, **named):
            step()
            return function(*given, **named)

        return called

    build_tables = builder.build
    with monkeypatch.context() as patched:
        patched.setattr(
            warehouse,
            "build",
            lambda con, makings, forced: build_tables(Counted(con), makings, forced),
        )
        patched.setattr("data_access.files.os.fsync", counted(os.fsync))
        patched.setattr("data_access.files.Path.replace", counted(Path.replace))
        patched.setattr("data_access.warehouse.shutil.copyfile", counted(shutil.copyfile))
        warehouse.publish(workspace, {"reviews"})
    return taken


def test_a_snapshot_that_nobody_holds_is_closed(workspace: Workspace):
    warehouse.publish(workspace)
    con = pin(workspace)._con
    warehouse.publish(workspace)
    pin(workspace)
    with pytest.raises(Exception, match="closed"):
        con.execute("select 1")


def test_built_on_or_built_anew_every_table_is_the_same(tmp_path: Path):
    """Random uploads, withdrawals and settings, each published on the snapshot before."""
    draw = random.Random(11)
    made = world(2)
    workspace = build(tmp_path / "made", made).workspace
    for _ in range(count(60)):
        _change(workspace, draw)
        warehouse.publish(workspace, {draw.choice(["reviews", "issues", "work_log"])})
        grown = warehouse.checksums(workspace)
        warehouse.rebuild(workspace)
        assert warehouse.checksums(workspace) == grown
    assert len(grown) > 20


test_built_on_or_built_anew_every_table_is_the_same = pytest.mark.slow(
    test_built_on_or_built_anew_every_table_is_the_same
)


def _change(workspace: Workspace, draw: random.Random) -> None:
    kind = draw.choice(["reviews", "issues", "work_log", "withdraw", "zone", "names", "stages"])
    settings = workspace.settings
    if kind == "withdraw":
        done = draw.choice(uploads(workspace))
        mark = workspace.uploads / f"{done.upload_id}.withdrawn.json"
        if mark.exists():
            mark.unlink()
        else:
            mark.write_text(json.dumps({"at": "2026-11-16T09:00:00"}))
    elif kind in ("zone", "names", "stages"):
        workspace.save_settings(
            Settings(
                reporting_zone=draw.choice(["UTC", "Asia/Tokyo"])
                if kind == "zone"
                else settings.reporting_zone,
                hide_names=draw.random() < 0.5,
                terminal_stages={"P1": draw.choice(["Review", "Annotation"])},
            )
        )
    else:
        sent = draw.choice([f for f in world(draw.randrange(99)).files if f.extract == kind])
        upload(
            workspace,
            kind,
            sent.rows,
            source=sent.source,
            as_of=f"2026-11-{draw.randrange(1, 28):02d}" if draw.random() < 0.5 else "2026-10-15",
            coverage=draw.choice(["everything", "part"]),
        )


def test_only_what_changed_is_built(workspace: Workspace):
    upload(workspace, "reviews", [review(1)])
    upload(workspace, "issues", [{"issue_key": "K1", "created_at": "2026-11-01"}])
    warehouse.publish(workspace)
    makings = builder.Makings(workspace.settings, uploads(workspace))
    copy = workspace.root / "copy.duckdb"
    shutil.copy(workspace.warehouse / warehouse.current(workspace), copy)
    with warehouse.connect(copy) as con:
        assert builder.build(con, makings, set()) == []
        built = builder.build(con, makings, {"issues"})
        assert set(built) == {
            "current_issues",
            "history_issues",
            "issues",
            "issue_stays",
            "issue_transitions",
            "restatements",
            "status_times",
        }
        other = builder.Makings(Settings(reporting_zone="Asia/Tokyo"), uploads(workspace))
        assert "current_issues" not in builder.build(con, other, set())


def test_what_a_crash_left_behind_is_taken_up_by_the_next_start(workspace: Workspace):
    """The manifest was written, and the process died before the publishing."""
    assert not warehouse.is_behind(workspace)
    upload(workspace, "reviews", [review(1)])
    assert warehouse.is_behind(workspace)
    name = warehouse.catch_up(workspace)
    assert not warehouse.is_behind(workspace)
    assert warehouse.catch_up(workspace) == name
    workspace.save_settings(Settings(reporting_zone="Asia/Tokyo"))
    assert warehouse.is_behind(workspace)


@pytest.mark.parametrize(
    "left",
    [
        "snapshot-000002-aaaaaaaa.duckdb.building",
        "snapshot-000002-aaaaaaaa.duckdb.building.wal",
        "snapshot-000002-aaaaaaaa.duckdb",
        ".CURRENT.1.2.part",
    ],
)
def test_leftovers_of_a_killed_publish_disturb_nobody(workspace: Workspace, left: str):
    upload(workspace, "reviews", [review(1)])
    first = warehouse.publish(workspace)
    (workspace.warehouse / left).write_bytes(b"half a file")
    assert Store.open(workspace, clock=CLOCK).snapshot == first
    second = warehouse.publish(workspace)
    assert second > left[:15]
    assert Store.open(workspace, clock=CLOCK).value(REVIEWS, scope(WINDOW)).value == 1.0
    assert not [name for name in files(workspace) if "building" in name]


def test_a_damaged_snapshot_is_said_and_the_next_publish_builds_everything(workspace: Workspace):
    upload(workspace, "reviews", [review(1)])
    name = warehouse.publish(workspace)
    (workspace.warehouse / name).write_bytes(b"\0" * 5000)
    with pytest.raises(WarehouseError, match="rebuild"):
        Store.open(workspace, clock=CLOCK)
    warehouse.publish(workspace, {"issues"})
    assert Store.open(workspace, clock=CLOCK).value(REVIEWS, scope(WINDOW)).value == 1.0


def test_a_snapshot_that_is_gone_is_said(workspace: Workspace):
    name = warehouse.publish(workspace)
    (workspace.warehouse / name).unlink()
    with pytest.raises(WarehouseError, match="missing"):
        Store.open(workspace, clock=CLOCK)
    assert warehouse.is_behind(workspace)


def test_a_reader_cannot_write_nor_reach_files(workspace: Workspace, tmp_path: Path):
    from data_access.question import Query

    warehouse.publish(workspace)
    pinned = Store.open(workspace, clock=CLOCK)._pinned
    for text in (
        "create table x (a int)",
        "delete from items",
        "select * from read_csv('/etc/*')",
        f"copy items to '{tmp_path / 'x.csv'}'",
        "set memory_limit = '8GB'",
        "set enable_external_access = true",
    ):
        with pytest.raises(WarehouseError):
            pinned.fetch(Query(text))


def test_threads_ask_at_once_and_each_gets_its_answer(tmp_path: Path):
    store = build(tmp_path / "made", world())
    expected = {name: store.value(metric, scope(WINDOW)) for name, metric in METRICS.items()}
    wrong: list[object] = []

    def ask(seed: int) -> None:
        names = random.Random(seed).sample(list(METRICS), len(METRICS))
        for name in names:
            store._pinned._results.clear()
            if (found := store.value(METRICS[name], scope(WINDOW))) != expected[name]:
                wrong.append((found, expected[name]))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_results_are_bounded(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    from data_access import snapshots

    monkeypatch.setattr(snapshots, "_KEPT_RESULTS", 10)
    warehouse.publish(workspace)
    pinned = pin(workspace)
    for number in range(50):
        pinned.remember(number, number)
    assert len(pinned._results) == 10
    assert pinned.recall(49) == 49 and pinned.recall(0) is None


def test_one_writer_at_a_time_and_the_second_is_told(workspace: Workspace):
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with writer_lock(workspace):
            held.set()
            done.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    with pytest.raises(WarehouseError, match="still writing"), writer_lock(workspace, timeout=0.1):
        pass
    done.set()
    other.join()
    with writer_lock(workspace, timeout=1), writer_lock(workspace, timeout=1):
        pass  # a holder may take it again


_WRITER = """
import sys, time
from pathlib import Path
from data_access.lock import writer_lock
from data_access.workspace import Workspace
with writer_lock(Workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """The process; killed at the end, also when the test fails, so that nobody waits for it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_a_writer_in_another_process_is_waited_for_and_its_death_frees_the_place(
    workspace: Workspace,
):
    command = [sys.executable, "-c", _WRITER, str(workspace.root)]
    with running(command) as other:
        assert line_of(other) == "held\n"
        with pytest.raises(WarehouseError), writer_lock(workspace, timeout=0.1):
            pass
        other.kill()
        other.wait()
        with writer_lock(workspace, timeout=5):
            pass


_PUBLISHER = """
import sys
from pathlib import Path
from data_access import warehouse
from data_access.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    warehouse.publish(workspace, {"reviews"} if len(sys.argv) > 2 else None)
"""


@pytest.mark.slow
def test_publishing_killed_at_any_moment_leaves_readers_a_whole_snapshot(workspace: Workspace):
    for number in range(4):
        upload(
            workspace,
            "reviews",
            [review(n) for n in range(number * 50, number * 50 + 50)],
            as_of=f"2026-11-1{number}",
            coverage="part",
        )
    warehouse.publish(workspace)
    draw = random.Random(3)
    for kill in range(count(60)):
        command = [
            sys.executable,
            "-c",
            _PUBLISHER,
            str(workspace.root),
            *["built on"] * (kill % 2),
        ]
        with running(command) as publisher:
            assert line_of(publisher) == "ready\n"
            until = time.monotonic() + draw.uniform(0.01, 1.5)
            while time.monotonic() < until:
                store = Store.open(workspace, clock=CLOCK)
                assert store.value(REVIEWS, scope(WINDOW)).value == 200.0
        assert Store.open(workspace, clock=CLOCK).value(REVIEWS, scope(WINDOW)).value == 200.0
    warehouse.publish(workspace)
    assert len([name for name in files(workspace) if name.endswith(".duckdb")]) <= warehouse.KEPT


def test_an_open_reads_no_data_when_nothing_changed(workspace: Workspace):
    """Every run of a page opens a store: it is handed the snapshot that is open already."""
    warehouse.publish(workspace)
    first = Store.open(workspace)
    assert Store.open(workspace)._pinned is first._pinned
    warehouse.publish(workspace)
    later = Store.open(workspace)
    assert later._pinned is not first._pinned
    assert Store.open(workspace)._pinned is later._pinned


def test_the_clock_and_today_are_those_of_the_workspace(workspace: Workspace):
    workspace.save_settings(
        Settings(fixed_clock="2026-11-16T03:00:00", reporting_zone="America/New_York")
    )
    store = Store.open(workspace)
    assert store.clock == datetime(2026, 11, 16, 3)
    assert store.today.isoformat() == "2026-11-15"
    assert os.fspath(store.workspace.root) == os.fspath(workspace.root)
