"""Upkeep: rebuild the database, write the sample extracts, verify everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.output import AsJson, Exit, print_json, print_table
from commands.window import active_workspace


def rebuild(as_json: AsJson = False) -> None:
    """Build the database again from the accepted files alone."""
    from data_access.warehouse import checksums
    from data_access.warehouse import rebuild as rebuild_all

    workspace = active_workspace()
    name = rebuild_all(workspace)
    if as_json:
        print_json({"snapshot": name, "checksums": checksums(workspace)})
    else:
        typer.echo(f"Built {name} from the accepted files.")


def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the sample extracts.")],
    seed: Annotated[int, typer.Option(help="Another seed gives another sample.")] = 7,
) -> None:
    """Write the sample extracts as CSV files, to look at or to upload."""
    from sample_data import write

    write(folder, seed=seed)
    for path in sorted(folder.iterdir()):
        typer.echo(str(path))


def check(as_json: AsJson = False) -> None:
    """Verify manifests, the snapshot and the issued reports."""
    from data_access.verify import verify_data
    from reports.archive import verify

    workspace = active_workspace()
    found = [*verify_data(workspace), *verify(workspace)]
    faults = [line for line in found if not line.is_ok]
    if as_json:
        print_json([{"what": f.what, "ok": f.is_ok, "detail": f.detail} for f in found])
    else:
        print_table(
            [{"": "ok" if f.is_ok else "FAULT", "what": f.what, "detail": f.detail} for f in found],
            empty="Nothing to check yet: no uploads, no snapshot, no reports.",
        )
    raise typer.Exit(Exit.FAILED if faults else Exit.DONE)
