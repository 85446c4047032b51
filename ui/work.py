"""Long work beside the page: it shows its progress and goes on when the reader looks elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from metrics.errors import AppError
from ui.messages import quiet
from ui.text import dotted, md_escape

T = TypeVar("T")
Progress = Callable[[float, str], None]
_PATIENCE_SECONDS = 0.6


@dataclass
class Job(Generic[T]):
    """One piece of work under way in a thread of its own.

    Attributes:
        label: what is being done, for the progress bar.
        share: how much is done, 0 to 1.
        step: what it is at.
        result: what came out; None until it is done.
        error: why it failed; None when it did not.
    """

    label: str
    share: float = 0.0
    step: str = ""
    result: T | None = None
    error: AppError | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end, one way or the other."""
        return self._over.is_set()


def start(label: str, do: Callable[[Progress], T]) -> Job[T]:
    """Begin the work; short work is over when this returns, so that nothing flickers."""
    job: Job[T] = Job(label)

    def tell(share: float, step: str) -> None:
        job.share, job.step = min(max(share, 0.0), 1.0), step

    def run() -> None:
        try:
            job.result = do(tell)
        except AppError as problem:
            job.error = problem
        except Exception as problem:
            job.error = AppError(
                f"{label} failed: {type(problem).__name__}.",
                next_step="Nothing was stored half. Try again; the log has the details.",
            )
            raise
        finally:
            job._over.set()

    threading.Thread(target=run, name=label, daemon=True).start()
    job._over.wait(_PATIENCE_SECONDS)
    return job


@st.fragment(run_every=0.4)
def show(job: Job[Any]) -> None:
    """The progress of a job that is not over; the page runs again when it is."""
    if job.is_over:
        st.rerun()
    st.progress(job.share, md_escape(dotted(job.label, job.step)))
    quiet("You can look at other pages meanwhile; this goes on.")
