"""Files as they come: each is loaded, refused with a reason, or asked about; none is misread."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.workspace import Workspace
from tests.ingest.making import HEADER, dry_run, reviews, text

ROWS = reviews(200)
PLAIN = text(ROWS)
LINES = PLAIN.splitlines()


def put(line: int, instead: str) -> str:
    """The plain file with one line (from 1) replaced."""
    return "\n".join([*LINES[: line - 1], instead, *LINES[line:]]) + "\n"


def named(person: str) -> list[list[str]]:
    """The rows with a reviewer of that name on every tenth row."""
    return [[*row[:3], person if n % 10 == 0 else row[3], *row[4:]] for n, row in enumerate(ROWS)]


def cut(rows: list[list[str]], position: int, change: Callable[[str], str]) -> str:
    return text([[*r[:position], change(r[position]), *r[position + 1 :]] for r in rows])


@dataclass(frozen=True)
class Loads:
    """The file is loaded: so many rows accepted, these lines refused, this said."""

    accepted: int = 200
    refused_lines: tuple[int, ...] = ()
    says: str = ""
    encoding: str = "UTF-8"
    cells: dict[tuple[str, str], str] = field(default_factory=dict)  # (review, column) → value


LOADED: dict[str, tuple[str | bytes, Loads]] = {
    "plain": (PLAIN, Loads()),
    "no_newline_at_the_end": (PLAIN.rstrip("\n"), Loads()),
    "utf8_bom": (codecs.BOM_UTF8 + PLAIN.encode(), Loads()),
    "utf16_le": (codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"), Loads(encoding="UTF-16")),
    "utf16_be": (codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), Loads(encoding="UTF-16")),
    "utf16_without_a_mark": (PLAIN.encode("utf-16-le"), Loads(encoding="UTF-16")),
    "utf32": (PLAIN.encode("utf-32"), Loads(encoding="UTF-32")),
    "cp1252": (
        text(named("Müller-Peña")).encode("cp1252"),
        Loads(encoding="Windows-1252", cells={("R-00010", "reviewer"): "Müller-Peña"}),
    ),
    "cp1252_late": (
        put(151, "R-00149,I-00074,2,François,2026-11-10 05:15:00,rejected,L4").encode("cp1252"),
        Loads(encoding="Windows-1252", cells={("R-00149", "reviewer"): "François"}),
    ),
    "utf8_letters": (
        text(named("Þórdís Ñandú 李")),
        Loads(cells={("R-00010", "reviewer"): "Þórdís Ñandú 李"}),
    ),
    "utf8_with_one_cp1252_line": (
        text(named("Peña"))
        .encode()
        .replace("R-00030,I-00015,1,Peña".encode(), "R-00030,I-00015,1,Peña".encode("cp1252")),
        Loads(accepted=199, refused_lines=(32,)),
    ),
    "semicolon": (text(ROWS, delimiter=";"), Loads()),
    "tab": (text(ROWS, delimiter="\t"), Loads()),
    "bar": (text(ROWS, delimiter="|"), Loads()),
    "double_bar": (text(ROWS, delimiter="|").replace("|", "||"), Loads()),
    "sep_line": ("sep=;\n" + text(ROWS, delimiter=";"), Loads()),
    "crlf": (text(ROWS, end="\r\n"), Loads()),
    "cr_only": (text(ROWS, end="\r"), Loads()),
    "mixed_line_ends": (
        "".join(f"{line}{chr(13) if n % 3 else ''}\n" for n, line in enumerate(LINES)),
        Loads(),
    ),
    "crlf_rows_with_lf_in_cells": (
        text([[*row[:6], f"a\n{row[6]}"] for row in ROWS], end="\r\n"),
        Loads(cells={("R-00001", "lot"): "a\nL1"}),
    ),
    "quoted_everything": (
        "\n".join(",".join(f'"{c}"' for c in row) for row in [list(HEADER), *ROWS]) + "\n",
        Loads(),
    ),
    "single_quotes": (
        "\n".join(",".join(f"'{c}'" for c in row) for row in [list(HEADER), *ROWS]) + "\n",
        Loads(),
    ),
    "quotes_inside": (
        put(5, 'R-00003,I-00001,2,"Ann ""Nan"" Lee",2026-11-04 03:15:00,accepted,"L3, left"'),
        Loads(cells={("R-00003", "reviewer"): 'Ann "Nan" Lee', ("R-00003", "lot"): "L3, left"}),
    ),
    "backslash_escapes": (
        put(5, r'R-00003,I-00001,2,"Ann \"Nan\" Lee",2026-11-04 03:15:00,accepted,L3'),
        Loads(cells={("R-00003", "reviewer"): 'Ann "Nan" Lee'}),
    ),
    "a_space_before_quotes": (
        put(5, 'R-00003,I-00001,2, "Lee, Ann",2026-11-04 03:15:00,accepted,L3'),
        Loads(cells={("R-00003", "reviewer"): "Lee, Ann"}),
    ),
    "an_inch_mark": (
        put(5, 'R-00003,I-00001,2,Ann 5" Lee,2026-11-04 03:15:00,accepted,L3'),
        Loads(cells={("R-00003", "reviewer"): 'Ann 5" Lee'}),
    ),
    "a_quote_never_closed": (
        put(60, 'R-00058,I-00029,1,"Person,2026-11-04 03:15:00,accepted,L3'),
        Loads(accepted=199, refused_lines=(60,)),
    ),
    "a_quote_never_closed_in_the_last_line": (
        put(201, 'R-00199,I-00099,2,"Person,2026-11-04 03:15:00,accepted,L3'),
        Loads(accepted=199, refused_lines=(201,)),
    ),
    "two_quotes_never_closed": (
        "\n".join(
            line.replace(",Person", ',"Person') if n in (40, 90) else line
            for n, line in enumerate(LINES, 1)
        ),
        Loads(accepted=198, refused_lines=(40, 90)),
    ),
    "text_after_a_closing_quote": (
        put(9, 'R-00007,I-00003,2,"Ann"Lee,2026-11-04 03:15:00,accepted,L3'),
        Loads(accepted=199, refused_lines=(9,)),
    ),
    "ragged": (
        "\n".join(
            f"{line},more"
            if n in (20, 21, 150)
            else line.rsplit(",", 1)[0]
            if n in (70, 199)
            else line
            for n, line in enumerate(LINES, 1)
        ),
        Loads(accepted=195, refused_lines=(20, 21, 70, 150, 199)),
    ),
    "empty_cells_after_the_last_column": (
        "\n".join(line if n % 2 else f"{line},," for n, line in enumerate(LINES)),
        Loads(),
    ),
    "blank_lines": (PLAIN.replace("\nR-0005", "\n\nR-0005") + "\n\n\n", Loads()),
    "lines_of_commas": (PLAIN + ",,,,,,\n" * 20, Loads()),
    "preamble": ("Weekly review sheet\nexported 2026-11-16\n\n" + PLAIN, Loads()),
    "preamble_with_commas": ("Report,of,the,week\nby,tool\n" + PLAIN, Loads()),
    "totals_row": (PLAIN + ",,,,,,Total 200\n", Loads(accepted=200, refused_lines=(202,))),
    "unknown_columns": (
        text(
            [[*row, "Jane Roe", "x"] for row in ROWS], header=[*HEADER, "patient_name", "<b>hi</b>"]
        ),
        Loads(),
    ),
    "leading_index_column": (
        text([[str(n), *row] for n, row in enumerate(ROWS)], header=["", *HEADER]),
        Loads(),
    ),
    "header_in_other_words": (
        text(
            ROWS,
            header=[
                "Review ID",
                " ITEM ",
                "Review-Stage",
                "Reviewed by",
                "Review time",
                "Verdict",
                "Lot",
            ],
        ),
        Loads(),
    ),
    "many_columns": (
        text(
            [[*row, *["x"] * 2000] for row in ROWS[:20]],
            header=[*HEADER, *(f"more {n}" for n in range(2000))],
        ),
        Loads(accepted=20),
    ),
    "one_megabyte_cell": (
        put(5, f'R-00003,I-00001,2,Ann,2026-11-04 03:15:00,accepted,"{"x" * 1_000_000}"'),
        Loads(),
    ),
    "nul_in_a_cell": (
        put(5, "R-00003,I-00001,2,A\0nn,2026-11-04 03:15:00,accepted,L3"),
        Loads(says="1 NUL character was taken out", cells={("R-00003", "reviewer"): "Ann"}),
    ),
    "nul_tail": (PLAIN.encode() + b"\0" * 5000, Loads(says="NUL characters were taken out")),
    "cut_download": (PLAIN[:-30], Loads(accepted=199, refused_lines=(201,))),
    "one_bad_date": (
        put(33, "R-00031,I-00015,2,Ann,31/02/26 09:14,accepted,L1"),
        Loads(accepted=199, refused_lines=(33,)),
    ),
    "a_bad_number": (
        put(33, "R-00031,I-00015,1.5,Ann,2026-11-04 03:15:00,accepted,L1"),
        Loads(accepted=199, refused_lines=(33,)),
    ),
    "spaces_of_every_kind_around_cells": (
        put(
            5, " R-00003\u00a0,\u200bI-00001,2,\u3000Ann\ufeff , 2026-11-04 03:15:00 ,accepted\t,L3"
        ),
        Loads(cells={("R-00003", "reviewer"): "Ann", ("R-00003", "item_id"): "I-00001"}),
    ),
    "formulas_stay_text": (
        put(
            5, 'R-00003,I-00001,2,"=HYPERLINK(""http://x"")",2026-11-04 03:15:00,accepted,@SUM(A1)'
        ),
        Loads(cells={("R-00003", "lot"): "@SUM(A1)"}),
    ),
    "ids_stay_text": (
        cut(ROWS, 1, lambda cell: f"00{cell[3:]}" if cell != "I-00003" else "9007199254740993003"),
        Loads(
            cells={("R-00002", "item_id"): "000001", ("R-00006", "item_id"): "9007199254740993003"}
        ),
    ),
    "gzip": (gzip.compress(PLAIN.encode()), Loads(says="Unpacked from gzip")),
    "bad_row_late": (
        text(
            [
                *reviews(30_000),
                ["R-x", "I", "one", "A", "2026-11-04", "accepted", "L"],
                *[[f"S{r[0]}", *r[1:]] for r in reviews(10)],
            ]
        ),
        Loads(accepted=30_010, refused_lines=(30_002,)),
    ),
}


@pytest.mark.parametrize("name", LOADED)
def test_a_file_is_loaded_and_what_cannot_be_is_refused_by_line(
    name: str, workspace: Workspace, tmp_path: Path
) -> None:
    content, truth = LOADED[name]
    found = dry_run(workspace, tmp_path, content, extract="reviews")

    assert found.refusal is None, found.refusal and found.refusal.text
    assert found.must_answer == ()
    assert found.accepted == truth.accepted
    with found.refused_path.open(encoding="utf-8-sig", newline="") as file:
        refused = list(csv.DictReader(file))
    assert tuple(int(row["line"]) for row in refused) == truth.refused_lines
    assert all(row["reason"] for row in refused)
    assert found.accepted + found.refused + found.repeated == found.rows
    assert found.detected.encoding == truth.encoding
    assert truth.says in " ".join(found.notes)
    kept = rows_of(found)
    assert len(kept) == truth.accepted
    for (review, column), value in truth.cells.items():
        assert kept[review][column] == value


def rows_of(found) -> dict[str, dict[str, object]]:
    table = pq.read_table(found.folder / "rows.parquet")
    return {row["review_id"]: row for row in table.to_pylist()}


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def sqlite_file(tmp_path: Path) -> bytes:
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as con:
        con.execute("create table t (a)")
    con.close()
    return path.read_bytes()


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "empty"),
    "blank_lines_only": ("\n\n\n", "no text"),
    "bom_only": (codecs.BOM_UTF8, "no text"),
    "header_only": (text([]), "no rows below it"),
    "html_login": ("<!DOCTYPE html>\n<html><body>Log in</body></html>", "web page (HTML)"),
    "html_with_blank_start": ("\n\n  <HTML><head></head></HTML>", "web page (HTML)"),
    "xml": ("<?xml version='1.0'?><a/>", "XML"),
    "json": (json.dumps([{"id": 1, "annotations": []}]), "JSON file from an annotation tool"),
    "json_for_import": (json.dumps([{"data": {}, "predictions": []}]), "made for import"),
    "json_lines": ('{"id": 1}\n{"id": 2}\n', "JSON"),
    "zip": (zipped(a="hello"), "zip archive"),
    "word": (zipped(word__document_xml="x"), "Word document"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n....", "picture"),
    "old_excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
    "damaged_gzip": (gzip.compress(PLAIN.encode())[:-200], "damaged"),
    "no_header": (text(ROWS[1:], header=ROWS[0]), "no header row"),
    "every_row_bad": (cut(ROWS, 5, lambda _: "perhaps"), "All 200 rows are refused"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_by_what_it_really_is(
    name: str, workspace: Workspace, tmp_path: Path
) -> None:
    content, says = REFUSED[name]
    found = dry_run(workspace, tmp_path, content, extract="reviews")

    assert found.refusal is not None
    assert says in found.refusal.text
    assert found.refusal.first_fix
    assert str(tmp_path) not in found.refusal.text
    assert not found.can_accept


def test_an_sqlite_database_is_named(workspace: Workspace, tmp_path: Path) -> None:
    found = dry_run(workspace, tmp_path, sqlite_file(tmp_path))
    assert "SQLite database" in found.refusal.text


def test_a_gzip_bomb_is_refused_before_it_fills_the_disk(
    workspace: Workspace, tmp_path: Path
) -> None:
    bomb = gzip.compress(b"0" * (60 << 20))
    found = dry_run(workspace, tmp_path, bomb)
    assert "more than 100 times its size" in found.refusal.text
    assert not any((workspace.root / "staging").iterdir())


def test_a_file_above_the_limit_is_refused_with_the_limit(
    workspace: Workspace, tmp_path: Path
) -> None:
    from data_access.ingest import prepare

    path = tmp_path / "big.csv"
    path.write_text(PLAIN * 200)
    found = prepare(workspace, path, file_name="big.csv", limit_bytes=1 << 20)
    assert "larger than 1 MB" in found.refusal.text


MAC = text(named("Españá Müllér é")).encode("mac_roman")
JAPANESE = text(named("山田太郎")).encode("shift_jis")


@pytest.mark.parametrize(
    ("content", "answer", "person"),
    [(MAC, "Mac Roman", "Españá Müllér é"), (JAPANESE, "Shift-JIS (Japanese)", "山田太郎")],
)
def test_an_encoding_that_cannot_be_told_is_asked_and_then_read(
    content: bytes, answer: str, person: str, workspace: Workspace, tmp_path: Path
) -> None:
    asked = dry_run(workspace, tmp_path, content)
    assert [question.key for question in asked.must_answer] == ["encoding"]
    assert person[:3] in asked.must_answer[0].text
    assert not asked.can_accept

    read = dry_run(workspace, tmp_path, content, encoding=answer)
    assert read.accepted == 200
    assert rows_of(read)["R-00010"]["reviewer"] == person
