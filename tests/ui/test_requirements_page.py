"""The Requirements page: from a draft to the sign-off, with its evidence and failing rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from data_access.criteria import Criterion, Step
from data_access.records import Records
from data_access.requirements import Requirement
from data_access.workspace import Workspace
from tests.browsing import heard, settle, visit
from tests.serving import LiveServer
from tests.ui.apps import app, home_of, made, texts
from tests.uploading import Row

PAGE = "pages/delivery/requirements.py"
NASTY = "**CT** [x](https://evil.example) :material/home: =1+1 <b>&amp;" + "x" * 120
REVIEWS: list[Row] = [
    {
        "review_id": f"R-{i}", "item_id": f"CT-{i:03}", "review_stage": 1, "reviewer": "A. Novak",
        "team": "T", "dataset": "D", "reviewed_at": "2026-11-15 10:00",
        "outcome": "rejected" if i < 5 else "accepted",
    }
    for i in range(50)
]  # fmt: skip
RATE = Criterion(
    metric="rejection_rate", window="2026-W46", comparison="at most", threshold=0.08, min_n=50,
    due_on=date(2026, 11, 20),
)  # fmt: skip
EARLY = datetime(2026, 10, 1, 9)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """50 reviews of week 46, 5 of them rejections."""
    made(Workspace(tmp_path / "own"), reviews=REVIEWS)
    with home_of(tmp_path):
        yield tmp_path


@pytest.fixture
def records(home: Path) -> Iterator[Records]:
    opened = Records(Workspace(home / "own"))
    yield opened
    opened.close()


def kept(records: Records, *criteria: Criterion, title: str = "Fit to train on") -> Requirement:
    door = records.requirements
    one = door.add(Requirement(title=title, asked_by=title), title, by="Lea", at=EARLY)
    steps = [Step(text=title, responsible=title, evidence=title)]
    one = door.write(one, text=title, steps=steps, criteria=criteria, by="Lea", at=EARLY)
    return door.agree(one, by=title[:200], at=EARLY)


def signed(started: AppTest) -> AppTest:
    started.text_input(key="who_requirements").set_value("Lea Haddad").run()
    assert not started.exception
    return started


def said(started: AppTest) -> str:
    return texts(started).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def press(started: AppTest, key: str) -> AppTest:
    started.button(key=key).click().run()
    assert not started.exception
    return started


def test_an_empty_register_says_what_to_do(home: Path) -> None:
    started = app(PAGE)
    assert not started.exception
    assert "No requirement is written yet." in said(started)
    assert started.button(key="add_requirement").disabled


def test_the_matrix_and_the_evidence_say_what_was_worked_out_by_hand(records: Records) -> None:
    """5 of 50 is 10.0%; Wilson's interval of it is 4.3% to 21.4%."""
    kept(records, RATE, replace(RATE, threshold=0.1), replace(RATE, min_n=51))
    started = app(PAGE)
    assert not started.exception
    told = said(started)
    assert "One requirement is agreed: one fails." in told
    assert "1 of 3 criteria pass, 1 fails, 1 has not enough evidence." in told
    assert "Rejection rate was 10.0%; at most 8.0% was asked, so it misses by 2.0 pts." in told
    assert "n = 50 reviews · 95% interval 4.3–21.4% · margin −2.0 pts · due in 4 days" in told
    assert "Too few reviews: 50 of the 51 needed." in told
    (matrix, *_) = started.table
    cells = matrix.value.iloc[0].to_dict()
    assert cells["Verdict"].startswith(":red-badge[■ Fail]")
    assert "● Pass" in cells["Criterion 2"] and "Rejection rate 10" in cells["Criterion 2"]
    assert "▲ Not enough evidence" in cells["Criterion 3"]


def test_the_failing_rows_are_those_that_were_rejected(records: Records) -> None:
    kept(records, RATE)
    started = press(app(PAGE), "rows_1_0")
    shown = next(frame.value for frame in started.dataframe if "item_id" in frame.value)
    assert sorted(shown["item_id"]) == [f"CT-{i:03}" for i in range(5)]
    assert "5 rows, newest first" in said(started)


def test_a_number_opens_like_every_other(records: Records) -> None:
    kept(records, RATE)
    started = press(app(PAGE), "explain_1_0")
    assert "5 of 50" in said(started) or "10.0%" in said(started)


FORM = """
import streamlit as st
from analysis import compare
from data_access.store import Store
from data_access.workspace import own
from metrics.periods import week
from metrics.scope import Scope
from ui import criterion_form
from ui.view import View

store = Store.open(own())
span = week("2026-W46")
view = View(store, Scope(span), compare.windows(span, "previous", store.today), "", "light")
st.session_state["found"] = criterion_form.fields(view, None)
"""


@pytest.fixture
def form(home: Path) -> AppTest:
    """The fields of a criterion, on the measure rejection rate."""
    started = AppTest.from_string(FORM, default_timeout=60).run()
    started.selectbox(key="crit_metric").set_value("rejection_rate").run()
    assert not started.exception
    return started


def test_a_criterion_is_typed_in_the_unit_of_its_measure(form: AppTest) -> None:
    form.selectbox(key="crit_window").set_value("A week").run()
    form.date_input(key="crit_week").set_value(date(2026, 11, 12))
    form.number_input(key="crit_low_rejection_rate").set_value(10.0)
    form.number_input(key="crit_n_rejection_rate").set_value(50)
    form.date_input(key="crit_due").set_value(date(2026, 11, 20)).run()
    assert not form.exception
    assert form.session_state["found"] == replace(RATE, threshold=0.1)
    assert "These days are over" in said(form)


@pytest.mark.parametrize(
    ("filters", "says", "is_kept"),
    [
        ("tema=X", "is not a filter", False),
        ("batch=B-1", "Reviews are not recorded by Batch", False),
        ("dataset=CTX", "No row has dataset=CTX yet. There are: D.", True),
        ("dataset=D; team=T", "Dataset: D; Team: T", True),
    ],
)
def test_filters_are_checked_while_they_are_typed(
    form: AppTest, filters: str, says: str, is_kept: bool
) -> None:
    form.text_input(key="crit_filters").set_value(filters).run()
    assert not form.exception
    assert says.casefold() in said(form).replace("*", "").casefold()
    assert (form.session_state["found"] is not None) is is_kept


def test_an_interval_is_offered_only_where_the_measure_has_one(form: AppTest) -> None:
    assert not form.checkbox(key="crit_clear_rejection_rate").disabled
    form.selectbox(key="crit_metric").set_value("turnaround_p50").run()
    assert form.checkbox(key="crit_clear_turnaround_p50").disabled


def test_a_requirement_is_agreed_and_signed_off_in_the_app(records: Records) -> None:
    door = records.requirements
    one = door.add(Requirement(title="Reports read alike"), "", by="Lea", at=EARLY)
    ten = replace(RATE, threshold=0.1)
    door.write(one, text="One in ten", steps=[], criteria=[ten], by="Lea", at=EARLY)
    started = signed(app(PAGE))
    assert "Rejection rate was" not in said(started)  # a draft shows no result
    press(started, "agree")
    told = said(started)
    assert "Rejection rate was 10.0%; at most 10.0% was asked." in told
    assert "Set after the data" in told
    (one,) = door.all()
    started.text_area(key=f"sign_note_{one.version}").set_value("Good").run()
    press(started, "sign_accepted")
    (one,) = door.all()
    assert (one.state, one.signed_by, one.sign_note) == ("accepted", "Lea Haddad", "Good")
    assert door.editions()[1][0].outcome.startswith("Its one criterion passes on")


@pytest.mark.browser
def test_a_requirement_is_written_from_nothing_in_the_browser(
    own_server: LiveServer, browser_page: Page
) -> None:
    page = visit(browser_page, f"{own_server}/requirements")
    page.get_by_role("textbox", name="Your name").fill("Lea Haddad")
    page.get_by_role("textbox", name="Your name").press("Enter")
    settle(page)
    page.get_by_role("button", name="Add", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Title").fill("Biopsy slides fit to train on")
    dialog.get_by_role("textbox", name="Asked by").fill("ML pathology")
    dialog.get_by_role("textbox", name="What is asked").fill("Few slides are rejected.")
    dialog.get_by_role("button", name="Save as a draft").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Add a step").click()
    dialog.get_by_role("textbox", name="What is done").fill("Review every slide")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Add a criterion").click()
    dialog.get_by_role("textbox", name="Where").fill("dataset=Biopsy slides")
    dialog.get_by_role("textbox", name="Where").press("Enter")
    expect(dialog.get_by_text("Dataset: Biopsy slides; last complete 4 weeks")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Agree on version 1").click()
    settle(page)
    expect(page.get_by_text("Six requirements are agreed")).to_be_visible()
    expect(page.get_by_text("REQ-06 Biopsy slides fit to train on").last).to_be_visible()
    assert heard(page).console_errors == []


def test_a_new_version_is_begun_with_a_reason_and_the_old_one_keeps_its_result(
    records: Records,
) -> None:
    one = kept(records, RATE)
    started = signed(app(PAGE))
    assert started.button(key="revise").disabled
    started.text_area(key=f"revise_why_{one.version}").set_value("Too strict").run()
    press(started, "revise")
    first, second = records.requirements.editions()[1]
    assert "Its one criterion fails on 16 Nov 2026." in first.outcome.replace("\xa0", " ")
    assert (second.reason, second.is_agreed) == ("Too strict", False)
    told = said(started)
    assert "Version 2, a draft" in told and "Result: Its one criterion fails" in told
    assert "One requirement is agreed: one fails." in told


def test_somebody_elses_change_is_told_and_nothing_is_lost(records: Records) -> None:
    one = kept(records, RATE)
    started = signed(app(PAGE))
    started.text_input(key=f"withdraw_why_{one.version}").set_value("Gone").run()
    records.requirements.change(replace(one, owner="Ana"), by="Ana", at=EARLY)
    press(started, "withdraw")
    assert "Somebody else changed REQ-01 in the meantime" in said(started)
    assert records.requirements.all()[0].state == "agreed"


def test_nasty_text_is_shown_literally_everywhere(records: Records) -> None:
    kept(records, RATE, title=NASTY)
    started = signed(app(PAGE))
    assert not started.exception
    raw = texts(started) + str(started.table[0].value.to_dict())
    assert "](https" not in raw and "evil" in raw
    assert re.search(r"(?<!\\):material", raw) is None


def test_a_measure_that_left_the_catalogue_is_said_and_the_page_lives(records: Records) -> None:
    one = kept(records, RATE)
    from sqlalchemy import text

    with records.requirements._database.writing() as connection:
        connection.execute(
            text("update requirement_versions set criteria = replace(criteria, 'rejection_rate', "
                 "'old_rate') where requirement = :n"), {"n": one.number},
        )  # fmt: skip
    started = app(PAGE)
    assert not started.exception
    assert "The measure old_rate is no longer in the catalogue." in said(started)
