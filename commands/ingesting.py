"""Uploads: check and accept a file, list what was accepted, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.output import AsJson, By, Exit, print_json, print_table, show_progress
from commands.window import active_workspace


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
    file: Annotated[Path, typer.Argument(help="CSV, TSV, Excel, Parquet, or gzip of these.")],
    type_: Annotated[str, typer.Option("--type", help="The kind of extract.")] = "",
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="theirs=ours, once per column.")
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(help="key=choice: the answer to a question, like zone=Europe/Madrid."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Accept, with the suggested answers.")] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Check an extract and accept it into your own workspace."""
    from data_access.ingest import accept, describe, prepare

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
    told = describe(dry_run)
    if as_json:
        outcome: dict[str, Any] = dict(told)
    else:
        _tell(told)
    code = _verdict(dry_run, yes=yes)
    if code in (Exit.DONE, Exit.PARTLY):
        if not yes and not typer.confirm(f"Accept {dry_run.accepted:,} rows?", default=False):
            typer.echo("Nothing was stored.")
            raise typer.Exit(Exit.FAILED)
        upload = accept(
            workspace, dry_run, by=by or "command line", clock=workspace.clock(), progress=progress
        )
        activate("own")
        if as_json:
            outcome["upload_id"] = upload.upload_id
        else:
            typer.echo(f"Accepted as {upload.upload_id}. Undo: undo {upload.upload_id}")
    if as_json:
        outcome["exit_code"] = int(code)
        print_json(outcome)
    raise typer.Exit(code)


def _tell(told: dict[str, Any]) -> None:
    """The dry run for people: what was recognized, the counts, the refused rows, questions."""
    for line in told["lines"]:
        typer.echo(line)
    if told["refused_rows"]:
        print_table(told["refused_rows"], empty="")
    for question in told["questions"]:
        choices = f" Choices: {', '.join(question['choices'])}." if question["choices"] else ""
        suggestion = f" Suggested: {question['default']}." if question["default"] else ""
        typer.echo(f"Question {question['key']}: {question['text']}{choices}{suggestion}")
        typer.echo(f'  Answer with --answer "{question["key"]}=..."')


def _verdict(dry_run: Any, *, yes: bool) -> Exit:
    """The exit code a dry run leads to if it is accepted now."""
    if dry_run.refusal:
        return Exit.REFUSED
    if dry_run.is_same_file:
        return Exit.SAME
    open_questions = [q for q in dry_run.questions if not (yes and q.default is not None)]
    if open_questions:
        return Exit.QUESTION
    return Exit.PARTLY if dry_run.refused else Exit.DONE


def uploads(as_json: AsJson = False) -> None:
    """List the uploads, newest first."""
    from data_access.manifests import uploads as all_uploads

    rows = [
        {
            "upload": u.upload_id,
            "type": u.extract,
            "source": u.source,
            "file": u.file_name,
            "rows": u.rows,
            "refused": u.refused,
            "by": u.by,
            "accepted": f"{u.accepted_at:%Y-%m-%d %H:%M}",
            "sha256": u.sha256,
            "state": "withdrawn" if u.withdrawn_at else "accepted",
        }
        for u in reversed(all_uploads(active_workspace()))
    ]
    if as_json:
        print_json(rows)
    else:
        short = [{**row, "sha256": str(row["sha256"])[:10]} for row in rows]
        print_table(short, empty="No uploads yet. Start with: ingest FILE")


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
    change(workspace, upload, by=by or "command line", clock=workspace.clock())
    done = "restored" if redo else "withdrawn"
    if as_json:
        print_json({"upload": upload, "state": done})
    else:
        typer.echo(f"{upload} is {done}.")
