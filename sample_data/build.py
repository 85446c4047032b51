"""The sample workspace: the extracts uploaded one after the other, as a person would have done."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from data_access.entries import Action, Decision, Entry, Opportunity, Risk
from data_access.ingest import accept, prepare
from data_access.records import Records
from data_access.store import Store
from data_access.warehouse import publish
from data_access.workspace import Settings, Workspace
from metrics.errors import AppError
from metrics.periods import Period, week
from sample_data import world
from sample_data.desk import write_desk
from sample_data.files import INTERN, LEAD, SampleFile, files, write
from sample_data.guides import write_guides
from sample_data.improvements import write_improvements
from sample_data.lots import write_lots
from sample_data.plants import ALL, CLOCK, Plant, Truths
from sample_data.requirements import write_requirements
from sample_data.words import COMMENTARY, ENTRIES

Progress = Callable[[float, str], None]

SETTINGS = Settings(
    organization="Clinical Data Operations",
    audience="Ops director, ML leads, AI governance board",
    is_sample=True,
    fixed_clock=CLOCK.isoformat(),
    terminal_stages=dict.fromkeys(world.PROJECTS, world.DELIVERY.name),
    salt="sample",
)
_KINDS: dict[str, type[Entry]] = {
    "decision": Decision, "risk": Risk, "opportunity": Opportunity, "action": Action,
}  # fmt: skip


def build(
    workspace: Workspace,
    *,
    seed: int = 7,
    plants: frozenset[Plant] = ALL,
    progress: Progress | None = None,
) -> Truths:
    """Fill an empty workspace with the sample and say what is planted in it.

    Every file goes the way of an upload: dry run, answers, accept. The warehouse is published
    once, at the end; what people wrote is added to the records of the workspace.

    Raises:
        AppError: the workspace holds uploads already, or the app refuses a file of the sample.
    """
    if workspace.uploads.exists() and any(workspace.uploads.iterdir()):
        raise AppError(
            "The workspace is not empty.", where=str(workspace.root),
            next_step="Delete the folder, then make the sample again.",
        )  # fmt: skip
    told = progress or (lambda _share, _text: None)
    with tempfile.TemporaryDirectory() as folder:
        told(0.0, "Writing the sample extracts")
        truths = write(Path(folder), seed=seed, plants=plants)
        to_upload = files(Path(folder))
        for number, file in enumerate(to_upload):
            told(0.1 + 0.6 * number / len(to_upload), f"Uploading {file.path.name}")
            _upload(workspace, file)
    told(0.7, "Building the warehouse")
    workspace.save_settings(SETTINGS)
    publish(workspace)
    told(0.95, "Adding what people wrote")
    if workspace.root.as_posix() in workspace.records_url:  # a shared database gets no such words
        _write_words(workspace, plants)
    told(1.0, "Done")
    return truths


def _upload(workspace: Workspace, file: SampleFile) -> None:
    workspace.save_settings(replace(SETTINGS, fixed_clock=file.at.isoformat()))
    dry_run = prepare(
        workspace, file.path, file_name=file.path.name, extract=file.extract, answers=file.answers
    )
    if not dry_run.can_accept:
        reason = dry_run.refusal.text if dry_run.refusal else f"Open: {dry_run.must_answer}"
        raise AppError(
            "A file of the sample is not accepted.", where=file.path.name, next_step=reason
        )
    accept(workspace, dry_run, by=file.by, clock=file.at, publish=False)


def _write_words(workspace: Workspace, plants: frozenset[Plant]) -> None:
    """Add commentary, decisions, risks, opportunities, actions and lots, oldest week first."""
    records = Records(workspace)
    try:
        for said in COMMENTARY:
            if said.get("plant") in {None, *plants}:
                at = _monday_after(week(said["period"]))
                records.write_commentary(
                    said["period"], said["text"], by=said["by"], at=at,
                    metric=said.get("metric", ""),
                )  # fmt: skip
        for entry in sorted(ENTRIES, key=lambda one: str(one["week"])):
            if entry.get("plant") in {None, *plants}:
                _add(records, dict(entry))
        write_lots(records, Store.open(workspace), by=LEAD)
        write_requirements(records, by=LEAD)
        write_guides(records, by=LEAD)
        write_desk(records, Store.open(workspace), by=INTERN)
        write_improvements(records, plants)
    finally:
        records.close()


def _add(records: Records, said: dict[str, object]) -> None:
    kind, raised = _KINDS[str(said.pop("kind"))], week(str(said.pop("week")))
    said.pop("plant", None)
    closed_in = said.pop("closed_in", None)
    state = str(said.pop("state", "Open"))
    entry = kind(**said)  # type: ignore[arg-type]
    at = _monday_after(raised)
    if closed_in is None:
        records.add(replace(entry, state=state), period=raised, by=LEAD, at=at)
        return
    added = records.add(entry, period=raised, by=LEAD, at=at)
    closing = week(str(closed_in))
    done = replace(added, state=state)
    records.change(done, period=closing, by=LEAD, at=_monday_after(closing))


def _monday_after(past: Period) -> datetime:
    """The Monday morning on which a week is talked about."""
    return datetime.combine(past.until, time(6, 45))
