"""Requirements: drafted, agreed, frozen, revised, signed off, and every change in the trail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data_access.criteria import Criterion, Step, checked_criterion, weeks_before
from data_access.records import Records
from data_access.requirements import Requirement, in_force
from metrics.errors import AppError

MONDAY = datetime(2026, 11, 16, 8)
HOSTILE = "=HYPERLINK('x')\x00 \ud800 <b>&amp; 🙂\nline"
CRITERION = Criterion(
    metric="rejection_rate", filters="team=Radiology", window="2026-W46", comparison="at most",
    threshold=0.1, min_n=40, due_on=date(2026, 11, 20),
)  # fmt: skip
STEP = Step(text="Review all", responsible="Lea", evidence="Sheet")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records(f"sqlite:///{tmp_path / 'records.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def door(records):
    return records.requirements


def drafted(door, *criteria: Criterion, title="Fit to train on") -> Requirement:
    one = door.add(Requirement(title=title, asked_by="ML"), "As agreed.", by="Lea", at=MONDAY)
    return door.write(
        one, text="As agreed.", steps=[STEP], criteria=criteria or [CRITERION], by="Lea", at=MONDAY
    )


def agreed(door) -> Requirement:
    return door.agree(drafted(door), by="Ana", at=MONDAY)


def versions(door, one):
    return door.editions()[one.number]


def test_a_requirement_comes_back_with_its_steps_and_criteria_as_they_were(door):
    one = drafted(door)
    assert door.all() == (one,)
    (edition,) = versions(door, one)
    assert (one.code, one.state, edition.steps, edition.criteria) == (
        "REQ-01", "draft", (STEP,), (CRITERION,),
    )  # fmt: skip


def test_what_is_agreed_cannot_be_edited(door):
    one = agreed(door)
    with pytest.raises(AppError, match="Version 1 of REQ-01 is agreed and stays as it is"):
        door.write(one, text="Other", steps=[], criteria=[CRITERION], by="Lea", at=MONDAY)
    (edition,) = versions(door, one)
    assert (edition.agreed_by, edition.agreed_at, edition.text) == ("Ana", MONDAY, "As agreed.")


def test_a_new_version_needs_a_reason_and_leaves_the_old_one_with_its_result(door):
    one = agreed(door)
    with pytest.raises(AppError, match="needs a reason"):
        door.revise(one, "  ", outcome="", by="Lea", at=MONDAY)
    one = door.revise(one, "Set too high", outcome="Fails on 16 Nov.", by="Lea", at=MONDAY)
    lower = replace(CRITERION, threshold=0.2)
    one = door.write(one, text="Now", steps=[], criteria=[lower], by="Lea", at=MONDAY)
    first, second = versions(door, one)
    assert (first.criteria, first.outcome, first.text) == (
        (CRITERION,), "Fails on 16 Nov.", "As agreed.",
    )  # fmt: skip
    assert (second.number, second.reason, second.is_agreed) == (2, "Set too high", False)
    assert in_force((first, second)) == first  # a draft does not take a failing criterion away
    door.agree(one, by="Ana", at=MONDAY)
    assert in_force(versions(door, one)).criteria == (lower,)


def test_a_drafted_version_can_be_taken_back(door):
    one = door.revise(agreed(door), "Try", outcome="", by="Lea", at=MONDAY)
    one = door.drop_draft(one, by="Lea", at=MONDAY)
    assert [each.number for each in versions(door, one)] == [1]
    with pytest.raises(AppError, match="no new version"):
        door.drop_draft(one, by="Lea", at=MONDAY)


def test_only_an_agreed_version_is_signed_off_and_only_once(door):
    draft = drafted(door)
    sign = {"note": "ok", "outcome": "All pass.", "by": "M. Chen", "at": MONDAY}
    with pytest.raises(AppError, match="is not agreed"):
        door.sign_off(draft, "accepted", **sign)
    one = door.agree(draft, by="Ana", at=MONDAY)
    with pytest.raises(AppError, match="not a decision"):
        door.sign_off(one, "maybe", **sign)
    one = door.sign_off(one, "accepted", **sign)
    assert (one.state, one.signed_by, one.signed_at, one.sign_note) == (
        "accepted", "M. Chen", MONDAY, "ok",
    )  # fmt: skip
    assert versions(door, one)[0].outcome == "All pass."
    with pytest.raises(AppError, match="is accepted"):
        door.sign_off(one, "rejected", **sign)


def test_a_draft_beside_the_agreed_version_holds_the_sign_off(door):
    one = door.revise(agreed(door), "Try", outcome="", by="Lea", at=MONDAY)
    with pytest.raises(AppError, match="has a drafted version"):
        door.sign_off(one, "accepted", note="", outcome="", by="M", at=MONDAY)


def test_the_result_of_a_sign_off_outlives_the_next_version(door):
    one = door.sign_off(agreed(door), "accepted", note="", outcome="Passed.", by="M", at=MONDAY)
    one = door.revise(one, "Next year", outcome="Fails now.", by="Lea", at=MONDAY)
    assert versions(door, one)[0].outcome == "Passed."
    assert one.state == "accepted"
    one = door.agree(one, by="Ana", at=MONDAY)
    assert (one.state, one.signed_by, one.signed_at) == ("agreed", "", None)


def test_withdrawing_needs_a_reason_and_keeps_the_requirement(door):
    one = agreed(door)
    with pytest.raises(AppError, match="needs a reason"):
        door.withdraw(one, " ", by="Lea", at=MONDAY)
    one = door.withdraw(one, "No longer needed", by="Lea", at=MONDAY)
    assert (door.all()[0].state, one.sign_note) == ("withdrawn", "No longer needed")


def test_a_change_made_on_an_older_version_is_refused(door):
    stale = agreed(door)
    door.change(replace(stale, owner="Lea"), by="Lea", at=MONDAY)
    for lost in (
        lambda: door.change(replace(stale, owner="Ana"), by="Ana", at=MONDAY),
        lambda: door.revise(stale, "x", outcome="", by="Ana", at=MONDAY),
        lambda: door.withdraw(stale, "x", by="Ana", at=MONDAY),
        lambda: door.sign_off(stale, "accepted", note="", outcome="", by="Ana", at=MONDAY),
    ):
        with pytest.raises(AppError, match="Somebody else changed REQ-01"):
            lost()
    assert door.all()[0].owner == "Lea"


def test_details_change_without_touching_state_or_sign_off(door):
    one = agreed(door)
    new = door.change(replace(one, title="Other", state="accepted"), by="Lea", at=MONDAY)
    assert (new.title, new.state) == ("Other", "agreed")


def test_every_change_is_in_the_trail_with_what_was_before(records, door):
    one = agreed(door)
    one = door.revise(one, "Why", outcome="r", by="Lea", at=MONDAY + timedelta(days=1))
    trail = records.audit(about="REQ-01")
    assert [line.what for line in trail] == [
        "revise", "result", "agree", "agree", "write", "write", "add",
    ]  # fmt: skip
    written = trail[4]
    assert json.loads(written.before)["criteria"] == []
    assert json.loads(written.after)["criteria"][0]["threshold"] == 0.1
    assert written.by == "Lea"


def test_nothing_wrong_is_kept(door):
    one = drafted(door)
    bad = replace(CRITERION, metric="rejection_rat")
    with pytest.raises(AppError, match="Did you mean rejection_rate"):
        door.write(one, text="New", steps=[], criteria=[CRITERION, bad], by="Lea", at=MONDAY)
    assert versions(door, one)[0].text == "As agreed."
    for title, by in ((" ", "Lea"), ("x", " ")):
        with pytest.raises(AppError):
            door.add(Requirement(title=title), "", by=by, at=MONDAY)
    with pytest.raises(AppError, match="no acceptance criterion"):
        bare = door.add(Requirement(title="Bare"), "", by="Lea", at=MONDAY)
        door.agree(bare, by="Lea", at=MONDAY)


def test_nasty_text_is_kept_in_clean_form(door):
    one = door.add(Requirement(title=HOSTILE), HOSTILE, by="Lea", at=MONDAY)
    one = door.write(
        one, text=HOSTILE, steps=[Step(text=HOSTILE)], criteria=[], by="Lea", at=MONDAY
    )
    (edition,) = versions(door, one)
    assert edition.text.startswith("=HYPERLINK") and "\x00" not in edition.text
    assert "\n" not in one.title and "\ud800" not in edition.steps[0].text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"filters": "tema=X"}, "is not a filter"),
        ({"filters": "answer=Yes"}, "not recorded by"),
        ({"window": "2026-W60"}, "is not a"),
        ({"window": "last 0 weeks"}, "Between 1 and 52"),
        ({"window": "whole batch"}, "Name the batch"),
        ({"comparison": "around"}, "not a comparison"),
        ({"threshold": 1.5}, "between 0% and 100%"),
        ({"threshold": float("nan")}, "not a number"),
        ({"upper": 0.3}, "belongs to"),
        ({"comparison": "between"}, "belongs to"),
        ({"comparison": "between", "upper": 0.1}, "must be above"),
        ({"min_n": 0}, "at least 1"),
        ({"metric": "time_to_resolve_p50", "threshold": 3, "filters": "", "must_clear": True},
         "has no interval"),
        ({"metric": "work_in_progress", "window": "whole batch", "filters": "batch=B"},
         "counted at a moment"),
    ],
)  # fmt: skip
def test_a_criterion_that_cannot_be_checked_is_refused_in_words(change, says):
    with pytest.raises(AppError, match=says):
        checked_criterion(replace(CRITERION, **change))


def test_filters_and_windows_are_kept_in_one_form():
    typed = replace(CRITERION, filters=" team=B;  dataset=A ", window=" last  4 weeks ")
    found = checked_criterion(typed)
    assert (found.filters, found.window) == ("dataset=A; team=B", "last 4 weeks")


def test_complete_weeks_are_those_over_when_the_day_begins():
    """Monday 16 November begins week 47: weeks 45 and 46 are over, on Sunday only 44 and 45."""
    assert weeks_before(2, date(2026, 11, 16)).name == "2026-11-02..2026-11-15"
    assert weeks_before(2, date(2026, 11, 15)).name == "2026-10-26..2026-11-08"
