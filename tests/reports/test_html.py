"""HTML to paste: well formed, inert, and with the numbers of Word."""

from __future__ import annotations

import io
import re

import docx
import pytest
from lxml import etree
from lxml import html as lxml_html

from data_access.guides import shipped
from data_access.records import Records
from metrics.periods import week
from reports import html, weekly, word
from reports.blocks import Figure
from tests.reports import handmade, small

W46 = week("2026-W46")
VOID = ("br", "img", "meta")
NASTY = "=1+1 <b>&amp; \"q\" 's' <script>alert(1)</script> "


def strict(page: bytes) -> etree._Element:
    """The page read as XML, where every tag must be closed; the void ones are closed first."""
    text = page.decode().removeprefix("<!DOCTYPE html>\n")
    closed = re.sub(rf"<({'|'.join(VOID)})\b([^>]*)>", r"<\1\2/>", text)
    return etree.fromstring(closed.encode())


def inert(page: bytes) -> None:
    tree = lxml_html.document_fromstring(page)
    names = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert not names & {"script", "style", "link", "iframe", "object", "form", "input", "svg"}
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "src" or value.startswith("data:image/png;base64,")
            assert name != "href" or re.match(r"#|https?://", value), value
            assert "url(" not in value


def tables(page: bytes) -> list[list[list[str]]]:
    tree = lxml_html.document_fromstring(page)
    return [
        [
            [" ".join(cell.text_content().split()) for cell in row if cell.tag in ("td", "th")]
            for row in table.iter("tr")
        ]
        for table in tree.iter("table")
    ]


def word_tables(content: bytes) -> list[list[list[str]]]:
    found = []
    for table in docx.Document(io.BytesIO(content)).tables:
        found.append(
            [["".join(p.text for p in c.paragraphs) for c in row.cells] for row in table.rows]
        )
    return found


def squeezed(rows: list[list[list[str]]]) -> list[list[list[str]]]:
    return [[[re.sub(r"\s+", "", c) for c in row] for row in table] for table in rows]


@pytest.fixture(params=["", NASTY])
def report(request, tmp_path):
    store = small.store_of_weeks(tmp_path, 3, text=request.param)
    records = Records(store.workspace)
    records.write_commentary("2026-W46", f"{request.param}said", by="Lea", at=small.CLOCK)
    yield weekly.build(store, records, W46)
    records.close()


def test_a_report_is_well_formed_inert_and_has_the_numbers_of_word(report):
    page = html.write(report)
    strict(page)
    inert(page)
    ours, theirs = squeezed(tables(page)), squeezed(word_tables(word.write(report)))
    assert len(ours) == len(theirs) > 5
    for mine, other in zip(ours, theirs, strict=True):
        assert mine == other


def test_a_handmade_report_has_its_headings_links_and_pictures():
    made = handmade.report()
    page = html.write(made)
    tree = strict(page)
    inert(page)
    titles = [section.title for section in made.sections if section.title]
    assert ["".join(h.itertext()) for h in tree.iter("h2")] == titles
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    assert {a.get("href")[1:] for a in tree.iter("a")} <= ids
    drawn = [f for f in made.blocks(Figure) if f.chart["datasets"]["rows"]]
    pictures = [image for image in tree.iter("img") if image.getparent().tag == "figure"]
    assert [image.get("alt") for image in pictures] == [figure.alt for figure in drawn]


def test_an_empty_report_is_written_too(tmp_path):
    store = small.store_of_weeks(tmp_path, 0)
    records = Records(store.workspace)
    page = html.write(weekly.build(store, records, W46))
    records.close()
    strict(page)
    assert "Nothing to report this week." in page.decode()


@pytest.mark.parametrize("guide", shipped(), ids=lambda guide: guide.key)
def test_every_shipped_guide_is_well_formed_and_inert(guide):
    page = html.guide(guide.title, "version 1", guide.text)
    tree = strict(page)
    inert(page)
    assert tree.findtext("body/h1") == guide.title
    assert len(tree.findall(".//li")) + len(tree.findall(".//p")) > 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a <b>bold</b> word", "a <b>bold</b> word"),
        ("![x](https://evil.example/x.png)", "!x"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[x](data:text/html;base64,AAAA)", "[x](data:text/html;base64,AAAA)"),
        ("&lt;script&gt;", "<script>"),
        ("\x00\ud800", "\ufffd\ufffd"),
    ],
)
def test_markdown_of_a_stranger_stays_text(text, shown):
    page = html.guide("T", "", text)
    strict(page)
    inert(page)
    body = lxml_html.document_fromstring(page).find("body")
    assert body.text_content().strip().endswith(shown)


def test_a_table_of_a_guide_is_a_table():
    page = html.guide("T", "", "| a | b |\n|---|---:|\n| 1 | 2 |")
    assert tables(page) == [[["a", "b"], ["1", "2"]]]
