"""Uploads: check and accept a file, list what was accepted, undo."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.output import (
    AsJson,
    By,
    Exit,
    print_json,
    print_table,
    show_progress,
    told_when_slow,
)
from commands.window import active_workspace

if TYPE_CHECKING:
    from data_access.ingest.model import DryRun


def _answers(maps: list[str] | None, answers: list[str] | None) -> dict[str, str]:
    """Answers to the questions of the dry run, from --map theirs=ours and --answer key=choice."""
    found: dict[str, str] = {}
    for part in maps or []:
        theirs, equals, ours = part.rpartition("=")
        if not equals:
            raise typer.BadParameter(f'{part}: write it like "Their column=item_id".')
        found[f"map:{ours.strip()}"] = theirs.strip()
    for part in answers or []:
        key, equals, choice = part.partition("=")
        if not equals:
            raise typer.BadParameter(f"{part}: write it like zone=Europe/Madrid.")
        found[key.strip()] = choice.strip()
    return found


def ingest(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, TSV, Excel, Parquet, an annotation tool's JSON, or gzip of these.",
            exists=True,
            dir_okay=False,
        ),
    ],
    type_: Annotated[str, typer.Option("--type", help="The kind of extract.")] = "",
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="theirs=ours, once per column.")
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(help="key=choice: the answer to a question, like zone=Europe/Madrid."),
    ] = None,
    refused: Annotated[
        Path | None,
        typer.Option(help="Write the refused rows there, each with its reason.", dir_okay=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Accept, with the suggested answers.")] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Check an extract and accept it into your own workspace."""
    from data_access.ingest import accept, describe, discard, prepare
    from data_access.workspace import activate, own

    workspace = own()
    progress = None if as_json else show_progress
    dry_run = prepare(
        workspace,
        file,
        file_name=file.name,
        extract=type_ or None,
        answers=_answers(map_, answer),
        progress=progress,
        is_command_line=True,
    )
    told = describe(dry_run) | {"refused_file": _written(dry_run, refused)}
    if not as_json:
        _print_told(told)
    code = _verdict(dry_run, yes=yes)
    if code in (Exit.DONE, Exit.PARTLY) and (yes or _is_confirmed(dry_run)):
        upload = accept(
            workspace, dry_run, by=by or "command line", clock=workspace.clock(), progress=progress
        )
        activate("own")
        code = Exit.SAME if upload.was_there else code
        told["upload"] = upload.upload_id
        if upload.refused:
            told["refused_file"] = told["refused_file"] or str(upload.refused_path)
    else:
        discard(dry_run)
        code = Exit.FAILED if code in (Exit.DONE, Exit.PARTLY) else code
    told["exit_code"] = int(code)
    if as_json:
        print_json(told)
    else:
        _print_outcome(told, code)
    raise typer.Exit(code)


def _written(dry_run: DryRun, refused: Path | None) -> str:
    """Where the refused rows were written to, as asked; "" when nowhere.

    Those of a further table of the file stand beside it under a name with the table's.
    """
    for one in dry_run.also:
        if refused is not None and one.refused and one.refused_path is not None:
            shutil.copyfile(one.refused_path, refused.with_stem(f"{refused.stem}_{one.extract}"))
    if refused is None or not dry_run.refused or dry_run.refused_path is None:
        return ""
    shutil.copyfile(dry_run.refused_path, refused)
    return str(refused)


def _print_outcome(told: dict[str, Any], code: Exit) -> None:
    """What became of the file, and where its refused rows are."""
    if told["refused_file"]:
        typer.echo(f"All refused rows: {told['refused_file']}")
    if "upload" in told and code is Exit.SAME:
        typer.echo(f"Somebody has accepted this very file, as {told['upload']}. Nothing changed.")
    elif "upload" in told:
        undo_it = f"python start.py undo {told['upload']}"
        typer.echo(f"Accepted as {told['upload']}. To undo it: {undo_it}")
    elif code is not Exit.SAME:
        typer.echo("Nothing was stored.")


def _print_told(told: dict[str, Any]) -> None:
    """The dry run for people: what was recognized, counts, refused rows, questions."""
    typer.echo(told["file"])
    for line in told["lines"]:
        typer.echo(line)
    for ours, theirs in told["columns"].items():
        typer.echo(f"  {ours} = {', '.join(theirs)}")
    if told["refused_rows"]:
        print_table(told["refused_rows"][:10], empty="")
    for question in told["questions"]:
        choices = f" Choices: {', '.join(question['choices'][:12])}." if question["choices"] else ""
        default = question["default"]
        suggested = f" Suggested: {default}." if default is not None else ""
        typer.echo(f"Question {question['key']}: {question['text']}{choices}{suggested}")
        typer.echo(f'  Answer with --answer "{question["key"]}=..."')


def _verdict(dry_run: DryRun, *, yes: bool) -> Exit:
    """The exit code the dry run leads to when it is accepted now."""
    if dry_run.refusal:
        return Exit.REFUSED
    if dry_run.is_same_file:
        return Exit.SAME
    asks = dry_run.questions and not yes and not sys.stdin.isatty()
    if dry_run.must_answer or asks or not dry_run.can_accept:
        return Exit.QUESTION
    is_partly = dry_run.refused or any(one.refused for one in dry_run.also)
    return Exit.PARTLY if is_partly else Exit.DONE


def _is_confirmed(dry_run: DryRun) -> bool:
    """Whether a person says yes; without a person there is nothing to confirm with."""
    if not sys.stdin.isatty():
        typer.echo("Say --yes to accept without being asked.", err=True)
        return False
    how = " with the suggested answers" if dry_run.questions else ""
    return typer.confirm(f"Accept {dry_run.accepted:,} rows{how}?", default=False)


def uploads(as_json: AsJson = False) -> None:
    """List the uploads, newest first."""
    from data_access.manifests import uploads as all_uploads

    found = all_uploads(active_workspace())
    rows = [
        {
            "upload": u.upload_id,
            "type": " + ".join(
                [u.extract, *(p.extract for p in found if p.part_of == u.upload_id)]
            ),
            "source": u.source,
            "file": u.file_name,
            "rows": u.rows,
            "new": u.new,
            "changed": u.changed,
            "same": u.same,
            "vanished": u.vanished,
            "refused": u.refused,
            "by": u.by,
            "accepted": f"{u.accepted_at:%Y-%m-%d %H:%M}",
            "sha256": u.sha256,
            "state": "withdrawn" if u.withdrawn_at else "accepted",
        }
        for u in reversed(found)
        if not u.part_of
    ]
    if as_json:
        print_json(rows)
    else:
        short = [{**row, "sha256": str(row["sha256"])[:10]} for row in rows]
        print_table(short, empty="No uploads yet. Start with: python start.py ingest FILE")


def undo(
    upload: Annotated[str, typer.Argument(help="The upload, as `uploads` lists it.")],
    redo: Annotated[bool, typer.Option("--redo", help="Undo the undo.")] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Withdraw an upload; what it replaced comes back."""
    from data_access.ingest import restore, withdraw

    workspace = active_workspace()
    change = restore if redo else withdraw
    done = "restored" if redo else "withdrawn"
    with told_when_slow(f"Building the tables with {upload} {done} ..."):
        change(workspace, upload, by=by or "command line", clock=workspace.clock())
    if as_json:
        print_json({"upload": upload, "state": done})
    else:
        typer.echo(f"{upload} is {done}.")
