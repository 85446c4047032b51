"""The way through the stages in words: what leads, what is too little, what is left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.model import Status
from analysis.stage_map import (
    Edge,
    Node,
    blocked_words,
    edge_words,
    ends_words,
    handovers_words,
    in_order,
    loops_words,
    stage_map,
)
from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import Period
from metrics.scope import scope
from tests.uploading import Row, upload

MONDAY = datetime(2026, 11, 2, 8)
WINDOW = Period(date(2026, 10, 26), date(2026, 11, 16))


def visit(item: int, step: int, stage: str, wait: float, **more: object) -> Row:
    entered = MONDAY + timedelta(hours=20 * step, minutes=item)
    started = entered + timedelta(hours=wait)
    return {
        "item_id": f"I{item}", "stage": stage, "entered_at": entered, "started_at": started,
        "finished_at": started + timedelta(hours=1), "team": "A", "outcome": "done",
    } | more  # fmt: skip


def told(root: Path, rows: list[Row], **filters: str):
    workspace = Workspace(root)
    upload(workspace, "work_log", rows, is_closed_cases=True)
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=datetime(2026, 11, 16, 7))
    return stage_map(store, scope(WINDOW, {name: [value] for name, value in filters.items()}))


def items(count: int) -> list[Row]:
    """Each item waits two hours for Check and eight for Ship; every fifth comes back once."""
    rows = []
    for item in range(count):
        path = ["Make", "Check", "Make", "Check", "Ship"] if item % 5 == 0 else []
        for step, stage in enumerate(path or ["Make", "Check", "Ship"]):
            rows.append(visit(item, step, stage, {"Ship": 8.0, "Check": 2.0}.get(stage, 0.5)))
    return rows


def test_the_banner_names_the_way_with_most_waiting(tmp_path: Path):
    found = told(tmp_path, items(20))
    # waits: 16 + 4 + 4 ways to Check of 2 h, 4 back to Make of 0.5 h, 20 to Ship of 8 h
    share = 160 / (24 * 2 + 4 * 0.5 + 160)
    assert found.status is Status.NO_TARGET
    assert found.lead == "Items wait longest on the way from Check to Ship"
    assert found.rest == (
        f": {share * 100:.1f}% of all waiting between stages, a median of 8.0\N{NO-BREAK SPACE}h "
        "each (n 20). 20 items took 2 different paths; the most frequent one covers 80.0%."
    )
    assert [node.stage for node in found.nodes] == ["Make", "Check", "Ship"]
    assert loops_words(found.loops).startswith(
        "Items came back to a stage 8 times, most often from Make to Check (4)"
    )
    assert handovers_words(found.handovers) == "Work stayed within its team."
    assert blocked_words(found.blocked) == "No stage or outcome says that work was blocked."
    assert ends_words(found.ends) == "No item says when it was planned to end."


def test_too_few_waits_are_said_in_place_of_a_finding(tmp_path: Path):
    found = told(tmp_path, items(2))
    assert found.status is Status.TOO_FEW and found.lead.startswith("Too few waits")
    (edge,) = [e for e in found.edges if e.to_stage == "Ship"]
    assert edge_words(edge, found.edges) == (
        "66.7% of the ways out of Check lead to Ship (2 of 3); too few waits are recorded to say "
        "how long (n 2)."
    )


def test_no_completed_item_is_said(tmp_path: Path):
    found = told(tmp_path, items(2), team="Nobody")
    assert found.status is Status.MISSING and found.lead == "No item was completed"


def test_impossible_times_are_left_out_and_said(tmp_path: Path):
    rows = [*items(20), visit(30, 0, "Make", 0.5), visit(30, 1, "Check", -3.0)]
    found = told(tmp_path, rows)
    assert "1 visit had times that cannot be" in found.notes[0]


def test_a_filter_that_items_lack_leaves_the_paths_out_and_says_so(tmp_path: Path):
    found = told(tmp_path, items(20), stage="Check")
    assert found.variants == () and found.edges
    assert "have no stage: clear that filter" in found.notes[-1]


def test_blocked_handovers_and_planned_ends_are_counted(tmp_path: Path):
    due = MONDAY + timedelta(hours=21)
    rows = [
        visit(n, step, stage, 1.0, team=team, outcome=outcome, due_at=due,
              closed_at=due + timedelta(days=1) if n < 3 else due)
        for n in range(6)
        for step, (stage, team, outcome) in enumerate(
            [("Make", "A", "done"), ("Check", "B", "On hold" if n == 0 else "done")]
        )
    ]  # fmt: skip
    found = told(tmp_path, rows)
    assert handovers_words(found.handovers) == (
        "100.0% of the transitions changed the team (6 of 6), most often from A to B (6)."
    )
    assert blocked_words(found.blocked) == (
        "1 visit stood still for 2.0\N{NO-BREAK SPACE}h, 8.3% of all time in stages."
    )
    # the last finish is at 20 h + item minutes + 1 h of waiting + 1 h of work: always after 21 h
    assert ends_words(found.ends) == (
        "Closed after the planned end: 3 of 6 (50.0%); by their last event, 6 of 6 (100.0%)."
    )


def test_a_rare_late_stage_stands_before_the_stage_it_leads_to():
    def node(stage: str, place: float) -> Node:
        return Node(stage, 1, place, 0.0, None, None)

    edges = [Edge("Rare", "Last", 3, 0, 0, None, None, None, None)]
    nodes = [node("Rare", 4.5), node("Last", 3.9), node("First", 1.0)]
    assert [n.stage for n in in_order(nodes, edges)] == ["First", "Rare", "Last"]
