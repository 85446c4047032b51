"""Limits of every kind of chart against published tables and independent formulas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal as scipy_signal

from analysis.control import ChartKind, chart_of, choices
from analysis.control.levels import Level, base_of, dispersion, level_of
from analysis.control.small_shifts import cusum, ewma
from analysis.run_rules import Fired
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.model import Kind
from metrics.value import Value
from tests.analysis.charted import counted, numbers, periods

# Montgomery, Introduction to Statistical Quality Control, table 7.1: orange juice cans that leak,
# 30 samples of 50. The book: center 0.2313, limits 0.0524 and 0.4102, samples 15 and 23 outside.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9,
        12, 7, 13, 9, 6]  # fmt: skip
# Montgomery, table 7.10: errors in the shipments of 20 weeks, 50 shipments each. The book: center
# 0.0740, upper limit 0.1894, lower limit 0.
ERRORS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
# Montgomery, table 6.6: costs of processing loans. The book: mean 300.5, mean moving range 7.79,
# limits 279.78 and 321.22.
LOANS = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306,
         301, 304]  # fmt: skip
# Montgomery, table 9.1: mean 10 until the 20th value, 11 from the 21st on. The book: the upward sum
# is 5.28 at the 29th, the first above 5, and left 0 seven periods ago.
SHIFTED = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51,
           9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08,
           10.38, 11.62, 11.31, 10.52]  # fmt: skip


def test_a_p_chart_has_the_limits_of_the_orange_juice_cans():
    level = level_of("p", counted("rejection_rate", CANS, [50] * 30))
    assert sum(CANS) == 347
    assert level.center == pytest.approx(347 / 1500)
    assert level.limits(50) == pytest.approx((0.0524, 0.4102), abs=5e-5)
    low, high = level.limits(50)
    assert [i + 1 for i, k in enumerate(CANS) if not low <= k / 50 <= high] == [15, 23]


def test_the_limits_of_a_p_chart_follow_the_rows_of_each_period():
    sizes = [100, 400, 25] * 9
    chart = chart_of(counted("rejection_rate", [10, 40, 2] * 9, sizes), kind=ChartKind.P)
    base = list(zip([10, 40, 2] * 9, sizes, strict=True))[:26]  # the newest is not in its limits
    share = sum(k for k, _ in base) / sum(n for _, n in base)
    for point, n in zip(chart.points, sizes, strict=True):
        width = 3 * (share * (1 - share) / n) ** 0.5
        assert point.low == pytest.approx(max(0.0, share - width))
        assert point.high == pytest.approx(share + width)


def test_a_u_chart_has_the_limits_of_the_shipping_errors():
    level = level_of("u", counted("defects_per_item", ERRORS, [50] * 20))
    assert sum(ERRORS) == 74
    assert level.center == pytest.approx(0.074)
    assert level.limits(50) == pytest.approx((0.0, 0.1894), abs=5e-5)


def test_an_xmr_chart_has_the_limits_of_the_loans():
    level = level_of("xmr", numbers("turnaround_p50", LOANS))
    assert np.mean(np.abs(np.diff(LOANS))) == pytest.approx(7.79, abs=0.005)
    assert level.center == 300.5
    assert level.limits(1) == pytest.approx((279.78, 321.22), abs=0.005)


def known(values, center=10.0, sigma=1.0):
    return Level("xmr", center, sigma, 1.0, tuple(values), tuple(1.0 for _ in values))


def test_a_cusum_finds_the_shift_of_the_book_at_the_29th_value():
    values = numbers("turnaround_p50", SHIFTED)
    points = cusum(values, [1.0] * 30, known(values), 0)
    assert [round(p.plotted, 2) for p in points[22:30]] == [
        1.79,
        2.79,
        2.89,
        3.47,
        3.35,
        4.47,
        5.28,
        5.30,
    ]
    assert [i + 1 for i, point in enumerate(points) if point.flags] == [29, 30]
    (fired,) = points[28].flags
    assert (fired.rule, fired.direction, fired.length) == ("sum", 1, 7)
    up, down, seen = 0.0, 0.0, []
    for number in SHIFTED:
        up, down = max(0.0, number - 10.5 + up), max(0.0, 9.5 - number + down)
        seen.append((up, -down))
    assert np.array([(p.plotted, p.falls) for p in points]) == pytest.approx(np.array(seen))


def test_an_ewma_is_the_filter_that_scipy_has_with_exact_limits():
    longer = [*SHIFTED, 11.5, 11.7, 11.4, 11.6]  # within three standard deviations each
    values = numbers("turnaround_p50", longer)
    points = ewma(values, [1.0] * 34, known(values), 0)
    averages = 10 + scipy_signal.lfilter([0.2], [1, -0.8], np.array(longer) - 10)
    assert [point.plotted for point in points] == pytest.approx(averages)
    steps = np.arange(1, 35)
    width = 2.962 * np.sqrt(0.2 / 1.8 * (1 - 0.8 ** (2 * steps)))
    assert [point.high for point in points] == pytest.approx(10 + width)
    assert [point.low for point in points] == pytest.approx(10 - width)
    outside = np.abs(averages - 10) > width
    assert [bool(point.flags) for point in points] == list(outside)
    assert outside.any()


def test_the_limits_of_an_ewma_of_shares_follow_the_variance_of_each_period():
    sizes = [100, 900] * 10
    values = counted("rejection_rate", [10, 90] * 10, sizes)
    level = level_of("p", values)
    points = ewma(values, sizes, level, 0)
    for place, point in enumerate(points):
        weights = [0.2 * 0.8 ** (place - i) for i in range(place + 1)]
        variance = sum(w**2 * 0.09 / sizes[i] for i, w in enumerate(weights))
        assert point.high - 0.1 == pytest.approx(2.962 * variance**0.5)


def test_laney_widens_the_limits_by_the_spread_of_standardized_values():
    rng = np.random.default_rng(3)
    sizes = rng.integers(3000, 5000, 26)
    events = rng.binomial(sizes, rng.uniform(0.06, 0.14, 26))
    values = counted("rejection_rate", [int(k) for k in events], [int(n) for n in sizes])
    share = events.sum() / sizes.sum()
    z = (events / sizes - share) / np.sqrt(share * (1 - share) / sizes)
    moved = np.abs(np.diff(z))
    assert moved.max() <= 3.27 * moved.mean()  # no jump is left out here
    widened = moved.mean() / 1.128
    assert widened > 2
    plain, laney = level_of("p", values), level_of("p", values, is_widened=True)
    assert dispersion(plain) == pytest.approx(widened)
    assert laney.spread(4000) == pytest.approx(plain.spread(4000) * widened)


def test_a_phase_calmer_than_luck_keeps_the_limits_of_luck_instead_of_narrower_ones():
    """Half of 400 rows in all weeks but for ±1: far calmer than √(.25/400)."""
    values = counted("rejection_rate", [200, 201] * 13, [400] * 26)
    plain, laney = level_of("p", values), level_of("p", values, is_widened=True)
    assert dispersion(plain) < 0.2
    assert laney.widened == 1.0
    assert laney.limits(400) == plain.limits(400)


def test_the_kind_of_measure_chooses_the_chart_and_says_so():
    steady = [10, 14, 9, 12, 11, 13, 8, 12, 10, 11, 13, 9, 12, 10]
    p = chart_of(counted("rejection_rate", steady, [100] * 14))
    u = chart_of(counted("defects_per_item", steady, [100] * 14))
    assert (p.kind, u.kind) == (ChartKind.P, ChartKind.U)
    assert "number of rows" in p.why
    assert "number of units" in u.why
    for name in ("items_completed", "items_waiting", "turnaround_p50", "touch_time",
                 "reviewer_spread", "stages_active"):  # fmt: skip
        assert chart_of(numbers(name, steady)).kind is ChartKind.XMR, name


def test_a_share_that_varies_more_than_luck_gets_wider_limits_and_says_so():
    # 4,000 rows at 8% and 12% in turn: luck alone is 0.5 points
    values = counted("rejection_rate", [320, 480] * 13, [4000] * 26)
    chart = chart_of(values)
    assert chart.kind is ChartKind.P_PRIME
    assert "times as much as counting luck alone" in chart.why
    assert not any(point.flags for point in chart.points)
    plain = chart_of(values, kind=ChartKind.P)
    assert all(point.flags for point in plain.points)
    assert "fairer limits" in plain.why


@pytest.mark.parametrize("about", METRICS.values(), ids=str)
def test_every_measure_of_the_catalogue_has_a_chart(about):
    ks = [31, 30, 35, 28, 33, 29, 32, 31, 30, 34, 30, 29, 33, 31]
    shares = [
        Value(about, p, "", k / 100, 100, float(k)) for p, k in zip(periods(14), ks, strict=True)
    ]
    plain = [replace(v, numerator=None, value=float(k)) for v, k in zip(shares, ks, strict=True)]
    values = shares if about.kind in (Kind.RATE, Kind.RATIO) else plain
    expected = {Kind.RATE: ("p",), Kind.RATIO: ("u", "xmr")}.get(about.kind, ("xmr",))
    assert base_of(values) in expected
    for kind in (None, *choices(values)):
        chart = chart_of(values, kind=kind)
        assert len(chart.points) == 14
        assert all(point.low <= point.center <= point.high for point in chart.points)
        assert not any(point.flags for point in chart.points)


def test_a_chart_that_does_not_fit_is_refused_with_the_choices():
    with pytest.raises(AppError) as refused:
        chart_of(numbers("turnaround_p50", LOANS), kind=ChartKind.P)
    assert "xmr" in refused.value.choices


def test_a_ratio_of_sums_is_no_count_of_events_even_when_the_sums_are_whole():
    for name in ("queue_share", "accepted_share"):
        assert base_of(counted(name, [10] * 14, [20] * 14)) == "xmr"


def test_a_week_of_no_events_has_the_usual_denominator_where_n_counts_other_things():
    # filtered by severity n counts the items with such a defect, the denominator all items
    events = [40, 45, 38, 41, 44, 39, 42] * 3
    values = [replace(v, n=30) for v in counted("defects_per_item", events, [500] * 21)]
    values[-1] = replace(values[-1], value=0.0, numerator=0.0)
    point = chart_of(values).points[-1]
    assert point.flags[0] == Fired("limits", -1)
    center = sum(events[:20]) / 10_000
    assert point.high == pytest.approx(center + 3 * (center / 500) ** 0.5)


shares = st.lists(
    st.integers(20, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=12,
    max_size=40,
)


@given(shares)
def test_limits_of_shares_lie_around_the_pooled_share_and_inside_0_and_1(pairs):
    events, sizes = zip(*pairs, strict=True)
    chart = chart_of(counted("rejection_rate", events, sizes))
    base = pairs[:-1][:26] if len(pairs) > 12 else pairs
    pooled = sum(k for k, _ in base) / sum(n for _, n in base)
    for point in chart.points:
        assert point.center == pytest.approx(pooled)
        assert 0.0 <= point.low <= point.center <= point.high <= 1.0


@given(shares, st.integers(2, 5))
def test_more_rows_at_the_same_shares_make_limits_narrower(pairs, times):
    events, sizes = zip(*pairs, strict=True)
    few = chart_of(counted("rejection_rate", events, sizes), kind=ChartKind.P)
    many = chart_of(
        counted("rejection_rate", [k * times for k in events], [n * times for n in sizes]),
        kind=ChartKind.P,
    )
    for one, two in zip(few.points, many.points, strict=True):
        assert two.center == pytest.approx(one.center)
        assert two.high - two.low <= one.high - one.low + 1e-12


series = st.lists(st.floats(1, 1000).map(lambda x: round(x, 3)), min_size=13, max_size=45)


@given(series, st.floats(1, 1000), st.sampled_from([None, ChartKind.EWMA, ChartKind.CUSUM]))
def test_a_new_period_moves_no_limit_once_26_have_set_them(values, new, kind):
    before = chart_of(numbers("turnaround_p50", [*values, *values, *values][:30]), kind=kind)
    after = chart_of(
        numbers("turnaround_p50", [*([*values, *values, *values][:30]), new]), kind=kind
    )
    for old, now in zip(before.points, after.points, strict=False):
        assert (now.center, now.low, now.high) == (old.center, old.low, old.high)


@given(series, st.integers(2, 9), st.integers(0, 50))
def test_an_xmr_chart_does_not_depend_on_the_unit(values, scale, shift):
    one = chart_of(numbers("turnaround_p50", values))
    two = chart_of(numbers("turnaround_p50", [x * scale + shift for x in values]))
    for a, b in zip(one.points, two.points, strict=True):
        assert b.center == pytest.approx(a.center * scale + shift)
        assert b.high == pytest.approx(a.high * scale + shift)
