"""The one writer of SELECTs: what is checked, what is bound, how conditions join."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from data_access.aggregates import AGGREGATES, SCALARS, conditional, inner_of_average
from data_access.compile import query, rows_query
from data_access.duck import connect
from data_access.question import Query, Question, as_of, batch_key, instant
from metrics.catalog import METRICS
from metrics.errors import AppError, UnknownDimensionError
from metrics.periods import Period, week
from metrics.scope import Scope, scope

TODAY = date(2026, 11, 16)
NASTY = "x' or 1=1; drop table items; --"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("count(*)", "count(*) filter (where c)"),
        ("avg(a)", "avg(a) filter (where c)"),
        ("count (*)", "count (*) filter (where c)"),
        ("quantile_cont(a, 0.5)", "quantile_cont(a, 0.5) filter (where c)"),
        ("count(*) filter (x = 'a)b')", "count(*) filter (where (x = 'a)b') and (c))"),
        ("count(*) filter (where x > 1)", "count(*) filter (where (x > 1) and (c))"),
        (
            "sum(a) FILTER (WHERE x) / count(*)",
            "sum(a) filter (where (x) and (c)) / count(*) filter (where c)",
        ),
        ("sum(coalesce(a, 0))", "sum(coalesce(a, 0)) filter (where c)"),
        ("count(distinct stage)", "count(distinct stage) filter (where c)"),
        ("coalesce(sum(a), 0)", "coalesce(sum(a) filter (where c), 0)"),
        (
            "sum(case when (a in (1, 2)) then 1 else 0 end)",
            "sum(case when (a in (1, 2)) then 1 else 0 end) filter (where c)",
        ),
    ],
)
def test_a_condition_joins_every_aggregate(expression: str, expected: str):
    assert conditional(expression, "c") == expected


def test_without_a_condition_an_expression_means_what_it_meant():
    for metric in METRICS.values():
        for text in filter(None, (metric.value_sql, metric.numerator, metric.n_sql)):
            assert conditional(text, "").replace("where ", "") == text.replace("where ", "")


def test_a_function_that_is_not_known_is_refused():
    with pytest.raises(AppError, match="approx_quantile is not known"):
        conditional("approx_quantile(a, 0.5)", "c")
    with pytest.raises(AppError, match="levenshtein is not known"):
        conditional("sum(levenshtein(a, b))", "c")
    with pytest.raises(AppError, match="no aggregate"):
        conditional("a + 1", "c")
    with pytest.raises(AppError, match="not closed"):
        conditional("sum(a", "c")


def test_the_database_agrees_which_functions_aggregate():
    with connect(None) as con:
        text = "select distinct function_name from duckdb_functions() where function_type = $kind"
        known = {
            kind: {row[0] for row in con.execute(text, {"kind": kind}).fetchall()}
            for kind in ("aggregate", "scalar", "macro")
        }
    assert known["aggregate"] >= AGGREGATES
    assert not SCALARS & known["aggregate"]


def test_only_a_plain_average_has_a_spread():
    assert inner_of_average("avg(a + (b))") == "a + (b)"
    for text in ("avg(a) + 1", "avg(a) / avg(b)", "sum(a)", "avg(a) filter (b)"):
        assert inner_of_average(text) == ""


def test_values_are_bound_and_never_stand_in_the_text():
    asked = Scope(week("2026-W46"), (("team", (NASTY, "B")),))
    for metric in METRICS.values():
        found = query(Question((metric,), asked, TODAY, "project", "week"))
        assert NASTY not in found.text and NASTY in found.bound.values()
        assert set(re.findall(r"\$([a-z_0-9]+)", found.text)) == set(found.bound)
        assert NASTY.replace("'", "''") in found.spelled_out


def test_values_given_to_a_metric_are_bound_wherever_its_sql_names_them():
    metric = replace(
        METRICS["arrivals"],
        where="first_entered_on < {before}",
        given=(("before", date(2026, 11, 9)),),
    )
    for asked in (
        query(Question((metric,), scope(week("2026-W46")), date(2026, 11, 16))),
        query(Question((metric,), scope(week("2026-W46")), TODAY, by="team", grain="day")),
        rows_query(metric, scope(week("2026-W46")), date(2026, 11, 16), columns=["item_id"]),
    ):
        assert "first_entered_on < $given_before" in asked.text
        assert asked.bound["given_before"] == date(2026, 11, 9)
        assert "first_entered_on < date '2026-11-09'" in asked.spelled_out


def test_metrics_given_different_values_are_not_asked_together():
    first, second = (
        replace(METRICS["arrivals"], name=f"before_{day}", where="first_entered_on < {before}",
                given=(("before", date(2026, 11, day)),))
        for day in (9, 10)
    )  # fmt: skip
    here = scope(week("2026-W46"))
    assert batch_key(first, here, None) != batch_key(second, here, None)
    assert batch_key(first, here, None) == batch_key(replace(first, name="again"), here, None)


@pytest.mark.parametrize("name", ["as_of", "today", "Not a name"])
def test_a_value_given_has_a_name_of_its_own(name: str):
    with pytest.raises(AppError, match="a value needs a name of its own"):
        replace(METRICS["arrivals"], given=((name, date(2026, 11, 9)),))


def test_a_dimension_that_the_mart_lacks_is_refused_with_the_choices():
    metric = METRICS["issues_opened"]
    with pytest.raises(UnknownDimensionError, match="Issues are not recorded by dataset") as error:
        query(Question((metric,), scope(week("2026-W46")), TODAY, "dataset"))
    assert "team" in error.value.choices
    with pytest.raises(UnknownDimensionError):
        query(Question((metric,), scope(week("2026-W46"), {'team" = 1 or "': ["x"]}), TODAY))
    with pytest.raises(UnknownDimensionError):
        rows_query(metric, scope(week("2026-W46"), {"stage": ["x"]}), TODAY, columns=["*"])


def test_a_statistic_without_its_file_is_said():
    lost = replace(METRICS["reviewer_spread"], name="lost")
    with pytest.raises(AppError, match="has no SQL"):
        query(Question((lost,), scope(week("2026-W46")), TODAY))


@pytest.mark.parametrize(
    ("period", "counted_until", "stock_at"),
    [
        (week("2026-W46"), date(2026, 11, 16), date(2026, 11, 16)),
        (week("2026-W47"), date(2026, 11, 16), date(2026, 11, 17)),
        (week("2026-W45"), date(2026, 11, 9), date(2026, 11, 9)),
    ],
)
def test_a_running_period_is_counted_up_to_today(
    period: Period, counted_until: date, stock_at: date
):
    assert as_of(period, TODAY) == counted_until
    assert instant(period, TODAY) == stock_at


def test_spelled_out_values_read_as_what_was_bound():
    bound = {
        "a": "it's",
        "ab": 2,
        "day": date(2026, 11, 9),
        "days": [date(2026, 11, 9)],
        "share": 0.1,
        "names": ["x", "y"],
    }
    text = Query("select $a, $ab, $day, $days, $share, $names", bound).spelled_out
    assert text == ("select 'it''s', 2, date '2026-11-09', [date '2026-11-09'], 0.1, ['x', 'y']")
    with connect(None) as con:
        (row,) = con.execute(text).fetchall()
    assert [row[0], row[1], row[2], row[3], float(row[4]), row[5]] == list(bound.values())
