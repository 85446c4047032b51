"""Issued reports: both files, the block model with all values, and who sent them when.

`reports/<id>/` holds the two files, `report.json` and `manifest.json`. They are written aside and
get their place in one step, so a report is issued whole or not at all, and once. Laying the
archived model out again gives the same bytes with the same release; with another release the same
numbers in that release's layout.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from tempfile import mkdtemp

from data_access import definitions
from data_access.files import sync, write_atomically
from data_access.lock import folder_lock
from data_access.manifests import uploads
from data_access.text import clean_text
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.errors import AppError, ReportError
from reports import excel, word
from reports.blocks import Scorecard
from reports.report import Report, from_json

_MANIFEST, _MODEL = "manifest.json", "report.json"
_ASIDE = "."  # begins the name of a folder that is not finished
_LIBRARIES = ("python-docx", "XlsxWriter", "vl-convert-python", "pillow", "lxml")
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Issued:
    """One issued report.

    Attributes:
        id: period and ten digits of the digest of its inputs.
        title, kind, period, period_label: as printed.
        status: the overall status, a value of analysis.model.Status.
        by, issued_at: who sent it and when, UTC.
        snapshot: the warehouse snapshot it was read from.
        uploads: ids of the uploads that were in force.
        digests: file name → sha256.
        release: what laid it out; equal releases give equal bytes.
        folder: where it lies.
        definitions: measure of the key table → digest of its definition then; {} in old reports.
        withdrawn: the uploads it used that were undone since; () while it stands.
    """

    id: str
    title: str
    kind: str
    period: str
    period_label: str
    status: str
    by: str
    issued_at: datetime
    snapshot: str
    uploads: tuple[str, ...]
    digests: dict[str, str]
    release: str
    folder: Path
    definitions: dict[str, str] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()

    @property
    def word_path(self) -> Path:
        """The Word file."""
        return self._file(".docx")

    @property
    def excel_path(self) -> Path:
        """The Excel file."""
        return self._file(".xlsx")

    def _file(self, ending: str) -> Path:
        return self.folder / next(name for name in self.digests if name.endswith(ending))


@dataclass(frozen=True)
class Reissued:
    """A report laid out again; `is_same` when both files have the archived bytes."""

    report: Report
    word: bytes
    excel: bytes
    is_same: bool
    is_same_release: bool


def issue(workspace: Workspace, report: Report, *, by: str, clock: datetime) -> Issued:
    """Lay the report out, archive it, and say what was archived.

    The same report issued again, also by somebody else meanwhile, stays as it was issued first.

    Raises:
        AppError: nobody signs it.
        ReportError: it cannot be laid out, or there is no room for it.
    """
    signed = clean_text(" ".join(by.split()), limit=200)
    if not signed:
        raise AppError("A name is needed to issue a report.", next_step="Type your name once.")
    manifest = workspace.reports / report.id / _MANIFEST
    if not manifest.exists():
        files = _laid_out(report) | {_MODEL: report.to_json().encode()}
        _put(workspace, _issued_now(workspace, report, files, by=signed, clock=clock), files)
    return _read(manifest, frozenset())


def _issued_now(
    workspace: Workspace, report: Report, files: dict[str, bytes], *, by: str, clock: datetime
) -> Issued:
    return Issued(
        id=report.id,
        title=report.title,
        kind=report.kind,
        period=report.period,
        period_label=report.period_label,
        status=report.status,
        by=by,
        issued_at=clock,
        snapshot=report.snapshot,
        uploads=report.uploads,
        digests={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        release=release(),
        folder=workspace.reports / report.id,
        definitions={
            score.metric: definitions.digest(METRICS[score.metric])
            for card in report.blocks(Scorecard)
            for score in card.rows
            if score.metric in METRICS
        },
    )


def _put(workspace: Workspace, made: Issued, files: dict[str, bytes]) -> None:
    """Write a report aside, then give its folder its name; whoever was first stays."""
    aside: Path | None = None
    try:
        workspace.reports.mkdir(parents=True, exist_ok=True)
        aside = Path(mkdtemp(prefix=f"{_ASIDE}{made.id}.", dir=workspace.reports))
        for name, data in files.items():
            write_atomically(aside / name, data)
        kept = {k: v for k, v in asdict(made).items() if k not in ("folder", "withdrawn")}
        text = json.dumps(kept, indent=2, ensure_ascii=False, default=datetime.isoformat)
        write_atomically(aside / _MANIFEST, f"{text}\n")
        with folder_lock(workspace.reports):
            if not (made.folder / _MANIFEST).exists():
                shutil.rmtree(made.folder, ignore_errors=True)  # an older release died over it
                aside.rename(made.folder)
                sync(workspace.reports)
    except OSError as error:
        raise ReportError(
            f"The report could not be archived: {error.strerror or error}.",
            where=str(workspace.reports),
            next_step="Make room on the disk and issue it again.",
        ) from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def issued(workspace: Workspace) -> list[Issued]:
    """The issued reports, newest first; one that used an upload undone since names it.

    Raises:
        ReportError: a manifest cannot be read.
    """
    undone = frozenset(u.upload_id for u in uploads(workspace) if u.withdrawn_at is not None)
    paths = workspace.reports.glob(f"[!{_ASIDE}]*/{_MANIFEST}")
    found = [_read(path, undone) for path in paths]
    return sorted(found, key=lambda one: (one.issued_at, one.id), reverse=True)


def last_two(workspace: Workspace) -> tuple[str, str]:
    """The ids of the last two issued reports, the older one first.

    Raises:
        ReportError: fewer than two were issued.
    """
    found = issued(workspace)
    if len(found) < 2:
        raise ReportError(
            "Two issued reports are needed to compare them.",
            next_step="Issue another one: report weekly.",
        )
    return found[1].id, found[0].id


def before(workspace: Workspace, report_id: str) -> str:
    """The id of the report that was issued just before another one.

    Raises:
        ReportError: that one was not issued, or none was before it.
    """
    ids = [one.id for one in issued(workspace)]
    if report_id not in ids:
        raise ReportError(f"No report {report_id} was issued.", choices=ids)
    older = ids[ids.index(report_id) + 1 :]
    if not older:
        raise ReportError(
            f"No report was issued before {report_id}.",
            next_step="Name two of those that `report list` shows, the older one first.",
        )
    return older[0]


def archived(workspace: Workspace, report_id: str) -> Report:
    """The model of an issued report, with all its values.

    Raises:
        ReportError: there is no such report, or its model cannot be read.
    """
    known = {one.id: one for one in issued(workspace)}
    if report_id not in known:
        raise ReportError(f"No report {report_id} was issued.", choices=known)
    path = known[report_id].folder / _MODEL
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError("The archived report cannot be read.", where=str(path)) from error


def reissue(workspace: Workspace, report_id: str) -> Reissued:
    """An issued report laid out again from its archived model.

    Raises:
        ReportError: there is no such report, or its model cannot be read.
    """
    report = archived(workspace, report_id)
    before = _read(workspace.reports / report_id / _MANIFEST, frozenset())
    files = _laid_out(report)
    same = all(
        before.digests.get(name) == hashlib.sha256(data).hexdigest() for name, data in files.items()
    )
    docx, xlsx = files.values()
    return Reissued(report, docx, xlsx, same, before.release == release())


def verify(workspace: Workspace) -> Iterator[str]:
    """What is wrong with the archive, one sentence each; nothing when all is well."""
    if not workspace.reports.is_dir():
        return
    for folder in sorted(p for p in workspace.reports.iterdir() if p.is_dir()):
        manifest = folder / _MANIFEST
        if not manifest.exists():
            yield f"{folder.name}: not issued to the end; it can be deleted and issued again."
            continue
        try:
            one = _read(manifest, frozenset())
        except ReportError as error:
            yield f"{folder.name}: {error.what}"
            continue
        for name, digest in one.digests.items():
            path = folder / name
            if not path.exists():
                yield f"{folder.name}: {name} is missing."
            elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                yield f"{folder.name}: {name} was changed after it was issued."


@cache
def release() -> str:
    """What lays reports out: the libraries' versions and a digest of our own code."""
    digest = hashlib.sha256()
    for folder in ("metrics", "analysis", "charts", "reports"):
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".docx"):
                digest.update(path.relative_to(_ROOT).as_posix().encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    named = (f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return f"plumbline {digest.hexdigest()[:12]}; {'; '.join(named)}"


def _laid_out(report: Report) -> dict[str, bytes]:
    """File name → bytes; Word first."""
    stem = report.file_stem
    return {f"{stem}.docx": word.write(report), f"{stem}.xlsx": excel.write(report)}


def _read(path: Path, undone: frozenset[str]) -> Issued:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["issued_at"] = datetime.fromisoformat(raw["issued_at"])
        raw["uploads"] = tuple(raw["uploads"])
        known = {each.name for each in fields(Issued)}
        given = {key: value for key, value in raw.items() if key in known}
        lost = tuple(each for each in raw["uploads"] if each in undone)
        return Issued(**given, folder=path.parent, withdrawn=lost)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReportError(
            "The manifest of an issued report cannot be read.",
            where=str(path),
            next_step="Put the file back from a backup of the reports folder.",
        ) from error
