"""The only writer of SELECTs for readers.

Every text has one shape: `scoped` is the mart under the window and the filters, with the columns
`period` and `segment` where they are asked for; aggregates stand over it. Identifiers come from
the definitions and are checked against the mart; values are always bound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from data_access.aggregates import conditional, inner_of_average
from data_access.marts import SQL, Mart, mart
from metrics.errors import AppError
from metrics.model import Kind, Metric
from metrics.periods import Grain, Period, periods_between
from metrics.scope import Scope

Bound = str | int | float | date | list[date]
SHARES = (Kind.RATE, Kind.RATIO)
_STEP = {"day": "1 day", "week": "7 day", "month": "1 month"}
_PARAMETER = re.compile(r"\$([a-z][a-z_0-9]*)")


@dataclass(frozen=True)
class Query:
    """A text with `$name` places, and what is bound to them."""

    text: str
    bound: Mapping[str, Bound] = field(default_factory=dict)

    @property
    def spelled_out(self) -> str:
        """The text with its values in it, to be run as it is."""
        return _PARAMETER.sub(lambda match: _literal(self.bound[match[1]]), self.text)


@dataclass(frozen=True)
class Question:
    """Metrics of one mart and one time column, asked together.

    Attributes:
        metrics: see `batch_key` for which may stand together.
        scope: the window and the filters.
        today: the clock's date; days before it are over.
        by: the dimension to split by.
        grain: the grain to split by.
    """

    metrics: tuple[Metric, ...]
    scope: Scope
    today: date
    by: str | None = None
    grain: Grain | None = None

    @property
    def mart(self) -> Mart:
        """The mart that all the metrics read."""
        return mart(self.metrics[0].source)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods answered: whole ones that touch the window and have begun."""
        if self.grain is None:
            return (self.scope.period,)
        window = self.scope.period
        touched = periods_between(window.since, window.until, self.grain)
        return tuple(period for period in touched if period.since <= self.today)

    @property
    def whole_filters(self) -> tuple[str, ...]:
        """Filtered dimensions that describe the metrics' numerators only."""
        whole = self.metrics[0].whole_by
        return tuple(name for name, _ in self.scope.filters if name in whole)

    @property
    def splits_numerator_only(self) -> bool:
        """Whether the split leaves the denominators whole."""
        return self.by is not None and self.by in self.metrics[0].whole_by


def batch_key(metric: Metric, scope: Scope, by: str | None) -> tuple[object, ...]:
    """Metrics with the same key are answered by one query."""
    touched = {by, *(name for name, _ in scope.filters)} & set(metric.whole_by)
    alone = metric.name if touched or metric.kind is Kind.STATISTIC else ""
    return (metric.source, metric.at, metric.left_at, alone)


def parts(metric: Metric) -> tuple[str, ...]:
    """What the columns of one metric hold, in order."""
    if metric.kind in SHARES:
        return ("value", "n", "numerator", "denominator")
    if metric.kind is Kind.MEAN and inner_of_average(metric.value_sql):
        return ("value", "n", "spread")
    return ("value", "n")


def as_of(period: Period, today: date) -> date:
    """The day just after the last day counted in a period."""
    return min(period.until, today)


def instant(period: Period, today: date) -> date:
    """The day at whose start the last instant of a period lies, no later than tomorrow's."""
    return min(period.until, today + timedelta(days=1))


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
        return _numerators_of_wholes(question)
    bound: dict[str, Bound] = {}
    scoped = _scoped(question, bound)
    shared = _shared_condition(question)
    columns = [
        f"{sql} as {name}"
        for metric in question.metrics
        for name, sql in _columns(metric, question, bound, shared=bool(shared))
    ]
    groups = _groups(question)
    text = _layout(
        scoped, [*groups, *columns], where=_at_day(shared, question, bound), groups=groups
    )
    return Query(text, bound)


def rows_query(
    metric: Metric, scope: Scope, today: date, *, columns: Sequence[str], limit: int | None
) -> Query:
    """The query for the rows behind a number, newest first; `columns` are select targets."""
    question = Question((metric,), scope, today)
    _check(question)
    bound: dict[str, Bound] = {}
    conditions = [*_window(question, bound), *_filters(question, bound, ())]
    if metric.where:
        conditions.append(f"({_at_day(metric.where, question, bound)})")
    order = ", ".join([f"{metric.at} desc", *question.mart.grain])
    text = (
        f"select\n    {_listed(columns)}\nfrom {metric.source}\n"
        f"where {_conjunction(conditions)}\norder by {order}"
    )
    if limit is not None:
        bound["limit"] = limit
        text += "\nlimit $limit"
    return Query(text, bound)


def _check(question: Question) -> None:
    for name in [question.by, *(name for name, _ in question.scope.filters)]:
        if name is not None:
            question.mart.check_dimension(name)


def _shared_condition(question: Question) -> str:
    """The condition that all the metrics share, so that it can stand in `where`."""
    conditions = {metric.where for metric in question.metrics}
    return conditions.pop() if len(conditions) == 1 else ""


def _columns(
    metric: Metric, question: Question, bound: dict[str, Bound], *, shared: bool
) -> list[tuple[str, str]]:
    """(column, expression) pairs of one metric."""
    own = "" if shared else metric.where
    whole = _whole_condition(question, bound)
    both = (
        " and ".join(f"({part})" for part in (own, whole) if part)
        if own and whole
        else (own or whole)
    )

    def sql(expression: str, condition: str) -> str:
        return _at_day(conditional(expression, condition), question, bound)

    name = metric.name
    found = [(f"{name}_n", sql(metric.n_sql, own))]
    if metric.kind in SHARES:
        top = f"cast({sql(metric.numerator, both)} as double)"
        bottom = f"cast({sql(metric.denominator, own)} as double)"
        found.insert(0, (name, f"{top} / nullif({bottom}, 0)"))
        return [*found, (f"{name}_numerator", top), (f"{name}_denominator", bottom)]
    found.insert(0, (name, f"cast({sql(metric.value_sql, own)} as double)"))
    inner = inner_of_average(metric.value_sql)
    if metric.kind is Kind.MEAN and inner:
        found.append((f"{name}_spread", sql(f"stddev_samp({inner})", own)))
    return found


def _scoped(question: Question, bound: dict[str, Bound]) -> str:
    """The mart under the window and the filters, with period, as_of and segment if needed."""
    metric = question.metrics[0]
    extras = ["rows_of.*"]
    conditions = _window(question, bound)
    source = f"{metric.source} as rows_of"
    if question.grain is not None:
        if metric.is_stock:
            extras += ["periods.period", "periods.as_of"]
            source = f"{_periods(question, bound)} as periods\n    inner join {source}"
            source += f"\n        on {' and '.join(_standing(metric, 'periods.until'))}"
        else:
            extras += _period_columns(question, bound)
    if question.by is not None:
        extras.append(f'rows_of."{question.by}" as segment')
    conditions += _filters(question, bound, question.whole_filters)
    return (
        f"select\n        {_listed(extras, 8)}\n    from {source}\n"
        f"    where {_conjunction(conditions, 8)}"
    )


def _window(question: Question, bound: dict[str, Bound]) -> list[str]:
    metric, periods = question.metrics[0], question.periods
    first, last = (periods[0], periods[-1]) if periods else (question.scope.period,) * 2
    if metric.is_stock and question.grain is not None:
        # what the join to the periods says already, said once for all of them: it prunes
        bound["until"] = instant(last, question.today)
        bound["since"] = instant(first, question.today)
        return [
            f"{metric.at} < $until",
            f"coalesce({metric.left_at}, date '9999-12-31') >= $since",
        ]
    if metric.is_stock:
        bound["until"] = instant(question.scope.period, question.today)
        return _standing(metric, "$until", prefix="")
    bound["since"], bound["until"] = first.since, last.until
    return [f"{metric.at} >= $since", f"{metric.at} < $until"]


def _standing(metric: Metric, until: str, *, prefix: str = "rows_of.") -> list[str]:
    """Conditions for a row to be in the stock at the start of a day."""
    return [
        f"{prefix}{metric.at} < {until}",
        f"coalesce({prefix}{metric.left_at}, date '9999-12-31') >= {until}",
    ]


def _periods(question: Question, bound: dict[str, Bound]) -> str:
    bound["periods"] = [period.since for period in question.periods]
    bound["instants"] = [instant(period, question.today) for period in question.periods]
    bound["as_ofs"] = [as_of(period, question.today) for period in question.periods]
    return (
        "(\n        select\n            unnest($periods) as period,\n"
        "            unnest($instants) as until,\n            unnest($as_ofs) as as_of\n    )"
    )


def _period_columns(question: Question, bound: dict[str, Bound]) -> list[str]:
    grain, at = question.grain or "day", f"rows_of.{question.metrics[0].at}"
    start = at if grain == "day" else f"date_trunc('{grain}', {at})"
    found = [f"cast({start} as date) as period"]
    if any(_reads_as_of(metric) for metric in question.metrics):
        bound["today"] = question.today
        end = f"cast({start} + interval {_STEP[grain]} as date)"
        found.append(f"least({end}, $today) as as_of")
    return found


def _reads_as_of(metric: Metric) -> bool:
    texts = (metric.value_sql, metric.numerator, metric.denominator, metric.where, metric.n_sql)
    return any("{as_of}" in text for text in texts)


def _at_day(expression: str, question: Question, bound: dict[str, Bound]) -> str:
    """The expression with `{as_of}` put in: the column with a grain, else the bound day."""
    if "{as_of}" not in expression:
        return expression
    if question.grain is not None:
        return expression.replace("{as_of}", "as_of")
    bound["as_of"] = as_of(question.scope.period, question.today)
    return expression.replace("{as_of}", "$as_of")


def _filters(question: Question, bound: dict[str, Bound], left_out: Sequence[str]) -> list[str]:
    return [
        _is_one_of(name, values, bound)
        for name, values in question.scope.filters
        if name not in left_out
    ]


def _whole_condition(question: Question, bound: dict[str, Bound]) -> str:
    values = dict(question.scope.filters)
    return " and ".join(_is_one_of(name, values[name], bound) for name in question.whole_filters)


def _is_one_of(name: str, values: Sequence[str], bound: dict[str, Bound]) -> str:
    places = []
    for number, value in enumerate(values, 1):
        bound[f"{name}_{number}"] = value
        places.append(f"${name}_{number}")
    if len(places) == 1:
        return f'"{name}" = {places[0]}'
    return f'"{name}" in ({", ".join(places)})'


def _groups(question: Question) -> list[str]:
    asked = (("period", question.grain), ("segment", question.by))
    return [column for column, wanted in asked if wanted is not None]


def _numerators_of_wholes(question: Question) -> Query:
    """One metric split by a dimension that its denominator does not have.

    The denominator and n are those of the whole of each period. Segments without a row in the
    numerator are left out.
    """
    (metric,) = question.metrics
    bound: dict[str, Bound] = {}
    scoped = _scoped(question, bound)
    columns = dict(_columns(metric, question, bound, shared=False))
    name, dated = metric.name, question.grain is not None
    period = ["period"] if dated else []
    wholes = _select(
        [
            *period,
            f"{columns[f'{name}_denominator']} as denominator",
            f"{columns[f'{name}_n']} as n",
        ],
        "scoped",
        groups=period,
    )
    parts = _select(
        [*period, "segment", f"{columns[f'{name}_numerator']} as numerator"],
        "scoped",
        groups=[*period, "segment"],
    )
    join = "on wholes.period = parts.period" if dated else "on true"
    answer = _select(
        [
            *(["parts.period as period"] if dated else []),
            "parts.segment as segment",
            f"parts.numerator / nullif(wholes.denominator, 0) as {name}",
            f"wholes.n as {name}_n",
            f"parts.numerator as {name}_numerator",
            f"wholes.denominator as {name}_denominator",
        ],
        f"parts\ninner join wholes {join}",
        where="parts.numerator <> 0",
        order=["parts.period", "parts.segment"] if dated else ["parts.segment"],
    )
    text = (
        f"with scoped as (\n    {scoped}\n),\n\nwholes as (\n{wholes}\n),\n\n"
        f"parts as (\n{parts}\n)\n\n{answer}"
    )
    return Query(text, bound)


def _statistic(question: Question) -> Query:
    (metric,) = question.metrics
    path = SQL / "statistics" / f"{metric.name}.sql"
    if not path.exists():
        raise AppError(
            f"The statistic {metric.name} has no SQL.",
            where=f"data_access/sql/statistics/{path.name}",
            next_step="Write the file; it reads the relation scoped.",
        )
    bound: dict[str, Bound] = {}
    scoped = _scoped(question, bound)
    inner = ["*"]
    if question.grain is None:
        bound["period"] = question.scope.period.since
        inner.append("cast($period as date) as period")
    if question.by is None:
        inner.append("'' as segment")
    where = _at_day(metric.where, question, bound)
    placed = _select(inner, "in_window", where=where)
    groups = _groups(question)
    answer = _select(
        [*groups, f"cast(value as double) as {metric.name}", f"n as {metric.name}_n"],
        "answered",
        order=groups,
    )
    body = path.read_text(encoding="utf-8").strip()
    text = (
        f"with in_window as (\n    {scoped}\n),\n\nscoped as (\n{placed}\n),\n\n"
        f"answered as (\n{body}\n)\n\n{answer}"
    )
    return Query(text, bound)


def _layout(scoped: str, targets: list[str], *, where: str, groups: list[str]) -> str:
    answer = _select(targets, "scoped", where=where, groups=groups, order=groups)
    return f"with scoped as (\n    {scoped}\n)\n\n{answer}"


def _select(
    targets: Sequence[str],
    source: str,
    *,
    where: str = "",
    groups: Sequence[str] = (),
    order: Sequence[str] = (),
) -> str:
    text = f"select\n    {_listed(targets)}\nfrom {source}"
    text += f"\nwhere {where}" if where else ""
    text += f"\ngroup by {', '.join(groups)}" if groups else ""
    return text + (f"\norder by {', '.join(order)}" if order else "")


def _listed(targets: Sequence[str], indent: int = 4) -> str:
    return f",\n{' ' * indent}".join(targets)


def _conjunction(conditions: Sequence[str], indent: int = 4) -> str:
    return f"\n{' ' * indent}and ".join(conditions)


def _literal(value: Bound) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(each) for each in value)}]"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
