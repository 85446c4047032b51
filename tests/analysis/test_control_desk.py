"""Measures charted from the store: what is planted is found, what is not covered is left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from analysis.control import Assurance, ChartKind, Rebase, proposals
from analysis.control.desk import charted, window
from analysis.model import Signal
from analysis.spc import rules, xmr
from data_access.store import Store
from metrics.catalog import METRICS, metric
from metrics.periods import Period, parse_period, week
from metrics.scope import Scope, scope
from sample_data.plants import REJECTIONS_SINCE
from tests.analysis.small import monday, store_of

W46 = Scope(week("2026-W46"))
RADIOLOGY = scope(week("2026-W46"), {"dataset": ["Radiology reports"]})
REJECTIONS = metric("rejection_rate")


@pytest.fixture(scope="module")
def store(sample_workspace) -> Store:
    return Store.open(sample_workspace)


def test_the_window_is_27_periods_or_a_longer_period_itself_up_to_400():
    assert window(week("2026-W46"), "week").name == "2026-05-11..2026-11-15"
    assert window(week("2026-W46"), "day") == parse_period("2026-10-20..2026-11-15")
    assert window(parse_period("2026-10"), "month") == parse_period("2024-08-01..2026-10-31")
    year = parse_period("2026-01-01..2026-12-31")
    assert window(year, "week") == year
    assert window(year, "day") == year
    longer = parse_period("2025-01-01..2026-12-31")
    assert window(longer, "week") == longer
    assert window(longer, "day") == Period(date(2026, 12, 31) - timedelta(days=399), longer.until)


def test_the_planted_rejections_are_more_than_routine_and_dated_to_the_guideline(store):
    (one,) = charted(store, [REJECTIONS], RADIOLOGY, "week")
    assert one.reading.signal is Signal.WORSENING
    markers = [Rebase(row.on, row.label) for row in store.markers(one.scope)]
    (proposal,) = proposals(one.values, markers, one.chart)
    assert (proposal.rebase.on, proposal.rebase.reason) == (REJECTIONS_SINCE, "Guideline v3")
    (anew,) = charted(store, [REJECTIONS], RADIOLOGY, "week", rebase=[proposal.rebase])
    before, after = anew.chart.phases
    assert after.first.since == REJECTIONS_SINCE
    assert anew.reading.signal is Signal.UNJUDGED  # eight weeks are no limits
    assert before.limits is not None


def test_other_datasets_are_routine(store):
    others = [name for name in store.dimension_values("dataset") if "Radiology" not in name]
    for name in others:
        (one,) = charted(store, [REJECTIONS], scope(W46.period, {"dataset": [name]}), "week") or (
            None,
        )
        assert one is None or one.reading.signal is not Signal.WORSENING, name


def test_what_to_look_at_first_stands_in_front(store):
    found = charted(store, list(METRICS.values()), W46, "week")
    ranks = [one.reading.rank for one in found]
    assert ranks == sorted(ranks)
    assert found[0].reading.signal is Signal.WORSENING
    for one in found:
        assert (one.target is None) == (one.reading.assurance is Assurance.NO_TARGET)


def test_where_both_draw_an_xmr_chart_the_cards_and_this_chart_say_the_same(store):
    compared = 0
    for one in charted(store, list(METRICS.values()), W46, "week", kind=ChartKind.XMR):
        counted = [value for value in one.values if value.value is not None]
        limits = xmr(counted[:-1])
        level = one.chart.phases[-1].level
        if limits is None or level is None or limits.periods != len(level.baseline):
            continue  # the cards fell back to the last 12
        assert one.reading.limits.low == pytest.approx(limits.low)
        assert one.reading.limits.high == pytest.approx(limits.high)
        fired = [f for f in one.chart.last.flags if f.rule != "near"]
        assert (fired[0] if fired else None) == rules(counted, limits), one.metric.name
        compared += 1
    assert compared > 25


def test_a_chart_that_does_not_fit_is_chosen_by_the_kind_of_measure(store):
    found = charted(store, [REJECTIONS, metric("turnaround_p50")], W46, "week", kind=ChartKind.P)
    kinds = {one.metric.name: one.chart.kind for one in found}
    assert kinds == {"rejection_rate": ChartKind.P, "turnaround_p50": ChartKind.XMR}


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_every_grain_is_charted_with_its_own_periods(store, grain):
    for one in charted(store, [REJECTIONS, metric("items_completed")], W46, grain):
        assert one.chart.grain == grain
        assert all(value.period.grain == grain for value in one.values)
        assert one.values[-1].period.until <= store.today


def issues(until, weeks=20):
    """Some six issues a day at noon until a time."""
    days = [monday(ago) + timedelta(days=day, hours=12) for ago in range(weeks) for day in range(7)]
    rng = np.random.default_rng(1)
    return [
        {"issue_key": f"K{at:%m%d}-{n}", "created_at": at, "updated_at": at}
        for at in days
        if at < until
        for n in range(6 + int(rng.integers(-1, 2)))
    ]


def test_a_half_covered_week_is_left_out_and_said(tmp_path):
    store = store_of(tmp_path, {"issues": issues(datetime(2026, 11, 12))})
    (one,) = charted(store, [metric("issues_opened")], W46, "week")
    assert one.values[-1].period == week("2026-W45")
    assert one.left_out.replace("\xa0", " ") == "the issue export ends on 11 Nov 2026"
    assert one.reading.signal is Signal.ROUTINE


def test_weeks_after_the_end_of_a_source_are_no_weeks_of_nothing(tmp_path):
    store = store_of(tmp_path, {"issues": issues(datetime(2026, 10, 12))})
    (one,) = charted(store, [metric("issues_opened")], W46, "week")
    assert one.values[-1].period.until <= datetime(2026, 10, 12).date()
    assert one.reading.signal is Signal.ROUTINE


def test_an_empty_warehouse_and_a_measure_without_the_filter_have_no_chart(tmp_path, store):
    empty = store_of(tmp_path, {})
    assert charted(empty, list(METRICS.values()), W46, "week") == ()
    stage = scope(W46.period, {"stage": ["Intake"]})
    assert charted(store, [REJECTIONS], stage, "week") == ()


def test_a_window_longer_than_the_data_starts_with_the_data(store):
    long = Period(parse_period("2020-01").since, W46.period.until)
    (one,) = charted(store, [REJECTIONS], W46.during(long), "week")
    assert one.values[0].period.since >= parse_period("2026-05-11").since
