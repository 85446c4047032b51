"""Whatever moment a process dies at, no accepted upload is lost and none is half visible."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from data_access.manifests import uploads
from data_access.store import Store
from data_access.verify import verify_data
from data_access.warehouse import catch_up, checksums, current, open_snapshot, rebuild
from data_access.workspace import Settings, Workspace
from metrics.catalog import metric
from tests.durability import extract_files
from tests.durability.extract_files import ROWS
from tests.durability.reading import WINDOW

KILLS = 20
ROOT = Path(__file__).parents[2]


def start(module: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.durability.{module}", *map(str, arguments)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "READY\n"
    return process


def time_of_one_upload(workspace: Workspace, folder: Path) -> tuple[float, set[str]]:
    """Seconds from a writer's start to its first acknowledged upload, on this machine today."""
    writer = start("writing", workspace.root, folder)
    began = time.monotonic()
    assert writer.stdout is not None
    line = writer.stdout.readline()
    seconds = time.monotonic() - began
    writer.kill()
    writer.communicate()
    return seconds, {line.split()[1]}


def test_twenty_kills_lose_nothing_and_show_nothing_half(tmp_path: Path) -> None:
    workspace, folder = Workspace(tmp_path / "home"), tmp_path / "files"
    workspace.save_settings(Settings(fixed_clock="2026-11-30T08:00:00"))
    extract_files.write(folder, files=200)
    reader = start("reading", workspace.root)
    one_upload, acknowledged = time_of_one_upload(workspace, folder)
    dice, told = random.Random(20261122), 0
    for _ in range(KILLS):
        writer = start("writing", workspace.root, folder)
        time.sleep(dice.uniform(0, 2 * one_upload))
        writer.kill()
        lines = writer.communicate()[0].splitlines()
        acknowledged |= {line.split()[1] for line in lines if line.startswith("ACCEPTED")}
        assert "DONE" not in lines, "the writer ran out of files: the kill hit nothing"
        told += 1

        accepted = uploads(workspace)
        assert acknowledged <= {upload.upload_id for upload in accepted}
        assert all(upload.rows == ROWS for upload in accepted)
        catch_up(workspace)  # what the app does when it starts
        frame = Store.open(workspace).breakdown(metric("stage_events"), WINDOW, "batch")
        assert sorted(frame["n"]) == [ROWS] * len(accepted)
    assert told == KILLS
    assert len(acknowledged) > 3, "the kills came too early to prove much"
    printed = reader.communicate()[0].splitlines()
    assert [line for line in printed if line.startswith("HALF")] == []
    assert reader.returncode == 0
    reads, reports = map(int, printed[-1].split()[1:])
    assert reads > KILLS
    assert reports >= 1
    before = checksums(workspace)
    rebuild(workspace)
    assert checksums(workspace) == before


def test_kills_never_part_the_tables_of_one_file(tmp_path: Path) -> None:
    workspace, folder = Workspace(tmp_path / "home"), tmp_path / "files"
    workspace.save_settings(Settings(fixed_clock="2026-11-30T08:00:00"))
    extract_files.write_exports(folder, files=100)
    one_upload, acknowledged = time_of_one_upload(workspace, folder)
    dice = random.Random(20261123)
    for _ in range(KILLS // 2):
        writer = start("writing", workspace.root, folder)
        time.sleep(dice.uniform(0, 2 * one_upload))
        writer.kill()
        lines = writer.communicate()[0].splitlines()
        acknowledged |= {line.split()[1] for line in lines if line.startswith("ACCEPTED")}
        assert "DONE" not in lines, "the writer ran out of files: the kill hit nothing"

        accepted = uploads(workspace)
        files = {upload.upload_id for upload in accepted if not upload.part_of}
        assert acknowledged <= files
        assert files == {upload.part_of for upload in accepted if upload.part_of}
        assert all(upload.rows == ROWS for upload in accepted)
        catch_up(workspace)
        with open_snapshot(workspace, current(workspace)) as con:
            query = (
                "select (select count(*) from current_annotations), count(*) from current_reviews"
            )
            assert con.execute(query).fetchall() == [(ROWS * len(files), ROWS * len(files))]
    assert len(acknowledged) > 2, "the kills came too early to prove much"
    assert [verdict for verdict in verify_data(workspace) if not verdict.is_ok] == []
