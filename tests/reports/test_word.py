from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest

from metrics.errors import ReportError
from reports import make_house, word
from reports.blocks import Banner, Bullets, Cell, Failure, Quote, Row, Section, sentence
from reports.package import pack, unpack
from tests.reports import handmade
from tests.reports.acceptance import word_faults
from tests.reports.hostile import HOSTILE
from tests.reports.outline import check_snapshot, word_outline


def test_the_word_file_reads_as_its_snapshot():
    check_snapshot("handmade-word", word_outline(word.write(handmade.report())))


def test_the_word_file_passes_the_acceptance_checks():
    assert word_faults(word.write(handmade.report())) == []


def test_the_same_report_gives_the_same_bytes():
    first, second = word.write(handmade.report()), word.write(handmade.report())
    assert first == second
    assert unpack(first) == unpack(pack(unpack(first)))


def test_page_one_stands_alone_and_the_rest_starts_a_new_page():
    document = docx.Document(io.BytesIO(word.write(handmade.report())))
    breaks = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == ["What changed, and where"]


def test_every_link_leads_to_a_bookmark_of_the_document():
    xml = unpack(word.write(handmade.report()))["word/document.xml"].decode()
    anchors = set(re.findall(r'w:anchor="([^"]+)"', xml))
    marks = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml)
    here = {"s_brief", "s_measures", "s_decisions"}  # on the first page, like the links
    assert anchors | here == set(marks) and not anchors & here
    assert len(marks) == len(set(marks)) == 10


def test_a_section_left_out_loses_its_link_too():
    made = handmade.report().without("bottlenecks")
    package = word.write(made)
    assert "Bottlenecks" not in word_outline(package)
    assert word_faults(package) == []


def test_an_empty_section_keeps_its_heading_and_says_so():
    outline = word_outline(word.write(handmade.report()))
    assert "[Heading 1] Issues\n[Normal] Nothing to report this week." in outline


def test_a_table_without_rows_is_never_laid_out():
    section = Section("actions", "Actions", (handmade.actions(rows=0),))
    package = word.write(handmade.report(sections=(section,)))
    assert docx.Document(io.BytesIO(package)).tables == []
    assert word_faults(package) == []


def test_a_section_that_failed_says_so_in_the_report():
    section = Section("x", "Risks", (Failure("Risks could not be computed: no disk."),))
    outline = word_outline(word.write(handmade.report(sections=(section,))))
    assert "[Banner Amber] ▲ Risks could not be computed: no disk." in outline


def test_long_tables_show_their_first_rows_and_say_how_many_more_there_are():
    table = handmade.actions()
    many = replace(table, rows=table.rows * 15, word_rows=20)
    outline = word_outline(
        word.write(handmade.report(sections=(Section("a", "Actions", (many,)),)))
    )
    assert outline.count("Publish guideline") == 4
    assert "[Note] 55 more in the Excel file, sheet Actions." in outline


@pytest.mark.parametrize(("page", "size"), [("Letter", (8.5, 11.0)), ("A4", (8.27, 11.69))])
def test_the_page_is_the_one_of_the_settings_and_tables_fill_it(page, size):
    document = docx.Document(io.BytesIO(word.write(handmade.report(page=page))))
    first, last = document.sections
    assert (round(first.page_width.inches, 2), round(first.page_height.inches, 2)) == size
    assert last.page_width > last.page_height
    widths = [sum(c.width.inches for c in t.columns) for t in document.tables]
    assert all(abs(width - (size[0] - 1.5)) < 0.01 for width in widths[:-1])
    assert abs(widths[-1] - (size[1] - 1.5)) < 0.01


def test_every_style_the_writer_names_is_in_the_house_file():
    document = docx.Document(str(word.HOUSE))
    there = {style.name for style in document.styles}
    code = "".join(
        (word.HOUSE.parent / name).read_text(encoding="utf-8")
        for name in ("word.py", "word_blocks.py")
    )
    named = set(re.findall(r'(?:paragraph|style)\(\s*"([A-Z][A-Za-z0-9 ]+)"', code))
    toned = {
        f"{kind} {tone}"
        for kind in ("Banner", "Status", "Mark")
        for tone in ("Green", "Amber", "Red", "Grey", "Orange", "Blue")
    }
    assert len(named) >= 12
    assert (named | toned) - there == set()


def test_a_house_file_without_a_style_is_told_by_name(monkeypatch, tmp_path):
    files = unpack(word.HOUSE.read_bytes())
    files["word/styles.xml"] = (
        files["word/styles.xml"]
        .replace(b'"Caption"', b'"Kaption"')
        .replace(b'"caption"', b'"kaption"')
    )
    (tmp_path / "house.docx").write_bytes(pack(files))
    monkeypatch.setattr(word, "HOUSE", tmp_path / "house.docx")
    with pytest.raises(ReportError, match="Word style Caption is missing"):
        word.write(handmade.report())


def test_the_kept_house_file_is_what_its_script_makes_and_small():
    assert unpack(word.HOUSE.read_bytes()) == unpack(make_house.house())
    assert word.HOUSE.stat().st_size < 13_000


def test_the_house_file_has_no_theme_fonts_compatibility_mode_or_leftovers():
    files = unpack(word.HOUSE.read_bytes())
    assert not re.search(rb"(ascii|hAnsi|cs|eastAsia)Theme", files["word/styles.xml"])
    assert not any("thumbnail" in n or "customXml" in n or "WithEffects" in n for n in files)


def test_hostile_text_stays_text_and_is_read_back_as_it_was_typed():
    made = hostile_report()
    package = word.write(made)
    assert word_faults(package, user_text=[clean(text) for text in HOSTILE]) == []
    document = docx.Document(io.BytesIO(package))
    cells = [cell.text for table in document.tables for cell in table.columns[0].cells]
    for text in HOSTILE:
        assert clean(text) in cells
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None


def clean(text: str) -> str:
    """What is left of a text that no XML can hold whole; written again, not imported."""
    text = text.replace("\r", "\n")
    return "".join(
        "\ufffd"
        if (ord(c) < 32 and c not in "\n\t")
        or 0xD800 <= ord(c) <= 0xDFFF
        or ord(c) in (0xFFFE, 0xFFFF)
        else c
        for c in text
    )


def hostile_report():
    table = handmade.decisions()
    rows = tuple(Row((Cell(text), Cell(text), Cell(text), Cell(None))) for text in HOSTILE)
    nasty = replace(table, rows=rows, is_short=False)
    quotes = tuple(
        Quote(text, text, handmade.datetime(2026, 11, 16), about=text) for text in HOSTILE[:8]
    )
    return handmade.report(
        title="R&D <weekly> report",
        organization="A & B <c>",
        audience="\x07 x",
        sections=(
            Section("top", "", (Banner("red", "■ R&D <off>"),)),
            Section("brief", "Brief & more", (Bullets(tuple(map(sentence, HOSTILE[24:40]))),)),
            Section("decisions", "Decisions <needed>", (nasty,)),
            Section("changes", "What changed", quotes),
        ),
    )
