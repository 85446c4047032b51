"""Agreement without a browser: every coefficient of a field, and each label by itself."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from commands.output import AsJson, print_json, print_table
from commands.window import Since, Until, Where, open_store, scope_asked
from metrics.annotation import KRIPPENDORFF_ALPHA
from metrics.errors import AppError


def agreement(
    field: Annotated[
        str, typer.Argument(help="Which question; the one with most shared items unless given.")
    ] = "",
    level: Annotated[
        str,
        typer.Option(help="nominal, ordinal, interval or ratio: how far apart two answers are."),
    ] = "nominal",
    labels: Annotated[bool, typer.Option("--labels", help="Each label by itself.")] = False,
    since: Since = "",
    until: Until = "",
    where: Where = None,
    as_json: AsJson = False,
) -> None:
    """Print how far people agree on a field: alpha, kappas, AC1, with intervals."""
    from analysis.agreement.desk import desk, fields

    store = open_store()
    asked = scope_asked(store, KRIPPENDORFF_ALPHA, since, until, where)
    known = fields(store, asked)
    chosen = field or next(iter(known), "")
    if chosen not in known:
        raise AppError(
            f"There are no ratings of the field {chosen}." if chosen else "There are no ratings.",
            where=asked.period.dates,
            choices=known,
            next_step="Name a field that has ratings, or other days.",
        )
    found = desk(store, asked, chosen)
    wanted = next((one for one in found.levels if one == level), None)
    if wanted is None:
        raise AppError(
            f"The answers of {chosen} have no level {level}.",
            choices=found.levels,
            next_step="Labels that are no numbers can only be the same or different.",
        )
    found = desk(store, asked, chosen, wanted)
    records = found.label_records if labels else found.records
    if as_json:
        print_json(_told(chosen, level, asked.period.since, asked.period.last_day, records))
        return
    typer.echo(f"{chosen} · {asked.period.dates} · {store.snapshot}")
    print_table(records, empty=found.ratings.too_many or "No label has been given.")
    typer.echo(
        " ".join(f"{one.sentence} {one.next_step}".strip() for one in found.diagnosis.findings)
    )


def _told(field: str, level: str, since: object, until: object, records: object) -> dict[str, Any]:
    return {"field": field, "level": level, "since": since, "until": until, "values": records}
