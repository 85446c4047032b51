"""Manifests: an upload exists when its manifest exists.

Beside the folder `uploads/<upload_id>/` lies `uploads/<upload_id>.json`, written last and in one
step. `uploads/<upload_id>.withdrawn.json` takes the upload out of force; without it the upload is
in force again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from data_access.files import write_atomically
from data_access.workspace import Workspace
from metrics.errors import WarehouseError

_TIMES = ("accepted_at", "as_of", "withdrawn_at")
_NOT_STORED = ("withdrawn_at", "rows_path")


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
        withdrawn_at: UTC; None while it is in force.
        rows_path: its accepted rows, Parquet.
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
    encoding: str = ""
    delimiter: str = ""
    withdrawn_at: datetime | None = None
    rows_path: Path = Path()


def write(workspace: Workspace, upload: Upload) -> None:
    """Make an upload exist: its files must be on the disk already."""
    record = {key: value for key, value in asdict(upload).items() if key not in _NOT_STORED}
    text = json.dumps(record, indent=2, ensure_ascii=False, default=datetime.isoformat)
    write_atomically(workspace.uploads / f"{upload.upload_id}.json", f"{text}\n")


def uploads(workspace: Workspace) -> list[Upload]:
    """Every upload with a manifest, in order of acceptance, withdrawn ones too.

    Raises:
        WarehouseError: a manifest cannot be read.
    """
    paths = sorted(p for p in workspace.uploads.glob("*.json") if "." not in p.stem)
    return [_read(path) for path in paths if path.stem != "remembered"]


def _read(path: Path) -> Upload:
    withdrawal = path.with_name(f"{path.stem}.withdrawn.json")
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if withdrawal.exists():
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
            f"The manifest of an upload cannot be read: {error}.", where=path.name,
            next_step="Put the file back from a backup of the uploads folder.",
        ) from error
