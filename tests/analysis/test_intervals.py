"""Intervals against scipy and statsmodels."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson_2indep

from analysis.assess import judge
from analysis.distributions import (
    binomial_two_sided,
    counts_two_sided,
    incomplete_beta,
    shares_two_sided,
    t_quantile,
    t_two_sided,
)
from analysis.intervals import difference, newcombe, poisson, welch, wilson
from analysis.model import Signal
from metrics.catalog import metric
from metrics.periods import Period, parse_period
from metrics.scope import Scope
from metrics.value import Value

WEEK = Period(date(2026, 11, 9), date(2026, 11, 16))
BEFORE = Period(date(2026, 11, 2), date(2026, 11, 9))


def value(name, number, n, *, period=WEEK, **more):
    return Value(metric(name), period, "", number, n, **more)


@given(st.integers(1, 5000), st.data())
def test_the_interval_of_a_share_is_statsmodels_wilson(trials, data):
    successes = data.draw(st.integers(0, trials))
    expected = proportion_confint(successes, trials, method="wilson")
    assert wilson(successes, trials) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 2000), st.integers(1, 2000), st.data())
def test_the_interval_of_two_shares_is_statsmodels_newcombe(trials, before, data):
    a, b = data.draw(st.integers(0, trials)), data.draw(st.integers(0, before))
    expected = confint_proportions_2indep(a, trials, b, before, method="newcomb", compare="diff")
    assert newcombe(a, trials, b, before) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 2000), st.integers(1, 2000), st.floats(0.5, 40), st.floats(0.5, 40))
def test_the_interval_of_two_counts_is_statsmodels_mover_with_score_limits(a, b, days, before):
    expected = confint_poisson_2indep(
        a, days, b, before, method="mover", compare="diff", method_mover="score"
    )
    ours = poisson(a, b, exposure=days, exposure_before=before)
    assert ours == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_interval_of_two_means_is_scipys_welch():
    rng = np.random.default_rng(5)
    now, before = rng.lognormal(3, 0.5, 45), rng.lognormal(2.8, 0.9, 60)
    expected = stats.ttest_ind(now, before, equal_var=False).confidence_interval(0.95)
    ours = welch(
        now.mean(),
        stats.sem(now),
        len(now),
        mean_before=before.mean(),
        error_before=stats.sem(before),
        n_before=len(before),
    )
    assert ours == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_two_means_without_any_spread_differ_by_exactly_their_difference():
    assert welch(3.0, 0.0, 9, mean_before=1.0, error_before=0.0, n_before=9) == (2.0, 2.0)


@settings(max_examples=200)
@given(st.floats(0.2, 300), st.floats(0.2, 300), st.floats(0.0, 1.0))
def test_the_incomplete_beta_function_is_scipys(a, b, x):
    assert incomplete_beta(a, b, x) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-9)


@given(st.floats(1, 500), st.floats(0.0, 30))
def test_tails_of_t_are_scipys_also_far_out(df, t):
    assert t_two_sided(t, df) == pytest.approx(2 * stats.t.sf(t, df), rel=1e-8, abs=1e-290)


@given(st.floats(1, 500), st.sampled_from([0.9, 0.95, 0.99]))
def test_quantiles_of_t_are_scipys(df, confidence):
    expected = stats.t.ppf((1 + confidence) / 2, df)
    assert t_quantile(df, confidence) == pytest.approx(expected, rel=1e-9)


@given(st.integers(1, 400), st.floats(0.01, 0.99), st.data())
def test_binomial_tails_are_scipys(trials, share, data):
    k = data.draw(st.integers(0, trials))
    tails = stats.binom.cdf(k, trials, share), stats.binom.sf(k - 1, trials, share)
    assert binomial_two_sided(k, trials, share) == pytest.approx(min(1, 2 * min(tails)), abs=1e-9)


def test_a_rate_is_compared_from_its_counted_rows():
    now = value("rejection_rate", 0.2, 100, numerator=20)
    before = value("rejection_rate", 0.1, 100, numerator=10, period=BEFORE)
    assert difference(now, before) == newcombe(20, 100, 10, 100)


def test_counts_of_windows_that_differ_in_days_or_weekdays_have_no_interval():
    february, january = parse_period("2027-02"), parse_period("2027-01")
    now = value("issues_resolved", 2856, 2856, period=february)
    assert difference(now, value("issues_resolved", 2945, 2945, period=january)) is None
    august, july = parse_period("2026-08"), parse_period("2026-07")  # both of 31 days
    now = value("arrivals", 2100, 2100, period=august)
    assert difference(now, value("arrivals", 2300, 2300, period=july)) is None


def test_a_day_has_an_interval_against_the_same_weekday_only():
    def share(day, hits):
        period = parse_period(day)
        return value("rejection_rate", hits / 100, 100, numerator=hits, period=period)

    def count(day, number):
        return value("arrivals", number, number, period=parse_period(day))

    assert difference(share("2026-11-09", 90), share("2026-11-08", 10)) is None
    assert difference(count("2026-11-09", 90), count("2026-11-08", 10)) is None
    assert difference(share("2026-11-09", 90), share("2026-11-02", 10))[0] > 0
    assert difference(count("2026-11-09", 90), count("2026-11-02", 10))[0] > 0


spans = st.builds(
    lambda since, days: Period(
        date(2026, 1, 1) + timedelta(since), date(2026, 1, 1) + timedelta(since + days)
    ),
    st.integers(0, 300),
    st.integers(1, 62),
)


@given(st.integers(0, 5000), st.integers(0, 5000), spans, spans, st.integers(-1, 3))
def test_a_claim_has_the_sign_of_the_change_that_is_shown(now, before, here, there, weeks):
    if weeks > 0:  # else another window of any length
        back = timedelta(weeks=-(-here.days // 7) + weeks - 1)
        there = Period(here.since - back, here.until - back)
    found = judge(
        Scope(here),
        value("items_completed", float(now), now, period=here),
        value("items_completed", float(before), before, period=there),
        [],
    )
    claimed = {Signal.IMPROVING: 1, Signal.WORSENING: -1}.get(found.signal, 0)
    assert claimed == 0 or claimed * found.change > 0
    assert (" rose " in found.sentence) == (claimed > 0)
    assert (" fell " in found.sentence) == (claimed < 0)


@given(st.lists(st.integers(0, 400), min_size=13, max_size=27), st.integers(0, 400))
def test_a_charted_claim_never_rises_beside_a_change_shown_as_a_fall(counts, other):
    series = [
        value("items_completed", float(n), n, period=Period(since, since + timedelta(7)))
        for ago, n in enumerate(reversed(counts))
        for since in [WEEK.since - timedelta(weeks=ago)]
    ][::-1]
    last_year = Period(WEEK.since - timedelta(weeks=52), WEEK.until - timedelta(weeks=52))
    versus = value("items_completed", float(other), other, period=last_year)
    found = judge(Scope(WEEK), series[-1], versus, series)
    assert " rose " not in found.sentence or found.change > 0
    assert " fell " not in found.sentence or found.change < 0


def test_a_mean_is_compared_through_the_standard_errors_of_its_intervals():
    # both means have standard error 2 and n = 31: half width t(30) x 2 = 2.0423 x 2
    half = stats.t.ppf(0.975, 30) * 2
    now = value("turnaround_mean", 50.0, 31, low=50 - half, high=50 + half)
    before = value("turnaround_mean", 40.0, 31, low=40 - half, high=40 + half, period=BEFORE)
    expected = stats.t.ppf(0.975, 60) * np.sqrt(8)  # equal errors and n: df = 60
    # the Store's own t is an expansion that is off by less than 1e-6
    assert difference(now, before) == pytest.approx((10 - expected, 10 + expected), abs=1e-5)


@pytest.mark.parametrize("name", ["work_in_progress", "turnaround_p50", "queue_share"])
def test_stocks_quantiles_and_ratios_have_no_interval_of_the_difference(name):
    now, before = value(name, 10.0, 100), value(name, 5.0, 100, period=BEFORE)
    assert difference(now, before) is None


def test_nothing_is_compared_with_a_missing_value():
    now = value("rejection_rate", 0.2, 100, numerator=20)
    assert difference(now, value("rejection_rate", None, 0, period=BEFORE)) is None


@given(st.integers(0, 60), st.integers(0, 400), st.integers(12, 26))
def test_two_counts_are_tested_by_scipys_binomial_given_their_sum(now, before, weeks):
    total, share = now + before, 1 / (weeks + 1)
    tails = stats.binom.cdf(now, total, share), stats.binom.sf(now - 1, total, share)
    expected = min(1, 2 * min(tails))
    assert counts_two_sided(now, before, weeks) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 60), st.integers(1, 900), st.data())
def test_two_shares_are_tested_by_scipys_hypergeometric(rows, rows_before, data):
    now = data.draw(st.integers(0, rows))
    before = data.draw(st.integers(0, rows_before))
    law = stats.hypergeom(rows + rows_before, now + before, rows)
    expected = min(1, 2 * min(law.cdf(now), law.sf(now - 1)))
    assert shares_two_sided(now, rows, before, rows_before) == pytest.approx(expected, abs=1e-9)
