"""The upload under way in this session: the file, its dry run, the answers, the work."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from data_access import ingest
from data_access.ingest import DryRun
from data_access.workspace import Workspace
from ui import work
from ui.work import Job

_KEY = "_draft"
_CHUNK = 1 << 20


@dataclass
class Draft:
    """One file on its way from chosen to accepted.

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
        workspace, path, name, answers = self.workspace, self.path, self.file_name, self.answers
        self.checking = work.start(
            "Checking the file",
            lambda tell: ingest.prepare(
                workspace, path, file_name=name, answers=dict(answers), progress=tell
            ),
        )

    def answer(self, answers: dict[str, str]) -> None:
        """Take answers in and check again."""
        self.answers |= answers
        self.check()

    def accept(self, by: str, tell_change: Callable[[], str]) -> None:
        """Store the file beside the page; what comes out is what `tell_change` says then."""
        found, workspace = self.dry_run, self.workspace

        def do(progress: work.Progress) -> str:
            assert found is not None
            ingest.accept(workspace, found, by=by, clock=workspace.clock(), progress=progress)
            return tell_change()

        self.accepting = work.start("Accepting", do)

    def close(self) -> None:
        """Forget the file and its checked rows."""
        if self.dry_run is not None:
            ingest.discard(self.dry_run)
        shutil.rmtree(self.path.parent, ignore_errors=True)
        st.session_state.pop(_KEY, None)


def current() -> Draft | None:
    """The upload under way in this session, if there is one."""
    found: Draft | None = st.session_state.get(_KEY)
    return found


def begin(workspace: Workspace, file_name: str, content: BinaryIO) -> Draft:
    """Put the file on the disk under a name of our own and check it."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-upload-"))
    path = folder / "file"
    with path.open("wb") as out:
        shutil.copyfileobj(content, out, _CHUNK)
    draft = Draft(workspace, file_name, path)
    st.session_state[_KEY] = draft
    draft.check()
    return draft
