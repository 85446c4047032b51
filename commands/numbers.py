"""Numbers: the catalogue, a metric's value and the rows behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.output import AsJson, print_json, print_table
from commands.window import Since, Until, Where, open_store, scope_asked
from metrics.catalog import FAMILY_LABELS, METRICS, metric
from metrics.model import Metric
from metrics.periods import GRAINS, Grain
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store


def metrics(
    search: Annotated[str, typer.Argument(help="Only those with this text.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the metrics of the catalogue."""
    rows = [
        {
            "metric": m.name,
            "label": m.label,
            "family": FAMILY_LABELS[m.family],
            "unit": m.unit.name,
            "better": m.better.value,
            "owner": m.owner,
            "definition": m.definition,
        }
        for m in METRICS.values()
        if search.casefold() in f"{m.name} {m.label} {m.definition}".casefold()
    ]
    if as_json:
        print_json(rows)
    else:
        short = [{k: v for k, v in row.items() if k != "definition"} for row in rows]
        print_table(short, empty=f"No metric has the text {search}.")


def value(
    name: Annotated[str, typer.Argument(metavar="METRIC")],
    by: Annotated[str, typer.Option("--by", help="Split by this dimension.")] = "",
    grain: Annotated[str, typer.Option(help="day, week or month: one value a period.")] = "",
    since: Since = "",
    until: Until = "",
    where: Where = None,
    as_json: AsJson = False,
) -> None:
    """Print a metric's value; the whole span of its data unless days are given."""
    about, store = metric(name), open_store()
    asked = scope_asked(store, about, since, until, where)
    if grain and grain not in GRAINS:
        raise typer.BadParameter(f"{grain} is not one of {', '.join(GRAINS)}.")
    if grain:
        frame = store.series((about,), asked, _grain(grain), by=by or None)
    elif by:
        frame = store.breakdown((about,), asked, by)
    else:
        frame = None
    records = _value_records(store, about, asked) if frame is None else _frame_records(frame, about)
    if as_json:
        print_json(
            {
                "metric": about.name,
                "label": about.label,
                "unit": about.unit.name,
                "since": asked.period.since,
                "until": asked.period.last_day,
                "filters": asked.words,
                "snapshot": store.snapshot,
                "values": records,
            }
        )
        return
    where_words = f" · {asked.words}" if asked.words else ""
    typer.echo(f"{about.label} · {asked.period.dates}{where_words} · {store.snapshot}")
    print_table(records, empty="No rows in this window.")


def _grain(text: str) -> Grain:
    return next(grain for grain in GRAINS if grain == text)


def _value_records(store: Store, about: Metric, asked: Scope) -> list[dict[str, Any]]:
    answer = store.value(about, asked)
    return [
        {
            "text": answer.text,
            "value": answer.value,
            "n": answer.n,
            "low": answer.low,
            "high": answer.high,
            "note": answer.withheld or ("partial" if answer.is_partial else ""),
        }
    ]


def _frame_records(frame: Any, about: Metric) -> list[dict[str, Any]]:
    records = []
    for row in frame.to_dict("records"):
        number = row["value"] if row["value"] == row["value"] else None
        records.append(
            {
                "period": str(row["period"])[:10],
                "segment": row["segment"],
                "text": about.show(number),
                "value": number,
                "n": int(row["n"]),
                "note": row["withheld"] or ("partial" if row["is_partial"] else ""),
            }
        )
    return records


def rows(
    name: Annotated[str, typer.Argument(metavar="METRIC")],
    since: Since = "",
    until: Until = "",
    where: Where = None,
    limit: Annotated[int, typer.Option(help="At most this many; 0 for all.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Print the rows behind a metric's value."""
    about, store = metric(name), open_store()
    asked = scope_asked(store, about, since, until, where)
    table = store.rows(about, asked, limit=limit or None)
    records = table.to_pylist()
    if as_json:
        print_json(records)
        return
    print_table(records, empty="No rows in this window.")
    typer.echo(f"{len(records):,} of {store.row_count(about, asked):,} rows.")
