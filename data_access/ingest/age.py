"""How new a file is: by what a person says of it, else by what the file itself shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

import duckdb

from data_access.extracts.model import Type
from data_access.ingest.check import Checked
from data_access.ingest.difference import has_newer_rows
from data_access.ingest.model import DryRun, Question
from data_access.manifests import Upload
from data_access.workspace import Workspace
from metrics.errors import QuestionError
from metrics.periods import last_complete_week


def settle(
    con: duckdb.DuckDBPyConnection,
    checked: Checked,
    known: DryRun,
    *,
    workspace: Workspace,
    before: Sequence[Upload],
    main: DryRun | None,
) -> tuple[datetime, list[Question]]:
    """How new the file is, UTC, and what is left to ask about it.

    Its newest time says it, or the day a person names where it has none. A file that looks older
    than an upload of its source is taken for the newer one where a person says so, or where it has
    a row that was updated since; then it counts as of the clock.

    Args:
        con: holds the checked rows.
        checked: the file.
        known: what is known of it, its answers among that.
        workspace: where the rows before lie.
        before: uploads of the same kind and source, in force.
        main: the first table of the file, of whose age a further one is.

    Raises:
        QuestionError: the day that was named is none, or one to come.
    """
    clock = workspace.clock()
    newest = _newest_time(con, checked, clock)
    questions = _about_day(known, checked, clock.date())
    if _is_undated(checked):
        newest = _valid_day(known.answers.get("day") or str(questions[0].default), clock.date())
    if main is not None and main.as_of is not None:
        newest = main.as_of
    last = max((upload.as_of for upload in before), default=None)
    if last is None or newest >= last:
        return newest, questions
    said = known.answers.get("as_of", "")
    if not said:
        is_newer = has_newer_rows(con, checked, known.source, workspace=workspace, before=before)
        said = "newer" if is_newer else "older"
        questions.append(_about_age(newest, last, said))
    return (clock if said == "newer" else newest), questions


def _about_age(newest: datetime, last: datetime, default: str) -> Question:
    """Whether a file that looks older than an upload of its source is older."""
    text = (
        f"Its newest time is {newest:%Y-%m-%d %H:%M}, before that of an upload of this source "
        f"({last:%Y-%m-%d %H:%M}). Is the file older, or newer and corrected? Rows of the newer "
        "one stay."
    )
    choices = ("older", "newer")
    return Question(
        key="as_of", text=text, choices=choices, default=default, label="Older or newer"
    )


def _about_day(known: DryRun, checked: Checked, today: date) -> list[Question]:
    """On which day the rows count, where no column says when they were made."""
    if not _is_undated(checked) or "day" in known.answers:
        return []
    text = (
        "Nothing in the file says when its rows were made. On which day shall they count? Write it "
        "like 2026-11-15."
    )
    last = last_complete_week(today).last_day.isoformat()
    return [Question(key="day", text=text, default=last, label="Day")]


def _is_undated(checked: Checked) -> bool:
    """Whether the kind of file has times and this file has none of their columns."""
    extract = checked.columns.extract
    kinds = {extract.column(name).type for name in extract.time_columns}
    return kinds == {Type.TIMESTAMP} and checked.columns.names.isdisjoint(extract.time_columns)


def _valid_day(text: str, today: date) -> datetime:
    """The noon of the day a person named.

    Raises:
        QuestionError: it is no day, or one to come.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.max
    if day > today:
        raise QuestionError(
            f"{text} is not a day up to today.",
            where="day",
            next_step="Write it like 2026-11-15.",
        )
    return datetime.combine(day, time(12))


def _newest_time(con: duckdb.DuckDBPyConnection, checked: Checked, clock: datetime) -> datetime:
    """The newest time in the file, which says how new it is; the clock when it has none.

    Planned days say nothing of it, and neither do times that are still to come.
    """
    extract = checked.columns.extract
    names = [
        name
        for name in extract.time_columns
        if name in checked.columns.names and extract.column(name).type is Type.TIMESTAMP
    ]
    if not names:
        return clock
    newest = ", ".join(f"max(case when {name} <= $clock then {name} end)" for name in names)
    found = con.execute(f"select {newest} from {checked.kept}", {"clock": clock}).fetchall()[0]
    return max((moment for moment in found if moment is not None), default=clock)
