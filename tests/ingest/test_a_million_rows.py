"""A large file: every row on its line, in bounded memory, with progress, compared in SQL."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from data_access.duck import connect
from data_access.extracts import EXTRACTS, extract
from data_access.extracts.template import template
from data_access.ingest import accept, prepare
from data_access.ingest.check import Checked, check
from data_access.ingest.columns import known_names, match
from data_access.ingest.notation import from_sample
from data_access.ingest.relation import fast
from data_access.ingest.typed import statement
from data_access.readers import Asked, Detected, detect
from data_access.workspace import Workspace
from tests import count
from tests.ingest.making import SETTLED, reviews, text

ROWS = count(1_000_000)
# Row n of the file stands on line n + 2; its key holds n.
MADE = """
copy (
    select
        'IT-' || i as item_id, 'Stage ' || i % 7 as stage, 'P' || i % 3 as project,
        strftime(timestamp '2026-05-18' + to_minutes((i % 200000)::bigint), '%Y-%m-%d %H:%M:%S')
            as entered_at,
        {finished} as finished_at
    from range({rows}) as r(i) order by i
) to '{path}' (header true)
"""


def write(path: Path, *, finished: str = "null", rows: int = ROWS) -> Path:
    with duckdb.connect() as con:
        con.execute(MADE.format(path=path.as_posix(), finished=finished, rows=rows))
    return path


@pytest.mark.slow
def test_every_row_of_a_large_file_keeps_its_line_and_the_next_is_compared_in_sql(
    workspace: Workspace, tmp_path: Path
) -> None:
    told: list[tuple[float, str]] = []

    def load(finished: str, rows: int = ROWS):
        path = write(tmp_path / "log.csv", finished=finished, rows=rows)
        found = prepare(
            workspace,
            path,
            file_name="log.csv",
            is_command_line=True,
            answers=SETTLED | {"coverage": "everything"},
            progress=lambda share, words: told.append((share, words)),
        )
        accept(workspace, found, by="A", clock=datetime(2026, 11, 16), publish=False)
        return found

    first = load("null")
    assert (first.accepted, first.new) == (ROWS, ROWS)
    with duckdb.connect() as con:
        wrong = con.execute(
            "select count(*) from read_parquet(?) where line <> item_id[4:]::bigint + 2",
            [str(next(workspace.uploads.glob("*/rows.parquet")))],
        ).fetchall()
    assert wrong == [(0,)]
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(told) >= 4

    # Every tenth row is finished now, one in a thousand cannot be read, the last hundred are gone.
    second = load(
        "case when i % 1000 = 5 then 'soon' when i % 10 = 0 then '2026-11-01 10:00:00' end",
        rows=ROWS - 100,
    )
    kept = range(ROWS - 100)
    changed = sum(1 for i in kept if i % 10 == 0)
    refused = sum(1 for i in kept if i % 1000 == 5)
    assert (second.new, second.changed, second.vanished) == (0, changed, 100)
    assert (second.refused, second.same) == (refused, len(kept) - changed - refused)
    assert second.first_refused[0].line == 7


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only on systems that tell a process's own peak"
)
def test_a_large_file_needs_bounded_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv")
    code = (
        "import sys; from pathlib import Path; from datetime import datetime\n"
        "from data_access.ingest import accept, prepare\n"
        "from data_access.workspace import Workspace\n"
        "work = Workspace(Path(sys.argv[2]))\n"
        "found = prepare(work, Path(sys.argv[1]), file_name='log.csv')\n"
        "accept(work, found, by='A', clock=datetime(2026, 11, 16), publish=False)\n"
        "told = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "print(int(told) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(tmp_path / "w")],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    # MB; ru_maxrss would not do: a child inherits it from the process that started it
    assert int(done.stdout) < 1000


def checked(detected: Detected, folder: Path) -> tuple[Checked, list[tuple[object, ...]]]:
    con = connect(None)
    con.execute("set python_enable_replacements = false")
    asked = Asked(
        folder=folder,
        names=known_names(),
        answers={},
        limit_bytes=1 << 30,
        progress=lambda _share, _text: None,
    )
    columns = match(detected.header, extract("reviews"))
    found = check(con, detected, columns, asked=asked, zone="America/New_York")
    assert isinstance(found, Checked)
    rows = con.execute(
        f"select * exclude (line, raw), {found.line} as line, raw from {found.table} order by rowid"
    ).fetchall()
    con.close()
    return found, rows


def test_the_fast_and_the_exact_way_to_read_a_file_give_the_same_rows(tmp_path: Path) -> None:
    rows = reviews(3000)
    for n in range(0, 3000, 7):
        rows[n] = [rows[n][0], f"  I {n}", "0" if n % 2 else "x", 'Ann "A" Lee', "11/31/26", "", ""]
    rows[10][4] = "2026-11-01 01:30"
    rows[100] = rows[99]
    path = tmp_path / "reviews.csv"
    path.write_text(text(rows).replace(",L2\n", ", L2 \n"))
    asked = Asked(
        folder=tmp_path,
        names=known_names(),
        answers={},
        limit_bytes=1 << 30,
        progress=lambda _share, _text: None,
    )
    detected = detect(path, asked)
    fast, fast_rows = checked(detected, tmp_path)
    slow, slow_rows = checked(replace(detected, has_breaks=True), tmp_path)
    assert (fast.line != "line", slow.line) == (True, "line")
    assert fast_rows == slow_rows
    assert (fast.accepted, fast.refused, fast.repeated) == (
        slow.accepted,
        slow.refused,
        slow.repeated,
    )
    assert fast.repeated == 1
    assert fast.refused >= 400


@pytest.mark.parametrize("name", EXTRACTS)
def test_no_check_has_a_join_since_lines_follow_from_the_order_of_rows(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "template.csv"
    path.write_bytes(template(EXTRACTS[name]))
    asked = Asked(
        folder=tmp_path,
        names=known_names(),
        answers={},
        limit_bytes=1 << 30,
        progress=lambda _share, _text: None,
    )
    detected = detect(path, asked)
    columns = match(detected.header, EXTRACTS[name])
    con = connect(None)
    con.execute("set timezone = 'UTC'")
    relation = fast(con, detected, columns)
    assert relation is not None
    for zone in ("UTC", "Europe/Madrid"):
        notation = from_sample(con, relation, detected, columns, answers={}, zone=zone)
        made = statement(relation, columns, notation, "checked")
        (plan,) = (row[1] for row in con.execute(f"explain {made.sql}").fetchall())
        assert "Batch Create Table As" in plan
        assert "Read Csv" in plan
        assert "Join" not in plan
