"""Whatever is in a file: accepted, refused and repeated rows are the rows that were written."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.readers import Asked, detect
from data_access.readers.model import SPACES, plain
from data_access.readers.records import read_records
from data_access.workspace import Workspace
from tests import count
from tests.ingest.making import dry_run, reviews, text

CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12
) | st.sampled_from(
    [" ", '"', '""', ",", ";", "\n", "\r\n", "=1+1", "a,b", 'say "hi"', "x\ny", "é"]
)
DATES = st.sampled_from(["2026-11-01", "2026-11-02 10:30", "soon", "", "31/Feb/26"])
ROWS = st.lists(st.tuples(CELLS, DATES, CELLS, CELLS), min_size=1, max_size=12)


def written(
    rows: list[tuple[str, ...]], delimiter: str, end: str, quoting: int
) -> tuple[bytes, list[int]]:
    """The file by the standard library's writer, and the line each record starts on."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(["issue key", "created", "summary", "a note"])
    starts = []
    for row in rows:
        starts.append(lines_in(out.getvalue()) + 1)
        writer.writerow(row)
    return out.getvalue().encode(), starts


def lines_in(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


@pytest.mark.slow
@settings(
    max_examples=count(400),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=ROWS,
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_accepted_refused_and_repeated_add_up_to_the_records_written(
    rows: list[tuple[str, ...]], delimiter: str, end: str, quoting: int
) -> None:
    content, starts = written(rows, delimiter, end, quoting)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        found = dry_run(Workspace(root / "w"), root, content, extract="issues")
        filled = [row for row in rows if not is_blank(row)]
        if not filled:
            assert found.refusal is not None
            return
        assert found.rows == found.accepted + found.refused + found.repeated
        with found.refused_path.open(encoding="utf-8-sig", newline="") as file:
            lines = [int(row["line"]) for row in csv.DictReader(file)]
        if found.accepted:
            lines += pq.read_table(found.folder / "rows.parquet")["line"].to_pylist()
        assert len(lines) == found.accepted + found.refused
        assert set(lines) <= set(starts)
        told = len(lines) + found.repeated
        assert told == len(filled)


def is_blank(row: tuple[str, ...]) -> bool:
    """Whether a record has nothing in it, as the file's reader sees it."""
    return not any(cell.strip(SPACES) for cell in row)


@settings(max_examples=count(300))
@given(rows=ROWS, end=st.sampled_from(["\n", "\r\n"]))
@pytest.mark.slow
def test_the_exact_reader_gives_the_cells_that_were_written(
    rows: list[tuple[str, ...]], end: str
) -> None:
    content, starts = written(rows, ",", end, csv.QUOTE_ALL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(content)
        asked = Asked(
            folder=Path(folder),
            names=frozenset({plain("issue key"), plain("created")}),
            answers={},
            limit_bytes=1 << 20,
            progress=lambda _share, _text: None,
        )
        records = list(read_records(detect(path, asked)))
    assert [record.line for record in records] == starts
    for record, row in zip(records, rows, strict=True):
        assert record.cells == [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]


BASE = [
    [*row[:3], 'Jo "x", é\nsecond line, with 2, commas', *row[4:]] if n % 9 == 0 else row
    for n, row in enumerate(reviews(80))
]
PUT = ('"', '""', ",", '"",', "\\", '\\"', "\t", "|", "'", '",', ";", '"x', 'x"', ',"', "\x0c", " ")


def kept(folder: Path, lines: list[str]) -> dict[int, dict[str, object]]:
    """Line → row of what is accepted."""
    content = "\n".join(lines)
    found = dry_run(Workspace(folder / "w"), folder, content, extract="reviews")
    rows = pq.read_table(found.folder / "rows.parquet").to_pylist()
    return {row["line"]: row for row in rows}


@pytest.mark.slow
def test_what_is_wrong_in_one_line_changes_no_other_row(tmp_path: Path) -> None:
    base = text(BASE).split("\n")
    whole = kept(tmp_path, base)
    chance = random.Random(11)
    for _ in range(count(300)):
        lines, at = list(base), chance.randrange(1, len(base) - 1)
        place = chance.randrange(len(lines[at]) + 1)
        cut = chance.choice([0, 0, 0, 1, 3, 9])
        lines[at] = lines[at][:place] + chance.choice(PUT) + lines[at][place + cut :]
        own = max(line for line in whole if line <= at + 1)
        now = kept(tmp_path, lines)
        others = {line: row for line, row in whole.items() if line != own}
        assert {line: now.get(line) for line in others} == others, lines[at]
        assert set(now) <= set(whole), lines[at]
