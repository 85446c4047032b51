"""The workspace: its folder, its settings, its clock."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from data_access import workspace as workspaces
from data_access.files import write_atomically
from data_access.workspace import Settings, Workspace
from metrics.errors import AppError


def test_settings_read_as_they_were_saved(workspace: Workspace):
    assert workspace.settings == Settings()
    kept = Settings(
        organization='Ünïversity "A"',
        reporting_zone="Europe/Paris",
        terminal_stages={"A": "Review"},
        hide_names=False,
        fixed_clock="2026-11-16",
    )
    workspace.save_settings(kept)
    assert workspace.settings == kept
    assert Workspace(workspace.root).settings == kept


def test_settings_of_another_release_are_read_as_far_as_they_are_known(workspace: Workspace):
    workspace.root.mkdir(parents=True)
    (workspace.root / "settings.json").write_text('{"organization": "A", "not_yet": 1}')
    assert workspace.settings == Settings(organization="A")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"reporting_zone": "Mars/Base"}'])
def test_settings_that_cannot_be_read_are_said_with_their_file(workspace: Workspace, text: str):
    workspace.root.mkdir(parents=True)
    (workspace.root / "settings.json").write_text(text)
    with pytest.raises(AppError):
        _ = workspace.settings


def test_settings_that_the_system_does_not_give_are_said_with_their_file(workspace: Workspace):
    (workspace.root / "settings.json").mkdir(parents=True)
    with pytest.raises(AppError, match=r"settings cannot be read: .*settings\.json"):
        _ = workspace.settings


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd", "UTC'; --"])
def test_a_zone_that_is_none_is_refused(zone: str):
    with pytest.raises(AppError, match="is not a time zone"):
        Settings(reporting_zone=zone)


def test_the_clock_stands_where_the_settings_say(workspace: Workspace):
    assert abs((workspace.clock() - datetime.utcnow()).total_seconds()) < 60  # noqa: DTZ003
    workspace.save_settings(
        Settings(fixed_clock="2026-11-16T02:00:00", reporting_zone="America/New_York")
    )
    assert workspace.clock() == datetime(2026, 11, 16, 2)
    assert workspace.today() == date(2026, 11, 15)
    workspace.save_settings(Settings(fixed_clock="2026-11-16T02:00:00+05:00"))
    assert workspace.clock() == datetime(2026, 11, 15, 21)


def test_the_sample_is_in_use_until_ones_own_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    assert workspaces.active() == workspaces.sample()
    own = workspaces.activate("own")
    assert workspaces.active() == own == workspaces.own()
    assert own.settings.salt and own.settings.hide_names
    assert workspaces.activate("sample") == workspaces.active() == workspaces.sample()
    assert workspaces.activate("own").settings == own.settings
    (tmp_path / "home" / "ACTIVE").write_text("nonsense")
    assert workspaces.active() == own


def test_the_records_are_in_the_folder_or_where_the_environment_says(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PLUMBLINE_RECORDS_URL", raising=False)
    assert workspace.records_url == f"sqlite:///{workspace.root.as_posix()}/records.sqlite"
    monkeypatch.setenv("PLUMBLINE_RECORDS_URL", "postgresql://db/records")
    assert workspace.records_url == "postgresql://db/records"


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "CURRENT"
    write_atomically(target, "one")

    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("data_access.files.sync", fails)
    with pytest.raises(OSError, match="full"):
        write_atomically(target, "two")
    assert target.read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]
