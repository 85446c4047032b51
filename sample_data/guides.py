"""A guide that a team of the sample wrote and has not looked at again in time."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from data_access.guides import Guide

if TYPE_CHECKING:
    from data_access.records import Records

_WRITTEN = datetime(2026, 5, 4, 8)
_TEXT = """
Twice a month all annotators of radiology reports label the same ten reports.

1. Take ten reports of the last two weeks, three of them with a rejection.
2. Everybody labels them alone, before the meeting.
3. Compare label by label. Write down each difference with the words of the report.
4. Decide on each, and put the decision into the guideline with its example.
5. Look at the agreement of the two weeks that follow.
"""


def write_guides(records: Records, *, by: str) -> None:
    """Keep the guide, approved in May, with its review due on 1 November."""
    draft = records.guides.add(
        Guide(
            title="Calibration round in radiology",
            text=_TEXT,
            owner="K. Lindgren",
            pages="Agreement",
            metrics="krippendorff_alpha",
        ),
        by=by,
        at=_WRITTEN,
    )
    records.guides.approve(
        draft, on=date(2026, 5, 4), review_by=date(2026, 11, 1), by="K. Lindgren", at=_WRITTEN
    )
