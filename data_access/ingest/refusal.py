"""Why a whole file is refused, in a sentence that helps, with a corrected template."""

from __future__ import annotations

from dataclasses import replace

from data_access.extracts.model import Extract
from data_access.extracts.template import corrected
from data_access.ingest.columns import Columns
from data_access.ingest.model import DryRun, Refusal
from data_access.readers.model import Detected
from metrics.errors import BadExtractError

_TEMPLATE_ROWS = 20


def explain(error: BadExtractError, known: DryRun) -> DryRun:
    """The dry run of a file that cannot be read as a table at all."""
    named = (
        error
        if error.where
        else BadExtractError(
            error.what, where=known.file_name, choices=error.choices, next_step=error.next_step
        )
    )
    return replace(
        known, refusal=Refusal(error=named, first_fix=error.next_step or error.what), questions=()
    )


def no_rows(extract: Extract) -> BadExtractError:
    """The refusal of a file with a header and nothing below it."""
    if extract.name == "issues":
        return BadExtractError(
            "The export has a header and no issues.",
            next_step="The filter or board it was exported from shows nothing, or not to you: open "
            "it in the tracker, see that it lists issues, then export again.",
        )
    return BadExtractError(
        "The file has a header and no rows below it.",
        next_step="See that the report it was exported from shows rows, then export again.",
    )


def missing_columns(detected: Detected, columns: Columns) -> Refusal:
    """The refusal of a file without a required column, with the template to fill."""
    labels = [column.label for column in columns.missing]
    wanted = " and ".join(labels)
    if _is_for_import(columns):
        error = BadExtractError(
            "This is a list to import into a tracker, not an export from one: it has neither the "
            "issues' keys nor when they were created.",
            next_step="Import it first, then export the issues with all fields.",
        )
    else:
        first = columns.missing[0]
        names = ", ".join(dict.fromkeys([first.name, first.label, *first.aliases[:4]]))
        error = BadExtractError(
            f"No column holds {wanted}, which {'is' if len(labels) == 1 else 'are'} required for "
            f"the type {columns.extract.label}.",
            choices=[left.theirs for left in columns.left_out],
            next_step=f"Say which column is {first.label}, or add one named like {names}; or "
            "choose another type.",
        )
    mapping = {m.column.name: m.positions for m in columns.matched}
    return Refusal(
        error=error,
        first_fix=error.next_step,
        template_name=f"{columns.extract.name}_corrected.csv",
        template=corrected(columns.extract, mapping=mapping, rows=detected.sample[:_TEMPLATE_ROWS]),
    )


def _is_for_import(columns: Columns) -> bool:
    names = columns.names
    missing = {column.name for column in columns.missing}
    return (
        columns.extract.name == "issues"
        and {"issue_key", "created_at"} <= missing
        and "summary" in names
        and "type" in names
    )


def nothing_accepted(known: DryRun, detected: Detected) -> Refusal:
    """The refusal of a file of which every row is refused."""
    first = known.first_refused[0]
    error = BadExtractError(
        f"All {known.rows:,} rows are refused, so there is nothing to accept.",
        where=f"line {first.line}, {first.column or 'the whole row'}",
        next_step=f"First: {first.reason}",
    )
    if known.columns is None:
        return Refusal(error=error, first_fix=first.reason)
    mapping = {m.column.name: m.positions for m in known.columns.matched}
    return Refusal(
        error=error,
        first_fix=f"Line {first.line}: {first.reason}",
        template_name=f"{known.extract}_corrected.csv",
        template=corrected(
            known.columns.extract, mapping=mapping, rows=detected.sample[:_TEMPLATE_ROWS]
        ),
    )
