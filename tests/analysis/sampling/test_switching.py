"""The switching rules over sequences of lots worked by hand from clauses 9.3 and 9.4."""

from __future__ import annotations

from analysis.sampling.iso2859 import entry
from analysis.sampling.model import Severity
from analysis.sampling.switching import START, Inspected, history, scored, standing

N, T, R = Severity.NORMAL, Severity.TIGHTENED, Severity.REDUCED


def lot(
    defective: int, severity: Severity = N, letter: str = "H", aql: float = 2.5, back: bool = False
) -> Inspected:
    """A lot inspected by the plan of its letter, AQL and severity."""
    plan = entry(letter, aql, severity)
    return Inspected(plan.letter, aql, plan.ac, severity, defective, defective <= plan.ac, not back)


def test_a_project_without_lots_starts_normal() -> None:
    assert standing([]).severity is N
    assert standing([]).rule == START


def test_two_of_five_lots_not_accepted_make_inspection_tightened() -> None:
    """H at AQL 2.5 accepts up to 3: the second and the fifth lot are not accepted."""
    found = history([lot(0), lot(4), lot(1), lot(0), lot(9)])
    assert [step.severity for step in found] == [N, N, N, N, N, T]
    assert (
        found[-1].rule == "2 of the last 5 lots were not accepted (9.3.1): inspection is tightened."
    )


def test_two_of_fewer_than_five_are_enough() -> None:
    found = standing([lot(4), lot(5)])
    assert found.severity is T
    assert found.rule.startswith("2 of the last 2 lots")


def test_two_of_six_are_not() -> None:
    """The first and the sixth: five in a row hold only one."""
    assert standing([lot(4), lot(0), lot(0), lot(0), lot(0), lot(4)]).severity is N


def test_a_lot_that_comes_back_does_not_count() -> None:
    assert standing([lot(4), lot(7, back=True)]).severity is N
    assert standing([lot(4), lot(7, back=True), lot(6)]).severity is T


def test_five_accepted_in_a_row_lead_from_tightened_to_normal() -> None:
    """Tightened H at 2.5 accepts up to 2: the third lot breaks the row, five follow it."""
    start = [lot(4), lot(4)]
    lots = [lot(0, T), lot(2, T), lot(3, T), *[lot(1, T)] * 5]
    found = history([*start, *lots])
    assert [step.severity for step in found[2:]] == [T, T, T, T, T, T, T, T, N]
    assert found[5].rule.startswith("0 of 5 lots in a row")
    assert found[9].rule.startswith("4 of 5 lots in a row")
    assert "normal again" in found[-1].rule
    assert found[-1].score == 0


def test_after_tightened_the_count_of_refused_lots_begins_anew() -> None:
    lots = [lot(4), lot(4), *[lot(0, T)] * 5, lot(4)]
    assert standing(lots).severity is N
    assert standing([*lots, lot(4)]).severity is T


def test_the_fifth_refusal_on_tightened_stops_inspection() -> None:
    """Refusals add up although accepted lots stand between them."""
    lots = [lot(4), lot(4)]
    for _ in range(4):
        lots += [lot(3, T), lot(0, T)]
    assert not standing(lots).is_stopped
    stopped = standing([*lots, lot(5, T)])
    assert stopped.is_stopped
    assert stopped.severity is T
    assert "(9.4)" in stopped.rule
    mended = standing([*lots, lot(5, T), lot(0, T)])
    assert (mended.severity, mended.is_stopped, mended.refused) == (T, False, 0)


def test_the_score_rises_by_three_only_if_the_next_tighter_aql_would_have_accepted() -> None:
    """H at 2.5 has Ac 3; at 1.5, one step tighter, 50 items may have 2."""
    assert scored(9, lot(2)) == 12
    assert scored(9, lot(3)) == 0  # accepted, but not at the tighter AQL
    assert scored(9, lot(4)) == 0


def test_the_score_rises_by_two_for_plans_that_allow_none_or_one() -> None:
    """H at 0.25 has Ac 0, at 1.0 Ac 1: acceptance is enough."""
    assert scored(4, lot(0, aql=0.25)) == 6
    assert scored(4, lot(1, aql=1.0)) == 6
    assert scored(4, lot(2, aql=1.0)) == 0


def test_a_score_of_thirty_allows_reduced_inspection() -> None:
    ten = [lot(1)] * 10
    before = standing(ten[:9])
    assert (before.score, before.may_reduce) == (27, False)
    after = standing(ten)
    assert (after.score, after.may_reduce, after.severity) == (30, True, N)
    assert "(9.3.3)" in after.rule


def test_reduced_begins_when_a_lot_is_inspected_so_and_only_then() -> None:
    ten = [lot(1)] * 10
    assert standing([*ten, lot(1)]).severity is N
    assert standing([*ten, lot(1, R)]).severity is R
    assert standing([*ten[:9], lot(1, R)]).severity is N  # 27 were not enough


def test_one_lot_not_accepted_leads_from_reduced_to_normal() -> None:
    """Reduced H at 2.5: 20 items, Ac 2."""
    ten = [lot(1)] * 10
    assert standing([*ten, lot(2, R), lot(0, R)]).severity is R
    back = standing([*ten, lot(2, R), lot(3, R)])
    assert (back.severity, back.score, back.may_reduce) == (N, 0, False)
    assert "(9.3.4)" in back.rule
    assert standing([*ten, lot(3, R)]).severity is N


def test_one_refused_lot_loses_the_score() -> None:
    assert standing([*[lot(1)] * 9, lot(4)]).score == 0
    assert standing([*[lot(1)] * 9, lot(3)]).score == 0


def test_a_whole_history_by_hand() -> None:
    """Normal, tightened by two refusals, normal by five lots, reduced by thirty points, normal."""
    lots = [
        lot(3),  # accepted, no points: 3 are more than the 2 of AQL 1.5
        lot(2),  # 3
        lot(5),  # refused: 0
        lot(0),  # 3
        lot(4),  # refused, second of the last five: tightened
        *[lot(2, T)] * 5,  # normal again
        *[lot(0)] * 10,  # 30
        lot(2, R),  # reduced
        lot(3, R),  # refused: normal
    ]
    found = history(lots)
    assert [step.score for step in found[:5]] == [0, 0, 3, 0, 3]
    assert [step.severity for step in found] == [N] * 5 + [T] * 5 + [N] * 11 + [R, N]


def test_lots_on_normal_while_tightened_is_due_lead_nowhere() -> None:
    """Neither do five accepted ones lead back, nor do refused ones count for the stop."""
    due = [lot(4), lot(4)]
    found = history([*due, *[lot(0)] * 5])
    assert {step.severity for step in found[2:]} == {T}
    assert found[-1] == found[2]
    assert standing([*due, *[lot(4)] * 5]).is_stopped is False
    assert standing([*due, *[lot(0, T)] * 4, lot(4), lot(0, T)]).severity is N


def test_reduced_or_tightened_lots_while_normal_is_due_do_not_raise_the_score() -> None:
    found = history([lot(0, R)] * 15)
    assert (found[-1].score, found[-1].may_reduce) == (0, False)
    assert standing([lot(1), lot(0, T), lot(0, R), lot(1)]).score == 6
    assert standing([lot(4), lot(9, T)]).severity is N


def test_a_normal_lot_while_reduced_is_due_says_nothing_of_reduced_inspection() -> None:
    reduced = [*[lot(1)] * 10, lot(1, R)]
    assert standing([*reduced, lot(0)]) == standing(reduced)
    assert standing([*reduced, lot(9)]).severity is R


def test_while_inspection_is_stopped_only_a_tightened_lot_starts_it_again() -> None:
    stopped = [lot(4), lot(4), *[lot(3, T)] * 5]
    assert standing([*stopped, lot(0)]).is_stopped
    assert not standing([*stopped, lot(0, T)]).is_stopped
