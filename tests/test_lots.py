"""Sampled lots: kept, corrected, decided, taken back, and every change in the trail."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.sampling.history import Series, closed, outcome_of, standings
from analysis.sampling.iso2859 import plan
from analysis.sampling.model import Decision, Plan, Severity, plan_of, plan_text
from analysis.sampling.risks import zero
from analysis.sampling.sequential import sequential
from data_access.lots import Drawn, Lot
from data_access.records import Records
from metrics.errors import AppError

MONDAY = datetime(2026, 11, 16, 8)
H = plan(420, "II", 2.5)
HOSTILE = "=HYPERLINK('x')\x00 \ud800 <b>&amp; 🙂\nline"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records(f"sqlite:///{tmp_path / 'records.sqlite'}")
    yield opened
    opened.close()


def drawn(records: Records, used: Plan = H, *, project: str = "Chest CT", **more: object) -> Lot:
    lot = Lot(
        name="Batch 7", project=project, scope="Week 46", size=used.size, plan=plan_text(used),
        seed=11, drawn_at=MONDAY, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    items = [(f"CT-{i:03}", f"Person {i % 3}") for i in range(used.n)]
    return records.lots.draw(lot, items, by="Lea  Haddad", at=MONDAY)


def checked(records: Records, lot: Lot, bad: int) -> tuple[Drawn, ...]:
    items = records.lots.items(lot)
    results = [
        replace(item, result="fail" if i < bad else "pass", error_type="Label" if i < bad else "")
        for i, item in enumerate(items)
    ]
    records.lots.record(lot, results, by="Ana", at=MONDAY)
    return records.lots.items(lot)


def decided(records: Records, bad: int, used: Plan = H, *, days: int = 0, **more: object) -> Lot:
    lot = drawn(records, used, **more)  # type: ignore[arg-type]
    found = outcome_of(lot, checked(records, lot, bad))
    return records.lots.decide(
        lot, found.decision.value, checked=found.checked, defective=found.defective, by="Ana",
        at=MONDAY + timedelta(days=days),
    )  # fmt: skip


def test_a_drawn_lot_keeps_its_plan_seed_and_items_in_order(records):
    lot = drawn(records, is_stratified=True)
    (found,) = records.lots.all()
    assert found == lot
    assert (found.code, found.drawn, found.drawn_by) == ("L-01", 50, "Lea Haddad")
    assert plan_of(found.plan) == H
    items = records.lots.items(found)
    assert [item.place for item in items] == list(range(1, 51))
    assert (items[4].item_id, items[4].annotator, items[4].result) == ("CT-004", "Person 1", "")


@pytest.mark.parametrize(
    "used",
    [H, zero(420, 0.05, 0.1), sequential(420, 0.02, 0.05, 0.08, 0.1)],
    ids=lambda p: p.scheme,
)
def test_every_kind_of_plan_comes_back_as_it_was(used):
    assert plan_of(plan_text(used)) == used


def test_results_are_kept_and_only_changes_are_counted(records):
    lot = drawn(records)
    items = records.lots.items(lot)
    some = [replace(items[0], result="pass"), replace(items[1], result="fail", note=HOSTILE)]
    assert records.lots.record(lot, some, by="Ana", at=MONDAY) == 2
    assert records.lots.record(lot, some, by="Lea", at=MONDAY) == 0
    found = records.lots.items(lot)
    assert (found[0].result, found[0].by, found[0].at) == ("pass", "Ana", MONDAY)
    assert found[1].note.startswith("=HYPERLINK") and "\x00" not in found[1].note
    assert found[2].result == ""


def test_a_corrected_result_leaves_its_old_value_in_the_trail(records):
    lot = drawn(records)
    item = records.lots.items(lot)[0]
    for result, by in (("fail", "Ana"), ("pass", "Lea"), ("", "Ana")):
        records.lots.record(lot, [replace(item, result=result)], by=by, at=MONDAY)
    trail = [change for change in records.audit() if change.what == "result"]
    said = [(json.loads(c.before)["result"], json.loads(c.after)["result"], c.by) for c in trail]
    assert said == [("pass", "", "Ana"), ("fail", "pass", "Lea"), ("", "fail", "Ana")]
    assert {change.thing for change in trail} == {"L-01 1"}


def test_one_wrong_result_keeps_none_of_them(records):
    lot = drawn(records)
    items = records.lots.items(lot)
    good = replace(items[0], result="pass")
    for bad in (
        replace(items[1], result="maybe"),
        replace(items[1], item_id="CT-999", result="pass"),
        replace(items[1], place=51, result="pass"),
    ):
        with pytest.raises(AppError):
            records.lots.record(lot, [good, bad], by="Ana", at=MONDAY)
    assert not any(item.result for item in records.lots.items(lot))


def test_a_decided_lot_is_corrected_only_after_its_decision_is_taken_back(records):
    lot = decided(records, 4)
    assert (lot.decision, lot.checked, lot.defective) == ("not accepted", 50, 4)
    wrong = replace(records.lots.items(lot)[0], result="pass", error_type="")
    with pytest.raises(AppError, match="decided"):
        records.lots.record(lot, [wrong], by="Lea", at=MONDAY)
    lot = records.lots.take_back(lot, by="Lea", at=MONDAY)
    assert (lot.decision, lot.decided_at, lot.decided_by) == ("", None, "")
    records.lots.record(lot, [wrong], by="Lea", at=MONDAY)
    found = outcome_of(lot, records.lots.items(lot))
    assert (found.decision, found.defective) == (Decision.ACCEPTED, 3)
    done = [change.what for change in records.audit()]
    assert done[:2] == ["result", "take back"] and "decide" in done and done[-1] == "draw"


def test_a_lot_is_decided_once_and_only_as_lots_are(records):
    lot = decided(records, 1)
    with pytest.raises(AppError, match="is accepted"):
        records.lots.decide(lot, "not accepted", checked=1, defective=1, by="A", at=MONDAY)
    with pytest.raises(AppError, match="not a decision"):
        records.lots.decide(lot, "perhaps", checked=1, defective=1, by="A", at=MONDAY)


def test_a_decision_on_counts_that_somebody_changed_meanwhile_is_refused(records):
    """Ana sees 0 of 50; before she accepts, Lea finds the first four defective."""
    lot = drawn(records)
    seen = outcome_of(lot, checked(records, lot, 0))
    checked(records, lot, 4)
    with pytest.raises(AppError, match="4 of 50 checked items are defective now"):
        records.lots.decide(
            lot, "accepted", checked=seen.checked, defective=seen.defective, by="Ana", at=MONDAY
        )
    assert records.lots.decided() == ()


def test_a_change_made_on_an_older_version_is_refused(records):
    lot = decided(records, 1)
    records.lots.take_back(lot, by="Lea", at=MONDAY)
    with pytest.raises(AppError, match="Somebody else changed L-01"):
        records.lots.take_back(lot, by="Ana", at=MONDAY)


def test_a_removed_lot_leaves_the_lists_and_stays_in_the_trail(records):
    lot = drawn(records)
    records.lots.remove(lot, by="Lea", at=MONDAY)
    assert records.lots.all() == ()
    assert records.audit()[0].what == "remove"
    with pytest.raises(AppError, match="no longer there"):
        records.lots.record(lot, [], by="Lea", at=MONDAY)
    with pytest.raises(AppError, match="Take the decision back"):
        one = decided(records, 0)
        records.lots.remove(one, by="Lea", at=MONDAY)


def test_nothing_is_drawn_unsigned_unnamed_or_empty(records):
    lot = Lot(name=" ", project="P", scope="", size=3, plan="{}", seed=1, drawn_at=MONDAY)
    with pytest.raises(AppError, match="needs a name"):
        records.lots.draw(lot, [("a", "b")], by="Lea", at=MONDAY)
    with pytest.raises(AppError, match="name is needed to sign"):
        records.lots.draw(replace(lot, name="x"), [("a", "b")], by=" ", at=MONDAY)
    with pytest.raises(AppError, match="Nothing was drawn"):
        records.lots.draw(replace(lot, name="x"), [], by="Lea", at=MONDAY)


def test_records_made_before_there_were_lots_get_their_tables(tmp_path):
    path = tmp_path / "records.sqlite"
    Records(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as old:
        old.execute("drop table lots")
        old.execute("drop table lot_items")
    old.close()
    records = Records(f"sqlite:///{path}")
    assert drawn(records).number == 1
    records.close()


def test_a_damaged_plan_is_told_in_our_words():
    with pytest.raises(AppError, match="cannot be read"):
        plan_of('{"scheme": "nonsense"}')


# --- the history

CHEST = Series("Chest CT", 2.5, "II")


def test_each_project_stands_where_its_own_lots_lead(records):
    """Chest CT: two of three not accepted. Calls: one of one accepted."""
    decided(records, 4, days=0)
    decided(records, 0, days=1)
    decided(records, 1, project="Calls", days=1)
    decided(records, 5, days=2)
    found = standings(records.lots.decided())
    assert found[CHEST].severity is Severity.TIGHTENED
    assert found[CHEST].rule.startswith("2 of the last 3 lots")
    assert (
        found[Series("Calls", 2.5, "II")].severity,
        found[Series("Calls", 2.5, "II")].score,
    ) == (Severity.NORMAL, 3)


def test_lots_at_another_aql_or_level_are_another_series(records):
    """Two refusals, one at AQL 2.5 and one at 1.0, are two of no five lots under one plan."""
    strict, large = plan(420, "II", 1.0), plan(420, "III", 2.5)
    decided(records, 4, days=0)
    decided(records, 2, strict, days=1)
    decided(records, large.re, large, days=2)
    found = standings(records.lots.decided())
    assert set(found) == {CHEST, Series("Chest CT", 1.0, "II"), Series("Chest CT", 2.5, "III")}
    assert {each.severity for each in found.values()} == {Severity.NORMAL}
    assert all(each.recent == (False,) for each in found.values())
    last = closed(records.lots.decided())[-1]
    assert last.standing_words == (
        "Normal inspection, as the lots before at AQL 2.5, level III ask for"
    )


def test_lots_count_in_the_order_in_which_they_were_drawn(records):
    """Decided last, but drawn first: it stays the first."""
    decided(records, 4, days=5)
    decided(records, 0, days=1)
    assert [lot.number for lot in records.lots.decided()] == [1, 2]
    assert standings(records.lots.decided())[CHEST].recent == (False, True)


def test_a_certificate_says_how_the_lot_was_inspected(records):
    decided(records, 4, days=0)
    decided(records, 4, days=1)
    tightened = plan(420, "II", 2.5, Severity.TIGHTENED)
    decided(records, 2, tightened, days=2)
    decided(records, 0, H, days=3)
    decided(records, 0, tightened, days=4, is_resubmitted=True)
    decided(records, 0, zero(420, 0.05, 0.1), days=5)
    found = closed(records.lots.decided())
    assert [one.standing_words for one in found] == [
        "Normal inspection, as the lots before at AQL 2.5, level II ask for",
        "Normal inspection, as the lots before at AQL 2.5, level II ask for",
        "Tightened inspection, as the lots before at AQL 2.5, level II ask for",
        "Normal inspection, although the lots before at AQL 2.5, level II ask for tightened: the "
        "switching rules do not count this lot",
        "Outside the switching rules: the lot came back after a refusal",
        "Outside the switching rules: the plan is not of ISO 2859-1",
    ]
    assert found[0].counts_words == "4 of 50 checked items defective"
    assert found[0].rate_words == "8.0%, 95% interval 2.2–19.2%"
    assert found[2].after.severity is Severity.TIGHTENED


def test_a_plan_found_in_one_source_only_is_marked_on_the_certificate(records):
    """Reduced G at AQL 10 is one of the five cells that one public source has."""
    decided(records, 0, plan(170, "II", 10.0, Severity.REDUCED))
    decided(records, 0)
    once, twice = closed(records.lots.decided())
    assert once.plan_words.endswith("; table cell found in one public source only")
    assert "one public source" not in twice.plan_words


def test_a_certificate_says_when_small_groups_were_drawn_more_than_their_share(records):
    """500 items, one person 485: 35 and one of each of 15 others, who are all wrong."""
    used = replace(plan(500, "II", 2.5), strata=(485, *[1] * 15))
    lot = Lot(
        name="Uneven", project="Chest CT", scope="", size=500, plan=plan_text(used), seed=1,
        is_stratified=True, drawn_at=MONDAY,
    )  # fmt: skip
    people = ["busy"] * 35 + [f"rare {i}" for i in range(15)]
    lot = records.lots.draw(lot, [(f"I{i}", w) for i, w in enumerate(people)], by="L", at=MONDAY)
    results = [
        replace(item, result="pass" if item.annotator == "busy" else "fail")
        for item in records.lots.items(lot)
    ]
    records.lots.record(lot, results, by="Ana", at=MONDAY)
    found = outcome_of(lot, records.lots.items(lot))
    assert found.weighted is not None and found.weighted.rate == pytest.approx(0.03)
    records.lots.decide(
        lot, found.decision.value, checked=50, defective=15, by="Ana", at=MONDAY
    )  # fmt: skip
    (one,) = closed(records.lots.decided(), records.lots.items)
    assert one.found_words.startswith("15 of 50 checked items defective: 30.0%, 95% interval")
    assert "Weighted by annotator about 3.0% of the lot is defective" in one.found_words
