"""The upload under way in this session: the file, its dry run, the answers, the work."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from data_access import ingest
from data_access.ingest import DryRun, beside
from data_access.ingest.leftovers import sweep_staging
from data_access.ingest.staging import new_folder
from data_access.workspace import Workspace, own
from ui import work
from ui.work import Job

_KEY = "_draft"
_CHUNK = 1 << 20


@dataclass
class Draft:
    """One file on its way from chosen to accepted; when it is forgotten, so is what it stored.

    Attributes:
        workspace: where it goes.
        file_name: as sent; shown, never used on the disk.
        path: where the file waits.
        answers: what the person said so far.
        checking: the dry run being made.
        accepting: the acceptance being made; its result says what changed.
    """

    workspace: Workspace
    file_name: str
    path: Path
    answers: dict[str, str] = field(default_factory=dict)
    checking: Job[DryRun] | None = None
    accepting: Job[str] | None = None

    def __post_init__(self) -> None:
        """Take the file away with the session: a tab that is closed tells nobody."""
        weakref.finalize(self, _forget, self.path)

    @property
    def dry_run(self) -> DryRun | None:
        """What is known of the file; None until it was checked."""
        return self.checking.result if self.checking else None

    @property
    def running(self) -> Job[DryRun] | Job[str] | None:
        """The work that is not over; None when nothing runs."""
        for job in (self.accepting, self.checking):
            if job is not None and not job.is_over:
                return job
        return None

    def check(self) -> None:
        """Make the dry run, again after an answer."""
        if self.dry_run is not None:
            ingest.discard(self.dry_run)
        answers = dict(self.answers)
        self.checking = work.start("Checking the file", lambda tell: self._prepare(answers, tell))

    def _prepare(self, answers: dict[str, str], progress: work.Progress) -> DryRun:
        found = ingest.prepare(
            self.workspace,
            self.path,
            file_name=self.file_name,
            answers=answers,
            progress=progress,
        )
        weakref.finalize(self, ingest.discard, found)
        return found

    def answer(self, answers: dict[str, str]) -> None:
        """Take answers in and check again."""
        self.answers |= answers
        self.check()

    def accept(self, by: str, tell_change: Callable[[], str]) -> None:
        """Store the file beside the page; what comes out is what `tell_change` says then."""
        found = self.dry_run

        def do(progress: work.Progress) -> str:
            assert found is not None
            clock = self.workspace.clock()
            upload = ingest.accept(self.workspace, found, by=by, clock=clock, progress=progress)
            if upload.was_there:
                told = f"as {upload.upload_id}; nothing changed."
                return f"Somebody had accepted this very file already, {told}"
            also = " ".join(f"With it went {beside(one)}." for one in found.companions)
            return f"{also} {tell_change()}".strip()

        self.accepting = work.start("Accepting", do)

    def close(self) -> None:
        """Forget the file and its checked rows."""
        if self.dry_run is not None:
            ingest.discard(self.dry_run)
        _forget(self.path)
        st.session_state.pop(_KEY, None)


def _forget(path: Path) -> None:
    """Take a sent file away with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)


@cache
def _sweep_once(workspace: Workspace) -> None:
    """Take away, when this process is new, what one before it left when it died."""
    sweep_staging(workspace)


def current() -> Draft | None:
    """The upload under way in this session, if there is one."""
    _sweep_once(own())
    found: Draft | None = st.session_state.get(_KEY)
    return found


def begin(workspace: Workspace, file_name: str, content: BinaryIO) -> Draft:
    """Put the file on the disk under a name of our own and check it."""
    path = new_folder(workspace) / "file"
    with path.open("wb") as out:
        shutil.copyfileobj(content, out, _CHUNK)
    draft = Draft(workspace, file_name, path)
    st.session_state[_KEY] = draft
    draft.check()
    return draft
