"""The only writer of SELECTs for readers.

A text reads one mart under the window and the filters, grouped by `period` and `segment` where
they are asked for. Statistics, and shares whose denominator is not split, stand over `scoped`: the
same rows with `period` and `segment` as columns. Identifiers come from the definitions and are
checked against the mart; values are always bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from data_access.aggregates import conditional, inner_of_average
from data_access.question import SHARES, Bound, Query, Question, as_of, instant
from data_access.statistic_files import reductions, statistic
from metrics.model import Kind, Metric
from metrics.scope import Scope

_STEP = {"day": "1 day", "week": "7 day", "month": "1 month"}
_FOREVER = "date '9999-12-31'"
# Selections of rows, read where they are used: a condition there then skips what it leaves out.
_READ_IN_PLACE = dict.fromkeys(("in_window", "scoped"), "not materialized ")


def query(question: Question) -> Query:
    """The query that answers a question.

    Its columns: period (with a grain), segment (with a split), then per metric `<name>`,
    `<name>_n`, for shares `<name>_numerator` and `<name>_denominator`, for plain means
    `<name>_spread` (the standard deviation).

    Raises:
        UnknownDimensionError: the mart lacks the split's or a filter's dimension.
    """
    _check(question)
    if question.metrics[0].kind is Kind.STATISTIC:
        return _statistic(question)
    if question.splits_numerator_only:
        return _parts_of_wholes(question)
    bound: dict[str, Bound] = {}
    source, conditions = _rows(question, bound)
    shared = _shared_condition(question)
    if shared:
        conditions.append(f"({_at_day(shared, question, bound)})")
    columns = [
        f"{sql} as {name}"
        for metric in question.metrics
        for name, sql in _columns(metric, question, bound, is_shared=bool(shared))
    ]
    groups = _groups(question)
    text = _select(
        [*(f"{sql} as {name}" for name, sql in groups.items()), *columns],
        source,
        where=_all_of(conditions),
        groups=list(groups.values()),
        order=list(groups),
    )
    return Query(text, bound)


def rows_query(
    metric: Metric, scope: Scope, today: date, *, columns: Sequence[str], limit: int | None = None
) -> Query:
    """The query for the rows behind a number, newest first; `columns` are select targets."""
    question = Question((metric,), scope, today)
    bound: dict[str, Bound] = {}
    text = _select(
        columns,
        metric.source,
        where=_behind(question, bound),
        order=[f"{metric.at} desc", *question.mart.grain],
    )
    if limit is not None:
        bound["limit"] = limit
        text += "\nlimit $limit"
    return Query(text, bound)


def count_query(metric: Metric, scope: Scope, today: date) -> Query:
    """The query for the number of rows behind a number."""
    bound: dict[str, Bound] = {}
    where = _behind(Question((metric,), scope, today), bound)
    return Query(_select(["count(*) as row_count"], metric.source, where=where), bound)


def days_query(metric: Metric, scope: Scope, today: date) -> Query:
    """The query for the first and the last day of the rows behind a number."""
    bound: dict[str, Bound] = {}
    where = _behind(Question((metric,), scope, today), bound)
    days = [f"min({metric.at}) as first_on", f"max({metric.at}) as last_on"]
    return Query(_select(days, metric.source, where=where), bound)


def recorded_query(question: Question) -> Query:
    """The query for the segments in which any row, of whatever time, records what is counted.

    Without a split, one row when some row does or when there is no row at all.
    """
    _check(question)
    (metric,) = question.metrics
    bound: dict[str, Bound] = {}
    groups = [f'"{question.by}"'] if question.by is not None else []
    segment = groups[0] if groups else "''"
    text = _select(
        [f"{segment} as segment"],
        metric.source,
        where=_all_of(_filters(question, bound)),
        groups=groups,
    )
    text += f"\nhaving count(*) = 0 or bool_or({_at_day(metric.recorded_where, question, bound)})"
    return Query(text, bound)


def _check(question: Question) -> None:
    for name in [question.by, *(name for name, _ in question.scope.filters)]:
        if name is not None:
            question.mart.check_dimension(name)


def _behind(question: Question, bound: dict[str, Bound]) -> str:
    _check(question)
    (metric,) = question.metrics
    conditions = [*_window(question, bound), *_filters(question, bound)]
    if metric.where:
        conditions.append(f"({_at_day(metric.where, question, bound)})")
    return _all_of(conditions)


def _shared_condition(question: Question) -> str:
    """The condition that all the metrics share, so that it can stand in `where`."""
    conditions = {metric.where for metric in question.metrics}
    return conditions.pop() if len(conditions) == 1 else ""


def _columns(
    metric: Metric, question: Question, bound: dict[str, Bound], *, is_shared: bool
) -> list[tuple[str, str]]:
    """(column, expression) pairs of one metric."""
    own = "" if is_shared else metric.where
    counted = [part for part in (own, _whole_condition(question, bound)) if part]
    both = counted[0] if len(counted) == 1 else " and ".join(f"({part})" for part in counted)

    def sql(expression: str, condition: str) -> str:
        return _at_day(conditional(expression, condition), question, bound)

    name = metric.name
    n = (f"{name}_n", sql(metric.n_sql, own))
    if metric.kind in SHARES:
        top = f"cast({sql(metric.numerator, both)} as double)"
        bottom = f"cast({sql(metric.denominator, own)} as double)"
        share = (name, f"{top} / nullif({bottom}, 0)")
        return [share, n, (f"{name}_numerator", top), (f"{name}_denominator", bottom)]
    value = (name, f"cast({sql(metric.value_sql, own)} as double)")
    inner = inner_of_average(metric.value_sql)
    if metric.kind is Kind.MEAN and inner:
        return [value, n, (f"{name}_spread", sql(f"stddev_samp({inner})", own))]
    return [value, n]


def _rows(question: Question, bound: dict[str, Bound]) -> tuple[str, list[str]]:
    """Where the rows come from, and the conditions of the window and the filters on them."""
    metric = question.metrics[0]
    conditions = [*_window(question, bound), *_filters(question, bound)]
    if question.grain is None or not metric.is_stock:
        return metric.source, conditions
    standing = _all_of(_standing(metric, "periods.until"), indent=8)
    periods = _indented(_periods(question, bound))
    return (
        f"(\n{periods}\n) as periods\ninner join {metric.source}\n    on {standing}",
        conditions,
    )


def _groups(question: Question) -> dict[str, str]:
    """Column → expression of what the answer is grouped by."""
    groups = {}
    if question.grain is not None:
        groups["period"] = _period(question)
    if question.by is not None:
        groups["segment"] = f'"{question.by}"'
    return groups


def _period(question: Question) -> str:
    metric = question.metrics[0]
    if metric.is_stock:
        return "periods.period"
    if question.grain == "day":
        return metric.at
    return f"cast(date_trunc('{question.grain}', {metric.at}) as date)"


def _scoped(question: Question, bound: dict[str, Bound]) -> str:
    """The rows of one metric with period and segment as columns, where they are asked for."""
    (metric,) = question.metrics
    source, conditions = _rows(question, bound)
    if metric.where:
        conditions.append(f"({_at_day(metric.where, question, bound)})")
    columns = [f"{sql} as {name}" for name, sql in _groups(question).items()]
    return _select([f"{question.mart.name}.*", *columns], source, where=_all_of(conditions))


def _window(question: Question, bound: dict[str, Bound]) -> list[str]:
    """The conditions that place rows in the window."""
    metric = question.metrics[0]
    first, last = question.periods[0], question.periods[-1]
    if not metric.is_stock:
        bound["since"], bound["until"] = first.since, last.until
        return [f"{metric.at} >= $since", f"{metric.at} < $until"]
    bound["until"] = instant(last, question.today)
    if question.grain is None:
        return _standing(metric, "$until")
    # what the join to the periods says already, said once for all of them so that it prunes
    bound["since"] = instant(first, question.today)
    return [f"{metric.at} < $until", f"coalesce({metric.left_at}, {_FOREVER}) >= $since"]


def _standing(metric: Metric, until: str) -> list[str]:
    """The conditions for a row to be in the stock at the start of a day."""
    return [f"{metric.at} < {until}", f"coalesce({metric.left_at}, {_FOREVER}) >= {until}"]


def _periods(question: Question, bound: dict[str, Bound]) -> str:
    today = question.today
    bound["periods"] = [period.since for period in question.periods]
    bound["untils"] = [instant(period, today) for period in question.periods]
    bound["as_ofs"] = [as_of(period, today) for period in question.periods]
    return _select(
        [
            "unnest($periods) as period",
            "unnest($untils) as until",
            "unnest($as_ofs) as as_of",
        ]
    )


def _at_day(expression: str, question: Question, bound: dict[str, Bound]) -> str:
    """The expression with its values put in; `{as_of}` is that of the row's period, if any."""
    for name, value in question.metrics[0].given:
        if f"{{{name}}}" in expression:
            bound[f"given_{name}"] = value
            expression = expression.replace(f"{{{name}}}", f"$given_{name}")
    if "{today}" in expression:
        bound["today"] = question.today
        expression = expression.replace("{today}", "$today")
    if "{as_of}" not in expression:
        return expression
    if question.grain is None:
        bound["as_of"] = as_of(question.scope.period, question.today)
        return expression.replace("{as_of}", "$as_of")
    if question.metrics[0].is_stock:
        return expression.replace("{as_of}", "periods.as_of")
    bound["today"] = question.today
    end = f"cast({_period(question)} + interval {_STEP[question.grain]} as date)"
    return expression.replace("{as_of}", f"least({end}, $today)")


def _filters(question: Question, bound: dict[str, Bound]) -> list[str]:
    """The conditions of the scope on all rows."""
    return [
        _is_one_of(name, values, bound)
        for name, values in question.scope.filters
        if name not in question.whole_filters
    ]


def _whole_condition(question: Question, bound: dict[str, Bound]) -> str:
    """The condition of the scope on the rows of numerators only."""
    values = dict(question.scope.filters)
    return " and ".join(_is_one_of(name, values[name], bound) for name in question.whole_filters)


def _is_one_of(name: str, values: Sequence[str], bound: dict[str, Bound]) -> str:
    places = [f"{name}_{number}" for number, _ in enumerate(values, 1)]
    bound.update(zip(places, values, strict=True))
    if len(places) == 1:
        return f'"{name}" = ${places[0]}'
    return f'"{name}" in ({", ".join(f"${place}" for place in places)})'


def _parts_of_wholes(question: Question) -> Query:
    """One metric split by a dimension that its denominator does not have.

    The denominator and n are those of the whole of each period. Segments with nothing in the
    numerator are left out.
    """
    (metric,) = question.metrics
    bound: dict[str, Bound] = {}
    scoped = _scoped(question, bound)
    name = metric.name
    sql = dict(_columns(metric, question, bound, is_shared=True))
    period = ["period"] if question.grain is not None else []
    wholes = _select(
        [*period, f"{sql[f'{name}_denominator']} as denominator", f"{sql[f'{name}_n']} as n"],
        "scoped",
        groups=period,
    )
    split = _select(
        [*period, "segment", f"{sql[f'{name}_numerator']} as numerator"],
        "scoped",
        groups=[*period, "segment"],
    )
    same = "wholes.period = split.period" if period else "true"
    order = [f"split.{column}" for column in question.groups]
    answer = _select(
        [
            *(f"split.{column} as {column}" for column in question.groups),
            f"split.numerator / nullif(wholes.denominator, 0) as {name}",
            f"wholes.n as {name}_n",
            f"split.numerator as {name}_numerator",
            f"wholes.denominator as {name}_denominator",
        ],
        f"split\ninner join wholes\n    on {same}",
        where="split.numerator <> 0",
        order=order,
    )
    return Query(_with({"scoped": scoped, "wholes": wholes, "split": split}, answer), bound)


def _statistic(question: Question) -> Query:
    """One statistic: its file reads `scoped`, which always has period and segment."""
    (metric,) = question.metrics
    bound: dict[str, Bound] = {}
    answer = _select(
        [*question.groups, f"cast(value as double) as {metric.name}", f"n as {metric.name}_n"],
        "answered",
        order=question.groups,
    )
    return Query(_with(_answered(question, metric.name, bound), answer), bound)


def table_query(name: str, question: Question, given: Mapping[str, Bound] | None = None) -> Query:
    """Every column that the statistics file of that name answers over the question's rows.

    Args:
        name: of the file.
        question: which rows it reads.
        given: the columns of the one row of the relation `given`, which the file may read.

    Raises:
        UnknownDimensionError: the mart lacks the split's or a filter's dimension.
    """
    _check(question)
    bound: dict[str, Bound] = dict(given or {})
    columns = [f"${column} as {column}" for column in bound]
    before = {"given": _select(columns)} if columns else {}
    tables = before | _answered(question, name, bound)
    return Query(_with(tables, _select(["*"], "answered")), bound)


def _answered(question: Question, name: str, bound: dict[str, Bound]) -> dict[str, str]:
    """The tables up to `answered`, which a statistics file works out from `scoped`."""
    answered = statistic(name)
    in_window = _scoped(question, bound)
    constants: dict[str, str] = {}
    if question.grain is None:
        bound["period"] = question.scope.period.since
        constants["period"] = "cast($period as date)"
    if question.by is None:
        constants["segment"] = "''"
    columns = ["*", *(f"{value} as {name}" for name, value in constants.items())]
    where = _at_day(question.metrics[0].where, question, bound)
    scoped = _select(columns, "in_window", where=where)
    before = reductions(answered, constants)
    return {"in_window": in_window, "scoped": scoped, **before, "answered": answered}


def _with(tables: dict[str, str], answer: str) -> str:
    parts = [
        f"{name} as {_READ_IN_PLACE.get(name, '')}(\n{_indented(text)}\n)"
        for name, text in tables.items()
    ]
    return "with " + ",\n\n".join(parts) + f"\n\n{answer}"


def _select(
    targets: Sequence[str],
    source: str = "",
    *,
    where: str = "",
    groups: Sequence[str] = (),
    order: Sequence[str] = (),
) -> str:
    text = "select\n    " + ",\n    ".join(targets)
    text += f"\nfrom {source}" if source else ""
    text += f"\nwhere {where}" if where else ""
    text += f"\ngroup by {', '.join(groups)}" if groups else ""
    return text + (f"\norder by {', '.join(order)}" if order else "")


def _all_of(conditions: Sequence[str], *, indent: int = 4) -> str:
    return f"\n{' ' * indent}and ".join(conditions)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in text.splitlines())
