"""The report as a Word file: blocks laid out with the house styles, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.section import Section as PageSection
from docx.shared import Inches, Twips

from metrics.errors import ReportError
from reports import wordml
from reports.blocks import Section, show_time
from reports.package import pack, unpack
from reports.pictures import Pictures
from reports.report import Report
from reports.word_blocks import Layout

HOUSE = Path(__file__).with_name("house.docx")
PAGES = {"Letter": (8.5, 11.0), "A4": (8.27, 11.69)}  # inches
MARGIN = 0.75
_DROPPED = ("docProps/thumbnail.jpeg",)


def write(report: Report) -> bytes:
    """The .docx file.

    Raises:
        ReportError: the style file lacks a style the report needs.
    """
    document: Document = docx.Document(str(HOUSE))
    layout = Layout(document, report, Pictures.of(report), _styles(document))
    wide, high = PAGES[report.page]
    parts: list[str] = list(_opening(layout))
    was_landscape = False
    _set_page(document.sections[0], wide, high, layout, is_first=True)
    for section in report.sections:
        if section.is_landscape != was_landscape:
            _append(document, parts)
            page = document.add_section(WD_SECTION.NEW_PAGE)
            size = (high, wide) if section.is_landscape else (wide, high)
            _set_page(page, *size, layout, is_first=False)
            parts, was_landscape = [], section.is_landscape
        layout.text_twips = round((high if was_landscape else wide) * wordml.TWIPS) - 2 * round(
            MARGIN * wordml.TWIPS
        )
        parts += layout.section(section, is_new_page=_starts_page(report, section))
    _append(document, parts)
    _tell_properties(document, report)
    out = io.BytesIO()
    document.save(out)
    files = unpack(out.getvalue())
    return pack({name: data for name, data in files.items() if name not in _DROPPED})


def _styles(document: Document) -> dict[str, str]:
    """Style names to ids; Word may change ids when somebody restyles the file."""
    return {style.name or "": style.style_id for style in document.styles}


def _opening(layout: Layout) -> Iterator[str]:
    report = layout.report
    yield layout.paragraph("Title", wordml.run(report.title))
    facts = [report.organization, report.period_label]
    if report.data_to is not None:
        facts.append(f"Data to {show_time(report.data_to)}")
    also = [f"For: {report.audience}"] if report.audience else []
    also += ["Sample data"] if report.is_sample else []
    lines = [" | ".join(part for part in line if part) for line in (facts, also)]
    text = "\n".join(line for line in lines if line)
    yield layout.paragraph("Report Line", wordml.run(text))


def _starts_page(report: Report, section: Section) -> bool:
    """The first section after the page that stands alone starts a new one."""
    before = None
    for candidate in report.sections:
        if candidate is section:
            break
        before = candidate
    return (
        before is not None
        and before.is_first_page
        and not section.is_first_page
        and not section.is_landscape
    )


def _append(document: Document, parts: list[str]) -> None:
    """Move the parts into the document, before its last section properties."""
    end = document.element.body[-1]
    for element in list(parse_xml(wordml.body(parts))):
        end.addprevious(element)


def _set_page(
    page: PageSection, wide: float, high: float, layout: Layout, *, is_first: bool
) -> None:
    page.page_width, page.page_height = Inches(wide), Inches(high)
    page.orientation = WD_ORIENT.LANDSCAPE if wide > high else WD_ORIENT.PORTRAIT
    page.left_margin = page.right_margin = Inches(MARGIN)
    page.top_margin = page.bottom_margin = Inches(MARGIN)
    page.header_distance = page.footer_distance = Twips(560)
    page.different_first_page_header_footer = is_first
    text_twips = round(wide * wordml.TWIPS) - 2 * round(MARGIN * wordml.TWIPS)
    report, tab = layout.report, wordml.right_tab(text_twips)
    head = wordml.run(f"{report.title}\t{report.period_short}")
    made = f"Prepared {show_time(report.prepared)}."
    foot = (
        wordml.run(f"{report.organization}. Report {report.id}. {made}\tPage ")
        + wordml.field("PAGE", "1")
        + wordml.run(" of ")
        + wordml.field("NUMPAGES", "1")
    )
    targets = [(page.header, "Header", head), (page.footer, "Footer", foot)]
    if is_first:
        targets.append((page.first_page_footer, "Footer", foot))
        targets.append((page.first_page_header, "Header", ""))
    for part, style, inside in targets:
        part.is_linked_to_previous = False
        element = part._element
        for old in list(element):
            element.remove(old)
        line = layout.paragraph(style, inside, tab if inside else "")
        for new in list(parse_xml(wordml.body([line]))):
            element.append(new)


def _tell_properties(document: Document, report: Report) -> None:
    about = document.core_properties
    about.title = f"{report.title}, {report.period_label}"
    about.subject = f"Report {report.id}"
    about.author = about.last_modified_by = report.organization
    about.keywords = "operations, quality, weekly report"
    about.comments = f"Read from {report.snapshot}." if report.snapshot else ""
    about.language = "en-US"
    about.created = about.modified = report.prepared
    about.revision = 1


__all__ = ["HOUSE", "ReportError", "write"]
