"""Where time goes under filters that choose visits otherwise than items."""

import pytest

from analysis.bottlenecks import rank
from analysis.model import Status
from data_access.store import Store
from metrics.periods import week
from metrics.scope import Scope
from metrics.units import NBSP
from tests.analysis.small import monday, store_of, visit

W46 = Scope(week("2026-W46"))


def plain(text):
    return text.replace(NBSP, " ")


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory):
    """Ten items: 10 h of Work by Alpha, then 2 h of Ship, of which Beta does the last four.

    An item is of the team of its last visit: six are Alpha's, four Beta's. Gamma does six alone.
    """
    rows = []
    for number in range(10):
        first = visit(f"I{number}", "Work", monday(0), 5, 5, team="Alpha", assignee="Ann")
        team = "Alpha" if number < 6 else "Beta"
        rows += [first, visit(f"I{number}", "Ship", first["finished_at"], 1, 1, team=team)]
    for number in range(6):
        own = visit(f"G{number}", "Work", monday(0), 1, 3, team="Gamma", assignee="Gil")
        rows += [own, visit(f"G{number}", "Ship", own["finished_at"], 2, 2, team="Gamma")]
    return store_of(tmp_path_factory.mktemp("handed"), {"work_log": rows})


def test_hours_are_told_per_item_behind_the_visits_and_shares_of_the_hours_shown(handed_over):
    found = rank(handed_over, W46.where(team="Alpha"))
    work, ship = found.rows
    # Alpha's visits: 10 items with 10 h of Work, 6 with 2 h of Ship: 112 h
    assert (found.items, found.turnaround_mean) == (10, None)
    assert (work.hours_per_item, ship.hours_per_item) == pytest.approx((10.0, 1.2))
    assert (work.share_of_turnaround, ship.share_of_turnaround) == pytest.approx(
        (100 / 112, 12 / 112)
    )
    assert plain(found.lead) == (
        "Work takes 10.0 h of the 11.2 h that an item spends in the visits shown (89%)"
    )
    assert found.notes[0] == (
        "Some of these items also have visits outside the filters. Shares are of the time in the "
        "visits shown, not of turnaround."
    )
    assert found.between_share == pytest.approx(0)
    assert found.change == ""


def test_a_team_that_does_its_items_alone_has_shares_of_turnaround(handed_over):
    found = rank(handed_over, W46.where(team="Gamma"))
    assert (found.items, found.turnaround_mean) == (6, pytest.approx(8))
    assert [row.share_of_turnaround for row in found.rows] == pytest.approx([0.5, 0.5])
    assert plain(found.lead) == "Ship takes 4.0 h of the 8.0 h mean turnaround (50%)"
    assert not any("Shares" in note for note in found.notes)


@pytest.mark.parametrize(
    ("filters", "by"), [({"stage": "Work"}, "stage"), ({"assignee": "Ann"}, "assignee")]
)
def test_a_filter_that_items_do_not_know_is_said_and_nobody_says_nothing_was_done(
    handed_over, filters, by
):
    found = rank(handed_over, W46.where(**filters))
    assert found.rows[0].stage == "Work"
    assert found.rows[0].share_of_turnaround == pytest.approx(1)
    assert found.notes[0].startswith(f"Items are not recorded by {by}.")
    assert "No item" not in found.sentence


def test_a_filter_that_no_visit_knows_is_the_reason_given(handed_over):
    found = rank(handed_over, W46.where(reviewer="M. Chen"))
    assert (found.rows, found.status) == ((), Status.MISSING)
    assert plain(found.sentence) == (
        "No stage times in week 46: items are not recorded by reviewer."
    )


def test_fewer_items_behind_the_visits_than_a_mean_needs_are_not_ranked(handed_over):
    found = rank(handed_over, W46.where(team="Beta"))
    assert found.status is Status.MISSING
    assert plain(found.sentence) == ("No stage times in week 46: too few rows (4 of the 5 needed).")


def test_no_filter_gives_a_stage_more_than_all_of_the_time(sample_workspace, handed_over):
    sample = Store.open(sample_workspace)
    for store in (sample, handed_over):
        for dimension in ("team", "project", "dataset", "stage", "assignee", "outcome"):
            for segment in store.dimension_values(dimension)[:3]:
                found = rank(store, W46.where(**{dimension: segment}))
                shares = [row.share_of_turnaround for row in found.rows]
                assert sum(shares) <= 1 + 1e-9, (dimension, segment)
                assert "No item was completed" not in found.sentence or not shares


def test_a_week_before_the_handover_is_not_compared_per_item(tmp_path):
    rows = []
    for ago in range(15):
        for number in range(6):
            item, team = f"{ago}-{number}", "Beta" if ago == 0 and number == 0 else "Alpha"
            first = visit(item, "Work", monday(ago), 5, 5, team="Alpha")
            rows += [first, visit(item, "Ship", first["finished_at"], 1, 1, team=team)]
    found = rank(store_of(tmp_path, {"work_log": rows}), W46.where(team="Alpha"))
    assert {row.hours_vs_13_weeks for row in found.rows} == {None}
    assert [row.queue_vs_13_weeks for row in found.rows] == pytest.approx([0, 0])
