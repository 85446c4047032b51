"""The Sampling desk: from the plan to the decision, and into the report."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from analysis.sampling.history import outcome_of
from analysis.sampling.iso2859 import plan
from analysis.sampling.model import Scheme, Severity, plan_of, plan_text
from data_access.lots import Lot
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import week
from reports import weekly, word
from sample_data.plants import CLOCK
from tests.browsing import browsing, heard, settle, visit
from tests.serving import LiveServer
from tests.ui.apps import app, home_of, made, texts
from tests.uploading import Row

PAGE = "pages/quality/sampling_desk.py"
ITEMS: list[Row] = [
    {
        "review_id": f"R-{i}", "item_id": f"CT-{i:03}", "review_stage": 1, "project": "Chest CT",
        "annotator": f"Ann {i % 3}", "reviewer": "A. Novak", "team": "T", "outcome": "accepted",
        "reviewed_at": "2026-11-10 10:00",
    }
    for i in range(170)
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """170 reviewed items by three annotators, in a workspace of one's own."""
    made(Workspace(tmp_path / "own"), reviews=ITEMS)
    with home_of(tmp_path):
        yield tmp_path


@pytest.fixture
def records(home: Path) -> Iterator[Records]:
    opened = Records(Workspace(home / "own"))
    yield opened
    opened.close()


def signed(started: AppTest) -> AppTest:
    started.text_input(key="who_lots").set_value("Lea Haddad").run()
    assert not started.exception
    return started


def decided(records: Records, bad: int, *, times: int = 1) -> None:
    """Lots of 170 items (G at AQL 2.5: 32 items, Ac 2), all checked and decided."""
    used = plan(170, "II", 2.5)
    for _ in range(times):
        lot = records.lots.draw(
            Lot(name="Batch", project="Chest CT", scope="", size=170, plan=plan_text(used),
                seed=1, drawn_at=CLOCK),
            [(f"CT-{i}", "Ann 1") for i in range(used.n)], by="Lea", at=CLOCK,
        )  # fmt: skip
        items = records.lots.items(lot)
        results = [replace(x, result="fail" if i < bad else "pass") for i, x in enumerate(items)]
        records.lots.record(lot, results, by="Lea", at=CLOCK)
        found = outcome_of(lot, records.lots.items(lot))
        records.lots.decide(
            lot, found.decision.value, checked=found.checked, defective=found.defective, by="Lea",
            at=CLOCK,
        )  # fmt: skip


def test_the_plan_is_told_in_words_before_anything_is_drawn(home: Path) -> None:
    started = app(PAGE)
    said = texts(started)
    assert "The lot: 170 items reviewed, by 3 annotators." in said
    assert "Draw 32 of 170 items; accept the lot with at most 2 defective items." in said
    assert "ISO 2859" in said
    assert "A lot with 2.5% defective is accepted 95.5% of the time" in said
    assert started.button(key="draw").disabled


def test_a_draw_is_kept_with_its_plan_seed_and_name(home: Path, records: Records) -> None:
    started = signed(app(PAGE))
    seed = next(n for n in started.number_input if n.label == "Seed")
    seed.set_value(4711).run()
    started.button(key="draw").click().run()
    assert not started.exception
    (lot,) = records.lots.all()
    assert (lot.seed, lot.size, lot.drawn, lot.project) == (4711, 170, 32, "Chest CT")
    assert lot.is_stratified and lot.drawn_by == "Lea Haddad"
    assert (plan_of(lot.plan).n, plan_of(lot.plan).ac) == (32, 2)
    items = records.lots.items(lot)
    assert len({item.item_id for item in items}) == 32
    assert len({item.annotator for item in items}) == 3
    assert "1 lot is drawn and not decided." in texts(started)


@pytest.mark.parametrize(
    ("scheme", "says"),
    [
        (Scheme.RISKS, "accept the lot with at most"),
        (Scheme.ZERO, "accept the lot only if none is defective."),
        (Scheme.SEQUENTIAL, "Check items one by one"),
    ],
)
def test_every_kind_of_plan_is_on_offer(home: Path, scheme: Scheme, says: str) -> None:
    started = app(PAGE)
    started.radio(key="lot_scheme").set_value(scheme).run()
    assert not started.exception
    assert says in texts(started)


def test_risks_that_contradict_each_other_are_told_and_the_page_lives(home: Path) -> None:
    started = app(PAGE)
    started.radio(key="lot_scheme").set_value(Scheme.RISKS).run()
    started.number_input(key="lot_p1").set_value(20.0).run()
    assert not started.exception
    assert "The good defective rate must be below the bad one" in texts(started)
    assert not [button for button in started.button if button.key == "draw"]


def test_a_cell_found_in_one_source_only_is_marked(home: Path) -> None:
    """170 items, level II: code letter G; reduced at AQL 10 rests on one public source."""
    started = app(PAGE)
    assert "One source only" not in texts(started)
    started.selectbox(key="lot_aql").set_value(10.0).run()
    severity = next(radio for radio in started.radio if radio.label == "Inspection")
    severity.set_value(Severity.REDUCED).run()
    assert not started.exception
    assert "▲ One source only" in texts(started)
    assert "Not what is due" in texts(started)


def test_two_lots_not_accepted_preset_tightened_inspection(home: Path, records: Records) -> None:
    decided(records, 3, times=2)
    started = app(PAGE)
    said = texts(started)
    assert (
        "2 of the last 2 lots were not accepted (9.3.1): inspection is tightened."
        in said.replace("\\", "")
    )
    assert "with at most 1 defective item." in said
    assert "The last lot, Batch, was not accepted." in said


def test_a_decision_is_taken_back_to_correct_a_result(home: Path, records: Records) -> None:
    decided(records, 3)
    started = signed(app(PAGE))
    assert "Not accepted" in texts(started)
    started.button(key="take_back").click().run()
    assert not started.exception
    (lot,) = records.lots.all()
    assert not lot.is_decided
    wrong = replace(records.lots.items(lot)[0], result="pass")
    records.lots.record(lot, [wrong], by="Lea", at=CLOCK)
    again = signed(app(PAGE))
    assert "Accepted: 2 of 32 checked items are defective" in texts(again)
    again.button(key="decide").click().run()
    assert records.lots.all()[0].decision == "accepted"
    assert [c.what for c in records.audit()][:3] == ["decide", "result", "take back"]


def test_another_aql_has_a_state_of_its_own_and_the_stricter_one_is_not_hidden(
    home: Path, records: Records
) -> None:
    decided(records, 3, times=2)  # at AQL 2.5
    started = app(PAGE)
    assert "Chest CT**, AQL 2.5, level II" in texts(started)
    assert next(r for r in started.radio if r.label == "Inspection").value is Severity.TIGHTENED
    assert "Tightened elsewhere" not in texts(started)
    started.selectbox(key="lot_aql").set_value(1.0).run()
    assert next(r for r in started.radio if r.label == "Inspection").value is Severity.NORMAL
    assert "This project is on tightened inspection at AQL 2.5, level II." in texts(started)


def test_an_open_lot_can_be_removed(home: Path, records: Records) -> None:
    started = signed(app(PAGE))
    started.button(key="draw").click().run()
    started.button(key="remove_lot").click().run()
    assert not started.exception
    assert records.lots.all() == ()


def test_a_window_without_items_says_so(home: Path) -> None:
    started = app(PAGE, dates="2026-W30")
    assert not started.exception
    assert "No item was annotated, reviewed or completed" in texts(started)


# --- in the browser


def _open(page: Page, server: LiveServer) -> None:
    visit(page, f"{server}/sampling_desk")
    name = page.get_by_role("textbox", name="Your name")
    name.fill("Lea Haddad")
    name.press("Enter")
    settle(page)
    page.get_by_text("Reviewed in the period", exact=True).click()
    settle(page)


def _click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(400)
    settle(page)


@pytest.mark.browser
def test_a_lot_goes_from_the_plan_to_the_certificate_in_the_report(
    own_server: LiveServer, browser: Browser, tmp_path: Path
) -> None:
    with browsing(browser) as page:
        _open(page, own_server)
        draw = page.get_by_role("button", name="Draw 32 items")
        expect(draw).to_be_enabled()
        _click(page, "Draw 32 items")
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV").click()
        rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
        assert rows[0] == ["Lot", "No.", "Item", "Annotator", "Result", "Error type", "Note"]
        assert len(rows) == 33
        for row in rows[1:]:
            row[4] = "pass"
        rows[3][4], rows[3][5] = "fail", "Wrong label"
        rows[5][4] = "perhaps"
        _send(page, tmp_path / "filled.csv", rows)
        expect(page.get_by_text("1 line cannot be taken.")).to_be_visible()
        _click(page, "Save 31 results")
        expect(page.get_by_text("Keep sampling: 1 of 31 checked items")).to_be_visible()
        rows[5][4] = "pass"
        _send(page, tmp_path / "mended.csv", rows)
        _click(page, "Save 32 results")
        expect(page.get_by_text("Accepted: 1 of 32 checked items is defective")).to_be_visible()
        _click(page, "Accept the lot")
        expect(page.get_by_text("The last lot,")).to_be_visible()
        assert page.locator("svg.marks").count() == 1
        assert heard(page).console_errors == []

    report = _report(own_server.home, tmp_path)
    assert "Certificate L-05" in report, "the sample has four lots before"
    assert "Accepted" in report and "1 of 32 checked items defective" in report


@pytest.mark.browser
def test_a_result_is_typed_into_the_table_and_kept_with_its_author(
    own_server: LiveServer, browser: Browser
) -> None:
    with browsing(browser) as page:
        _open(page, own_server)
        _click(page, "Draw 32 items")
        table = page.get_by_test_id("stDataFrame").first
        expect(table.locator("canvas").first).to_be_visible()
        save = page.get_by_role("button", name="Save 1 changed row", exact=True)
        for _ in range(4):  # the grid takes keys only once it has drawn itself
            page.wait_for_timeout(1_000)
            box = table.bounding_box()
            assert box is not None
            table.dblclick(position={"x": box["width"] * 0.62, "y": 52})  # a text of the first row
            page.wait_for_timeout(300)
            page.keyboard.type("Blurred", delay=20)
            page.keyboard.press("Enter")
            page.wait_for_timeout(700)
            settle(page)
            if save.count():
                break
        _click(page, "Save 1 changed row")
        expect(page.get_by_role("button", name="Save results")).to_be_disabled()
        assert heard(page).console_errors == []
    records = Records(Workspace(own_server.home / "sample"))
    first, *others = records.lots.items(records.lots.all()[-1])
    records.close()
    assert (first.note or first.error_type, first.by) == ("Blurred", "Lea Haddad")
    assert not any(item.by for item in others)


def _send(page: Page, path: Path, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    page.locator("input[type=file]").first.set_input_files(path)
    expect(
        page.get_by_text("Nothing is stored yet").or_(page.get_by_text("cannot be taken"))
    ).to_be_visible()
    settle(page)


def _report(home: Path, folder: Path) -> str:
    """The Word report of the running week, of a copy of the workspace."""
    copy = Workspace(shutil.copytree(home / "sample", folder / "copy"))
    records = Records(copy)
    document = docx.Document(
        io.BytesIO(word.write(weekly.build(Store.open(copy), records, week("2026-W47"))))
    )
    records.close()
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])
