"""Small questions about a snapshot that are not about a metric."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from data_access.extracts.model import Extract
from data_access.marts import marts
from data_access.question import Bound, Query

DAYS = Query("select mart, first_on, last_on, row_count from days")
TARGETS = Query(
    "select metric, filters, value, valid_from from targets order by metric, filters, valid_from"
)
MARKERS = Query(
    "select marked_on, kind, label, filters from markers order by marked_on, label, filters"
)
WORKING_HOURS = Query(
    "select team, weekday, opens, closes, time_zone, valid_from from working_hours "
    "order by team, valid_from, weekday, opens"
)
HOLIDAYS = Query("select team, day, name from holidays order by team, day")
SLA_POLICIES = Query(
    "select severity, team, response_hours, resolution_hours, clock, pauses, valid_from "
    "from sla_policies order by severity, team, valid_from"
)
ESCALATION_LADDER = Query(
    "select level, team, escalate_to, after, hours, valid_from "
    "from escalation_ladder order by level, team, valid_from"
)
ASSIGNMENTS = Query(
    "select person, kind, team, project, stage, hours_per_week, from_on, until_on, capacity_hours "
    "from assignments order by person, from_on, project, team, stage, kind, hours_per_week"
)
MADE_WITH = Query("select hide_names, reporting_zone from made_with")
IN_FORCE = Query("select upload_id from uploads where withdrawn_at is null order by upload_id")
EXPORTS = Query(
    "select upload_id, source, as_of, file_name from uploads "
    "where extract = $extract and replay_order is not null order by replay_order"
)
PEOPLE = Query("select name, pseudonym from people")
TERMINAL_STAGES = Query(
    "select project, stage, suggested_stage, items_ending_there from terminal_stages "
    "order by project"
)
COLUMNS = Query(
    "select table_name, column_name, data_type from duckdb_columns() "
    "where not internal and schema_name = 'main' order by table_name, column_index"
)
# The newest upload speaks of the time up to its as-of time; one with everything there is, which
# names what it lacks by leaving it out, up to its acceptance.
UPLOADED = Query(
    "select extract, source, max(accepted_at), max(as_of), arg_max("
    "case coverage when 'everything' then greatest(as_of, accepted_at) else as_of end, "
    "replay_order) as speaks_until "
    "from uploads where withdrawn_at is null group by extract, source order by extract, source"
)
# An upload is about the time since the upload before. A file with everything repeats its refusals,
# so of those the last one counts; parts add up.
REFUSED = Query(
    "with placed as ("
    "select *, lag(as_of) over (partition by extract, source order by replay_order) as before_at "
    "from uploads where replay_order is not null) "
    "select extract, source, "
    "coalesce(sum(refused_rows) filter (where coverage = 'part'), 0) + coalesce("
    "arg_max(refused_rows, replay_order) filter (where coverage = 'everything'), 0) as refused "
    "from placed where as_of >= $since and (before_at is null or before_at < $until) "
    "group by extract, source order by extract, source"
)


def newest_rows(extract: Extract, before: datetime) -> Query:
    """Per source: rows, and the newest time of a row that lies before a time."""
    times = [
        f'max(cast("{name}" as timestamp)) filter (where "{name}" < $before)'
        for name in extract.time_columns
    ]
    newest = f"greatest({', '.join(times)})" if len(times) > 1 else times[0]
    text = (
        f"select source, count(*), {newest} from current_{extract.name} "
        "group by source order by source"
    )
    return Query(text, {"before": before})


_HANDLED = (
    "left_on is null or left_on >= $day or list_contains($keys, source || chr(31) || issue_key)"
)


def handled_issues(keys: Sequence[tuple[str, str]], day: date) -> Query:
    """The issues open when a day began, and those of the keys (source, key) in any case."""
    text = (
        "select source, issue_key, summary, cast(project as varchar), cast(team as varchar), "
        "cast(type as varchar), cast(priority as varchar), cast(status as varchar), "
        "cast(status_category as varchar), cast(assignee as varchar), reporter, created_at, "
        "updated_at, resolved_at, due_on, left_on, labels, escalation, has_bad_clock from issues "
        f"where {_HANDLED} order by created_at, source, issue_key"
    )
    return Query(text, _handled(keys, day))


def handled_statuses(keys: Sequence[tuple[str, str]], day: date) -> Query:
    """The changes of status of the same issues, oldest first."""
    text = (
        "with handled as ("
        f"select source, issue_key from issues where {_HANDLED}) "
        "select change.source, change.issue_key, change.from_value, change.to_value, "
        "change.after_at, change.by_at from issue_transitions as change "
        "inner join handled on handled.source = change.source "
        "and handled.issue_key = change.issue_key "
        "where change.kind in ('entered', 'status', 'resolved', 'reopened') "
        "and change.by_at is not null "
        "order by change.by_at, change.source, change.issue_key"
    )
    return Query(text, _handled(keys, day))


def _handled(keys: Sequence[tuple[str, str]], day: date) -> dict[str, Bound]:
    return {"day": day, "keys": [f"{source}\x1f{key}" for source, key in keys]}


def values_of(dimension: str, filters: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[Query, ...]:
    """Per mart that has the dimension: its values in rows that pass the filters it has."""
    queries = []
    for mart in marts().values():
        if dimension not in mart.dimensions:
            continue
        kept = [(name, values) for name, values in filters if name in mart.dimensions]
        where = " and ".join(f'list_contains(${name}, "{name}")' for name, _ in kept)
        bound: dict[str, Bound] = {name: list(values) for name, values in kept}
        text = f'select distinct cast("{dimension}" as varchar) from {mart.name}'
        queries.append(Query(f"{text} where {where}" if where else text, bound))
    return tuple(queries)
