"""How commands answer: exit codes, tables for people, JSON for scripts."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Annotated, Any

import typer


class Exit(IntEnum):
    """What the command's exit code says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    PARTLY = 4
    SAME = 5
    QUESTION = 6


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
By = Annotated[str, typer.Option("--by", help="Your name, kept in the history.")]


def print_json(value: object) -> None:
    """Print a value as JSON; times and days as ISO text."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_table(rows: Sequence[dict[str, Any]], *, empty: str) -> None:
    """A plain table with one line a row; `empty` when there is none."""
    if not rows:
        typer.echo(empty)
        return
    heads = list(rows[0])
    cells = [[_cell(row[head]) for head in heads] for row in rows]
    widths = [max(len(head), *(len(line[i]) for line in cells)) for i, head in enumerate(heads)]
    numeric = [all(isinstance(row[head], int | float | None) for row in rows) for head in heads]
    for line in [heads, *cells]:
        padded = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ]
        typer.echo("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value).replace("\n", " ")


@contextmanager
def told_when_slow(text: str, *, after: float = 1.0) -> Iterator[None]:
    """Say on a terminal what is being done, once it takes longer than that many seconds."""
    timer = threading.Timer(after, lambda: typer.echo(text, err=True))
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def show_progress(share: float, text: str) -> None:
    """One overwritten line on a terminal; silent when the output goes to a file."""
    if sys.stderr.isatty():
        typer.echo(f"\r{share:4.0%} {text:<60}", err=True, nl=share >= 1)
