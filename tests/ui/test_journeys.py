"""Journeys in a real browser: filters, clicks, upload, report, hostile names, a newer snapshot."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data_access import warehouse
from data_access.entries import Decision
from data_access.manifests import uploads
from data_access.records import Records
from data_access.workspace import Workspace
from tests.browsing import browsing, heard, settle, visit
from tests.serving import LiveServer, serving
from tests.ui.apps import ONE_OF_EACH, made
from tests.ui.test_text import HOSTILE
from tests.uploading import upload

pytestmark = pytest.mark.browser


def rest(page: Page) -> None:
    """Wait until a click has been answered: the run starts a moment after it."""
    page.wait_for_timeout(400)
    settle(page)
    page.wait_for_timeout(300)


def menu(page: Page, section: str, name: str) -> None:
    page.get_by_test_id("stHeader").get_by_text(section, exact=True).click()
    page.get_by_role("menuitem", name=name, exact=True).click()
    page.get_by_role("heading", name=name, level=1).wait_for()
    rest(page)


def choose(page: Page, label: str, option: str) -> None:
    """Pick from a list as a person does, who looks and clicks again where nothing happened.

    A list that is drawn anew between the mouse going down and up takes no notice of the click.
    Picking from a list of several leaves it open.
    """
    box = page.get_by_role("combobox", name=label)
    wanted = page.get_by_role("option", name=option).first
    for _ in range(3):
        if not wanted.is_visible():
            box.click()
        wanted.click()
        page.wait_for_timeout(200)
        if is_picked(page, box, option):
            break
    assert is_picked(page, box, option)
    rest(page)


def is_picked(page: Page, box: Locator, option: str) -> bool:
    """Whether a list shows the option as its choice, or as one of its choices."""
    chosen = page.get_by_test_id("stMultiSelect").get_by_text(option, exact=True)
    return option in (box.input_value() or "") or chosen.count() > 0


def click_in_row(page: Page, table: Locator, *, until: str) -> None:
    """Click along the first row of a table until a button there opens the dialog with that text.

    Each click is given the time to be answered before the next one: a click beside a dialog that
    is still on its way would close it.
    """
    table.scroll_into_view_if_needed()
    canvas = table.locator("canvas").first
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    dialog = page.get_by_role("dialog")
    for x in range(int(box["width"]) - 20, 0, -40):
        page.mouse.click(box["x"] + x, box["y"] + 50)
        rest(page)
        if dialog.get_by_text(until).count():
            return
        if dialog.count():
            page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
    raise AssertionError(f"No click in the row opened {until!r}.")


def click_in_chart(page: Page, chart: Locator, *, down: int) -> None:
    """Click `down` pixels below the upper edge of a chart, in its middle."""
    chart.scroll_into_view_if_needed()
    chart.locator("svg").wait_for()
    page.wait_for_timeout(500)
    box = chart.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + down
    page.mouse.move(x - 8, y - 3)
    page.mouse.move(x, y, steps=4)
    page.mouse.down()
    page.wait_for_timeout(60)
    page.mouse.up()
    page.wait_for_timeout(600)
    rest(page)


def whole(page: Page, server: LiveServer) -> None:
    assert page.get_by_test_id("stException").count() == 0, server.log.read_text()[-3000:]
    assert heard(page).console_errors == []
    assert heard(page).outside(str(server)) == []


def test_a_filter_goes_with_the_reader_from_page_to_page_and_with_the_link(
    live_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/")
        choose(page, "Team", "Radiology")
        assert "team=Radiology" in page.url
        menu(page, "Operations", "Trends")
        assert "team=Radiology" in page.url
        assert "Team: Radiology" in page.get_by_test_id("stMain").inner_text()
        menu(page, "Data", "Definitions")
        menu(page, "Quality", "Quality outcomes")
        assert "team=Radiology" in page.url
        link = page.url
        whole(page, live_server)
    with browsing(browser) as page:
        visit(page, link)
        assert "Team: Radiology" in page.get_by_test_id("stMain").inner_text()


def test_a_fixed_link_spells_out_the_days(live_server: LiveServer, browser: Browser) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/trends?team=Radiology")
        choose(page, "Period", "Last 13 weeks")
        page.get_by_role("button", name="Copy link").click()
        rest(page)
        links = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").all_inner_texts()
        assert (
            links[1]
            .strip()
            .endswith("?workspace=sample&team=Radiology&dates=2026-08-17..2026-11-15")
        )
        visit(page, links[1].strip())
        assert "17 Aug–15 Nov 2026" in text_of(page)
        assert "days=2026-08-17" in page.url, "the address of the moment shows the same view"


def text_of(page: Page) -> str:
    return page.get_by_test_id("stMain").inner_text().replace("\N{NO-BREAK SPACE}", " ")


def test_going_back_and_forth_between_two_weeks_keeps_every_chart(
    live_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/issues")
        charts = page.get_by_test_id("stVegaLiteChart")
        count = charts.count()
        for number in (45, 44, 45, 44, 45):
            choose(page, "Period", f"Week {number}")
            assert f"Week {number}" in text_of(page)
            compared = page.get_by_role("combobox", name="Compared with")
            expect(compared).to_have_value(f"vs week {number - 1}")
            expect(charts).to_have_count(count)
        whole(page, live_server)


def test_a_click_on_a_bar_filters_the_page_and_another_click_takes_it_back(
    live_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/quality_outcomes")
        chart = page.locator(".st-key-rejection_by_dataset").get_by_test_id("stVegaLiteChart")
        click_in_chart(page, chart, down=20)
        assert re.search(r"[?&]dataset=", page.url)
        whole(page, live_server)


def test_a_click_on_a_person_filters_without_telling_the_name(
    live_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/quality_outcomes")
        chart = page.locator(".st-key-rejection_by_reviewer").get_by_test_id("stVegaLiteChart")
        click_in_chart(page, chart, down=20)
        assert re.search(r"where=Reviewer%3A\+Person\+\w{4}", page.url)
        whole(page, live_server)


def test_a_click_on_a_stage_looks_at_that_stage(live_server: LiveServer, browser: Browser) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/bottlenecks")
        expect(
            page.get_by_role("heading", name="Oldest items waiting in Second review")
        ).to_be_visible()
        chart = page.locator(".st-key-stage_bars").get_by_test_id("stVegaLiteChart")
        click_in_chart(page, chart, down=50)
        assert "stage=" in page.url
        assert "Oldest items waiting in Second review" not in text_of(page)
        assert re.search(r"looking at (?!Second review)", text_of(page))
        whole(page, live_server)


def test_every_number_opens_its_definition_rows_and_sql(
    live_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/")
        page.locator(".st-key-kpi_items_completed_explain button").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("Items that finished their last stage")).to_be_visible()
        dialog.get_by_text("Rows", exact=True).first.click()
        rest(page)
        count = int(re.search(r"([\d,]+) rows", dialog.inner_text())[1].replace(",", ""))
        with page.expect_download() as download:
            dialog.get_by_role("button", name="CSV").click()
        lines = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
        assert len(lines) == count + 1
        with page.expect_download() as download:
            dialog.get_by_role("button", name="Excel").click()
        assert zipfile.ZipFile(download.value.path()).testzip() is None
        dialog.get_by_text("SQL", exact=True).first.click()
        rest(page)
        assert "select" in dialog.inner_text()
        whole(page, live_server)


def test_a_finding_opens_its_measure_in_trends(live_server: LiveServer, browser: Browser) -> None:
    with browsing(browser) as page:
        visit(page, f"{live_server}/?team=Radiology")
        page.locator(".st-key-changed_0_Chart button").click()
        page.get_by_role("dialog").get_by_role("link", name="Open in Trends").click()
        page.get_by_role("heading", name="Trends", level=1).wait_for()
        rest(page)
        assert "metric=" in page.url
        assert "team=Radiology" in page.url
        whole(page, live_server)


def test_an_upload_goes_from_the_file_to_this_week_and_back(
    own_server: LiveServer, browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "ops-board.csv"
    path.write_text(
        "issue_key,summary,status,status_category,created_at\n"
        + "".join(f"OPS-{n},Slow,Open,To Do,2026-11-1{n % 5}T10:00:00Z\n" for n in range(40))
        + "OPS-99,Slow,Open,To Do,31/02/2026 10:00\n",
        encoding="utf-8",
    )
    with browsing(browser) as page:
        visit(page, f"{own_server}/upload")
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
        expect(page.get_by_text("Ready to accept, with 1 row left out")).to_be_visible()
        with page.expect_download() as download:
            page.locator(".st-key-refused_csv button").click()
        assert "31/02/2026" in download.value.path().read_text("utf-8-sig")
        page.get_by_role("textbox", name="Your name").fill("Ana Novak")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Accept 40 rows").click()
        expect(page.get_by_text("Accepted ops-board.csv.")).to_be_visible()
        expect(page.get_by_text("Sample data", exact=True)).to_have_count(0)
        page.get_by_role("link", name="Open This week").click()
        page.get_by_role("heading", name="This week", level=1).wait_for()
        rest(page)
        assert "Issues past due" in text_of(page)
        whole(page, own_server)

        menu(page, "Data", "Upload")
        click_in_row(page, page.get_by_test_id("stDataFrame").first, until="Undo this upload?")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Done.")).to_be_visible()
        rest(page)
        (undone,) = uploads(Workspace(own_server.home / "own"))
        assert undone.withdrawn_at is not None
        page.get_by_role("button", name="Show the sample data").click()
        expect(page.get_by_text("Sample data", exact=True)).to_be_visible()
        whole(page, own_server)


def test_the_report_is_written_signed_downloaded_and_kept(
    own_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{own_server}/weekly_report")
        expect(page.get_by_role("button", name="Download Word")).to_be_disabled()
        page.get_by_role("textbox", name="Your name").fill("Ana Novak")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Download Word")).to_be_enabled()
        page.get_by_role("textbox", name="Commentary").fill("Two people are away.")
        page.keyboard.press("Tab")
        expect(page.get_by_text("By Ana Novak")).to_be_visible()
        with page.expect_download(timeout=120_000) as download:
            page.get_by_role("button", name="Download Word").click()
        assert download.value.suggested_filename == "weekly-report-2026-W46.docx"
        with zipfile.ZipFile(download.value.path()) as archive:
            assert "Two people are away." in archive.read("word/document.xml").decode()
        with page.expect_download(timeout=120_000) as download:
            page.get_by_role("button", name="Download Excel").click()
        assert "xl/workbook.xml" in zipfile.ZipFile(download.value.path()).namelist()
        sent = page.get_by_role("button", name="Lay out again")
        expect(sent).to_have_count(1, timeout=30_000)
        sent.click()
        expect(page.get_by_text("the same bytes")).to_be_visible(timeout=60_000)
        whole(page, own_server)


def test_a_decision_is_added_signed_and_then_taken(
    own_server: LiveServer, browser: Browser
) -> None:
    kept = Records(Workspace(own_server.home / "sample"))
    before = len(kept.entries(Decision))
    with browsing(browser) as page:
        visit(page, f"{own_server}/")
        page.locator(".st-key-add_decision button").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_text("Your name is missing")).to_be_visible()
        dialog.get_by_role("textbox", name="Your name").fill("Ana Novak")
        page.keyboard.press("Tab")
        rest(page)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_text("It needs a few words of what it is")).to_be_visible()
        dialog.get_by_role("textbox", name="What").fill("Buy a second scanner")
        page.keyboard.press("Tab")
        rest(page)
        dialog.get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_text("Buy a second scanner")).to_be_visible()
        added = kept.entries(Decision)[-1]
        assert len(kept.entries(Decision)) == before + 1
        assert kept.audit(limit=1)[0].by == "Ana Novak"
        page.locator(f".st-key-open_{added.code} button").click()
        dialog.get_by_role("combobox", name="State").click()
        page.get_by_role("option", name="Decided").click()
        rest(page)
        dialog.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Buy a second scanner")).to_have_count(0)
        assert kept.entries(Decision)[-1].is_closed
        whole(page, own_server)


@pytest.fixture
def hostile_server(tmp_path: Path):
    """A server on a workspace in which every name tries to be something else."""
    names = [*HOSTILE, "=1+1", "Ünïcode 表 \N{RIGHT-TO-LEFT OVERRIDE}x", "a" * 200]
    rows: dict[str, list[dict[str, object]]] = {}
    for extract, (row,) in ONE_OF_EACH.items():
        key = {"work_log": "item_id", "reviews": "review_id", "issues": "issue_key",
               "deliveries": "batch", "annotations": "annotation_id"}[extract]  # fmt: skip
        rows[extract] = [
            {**row, key: f"{key}-{n}-{m}", "team": name, "project": name, "summary": name,
             "dataset": name, "stage": name, "reviewer": name, "assignee": name, "source": name,
             "annotator": name, "label": name}
            for n, name in enumerate(names) for m in range(6)
        ]  # fmt: skip
        if extract == "reviews":
            rows[extract] = [{**r, "item_id": r["review_id"]} for r in rows[extract]]
    made(Workspace(tmp_path / "home" / "own"), **rows)
    with serving(tmp_path / "home") as server:
        yield server


def test_hostile_names_are_shown_literally_and_fetch_nothing(
    hostile_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        for name in ("", "bottlenecks", "trends?split=By+team", "issues", "deliveries",
                     "quality_outcomes", "agreement", "reviews", "annotators", "sampling_desk",
                     "control_charts", "weekly_report", "upload", "definitions"):  # fmt: skip
            visit(page, f"{hostile_server}/{name}")
            page.wait_for_timeout(500)
            whole(page, hostile_server)
            assert page.locator("[data-testid=stMain] img").count() == 0
            assert page.locator("[data-testid=stMain] a[href*=evil]").count() == 0
            assert page.locator("[data-testid=stMain] script").count() == 0
        visit(page, f"{hostile_server}/?where=Stage%3A+**bold**+_italic_")


def test_an_open_page_moves_to_a_newer_snapshot_by_itself(
    own_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        visit(page, f"{own_server}/")
        before = page.locator(".st-key-footer").inner_text()
        workspace = Workspace(own_server.home / "sample")
        upload(workspace, "issues", ONE_OF_EACH["issues"], source="another")
        warehouse.publish(workspace, {"issues"})
        expect(page.locator(".st-key-footer")).not_to_have_text(before, timeout=20_000)
        whole(page, own_server)
