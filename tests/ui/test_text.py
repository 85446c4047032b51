"""User text is shown literally, and no cell of a download is computed."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.text import csv_bytes
from reports.excel import rows_workbook
from ui.rows import csv_table, head
from ui.text import count_of, dotted, md_escape

HOSTILE = (
    "![x](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    ":material/home: $x^2$ :red[boo] :smile:",
    "# Heading\n\n- list\n```code```",
    "**bold** _italic_ `code` ~~gone~~ | table |",
    "https://evil.example www.evil.example a@evil.example",
    "back\\slash \\[1\\]",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_mark_of_markdown_is_escaped_once(text: str) -> None:
    escaped = md_escape(text)
    unescaped = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped)
    literal = unescaped.replace("\N{ZERO WIDTH SPACE}", "")
    assert literal == re.sub(r"\s", " ", text.replace("\n\n", " ")).replace("\r", " ")
    assert re.search(r"(?<!\\)(?:\\\\)*[!\[\]<>*_`$#:]", re.sub(r"\\.", "", escaped)) is None


@given(st.text())
def test_no_text_leaves_an_unescaped_mark_or_a_link(text: str) -> None:
    rest = re.sub(r"\\[!-/:-@\[-`{-~]", "", md_escape(text))
    assert not re.search(r"[!-/:-@\[-`{-~]", rest)
    assert "\n" not in rest
    assert "://" not in md_escape(text).replace("\\", "")


def test_no_break_spaces_survive() -> None:
    assert md_escape("36.0\N{NO-BREAK SPACE}h") == "36\\.0\N{NO-BREAK SPACE}h"


def test_counts_and_dots_read_as_sentences_do() -> None:
    assert count_of(1, "row") == "1 row"
    assert count_of(1200, "row") == "1,200 rows"
    assert dotted("a", "", "b") == "a · b"
    assert head("first_entered_at") == "First entered at"
    assert head("entered_at (Asia/Tokyo)") == "Entered at (Asia/Tokyo)"


ROWS = pa.table(
    {
        "name": ["=1+1", "@cmd", "+49 30", "-", "plain", None],
        "value": [-1.5, 2.0, None, 0.0, 1e9, -3.0],
        "at": [datetime(2026, 11, 9, 8, 15)] * 6,
        "on": [date(2026, 11, 9)] * 6,
        "is_open": [True, False, None, True, True, False],
    }
)


def test_a_csv_download_holds_no_formula_and_keeps_negative_numbers() -> None:
    data = csv_table(ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[0] == ["name", "value", "at", "on", "is_open"]
    assert [line[0] for line in lines[1:]][:3] == ["'=1+1", "'@cmd", "'+49 30"]
    assert lines[1][1] == "-1.5"
    assert lines[6][0] == ""


def test_a_csv_is_utf8_with_windows_line_ends_and_a_mark_where_it_is_wanted() -> None:
    """Each byte by hand: RFC 4180 line ends and quotes; the mark is EF BB BF; heads are guarded."""
    rows = [["=head", "n"], ["é;=1", None], ['say "x"', -2.5]]
    plain = b'\'=head,n\r\n\xc3\xa9;\'=1,\r\n"say ""x""",-2.5\r\n'
    assert csv_bytes(rows, with_bom=False) == plain
    assert csv_bytes(rows) == b"\xef\xbb\xbf" + plain


def test_an_excel_download_keeps_types_and_computes_nothing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rows_workbook(ROWS, "test")))
    sheet = book.active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == ROWS.column_names
    assert rows[1][0].data_type == "s"
    assert rows[1][0].value == "=1+1"
    assert rows[1][1].value == -1.5
    assert rows[1][2].value == datetime(2026, 11, 9, 8, 15)
    assert rows[1][2].number_format == "dd mmm yyyy hh:mm"
    assert rows[3][1].value is None
    assert not any(cell.data_type == "f" for row in rows for cell in row)


def test_no_mark_turns_the_reading_direction_of_our_own_words() -> None:
    """Bidirectional controls of Unicode Standard Annex 9, section 2: embeddings and isolates."""
    marks = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    assert md_escape(f"a{marks}b") == "ab"
    assert md_escape("\u05e9\u05dc\u05d5\u05dd") == "\u05e9\u05dc\u05d5\u05dd"
