"""The same work without a browser.

Exit codes: 0 done, 1 failed, 2 usage, 3 file refused, 4 accepted with refused rows, 5 nothing
changed, 6 needs an answer.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

import typer

from commands import agreeing, ingesting, numbers, reporting, upkeep
from commands.output import Exit
from metrics.errors import AppError, BadExtractError, QuestionError

app = typer.Typer(
    help="Plumbline: operational and quality reporting. Every number from one definition.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
report = typer.Typer(help="Write the stakeholder report to Word and Excel.", no_args_is_help=True)

app.command()(ingesting.ingest)
app.command()(ingesting.uploads)
app.command()(ingesting.undo)
app.command()(numbers.metrics)
app.command()(numbers.value)
app.command()(numbers.rows)
app.command()(agreeing.agreement)
app.add_typer(report, name="report")
report.command("weekly")(reporting.report_weekly)
report.command("period")(reporting.report_period)
report.command("reissue")(reporting.report_reissue)
report.command("list")(reporting.report_list)
report.command("diff")(reporting.report_diff)
report.command("restated")(reporting.report_restated)
app.command()(upkeep.rebuild)
app.command()(upkeep.sample)
app.command()(upkeep.check)


def speak_utf8() -> None:
    """Print every name that files hold; a pipe on Windows would take those of one codepage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Run the command; errors become one readable paragraph and an exit code."""
    speak_utf8()
    try:
        app()
    except QuestionError as error:
        typer.echo(error.text, err=True)
        sys.exit(Exit.QUESTION)
    except BadExtractError as error:
        typer.echo(error.text, err=True)
        sys.exit(Exit.REFUSED)
    except AppError as error:
        typer.echo(error.text, err=True)
        sys.exit(Exit.FAILED)


if __name__ == "__main__":
    main()
