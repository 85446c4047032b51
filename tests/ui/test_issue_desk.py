"""The Issue desk: from the upload over triage, escalation and closure into the report."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from data_access import warehouse
from data_access.cases import CLOSED, ESCALATED, TRIAGED, WAITING, Case
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import week
from reports import weekly
from reports.blocks import Paragraph, Table, cell_text, plain
from sample_data.plants import CLOCK
from tests.browsing import browsing, heard, settle, visit
from tests.serving import LiveServer
from tests.ui.apps import app, home_of, made, texts
from tests.uploading import Row, upload

PAGE = "pages/now/issue_desk.py"
NASTY = "=1+1 **bold** <b>x</b> [link](http://x) " + "long " * 40
ISSUES: list[Row] = [
    {
        "issue_key": f"OPS-{n}", "team": "Radiology" if n < 3 else "Pathology", "project": "CT",
        "summary": summary, "priority": priority, "status": "Open", "status_category": "To Do",
        "assignee": "Ann" if n == 1 else None, "due_on": due,
        "created_at": created, "updated_at": created,
    }
    for n, summary, priority, due, created in (
        (1, "Zoom is lost", "Highest", "2026-11-13", "2026-11-12 07:00"),
        (2, NASTY, "Medium", None, "2026-11-15 07:00"),
        (3, "Who signs?", "Someday", "2026-11-20", "2026-11-14 07:00"),
    )
]  # fmt: skip
POLICIES: list[Row] = [
    {
        "severity": None, "team": None, "response_hours": 48.0, "resolution_hours": 72.0,
        "clock": "calendar", "pauses": "Waiting for the reporter", "valid_from": "2026-01-01",
    }
]  # fmt: skip
LADDER: list[Row] = [
    {
        "level": n, "escalate_to": to, "after": "resolution breached", "hours": 0.0,
        "valid_from": "2026-01-01",
    }
    for n, to in ((1, "Team lead"), (2, "Director"))
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    own = Workspace(tmp_path / "own")
    made(own, issues=ISSUES, sla_policies=POLICIES, escalation_ladder=LADDER)
    own.save_settings(replace(own.settings, hide_names=False))
    warehouse.publish(own)
    with home_of(tmp_path):
        yield tmp_path


@pytest.fixture
def records(home: Path) -> Iterator[Records]:
    opened = Records(Workspace(home / "own"))
    yield opened
    opened.close()


def signed(started: AppTest) -> AppTest:
    started.text_input(key="who_desk").set_value("Lea Haddad").run()
    assert not started.exception
    return started


def opened(started: AppTest, key: str) -> AppTest:
    box = started.selectbox(key="desk_issue")
    box.set_value(next(name for name in box.options if name.startswith(f"{key} "))
                  .split(": ")[0]).run()  # fmt: skip
    assert not started.exception
    return started


def field(started: AppTest, label: str):
    kinds = (started.text_input, started.selectbox, started.date_input, started.text_area)
    return next(one for kind in kinds for one in kind if one.label == label)


def press(started: AppTest, label: str) -> AppTest:
    next(button for button in started.button if button.label == label).click().run()
    assert not started.exception
    return started


def queue(started: AppTest) -> list[str]:
    return list(started.dataframe[0].value["Issue"])


def test_the_queue_is_in_order_and_the_banner_says_the_worst(home: Path) -> None:
    """OPS-1: 27 × 1.4; OPS-3: unknown counts as Medium, 3 × 1.2; OPS-2: 3 × 1.1."""
    started = app(PAGE)
    table = started.dataframe[0].value
    assert list(table["Issue"]) == ["OPS-1", "OPS-3", "OPS-2"]
    assert list(table["Priority"]) == pytest.approx([37.8, 3.6, 3.3])
    assert list(table["Severity"]) == ["Critical", "Not set", "Medium"]
    assert list(table["SLA"]) == [
        "■ 48.0\N{NO-BREAK SPACE}h over, response", "▲ 0.0\N{NO-BREAK SPACE}h left, response",
        "● 24.0\N{NO-BREAK SPACE}h left, response",
    ]  # fmt: skip
    said = texts(started)
    assert (
        "**■ 3 of 3 open issues need somebody.** 1 past their SLA, 1 soon past their SLA, "
        "1 overdue, 3 not triaged yet, 2 without an owner." in said
    )


def test_a_week_is_walked_from_triage_over_escalation_and_closure_into_the_report(
    home: Path, records: Records
) -> None:
    started = opened(signed(app(PAGE)), "OPS-1")
    assert "24.0\N{NO-BREAK SPACE}h over 72.0" in texts(started).replace("\\", "")
    field(started, "Owner").set_value("Bo Moss")
    field(started, "Severity").set_value("High")
    field(started, "Next step").set_value("Ask for the file")
    field(started, "By").set_value(date(2026, 11, 18))
    field(started, "Waits for").set_value("the reporter")
    press(started, "Triage")
    (case,) = records.desk.all()
    assert (case.owner, case.severity, case.next_step) == ("Bo Moss", "High", "Ask for the file")
    assert (case.state, case.waits_for, case.due_on) == (
        WAITING, "the reporter", date(2026, 11, 18)
    )  # fmt: skip
    said = texts(started).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
    assert "paused since 16 Nov 2026, 07:00 (waiting for the reporter)" in said
    assert "Escalation due" in said and "level 1, Team lead" in said

    field(started, "Reason").set_value("No answer for two days")
    press(started, "Escalate to level 1")
    (case,) = records.desk.all()
    assert (case.state, case.level, case.escalated_to) == (ESCALATED, 1, "Team lead")

    opened(started, "OPS-3")
    field(started, "In a few words").set_value("S. Haddad signs")
    press(started, "Close the issue here")
    assert [(c.issue_key, c.state) for c in records.desk.all()] == [
        ("OPS-1", ESCALATED), ("OPS-3", CLOSED),
    ]  # fmt: skip
    assert queue(started) == ["OPS-1", "OPS-2"]
    assert len(records.audit()) == 3

    section = desk_section(home)
    (reading,) = (plain(b.runs) for b in section.blocks if isinstance(b, Paragraph))
    assert reading == (
        "In the tracker 3 issues opened and 0 resolved; on the desk nothing was done. Since "
        "then one triaged, one escalated and one closed. Of 2 open issues: 1 past the time the "
        "service level allows, 1 overdue, 1 escalated, 1 not triaged yet and 1 without an owner."
    )
    tables = {b.name: b for b in section.blocks if isinstance(b, Table)}
    rows = {row.cells[0].value: row for row in tables["desk"].rows}
    assert set(rows) == {"OPS-1", "OPS-2"}
    names = [column.label for column in tables["desk"].columns]
    shown = dict(zip(names, (cell_text(cell, "text") for cell in rows["OPS-1"].cells), strict=True))
    assert (shown["Owner"], shown["Next step"]) == ("Bo Moss", "Ask for the file")
    assert (shown["Level"], shown["Escalated to"], shown["Waits for"]) == (
        "1", "Team lead", "Team lead"
    )  # fmt: skip
    (up,) = tables["escalations"].rows
    assert up.cells[3].value == "Escalated to level 1, Team lead. Reason: No answer for two days"
    (down,) = tables["closures"].rows
    assert down.cells[3].value == "Closed as resolved. Remark: S. Haddad signs"


def test_steps_after_the_days_shown_are_told_and_one_button_shows_them(
    home: Path, records: Records
) -> None:
    """The week shown is W46; Lea handles an issue on Monday of W47."""
    case = Case(
        source="tool", issue_key="OPS-1", owner="Ann", next_step="Call", state=WAITING,
        waits_for="a copy",
    )  # fmt: skip
    records.desk.triage(case, by="Lea", at=CLOCK, note="Seen")
    started = app(PAGE)
    assert "1 step since then." in texts(started)
    assert not [table for table in started.dataframe if "What was done" in table.value]
    press(started, f"Show {week('2026-W47').label}")
    (log,) = [t.value for t in started.dataframe if "What was done" in t.value]
    assert list(log["What was done"]) == [
        "Triaged: owner Ann, next: Call, waits for a copy. Remark: Seen"
    ]
    assert "since then" not in texts(started)


def desk_section(home: Path):
    """The section of the report that is written on this Monday."""
    workspace = Workspace(home / "own")
    open_records = Records(workspace)
    try:
        report = weekly.build(Store.open(workspace), open_records, week("2026-W46"))
    finally:
        open_records.close()
    return next(section for section in report.sections if section.key == "desk")


def test_a_closed_issue_can_be_reopened_as_it_was(home: Path, records: Records) -> None:
    case = Case(source="tool", issue_key="OPS-2", owner="Ann", state=TRIAGED)
    case = records.desk.triage(case, by="Lea", at=CLOCK)
    records.desk.close(case, reason="Duplicate", note="", by="Lea", at=CLOCK)
    started = signed(app(PAGE))
    started.selectbox(key="desk_show").set_value("Closed here").run()
    opened(started, "OPS-2")
    field(started, "Why it opens again").set_value("It is another one")
    press(started, "Reopen")
    (again,) = records.desk.all()
    assert (again.state, again.owner, again.closed_as) == (TRIAGED, "Ann", "")


def test_who_changed_it_meanwhile_is_told_and_their_change_stays(
    home: Path, records: Records
) -> None:
    started = opened(signed(app(PAGE)), "OPS-2")
    field(started, "Owner").set_value("Ann")
    records.desk.triage(
        Case(source="tool", issue_key="OPS-2", owner="Bo", state=TRIAGED), by="Bo", at=CLOCK
    )
    press(started, "Triage")
    assert "Somebody else changed OPS-2 in the meantime" in texts(started).replace("\\", "")
    assert records.desk.all()[0].owner == "Bo"


def test_an_issue_that_left_the_data_says_so_and_stays(home: Path, records: Records) -> None:
    case = Case(source="tool", issue_key="OPS-1", summary="Zoom is lost", state=TRIAGED)
    records.desk.triage(case, by="Lea", at=CLOCK)
    lost = Case(source="old", issue_key="X-1", summary="From another tracker", state=TRIAGED)
    records.desk.triage(lost, by="Lea", at=CLOCK)
    own = Workspace(home / "own")
    upload(own, "issues", ISSUES[1:], as_of="2026-11-16T06:00")
    warehouse.publish(own)
    started = app(PAGE)
    started.selectbox(key="desk_show").set_value("Gone from the data").run()
    assert set(queue(started)) == {"OPS-1", "X-1"}
    assert "no longer has this issue" in texts(opened(started, "OPS-1"))
    assert "in no upload any more" in texts(opened(started, "X-1"))


def test_filters_narrow_the_queue_and_what_issues_lack_is_said(home: Path) -> None:
    assert queue(app(PAGE, team="Pathology")) == ["OPS-3"]


def test_mine_are_those_i_own_here(home: Path, records: Records) -> None:
    case = Case(source="tool", issue_key="OPS-3", owner="lea haddad", state=TRIAGED)
    records.desk.triage(case, by="Bo", at=CLOCK)
    started = signed(app(PAGE))
    started.selectbox(key="desk_show").set_value("All open").run()
    started.toggle(key="desk_mine").set_value(True).run()
    assert queue(started) == ["OPS-3"]


def test_nothing_can_be_kept_without_a_name(home: Path) -> None:
    started = app(PAGE)
    labels = {"Triage", "Escalate to level 1", "Keep the note", "Close the issue here"}
    found = {button.label: button.disabled for button in started.button if button.label in labels}
    assert found == dict.fromkeys(labels, True)


def test_nasty_text_is_shown_as_it_stands(home: Path) -> None:
    started = opened(app(PAGE), "OPS-2")
    assert "\\*\\*bold\\*\\* \\<b\\>x" in texts(started)


def test_without_policies_the_page_says_how_to_add_one(tmp_path: Path) -> None:
    made(Workspace(tmp_path / "own"), issues=ISSUES)
    with home_of(tmp_path):
        started = app(PAGE)
        assert not started.exception
        assert "No SLA policy is stated, so no clock runs." in texts(started)
        assert "No rung is stated above." in texts(started)


def test_policies_that_hold_for_no_issue_are_still_stated(tmp_path: Path) -> None:
    """The issues are Critical, Medium and not set; the only policy is for Low."""
    made(
        Workspace(tmp_path / "own"), issues=ISSUES, sla_policies=[POLICIES[0] | {"severity": "Low"}]
    )
    with home_of(tmp_path):
        started = app(PAGE)
        assert not started.exception
        assert list(started.dataframe[0].value["SLA"]) == ["", "", ""]
        said = texts(started)
        assert "No SLA policy is stated" not in said
        assert "No SLA policy holds for this issue, so no clock runs." in said.replace("\\", "")


def test_a_missing_policy_is_told_beside_a_case_that_left_the_data(tmp_path: Path) -> None:
    own = Workspace(tmp_path / "own")
    made(own, issues=ISSUES)
    handled = Records(own)
    gone = Case(source="tool", issue_key="OPS-9", summary="Gone", state=TRIAGED)
    handled.desk.triage(gone, by="Lea", at=CLOCK)
    handled.close()
    with home_of(tmp_path):
        started = app(PAGE)
        assert "OPS-9" in queue(started)
        assert "No SLA policy is stated, so no clock runs." in texts(started)


def test_the_sample_desk_is_what_truths_says(sample_copy: Workspace, tmp_path: Path) -> None:
    """Six open issues handled, five closed with their resolution, one that vanished."""
    opened_records = Records(sample_copy)
    cases = opened_records.desk.all()
    opened_records.close()
    states = [case.state for case in cases]
    assert (len(cases), states.count(CLOSED), states.count(ESCALATED)) == (12, 5, 2)
    assert sorted(c.waits_for for c in cases if c.waits_for) == ["another team", "the reporter"]


def test_where_names_are_hidden_an_owner_known_from_the_data_is_a_pseudonym(
    home: Path, records: Records
) -> None:
    own = Workspace(home / "own")
    own.save_settings(replace(own.settings, hide_names=True))
    warehouse.publish(own)
    case = Case(source="tool", issue_key="OPS-1", owner="Ann", state=TRIAGED)
    records.desk.triage(case, by="Lea", at=CLOCK)
    started = app(PAGE)
    owners = list(started.dataframe[0].value["Owner"])
    assert owners[0].startswith("Person ")
    said = texts(started).replace("\\", "")
    assert f"owner {owners[0]}" in said and "owner Ann" not in said
    logged = app(PAGE, dates="2026-W47").dataframe[1].value["What was done"][0]
    assert owners[0] in logged and "Ann" not in logged


# --- in the browser


def _tick(page: Page, row: int) -> None:
    """Tick a row of the queue by its check box."""
    table = page.get_by_test_id("stDataFrame").first
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + 34 + 31 * row + 15)
    page.wait_for_timeout(400)
    settle(page)


@pytest.mark.browser
def test_ticked_rows_open_an_issue_or_get_one_owner_and_decisions_are_taken_along(
    own_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{own_server}/issue_desk")
        name = page.get_by_role("textbox", name="Your name")
        name.fill("Lea Haddad")
        name.press("Enter")
        settle(page)
        _tick(page, 1)
        facts = page.locator(".st-key-desk_facts")
        expect(facts.get_by_text("OPS-546").first).to_be_visible()
        _tick(page, 2)
        page.get_by_role("button", name="Set the owner of 2 issues").click()
        page.wait_for_timeout(400)
        settle(page)
        page.get_by_role("button", name="Take along").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(r"^Decisions on \d+ issues")).click()
        text = Path(download.value.path()).read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        owners = {row["Issue key"]: row["Assignee"] for row in rows}
        assert [owners[key] for key in ("OPS-546", "OPS-557")] == ["Lea Haddad", "Lea Haddad"]
        assert heard(page).console_errors == []
