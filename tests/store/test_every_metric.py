"""Every metric against the same number worked out from the raw rows in plain Python."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data_access.store import Store
from metrics.catalog import METRICS
from metrics.errors import UnknownDimensionError
from metrics.model import Kind, Metric
from metrics.periods import Period, periods_between
from metrics.scope import scope
from tests import count
from tests.store import by_hand
from tests.store.made import WINDOW, build, world

MADE = world()
FACTS = by_hand.facts(MADE)
CASES = [pytest.param(replace(METRICS[name], min_rows=1), id=name) for name in by_hand.METRICS]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("made"), MADE)


def same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None or math.isnan(found):
        return expected is None and (found is None or math.isnan(found))
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=2e-9)


@pytest.mark.parametrize("metric", CASES)
@pytest.mark.parametrize(
    "window",
    [
        WINDOW,
        Period(date(2026, 10, 12), date(2026, 10, 19)),
        Period(date(2026, 11, 9), date(2026, 11, 16)),
        Period(date(2026, 11, 16), date(2026, 11, 23)),
    ],
    ids=lambda window: window.name,
)
def test_a_value_is_that_worked_out_by_hand(store: Store, metric: Metric, window: Period):
    found = store.value(metric, scope(window))
    expected, n = by_hand.answer(FACTS, metric.name, window.since, window.until)
    if window.until <= store.extent(metric).since:
        assert found.withheld.startswith("No data before"), found
        return
    assert (found.n, same(found.value, expected)) == (n, True), (found, expected)


@pytest.mark.parametrize("metric", CASES)
def test_a_filtered_value_is_that_worked_out_by_hand(store: Store, metric: Metric):
    filters = (
        {"project": "P1", "team": "T1"} if metric.source != "deliveries" else {"project": "P1"}
    )
    found = store.value(metric, scope(WINDOW, {k: [v] for k, v in filters.items()}))
    expected, n = by_hand.answer(FACTS, metric.name, WINDOW.since, WINDOW.until, **filters)
    assert (found.n, same(found.value, expected)) == (n, True), (found, expected)


@pytest.mark.parametrize("grain", ["day", "week", "month"])
@pytest.mark.parametrize("metric", CASES)
def test_every_period_of_a_series_is_that_worked_out_by_hand(
    store: Store, metric: Metric, grain: str
):
    window = Period(date(2026, 10, 7), date(2026, 11, 25))  # cuts weeks and months
    found = store.series_values(metric, scope(window), grain)[metric.name]
    first_on = store.extent(metric).since
    expected = [
        period
        for period in periods_between(window.since, window.until, grain)
        if period.since <= store.today and period.until > first_on
    ]
    assert [value.period for value in found] == expected
    for value in found:
        number, n = by_hand.answer(FACTS, metric.name, value.period.since, value.period.until)
        assert (value.n, same(value.value, number)) == (n, True), (value, number)


@pytest.mark.parametrize("metric", CASES)
def test_every_segment_of_a_breakdown_is_that_worked_out_by_hand(store: Store, metric: Metric):
    for by in store.dimensions(metric):
        table = store.breakdown(metric, scope(WINDOW), by)
        assert list(table["n"]) == sorted(table["n"], reverse=True)
        if by in metric.whole_by:
            continue  # tests/test_soundness.py: its parts add up
        for row in table.itertuples():
            expected, n = by_hand.answer(
                FACTS, metric.name, WINDOW.since, WINDOW.until, **{by: row.segment}
            )
            assert (row.n, same(row.value, expected)) == (n, True), (by, row)


@pytest.mark.parametrize("metric", CASES)
def test_every_segment_of_a_series_is_that_worked_out_by_hand(store: Store, metric: Metric):
    by = "team" if metric.source != "deliveries" else "project"
    grain = "month" if metric.kind is Kind.STATISTIC else "week"
    values = store.series_values(metric, scope(WINDOW), grain, by=by)[metric.name]
    assert values
    for value in values:
        expected, n = by_hand.answer(
            FACTS, metric.name, value.period.since, value.period.until, **{by: value.segment}
        )
        assert (value.n, same(value.value, expected)) == (n, True), (value, expected)


@pytest.mark.parametrize("metric", CASES)
def test_the_rows_behind_a_number_are_as_many_as_it_can_count(store: Store, metric: Metric):
    rows = store.rows(metric, scope(WINDOW))
    assert rows.num_rows == store.row_count(metric, scope(WINDOW))
    assert rows.num_rows >= store.value(metric, scope(WINDOW)).n
    assert {"source", "upload_id", "line"} <= set(rows.column_names)
    assert store.rows(metric, scope(WINDOW), limit=3).num_rows == min(3, rows.num_rows)
    days = rows.column(metric.at).to_pylist()
    assert days == sorted(days, reverse=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 100 + count(30)))
def test_in_other_made_worlds_every_metric_is_that_worked_out_by_hand(seed: int, tmp_path: Path):
    made = world(seed)
    facts, store = by_hand.facts(made), build(tmp_path, made)
    for name in by_hand.METRICS:
        metric = replace(METRICS[name], min_rows=1)
        for by, grain in ((None, "week"), ("project", "month"), ("team", "day")):
            values = store.series_values(metric, scope(WINDOW), grain, by=by)[metric.name]
            for value in values:
                chosen = {by: value.segment} if by else {}
                period = value.period
                expected, n = by_hand.answer(facts, name, period.since, period.until, **chosen)
                assert (value.n, same(value.value, expected)) == (n, True), (value, expected)


@pytest.mark.parametrize("name", ["percent_agreement", "krippendorff_alpha", "gwet_ac1"])
def test_agreement_is_never_split_or_filtered_by_the_answer_given(store: Store, name: str):
    """Among ratings of one answer everybody agrees by construction."""
    metric = METRICS[name]
    assert "answer" not in store.dimensions(metric)
    with pytest.raises(UnknownDimensionError, match="says nothing by answer"):
        store.breakdown(metric, scope(WINDOW), "answer")
    found = store.value(metric, scope(WINDOW, {"answer": ["Mass"]}))
    assert found.value is None and "says nothing by answer" in found.withheld
    assert "answer" in store.dimensions(METRICS["ratings_given"])
