"""The sample's planted truths are found, and named as what they are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from analysis.late import late_batches
from analysis.model import Severity, Signal
from analysis.scan import SCAN_METRICS, scan
from analysis.what_if import what_if
from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import metric
from metrics.periods import parse_period, week
from metrics.scope import Scope
from metrics.units import NBSP
from sample_data import FLOW
from tests.analysis.small import CLOCK, monday, store_of, visit
from tests.uploading import upload

W46 = Scope(week("2026-W46"))


@pytest.fixture(scope="module")
def sample(sample_workspace):
    return Store.open(sample_workspace)


@pytest.fixture(scope="module")
def found(sample):
    return scan(sample, SCAN_METRICS, W46)


def about(found, dimension):
    return [finding for finding in found if dict(finding.segment).get(dimension)]


def test_the_stage_whose_queue_grows_is_named_with_its_first_week(found):
    (stage,) = about(found, "stage")
    assert stage.segment == (("stage", "Second review"),)
    assert stage.signal is Signal.WORSENING
    assert stage.since in (week("2026-W43"), week("2026-W44"))  # planted from W43 on
    assert "have grown since week" in stage.sentence or "has grown since week" in stage.sentence


def test_the_dataset_whose_rejections_double_is_named_beside_the_marker_and_not_because(found):
    (dataset,) = about(found, "dataset")
    assert dataset.segment == (("dataset", "Radiology reports"),)
    assert dataset.metric.name == "rejection_rate"
    assert dataset.since == week("2026-W39")
    told = dataset.evidence.replace(NBSP, " ")
    assert "a guideline change is marked on 21 Sep (Guideline v3)" in told
    assert not any(word in dataset.sentence + told for word in ("because", "due to", "driven"))


def test_the_overloaded_reviewer_is_named_with_the_share_of_the_peers(found, sample):
    (person,) = about(found, "reviewer")
    assert person.segment == (("reviewer", sample.shown_name("R. Okafor")),)
    assert abs((person.since.since - week("2026-W41").since).days) <= 7
    assert "of the visits to Second review" in person.evidence
    assert "the five others did" in person.evidence


def test_the_late_batch_is_named_with_its_promised_day(found, sample):
    (batch,) = about(found, "batch")
    assert batch.segment == (("batch", "BIO-B12"),)
    assert "promised for 11 Nov and not delivered" in batch.sentence.replace(NBSP, " ")
    assert batch.severity is Severity.MISSED
    assert sample.row_count(batch.metric, batch.scope) == 1


def test_nothing_else_is_named(found):
    assert len(found) == len(FLOW)


def test_every_finding_opens_rows_and_sql(found, sample):
    for finding in found:
        assert sample.row_count(finding.metric, finding.scope) > 0
        assert "select" in sample.sql(finding.metric, finding.scope)


def test_findings_can_be_asked_inside_a_filter(sample):
    inside = scan(sample, SCAN_METRICS, W46.where(project="Clinical Text"))
    assert ("dataset", "Radiology reports") in [pair for each in inside for pair in each.segment]


def test_before_anything_is_planted_nothing_planted_is_named(sample):
    early = scan(sample, SCAN_METRICS, Scope(week("2026-W38")))
    named = {value for finding in early for _, value in finding.segment}
    assert not named & {"Second review", "Radiology reports", sample.shown_name("R. Okafor")}


def test_a_short_history_or_none_flags_nothing(tmp_path):
    assert scan(store_of(tmp_path / "empty", {}), SCAN_METRICS, W46) == ()
    rows = [
        visit(f"{ago}-{i}", stage, monday(ago), 3 + 40 * (ago == 0 and stage == "B"), 1)
        for ago in range(8)
        for i in range(10)
        for stage in "AB"
    ]
    assert scan(store_of(tmp_path / "short", {"work_log": rows}), SCAN_METRICS, W46) == ()


def test_a_person_with_far_more_visits_than_the_peers_is_named_without_any_history(tmp_path):
    load = {"Ann": 20, "Ben": 22, "Cem": 19, "Dia": 21, "Eva": 18, "Fay": 60}
    rows = [
        visit(f"{name}-{ago}-{i}", "Review", monday(ago) + timedelta(hours=i), 1, 1, assignee=name)
        for name, many in load.items()
        for ago in range(4)
        for i in range(many)
    ]
    (one,) = scan(store_of(tmp_path, {"work_log": rows}), (metric("stage_events"),), W46)
    assert one.segment == (("stage", "Review"), ("assignee", "Fay"))
    # 240 of 640 visits; the others 80 each on average
    assert one.lead == "Fay did 37.5% of the visits to Review"
    assert (
        one.rest.replace(NBSP, " ")
        == " in the 4 weeks to 15 Nov; the five others did 12.5% each on average."
    )


def test_peers_of_uneven_load_name_nobody(tmp_path):
    load = {"Ann": 10, "Ben": 22, "Cem": 5, "Dia": 31, "Eva": 18, "Fay": 40}
    rows = [
        visit(f"{name}-{ago}-{i}", "Review", monday(ago) + timedelta(hours=i), 1, 1, assignee=name)
        for name, many in load.items()
        for ago in range(4)
        for i in range(many)
    ]
    assert scan(store_of(tmp_path, {"work_log": rows}), (metric("stage_events"),), W46) == ()


def promised(batch, ago, late=0):
    day = monday(ago).date() + timedelta(days=2)
    when = None if late is None else monday(ago) + timedelta(days=2 + late, hours=9)
    return {"batch": batch, "promised_on": day, "delivered_at": when}


def test_an_overdue_batch_is_named_until_it_comes_and_a_day_late_is_ordinary(tmp_path):
    rows = [promised(f"B{ago}", ago, late=ago % 3) for ago in range(1, 25)]
    rows += [promised("OPEN", 2, late=None), promised("SLOW", 0, late=1)]
    (one,) = late_batches(store_of(tmp_path, {"deliveries": rows}), W46)
    assert one.segment == (("batch", "OPEN"),)
    # promised for Wednesday of week 44, 28 October; by Sunday 15 November 18 days
    assert one.sentence.replace(NBSP, " ") == (
        "Batch OPEN is 18 days overdue: promised for 28 Oct and not delivered by 15 Nov."
    )


def test_batches_of_one_name_in_two_sources_are_told_apart(tmp_path):
    workspace = Workspace(tmp_path / "workspace")
    upload(workspace, "deliveries", [promised("B1", 2, late=None)], source="a")
    upload(workspace, "deliveries", [promised("B1", 1, late=None), promised("B2", 0)], source="b")
    warehouse.publish(workspace)
    one, other = late_batches(Store.open(workspace, clock=CLOCK), W46)
    # promised for Wednesday of week 44 and of week 45: 18 and 11 days before Sunday 15 November
    assert one.sentence.replace(NBSP, " ") == (
        "Batch B1 (a) is 18 days overdue: promised for 28 Oct and not delivered by 15 Nov."
    )
    assert other.lead == "Batch B1 (b) is 11 days overdue"
    assert other.segment == (("batch", "B1"), ("source", "b"))
    assert dict(other.scope.filters)["source"] == ("b",)


def test_a_batch_later_than_each_of_twenty_is_a_record(tmp_path):
    rows = [promised(f"B{ago}", ago, late=ago % 3) for ago in range(1, 25)]
    rows.append(promised("SLOW", 0, late=3))
    (one,) = late_batches(store_of(tmp_path, {"deliveries": rows}), W46)
    assert one.lead == "Batch SLOW came 3 days late"
    assert one.rest == ", later than each of the 24 batches of the 26 weeks before."


def test_a_running_period_is_looked_at_up_to_its_last_week_that_is_over(sample_workspace):
    thursday = Store.open(sample_workspace, clock=datetime(2026, 11, 12, 8))
    running = scan(thursday, SCAN_METRICS, W46)
    assert [f.sentence for f in running] == [
        f.sentence for f in scan(thursday, SCAN_METRICS, Scope(week("2026-W45")))
    ]
    month = scan(thursday, SCAN_METRICS, Scope(parse_period("2026-11")))
    assert [f.sentence for f in month] == [f.sentence for f in running]
    assert running
    assert all(f.scope.period.until <= thursday.today for f in running)


def test_what_if_of_a_running_month_is_about_its_last_week_that_is_over(sample):
    month = what_if(sample, Scope(parse_period("2026-11")), "Second review")
    assert month is not None
    assert month == what_if(sample, W46, "Second review")
