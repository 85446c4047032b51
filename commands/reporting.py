"""Reports: write one, list those issued, lay an issued one out again."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.output import AsJson, By, print_json, print_table, told_when_slow
from commands.window import active_workspace, checked_day, open_store, period_asked
from metrics.periods import Period, newest_week, week

if TYPE_CHECKING:
    from data_access.store import Store


AsHtml = Annotated[bool, typer.Option("--html", help="Write clean HTML to paste, too.")]


def report_weekly(
    week_name: Annotated[
        str, typer.Option("--week", help="Like 2026-W46; default the newest week with data.")
    ] = "",
    out: Annotated[Path, typer.Option(help="The folder for both files.")] = Path(),
    by: By = "",
    as_html: AsHtml = False,
    as_json: AsJson = False,
) -> None:
    """Write the report of one week."""
    asked = week(week_name) if week_name else None
    store = open_store()
    _write_report(
        store,
        asked or newest_week(store.extent(), store.today),
        "weekly",
        out=out,
        by=by,
        as_html=as_html,
        as_json=as_json,
    )


def report_period(
    since: Annotated[str, typer.Option(help="First day, like 2026-09-01.", callback=checked_day)],
    until: Annotated[str, typer.Option(help="Last day, included.", callback=checked_day)],
    out: Annotated[Path, typer.Option(help="The folder for both files.")] = Path(),
    by: By = "",
    as_html: AsHtml = False,
    as_json: AsJson = False,
) -> None:
    """Write the report of any span of days."""
    store = open_store()
    period = period_asked(store, None, since, until)
    _write_report(store, period, "period", out=out, by=by, as_html=as_html, as_json=as_json)


def _write_report(
    store: Store,
    period: Period,
    kind: str,
    *,
    out: Path,
    by: str,
    as_html: bool,
    as_json: bool,
) -> None:
    from data_access.records import Records
    from reports import html
    from reports.issuing import issue
    from reports.weekly import build

    workspace = store.workspace
    with told_when_slow(f"Writing the report of {period.label}, both files ..."):
        records = Records(workspace)
        report = build(store, records, period, kind=kind)
        by, now = by or "command line", workspace.clock()
        one = issue(workspace, records, report, by=by, clock=now)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for path in (one.word_path, one.excel_path):
        target = out / path.name
        target.write_bytes(path.read_bytes())
        written.append(str(target))
    if as_html:
        target = out / f"{report.file_stem}.html"
        target.write_bytes(html.write(report))
        written.append(str(target))
    if as_json:
        print_json(
            {
                "report": one.id,
                "files": written,
                "snapshot": store.snapshot,
                "warnings": [caution.text for caution in report.cautions],
            }
        )
        return
    for caution in report.cautions:
        typer.echo(f"Note: {caution.text}")
    for name in written:
        typer.echo(f"Wrote {name}")


def report_reissue(
    report_id: Annotated[str, typer.Argument(help="As `report list` shows it.")],
    out: Annotated[Path, typer.Option(help="The folder for both files.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Lay an archived report out again, with the numbers it was issued with."""
    from reports.archive import reissue

    with told_when_slow(f"Laying {report_id} out again ..."):
        again = reissue(active_workspace(), report_id)
    out.mkdir(parents=True, exist_ok=True)
    stem = again.report.file_stem
    written = [str(out / f"{stem}{ending}") for ending in (".docx", ".xlsx")]
    for name, content in zip(written, (again.word, again.excel), strict=True):
        Path(name).write_bytes(content)
    if as_json:
        print_json({"report": report_id, "files": written, "is_same": again.is_same})
        return
    for name in written:
        typer.echo(f"Wrote {name}")
    if again.is_same:
        typer.echo("Both files are the same to the byte as when it was issued.")
    else:
        typer.echo("The numbers are those it was issued with; this release lays them out anew.")


def report_list(as_json: AsJson = False) -> None:
    """List the issued reports, newest first."""
    from reports.archive import issued

    found = [
        {
            "report": r.id,
            "period": r.period_label,
            "status": r.status,
            "by": r.by,
            "issued": str(r.issued_at)[:16],
            "snapshot": r.snapshot,
        }
        for r in issued(active_workspace())
    ]
    if as_json:
        print_json(found)
    else:
        print_table(found, empty="No reports issued yet. Start with: report weekly")


def report_diff(
    old: Annotated[str, typer.Argument(help="As `report list` shows it; the older one.")] = "",
    new: Annotated[str, typer.Argument(help="The newer one.")] = "",
    as_json: AsJson = False,
) -> None:
    """Compare two issued reports section by section: what is new since the reader looked.

    With one of them it is compared with the one issued just before it, with none the last two are.
    """
    from reports.archive import archived, before, last_two
    from reports.compare import compare, counted

    workspace = active_workspace()
    if not old:
        old, new = last_two(workspace)
    elif not new:
        old, new = before(workspace, old), old
    found = compare(archived(workspace, old), archived(workspace, new))
    if as_json:
        told = [
            {"section": section.title, **asdict(difference)}
            for section in found
            for difference in section.differences
        ]
        print_json({"old": old, "new": new, "differences": told})
        return
    typer.echo(f"{old} to {new}: {counted(found)}")
    for section in found:
        if section.differences:
            typer.echo(f"\n{section.title.strip() or 'First page'}")
        for difference in section.differences:
            typer.echo(f"  {difference.kind} {difference.what}: {difference.sentence}")


def report_restated(as_json: AsJson = False) -> None:
    """List the numbers of issued reports that read otherwise now, and why."""
    from reports.restated import ledger

    found = [
        {
            "period": one.period.name,
            "measure": one.label,
            "reported": one.before,
            "now": one.now,
            "late rows": one.late_rows,
            "why": one.cause,
            "report": one.report,
        }
        for one in ledger(open_store())
    ]
    if as_json:
        print_json(found)
    else:
        print_table(found, empty="Every number of the issued reports still reads the same.")
