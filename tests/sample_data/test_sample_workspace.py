"""The sample workspace: every file goes through the app's own upload, and the numbers come out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import sample_data
from data_access.entries import Action, Decision, Opportunity, Risk
from data_access.manifests import uploads
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.periods import week
from metrics.scope import scope
from sample_data.files import REFUSED_ROWS
from tests.sample_data import reading

LAST_WEEK = week("2026-W46")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def truths(folder: Path) -> sample_data.Truths:
    return sample_data.write(folder)


@pytest.fixture
def store(sample_workspace: Workspace) -> Store:
    return Store.open(sample_workspace)


def test_every_file_is_accepted_with_the_planted_rows_refused(sample_workspace, folder):
    # times in status come out of an issue export by themselves
    kept = [one for one in uploads(sample_workspace) if one.extract != "status_times"]
    listed = sample_data.files(folder)
    assert [one.file_name for one in kept] == [file.path.name for file in listed]
    assert [one.accepted_at for one in kept] == [file.at for file in listed]
    assert [one.by for one in kept] == [file.by for file in listed]
    assert [one.source for one in kept] == [file.answers["source"] for file in listed]
    for extract in {one.extract for one in kept}:
        refused = tuple(one.refused for one in kept if one.extract == extract)
        assert refused == REFUSED_ROWS.get(extract, (0,) * len(refused)), extract


def test_the_uploads_tell_what_each_week_changed(sample_workspace):
    kept = uploads(sample_workspace)
    exports = [one for one in kept if one.extract == "issues"]
    assert all(one.new > 0 and one.changed > 0 and one.same > 300 for one in exports[1:])
    assert sum(one.vanished for one in exports) == 1
    parts = [one for one in kept if one.extract == "work_log"][1:]
    assert all(one.new > 1500 and 100 < one.changed < 400 for one in parts)


def test_the_store_counts_what_pandas_counts(store, truths, folder):
    whole = scope(replace(LAST_WEEK, since=store.extent().since))
    found = store.values(list(METRICS.values()), whole)
    log, reviews = reading.visits(folder), reading.reviews(folder)
    assert found["arrivals"].value == truths.counts["items"]
    assert found["reviews_done"].value == truths.counts["reviews"]
    assert found["issues_opened"].value == truths.counts["issues"]
    possible = log["Finished"] >= log["Started"].fillna(log["Entered"])
    assert found["stage_events"].value == possible.sum() == log["Finished"].notna().sum() - 12
    assert found["issues_reopened"].value == truths.counts["reopened issues"]
    items = reading.items(log)
    assert found["turnaround_p50"].value == pytest.approx(items["turnaround"].median(), abs=1e-9)
    rejected = (reviews["Outcome"] == "rejected").mean()
    assert found["rejection_rate"].value == pytest.approx(rejected, abs=1e-12)
    assert found["work_in_progress"].value == items["Completed"].isna().sum()


def test_the_settings_say_that_it_is_a_sample(sample_workspace, truths):
    settings = sample_workspace.settings
    assert settings.is_sample
    assert settings.organization == "Clinical Data Operations"
    assert sample_workspace.clock() == truths.clock
    assert set(settings.terminal_stages.values()) == {"Delivery"}
    assert len(settings.terminal_stages) == 3


def test_what_people_wrote_is_there_with_a_decision_a_risk_and_an_action_without_an_owner(
    sample_workspace,
):
    records = Records(sample_workspace)
    try:
        assert records.commentary("2026-W46") is not None
        assert records.commentary("2026-W45") is not None
        found = {
            kind: records.entries(kind, period=LAST_WEEK)
            for kind in (Decision, Risk, Opportunity, Action)
        }
    finally:
        records.close()
    assert [len(entries) for entries in found.values()] == [2, 5, 2, 7]
    actions = found[Action]
    assert sum(not action.owner for action in actions) == 1
    assert sum(action.is_overdue(sample_workspace.today()) for action in actions) == 1
    assert sum(action.is_closed for action in actions) == 1


def decisions(workspace: Workspace) -> dict[str, str]:
    records = Records(workspace)
    try:
        return {lot.name: lot.decision for lot in records.lots.all()}
    finally:
        records.close()


def test_four_lots_are_kept_and_the_bad_one_was_not_accepted(sample_workspace):
    assert decisions(sample_workspace) == {
        "TUM-B08": "accepted",
        "TUM-B09": "accepted",
        "TUM-B10": "accepted",
        "TUM-B11": "not accepted",
    }


def test_the_drawn_items_of_a_lot_say_what_their_first_review_said(
    sample_workspace, folder, truths
):
    reviews = reading.reviews(folder)
    first = reviews[reviews["Review stage"] == "1"].sort_values("Reviewed at")
    outcome = first.groupby("Task")["Outcome"].first()
    batches = reading.items(reading.visits(folder)).set_index("Task")["Batch"]
    records = Records(sample_workspace)
    try:
        for lot in records.lots.all():
            drawn = records.lots.items(lot)
            assert len(drawn) == lot.checked == 20
            assert {batches[item.item_id] for item in drawn} == {lot.name}
            failed = {item.item_id for item in drawn if item.result == "fail"}
            assert failed == {i.item_id for i in drawn if outcome[i.item_id] != "accepted"}
            assert len(failed) == lot.defective
    finally:
        records.close()


def test_a_twin_leaves_out_the_words_about_what_is_not_planted(tmp_path):
    twin = Workspace(tmp_path / "twin")
    sample_data.build(twin, plants=frozenset())
    records = Records(twin)
    try:
        texts = [entry.text for kind in (Decision, Risk, Action) for entry in records.entries(kind)]
        assert records.commentaries("2026-W46") == ()
    finally:
        records.close()
    assert set(decisions(twin).values()) == {"accepted"}
    assert texts
    assert not any("econd review" in text or "Guideline" in text for text in texts)


def test_a_workspace_that_holds_uploads_is_not_filled_again(sample_workspace):
    with pytest.raises(AppError, match="not empty"):
        sample_data.build(sample_workspace)


def test_the_first_part_week_is_marked_and_the_26_weeks_are_whole(store):
    metrics = [METRICS[name] for name in ("arrivals", "reviews_done", "items_completed")]
    window = scope(replace(LAST_WEEK, since=week("2026-W19").since))
    series = store.series(metrics, window, "week")
    for _, rows in series.groupby("metric"):
        names = [period.isocalendar()[:2] for period in rows["period"]]
        assert names == [(2026, number) for number in range(20, 47)]
        assert rows["is_partial"].tolist() == [True] + [False] * 26


def test_business_hours_leave_out_nights_weekends_and_the_two_closed_days(store):
    asked = scope(replace(LAST_WEEK, since=week("2026-W21").since))
    rows = store.rows(METRICS["stage_time"], asked).to_pandas()
    same_day = rows["entered_at"].dt.normalize() == rows["finished_at"].dt.normalize()
    weekday = rows["entered_at"].dt.day_of_week < 5
    open_hours = (rows["entered_at"].dt.hour >= 6) & (rows["finished_at"].dt.hour < 22)
    closed = rows["entered_at"].dt.strftime("%Y-%m-%d").isin(["2026-09-07", "2026-10-12"])
    inside = rows[same_day & weekday & open_hours & ~closed & rows["stage_hours"].notna()]
    assert len(inside) > 10_000
    assert (inside["stage_business_hours"] - inside["stage_hours"]).abs().max() < 1e-6
    on_closed = rows[same_day & closed & rows["stage_hours"].notna()]
    assert len(on_closed) > 50 and (on_closed["stage_business_hours"] == 0).all()
    started = rows["entered_at"].dt.day_of_week.eq(4) & rows["entered_at"].dt.hour.between(6, 21)
    over = rows[started & rows["finished_at"].dt.day_of_week.eq(0) & rows["stage_hours"].notna()]
    over = over[over["finished_at"].dt.hour.between(6, 21) & (over["stage_hours"] < 80)]
    over = over[~over["finished_at"].dt.strftime("%Y-%m-%d").isin(["2026-09-07", "2026-10-12"])]
    spared = over["stage_hours"] - over["stage_business_hours"]
    assert len(over) > 50 and (spared - 56).abs().max() < 1e-6  # Friday 22:00 to Monday 06:00
