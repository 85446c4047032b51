"""No change is claimed on days that the data do not cover."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from analysis.assess import assess
from analysis.bottlenecks import rank
from analysis.findings import findings, routine
from analysis.model import Signal, Status
from analysis.scan import SCAN_METRICS, scan
from data_access import warehouse
from data_access.store import Store
from metrics.catalog import metric
from metrics.periods import week
from metrics.scope import Scope
from metrics.units import NBSP
from tests.analysis.small import monday, store_of, two_stages
from tests.uploading import upload

W46 = Scope(week("2026-W46"))
OPENED = metric("issues_opened")


def plain(text):
    return text.replace(NBSP, " ")


def issues(until, *, a_day=6, weeks=20, since=0):
    """Some issues a day at noon, for 20 weeks, until a time."""
    days = [monday(ago) + timedelta(days=day, hours=12) for ago in range(weeks) for day in range(7)]
    rng = np.random.default_rng(1)
    return [
        {"issue_key": f"K{at:%m%d}-{n}", "created_at": at, "updated_at": at}
        for at in days
        if at < until
        for n in range(since, since + a_day + int(rng.integers(-1, 2)))
    ]


def judged(store):
    (a,) = assess(store, (OPENED,), W46)
    return a


def test_a_whole_week_is_judged_and_a_real_fall_is_claimed(tmp_path):
    rows = issues(datetime(2026, 11, 16))
    whole = judged(store_of(tmp_path / "whole", {"issues": rows}))
    assert (whole.signal, whole.ends_early) == (Signal.ROUTINE, "")
    last = [row for row in rows if row["created_at"] >= monday(0)]
    fewer = [row for row in rows if row not in last] + last[::6]
    fall = judged(store_of(tmp_path / "fall", {"issues": fewer}))
    assert fall.signal is Signal.CHANGED
    assert fall.lead.startswith("Issues opened fell to ")


def test_a_half_covered_week_claims_no_change_and_says_where_the_data_end(tmp_path):
    # the last issue is of Wednesday, on every other day there was one: 3 days of 7
    store = store_of(tmp_path, {"issues": issues(datetime(2026, 11, 12))})
    a = judged(store)
    assert (a.signal, a.limits, a.rule) == (Signal.UNJUDGED, None, "")
    assert plain(a.rest) == ", not judged for a change: the issue export ends on 11 Nov 2026."
    assert "range" not in a.evidence
    assert findings([a]) == ()
    assert routine([a]) == "The one measure is not judged: its data end before the period does."


def test_a_week_whose_weekend_is_silent_as_always_is_judged(tmp_path):
    rows = [
        row for row in issues(datetime(2026, 11, 16)) if row["created_at"].weekday() < 5
    ]  # fmt: skip
    a = judged(store_of(tmp_path, {"issues": rows}))
    assert (a.signal, a.ends_early) == (Signal.ROUTINE, "")


def test_a_stale_source_claims_no_change(tmp_path):
    # 5 November and no row since: on 16 November 11 days, more than 1.5 x 7
    store = store_of(tmp_path, {"issues": issues(datetime(2026, 11, 5))})
    (a,) = assess(store, (OPENED,), Scope(week("2026-W45")))
    assert (a.status, a.signal, a.limits) == (Status.STALE, Signal.UNJUDGED, None)
    assert not any(word in a.sentence for word in (" fell ", " rose ", "below", "above"))
    assert "; not rated: the issue export is 12 days old" in plain(a.sentence)


@pytest.mark.parametrize(
    ("ends", "status"),
    [(datetime(2026, 11, 15), Status.NO_TARGET), (datetime(2026, 11, 13), Status.STALE)],
)
def test_an_old_week_that_ended_with_a_free_weekend_is_rated(tmp_path, ends, status):
    # looked at in January; the last rows are of Saturday, or of Thursday
    files = {"issues": issues(ends)}
    (a,) = assess(store_of(tmp_path, files, clock=datetime(2027, 1, 20)), (OPENED,), W46)
    assert a.status is status


def test_one_of_two_sources_that_went_silent_is_named_and_one_given_up_is_not(tmp_path):
    workspace = store_of(tmp_path, {"issues": issues(datetime(2026, 11, 16))}).workspace
    upload(workspace, "issues", issues(datetime(2026, 11, 12), since=50), source="other")
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=datetime(2026, 11, 16, 7))
    assert plain(judged(store).ends_early) == "the issue export (other) ends on 11 Nov 2026"
    workspace = store_of(tmp_path / "again", {"issues": issues(datetime(2026, 11, 16))}).workspace
    upload(workspace, "issues", issues(datetime(2026, 9, 1), since=50), source="old")
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=datetime(2026, 11, 16, 7))
    assert judged(store).ends_early == ""


@pytest.fixture(scope="module")
def cut_log(tmp_path_factory):
    """20 weeks of items on five days, the last of them ending on Tuesday with long waits."""
    rows = []
    for ago in range(20):
        for day in range(2 if ago == 0 else 5):
            for row in two_stages(ago, [4 + ago % 3 + 30 * (ago == 0)] * 3):
                moved = {
                    name: row[name] + timedelta(days=day)
                    for name in ("entered_at", "started_at", "finished_at")
                }
                rows.append(row | moved | {"item_id": f"{row['item_id']}-{day}"})
    rows = [row for row in rows if row["finished_at"] < datetime(2026, 11, 12)]
    return store_of(tmp_path_factory.mktemp("cut"), {"work_log": rows})


def test_neither_the_ranking_nor_the_scan_claims_a_change_of_a_half_covered_week(cut_log):
    found = rank(cut_log, W46)
    assert {row.signal for row in found.rows} == {Signal.UNJUDGED}
    assert found.change == ""
    assert any(note.startswith("No change is judged: the work log ends on") for note in found.notes)
    told = scan(cut_log, SCAN_METRICS, W46)
    assert [finding for finding in told if finding.since is not None] == []
