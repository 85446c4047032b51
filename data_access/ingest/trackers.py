"""What a tracker's export holds besides its issues, and the names a person gives to its ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data_access.ingest.columns import LeftOut
from data_access.ingest.model import DryRun, Question
from data_access.readers import trackers
from data_access.readers.model import Asked, Detected

STATUS = "status:"  # + the id: the key of the question what a status is called


def beside(known: DryRun, asked: Asked) -> DryRun:
    """The dry run of issues with the times in their statuses beside it, where the file has them."""
    columns, detected = known.columns, known.detected
    if known.extract != "issues" or columns is None or detected is None or detected.also:
        return known
    places = {match.column.name: match.positions[0] for match in columns.matched}
    found = trackers.read(detected, places, asked)
    if found is None:
        return known
    left = tuple(
        LeftOut(one.theirs, "read as time in status") if _is_read(one) else one
        for one in columns.left_out
    )
    return replace(
        known,
        detected=replace(detected, also=(found,)),
        columns=replace(columns, left_out=left),
    )


def _is_read(left: LeftOut) -> bool:
    return trackers.is_time_in_status(left.theirs)


def about_names(
    detected: Detected, *, answers: Mapping[str, str], given: Mapping[str, str]
) -> tuple[Question, ...]:
    """What the ids of a table are called; asked until somebody names them.

    Args:
        detected: the table.
        answers: given or remembered.
        given: answered for this very file.
    """
    return tuple(
        Question(
            key=f"{STATUS}{one}",
            label=trackers.unnamed(one),
            default=sure or trackers.unnamed(one),
            text=f"What is the status with the id {one} called in the tracker? Its export gives "
            f"only the number. {_why(sure)}",
        )
        for one, sure in detected.unnamed
        if f"{STATUS}{one}" not in given
        and answers.get(f"{STATUS}{one}", trackers.unnamed(one)) == trackers.unnamed(one)
    )


def _why(sure: str) -> str:
    if sure:
        return f"From the issues of the file it is most likely {sure}."
    return "Left as it is, it keeps its number, and the next file asks again."


def named(detected: Detected, answers: Mapping[str, str]) -> Detected:
    """The table with the names of its ids: as answered, else as is sure, else the number."""
    if not detected.unnamed:
        return detected
    names = {
        one: answers.get(f"{STATUS}{one}", "").strip() or sure for one, sure in detected.unnamed
    }
    return trackers.named(detected, names)


def status_names(found: DryRun) -> dict[str, str]:
    """Status id → what it is called in this dry run; empty where no table has ids to name."""
    return {
        one: found.answers.get(f"{STATUS}{one}", "").strip() or sure or trackers.unnamed(one)
        for one, sure in (found.detected.unnamed if found.detected else ())
    }


def renaming(known: DryRun) -> tuple[str, ...]:
    """How a status of a file that is in force gets another name, in a sentence."""
    if not any(one.unnamed for one in known.tables_beside):
        return ()
    return (
        "Another name for a status: change Status names with the next file of this source; it "
        "holds for the earlier files too. Or undo that upload and send this file again.",
    )


def joined(main: DryRun, also: Sequence[DryRun]) -> DryRun:
    """The dry run of a file with those of its further tables: what they ask and tell is its."""
    return replace(
        main,
        also=tuple(also),
        questions=(*main.questions, *(q for one in also for q in one.questions)),
        notes=(*main.notes, *(note for one in also for note in _sum_check(one))),
    )


def is_kept(question: Question) -> bool:
    """Whether a question of a further table is asked although it has a suggestion."""
    return question.default is None or question.key.startswith(STATUS)


def _sum_check(one: DryRun) -> tuple[str, ...]:
    """How many issues have times in their statuses that add up, in a sentence."""
    if one.extract != "status_times" or one.refusal is not None:
        return ()
    filled = {summary.name: summary.filled for summary in one.summaries}
    issues = filled.get("total_hours", 0) if filled.get("resolved_at") else 0
    wrong = sum(flag.rows for flag in one.flagged if flag.column == "total_hours")
    if not issues:
        return ()
    return (
        f"Time in status: in {issues - wrong:,} of {issues:,} issues the hours in their statuses "
        "add up to the time from created to resolved, within a minute.",
    )
