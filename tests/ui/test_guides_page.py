"""The Guides page: found by words, linked from where they belong, written and taken along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from data_access.guides import Guide, shipped
from data_access.records import Records
from data_access.workspace import Workspace
from tests.browsing import heard, settle, visit
from tests.serving import LiveServer
from tests.ui.apps import ONE_OF_EACH, app, home_of, made, texts

PAGE = "pages/data/guides.py"
MONDAY = datetime(2026, 11, 16, 7)
TODAY = date(2026, 11, 16)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    made(Workspace(tmp_path / "own"), **ONE_OF_EACH)
    with home_of(tmp_path):
        yield tmp_path


@pytest.fixture
def records(home: Path) -> Iterator[Records]:
    opened = Records(Workspace(home / "own"))
    yield opened
    opened.close()


def titles(started: AppTest) -> set[str]:
    """The guides on offer, by title."""
    return {*started.selectbox(key="guide_choice").options}


def links(started: AppTest) -> list[tuple[str, str]]:
    """Label and question of every link to a guide."""
    return [
        (link.proto.label, link.proto.query_string)
        for link in started.get("page_link")
        if "guide=" in link.proto.query_string
    ]


def test_a_search_finds_guides_by_words_of_their_text(home: Path) -> None:
    started = app(PAGE)
    assert len(titles(started)) == len(shipped())
    started.text_input(key="guide_search").set_value("krippendorff calibration").run()
    assert not started.exception
    assert titles(started) == {"Agreement review"}
    assert started.header[0].value == "Agreement review"
    started.text_input(key="guide_search").set_value("zebra").run()
    assert not started.exception
    assert "No guide has these words" in texts(started)


def test_a_link_opens_its_guide(home: Path) -> None:
    started = app(PAGE, guide="acceptance-sampling")
    assert started.header[0].value == "Acceptance sampling"
    started.selectbox(key="guide_choice").set_value("monday-upload").run()
    assert started.header[0].value == "Monday upload"
    assert "approved by Head of operations and quality on" in texts(started)
    unknown = app(PAGE, guide="nonsense")
    assert not unknown.exception
    assert "asks for a guide that is not here" in texts(unknown)


def test_a_page_and_its_charts_lead_to_their_guides(home: Path) -> None:
    found = links(app("pages/quality/control_charts.py"))
    assert any(
        "Reading control charts" in label and question == "guide=reading-control-charts"
        for label, question in found
    )
    assert not [label for label, _ in links(app("pages/data/definitions.py"))]


def test_a_guide_of_ones_own_stands_on_the_page_it_belongs_to(records: Records) -> None:
    door = records.guides
    own = Guide(title="Our Monday", text="Do this.", pages="Upload")
    draft = door.add(own, by="Lea", at=MONDAY)
    assert "Our Monday" not in str(links(app("pages/data/upload.py")))
    door.approve(draft, on=TODAY, review_by=date(2027, 1, 1), by="Ana", at=MONDAY)
    (first, *_) = links(app("pages/data/upload.py"))
    assert "Our Monday" in first[0] and first[1] == "guide=team-1"


def test_a_chart_leads_to_the_teams_own_guide_of_its_kind(
    sample_copy: Workspace, tmp_path: Path
) -> None:
    def offered() -> list[str]:
        found = links(app("pages/quality/control_charts.py"))
        return [question for label, question in found if "How to read this chart" in label]

    opened = Records(sample_copy)
    new = Guide(title="Our charts", text="Look.", charts="trend; process")
    draft = opened.guides.add(new, by="Lea", at=MONDAY)
    with home_of(tmp_path):
        assert offered() == ["guide=reading-control-charts"]
        opened.guides.approve(draft, on=TODAY, review_by=date(2027, 1, 1), by="Ana", at=MONDAY)
        assert offered() == [f"guide={draft.key}"]
    opened.close()


def test_guides_that_wait_for_approval_are_counted_in_words(records: Records) -> None:
    records.guides.add(Guide(title="One", text="x"), by="Lea", at=MONDAY)
    assert "1 guide waits for approval." in texts(app(PAGE))
    records.guides.add(Guide(title="Two", text="x"), by="Lea", at=MONDAY)
    assert "2 guides wait for approval." in texts(app(PAGE))


def test_an_overdue_review_is_visible(records: Records) -> None:
    door = records.guides
    draft = door.add(Guide(title="Old way", text="Do this."), by="Lea", at=MONDAY)
    door.approve(draft, on=date(2026, 1, 1), review_by=date(2026, 11, 15), by="Ana", at=MONDAY)
    told = texts(app(PAGE, guide="team-1"))
    assert "1 guide is overdue for review:** Old way" in told
    assert "■ Review overdue" in told


def test_html_and_pictures_of_a_guide_are_not_run_or_loaded(records: Records) -> None:
    nasty = "<b>x</b> ![p](https://evil.example/p.png) ![q][r]\n\n[r]: https://evil.example/q.png"
    records.guides.add(Guide(title="**N** ![t](x)", text=nasty), by="Lea", at=MONDAY)
    started = app(PAGE, guide="team-1")
    assert not started.exception
    assert re.search(r"!\[", texts(started)) is None


@pytest.mark.browser
def test_a_guide_is_written_and_approved_in_the_browser(
    own_server: LiveServer, browser_page: Page
) -> None:
    page = visit(browser_page, f"{own_server}/guides?guide=monday-upload")
    expect(page.get_by_role("heading", name="Monday upload")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML").click()
    assert "<h1>Monday upload</h1>" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("button", name="Write our own from this").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Title").fill("Our Monday")
    dialog.get_by_role("textbox", name="Your name").fill("Lea Haddad")
    dialog.get_by_role("textbox", name="Your name").press("Enter")
    dialog.get_by_role("button", name="Save as a draft").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name="Our Monday")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    dialog.get_by_role("button", name="Approve").click()
    expect(dialog).to_have_count(0)
    settle(page)
    expect(page.get_by_text("approved by Lea Haddad on 16 Nov 2026").first).to_be_visible()
    visit(page, f"{own_server}/upload")
    expect(page.get_by_role("link", name="Guide: Our Monday")).to_be_visible()
    assert heard(page).console_errors == []
