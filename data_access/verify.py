"""Whether what lies on the disk is whole: manifests, accepted files and the snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from data_access.duck import connect, database_errors
from data_access.extracts import EXTRACTS
from data_access.files import sha256
from data_access.ingest.leftovers import UNFINISHED
from data_access.manifests import Upload, uploads
from data_access.warehouse import checksums, current, is_behind, open_snapshot
from data_access.workspace import Workspace
from metrics.errors import AppError

_FROM_BACKUP = "Put it back from a backup of the uploads folder."


@dataclass(frozen=True)
class Verdict:
    """One thing that was checked.

    Attributes:
        what: the thing, as a user knows it.
        is_ok: whether it is as it should be.
        detail: what was found, or what is wrong and what to do.
    """

    what: str
    is_ok: bool
    detail: str


def verify_data(workspace: Workspace) -> list[Verdict]:
    """One verdict per upload, per folder that belongs to none, and one on the snapshot.

    Empty when nothing was uploaded yet.
    """
    try:
        found = uploads(workspace)
    except AppError as error:
        return [Verdict("Manifests", is_ok=False, detail=error.text)]
    with connect(None) as con:
        verdicts = [_upload(con, upload) for upload in found]
    verdicts += _orphans(workspace, found)
    if found or current(workspace):
        verdicts.append(_snapshot(workspace, found))
    return verdicts


def _upload(con: duckdb.DuckDBPyConnection, upload: Upload) -> Verdict:
    what = f"Upload {upload.upload_id}"
    if upload.extract not in EXTRACTS:
        return Verdict(what, is_ok=False, detail=f"No extract is named {upload.extract}.")
    changed = _changed(upload)
    if changed:
        return Verdict(what, is_ok=False, detail=f"{changed} {_FROM_BACKUP}")
    try:
        with database_errors(upload.rows_path):
            query = "select count(*), count(distinct line) from read_parquet($path)"
            rows, lines = con.execute(query, {"path": str(upload.rows_path)}).fetchall()[0]
    except (AppError, duckdb.Error) as error:
        return Verdict(what, is_ok=False, detail=f"Its accepted rows cannot be read: {error}")
    if rows != upload.rows:
        told = f"Its file holds {rows:,} rows, its manifest says {upload.rows:,}."
        return Verdict(what, is_ok=False, detail=told)
    if lines != rows and not upload.format:  # a task of an export has several rows
        return Verdict(what, is_ok=False, detail="Two accepted rows claim the same line.")
    state = "withdrawn" if upload.withdrawn_at else "in force"
    return Verdict(what, is_ok=True, detail=f"{rows:,} rows, {state}")


def _changed(upload: Upload) -> str:
    """Which of its kept files is not as it was accepted; "" when all are, or none was noted."""
    for name, digest in upload.files.items():
        try:
            if sha256(upload.rows_path.with_name(name)) != digest:
                return f"Its {name} was changed after it was accepted."
        except OSError as error:
            return f"Its {name} cannot be read: {error.strerror or error}."
    return ""


def _orphans(workspace: Workspace, found: list[Upload]) -> list[Verdict]:
    """Folders of rows without a manifest; those whose writing was not finished are no loss.

    So are the further tables of a file whose first table's manifest is gone.
    """
    there = {upload.upload_id for upload in found}
    told = f"It has no manifest, so its rows are in no number. {_FROM_BACKUP}"
    return [
        Verdict(f"Folder {path.name}", is_ok=False, detail=told)
        for path in sorted(workspace.uploads.glob("*/"))
        if path.name not in there and not (path / UNFINISHED).exists()
    ]


def _snapshot(workspace: Workspace, found: list[Upload]) -> Verdict:
    name = current(workspace)
    what = f"Snapshot {name}" if name else "Snapshot"
    if is_behind(workspace):
        told = "It does not hold every accepted file. Run: python start.py rebuild"
        return Verdict(what, is_ok=False, detail=told)
    in_force = {upload.upload_id for upload in found if upload.withdrawn_at is None}
    try:
        with database_errors(name), open_snapshot(workspace, name) as con:
            query = "select upload_id from uploads where withdrawn_at is null"
            held = {row[0] for row in con.execute(query).fetchall()}
        tables = checksums(workspace)
    except AppError as error:
        return Verdict(what, is_ok=False, detail=error.text)
    if held != in_force:
        told = f"It holds {len(held)} uploads, {len(in_force)} are in force."
        return Verdict(what, is_ok=False, detail=told)
    return Verdict(what, is_ok=True, detail=f"{len(tables)} tables read, {len(held)} uploads")
