"""What readers meet: withheld values, partial periods, frames, freshness, people."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.targets import target_for
from data_access import manifests, warehouse
from data_access.answers import COLUMNS, Raw, answer, t_95, wilson
from data_access.people import is_long, pseudonyms
from data_access.question import Query
from data_access.snapshots import pin
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.errors import UnknownDimensionError, WarehouseError
from metrics.periods import Period, week
from metrics.scope import scope
from tests.store.made import CLOCK, WINDOW, build, world
from tests.uploading import upload

FIRST_PASS = METRICS["first_pass_acceptance"]
W46 = week("2026-W46")


def reviews(count: int, accepted: int, **more: object) -> list[dict[str, object]]:
    return [
        {
            "review_id": f"{more.get('team', 'R')}{n}",
            "item_id": f"{more.get('team', 'I')}{n}",
            "review_stage": 1,
            "reviewed_at": "2026-11-10",
            "outcome": "accepted" if n < accepted else "rejected",
        }
        | more
        for n in range(count)
    ]


def published(workspace: Workspace, clock: datetime = CLOCK) -> Store:
    warehouse.publish(workspace)
    return Store.open(workspace, clock=clock)


def test_below_the_fewest_rows_a_value_is_withheld_everywhere(workspace: Workspace):
    upload(workspace, "reviews", reviews(19, 10, team="Small") + reviews(20, 10, team="Large"))
    store = published(workspace)
    small = scope(W46, {"team": ["Small"]})
    value = store.value(FIRST_PASS, small)
    assert (value.value, value.n) == (None, 19)
    assert (value.numerator, value.low, value.high) == (None, None, None)
    assert value.withheld == "Too few rows: 19 of the 20 needed."
    assert value.text == "n/a"
    table = store.breakdown(FIRST_PASS, scope(W46), "team").set_index("segment")
    assert math.isnan(table.loc["Small", "value"]) and table.loc["Large", "value"] == 0.5
    assert table.loc["Small", "withheld"] == value.withheld
    assert math.isnan(store.series(FIRST_PASS, small, "week")["value"].iloc[0])


def test_a_filter_on_a_dimension_that_is_not_there_withholds_and_says_so(workspace: Workspace):
    upload(workspace, "issues", [{"issue_key": "K1", "created_at": "2026-11-10"}])
    store = published(workspace)
    metric = METRICS["issues_opened"]
    asked = scope(W46, {"dataset": ["CT"]})
    value = store.value(metric, asked)
    assert (value.value, value.n) == (None, 0)
    assert value.withheld == "Issues are not recorded by dataset."
    assert store.series(metric, asked, "week")["withheld"].to_list() == [value.withheld]
    assert store.breakdown(metric, asked, "team").empty
    assert store.rows(metric, asked).num_rows == store.row_count(metric, asked) == 0
    assert "issue_key" in store.rows(metric, asked).column_names
    assert store.sql(metric, asked) == "-- Issues are not recorded by dataset."
    with pytest.raises(UnknownDimensionError):
        store.breakdown(metric, scope(W46), "dataset")
    with pytest.raises(UnknownDimensionError):
        store.series(metric, scope(W46), "week", by="dataset")


def test_nothing_counted_is_zero_and_nothing_known_is_not(workspace: Workspace):
    upload(workspace, "reviews", reviews(30, 30, reviewed_at="2026-11-04"))
    store = published(workspace)
    found = store.values([METRICS["reviews_done"], FIRST_PASS, METRICS["issues_open"]], scope(W46))
    assert (found["reviews_done"].value, found["reviews_done"].withheld) == (0.0, "")
    assert found["first_pass_acceptance"].withheld == "Too few rows: 0 of the 20 needed."
    assert found["issues_open"].withheld == "No issue export has been uploaded."
    before = store.value(METRICS["reviews_done"], scope(week("2026-W44")))
    assert (before.value, before.withheld) == (None, "No data before 4\xa0Nov\xa02026.")


def test_what_no_row_records_is_withheld_and_never_zero(workspace: Workspace):
    issues = [
        {"issue_key": "K1", "created_at": "2026-11-02", "project": "Dated", "due_on": "2026-11-05"},
        {"issue_key": "K2", "created_at": "2026-11-03", "project": "Dated"},
        {"issue_key": "K3", "created_at": "2026-11-03", "project": "Undated"},
    ]
    upload(workspace, "issues", issues)
    store = published(workspace)
    overdue = METRICS["issues_overdue"]
    assert store.value(overdue, scope(W46)).value == 1.0
    assert store.value(overdue, scope(week("2026-W45"), {"project": ["Dated"]})).value == 1.0
    undated = scope(W46, {"project": ["Undated"]})
    value = store.value(overdue, undated)
    assert (value.value, value.withheld) == (None, "Not recorded: no issue here has a due date.")
    assert set(store.series(overdue, undated, "week")["withheld"]) == {value.withheld}
    # in a split the source that does not record it has no line, rather than one at 0
    assert store.breakdown(overdue, scope(W46), "project")["segment"].to_list() == ["Dated"]


def test_a_frame_has_the_agreed_columns_and_whole_periods(workspace: Workspace):
    upload(
        workspace,
        "reviews",
        reviews(25, 20)
        + [
            row | {"review_id": f"x{n}", "reviewed_at": "2026-10-21"}
            for n, row in enumerate(reviews(25, 5))
        ],
    )
    store = published(workspace)
    window = scope(Period(date(2026, 10, 22), date(2026, 12, 1)))
    table = store.series([METRICS["reviews_done"], FIRST_PASS], window, "week")
    assert tuple(table.columns) == COLUMNS
    done = table[table["metric"] == "reviews_done"]
    # the first week is whole although the window cuts it; no week after the running one
    assert list(zip(done["period"], done["value"], done["is_partial"], strict=True)) == [
        (date(2026, 10, 19), 25.0, True),  # the first data came on Wednesday
        (date(2026, 10, 26), 0.0, False),
        (date(2026, 11, 2), 0.0, False),
        (date(2026, 11, 9), 25.0, False),
        (date(2026, 11, 16), 0.0, True),
    ]
    rates = table[table["metric"] == "first_pass_acceptance"]
    # the items are the same, so they were reviewed first in October
    assert [None if math.isnan(v) else v for v in rates["value"]] == [0.2, None, None, None, None]


def test_frames_of_a_window_without_anything_have_their_columns(workspace: Workspace):
    store = published(workspace)
    for table in (
        store.series(FIRST_PASS, scope(week("2027-W10")), "week"),
        store.breakdown(FIRST_PASS, scope(W46), "team"),
    ):
        assert tuple(table.columns) == COLUMNS and table.empty
        assert str(table["value"].dtype) == "float64"


def test_a_frame_that_was_changed_does_not_change_the_next_one(tmp_path):
    store = build(tmp_path, world())
    table = store.series(FIRST_PASS, scope(WINDOW), "week")
    table.loc[:, "value"] = -1.0
    table["metric"] = "changed"
    again = store.series(FIRST_PASS, scope(WINDOW), "week")
    assert (again["value"].dropna() > 0).all() and set(again["metric"]) == {FIRST_PASS.name}


def test_a_segment_begins_with_its_first_row_and_is_zero_after_its_last(workspace: Workspace):
    upload(
        workspace,
        "reviews",
        [
            row | {"reviewed_at": day, "review_id": f"{row['review_id']}{day}"}
            for team, days in (("A", ["2026-10-20", "2026-10-27"]), ("B", ["2026-11-03"]))
            for day in days
            for row in reviews(2, 1, team=team)
        ],
    )
    store = published(workspace)
    window = scope(Period(date(2026, 10, 19), date(2026, 11, 16)))
    table = store.series(METRICS["reviews_done"], window, "week", by="team")
    assert list(zip(table["segment"], table["period"], table["value"], strict=True)) == [
        ("A", date(2026, 10, 19), 2.0),
        ("A", date(2026, 10, 26), 2.0),
        ("A", date(2026, 11, 2), 0.0),
        ("A", date(2026, 11, 9), 0.0),
        ("B", date(2026, 11, 2), 2.0),
        ("B", date(2026, 11, 9), 0.0),
    ]


@pytest.mark.parametrize(("hits", "rows"), [(0, 20), (13, 20), (20, 20), (1, 1), (733, 5210)])
def test_the_interval_of_a_share_is_wilsons(hits: int, rows: int):
    expected = proportion_confint(hits, rows, method="wilson")
    assert wilson(hits, rows) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("freedom", [29, 30, 50, 100, 1000, 10**6])
def test_the_point_of_students_t_is_that_of_scipy(freedom: int):
    assert t_95(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=1e-6)


def test_the_interval_of_a_mean_is_that_of_scipy_and_needs_thirty_rows(tmp_path):
    store = build(tmp_path, world())
    metric = METRICS["queue_time"]
    value = store.value(metric, scope(WINDOW))
    column = [
        v for v in store.rows(metric, scope(WINDOW))["queue_hours"].to_pylist() if v is not None
    ]
    low, high = stats.t.interval(
        0.95, len(column) - 1, loc=sum(column) / len(column), scale=stats.sem(column)
    )
    assert (value.low, value.high) == (pytest.approx(low, rel=1e-6), pytest.approx(high, rel=1e-6))
    few = answer(metric, W46, Raw(value=2.0, n=29, spread=1.0))
    assert (few.value, few.low) == (2.0, None)


def test_a_statistic_is_null_with_one_reviewer_and_says_so(workspace: Workspace):
    upload(workspace, "reviews", reviews(50, 25, reviewer="A"))
    value = published(workspace).value(METRICS["reviewer_spread"], scope(W46))
    assert (value.value, value.n) == (None, 50)
    assert value.withheld == "The reviews in the period give no value."


def test_a_source_is_stale_after_one_and_a_half_cadences(workspace: Workspace):
    upload(workspace, "reviews", reviews(1, 1, reviewed_at="2026-11-06 12:00"))
    warehouse.publish(workspace)

    def state(clock: str):
        store = Store.open(workspace, clock=datetime.fromisoformat(clock))
        return next(s for s in store.sources() if s.extract == "reviews")

    assert not state("2026-11-16T23:59:59").is_stale  # 10.5 days are 17 November, 00:00
    assert state("2026-11-17T00:00:01").is_stale
    found = state("2026-11-16T23:59:59")
    assert (found.newest_on, found.age_days, found.rows) == (date(2026, 11, 6), 10, 1)
    assert (found.source, found.is_missing) == ("tool", False)


def test_a_source_with_a_row_from_the_far_future_is_as_fresh_as_its_other_rows(
    workspace: Workspace,
):
    upload(
        workspace,
        "reviews",
        [
            *reviews(2, 1, reviewed_at="2026-11-10"),
            *reviews(1, 1, team="x", reviewed_at="2062-11-10"),
        ],
    )
    (state,) = [s for s in published(workspace).sources() if s.extract == "reviews"]
    assert state.newest_on == date(2026, 11, 10)


def test_an_extract_never_uploaded_is_missing(workspace: Workspace):
    states = Store.open(workspace, clock=CLOCK).sources()
    assert {s.extract for s in states if s.is_missing} == {
        "work_log",
        "annotations",
        "reviews",
        "issues",
        "deliveries",
        "targets",
        "markers",
        "working_hours",
        "holidays",
        "sla_policies",
        "escalation_ladder",
        "status_times",
        "assignments",
    }
    assert not any(s.is_stale for s in states)


def test_targets_do_not_go_stale(workspace: Workspace):
    upload(
        workspace,
        "targets",
        [{"metric": "arrivals", "value": 1.0, "valid_from": "2020-01-01"}],
        as_of="2020-01-01",
    )
    assert not any(s.is_stale for s in published(workspace).sources())


def test_the_extent_ends_today_when_promises_lie_ahead(workspace: Workspace):
    upload(workspace, "deliveries", [{"batch": "B1", "promised_on": "2027-02-01"}])
    upload(workspace, "reviews", reviews(3, 1))
    store = published(workspace)
    assert store.extent() == Period(date(2026, 11, 10), date(2026, 11, 17))
    assert store.extent(METRICS["deliveries_due"]) == Period(date(2027, 2, 1), date(2027, 2, 2))
    assert store.extent(FIRST_PASS) == Period(date(2026, 11, 10), date(2026, 11, 11))
    assert store.extent(METRICS["arrivals"]) is None


def test_a_year_mistyped_far_ahead_does_not_stretch_the_data_to_today(workspace: Workspace):
    upload(workspace, "reviews", [*reviews(3, 1), reviews(4, 1)[3] | {"reviewed_at": "2036-04-07"}])
    store = published(workspace, datetime(2027, 3, 1))
    assert store.extent() == Period(date(2026, 11, 10), date(2026, 11, 11))


def test_dimension_values_are_those_of_rows_that_pass_the_other_filters(workspace: Workspace):
    upload(
        workspace,
        "reviews",
        reviews(1, 1, team="b", project="P")
        + reviews(1, 1, team="A", project="Q")
        + reviews(1, 1, project="P"),
    )
    store = published(workspace)
    assert store.dimension_values("team") == ["A", "b", "(not recorded)"]
    chosen = scope(W46, {"project": ["P"], "team": ["A"]})
    assert store.dimension_values("team", chosen) == ["b", "(not recorded)"]
    assert store.dimension_values("stage") == []


def test_refused_rows_are_told(workspace: Workspace):
    upload(workspace, "reviews", reviews(3, 1), refused=2, as_of="2026-11-15")
    (note,) = published(workspace).notes(scope(W46))
    assert note == (
        "2 rows of the review sheet (tool) were refused at upload and are in no number."
    )


def test_notes_follow_the_filters(workspace: Workspace):
    upload(
        workspace,
        "issues",
        [
            {
                "issue_key": "K1",
                "team": "A",
                "created_at": "2026-11-11",
                "resolved_at": "2026-11-10",
            },
            {
                "issue_key": "K2",
                "team": "B",
                "created_at": "2026-11-11",
                "resolved_at": "2026-11-10",
            },
        ],
    )
    store = published(workspace)
    sentence = "1 issue was resolved before it was created: left out of the time to resolve."
    assert store.notes(scope(W46, {"team": ["A"]})) == [sentence]
    assert store.notes(scope(W46, {"team": ["C"]})) == []
    assert store.notes(scope(W46))[0].startswith("2 issues were")


def test_a_metric_that_is_not_in_the_catalogue_is_answered_too(tmp_path):
    store = build(tmp_path, world())
    metric = replace(METRICS["arrivals"], name="arrivals_of_b", where="batch = 'B1'")
    whole = store.value(METRICS["arrivals"], scope(WINDOW, {"batch": ["B1"]}))
    assert store.value(metric, scope(WINDOW)).value == whole.value > 0


def test_the_same_person_has_the_same_pseudonym_and_two_never_share_one():
    names = [f"Person number {n}" for n in range(3000)]
    shown = pseudonyms(names, salt="salt")
    assert len(set(shown.values())) == len(names)
    assert any(is_long(code) for code in shown.values())  # with 3,000 some short codes meet
    alone = pseudonyms(names[:1], salt="salt")
    assert alone[names[0]] in shown[names[0]]
    assert pseudonyms(names[:1], salt="other") != alone


def test_the_query_behind_a_number_gives_it_and_a_query_can_only_read(workspace: Workspace):
    upload(workspace, "reviews", reviews(3, 1))
    asked = published(workspace).sql(METRICS["reviews_done"], scope(W46))
    pinned = pin(workspace)
    assert pinned.table(Query(asked)).to_pylist() == [{"reviews_done": 3.0, "reviews_done_n": 3}]
    secret = pa.table({"a": [1]})
    assert secret.num_rows == 1
    for text in (
        "drop table reviews",
        "attach ':memory:' as other",
        "select * from nowhere",
        "select * from secret",
    ):
        with pytest.raises(WarehouseError):
            pinned.table(Query(text))


def test_names_and_days_are_those_that_the_snapshot_was_built_with(workspace: Workspace):
    """Between the saving of settings and the publish, and for good when that fails."""
    workspace.save_settings(Settings(hide_names=False, reporting_zone="Asia/Tokyo"))
    upload(workspace, "reviews", reviews(3, 1, reviewer="A. Novak"))
    warehouse.publish(workspace)
    evening = datetime(2026, 11, 15, 20)
    workspace.save_settings(Settings(reporting_zone="America/New_York", organization="Other"))
    behind = Store.open(workspace, clock=evening)
    assert not behind.settings.hide_names, "it shows names, so it must not claim pseudonyms"
    assert behind.dimension_values("reviewer") == ["A. Novak"] == [behind.shown_name("A. Novak")]
    assert (behind.settings.reporting_zone, behind.today) == ("Asia/Tokyo", date(2026, 11, 16))
    assert behind.settings.organization == "Other"
    warehouse.publish(workspace, set())
    after = Store.open(workspace, clock=evening)
    assert after.settings.hide_names
    assert after.dimension_values("reviewer") == [after.shown_name("A. Novak")] != ["A. Novak"]
    assert (after.settings.reporting_zone, after.today) == ("America/New_York", date(2026, 11, 15))


def test_an_id_made_of_a_person_shows_the_pseudonym_while_names_are_hidden(workspace: Workspace):
    """Tools without ids: "CT-7|A. Novak" of annotations, "7|M. Chen|acceptance|9:00" of CVAT."""
    given = {"annotation_id": "CT-7|A. Novak", "item_id": "CT-7", "annotator": "A. Novak",
             "created_at": "2026-11-10 09:00:00"}  # fmt: skip
    gold = {"annotation_id": "g||", "item_id": "CT-7", "is_gold": True, "label": "x", "field": "f"}
    upload(workspace, "annotations", [given, gold])
    (review,) = reviews(1, 0, reviewer="M. Chen")
    ids = {"review_id": "7|M. Chen|acceptance|9:00", "annotation_id": "CT-7|A. Novak"}
    upload(workspace, "reviews", [review | ids | {"annotator": "A. Novak"}])
    workspace.save_settings(Settings(hide_names=True, salt="x"))
    store = published(workspace)
    ana, chen = store.shown_name("A. Novak"), store.shown_name("M. Chen")
    (row,) = store.rows(METRICS["annotations_done"], scope(W46)).to_pylist()
    assert row["annotation_id"] == f"CT-7|{ana}"
    (row,) = store.rows(METRICS["reviews_done"], scope(W46)).to_pylist()
    assert row["review_id"] == f"7|{chen}|acceptance|9:00"
    assert row["annotation_id"] == f"CT-7|{ana}"


def test_an_empty_workspace_has_the_settings_saved_last(workspace: Workspace):
    workspace.save_settings(Settings(hide_names=False, reporting_zone="Asia/Tokyo"))
    assert Store.open(workspace).settings == workspace.settings


def test_a_target_and_a_marker_of_a_person_hold_while_names_are_hidden(workspace: Workspace):
    upload(workspace, "reviews", reviews(3, 1, reviewer="A. Novak"))
    of_novak = "reviewer=A. Novak"
    target = {"metric": "first_pass_acceptance", "value": 0.9, "valid_from": "2026-08-01"}
    upload(workspace, "targets", [target | {"scope": of_novak}])
    event = {"marked_on": "2026-11-10", "kind": "training", "label": "Course", "scope": of_novak}
    upload(workspace, "markers", [event])
    store = published(workspace)
    shown = store.shown_name("A. Novak")
    assert shown.startswith("Person ")
    (row,) = store.targets()
    assert row.filters == f"reviewer={shown}", "the name must not show where it is hidden"
    for name in (shown, "A. Novak"):
        asked = scope(W46, {"reviewer": [name]})
        assert [marker.label for marker in store.markers(asked)] == ["Course"]
    held = target_for(FIRST_PASS, scope(W46, {"reviewer": [shown]}), store.targets())
    assert held is not None and held.value == 0.9
    assert store.markers(scope(W46, {"reviewer": ["Somebody else"]})) == []


def test_every_answer_takes_a_person_by_name_or_by_pseudonym(tmp_path):
    store = build(tmp_path, world(), hide=True)
    name = "Worker 1"
    by_name, by_code = (
        scope(WINDOW, {"assignee": [person]}) for person in (name, store.shown_name(name))
    )
    queue = METRICS["queue_time"]
    for ask in (
        lambda asked: store.breakdown_values(queue, asked, "stage"),
        lambda asked: store.statistic("shorter_queue", queue, asked, by="stage"),
        lambda asked: store.series_values(queue, asked, "week"),
        lambda asked: store.value(queue, asked),
    ):
        assert ask(by_name) == ask(by_code)
    assert store.breakdown_values(queue, by_name, "stage")[queue.name]
    assert store.statistic("shorter_queue", queue, by_name, by="stage")


def test_the_uploads_behind_the_numbers_are_those_of_the_snapshot(workspace: Workspace):
    first = upload(workspace, "reviews", reviews(3, 1))
    store = published(workspace)
    second = upload(workspace, "reviews", reviews(5, 1))
    manifests.withdraw(workspace, first.upload_id, by="Lea", at=CLOCK)
    assert store.upload_ids() == (first.upload_id,)
    assert published(workspace).upload_ids() == (second.upload_id,)
