"""How often steady series are flagged, and how surely planted shifts are found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.control import ChartKind, chart_of
from tests import count
from tests.analysis.charted import counted, numbers

WEEKS = 27
SINGLE = None
# The share of steady series whose newest week is flagged. By theory with known limits: single
# values 0.27% + 1.6% + 0.04% + 0.2% = 2.1%; an EWMA 1 in 500 and a CUSUM 1 in 465 in the long run.
# Limits from 26 weeks err, for XmR most (no counting luck to lean on): at most twice that, and for
# its average and sum up to 1.5%.
MOST = {SINGLE: 0.042, ChartKind.EWMA: 0.015, ChartKind.CUSUM: 0.015}


def drawn(rng, name, shift=0.0):
    """A series of one measure; the last 10 weeks are moved by that many standard deviations."""
    sizes = rng.integers(300, 600, WEEKS)
    moved = shift * (np.arange(WEEKS) >= WEEKS - 10)
    if name == "rejection_rate":
        events = rng.binomial(sizes, 0.1 + moved * np.sqrt(0.09 / sizes))
    elif name == "defects_per_item":
        events = rng.poisson(sizes * (0.2 + moved * np.sqrt(0.2 / sizes)))
    else:
        return numbers(name, [float(x) for x in 50 + 4 * moved + rng.normal(0, 4, WEEKS)])
    return counted(name, [int(k) for k in events], [int(n) for n in sizes])


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(MOST), ids=["single", "ewma", "cusum"])
@pytest.mark.parametrize("name", ["rejection_rate", "defects_per_item", "turnaround_p50"])
def test_steady_series_are_flagged_no_more_often_than_is_said(name, kind):
    rng, rounds = np.random.default_rng(11), count(5000)
    charts = [chart_of(drawn(rng, name), kind=kind) for _ in range(rounds)]
    flagged = sum(bool(chart.points[-1].flags) for chart in charts)
    assert flagged <= stats.binom.ppf(0.999, rounds, MOST[kind])
    if kind is SINGLE:  # it fires at all: half of what theory says at least
        assert flagged >= stats.binom.ppf(0.001, rounds, 0.0085)
        widened = sum(chart.kind.is_widened for chart in charts)
        assert widened <= stats.binom.ppf(0.999, rounds, 0.03)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rejection_rate", "defects_per_item", "turnaround_p50"])
def test_a_large_shift_is_found_by_single_values(name):
    """Three standard deviations for 10 weeks, 10 weeks of them in the limits: nearly always."""
    rng, rounds = np.random.default_rng(12), count(500)
    charts = [chart_of(drawn(rng, name, shift=3.0)) for _ in range(rounds)]
    found = sum(any(fired.direction > 0 for _, fired in chart.signals) for chart in charts)
    assert found >= stats.binom.ppf(0.001, rounds, 0.97)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [ChartKind.EWMA, ChartKind.CUSUM])
def test_a_small_shift_is_found_more_often_by_averages_and_sums(kind):
    """One standard deviation in the 10 weeks after 26 that set the limits."""
    rng, rounds = np.random.default_rng(13), count(1000)
    small, single = 0, 0
    for _ in range(rounds):
        hours = [*rng.normal(50, 4, 26), *rng.normal(54, 4, 10)]
        values = numbers("turnaround_p50", [float(x) for x in hours])
        after = values[26].period.since
        for chart in (chart_of(values), chart_of(values, kind=kind)):
            beyond = [
                fired
                for point, fired in chart.signals
                if point.period.since >= after
                and fired.direction > 0
                and fired.rule in ("limits", "average", "sum")
            ]
            single += bool(beyond) and chart.kind is ChartKind.XMR
            small += bool(beyond) and chart.kind is kind
    assert small > 1.5 * single


@pytest.mark.slow
def test_shares_that_vary_more_than_luck_are_not_accused_for_it():
    """Every week has a share of its own, 2 points around 10%: luck of 4,000 rows is 0.5 points.

    The plain p chart flags most weeks; the one that is chosen flags as few as a steady measure.
    """
    rng, rounds = np.random.default_rng(14), count(500)
    plain = chosen = 0
    for _ in range(rounds):
        events = rng.binomial(4000, np.clip(rng.normal(0.10, 0.02, WEEKS), 0.02, 0.2))
        values = counted("rejection_rate", [int(k) for k in events], [4000] * WEEKS)
        plain += bool(chart_of(values, kind=ChartKind.P).points[-1].flags)
        chart = chart_of(values)
        chosen += bool(chart.points[-1].flags)
        assert chart.kind is ChartKind.P_PRIME
    assert plain > 0.3 * rounds
    assert chosen <= stats.binom.ppf(0.999, rounds, MOST[SINGLE])
