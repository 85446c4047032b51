"""What is told first, what is counted, what the banner says."""

from dataclasses import replace

import pytest

from analysis.findings import findings, headlines, moves, routine, severity_of
from analysis.model import Severity, Signal, Status
from analysis.overview import banner, overall
from analysis.sources import Coverage
from tests.analysis.test_sentences import HOURS, told

MISSING = Coverage(is_missing=True, why="no review sheet has been uploaded")
STALE = Coverage(is_stale=True, has_stale_source=True, why="the issue export is 12 days old")


def worsening_and_off():
    return told("turnaround_p50", [*HOURS, 44.6], target=36.0)


def worsening_and_on():
    return told("queue_time", [*HOURS, 44.6], target=60.0)


def off():
    return told("stage_time", [*HOURS, 37.5], target=36.0)


def near():
    return told("touch_time", [*HOURS, 36.5], target=36.0)


def improving():
    return told("case_duration_p50", [*HOURS, 20.0], target=36.0)


def missing():
    return told("rejection_rate", [None], n=[0], covered=MISSING, target=0.1)


def stale():
    return told("time_to_resolve_p50", [4.0], target=9.0, covered=STALE)


def fine():
    return told("case_duration_p90", [*HOURS, 35.0], target=36.0)


def few():
    return told("first_pass_acceptance", [None], n=[7], target=0.85)


ALL = (fine, improving, near, off, worsening_and_on, worsening_and_off, few, missing)


def test_missing_comes_first_then_worsening_red_amber_improving_and_the_rest():
    found = findings([make() for make in ALL])
    assert [finding.severity for finding in found] == [
        Severity.MISSING,
        Severity.WORSENING,
        Severity.WORSENING,
        Severity.MISSED,
        Severity.AT_RISK,
        Severity.IMPROVING,
        Severity.INFO,
    ]
    assert found[1].metric.name == "turnaround_p50"  # off target before on target


def test_a_routine_measure_on_target_is_no_finding():
    assert severity_of(fine()) is None
    assert findings([fine()]) == ()


def test_stale_data_are_told_as_loudly_as_missing_ones():
    assert severity_of(stale()) is Severity.MISSING


def test_headlines_are_at_most_four_and_never_mere_information():
    found = headlines(findings([make() for make in ALL]))
    assert len(found) == 4
    assert found[0].severity is Severity.MISSING
    assert headlines(findings([few()])) == ()


def test_a_measure_known_to_be_off_is_never_crowded_out_by_what_is_missing():
    found = headlines(findings([off(), *(make() for make in (missing, stale) for _ in range(3))]))
    assert [finding.severity for finding in found] == [Severity.MISSING] * 3 + [Severity.MISSED]
    nothing_known = headlines(findings([make() for make in (missing, stale) for _ in range(3)]))
    assert [finding.severity for finding in nothing_known] == [Severity.MISSING] * 4


def test_a_finding_carries_what_opens_its_rows():
    (finding,) = findings([off()])
    assert (finding.metric.name, finding.scope.period.name) == ("stage_time", "2026-W46")
    assert finding.sentence == finding.lead + finding.rest
    assert finding.n == 300
    assert finding.next_step


def test_the_routine_line_counts_only_what_was_judged_routine():
    line = routine([fine(), near(), off(), worsening_and_off(), few(), missing()])
    assert line == "Three of six measures show only routine week-to-week variation."


def test_measures_with_a_short_history_are_not_called_routine():
    short = told("turnaround_p50", [34, 36, 35], target=40.0)
    assert routine([short, fine()]) == (
        "One of two measures shows only routine week-to-week variation. "
        "One of two measures has too few earlier weeks to judge change."
    )
    assert routine([short]) == "The one measure has too few earlier weeks to judge change."


def test_moves_name_both_statuses():
    moved = replace(worsening_and_off(), status_before=Status.MET)
    stayed = replace(off(), status_before=Status.MISSED)
    new = replace(near(), status_before=Status.NO_TARGET)
    assert moves([moved, stayed, new]) == (
        "Since last week: median turnaround moved from on target to off target."
    )
    assert moves([stayed]) == ""


def test_a_measure_that_loses_its_data_has_moved():
    assert "rejection rate moved from on target to without data" in moves(
        [replace(missing(), status_before=Status.MET)]
    )


@pytest.mark.parametrize(
    ("made", "status", "sentence"),
    [
        (
            (fine, off, worsening_and_off, missing),
            Status.MISSED,
            "Two of four measures miss their target: mean stage time and median turnaround. "
            "No data for rejection rate.",
        ),
        ((fine, off), Status.MISSED, "One of two measures misses its target: mean stage time."),
        ((fine, near), Status.AT_RISK, "One of two measures is near its target: mean touch time."),
        (
            (fine, near, missing),
            Status.MISSING,
            "No data for rejection rate. One of three measures is near its target: mean touch "
            "time.",
        ),
        ((fine, stale), Status.STALE, "Not rated for stale data: median time to resolve."),
        ((fine, improving), Status.MET, "Both measures meet their target."),
        (
            (fine, improving, few),
            Status.MET,
            "Both measures that could be rated meet their target; one could not.",
        ),
        (
            (fine, few),
            Status.MET,
            "The one measure that could be rated meets its target; one could not.",
        ),
        ((few,), Status.TOO_FEW, "No measure could be rated against a target."),
        (
            (missing,),
            Status.MISSING,
            "There are no data for this period: upload the extracts, or choose another period.",
        ),
    ],
)  # fmt: skip
def test_the_banner_gives_the_worst_status_and_its_reason(made, status, sentence):
    found = [make() for make in made]
    assert overall(found) is status
    assert banner(found) == sentence


def test_a_measure_that_the_filters_do_not_know_is_left_out_of_the_banner():
    away = told(
        "issues_overdue", [None], n=[0], withheld="Issues are not recorded by dataset.",
        applies=False,
    )  # fmt: skip
    assert findings([away]) == ()
    assert banner([away, fine()]) == "The one measure meets its target."
    assert banner([away]) == "No measure can be shown with these filters."


def test_signals_and_statuses_have_a_word_and_a_shape():
    for status in Status:
        assert status.label[0].isupper()
        assert status.shape in "●▲■○"
        assert status.words == status.words.lower()
    for signal in Signal:
        assert signal.label[0].isupper()
