"""What `measure` makes of a series, against least squares of statsmodels on windows built by hand.

The oracle knows neither the house's windows nor its regression: every day is listed here with its
side of the change, and fitted with dummies by statsmodels. The house averages over how errors
linger; pinned to errors that do not, its fit must be that of plain (weighted) least squares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.improvement import Verdict, measure, refused
from data_access.improvements import Improvement, filters_text
from metrics.catalog import METRICS
from metrics.flow import QUEUE_TIME
from metrics.model import Metric
from metrics.periods import Grain, periods_between
from metrics.scope import Scope
from metrics.value import Value
from tests import count

START = date(2026, 9, 9)  # a Wednesday
FIRST = START - timedelta(days=60)
TODAY = START + timedelta(days=45)
TOUCHED, UNTOUCHED = {"team": ["Red"]}, {"team": ["Blue"]}
Seen = Callable[[Scope, date], tuple[float, int] | None]


@dataclass
class Told:
    """A store that knows one series: of each period, by its first day, the value and n."""

    seen: Seen
    today: date = TODAY

    def series_values(self, metric: Metric, scope: Scope, grain: Grain) -> dict[str, tuple]:
        found = []
        for period in periods_between(scope.period.since, scope.period.until, grain):
            if known := self.seen(scope, period.since):  # like the store: none before its first row
                late = period.until > self.today
                found.append(Value(metric, period, "", *known, is_partial=late))
        return {metric.name: tuple(found)}

    def sources(self) -> list[object]:
        return []

    def markers(self, scope: Scope) -> list[object]:
        return []


def judged(seen: Seen, *, today: date = TODAY, **about: object):
    told = Improvement(name="X", start_on=START, **({"metric": QUEUE_TIME.name} | about))
    return measure(Told(seen, today), told)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors that do not linger: the fit is that of weighted least squares."""
    monkeypatch.setattr("analysis.interrupted.RHOS", np.array([0.0]))
    monkeypatch.setattr("analysis.interrupted.SHARES", np.array([0.0]))


def by_statsmodels(
    at: Sequence[int], y: Sequence[float], weights: Sequence[float], weekdays: Sequence[int] | None
) -> tuple[float, float, float]:
    """The mean distance after the change from the earlier line, with its 95% interval.

    Of the coefficients of constant, time, step and time after: the step and the mean of the times
    after it times the change of slope.
    """
    t = np.array(at, dtype=float)
    after = t >= 0
    columns = [np.ones(len(t)), t, after.astype(float), np.where(after, t, 0.0)]
    for day in sorted(set(weekdays or ()))[1:]:
        columns.append(np.array([one == day for one in weekdays or ()], dtype=float))
    asked = np.zeros(len(columns))
    asked[2], asked[3] = 1.0, t[after].mean()
    found = sm.WLS(np.array(y), np.column_stack(columns), weights=np.array(weights)).fit()
    told = found.t_test(asked)
    return (float(told.effect[0]), *map(float, told.conf_int()[0]))


def noisy(seed: int, effect: float, *, trend: float = 0.03) -> dict[date, tuple[float, int]]:
    """Hours a day with a trend, a weekday, noise, rows that vary, and an effect from the change."""
    rng = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=number) for number in range((TODAY - FIRST).days + 5)]
    return {
        day: (
            float(
                30.0 + trend * number + (0, 1, 2, 4, 8, -6, -9)[day.weekday()]
                + rng.normal(0, 1.0) + (effect if day >= START else 0.0)
            ),
            int(rng.integers(25, 90)),
        )
        for number, day in enumerate(days)
    }  # fmt: skip


DAYS = [FIRST + timedelta(days=number) for number in range(105)]  # 60 before, 45 from the change on
AT = [(day - START).days for day in DAYS]
WEEKDAYS = [day.weekday() for day in DAYS]


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("effect", [-5.0, 5.0])
def test_the_effect_is_that_of_least_squares_with_weekdays_on_the_days_of_each_side(
    effect: float,
) -> None:
    """60 days before, none before that; from the day of the change itself 45 days, today not."""
    data = noisy(1, effect)
    found = judged(lambda _scope, day: data.get(day))
    assert (found.grain, found.before, found.after) == ("day", 60, 45)
    assert found.effect is not None
    y, n = zip(*(data[day] for day in DAYS), strict=True)
    expected = by_statsmodels(AT, y, n, WEEKDAYS)
    ours = (found.effect.value, found.effect.low, found.effect.high)
    assert ours == pytest.approx(expected, rel=1e-5)
    assert found.effect.low < effect < found.effect.high
    assert found.actual == pytest.approx(np.mean(y[60:]))
    assert found.expected == pytest.approx(np.mean(y[60:]) - expected[0], rel=1e-6)


@pytest.mark.usefixtures("plain")
def test_the_day_of_the_change_is_after_it() -> None:
    """A step of 5 by hand: no noise but ±0.1 in turn, no weekday; a day too early or late shows."""

    def seen(_scope: Scope, day: date) -> tuple[float, int] | None:
        number = (day - START).days
        if number < -60:
            return None
        return 20.0 + 0.1 * (-1) ** number - (5.0 if number >= 0 else 0.0), 30

    found = judged(seen)
    after = [step for step in found.steps if step.expected is not None]
    assert (after[0].value.period.since, len(after)) == (START, 45)
    assert after[-1].value.period.since == TODAY - timedelta(days=1)
    assert found.effect is not None
    # one day on the wrong side of 45 or 60 moves step and line by far more than this
    assert found.effect.value == pytest.approx(-5.0, abs=0.05)
    assert found.actual == pytest.approx(15.0, abs=0.01)
    assert found.expected == pytest.approx(20.0, abs=0.05)


@pytest.mark.usefixtures("plain")
def test_the_comparison_group_is_subtracted() -> None:
    """Both groups fall by 4 at the change, the touched one by 3 more: the effect is 3, not 11."""
    one, other = noisy(2, -7.0), noisy(3, -4.0)

    def seen(scope: Scope, day: date) -> tuple[float, int] | None:
        return (one if dict(scope.filters)["team"] == ("Red",) else other).get(day)

    found = judged(seen, filters=filters_text(TOUCHED), comparison=filters_text(UNTOUCHED))
    assert found.effect is not None
    y = [one[day][0] - other[day][0] for day in DAYS]
    weights = [1 / (1 / one[day][1] + 1 / other[day][1]) for day in DAYS]
    expected = by_statsmodels(AT, y, weights, WEEKDAYS)
    ours = (found.effect.value, found.effect.low, found.effect.high)
    assert ours == pytest.approx(expected, rel=1e-5)
    assert found.effect.low < -3.0 < found.effect.high < 0.0


@pytest.mark.parametrize(
    ("metric", "expected", "effect", "verdict"),
    [
        ("queue_time", "lower", -5.0, Verdict.BETTER),
        ("queue_time", "lower", 5.0, Verdict.WORSE),
        ("percent_agreement", "higher", 5.0, Verdict.BETTER),
        ("percent_agreement", "higher", -5.0, Verdict.WORSE),
        ("queue_time", "lower", 0.0, Verdict.UNCLEAR),
    ],
)
def test_better_is_the_way_the_measure_should_go(
    metric: str, expected: str, effect: float, verdict: Verdict
) -> None:
    data = noisy(4, effect)
    found = judged(lambda _scope, day: data.get(day), metric=metric, expected=expected)
    assert found.verdict is verdict
    assert found.effect is not None
    assert found.effect.low < effect < found.effect.high


@pytest.mark.usefixtures("plain")
def test_weeks_where_days_have_few_rows_leave_out_the_week_of_the_change() -> None:
    """Fewer than 20 rows a day are few. The change is on a Wednesday: its week is on neither side.

    Twelve Mondays before 7 Sep, the first after it is 14 Sep; weeks to 22 Nov are over on the 25th.
    """
    rng = np.random.default_rng(5)
    mondays = [date(2026, 6, 15) + timedelta(weeks=number) for number in range(23)]
    data = {
        day: (float(30 + rng.normal() - (6 if day >= START else 0)), int(rng.integers(10, 19)))
        for day in mondays
    }

    def seen(scope: Scope, day: date) -> tuple[float, int] | None:
        return data.get(day, (30.0, 3)) if mondays[0] <= day else None

    found = judged(seen, today=date(2026, 11, 25))
    assert (found.grain, found.before, found.after) == ("week", 12, 10)
    used = [day for day in mondays if day != date(2026, 9, 7)]
    at = [(day - date(2026, 9, 14)).days // 7 for day in used]
    y, n = zip(*(data[day] for day in used), strict=True)
    assert found.effect is not None
    expected = by_statsmodels(at, y, n, None)
    ours = (found.effect.value, found.effect.low, found.effect.high)
    assert ours == pytest.approx(expected, rel=1e-5)


STOCKS = ("work_in_progress", "items_waiting", "issues_open", "issues_overdue", "open_age_p85")
LAST = START + timedelta(days=182)
WALKS = count(400)  # 40 in a run without --full


def walk(seed: int) -> Seen:
    """A queue of about 200 that changes each day by the chance of arrivals less departures."""
    rng = np.random.default_rng([31, seed])
    days = [START + timedelta(days=number) for number in range(-182, 183)]
    levels = 200 + np.cumsum(rng.poisson(20, len(days)) - rng.poisson(20, len(days)))
    data = {day: (float(level), 40) for day, level in zip(days, levels, strict=True)}
    return lambda _scope, day: data.get(day)


def at_most(share: float, rounds: int) -> int:
    """The most hits that rounds of this chance have in 999 of 1,000 cases (exact binomial)."""
    return int(stats.binom.ppf(0.999, rounds, share))


@pytest.mark.parametrize("name", STOCKS)
def test_what_is_open_at_one_moment_is_refused_with_what_to_measure_instead(name: str) -> None:
    found = judged(walk(0), metric=name)
    assert (found.verdict, found.fit) == (Verdict.UNTOLD, None)
    assert "what is open at one moment" in found.why and "Measure what moves it" in found.why


def test_a_measure_that_can_be_judged_is_not_refused() -> None:
    refusals = {name for name, about in METRICS.items() if refused(about)}
    assert refusals == {
        *STOCKS, "issues_tracked", "status_category_age_p50", "deliveries_overdue",
    }  # fmt: skip


@pytest.mark.slow
def test_random_walks_of_queues_are_no_improvements() -> None:
    """Refused whatever they did: not one may be called better."""
    found = [
        judged(walk(seed), today=LAST, metric="items_waiting").verdict for seed in range(WALKS)
    ]
    assert found == [Verdict.UNTOLD] * WALKS


@pytest.mark.slow
def test_random_walks_of_other_measures_are_seldom_improvements() -> None:
    """182 days of a walk on either side: at most 5%. Of 40, 7 pass; a share of 25% fails in 82%."""
    found = [judged(walk(seed), today=LAST).verdict for seed in range(WALKS)]
    better = found.count(Verdict.BETTER)
    print(f"random walks called better: {better} of {WALKS}")
    assert better <= (20 if WALKS == 400 else at_most(0.05, WALKS))


@pytest.mark.slow
def test_a_measure_whose_days_linger_a_little_is_still_judged() -> None:
    """Neighbors correlated by 0.5 (an autoregression of stationary days): hardly any is refused."""
    refusals = 0
    for seed in range(WALKS):
        rng = np.random.default_rng([32, seed])
        level, data = float(rng.normal()), {}
        for number in range(110):
            level = 0.5 * level + float(rng.normal()) * 0.75**0.5
            data[FIRST + timedelta(days=number)] = (30 + level, 40)
        refusals += judged(lambda _scope, day, seen=data: seen.get(day)).fit is None
    assert refusals <= at_most(0.02, WALKS)
