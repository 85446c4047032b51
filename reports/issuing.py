"""Issuing a report: it is archived, and the forecasts in it are kept to be judged later."""

from __future__ import annotations

from datetime import datetime

from data_access.records import Records
from data_access.workspace import Workspace
from reports import archive
from reports.archive import Issued
from reports.report import Report
from reports.sections import outlook


def issue(
    workspace: Workspace, records: Records, report: Report, *, by: str, clock: datetime
) -> Issued:
    """Archive a report and keep what it forecasts; a second time nothing is added.

    Raises:
        AppError: nobody signs it.
        ReportError: it cannot be laid out, or there is no room for it.
    """
    issued = archive.issue(workspace, report, by=by, clock=clock)
    records.forecasts.keep(issued.id, outlook.told_in(report), by=issued.by, at=issued.issued_at)
    return issued
