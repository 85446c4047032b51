"""Accepted files that are in no number yet: said, and built by the next who notices."""

from __future__ import annotations

import threading
import time

import pytest

from data_access import catching_up, ingest, warehouse
from data_access.lock import writer_lock
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.errors import WarehouseError
from metrics.scope import scope
from tests.store.made import CLOCK, WINDOW
from tests.uploading import upload

LOG = (
    "item_id,stage,entered_at,started_at,finished_at\n"
    "A1,Review,2026-11-02 08:00:00,2026-11-02 09:00:00,2026-11-02 10:00:00\n"
)


def arrivals(workspace: Workspace) -> float | None:
    return Store.open(workspace, clock=CLOCK).value(METRICS["arrivals"], scope(WINDOW)).value


def block(workspace: Workspace) -> None:
    """Let no table be built: their folder is on a disk that is gone."""
    workspace.root.mkdir(parents=True)
    workspace.warehouse.symlink_to(workspace.root / "disk" / "gone")


def built_aside(workspace: Workspace) -> None:
    until = time.monotonic() + 60
    while catching_up._watch(workspace).turn.locked():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def accepted(workspace: Workspace) -> str:
    """The id of an upload whose tables could not be built."""
    path = workspace.root.parent / "log.csv"
    path.write_text(LOG)
    block(workspace)
    dry_run = ingest.prepare(workspace, path, file_name="log.csv", extract="work_log")
    with pytest.raises(WarehouseError) as told:
        ingest.accept(workspace, dry_run, by="Lea", clock=CLOCK)
    assert "the tables could not be built yet: The warehouse could not be written" in (
        told.value.what
    )
    assert told.value.next_step == "They are built at the next start or upload."
    return told.value.what.split()[2].rstrip(";")


def test_an_upload_whose_tables_cannot_be_built_says_that_it_is_accepted(
    workspace: Workspace, accepted: str
):
    assert accepted.startswith("000001-")
    for change, done in ((ingest.withdraw, "withdrawn"), (ingest.restore, "in force again")):
        with pytest.raises(WarehouseError, match=f"{accepted} is {done}; the tables could not be"):
            change(workspace, accepted, by="Lea", clock=CLOCK)
    workspace.warehouse.unlink()
    warehouse.catch_up(workspace)
    assert arrivals(workspace) == 1.0


def test_settings_whose_tables_cannot_be_built_are_kept_and_it_is_said(
    workspace: Workspace, accepted: str
):
    with pytest.raises(WarehouseError, match="The settings are kept; the tables could not be"):
        warehouse.save_settings(workspace, Settings(reporting_zone="Asia/Tokyo"))
    assert workspace.settings.reporting_zone == "Asia/Tokyo"


def test_what_was_left_unbuilt_is_built_by_the_next_who_notices(workspace: Workspace):
    upload(workspace, "work_log", [{"item_id": "A1", "stage": "S", "entered_at": "2026-11-02"}])
    assert warehouse.is_behind(workspace)
    for _ in range(5):  # as many sessions
        catching_up.keep_up(workspace)
    built_aside(workspace)
    assert catching_up.trouble(workspace) is None
    assert arrivals(workspace) == 1.0
    assert len(list(workspace.warehouse.glob("*.duckdb"))) == 1, "one of them built it"


def test_a_failure_is_told_until_it_is_over_and_not_repeated_at_every_heartbeat(
    workspace: Workspace, accepted: str
):
    assert catching_up.trouble(workspace) is None, "nobody has tried yet"
    catching_up.keep_up(workspace)
    built_aside(workspace)
    problem = catching_up.trouble(workspace)
    assert problem is not None
    assert "Accepted files are not in the numbers yet: The warehouse could not" in problem.what
    workspace.warehouse.unlink()
    catching_up.keep_up(workspace)
    built_aside(workspace)
    assert warehouse.current(workspace) == "", "it waits a minute before it tries again"
    assert catching_up.trouble(workspace) is problem
    warehouse.catch_up(workspace)
    assert catching_up.trouble(workspace) is None


def test_while_somebody_writes_nobody_else_builds_and_nothing_is_wrong(workspace: Workspace):
    upload(workspace, "work_log", [{"item_id": "A1", "stage": "S", "entered_at": "2026-11-02"}])
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with writer_lock(workspace):
            held.set()
            done.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(30)
    catching_up.keep_up(workspace)
    built_aside(workspace)
    assert warehouse.current(workspace) == ""
    assert catching_up.trouble(workspace) is None
    assert catching_up.catch_up_or_tell(workspace, patience=0) is not None, "at a start it is told"
    done.set()
    writer.join()
    catching_up.keep_up(workspace)
    built_aside(workspace)
    assert arrivals(workspace) == 1.0


def test_whether_it_is_behind_is_asked_again_only_when_something_came_or_went(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    upload(workspace, "work_log", [{"item_id": "A1", "stage": "S", "entered_at": "2026-11-02"}])
    warehouse.publish(workspace)
    asked: list[Workspace] = []

    def counted(of: Workspace) -> bool:
        asked.append(of)
        return warehouse.is_behind(of)

    monkeypatch.setattr(catching_up, "is_behind", counted)
    for _ in range(10):
        assert catching_up.trouble(workspace) is None
    assert len(asked) == 1
    time.sleep(0.02)
    workspace.save_settings(Settings(reporting_zone="Asia/Tokyo"))
    catching_up.keep_up(workspace)
    built_aside(workspace)
    assert len(asked) == 2
    assert not warehouse.is_behind(workspace)


def test_there_is_nothing_to_rebuild_where_nothing_was_ever_accepted(workspace: Workspace):
    with pytest.raises(WarehouseError, match="no file was ever accepted"):
        warehouse.rebuild(workspace)
    assert not workspace.root.exists()
