"""The written sample: the same bytes every time, 26 weeks, and files as tools write them."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

import sample_data
from data_access.extracts import EXTRACTS
from metrics.catalog import METRICS
from metrics.scope import parse_filters
from sample_data.plants import CLOCK, FIRST_DAY, LAST_DAY
from tests.sample_data import reading


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def truths(folder: Path) -> sample_data.Truths:
    return sample_data.write(folder)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.csv"))
    }


def test_the_same_seed_gives_the_same_bytes(folder, truths, tmp_path):
    sample_data.write(tmp_path, seed=truths.seed)
    assert digests(tmp_path) == digests(folder)


def test_another_seed_gives_other_bytes_but_what_people_state_stays(folder, truths, tmp_path):
    sample_data.write(tmp_path, seed=8)
    mine, other = digests(folder), digests(tmp_path)
    same = {name for name in mine if mine[name] == other[name]}
    assert same == {
        "targets.csv", "markers.csv", "working_hours.csv", "holidays.csv", "sla_policies.csv",
        "escalation_ladder.csv", "assignments.csv",
    }  # fmt: skip
    assert mine.keys() == other.keys()


def test_the_twin_without_plants_shares_what_no_plant_touches(folder, truths, tmp_path):
    sample_data.write(tmp_path, seed=truths.seed, plants=frozenset())
    mine, twin = digests(folder), digests(tmp_path)
    assert {n for n in mine if n.startswith("issues")} <= {n for n in mine if mine[n] == twin[n]}
    log, other = reading.visits(folder), reading.visits(tmp_path)
    before = log[log["Finished"] < "2026-09-14"]  # a week before the first plant
    merged = before.merge(other, on=["Task", "Stage", "Entered", "Finished", "Assignee"])
    assert len(merged) == len(before) > 30_000


def test_every_file_to_upload_is_written_and_no_other(folder, truths):
    listed = sample_data.files(folder)
    assert {file.path.name for file in listed} == set(digests(folder))
    # times in status come out of the issue exports by themselves
    assert {file.extract for file in listed} == set(EXTRACTS) - {"status_times"}
    assert [file.at for file in listed] == sorted(file.at for file in listed)
    assert all(file.at <= CLOCK for file in listed)
    assert truths.clock == CLOCK == datetime(2026, 11, 16, 7, 0)


def test_three_projects_five_teams_six_stages_and_six_datasets(folder, truths):
    log = reading.visits(folder)
    found = {name: log[name].nunique() for name in ("Project", "Team", "Stage", "Dataset")}
    assert found == {"Project": 3, "Team": 5, "Stage": 6, "Dataset": 6}
    assert log.groupby("Task")[["Project", "Dataset", "Team", "Batch"]].nunique().max().max() == 1


def test_the_calendar_has_26_weeks_and_ends_on_sunday(folder, truths):
    log = reading.visits(folder)
    assert len(reading.WEEKS) == 26
    assert FIRST_DAY.isocalendar()[:2] == (2026, 21)
    assert LAST_DAY.isocalendar() == (2026, 46, 7)
    times = log[["Entered", "Started", "Finished"]]
    assert times.max().max() < pd.Timestamp("2026-11-16")
    assert log["Entered"].min().date() == date(2026, 5, 12)
    assert (reading.by_week(log["Task"], log["Entered"], "size") > 1500).all()


def test_the_counts_are_of_the_size_agreed_and_as_told(folder, truths):
    log, reviews = reading.visits(folder), reading.reviews(folder)
    counts = truths.counts
    assert 10_000 <= log["Task"].nunique() == counts["items"] <= 14_000
    assert 50_000 <= len(log) == counts["visits"] <= 65_000
    assert 15_000 <= len(reviews) == counts["reviews"] <= 23_000
    assert 400 <= len(reading.issues(folder, week=46)) + 1 == counts["issues"] <= 600
    assert 55 <= len(reading.deliveries(folder)) == counts["deliveries"] <= 90
    people = set(reviews["Annotator"]) | set(reviews["Reviewer"])
    assert 24 <= len(people) <= 28


def test_weekdays_have_a_rhythm_and_weekends_are_nearly_quiet(folder, truths):
    items = reading.items(reading.visits(folder))
    by_day = Counter(items["Entered"].dt.day_of_week)
    assert by_day[0] > by_day[2] > by_day[4] > 8 * by_day[5]
    hours = items["Entered"].dt.hour
    assert ((hours >= 6) & (hours <= 20)).all()


@pytest.mark.parametrize(
    "day", ["2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12"]
)
def test_a_holiday_is_quieter_and_keeps_its_week(folder, truths, day):
    log = reading.visits(folder)
    finished = log.groupby(log["Finished"].dt.normalize()).size()
    holiday = pd.Timestamp(day)
    usual = [holiday + pd.Timedelta(days=7 * step) for step in (-1, 1)]
    assert finished[holiday] < 0.8 * finished[usual].mean()
    weekly = reading.by_week(log["Task"], log["Finished"], "size")
    week = weekly[holiday.to_period("W-SUN")]
    assert abs(week - weekly.mean()) < 3.5 * weekly.std()


def test_late_rows_come_with_the_next_upload_and_an_earlier_date(folder, truths):
    key = ["Task", "Stage", "Entered"]
    late = 0
    for week, before in ((45, 44), (46, 45)):
        part = pd.read_csv(folder / f"work_log_2026-W{week}.csv", dtype=str)
        since = pd.Period(f"{date.fromisocalendar(2026, week, 1)}", "D").start_time.isoformat()
        is_late = part["Finished"] < since
        late += int(is_late.sum())
        earlier = pd.read_csv(folder / f"work_log_2026-W{before}.csv", dtype=str)
        known = earlier.dropna(subset=["Finished"]).set_index(key).index
        assert not part[is_late].set_index(key).index.isin(known).any()
    assert late == truths.counts["late visits"] > 20


def test_work_is_open_at_the_end(folder, truths):
    log = reading.visits(folder)
    is_open = log["Finished"].isna()
    assert 150 < is_open.sum() < 300
    assert log[is_open]["Outcome"].isna().all()
    assert (log[is_open].groupby("Task").size() == 1).all()
    waiting = log[is_open & log["Started"].isna()]
    assert 0 < waiting["Assignee"].isna().mean() < 0.25


def test_some_items_come_back(folder, truths):
    log = reading.visits(folder)
    returns = len(log) - len(log.drop_duplicates(["Task", "Stage"]))
    assert 0.05 < returns / log["Task"].nunique() < 0.35
    assert len(log.drop_duplicates(["Task", "Stage", "Entered"])) == len(log)


def test_clock_faults_are_few_and_as_told(folder, truths):
    log = reading.visits(folder)
    finish = (log["Finished"] < log["Started"].fillna(log["Entered"])).sum()
    start = (log["Started"] < log["Entered"]).sum()
    assert (finish, start) == (12, 4)
    assert truths.counts["flagged visits"] == 16
    issues = reading.issues(folder, week=46)
    assert (issues["Resolved"] < issues["Created"]).sum() == truths.counts["flagged issues"] == 3


def test_every_review_belongs_to_a_finished_visit(folder, truths):
    log, reviews = reading.visits(folder), reading.reviews(folder)
    done = log[log["Stage"].isin(["First review", "Second review"]) & log["Finished"].notna()]
    key = ["Task", "stage", "by", "outcome"]
    names = {"First review": "1", "Second review": "2"}
    left = done.assign(stage=done["Stage"].map(names), by=done["Assignee"], outcome=done["Outcome"])
    right = reviews.assign(
        stage=reviews["Review stage"], by=reviews["Reviewer"], outcome=reviews["Outcome"]
    )
    assert Counter(map(tuple, left[key].to_numpy())) == Counter(map(tuple, right[key].to_numpy()))
    assert reviews["Error type"].notna().eq(reviews["Outcome"] != "accepted").all()
    assert reviews["Severity"].notna().eq(reviews["Error type"].notna()).all()


def test_a_delivered_batch_holds_the_items_of_the_log(folder, truths):
    deliveries = reading.deliveries(folder).set_index("Batch")
    sizes = reading.items(reading.visits(folder)).groupby("Batch").size()
    due = deliveries[
        (deliveries["Promised on"] >= "2026-06-20") & (deliveries["Promised on"] < "2026-11-16")
    ]
    assert (due["Items promised"].astype(int) == sizes[due.index]).all()
    delivered = deliveries["Items delivered"].astype(float)
    assert (
        (delivered <= deliveries["Items promised"].astype(float))
        .where(delivered.notna(), True)
        .all()
    )
    assert (deliveries["Items accepted"].astype(float) > delivered).sum() == 0


def test_issue_exports_show_reopened_redated_and_vanished_issues(folder, truths):
    reopened, redated, vanished = 0, 0, 0
    for week in range(39, 46):
        before, after = (reading.issues(folder, week=w) for w in (week, week + 1))
        after = after[before.columns]  # the newest export has the time in status, too
        both = before.index.intersection(after.index)
        vanished += len(before.index.difference(after.index))
        was_done = before.loc[both, "Resolved"].notna()
        reopened += int((was_done & after.loc[both, "Resolved"].isna()).sum())
        dues = before.loc[both, "Due date"], after.loc[both, "Due date"]
        redated += int((dues[0].notna() & (dues[0] != dues[1])).sum())
        changed = (before.loc[both] != after.loc[both]) & before.loc[both].notna()
        moved = changed.drop(columns=["Updated"]).any(axis=1)
        assert (after.loc[both, "Updated"] >= before.loc[both, "Updated"]).all()
        assert (after.loc[both, "Updated"] > before.loc[both, "Updated"])[moved].all()
    counts = truths.counts
    assert (reopened, vanished) == (counts["reopened issues"], counts["vanished issues"]) == (7, 1)
    assert redated == counts["redated issues"] >= 5


def test_targets_and_markers_name_what_exists(folder, truths):
    targets = pd.read_csv(folder / "targets.csv", dtype=str, keep_default_na=False)
    datasets = set(reading.visits(folder)["Dataset"])
    for scope in [*targets["Scope"], *pd.read_csv(folder / "markers.csv")["Scope"].dropna()]:
        assert set(parse_filters(scope).get("dataset", ())) <= datasets
    assert set(targets["Metric"]) <= set(METRICS)


def test_columns_match_the_contracts_by_name_or_alias(folder, truths):
    def plain(name: str) -> str:
        return "".join(character for character in name.casefold() if character.isalnum())

    left_out = {
        "issueid",
        "projectkey",
        "creator",
        "customfieldcharttimeinstatus",  # a table of its own
    }  # Jira sends them, the contract does not want them
    for file in sample_data.files(folder):
        columns = EXTRACTS[file.extract].columns
        known = {plain(n) for c in columns for n in (c.name, c.label, *c.aliases)}
        header = file.path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert {plain(name) for name in header} - known <= left_out, file.path.name


def test_a_twin_counts_no_plant_and_the_sample_all_eight(truths, tmp_path):
    assert [truth.plant for truth in truths.planted] == list(sample_data.Plant)
    assert len(truths.planted) == 8
    twin = sample_data.write(tmp_path, plants=frozenset({sample_data.Plant.LATE}))
    assert [truth.plant for truth in twin.planted] == [sample_data.Plant.LATE]
