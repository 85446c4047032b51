"""Both readings in words: is the change real, will the target be met."""

from __future__ import annotations

import pytest

from analysis.control import Assurance, ChartKind, Rebase, chart_of, read
from analysis.model import Signal, Target
from metrics.units import NBSP
from tests.analysis.charted import LAST, counted, numbers

# hours; mean 10, moving ranges all 2: limits 4.68 to 15.32
ZIGZAG = [9.0, 11.0] * 13


def reading(values, target=None, *, name="turnaround_p50", **more):
    aim = Target(target, 1.0) if target is not None else None
    return read(chart_of(numbers(name, values), **more), aim)


def said(text):
    return text.replace(NBSP, " ")


def test_routine_variation_blames_nobody():
    found = reading([*ZIGZAG, 12.0])
    assert (found.signal, found.shape, found.rule) == (Signal.ROUTINE, "≈", "")
    assert said(found.variation) == (
        "Routine variation: do not blame a person this week. Median turnaround was 12.0 h in "
        "week 46, inside its limits of 4.7–15.3 h."
    )


def test_a_run_is_more_than_routine_since_its_first_week():
    found = reading([*ZIGZAG, *[10.5, 11.5] * 3])
    assert found.signal is Signal.WORSENING
    assert found.shape == "↑"
    assert said(found.variation) == (
        "The change since 28 Sep is more than routine: 7 weeks in a row above the center."
    )


def test_a_value_beyond_its_limits_is_told_with_both():
    found = reading([*ZIGZAG, 4.6])
    assert found.signal is Signal.IMPROVING
    assert found.shape == "↓"
    assert said(found.variation) == (
        "Median turnaround in week 46 is more than routine: 4.6 h, below the limits (4.7–15.3 h)."
    )


def test_a_change_of_a_volume_is_neither_good_nor_bad():
    found = reading([90, 110] * 13 + [400], name="arrivals")
    assert (found.signal, found.shape) == (Signal.CHANGED, "↑")
    assert found.variation.startswith("Items received in")
    assert " are more than routine: 400, above the limits" in found.variation


def test_too_few_weeks_are_not_judged():
    found = reading(ZIGZAG[:11], 12.0)
    assert (found.signal, found.shape) == (Signal.UNJUDGED, "○")
    assert found.variation == "Too few to judge: 11 weeks, limits after 12."
    assert found.assurance is Assurance.UNJUDGED
    assert "cannot be said" in found.promise


def test_a_new_phase_says_since_when_it_is_too_short():
    cut = Rebase(LAST, "Guideline v3")
    found = reading([*ZIGZAG, 20.0], rebase=[cut])
    assert said(found.variation) == "Too few to judge: 1 week since 9 Nov 2026, limits after 12."


@pytest.mark.parametrize(
    ("target", "assurance", "words"),
    [
        (15.4, Assurance.MET, "will be met nearly every week: the limits of 4.7–15.3 h keep it"),
        (12.0, Assurance.VARIES, "will be met in some weeks and missed in others by routine"),
        (
            4.6,
            Assurance.MISSED,
            "will be missed nearly every week: the limits of 4.7–15.3 h do not",
        ),
    ],
)
def test_a_target_is_held_against_the_limits(target, assurance, words):
    found = reading([*ZIGZAG, 10.0], target)
    assert found.assurance is assurance
    assert said(found.promise).startswith("If nothing changes, the target of at most ")
    assert words in said(found.promise)


def test_where_higher_is_better_the_lower_limit_has_to_keep_the_target():
    chart = chart_of(counted("first_pass_acceptance", [88, 92] * 13, [100] * 26))
    # pooled 90%, limits 81% to 99%
    found = [read(chart, Target(goal, 0.03)).assurance for goal in (0.80, 0.85, 0.999)]
    assert found == [Assurance.MET, Assurance.VARIES, Assurance.MISSED]


def test_after_a_change_the_promise_is_about_the_limits_before():
    found = reading([*ZIGZAG, 40.0], 12.0)
    assert found.promise.startswith("By the limits before the change, ")


def test_without_a_target_there_is_nothing_to_promise():
    assert reading(ZIGZAG).assurance is Assurance.NO_TARGET


def test_a_value_outside_with_too_few_rows_is_said_to_be_so():
    values = counted("on_time_delivery", [*[20] * 20, 19], [20] * 21)
    found = read(chart_of(values), None)
    assert found.signal is Signal.ROUTINE
    assert "below its limits of 100.0%, but too few deliveries" in said(found.variation)


def test_every_word_has_a_shape_and_what_is_worst_comes_first():
    assert len({face.shape for face in Assurance}) == 4
    worse, calm = [*ZIGZAG, 40.0], [*ZIGZAG, 10.0]
    order = [
        reading(worse, 4.6), reading(worse, 12.0), reading(worse), reading(calm, 4.6),
        reading(calm, 12.0), reading([*ZIGZAG, 4.6]), reading(calm), reading(ZIGZAG[:5]),
    ]  # fmt: skip
    ranks = [found.rank for found in order]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("kind", [ChartKind.EWMA, ChartKind.CUSUM])
def test_small_lasting_shifts_are_read_from_averages_and_sums(kind):
    small = [*ZIGZAG[1:], 9.0, *[12.2, 13.0] * 3]  # 1.5 standard deviations, for 6 weeks
    assert reading(small).signal is Signal.ROUTINE
    found = reading(small, kind=kind)
    assert found.signal is Signal.WORSENING
    calm = reading(ZIGZAG, 12.0, kind=kind)
    assert "no small change adds up" in calm.variation
    assert calm.assurance is Assurance.VARIES


def test_no_sentence_names_a_cause():
    for values in (ZIGZAG, [*ZIGZAG, 40.0], ZIGZAG[:5]):
        for target in (None, 4.6, 12.0, 15.4):
            found = reading(values, target)
            text = f"{found.variation} {found.promise}".lower()
            assert not any(word in text for word in ("because", "due to", "driven by", "caused"))
            assert "  " not in text
