"""Upkeep: rebuild the database, write the sample extracts, verify everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.output import AsJson, Exit, print_json, print_table, told_when_slow
from commands.window import active_workspace


def rebuild(as_json: AsJson = False) -> None:
    """Build the database again from the accepted files alone."""
    from data_access.warehouse import checksums
    from data_access.warehouse import rebuild as rebuild_all

    workspace = active_workspace()
    with told_when_slow("Building every table from the accepted files ..."):
        name = rebuild_all(workspace)
    if as_json:
        print_json({"snapshot": name, "checksums": checksums(workspace)})
    else:
        typer.echo(f"Built {name} from the accepted files.")


def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the sample extracts.")],
    seed: Annotated[int, typer.Option(help="Another seed gives another sample.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Write the sample extracts as CSV files, to look at or to upload."""
    from sample_data import write

    write(folder, seed=seed)
    written = [str(path) for path in sorted(folder.iterdir())]
    if as_json:
        print_json({"files": written})
        return
    for name in written:
        typer.echo(name)


def check(as_json: AsJson = False) -> None:
    """Verify manifests, the snapshot and the issued reports."""
    from data_access.verify import verify_data
    from reports.archive import issued, verify

    workspace = active_workspace()
    found = verify_data(workspace)
    told = [{"what": v.what, "ok": v.is_ok, "detail": v.detail} for v in found]
    told += [{"what": "Issued report", "ok": False, "detail": fault} for fault in verify(workspace)]
    whole = len(issued(workspace)) if all(row["ok"] for row in told) else 0
    if whole:
        told.append({"what": "Issued reports", "ok": True, "detail": f"{whole} as issued"})
    if as_json:
        print_json(told)
    else:
        print_table(
            [{**row, "ok": "ok" if row["ok"] else "FAULT"} for row in told],
            empty="Nothing to check yet: no uploads, no snapshot, no reports.",
        )
    raise typer.Exit(Exit.DONE if all(row["ok"] for row in told) else Exit.FAILED)
