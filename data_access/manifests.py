"""Manifests: an upload exists when its manifest exists.

Beside the folder `uploads/<upload_id>/` lies `uploads/<upload_id>.json`, written last and in one
step. `uploads/<upload_id>.withdrawn.json` takes the upload out of force; without it the upload is
in force again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from data_access.files import remove, write_atomically
from data_access.workspace import Workspace
from metrics.errors import AppError, WarehouseError, suggest

_TIMES = ("accepted_at", "as_of", "withdrawn_at")
_NOT_STORED = ("withdrawn_at", "rows_path", "was_there")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a file was read as: the same twice gives the same rows, so one upload is enough.

    Attributes:
        sha256: of the file as sent.
        extract, source, mapping, sheet, encoding, fields: see `Upload`.
        zone, coverage, is_closed_cases, date_order, decimals: see `Upload`.
    """

    sha256: str
    extract: str
    source: str
    mapping: dict[str, list[str]]
    sheet: str
    encoding: str
    fields: str
    zone: str
    date_order: dict[str, str]
    decimals: dict[str, str]
    coverage: str
    is_closed_cases: bool


_READING = tuple(f.name for f in fields(Reading))


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One accepted file.

    Attributes:
        upload_id: sorts by order of acceptance, like 000001-3fa2b1c9.
        extract: which kind of file.
        source: the system it came from; keys are unique within (source, extract).
        file_name: as sent.
        sha256: of the file as sent.
        accepted_at: UTC.
        by: who accepted it.
        as_of: UTC; how new the file is.
        coverage: whether rows missing from it are gone.
        is_closed_cases: the source holds closed cases only.
        zone: in which its times were written.
        rows: accepted rows; of them new, changed and same against the source's rows before.
        vanished: rows of the source that an "everything" file no longer has.
        refused: rows refused.
        mapping: our column → the file's headers.
        date_order: our column → the order of day and month it was read in, where that mattered.
        decimals: our column → "point" or "comma", the mark its numbers were read with.
        encoding, delimiter: of a text file.
        sheet: of a workbook.
        format: of an annotation tool's export, in words; several rows may then stand in one line.
        fields: the columns of such an export that were taken for answers.
        part_of: the upload of the same file that this one goes with: it exists only while that one
            does, and is in force only while that one is; "" for an upload of its own.
        flagged: rows kept and yet said, by reason.
        repeated: rows that stood more than once, alike.
        summaries: our column → what it held, for the next dry run to stand beside.
        notes: what was mended, in words.
        files: name → SHA-256 of each file kept in its folder; empty in old manifests.
        withdrawn_at: UTC; None while it is in force.
        rows_path: its accepted rows, Parquet.
        was_there: accepting found this very upload in force already, so nothing changed.
    """

    upload_id: str
    extract: str
    source: str
    as_of: datetime
    accepted_at: datetime
    file_name: str = ""
    sha256: str = ""
    by: str = ""
    coverage: Literal["everything", "part"] = "part"
    is_closed_cases: bool = False
    zone: str = "UTC"
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    vanished: int = 0
    refused: int = 0
    mapping: dict[str, list[str]] = field(default_factory=dict)
    date_order: dict[str, str] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    format: str = ""
    fields: str = ""
    part_of: str = ""
    flagged: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    summaries: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    withdrawn_at: datetime | None = None
    rows_path: Path = Path()
    was_there: bool = field(default=False, compare=False)

    @property
    def reading(self) -> Reading:
        """What its file was read as."""
        return Reading(**{name: getattr(self, name) for name in _READING})

    @property
    def seen_path(self) -> Path:
        """The keys of its refused rows, as far as they can be read; they are not gone."""
        return self.rows_path.with_name("seen.parquet")

    @property
    def refused_path(self) -> Path:
        """Its refused rows with the reason for each, a CSV file."""
        return self.rows_path.with_name("refused.csv")


def write(workspace: Workspace, upload: Upload) -> None:
    """Make an upload exist: its files must be on the disk already."""
    record = {key: value for key, value in asdict(upload).items() if key not in _NOT_STORED}
    text = json.dumps(record, indent=2, ensure_ascii=False, default=datetime.isoformat)
    write_atomically(workspace.uploads / f"{upload.upload_id}.json", f"{text}\n")


def uploads(workspace: Workspace) -> list[Upload]:
    """Every upload with a manifest, in order of acceptance, withdrawn ones too.

    The further tables of a file are uploads of their own that follow the first one's fate: see
    `Upload.part_of`.

    Raises:
        WarehouseError: a manifest cannot be read.
    """
    paths = sorted(p for p in workspace.uploads.glob("*.json") if "." not in p.stem)
    found = [_read(path) for path in paths if path.stem != "remembered"]
    own = {upload.upload_id: upload for upload in found if not upload.part_of}
    return [
        replace(upload, withdrawn_at=own[upload.part_of].withdrawn_at) if upload.part_of else upload
        for upload in found
        if not upload.part_of or upload.part_of in own
    ]


def with_parts(workspace: Workspace, upload_id: str) -> list[Upload]:
    """An upload and the further tables of its file."""
    return [u for u in uploads(workspace) if upload_id in (u.upload_id, u.part_of)]


def is_whole(workspace: Workspace, upload_id: str) -> bool:
    """Whether an upload exists: it has a manifest, and so has the one it goes with."""
    path = workspace.uploads / f"{upload_id}.json"
    if not path.exists():
        return False
    part_of = _read(path).part_of
    return not part_of or (workspace.uploads / f"{part_of}.json").exists()


def withdraw(workspace: Workspace, upload_id: str, *, by: str, at: datetime) -> Upload:
    """Take an upload out of force; what it replaced comes back at the next publish.

    Returns:
        The upload as it was.

    Raises:
        AppError: there is no such upload, it is withdrawn already, or it goes with another one.
    """
    upload = _named(workspace, upload_id)
    if upload.withdrawn_at is not None:
        raise AppError(f"The upload {upload_id} is withdrawn already.")
    record = {"by": by, "at": at.isoformat()}
    path = workspace.uploads / f"{upload_id}.withdrawn.json"
    write_atomically(path, f"{json.dumps(record, ensure_ascii=False)}\n")
    return upload


def restore(workspace: Workspace, upload_id: str, *, by: str, at: datetime) -> Upload:
    """Put a withdrawn upload back in force.

    What said that it was withdrawn stays as `<upload_id>.restored-<n>.json`, with who restored it.

    Returns:
        The upload as it was.

    Raises:
        AppError: there is no such upload, or it is in force.
    """
    upload = _named(workspace, upload_id)
    withdrawal = workspace.uploads / f"{upload_id}.withdrawn.json"
    if upload.withdrawn_at is None:
        raise AppError(f"The upload {upload_id} is in force already.")
    record = json.loads(withdrawal.read_text(encoding="utf-8"))
    record |= {"restored_by": by, "restored_at": at.isoformat()}
    number = 1 + len(list(workspace.uploads.glob(f"{upload_id}.restored-*.json")))
    write_atomically(
        workspace.uploads / f"{upload_id}.restored-{number}.json",
        f"{json.dumps(record, ensure_ascii=False)}\n",
    )
    remove(withdrawal)
    return upload


def _named(workspace: Workspace, upload_id: str) -> Upload:
    found = uploads(workspace)
    upload = next((upload for upload in found if upload.upload_id == upload_id), None)
    if upload is None:
        own = [u.upload_id for u in found if not u.part_of]
        raise AppError(
            f"There is no upload {upload_id}.",
            choices=own[::-1],
            next_step=suggest(upload_id, own),
        )
    if upload.part_of:
        raise AppError(
            f"{upload_id} came in one file with {upload.part_of} and goes with it.",
            next_step=f"Undo or restore {upload.part_of}: that covers both.",
        )
    return upload


def _read(path: Path) -> Upload:
    withdrawal = path.with_name(f"{path.stem}.withdrawn.json")
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        with suppress(FileNotFoundError):
            record["withdrawn_at"] = json.loads(withdrawal.read_text(encoding="utf-8"))["at"]
        for name in _TIMES:
            if record.get(name):
                record[name] = datetime.fromisoformat(record[name])
        known = {f.name for f in fields(Upload)}
        return Upload(
            **{key: value for key, value in record.items() if key in known},
            rows_path=path.with_suffix("") / "rows.parquet",
        )
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise WarehouseError(
            f"The manifest of an upload cannot be read: {error}.",
            where=path.name,
            next_step="Put the file back from a backup of the uploads folder.",
        ) from error
