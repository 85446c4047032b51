"""Slices out of line: found when planted, left alone in steady twins."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from analysis.flags import ALPHA, last_week, weighed
from analysis.groups import grouped
from analysis.slices import Slice
from metrics.catalog import metric
from metrics.periods import parse_period, week
from tests import count

DAYS = tuple(date(2026, 11, 9) - timedelta(weeks=26 - i) for i in range(27))


def counted(name, dimension, segment, mine, others):
    mine, others = np.asarray(mine, float), np.asarray(others, float)
    none = np.full(len(mine), np.nan)
    days = DAYS[-len(mine) :]
    return Slice(metric(name), dimension, segment, days, mine, mine, none, others, others, none)


def shares(name, dimension, segment, hits, rows, others, rows_of_others):
    hits, rows = np.asarray(hits, float), np.asarray(rows, float)
    return Slice(
        metric(name), dimension, segment, DAYS[-len(hits) :], hits / rows, rows, hits,
        others / rows_of_others, rows_of_others, others,
    )  # fmt: skip


def means(name, dimension, segment, hours, rows, others, rows_of_others):
    none = np.full(len(hours), np.nan)
    return Slice(
        metric(name), dimension, segment, DAYS[-len(hours) :], np.asarray(hours, float), rows,
        none, others, rows_of_others, none,
    )  # fmt: skip


def steady(rng, segments=12):
    """Slices of nine metrics, steady: binomial shares, Poisson counts, skewed hours."""
    found = []
    for kind in range(3):
        rows = rng.poisson(rng.uniform(40, 300), (27, segments)).astype(float) + 5
        hits = rng.binomial(rows.astype(int), rng.uniform(0.03, 0.2, segments)).astype(float)
        stock = rng.poisson(rng.uniform(2, 60, segments), (27, segments)).astype(float)
        hours = np.exp(rng.normal(2, 0.8 / np.sqrt(rows)) + 0.03 * rng.normal(size=(27, 1)))
        for i in range(segments):
            name = f"S{kind}-{i}"
            rest = np.arange(segments) != i
            found.append(
                shares("rejection_rate", "dataset", name, hits[:, i], rows[:, i],
                       hits[:, rest].sum(axis=1), rows[:, rest].sum(axis=1))
            )  # fmt: skip
            found.append(
                counted("items_waiting", "stage", name, stock[:, i], stock[:, rest].sum(axis=1))
            )
            pooled = (hours * rows)[:, rest].sum(axis=1) / rows[:, rest].sum(axis=1)
            found.append(
                means("queue_time", "stage", name, hours[:, i], rows[:, i], pooled,
                      rows[:, rest].sum(axis=1))
            )  # fmt: skip
    return found


def most_by_chance(weeks):
    """So many of these weeks have any flag at most, 99 times in 100, when 5% of all weeks do."""
    return stats.binom.ppf(0.99, weeks, ALPHA)


@pytest.mark.slow
def test_at_most_a_twentieth_of_steady_weeks_flag_anything_at_all():
    rng = np.random.default_rng(2)
    rounds = count(200)
    found = [weighed(steady(rng)) for _ in range(rounds)]
    assert {flags.tested for flags in found} == {108}
    assert sum(bool(flags.flagged) for flags in found) <= most_by_chance(rounds)


def test_of_forty_steady_twins_at_most_a_twentieth_has_any_flag_and_none_is_flagged_twice():
    rng = np.random.default_rng(7)
    found = [weighed(steady(rng)).flagged for _ in range(40)]
    names = [(flag.slice.metric.name, flag.slice.segment) for flags in found for flag in flags]
    assert sum(bool(flags) for flags in found) <= most_by_chance(40) == 6
    assert len(names) <= 2 * most_by_chance(40)  # about 0.05 / 108 of the pairs, not 5%
    assert len(names) == len(set(names))


def planted(rng):
    """108 steady slices, of which one share doubles and one queue grows."""
    found = steady(rng)
    rows = np.full(27, 230.0)
    hits = rng.binomial(230, 0.08, 27).astype(float)
    hits[18:] = rng.binomial(230, 0.16, 9)
    others = rng.binomial(800, 0.06, 27).astype(float)
    found.append(
        shares("rejection_rate", "dataset", "Doubled", hits, rows, others, np.full(27, 800.0))
    )
    queue = rng.poisson(33, 27).astype(float)
    queue[23:] += [20, 40, 60, 80]
    found.append(counted("items_waiting", "stage", "Grown", queue, rng.poisson(85, 27)))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_what_is_planted_is_named_with_its_first_week(seed):
    flagged = {
        flag.slice.segment: flag for flag in weighed(planted(np.random.default_rng(seed))).flagged
    }
    assert {"Doubled", "Grown"} <= set(flagged)
    assert abs(flagged["Doubled"].shift.start - 18) <= 1
    assert abs(flagged["Grown"].shift.start - 23) <= 1
    assert flagged["Doubled"].is_up


def test_a_week_that_moves_everybody_names_nobody():
    rng = np.random.default_rng(5)
    rows = np.full(27, 300.0)
    hits = rng.binomial(300, 0.08, 27).astype(float)
    others = rng.binomial(3000, 0.08, 27).astype(float)
    hits[20:], others[20:] = rng.binomial(300, 0.2, 7), rng.binomial(3000, 0.2, 7)
    every = shares("rejection_rate", "dataset", "A", hits, rows, others, np.full(27, 3000.0))
    assert weighed([every]).flagged == ()
    alone = shares(
        "rejection_rate", "dataset", "A", hits, rows,
        rng.binomial(3000, 0.08, 27).astype(float), np.full(27, 3000.0),
    )  # fmt: skip
    assert len(weighed([alone]).flagged) == 1


def test_a_slice_that_only_looks_odd_because_the_others_moved_is_not_named():
    rng = np.random.default_rng(6)
    hits, others = rng.binomial(300, 0.08, 27), rng.binomial(3000, 0.08, 27).astype(float)
    others[20:] = rng.binomial(3000, 0.2, 7)
    still = shares(
        "rejection_rate", "dataset", "A", hits, np.full(27, 300.0), others, np.full(27, 3000.0)
    )
    assert weighed([still]).flagged == ()


def test_less_work_of_a_volume_is_no_finding_and_more_is():
    rng = np.random.default_rng(9)
    mine, others = rng.poisson(60, 27).astype(float), rng.poisson(300, 27).astype(float)
    more, less = mine.copy(), mine.copy()
    more[21:] *= 2
    less[21:] *= 0.4
    assert len(weighed([counted("reviews_done", "reviewer", "A", more, others)]).flagged) == 1
    assert weighed([counted("reviews_done", "reviewer", "A", less, others)]).flagged == ()


def test_the_dataset_stands_for_its_project_and_two_datasets_for_themselves():
    rng = np.random.default_rng(3)

    def share(dimension, segment, base, extra, seed, n=230):
        draw = np.random.default_rng(seed)
        hits = draw.binomial(n, base, 27).astype(float)
        hits[18:] = draw.binomial(n, base + extra, 9)
        others = rng.binomial(2000, 0.06, 27).astype(float)
        return shares(
            "rejection_rate", dimension, segment, hits, np.full(27, float(n)), others,
            np.full(27, 2000.0),
        )  # fmt: skip

    groups = grouped(
        weighed(
            [
                share("dataset", "A", 0.06, 0.10, 1),
                share("dataset", "B", 0.06, 0.10, 2),
                share("project", "P", 0.06, 0.04, 3, n=700),
            ]
        ).flagged
    )
    assert {group.told.slice.segment for group in groups} == {"A", "B"}
    assert [flag.slice.segment for group in groups for flag in group.elsewhere] == ["P"]


def test_the_last_whole_week_of_any_period_is_looked_at():
    today = date(2026, 11, 16)
    assert last_week(week("2026-W46"), today).name == "2026-W46"
    assert last_week(parse_period("2026-10"), today).name == "2026-W43"  # W44 ends on 1 November
    assert last_week(parse_period("2026-11-09..2026-11-12"), today).name == "2026-W45"


def test_the_last_whole_week_of_a_running_period_is_over_today():
    for name in ("2026-W46", "2026-11", "2026-W47", "2027-01"):
        assert last_week(parse_period(name), date(2026, 11, 12)).name == "2026-W45"
    assert last_week(parse_period("2026-11"), date(2026, 11, 16)).name == "2026-W46"
