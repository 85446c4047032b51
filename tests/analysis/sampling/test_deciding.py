"""What results mean for a lot, in words."""

from __future__ import annotations

import pytest
from scipy import stats

from analysis.sampling.deciding import chance, outcome, plan_words
from analysis.sampling.iso2859 import plan
from analysis.sampling.model import Decision, Severity
from analysis.sampling.risks import zero
from analysis.sampling.sequential import lines_of, runs, sequential


def results(bad: int, good: int, open_: int = 0) -> list[bool | None]:
    return [True] * bad + [False] * good + [None] * open_


H = plan(420, "II", 2.5)


def test_a_lot_with_as_many_defects_as_allowed_is_accepted() -> None:
    found = outcome(H, results(3, 47))
    assert found.decision is Decision.ACCEPTED
    assert found.sentence == (
        "Accepted: 3 of 50 checked items are defective, at most 3 are allowed."
    )
    exact = stats.binomtest(3, 50).proportion_ci(0.95, method="exact")
    assert (found.rate, found.low, found.high) == pytest.approx((0.06, exact.low, exact.high))
    assert found.rate_words == "6.0% defective, 95% interval 1.3–16.5%"


def test_one_more_is_not() -> None:
    assert outcome(H, results(4, 46)).decision is Decision.NOT_ACCEPTED


def test_too_many_decide_before_all_are_checked() -> None:
    found = outcome(H, results(4, 6, 40))
    assert found.decision is Decision.NOT_ACCEPTED
    assert found.sentence.startswith("Not accepted: 4 of 10")


def test_an_open_item_keeps_a_lot_from_being_accepted() -> None:
    found = outcome(H, results(1, 48, 1))
    assert found.decision is Decision.KEEP_SAMPLING
    assert found.sentence == (
        "Keep sampling: 1 of 49 checked items is defective, 1 item of the draw is not checked."
    )
    fresh = outcome(H, results(0, 0, 50))
    assert fresh.sentence == "No item is checked yet: 50 items are drawn."
    assert fresh.rate_words == ""


def test_a_lot_checked_whole_has_no_interval() -> None:
    whole = plan(8, "II", 0.65)
    found = outcome(whole, results(1, 7))
    assert (found.low, found.rate, found.high) == (0.125, 0.125, 0.125)
    assert found.rate_words == "12.5% defective, every item of the lot was checked"


def test_a_sequential_plan_goes_by_the_order_of_the_draw() -> None:
    """3 defective of the first 3 cross the rejection line; the same after 33 good ones do not."""
    found = sequential(5_000, 0.02, 0.05, 0.08, 0.10)
    assert outcome(found, results(3, 0, 80)).decision is Decision.NOT_ACCEPTED
    late: list[bool | None] = [*results(0, 33), *results(3, 0, 80)]
    assert outcome(found, late).decision is Decision.KEEP_SAMPLING
    assert outcome(found, results(0, 36, 80)).decision is Decision.ACCEPTED
    gap: list[bool | None] = [None, *results(0, 36, 80)]
    assert outcome(found, gap).decision is Decision.KEEP_SAMPLING
    assert "acceptance line" in outcome(found, results(0, 36, 80)).sentence
    assert "rejection line" in outcome(found, results(3, 0, 80)).sentence


def test_plans_are_told_in_words() -> None:
    assert plan_words(H) == "Draw 50 of 420 items; accept the lot with at most 3 defective items."
    assert plan_words(plan(420, "II", 1.0)).endswith("with at most 1 defective item.")
    assert plan_words(zero(420, 0.05, 0.10)).endswith("accept the lot only if none is defective.")
    assert plan_words(plan(8, "II", 0.65)).startswith("Check all 8 items; accept")
    assert "one by one" in plan_words(sequential(420, 0.02, 0.05, 0.08, 0.10))


def test_the_source_of_a_plan_names_its_arrow() -> None:
    assert plan(40, "II", 1.0, Severity.TIGHTENED).source == (
        "ISO 2859-1:1999, level II, tightened, AQL 1.0, code letter D (arrow to F)"
    )


def test_the_chance_of_a_sequential_plan_is_its_own() -> None:
    found = sequential(5_000, 0.02, 0.05, 0.08, 0.10)
    assert chance(found)(0.05) == runs(lines_of(found), 0.05)[0]
    assert chance(H)(0.025) == pytest.approx(stats.binom.cdf(3, 50, 0.025), abs=1e-12)
