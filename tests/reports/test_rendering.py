"""The finished files as a reader sees them: rendered by LibreOffice, page by page."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from data_access.records import Records
from data_access.store import Store
from metrics.periods import week
from reports import excel, weekly, word
from tests.reports import handmade
from tests.reports.test_word import clean, hostile_report
from tests.tools import OFFICE

pytestmark = pytest.mark.office


def pages(package: bytes, name: str, folder: Path) -> list[str]:
    """The text of each page as LibreOffice lays it out."""
    (folder / name).write_bytes(package)
    subprocess.run(
        [
            str(OFFICE.path()), f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / name),
        ],
        check=True, timeout=180, capture_output=True,
    )  # fmt: skip
    made = (folder / name).with_suffix(".pdf")
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.read_bytes())).pages]


# The sample week has 20: one that stands alone, 12 of sections (15 were enough for all before
# outlook, requirements, improvements and issue desk came), 7 of measures in full for who checks.
MOST_PAGES = 20


@pytest.fixture(scope="module")
def report(sample_workspace):
    records = Records(sample_workspace)
    yield weekly.build(Store.open(sample_workspace), records, week("2026-W46"))
    records.close()


def test_page_one_stands_alone_and_the_whole_report_has_twenty_pages_or_fewer(report, tmp_path):
    found = pages(word.write(report), "week.docx", tmp_path)
    assert len(found) <= MOST_PAGES
    for text in ("The week in brief", "Key measures", "Decisions needed"):
        assert text in found[0]
    assert found[1].splitlines()[2].startswith("What changed") or "What changed" in found[1][:120]
    assert "What changed" not in found[0].replace("What\xa0changed", " ").partition("brief")[2]
    last = len(found)
    for number, text in enumerate(found, 1):
        assert f"Page {number} of {last}" in " ".join(text.split())


def test_on_a4_the_first_page_stands_alone_too(report, tmp_path):

    found = pages(word.write(replace(report, page="A4")), "week.docx", tmp_path)
    assert "Decisions needed" in found[0] and len(found) <= MOST_PAGES


def test_the_workbook_prints_its_summary_on_one_page(report, tmp_path):
    found = pages(excel.write(report), "week.xlsx", tmp_path)
    for text in ("The week in brief", "Key measures", "Decisions needed"):
        assert text in found[0]
    assert "Charts" in found[1]
    assert len(found) < 80  # a fit-to-width that fails prints hundreds
    assert not any("#REF!" in text or "#NAME?" in text or "Err:" in text for text in found)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_hostile_text_opens_and_nothing_of_it_is_computed(kind, tmp_path):
    made = hostile_report()
    package = word.write(made) if kind == "docx" else excel.write(made)
    text = " ".join(" ".join(pages(package, f"nasty.{kind}", tmp_path)).split())
    for typed in ("=1+1", "=HYPERLINK(", "@SUM(1+1)", "<b>bold</b>", "{{ title }}"):
        assert typed in text
    assert clean("a\x00b")[0] in text


def test_the_handmade_report_keeps_its_pages(tmp_path):
    assert len(pages(word.write(handmade.report()), "hand.docx", tmp_path)) == 4
