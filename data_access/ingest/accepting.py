"""Accepting a dry run, withdrawing an upload, and putting it back."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from data_access import manifests
from data_access.duck import connect, database_errors
from data_access.files import sha256, sync
from data_access.ingest.columns import fingerprint
from data_access.ingest.leftovers import UNFINISHED, sweep
from data_access.ingest.model import DryRun
from data_access.ingest.relation import sql_text
from data_access.ingest.remembered import remember
from data_access.ingest.staging import discard
from data_access.ingest.summaries import stored
from data_access.lock import writer_lock
from data_access.manifests import Upload, uploads
from data_access.readers.model import Progress
from data_access.warehouse import publish_after
from data_access.workspace import Workspace
from metrics.errors import AppError, BadExtractError, QuestionError

_CHUNK = 4 << 20
_KEPT = ("rows.parquet", "seen.parquet", "refused.csv", "original.csv.gz")


def accept(
    workspace: Workspace,
    dry_run: DryRun,
    *,
    by: str,
    clock: datetime,
    progress: Progress | None = None,
    publish: bool = True,
) -> Upload:
    """The upload that a dry run becomes; open questions are answered as suggested.

    Its files are written and synced before its manifest, which makes it exist in one step;
    whatever moment the process dies, the upload is there whole or not at all. The further tables
    of the file are stored before it under manifests that name it, so that they begin to exist in
    the same step. When the same file,
    read the same way, is in force already, nothing changes: that upload is returned, and says
    `was_there`.

    Args:
        workspace: the one the dry run was made for.
        dry_run: what `prepare` gave.
        by: who accepts.
        clock: now, UTC.
        progress: called with the share done and what is done.
        publish: build the next snapshot; bulk loads publish once at their end.

    Raises:
        BadExtractError: the file was refused.
        QuestionError: a person must answer first, or the source has changed since.
        WarehouseError: it is accepted, and the tables could not be built yet.
    """
    tell = progress or (lambda _share, _text: None)
    if dry_run.is_same_file:
        return replace(_existing(workspace, dry_run.same_as), was_there=True)
    _check_acceptable(dry_run)
    with writer_lock(workspace):
        known = _accepted_meanwhile(workspace, dry_run)
        if known:
            discard(dry_run)
            return replace(known, was_there=True)
        for companion in dry_run.companions:
            _accepted_meanwhile(workspace, companion)
        tell(0.05, "Keeping the original")
        sweep(workspace)
        upload = _store(workspace, dry_run, by=by, clock=clock)
        if publish:
            tell(0.5, "Building the tables")
            extracts = {upload.extract, *(one.extract for one in dry_run.companions)}
            publish_after(workspace, f"Accepted as {upload.upload_id}", extracts)
    tell(1.0, "Accepted")
    return upload


def _store(workspace: Workspace, dry_run: DryRun, *, by: str, clock: datetime) -> Upload:
    """Put the file's tables on the disk; the last manifest makes all of them exist."""
    upload = _upload(workspace, dry_run, by=by, clock=clock)
    tables = [
        (one, _part_of(upload, _upload(workspace, one, by=by, clock=clock)))
        for one in dry_run.companions
    ]
    tables.append((dry_run, upload))
    for one, _ in tables:  # the first table's folder, moved last, holds what all are read from
        _write_original(one)
    stored = []
    for one, to_be in tables:
        done = replace(to_be, files=_move(workspace, one, to_be))
        if one is dry_run:
            workspace.begin()  # a workspace with settings is one in use: not before it holds a file
        manifests.write(workspace, done)
        stored.append(done)
    for one, done in zip((table for table, _ in tables), stored, strict=True):
        done.rows_path.with_name(UNFINISHED).unlink()
        _remember(workspace, one)
    discard(dry_run)  # what is refused as a whole waits no longer
    return stored[-1]


def _part_of(main: Upload, upload: Upload) -> Upload:
    """A further table of a file, under the name of the first one."""
    upload_id = f"{main.upload_id}-{upload.extract}"
    rows_path = main.rows_path.parent.with_name(upload_id) / main.rows_path.name
    return replace(upload, upload_id=upload_id, part_of=main.upload_id, rows_path=rows_path)


def withdraw(
    workspace: Workspace, upload_id: str, *, by: str, clock: datetime, publish: bool = True
) -> None:
    """Take an upload out of force; what it replaced comes back, later uploads stay.

    Raises:
        AppError: there is no such upload, it is withdrawn already, or it goes with another one.
    """
    with writer_lock(workspace):
        manifests.withdraw(workspace, upload_id, by=by, at=clock)
        if publish:
            extracts = {part.extract for part in manifests.with_parts(workspace, upload_id)}
            publish_after(workspace, f"{upload_id} is withdrawn", extracts)


def restore(
    workspace: Workspace, upload_id: str, *, by: str, clock: datetime, publish: bool = True
) -> None:
    """Put a withdrawn upload back in force.

    Raises:
        AppError: there is no such upload, it is in force, or it goes with another one.
    """
    with writer_lock(workspace):
        manifests.restore(workspace, upload_id, by=by, at=clock)
        if publish:
            extracts = {part.extract for part in manifests.with_parts(workspace, upload_id)}
            publish_after(workspace, f"{upload_id} is in force again", extracts)


def _check_acceptable(dry_run: DryRun) -> None:
    if dry_run.refusal:
        raise dry_run.refusal.error
    if dry_run.must_answer:
        question = dry_run.must_answer[0]
        raise QuestionError(question.text, where=question.key, choices=question.choices)
    if not dry_run.can_accept or dry_run.folder is None or not dry_run.folder.exists():
        raise BadExtractError(
            "The checked rows are not there any more.",
            where=dry_run.file_name,
            next_step="Choose the file again.",
        )


def _existing(workspace: Workspace, upload_id: str) -> Upload:
    for upload in uploads(workspace):
        if upload.upload_id == upload_id:
            return upload
    raise AppError(f"There is no upload {upload_id}.")


def _accepted_meanwhile(workspace: Workspace, dry_run: DryRun) -> Upload | None:
    """The upload of the same dry run that somebody else accepted; None when there is none.

    Raises:
        QuestionError: another upload of the source changed what the dry run said.
    """
    before = [
        u
        for u in uploads(workspace)
        if u.withdrawn_at is None and u.extract == dry_run.extract and u.source == dry_run.source
    ]
    for upload in before:
        if upload.reading == dry_run.reading:
            return upload
    newest = max(before, key=lambda u: (u.as_of, u.upload_id), default=None)
    if (newest.upload_id if newest else "") != dry_run.previous_upload:
        raise QuestionError(
            "Another upload of this source was accepted or withdrawn since the dry run.",
            where=dry_run.source,
            next_step="Choose the file again to see what it changes now.",
        )
    return None


def _upload(workspace: Workspace, dry_run: DryRun, *, by: str, clock: datetime) -> Upload:
    """The manifest to be; its number follows every number ever given."""
    numbers = [
        int(path.name[:6]) for path in workspace.uploads.glob("*") if path.name[:6].isdigit()
    ]
    upload_id = f"{max(numbers, default=0) + 1:06d}-{dry_run.sha256[:8]}"
    detected = dry_run.detected
    flagged: dict[str, int] = {}
    for flag in dry_run.flagged:
        flagged[flag.reason] = flagged.get(flag.reason, 0) + flag.rows
    return Upload(
        upload_id=upload_id,
        extract=dry_run.extract,
        source=dry_run.source,
        as_of=dry_run.as_of or clock,
        accepted_at=clock,
        file_name=Path(dry_run.file_name).name,
        sha256=dry_run.sha256,
        by=by,
        coverage=dry_run.coverage,
        is_closed_cases=dry_run.is_closed_cases,
        zone=dry_run.zone,
        rows=dry_run.accepted,
        new=dry_run.new,
        changed=dry_run.changed,
        same=dry_run.same,
        vanished=dry_run.vanished,
        refused=dry_run.refused,
        mapping=dry_run.mapping,
        date_order=dict(dry_run.date_order),
        decimals=dict(dry_run.decimals),
        encoding=detected.encoding if detected else "",
        delimiter=detected.delimiter if detected else "",
        sheet=detected.sheet if detected else "",
        format=detected.format if detected else "",
        fields=detected.fields if detected else "",
        flagged=flagged,
        repeated=dry_run.repeated,
        summaries=stored(dry_run.summaries),
        notes=list(dry_run.notes),
        rows_path=workspace.uploads / upload_id / "rows.parquet",
    )


def _write_original(dry_run: DryRun) -> None:
    """Write the text of the mapped columns as sent; no other column is kept.

    Raises:
        BadExtractError: the file is not there any more, or it is another one.
    """
    if dry_run.folder is None:
        return
    _check_unchanged(dry_run)
    text = dry_run.folder / "original.csv"
    con = connect(None, temp=dry_run.folder / "temp")
    try:
        with database_errors(dry_run.file_name):
            con.execute(
                f"copy ({dry_run.original_sql}) to {sql_text(text.as_posix())} "
                "(format csv, header true)"
            )
    finally:
        con.close()
    with (
        text.open("rb") as plain,
        (dry_run.folder / "original.csv.gz").open("wb") as target,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=target, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, _CHUNK)


def _check_unchanged(dry_run: DryRun) -> None:
    """Refuse a file that is not what the dry run looked at."""
    try:
        is_same = sha256(dry_run.path) == dry_run.sha256
    except OSError:
        is_same = False
    if not is_same:
        raise BadExtractError(
            "The file has changed since it was checked.",
            where=dry_run.file_name,
            next_step="Choose it again to see what it changes now.",
        )


def _move(workspace: Workspace, dry_run: DryRun, upload: Upload) -> dict[str, str]:
    """Put the upload's files on the disk under their final name, without a manifest yet.

    Returns:
        Name → SHA-256 of each file kept. The folder is marked as unfinished beside them.
    """
    folder, digests = dry_run.folder, {}
    assert folder is not None
    for path in folder.iterdir():
        if path.name in _KEPT:
            sync(path)
            digests[path.name] = sha256(path)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    (folder / UNFINISHED).touch()
    sync(folder)
    workspace.uploads.mkdir(parents=True, exist_ok=True)
    folder.rename(workspace.uploads / upload.upload_id)
    sync(workspace.uploads)
    return digests


def _remember(workspace: Workspace, dry_run: DryRun) -> None:
    """Keep what was answered, and what was suggested and let stand."""
    suggested = {q.key: q.default for q in dry_run.questions if q.default is not None}
    if dry_run.columns is None or dry_run.detected is None:
        return
    remember(
        workspace,
        header=fingerprint(dry_run.detected.header),
        extract=dry_run.extract,
        source=dry_run.source,
        mapping=dry_run.columns.by_hand,
        answers={**suggested, **dry_run.answers},
    )
