from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from data_access import records as module
from data_access.recording import META
from data_access.records import Action, Decision, Opportunity, Records, Risk
from metrics.errors import AppError, WarehouseError
from metrics.periods import week

W45, W46, W47 = week("2026-W45"), week("2026-W46"), week("2026-W47")
MONDAY = datetime(2026, 11, 16, 8)
HOSTILE = "=HYPERLINK('x')\x00\x07 \ud800 <b>&amp; 'quote' \u202e 🙂\r\nnext\tline"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture
def records(url):
    opened = Records(url)
    yield opened
    opened.close()


def test_new_records_are_empty(records):
    assert records.commentaries("2026-W46") == ()
    assert records.entries(Action) == ()
    assert records.audit() == ()
    assert records.person() == ""


def test_commentary_is_kept_by_period_scope_and_measure(records):
    records.write_commentary("2026-W46", "whole week", by="Lea", at=MONDAY)
    records.write_commentary("2026-W46", "radiology", by="Lea", at=MONDAY, scope="team=Radiology")
    records.write_commentary("2026-W46", "queue", by="Ana", at=MONDAY, metric="queue_time")
    records.write_commentary("2026-W45", "last week", by="Lea", at=MONDAY)
    assert records.commentary("2026-W46").text == "whole week"
    assert records.commentary("2026-W46", scope="team=Radiology").text == "radiology"
    assert records.commentary("2026-W46", metric="queue_time").author == "Ana"
    assert [c.text for c in records.commentaries("2026-W46")] == [
        "whole week",
        "queue",
        "radiology",
    ]
    assert records.commentary("2026-W44") is None


def versions(records):
    """The commentary as the audit trail has it, newest first: text and author."""
    written = [json.loads(change.after) for change in records.audit()]
    return [(version["text"], version["author"]) for version in written]


def test_every_version_of_a_commentary_stays_in_the_audit_trail(records):
    for text, by in [("first", "Lea"), ("second", "Ana"), ("second", "Ana")]:
        records.write_commentary("2026-W46", text, by=by, at=MONDAY)
    assert versions(records) == [("second", "Lea, edited by Ana"), ("first", "Lea")], (
        "writing the same words again is no change"
    )
    assert records.commentary("2026-W46").text == "second"


def test_what_somebody_else_began_stays_theirs(records):
    def author(text: str, by: str) -> str:
        return records.write_commentary("2026-W46", text, by=by, at=MONDAY).author

    assert author("The guideline changed.", "Lea") == "Lea"
    assert author("The guideline changed.", "Ana") == "Lea"
    assert author("The guideline changed. We train.", "Ana") == "Lea, edited by Ana"
    assert author("The guideline changed. We train on Monday.", "Lea") == "Lea, edited by Ana"
    assert author("The guideline changed again.", "Kim") == "Lea, edited by Kim"
    assert author("", "Kim") == "Lea, edited by Kim"
    assert author("Mine.", "Kim") == "Kim"
    assert [entry.by for entry in records.audit()] == ["Kim", "Kim", "Kim", "Lea", "Ana", "Lea"]


def test_a_commentary_taken_back_is_no_longer_shown_but_stays_in_the_audit_trail(records):
    records.write_commentary("2026-W46", "wrong", by="Lea", at=MONDAY)
    records.write_commentary("2026-W46", "  ", by="Lea", at=MONDAY)
    assert records.commentary("2026-W46") is None
    assert records.commentaries("2026-W46") == ()
    assert [text for text, _ in versions(records)] == ["", "wrong"]


def test_an_entry_comes_back_as_it_was_written(records):
    risk = Risk(
        text="Batch 7 slips",
        owner="R. Chen",
        due_on=date(2026, 11, 24),
        likelihood=4,
        impact=5,
        trend="Rising",
        response="Move two reviewers",
    )
    stored = records.add(risk, period=W46, by="Lea", at=MONDAY)
    assert records.entries(Risk) == (stored,)
    assert replace(stored, number=0, raised_on=None, version=0) == risk
    assert (stored.code, stored.score, stored.raised_on) == ("R-01", 20, date(2026, 11, 9))


@pytest.mark.parametrize(
    "entry", [Decision(text="d"), Risk(text="r"), Opportunity(text="o"), Action(text="a")]
)
def test_every_kind_counts_its_own_numbers_and_never_gives_one_twice(records, entry):
    first = records.add(entry, period=W46, by="Lea", at=MONDAY)
    records.remove(first, by="Lea", at=MONDAY)
    second = records.add(entry, period=W46, by="Lea", at=MONDAY)
    assert (first.number, second.number) == (1, 2)
    assert records.entries(type(entry)) == (second,)


def test_an_open_action_is_carried_into_later_weeks_and_never_into_earlier_ones(records):
    action = records.add(
        Action(text="Train", due_on=date(2026, 11, 12)), period=W45, by="Lea", at=MONDAY
    )
    assert records.entries(Action, period=week("2026-W44")) == ()
    assert records.entries(Action, period=W45) == (action,)
    assert records.entries(Action, period=W47) == (action,)
    assert not action.is_overdue(date(2026, 11, 12))
    assert action.is_overdue(date(2026, 11, 13))


def test_a_closed_action_is_told_in_the_week_it_was_closed_and_then_leaves(records):
    action = records.add(Action(text="Train"), period=W45, by="Lea", at=MONDAY)
    done = records.change(replace(action, state="Done"), period=W46, by="Lea", at=MONDAY)
    assert records.entries(Action, period=W46) == (done,)
    assert records.entries(Action, period=W47) == ()
    again = records.change(replace(done, state="Open"), period=W47, by="Lea", at=MONDAY)
    assert records.entries(Action, period=W47) == (again,)
    assert again.closed_on is None


def test_a_change_made_on_an_older_version_is_refused(records):
    action = records.add(Action(text="Train"), period=W46, by="Lea", at=MONDAY)
    records.change(replace(action, owner="Ana"), period=W46, by="Ana", at=MONDAY)
    with pytest.raises(AppError, match="Somebody else changed A-01"):
        records.change(replace(action, owner="Lea"), period=W46, by="Lea", at=MONDAY)
    with pytest.raises(AppError, match="Somebody else changed A-01"):
        records.remove(action, by="Lea", at=MONDAY)
    assert records.entries(Action)[0].owner == "Ana"


def test_an_entry_that_is_gone_cannot_be_changed(records):
    action = records.add(Action(text="Train"), period=W46, by="Lea", at=MONDAY)
    records.remove(action, by="Lea", at=MONDAY)
    with pytest.raises(AppError, match="no longer there"):
        records.change(action, period=W46, by="Lea", at=MONDAY)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Action(text=" "), "few words"),
        (Action(text="a", state="Sleeping"), "Sleeping is not a valid state.*In progress"),
        (Risk(text="r", likelihood=6), "6 is not a valid likelihood"),
        (Risk(text="r", trend="Up"), "Up is not a valid trend"),
        (Opportunity(text="o", effort="Huge"), "Huge is not a valid effort"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_with_the_valid_choices(records, entry, message):
    with pytest.raises(AppError, match=message):
        records.add(entry, period=W46, by="Lea", at=MONDAY)
    assert records.entries(type(entry)) == ()
    assert records.audit() == ()


def test_nothing_is_written_without_a_name(records):
    with pytest.raises(AppError, match="name is needed"):
        records.write_commentary("2026-W46", "text", by=" ", at=MONDAY)
    with pytest.raises(AppError, match="name is needed"):
        records.add(Action(text="a"), period=W46, by="", at=MONDAY)
    assert records.entries(Action) == ()


def test_every_change_leaves_one_line_of_audit_with_before_and_after(records):
    action = records.add(Action(text="Train"), period=W46, by="Lea", at=MONDAY)
    records.change(replace(action, state="Done"), period=W46, by="Ana", at=MONDAY)
    removed = records.entries(Action)[0]
    records.remove(removed, by="Bo", at=MONDAY)
    trail = records.audit()
    assert [(a.by, a.what, a.thing) for a in trail] == [
        ("Bo", "remove", "A-01"),
        ("Ana", "change", "A-01"),
        ("Lea", "add", "A-01"),
    ]
    assert json.loads(trail[1].before)["state"] == "Open"
    assert json.loads(trail[1].after)["state"] == "Done"
    assert (trail[2].before, trail[0].after) == ("", "")
    assert records.audit(limit=1) == trail[:1]


@pytest.mark.parametrize("statement", ["delete from audit", "update audit set by = 'x'"])
def test_the_audit_trail_cannot_be_altered_even_with_sql(records, url, statement):
    records.add(Action(text="Train"), period=W46, by="Lea", at=MONDAY)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()
    assert len(records.audit()) == 1


def test_hostile_text_is_kept_but_for_what_no_file_can_hold(records):
    stored = records.add(Action(text=HOSTILE), period=W46, by=HOSTILE, at=MONDAY)
    assert stored.text == (
        "=HYPERLINK('x')\ufffd\ufffd \ufffd <b>&amp; 'quote' \u202e 🙂\nnext\tline"
    )
    assert records.entries(Action)[0].text == stored.text
    records.write_commentary("2026-W46", HOSTILE, by="Lea", at=MONDAY)
    assert records.commentary("2026-W46").text == stored.text


def test_the_name_for_signing_is_typed_once_and_kept(records, url):
    records.remember_person("Lea  Haddad")
    records.remember_person("Ana Novak")
    other = Records(url)
    assert other.person() == "Ana Novak"
    other.close()


def test_several_processes_write_at_once_and_nothing_is_lost(url):
    code = (
        "import sys; from datetime import datetime\n"
        "from data_access.records import Action, Records; from metrics.periods import week\n"
        "r = Records(sys.argv[1])\n"
        "for i in range(10):\n"
        "    r.add(Action(text=f'{sys.argv[2]} {i}'), period=week('2026-W46'), by='P',"
        " at=datetime(2026, 11, 16))\n"
        "r.close()\n"
    )
    root = Path(module.__file__).parents[1]
    started = [
        subprocess.Popen([sys.executable, "-c", code, url, name], cwd=root) for name in "abc"
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    records = Records(url)
    texts = {action.text for action in records.entries(Action)}
    assert texts == {f"{name} {i}" for name in "abc" for i in range(10)}
    assert len(records.audit()) == 30
    records.close()


def test_the_database_stays_one_file(records, tmp_path):
    records.add(Action(text="Train"), period=W46, by="Lea", at=MONDAY)
    assert [path.name for path in tmp_path.iterdir()] == ["records.sqlite"]


def test_a_damaged_file_is_told_in_our_words(tmp_path):
    path = tmp_path / "records.sqlite"
    path.write_bytes(b"this is not a database, but it is long enough to look at" * 40)
    with pytest.raises(WarehouseError, match=r"records .* cannot be read"):
        Records(f"sqlite:///{path}")


@pytest.mark.parametrize("bad", ["", "no url", "nosuchdb://host/x"])
def test_an_address_that_cannot_be_used_names_the_setting(bad):
    with pytest.raises(WarehouseError, match="PLUMBLINE_RECORDS_URL"):
        Records(bad)


def test_the_tables_can_be_made_on_postgresql():
    for table in META.sorted_tables:
        text = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert table.name in text
    number = module._TABLES[Action].c.number
    assert isinstance(number.type, sa.Integer) and number.primary_key
