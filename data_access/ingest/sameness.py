"""Whether a file is in force already, read the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data_access.ingest import questions as asking
from data_access.ingest.model import DryRun
from data_access.manifests import Upload

# What is known of a reading before a row is read; the rest follows from answers and from the rows.
_KNOWN_AT_ONCE = ("sha256", "extract", "source", "mapping", "sheet", "encoding", "fields")
_READ_BY = ("zone", "coverage", "closed_cases", "date_order:", "decimal:")


def same_file(known: DryRun, given: Mapping[str, str], before: Sequence[Upload]) -> Upload | None:
    """The upload in force of the very same file, unless an answer may read it otherwise.

    Args:
        known: what is known of the file so far.
        given: the answers that a person gave now.
        before: uploads of the same kind and source, in force.
    """
    now = known.reading
    for upload in reversed(before):
        alike = all(getattr(upload, name) == getattr(now, name) for name in _KNOWN_AT_ONCE)
        if alike and _agrees(upload, given):
            return upload
    return None


def _agrees(upload: Upload, given: Mapping[str, str]) -> bool:
    """Whether every answer given now is the one the upload was read by."""
    was = {
        "zone": upload.zone,
        "coverage": upload.coverage,
        "closed_cases": "yes" if upload.is_closed_cases else "no",
        **{f"date_order:{name}": order for name, order in upload.date_order.items()},
        **{f"decimal:{name}": mark for name, mark in upload.decimals.items()},
    }
    asked = {key: said for key, said in given.items() if key.startswith(_READ_BY)}
    return asked.items() <= was.items()


def unchanged(known: DryRun, upload: Upload) -> DryRun:
    """The dry run of a file that is in force already as that upload."""
    return replace(
        known,
        same_as=upload.upload_id,
        questions=asking.which_sheet(known.detected),
        rows=upload.rows,
        same=upload.rows,
        source=upload.source,
        as_of=upload.as_of,
        zone=upload.zone,
        coverage=upload.coverage,
        is_closed_cases=upload.is_closed_cases,
        refused_path=None,
        notes=(
            *known.notes,
            f"This very file was accepted on {upload.accepted_at:%Y-%m-%d %H:%M} UTC by "
            f"{upload.by or 'somebody'} as {upload.upload_id}. Nothing changes.",
        ),
    )
