"""The Improvements page: the planted truths are told, and what is written is kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.improvements import _TABLE, Improvement
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.periods import Period
from tests.ui.apps import app, home_of, texts
from ui.text import md_escape

PAGE = "pages/delivery/improvements.py"


@pytest.fixture(autouse=True)
def sample(sample_workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    copied = Workspace(shutil.copytree(sample_workspace.root, tmp_path / "home" / "sample"))
    with home_of(tmp_path / "home"):
        yield copied


def table(page: AppTest) -> dict[str, dict[str, object]]:
    frame = page.dataframe[0].value
    return {str(row["Improvement"]): dict(row) for _, row in frame.iterrows()}


def rewrite(workspace: Workspace, code: str, **columns: str) -> None:
    """Make an improvement as one written down before the catalogue changed."""
    with Records(workspace).improvements._database.writing() as connection:
        connection.execute(
            _TABLE.update().where(_TABLE.c.number == int(code.removeprefix("I-"))).values(**columns)
        )


def opened(code: str) -> AppTest:
    return app(PAGE).selectbox(key="improvement").set_value(code).run()


def told(page: AppTest) -> str:
    return texts(page).replace("\\", "")


def test_each_planted_truth_has_its_verdict() -> None:
    page = app(PAGE)
    assert not page.exception
    rows = table(page)
    assert {name: row["Verdict"] for name, row in rows.items()} == {
        "Guideline v3": "■ Worse",
        "First reviews are assigned by turn": "○ No clear change",
        "Topic list v2": "○ Cannot be told",
    }


def test_the_planted_doubling_of_rejections_lies_in_the_interval(sample: Workspace) -> None:
    page = opened("I-02")
    assert not page.exception
    assert "Rejection rate got worse" in told(page)
    low, high = (
        str(table(page)["Guideline v3"]["Interval"])
        .replace("\N{NO-BREAK SPACE}pts", "")
        .split(" to ")
    )
    assert float(low) < 8.0 < float(high)  # planted: 8% became 16%


def test_the_numbers_are_written_as_the_measure_writes_them(sample: Workspace) -> None:
    """Shares stand as 4.0%, one decimal, not as 0.04: a hundred times what the store answers."""
    page = opened("I-02")
    (found,) = [one for one in page.dataframe if "first_day" in one.value.columns]
    store = Store.open(sample)
    about = next(one for one in Records(sample).improvements.all() if one.number == 2)
    grain = "day" if "W" not in str(found.value["period"].iloc[0]) else "week"
    days = list(found.value["first_day"])
    window = about.during(Period(min(days), max(days) + timedelta(days=7)))
    asked = store.series_values(METRICS[about.metric], window, grain)[about.metric]
    shares = {one.period.name: one.value for one in asked}
    shown = dict(zip(found.value["period"], found.value["value"], strict=True))
    known = {name: value for name, value in shown.items() if value == value}
    assert len(known) > 20
    for name, value in known.items():
        assert abs(value - 100 * shares[name]) <= 0.05 + 1e-9
        assert value == round(value, 1)
    columns = json.loads(found.proto.columns)
    for name in ("value", "comparison", "fitted", "expected", "expected_low", "expected_high"):
        assert columns[name]["type_config"]["format"] == "%,.1f%%"


def test_too_few_periods_are_said_with_their_number() -> None:
    page = opened("I-03")
    assert "3 weeks missing after the change (7 of the 10 needed" in told(page)


def test_nasty_words_are_shown_as_they_were_typed(sample: Workspace) -> None:
    name = "=1+1 <b>bold</b> **x** " + "a" * 150
    Records(sample).improvements.add(
        Improvement(name=name, start_on=date(2026, 9, 1), metric="turnaround_p50"),
        by="Ana Novak",
        at=datetime(2026, 11, 16),
    )
    page = opened("I-04")
    assert not page.exception
    assert md_escape(name) in texts(page)
    assert "after its start" in texts(page)


def test_an_improvement_is_written_down_in_the_form(sample: Workspace) -> None:
    page = app(PAGE)
    page.button(key="add_improvement").click().run()
    page.text_input(key="who_improvement").set_value("Ana Novak").run()
    next(field for field in page.text_input if field.label == "What is changed").set_value(
        "Second shift"
    )
    page.button(key="improvement_save").click().run()
    assert not page.exception
    (new,) = [one for one in Records(sample).improvements.all() if one.name == "Second shift"]
    assert (new.start_on, new.metric, new.written_by) == (
        date(2026, 11, 16), "queue_time", "Ana Novak",
    )  # fmt: skip


def test_a_measure_that_is_refused_is_not_offered() -> None:
    page = app(PAGE)
    page.button(key="add_improvement").click().run()
    (picker,) = [one for one in page.selectbox if one.label == "Measure it should move"]
    assert {"Flow: Items waiting", "Flow: Work in progress"}.isdisjoint(picker.options)
    assert "Flow: Items completed" in picker.options


def test_a_nameless_improvement_is_refused_in_words() -> None:
    page = app(PAGE)
    page.button(key="add_improvement").click().run()
    page.text_input(key="who_improvement").set_value("Ana Novak").run()
    page.button(key="improvement_save").click().run()
    assert "The improvement needs a name" in " ".join(str(e.value) for e in page.error).replace(
        "\\", ""
    )


GONE = {
    "measure": (
        {"metric": "old_rate"},
        "The measure old_rate is no longer in the catalogue. Choose Change and take another",
    ),
    "dimension of its slices": (
        {"filters": '{"planet": ["Mars"]}'},
        "are not recorded by planet. Choose Change and take other slices, or another measure.",
    ),
    "dimension of another mart in its comparison": (
        {"comparison": '{"error_type": ["Typo"]}'},
        "are not recorded by error type. Choose Change and take other slices, or another measure.",
    ),
}


@pytest.mark.parametrize("what", GONE)
def test_what_left_the_catalogue_is_said_of_that_one_and_the_rest_is_measured(
    sample: Workspace, what: str
) -> None:
    columns, sentence = GONE[what]
    rewrite(sample, "I-01", **columns)  # planted: no clear change
    page = opened("I-01")
    assert not page.exception
    assert sentence in told(page).replace("**", "")
    rows = table(page)
    assert {name: row["Verdict"] for name, row in rows.items()} == {
        "Guideline v3": "■ Worse",
        "First reviews are assigned by turn": "○ Cannot be told",
        "Topic list v2": "○ Cannot be told",
    }
    assert rows["First reviews are assigned by turn"]["Effect"] == "n/a"
    # Of three one got worse, one has too few weeks, one lost its measure or slices.
    assert "1 cannot be told yet" in told(page)
    assert "1 to change" in told(page)


def test_one_whose_measure_is_gone_takes_another_in_the_form(sample: Workspace) -> None:
    rewrite(sample, "I-01", metric="old_rate", filters='{"planet": ["Mars"]}')
    page = opened("I-01")
    page.button(key="change_improvement").click().run()
    assert not page.exception
    chosen = next(box for box in page.selectbox if box.label == "Measure it should move")
    assert chosen.value is None
    chosen.set_value("queue_time").run()
    assert "What the change touches is kept without: planet" in told(page)
    page.text_input(key="who_improvement").set_value("Ana Novak").run()
    page.button(key="improvement_save").click().run()
    assert not page.exception
    (now,) = [one for one in Records(sample).improvements.all() if one.code == "I-01"]
    assert (now.metric, now.filters) == ("queue_time", "")
